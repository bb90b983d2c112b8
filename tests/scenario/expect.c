/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What a scenario expects of the mesh's engines. */
#include "scenario/scenario.h"

#include <stdio.h>
#include <string.h>

static bool find_new(struct scenario *scenario, struct heal_incident_status *ret_incident) {
    heal_us first = HEAL_NEVER;
    for (int i = 0; i < scenario->mesh->nodes; i++) {
        struct heal_incident_status incident;
        for (size_t j = 0; heal_engine_incident(scenario->mesh->node[i].engine, j, &incident); j++)
            if (incident.opened > scenario->since && incident.role != HEAL_ROLE_UPSTREAM &&
                incident.opened < first) {
                first = incident.opened;
                *ret_incident = incident;
                scenario->node = i;
                scenario->incident = incident.id;
            }
    }
    return first != HEAL_NEVER;
}

static bool incident_now(struct scenario *scenario, struct heal_incident_status *ret_incident) {
    struct heal_engine *engine = scenario->mesh->node[scenario->node].engine;
    for (size_t j = 0; heal_engine_incident(engine, j, ret_incident); j++)
        if (ret_incident->id == scenario->incident)
            return true;
    return false;
}

static bool is_about(const struct heal_incident_status *incident, const char *element) {
    char a[HEAL_NAME_MAX], b[HEAL_NAME_MAX], sign;
    if (sscanf(element, "%31[^->]%c%31s", a, &sign, b) == 3)
        return (strcmp(incident->node, a) == 0 && strcmp(incident->other, b) == 0) ||
               (strcmp(incident->node, b) == 0 && strcmp(incident->other, a) == 0);
    return strcmp(incident->node, element) == 0 || strcmp(incident->other, element) == 0;
}

static const heal_us look_us = 50 * HEAL_US_PER_MS;

static void expect_incident(struct scenario *scenario, const struct sentence *sentence) {
    struct heal_incident_status incident;
    heal_us end = scenario->mesh->now + scenario_span(sentence->word[5]);
    while (!find_new(scenario, &incident) && scenario->mesh->now < end)
        sim_mesh_run(scenario->mesh, look_us);
    if (!find_new(scenario, &incident)) {
        scenario_fail(scenario, "nothing was found within %s", sentence->word[5]);
        return;
    }
    const char *found = heal_diagnosis_slug(incident.ranked[0].diagnosis);
    if (strcmp(found, sentence->word[1]) != 0 || !is_about(&incident, sentence->word[3]))
        scenario_fail(scenario, "expected %s on %s, found %s on %s %s", sentence->word[1], sentence->word[3],
                      found, incident.node, incident.other);
    printf("  %s on %s %s after %.2f s\n", found, incident.node, incident.other,
           (double)(incident.opened - scenario->since) / 1e6);
}

/* "expect healed|closed within S" */
static void expect_state(struct scenario *scenario, const struct sentence *sentence) {
    bool closed = sentence_is(sentence, 1, "closed");
    struct heal_incident_status incident = {.id = 0};
    heal_us end = scenario->mesh->now + scenario_span(sentence->word[3]);
    for (;;) {
        bool there = incident_now(scenario, &incident);
        if (there && (closed ? incident.closed : incident.healed) != 0)
            break;
        if (scenario->mesh->now >= end) {
            scenario_fail(scenario, "not %s within %s", sentence->word[1], sentence->word[3]);
            return;
        }
        sim_mesh_run(scenario->mesh, look_us);
    }
    if (!closed)
        printf("  healed %.2f s after detection\n", (double)(incident.healed - incident.opened) / 1e6);
}

/* "expect all closed within S": no node works on anything any more. */
static void expect_all_closed(struct scenario *scenario, const struct sentence *sentence) {
    heal_us end = scenario->mesh->now + scenario_span(sentence->word[4]);
    size_t open = 1;
    while (open > 0 && scenario->mesh->now < end) {
        struct heal_engine_status status;
        open = 0;
        sim_mesh_run(scenario->mesh, look_us);
        for (int i = 0; i < scenario->mesh->nodes; i++) {
            heal_engine_status(scenario->mesh->node[i].engine, &status);
            open += status.incidents_open;
        }
    }
    if (open > 0)
        scenario_fail(scenario, "%zu incidents are still open after %s", open, sentence->word[4]);
}

