/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What a scenario expects of the mesh's engines. */
#include "scenario/scenario.h"

#include <stdio.h>
#include <string.h>

/* The first incident that was opened after @p since, at the node that it is about or an end of its link. */
struct found {
    int node;
    struct heal_incident_status incident;
};

static bool find_new(const struct scenario *scenario, heal_us since, struct found *ret_found) {
    heal_us first = HEAL_NEVER;
    for (int i = 0; i < scenario->mesh->nodes; i++) {
        struct heal_incident_status incident;
        for (size_t j = 0; heal_engine_incident(scenario->mesh->node[i].engine, j, &incident); j++)
            if (incident.opened > since && incident.role != HEAL_ROLE_UPSTREAM && incident.opened < first) {
                first = incident.opened;
                *ret_found = (struct found){i, incident};
            }
    }
    return first != HEAL_NEVER;
}

/* The incident of the last expectation. @return false after it has failed: there was none. */
static bool incident_now(struct scenario *scenario, struct heal_incident_status *ret_incident) {
    struct heal_engine *engine = scenario->mesh->node[scenario->node].engine;
    struct heal_incident_status incident;
    for (size_t j = 0; scenario->incident != 0 && heal_engine_incident(engine, j, &incident); j++)
        if (incident.id == scenario->incident) {
            *ret_incident = incident;
            return true;
        }
    scenario_fail(scenario, "no incident was expected before this, or it is forgotten");
    return false;
}

/* About a node is also what is about one of its links. */
static bool is_about(const struct scenario *scenario, const struct heal_incident_status *incident,
                     const struct argument *place) {
    const char *a = scenario->mesh->node[place->node].name;
    if (place->link < 0)
        return strcmp(incident->node, a) == 0 || strcmp(incident->other, a) == 0;
    const char *b = scenario->mesh->node[place->other].name;
    return (strcmp(incident->node, a) == 0 && strcmp(incident->other, b) == 0) ||
           (strcmp(incident->node, b) == 0 && strcmp(incident->other, a) == 0);
}

static const heal_us look_us = 50 * HEAL_US_PER_MS;

void expect_incident(struct scenario *scenario, const struct sentence *sentence) {
    const struct argument *diagnosis = &sentence->argument[0], *place = &sentence->argument[1],
                          *within = &sentence->argument[2];
    struct found found;
    heal_us end = scenario->mesh->now + within->span;
    bool there = find_new(scenario, scenario->since, &found);
    while (!there && scenario->mesh->now < end) {
        sim_mesh_run(scenario->mesh, look_us);
        there = find_new(scenario, scenario->since, &found);
    }
    if (!there) {
        scenario_fail(scenario, "nothing was found within %s", within->text);
        return;
    }
    const struct heal_incident_status *incident = &found.incident;
    scenario->node = found.node;
    scenario->incident = incident->id;
    const char *slug = heal_diagnosis_slug(incident->ranked[0].diagnosis);
    if ((int)incident->ranked[0].diagnosis != diagnosis->choice || !is_about(scenario, incident, place))
        scenario_fail(scenario, "expected %s on %s, found %s on %s %s", diagnosis->text, place->text, slug,
                      incident->node, incident->other);
    printf("  %s on %s %s after %.2f s\n", slug, incident->node, incident->other,
           (double)(incident->opened - scenario->since) / 1e6);
}

static bool is_healed(const struct heal_incident_status *incident) {
    return incident->healed != 0;
}

static bool is_closed(const struct heal_incident_status *incident) {
    return incident->closed != 0;
}

/* @return false after it has failed. */
static bool reaches_state(struct scenario *scenario, const struct argument *within,
                          bool (*is_there)(const struct heal_incident_status *),
                          struct heal_incident_status *ret_incident) {
    heal_us end = scenario->mesh->now + within->span;
    for (;;) {
        if (!incident_now(scenario, ret_incident))
            return false;
        if (is_there(ret_incident))
            return true;
        if (scenario->mesh->now >= end) {
            scenario_fail(scenario, "not within %s", within->text);
            return false;
        }
        sim_mesh_run(scenario->mesh, look_us);
    }
}

