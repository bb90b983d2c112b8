/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "drawn/judge.h"

#include "base/text.h"
#include "sim/sim_state.h"

#include <string.h>

/* What is not found within half a minute is not found; what is done about it is followed for longer. */
static const heal_us patience_us = 30 * HEAL_US_PER_S, follow_us = 40 * HEAL_US_PER_S;

struct judge {
    const struct heal_drawn_case *of;
    struct heal_sim *sim;
    FILE *trace;
    heal_us since; /**< the fault; 0: it is still to come */
    struct drawn_verdict verdict;
};

static void name_place(const struct heal_incident_status *incident, char *place, size_t size) {
    struct heal_text text;
    heal_text_init(&text, place, size);
    heal_text_add(&text, incident->other[0] != '\0' ? "%s-%s" : "%s", incident->node, incident->other);
}

static void take_first(struct judge *judge, const struct heal_incident_status *incident) {
    struct drawn_verdict *verdict = &judge->verdict;
    verdict->found = true;
    verdict->said = incident->ranked[0].diagnosis;
    verdict->right_name = verdict->said == judge->of->fault->truth;
    verdict->right_place =
        heal_drawn_case_is_sick(judge->of, judge->sim, incident->node, incident->other, true);
    verdict->after_s = (double)(incident->opened - judge->since) / 1e6;
    name_place(incident, verdict->place, sizeof verdict->place);
}

static void hear(void *context, unsigned node, const struct heal_decision *decision) {
    struct judge *judge = context;
    struct heal_incident_status incident;
    if (judge->trace)
        fprintf(judge->trace, "%9.3f %-5s %-11s %s\n", (double)decision->time / 1e6,
                judge->sim->node[node].name, heal_decision_name(decision->kind), decision->text);
    bool opened = decision->kind == HEAL_DECISION_INCIDENT && strstr(decision->text, "opened ") != NULL &&
                  heal_engine_incident_find(judge->sim->node[node].engine, decision->incident, &incident) &&
                  incident.role != HEAL_ROLE_UPSTREAM;
    if (!opened)
        return;
    if (judge->since == 0)
        judge->verdict.early++;
    else if (!judge->verdict.found && judge->sim->now <= judge->since + patience_us)
        take_first(judge, &incident);
}

static void watch(void *context, unsigned node, const struct heal_command *command) {
    struct judge *judge = context;
    struct drawn_verdict *verdict = &judge->verdict;
    struct heal_incident_status incident = {0};
    bool known = heal_engine_incident_find(judge->sim->node[node].engine, command->incident, &incident);
    if (judge->trace)
        fprintf(judge->trace, "%9.3f %-5s act         %s\n", (double)judge->sim->now / 1e6,
                judge->sim->node[node].name, heal_command_name(command->kind));
    if (known && judge->since != 0 &&
        heal_drawn_case_is_sick(judge->of, judge->sim, incident.node, incident.other, false))
        return;
    if (verdict->astray++ > 0)
        return;
    char place[2 * HEAL_NAME_MAX + 2];
    name_place(&incident, place, sizeof place);
    struct heal_text text;
    heal_text_init(&text, verdict->astray_why, sizeof verdict->astray_why);
    heal_text_add(&text, "%s does %s for %s on %s", judge->sim->node[node].name,
                  heal_command_name(command->kind),
                  known ? heal_diagnosis_slug(incident.ranked[0].diagnosis) : "nothing", place);
}

int drawn_judge(const struct heal_drawn_case *of, FILE *trace, struct drawn_verdict *ret_verdict) {
    struct judge judge = {.of = of, .trace = trace};
    int r = heal_drawn_case_make(of, &judge.sim);
    if (r < 0)
        return r;
    judge.sim->ear = (struct heal_sim_ear){.context = &judge, .decided = hear, .acts = watch};
    r = heal_sim_run(judge.sim, of->moment);
    judge.since = judge.sim->now;
    of->fault->inject(judge.sim, of);
    r = r < 0 ? r : heal_sim_run(judge.sim, follow_us);
    heal_drawn_case_print(of, judge.sim, judge.verdict.what, sizeof judge.verdict.what);
    heal_sim_free(judge.sim);
    if (r == 0)
        *ret_verdict = judge.verdict;
    return r;
}
