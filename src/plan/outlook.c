/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "plan/outlook.h"

#include "base/amount.h"
#include "plan/candidate.h"
#include "plan/guard.h"
#include "plan/proposal.h"
#include "plan/remedies.h"

static void add_holding(struct heal_text *text, const struct heal_world *world,
                        const struct heal_incident *incident, enum heal_remedy remedy) {
    heal_us hold = heal_remedy_hold(heal_remedies_rule(remedy), incident);
    if (incident->owner_done) {
        heal_text_add(text, "is taken back: the incident's owner has said that it is over.\n");
        return;
    }
    heal_text_add_span(text, "is taken back when the trouble has been gone for ", hold, "");
    if (incident->gone_since != 0)
        heal_text_add_span(text, " (so far for ", world->now - incident->gone_since, ")");
    else
        heal_text_add(text, " (it is still seen)");
    heal_text_add(text, ", or as soon as it no longer helps.\n");
}

static void add_active(struct heal_text *text, const struct heal_world *world,
                       const struct heal_incident *incident, const struct heal_step_status *step) {
    heal_text_add(text, "%s ", heal_remedy_slug(step->remedy));
    if (step->state == HEAL_STEP_HOLDING)
        add_holding(text, world, incident, step->remedy);
    else if (step->state == HEAL_STEP_UNDOING)
        heal_text_add(text, "is being taken back.\n");
    else
        heal_text_add(text, "is under way; if it turns out not to work it is taken back.\n");
}

/* What holds heald back, and until when. */
static void add_reason(struct heal_text *text, const struct heal_world *world,
                       const struct heal_incident *incident, enum heal_suppression reason) {
    const struct heal_policy *policy = heal_world_policy_of(world, incident);
    heal_text_add(text, "Nothing is done: ");
    switch (reason) {
    case HEAL_SUPPRESSED_PAUSED:
        heal_text_add(text, "heald is paused; `healctl resume` ends that.\n");
        break;
    case HEAL_SUPPRESSED_CONFIDENCE:
        heal_text_add(text, "the policy asks for a diagnosis that is sure by %.0f %% (min-confidence).\n",
                      (double)policy->min_confidence * 100);
        break;
    case HEAL_SUPPRESSED_WAITING:
        heal_text_add_span(text, "the policy waits until it has lasted for ", policy->for_us, " (for).\n");
        break;
    case HEAL_SUPPRESSED_STORM:
        heal_text_add(text, "%u incidents or more (guard.storm-limit) ", world->settings.storm_limit);
        heal_text_add_span(text, "were opened within ", world->settings.storm_window_us,
                           " and are open: people must look.\n");
        break;
    case HEAL_SUPPRESSED_BUDGET:
        heal_text_add(text, "%u steps were taken against it ", policy->max_per_window);
        heal_text_add_span(text, "within ", policy->window_us,
                           " (max-per-window); more when that has passed.\n");
        break;
    case HEAL_SUPPRESSED_COOLDOWN:
        heal_text_add_span(text, "the last incident of this kind here ended less than ", policy->cooldown_us,
                           " ago (cooldown).\n");
        break;
    case HEAL_SUPPRESSED_OPERATOR:
        if (incident->view.others[0] != '\0')
            heal_text_add(text, "somebody has changed by hand what was done about it.\n");
        else
            heal_text_add(text, "an operator has taken back what was done about it (`healctl undo`).\n");
        break;
    case HEAL_SUPPRESSED_MIN_NEIGHBOURS: /* the candidates tell of these */
    case HEAL_SUPPRESSED_EXHAUSTED:
    case HEAL_SUPPRESSED_EVIDENCE:
    case HEAL_NOT_SUPPRESSED:
    case HEAL_SUPPRESSIONS:
        break;
    }
}

/* The remedies of the policy of which `which` is true, after their words; nothing where there are none. */
static bool add_candidates(struct heal_text *text, const struct heal_world *world,
                           const struct heal_incident *incident, enum heal_candidate which,
                           const char *words) {
    const struct heal_policy *policy = heal_world_policy_of(world, incident);
    bool any = false;
    for (size_t i = 0; i < policy->steps; i++) {
        if (heal_candidate_judge(world, incident, policy->step[i]) != which)
            continue;
        heal_text_add(text, "%s%s", any ? ", " : words, heal_remedy_slug(policy->step[i]));
        any = true;
    }
    if (any)
        heal_text_add(text, ".\n");
    return any;
}

static void add_state(struct heal_text *text, const struct heal_world *world,
                      const struct heal_incident *incident) {
    int active = heal_incident_active_step(incident);
    enum heal_suppression reason = heal_guard_incident(world, incident);
    if (active >= 0)
        add_active(text, world, incident, &incident->view.step[active]);
    else if (incident->gone_since != 0)
        heal_text_add(text, "The incident is closed in a moment: the trouble is no longer seen.\n");
    else if (world->mode != HEAL_MODE_ACT)
        heal_text_add(text, "Nothing is done in mode %s; `healctl mode act` lets heald act.\n",
                      heal_mode_name(world->mode));
    else if (reason != HEAL_NOT_SUPPRESSED)
        add_reason(text, world, incident, reason);
}

/* What heald does not do alone. */
static void add_proposal(struct heal_text *text, const struct heal_world *world,
                         const struct heal_incident *incident) {
    char proposal[80];
    struct heal_text words;
    heal_text_init(&words, proposal, sizeof proposal);
    if (heal_proposal_add(&words, world, incident))
        heal_text_add(text, "For you to decide: %s\n", proposal);
}

void heal_plan_outlook(const struct heal_world *world, const struct heal_incident *incident,
                       struct heal_text *text) {
    if (!heal_incident_is_open(incident)) {
        heal_text_add(text, "It is over.\n");
        return;
    }
    if (incident->view.cut_off > 0)
        heal_text_add(text, "Nothing leads around it to what it has cut off: that waits until the link or "
                            "another way is there.\n");
    add_state(text, world, incident);
    if (incident->dismissed)
        heal_text_add(text, "Nothing more is done about it until it is over.\n");
    if (incident->dismissed || (incident->gone_since != 0 && heal_incident_active_step(incident) < 0))
        return; /* what could be tried is not going to be */
    bool unsaved = add_candidates(
        text, world, incident, HEAL_CANDIDATE_UNSAVED,
        "Not begun, for the evidence could not be saved (see the disk of the state folder), and tried again "
        "every 10 s: ");
    const char *fits = world->mode == HEAL_MODE_ACT ? "Still to try: " : "In mode act it would try: ";
    if (!add_candidates(text, world, incident, HEAL_CANDIDATE_FITS, fits) && !unsaved)
        heal_text_add(text, "Nothing else is left to try.\n");
    add_candidates(text, world, incident, HEAL_CANDIDATE_EARLY, "Only if nothing else helps for long: ");
    add_candidates(text, world, incident, HEAL_CANDIDATE_ISOLATES,
                   "Not done, for it would leave too few healthy neighbours: ");
    add_candidates(text, world, incident, HEAL_CANDIDATE_WORN_OUT,
                   "Not again, for it was done as often as max-per-window lets it: ");
    add_candidates(text, world, incident, HEAL_CANDIDATE_UNSUITED, "Not possible or not for this node: ");
    add_proposal(text, world, incident);
}