static void expect_quiet(struct scenario *scenario, const struct sentence *sentence) {
    struct heal_incident_status incident;
    scenario->since = scenario->mesh->now;
    sim_mesh_run(scenario->mesh, scenario_span(sentence->word[3]));
    if (find_new(scenario, &incident))
        scenario_fail(scenario, "not quiet: %s on %s %s at %.2f s",
                      heal_diagnosis_slug(incident.ranked[0].diagnosis), incident.node, incident.other,
                      (double)incident.opened / 1e6);
}

static void expect_reach(struct scenario *scenario, const struct sentence *sentence) {
    int from = scenario_node(scenario, sentence->word[1]), to = scenario_node(scenario, sentence->word[3]);
    double share = from < 0 || to < 0 ? 0 : sim_mesh_delivery(scenario->mesh, from, to);
    if (share < 0.99)
        scenario_fail(scenario, "%s reaches %s with a share of %.2f only", sentence->word[1],
                      sentence->word[3], share);
}

/* "n6 to n0 avoids n7-n0 for 60s": at no time does a packet cross the link, and all arrive. */
static void expect_avoids(struct scenario *scenario, const struct sentence *sentence) {
    int from = scenario_node(scenario, sentence->word[1]), to = scenario_node(scenario, sentence->word[3]), a,
        b;
    bool one_way;
    int link = scenario_link(scenario, sentence->word[5], &a, &b, &one_way);
    heal_us end = scenario->mesh->now + scenario_span(sentence->word[7]);
    while (scenario->failures == 0 && from >= 0 && to >= 0 && scenario->mesh->now < end) {
        if (sim_mesh_crosses(scenario->mesh, from, to, link))
            scenario_fail(scenario, "%s to %s crosses %s", sentence->word[1], sentence->word[3],
                          sentence->word[5]);
        else if (sim_mesh_delivery(scenario->mesh, from, to) < 0.99)
            scenario_fail(scenario, "%s does not reach %s", sentence->word[1], sentence->word[3]);
        sim_mesh_run(scenario->mesh, look_us);
    }
}

static void expect_remedy(struct scenario *scenario, const struct sentence *sentence) {
    struct heal_incident_status incident = {.steps = 0};
    enum heal_remedy remedy;
    incident_now(scenario, &incident);
    if (heal_remedy_parse(sentence->word[1], &remedy) < 0) {
        scenario_fail(scenario, "nobody knows how to expect \"%s\"", sentence->word[1]);
        return;
    }
    for (size_t i = 0; i < incident.steps; i++)
        if (incident.step[i].remedy == remedy)
            return;
    scenario_fail(scenario, "%s was not used", sentence->word[1]);
}

static void expect_no_acts(struct scenario *scenario) {
    for (int i = 0; i < scenario->mesh->nodes; i++)
        for (int kind = 0; kind < HEAL_COMMAND_KINDS; kind++)
            if (heal_command_is_act((enum heal_command_kind)kind) && scenario->mesh->node[i].acts[kind] > 0)
                scenario_fail(scenario, "%s did %s", scenario->mesh->node[i].name,
                              heal_command_name((enum heal_command_kind)kind));
}

void scenario_expect(struct scenario *scenario, const struct sentence *sentence) {
    if (sentence_is(sentence, 2, "on") && sentence_is(sentence, 4, "within") && sentence->words == 6)
        expect_incident(scenario, sentence);
    else if ((sentence_is(sentence, 1, "healed") || sentence_is(sentence, 1, "closed")) &&
             sentence->words == 4)
        expect_state(scenario, sentence);
    else if (sentence_is(sentence, 1, "all") && sentence_is(sentence, 2, "closed") && sentence->words == 5)
        expect_all_closed(scenario, sentence);
    else if (sentence_is(sentence, 1, "quiet") && sentence->words == 4)
        expect_quiet(scenario, sentence);
    else if (sentence_is(sentence, 2, "reaches") && sentence->words == 4)
        expect_reach(scenario, sentence);
    else if (sentence_is(sentence, 2, "to") && sentence_is(sentence, 4, "avoids") && sentence->words == 8)
        expect_avoids(scenario, sentence);
    else if (sentence_is(sentence, 1, "no") && sentence_is(sentence, 2, "acts"))
        expect_no_acts(scenario);
    else if (sentence->words == 2)
        expect_remedy(scenario, sentence);
    else
        scenario_fail(scenario, "nobody understands this expectation");
}
