/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "knowledge/probation.h"

#include <errno.h>

static struct heal_merit_choice choice_of(const struct heal_detector_setting *setting) {
    return (struct heal_merit_choice){.watch = setting->watch_us, .false_rate = setting->false_rate};
}

/* Says why, in place of what was said before. */
static struct heal_text words_of(struct heal_probation *probation) {
    struct heal_text words;
    heal_text_init(&words, probation->words, sizeof probation->words);
    return words;
}

/* That another model was let act, by its record or by force, says nothing of this one. */
static void earn_anew(struct heal_probation *probation) {
    if (probation->mode != HEAL_MODE_ACT)
        return;
    probation->mode = HEAL_MODE_OBSERVE;
    probation->forced = false;
    probation->unearned = true;
}

/* Nobody watches over what it has said any more: that all is silent from now on will say nothing. */
static void let_go(struct heal_probation *probation, enum heal_slot slot,
                   const struct heal_detector_setting *setting) {
    const struct heal_docket docket = heal_probation_docket(probation, slot, setting);
    if (docket.merit->model != 0)
        heal_judging_gap(&docket);
}

void heal_probation_put(struct heal_probation *probation, enum heal_slot slot,
                        const struct heal_candidate_model *model,
                        const struct heal_detector_setting *setting) {
    const struct heal_merit_choice choice = choice_of(setting);
    struct heal_merit *merit = &probation->merit[slot];
    bool another = !model || merit->model != model->id;
    if (another) {
        let_go(probation, slot, setting);
        *merit = (struct heal_merit){.shadow = slot == HEAL_SLOT_SHADOW};
    }
    if (!model)
        return;
    if (another && slot == HEAL_SLOT_ACTIVE)
        earn_anew(probation);
    merit->model = model->id;
    merit->threshold = model->threshold;
    merit->training = model->training;
    merit->unkept = true;
    heal_merit_settle(merit, &choice);
}

struct heal_docket heal_probation_docket(struct heal_probation *probation, enum heal_slot slot,
                                         const struct heal_detector_setting *setting) {
    return (struct heal_docket){
        .merit = &probation->merit[slot], .verdicts = &probation->verdicts, .choice = choice_of(setting)};
}

enum heal_slot heal_probation_slot(const struct heal_probation *probation, uint64_t model) {
    enum heal_slot slot = HEAL_SLOT_ACTIVE;
    while (slot < HEAL_SLOTS && (model == 0 || probation->merit[slot].model != model))
        slot++;
    return slot;
}

struct heal_share heal_probation_recent(const struct heal_probation *probation) {
    return heal_judging_recent(&probation->verdicts, probation->merit[HEAL_SLOT_ACTIVE].model,
                               probation->acts_since);
}

/* What it has shown before it was forced is no reason to take that back: what it shows from now on may be. */
static void let_act(struct heal_probation *probation, bool forced) {
    probation->mode = HEAL_MODE_ACT;
    probation->forced = forced;
    probation->acts_since = forced ? probation->verdicts.next : 0;
    heal_drift_trust(&probation->merit[HEAL_SLOT_ACTIVE].drift);
    probation->merit[HEAL_SLOT_ACTIVE].unkept = true;
}

int heal_probation_order(struct heal_probation *probation, enum heal_mode mode, bool forced,
                         const struct heal_detector_setting *setting) {
    struct heal_text words = words_of(probation);
    probation->words[0] = '\0';
    if (mode == HEAL_MODE_ACT) {
        enum heal_gate gate = heal_gate_check(&probation->merit[HEAL_SLOT_ACTIVE], &setting->gate, &words);
        if (gate == HEAL_GATE_NO_MODEL || (gate != HEAL_GATE_PASSED && !forced))
            return -EPERM;
        let_act(probation, gate != HEAL_GATE_PASSED);
    } else {
        probation->mode = mode;
        probation->forced = false;
    }
    probation->wanted = mode;
    probation->fell = HEAL_GATE_PASSED;
    return 0;
}