void expect_healed(struct scenario *scenario, const struct sentence *sentence) {
    struct heal_incident_status incident;
    if (reaches_state(scenario, &sentence->argument[0], is_healed, &incident))
        printf("  healed %.2f s after detection\n", (double)(incident.healed - incident.opened) / 1e6);
}

void expect_closed(struct scenario *scenario, const struct sentence *sentence) {
    struct heal_incident_status incident;
    reaches_state(scenario, &sentence->argument[0], is_closed, &incident);
}

static size_t count_open(const struct scenario *scenario) {
    size_t open = 0;
    for (int i = 0; i < scenario->mesh->nodes; i++) {
        struct heal_engine_status status;
        heal_engine_status(scenario->mesh->node[i].engine, &status);
        open += status.incidents_open;
    }
    return open;
}

/* No node works on anything any more. */
void expect_all_closed(struct scenario *scenario, const struct sentence *sentence) {
    const struct argument *within = &sentence->argument[0];
    heal_us end = scenario->mesh->now + within->span;
    while (count_open(scenario) > 0 && scenario->mesh->now < end)
        sim_mesh_run(scenario->mesh, look_us);
    if (count_open(scenario) > 0)
        scenario_fail(scenario, "%zu incidents are still open after %s", count_open(scenario), within->text);
}

void expect_quiet(struct scenario *scenario, const struct sentence *sentence) {
    struct found found;
    heal_us begun = scenario->mesh->now;
    sim_mesh_run(scenario->mesh, sentence->argument[0].span);
    if (find_new(scenario, begun, &found))
        scenario_fail(scenario, "not quiet: %s on %s %s at %.2f s",
                      heal_diagnosis_slug(found.incident.ranked[0].diagnosis), found.incident.node,
                      found.incident.other, (double)found.incident.opened / 1e6);
}

void expect_reach(struct scenario *scenario, const struct sentence *sentence) {
    const struct argument *from = &sentence->argument[0], *to = &sentence->argument[1];
    double share = sim_mesh_delivery(scenario->mesh, from->node, to->node);
    if (share < 0.99)
        scenario_fail(scenario, "%s reaches %s with a share of %.2f only", from->text, to->text, share);
}

/* At no time does a packet cross the link, and all arrive. */
void expect_avoids(struct scenario *scenario, const struct sentence *sentence) {
    const struct argument *from = &sentence->argument[0], *to = &sentence->argument[1],
                          *link = &sentence->argument[2];
    heal_us end = scenario->mesh->now + sentence->argument[3].span;
    while (scenario->failures == 0 && scenario->mesh->now < end) {
        if (sim_mesh_crosses(scenario->mesh, from->node, to->node, link->link))
            scenario_fail(scenario, "%s to %s crosses %s", from->text, to->text, link->text);
        else if (sim_mesh_delivery(scenario->mesh, from->node, to->node) < 0.99)
            scenario_fail(scenario, "%s does not reach %s", from->text, to->text);
        sim_mesh_run(scenario->mesh, look_us);
    }
}

void expect_remedy(struct scenario *scenario, const struct sentence *sentence) {
    struct heal_incident_status incident;
    if (!incident_now(scenario, &incident))
        return;
    for (size_t i = 0; i < incident.steps; i++)
        if ((int)incident.step[i].remedy == sentence->argument[0].choice)
            return;
    scenario_fail(scenario, "%s was not used", sentence->argument[0].text);
}

void expect_no_acts(struct scenario *scenario, const struct sentence *sentence) {
    (void)sentence;
    for (int i = 0; i < scenario->mesh->nodes; i++)
        for (int kind = 0; kind < HEAL_COMMAND_KINDS; kind++)
            if (heal_command_is_act((enum heal_command_kind)kind) && scenario->mesh->node[i].acts[kind] > 0)
                scenario_fail(scenario, "%s did %s", scenario->mesh->node[i].name,
                              heal_command_name((enum heal_command_kind)kind));
}