/* A configuration that wants it to act is no order by force: it acts when it has passed the gate. */
void heal_probation_configure(struct heal_probation *probation, const struct heal_detector_setting *setting,
                              bool mode_changed) {
    const struct heal_merit_choice choice = choice_of(setting);
    for (int slot = 0; slot < HEAL_SLOTS; slot++)
        if (probation->merit[slot].model != 0)
            heal_merit_settle(&probation->merit[slot], &choice);
    if (!mode_changed)
        return;
    probation->wanted = setting->mode;
    probation->mode = setting->mode == HEAL_MODE_ACT ? HEAL_MODE_OBSERVE : setting->mode;
    probation->forced = false;
    probation->fell = HEAL_GATE_PASSED;
    probation->words[0] = '\0';
}

/* A shadow is compared with what the active one shows from the time on that both run. */
static void note_rival(struct heal_probation *probation) {
    const struct heal_merit *active = &probation->merit[HEAL_SLOT_ACTIVE];
    struct heal_merit *shadow = &probation->merit[HEAL_SLOT_SHADOW];
    if (shadow->model == 0 || shadow->rival.model == active->model)
        return;
    shadow->rival = (struct heal_rival){.model = active->model, .before = active->confusion};
    shadow->unkept = true;
}

static enum heal_probation_change fall(struct heal_probation *probation, enum heal_gate why) {
    probation->mode = HEAL_MODE_OBSERVE;
    probation->forced = false;
    probation->fell = why;
    return HEAL_PROBATION_FALLS;
}

enum heal_probation_change heal_probation_update(struct heal_probation *probation,
                                                 const struct heal_detector_setting *setting) {
    const struct heal_merit *merit = &probation->merit[HEAL_SLOT_ACTIVE];
    note_rival(probation);
    if (probation->unearned) {
        probation->unearned = false;
        return HEAL_PROBATION_BEGINS;
    }
    if (probation->wanted != HEAL_MODE_ACT || probation->fell != HEAL_GATE_PASSED)
        return HEAL_PROBATION_STANDS;
    struct heal_text words = words_of(probation);
    if (probation->mode == HEAL_MODE_ACT) {
        struct heal_share recent = heal_probation_recent(probation);
        enum heal_gate keep = heal_gate_keep(merit, &recent, &setting->gate, &words);
        return keep == HEAL_GATE_PASSED ? HEAL_PROBATION_STANDS : fall(probation, keep);
    }
    if (heal_gate_check(merit, &setting->gate, &words) != HEAL_GATE_PASSED)
        return HEAL_PROBATION_STANDS;
    let_act(probation, false);
    return HEAL_PROBATION_ACTS;
}

int heal_probation_promote(struct heal_probation *probation, const struct heal_detector_setting *setting) {
    struct heal_merit *active = &probation->merit[HEAL_SLOT_ACTIVE];
    struct heal_merit *shadow = &probation->merit[HEAL_SLOT_SHADOW];
    if (shadow->model == 0)
        return -ENOENT;
    struct heal_text words = words_of(probation);
    let_go(probation, HEAL_SLOT_ACTIVE, setting);
    *active = *shadow;
    shadow->model = 0; /* it goes on elsewhere */
    active->shadow = false;
    active->rival = (struct heal_rival){.model = 0};
    active->unkept = true;
    heal_probation_put(probation, HEAL_SLOT_SHADOW, NULL, setting);
    if (probation->mode == HEAL_MODE_ACT &&
        heal_gate_check(active, &setting->gate, &words) != HEAL_GATE_PASSED) {
        probation->mode = HEAL_MODE_OBSERVE; /* it acts when it has earned it */
        probation->forced = false;
    } else if (probation->mode == HEAL_MODE_ACT) {
        let_act(probation, false);
    }
    return 0;
}
