/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What a scenario expects of the mesh's engines. */
#include "scenario/scenario_parts.h"

#include <string.h>

/* The incident of the last expectation. @return false after it has failed. */
static bool incident_now(struct heal_scenario *scenario, struct heal_incident_status *ret_incident) {
    struct heal_engine *engine = scenario->sim->node[scenario->node].engine;
    bool found = heal_engine_incident_find(engine, scenario->incident, ret_incident);
    if (!found)
        heal_scenario_fail(scenario, "the incident is forgotten");
    return found;
}

/* About a node is also what is about one of its links. */
static bool is_about(const struct heal_scenario *scenario, const struct heal_incident_status *incident,
                     const struct argument *place) {
    const char *a = scenario->sim->node[place->node].name;
    if (place->link < 0)
        return strcmp(incident->node, a) == 0 || strcmp(incident->other, a) == 0;
    const char *b = scenario->sim->node[place->other].name;
    return (strcmp(incident->node, a) == 0 && strcmp(incident->other, b) == 0) ||
           (strcmp(incident->node, b) == 0 && strcmp(incident->other, a) == 0);
}

/* Between the ends of what it is about. */
static const char *dash(const struct heal_incident_status *incident) {
    return incident->other[0] ? "-" : "";
}

static const heal_us look_us = 50 * HEAL_US_PER_MS;

static void expect_incident(struct heal_scenario *scenario, const struct sentence *sentence) {
    const struct argument *diagnosis = &sentence->argument[0], *place = &sentence->argument[1],
                          *within = &sentence->argument[2];
    struct heal_scenario_finding found;
    heal_us end = scenario->sim->now + within->span;
    bool there = heal_scenario_find(scenario, scenario->since, &found);
    while (!there && scenario->sim->now < end) {
        heal_scenario_wait(scenario, look_us);
        there = heal_scenario_find(scenario, scenario->since, &found);
    }
    if (!there) {
        heal_scenario_fail(scenario, "nothing was found within %s", within->text);
        return;
    }
    const struct heal_incident_status *incident = &found.incident;
    const char *slug = heal_diagnosis_slug(incident->ranked[0].diagnosis);
    if ((int)incident->ranked[0].diagnosis != diagnosis->choice || !is_about(scenario, incident, place))
        heal_scenario_fail(scenario, "expected %s on %s, found %s on %s%s%s", diagnosis->text, place->text,
                           slug, incident->node, dash(incident), incident->other);
    heal_scenario_tell(scenario, "  %s on %s%s%s after %.2f s, found by %s", slug, incident->node,
                       dash(incident), incident->other, (double)(incident->opened - scenario->since) / 1e6,
                       scenario->sim->node[found.node].name);
    heal_scenario_follow_owner(scenario, &found);
}

static bool is_healed(const struct heal_incident_status *incident) {
    return incident->healed != 0;
}

static bool is_cut_off(const struct heal_incident_status *incident) {
    return incident->cut_off > 0 && incident->healed == 0;
}

static bool is_closed(const struct heal_incident_status *incident) {
    return incident->closed != 0;
}

/* What should be known of a trouble that goes on. */
static const char *why_not(const struct heal_scenario *scenario) {
    switch (scenario->settings.mode) {
    case HEAL_MODE_OBSERVE:
        return "; in mode observe heald changes nothing";
    case HEAL_MODE_WARN:
        return "; in mode warn heald changes nothing";
    case HEAL_MODE_ACT:
    case HEAL_MODES:
        break;
    }
    return "";
}

/* @return false after it has failed. */
static bool reaches_state(struct heal_scenario *scenario, const struct argument *within,
                          bool (*is_there)(const struct heal_incident_status *),
                          struct heal_incident_status *ret_incident) {
    heal_us end = scenario->sim->now + within->span;
    for (;;) {
        if (!incident_now(scenario, ret_incident))
            return false;
        if (is_there(ret_incident))
            return true;
        if (scenario->sim->now >= end) {
            heal_scenario_fail(scenario, "not within %s%s", within->text, why_not(scenario));
            return false;
        }
        heal_scenario_wait(scenario, look_us);
    }
}

static void expect_healed(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_incident_status incident;
    if (!reaches_state(scenario, &sentence->argument[0], is_healed, &incident))
        return;
    heal_scenario_tell(scenario, "  healed %.2f s after detection, as %s has it",
                       (double)(incident.healed - incident.opened) / 1e6,
                       scenario->sim->node[scenario->node].name);
    if (scenario->kept < HEAL_KEPT_MAX)
        scenario->keeps[scenario->kept++] = (struct heal_kept){scenario->node, incident.id, scenario->line};
}

static void expect_cut_off(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_incident_status incident;
    reaches_state(scenario, &sentence->argument[0], is_cut_off, &incident);
}

static void expect_closed(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_incident_status incident;
    reaches_state(scenario, &sentence->argument[0], is_closed, &incident);
}

static size_t count_open(const struct heal_scenario *scenario) {
    size_t open = 0;
    for (unsigned i = 0; i < scenario->sim->nodes; i++) {
        struct heal_incident_status incident;
        for (size_t j = 0; heal_engine_incident(scenario->sim->node[i].engine, j, &incident); j++)
            open += incident.closed == 0;
    }
    return open;
}

/* No node works on anything any more. */
static void expect_all_closed(struct heal_scenario *scenario, const struct sentence *sentence) {
    const struct argument *within = &sentence->argument[0];
    heal_us end = scenario->sim->now + within->span;
    while (count_open(scenario) > 0 && scenario->sim->now < end)
        heal_scenario_wait(scenario, look_us);
    if (count_open(scenario) == 0)
        heal_invariants_rest(scenario);
    else
        heal_scenario_fail(scenario, "%zu incidents are still open after %s", count_open(scenario),
                           within->text);
}

static void expect_quiet(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_scenario_finding found;
    heal_us begun = scenario->sim->now;
    heal_scenario_wait(scenario, sentence->argument[0].span);
    if (heal_scenario_find(scenario, begun, &found))
        heal_scenario_fail(scenario, "not quiet: %s on %s%s%s at %.2f s",
                           heal_diagnosis_slug(found.incident.ranked[0].diagnosis), found.incident.node,
                           dash(&found.incident), found.incident.other, (double)found.incident.opened / 1e6);
}

static double delivery(struct heal_scenario *scenario, const struct argument *from,
                       const struct argument *to) {
    return heal_sim_delivery(scenario->sim, (unsigned)from->node, (unsigned)to->node);
}

static void expect_reach(struct heal_scenario *scenario, const struct sentence *sentence) {
    const struct argument *from = &sentence->argument[0], *to = &sentence->argument[1];
    double share = delivery(scenario, from, to);
    if (share < 0.99)
        heal_scenario_fail(scenario, "%s reaches %s with a share of %.2f only", from->text, to->text, share);
}

/* At no time does a packet cross the link, and all arrive. */
static void expect_avoids(struct heal_scenario *scenario, const struct sentence *sentence) {
    const struct argument *from = &sentence->argument[0], *to = &sentence->argument[1],
                          *link = &sentence->argument[2];
    heal_us end = scenario->sim->now + sentence->argument[3].span;
    while (scenario->failures == 0 && scenario->sim->now < end) {
        if (heal_sim_crosses(scenario->sim, (unsigned)from->node, (unsigned)to->node, (unsigned)link->link))
            heal_scenario_fail(scenario, "%s to %s crosses %s", from->text, to->text, link->text);
        else if (delivery(scenario, from, to) < 0.99)
            heal_scenario_fail(scenario, "%s does not reach %s", from->text, to->text);
        heal_scenario_wait(scenario, look_us);
    }
}

static bool uses(const struct heal_incident_status *incident, int remedy) {
    for (size_t i = 0; i < incident->steps; i++)
        if ((int)incident->step[i].remedy == remedy)
            return true;
    return false;
}

static void expect_remedy(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_incident_status incident;
    if (incident_now(scenario, &incident) && !uses(&incident, sentence->argument[0].choice))
        heal_scenario_fail(scenario, "%s was not used", sentence->argument[0].text);
}

/* In whatever incident, also as one that only sends through what is sick. */
static void expect_remedy_on(struct heal_scenario *scenario, const struct sentence *sentence) {
    const struct argument *remedy = &sentence->argument[0], *node = &sentence->argument[1];
    struct heal_incident_status incident;
    for (size_t j = 0; heal_engine_incident(scenario->sim->node[node->node].engine, j, &incident); j++)
        if (uses(&incident, remedy->choice))
            return;
    heal_scenario_fail(scenario, "%s has not used %s", node->text, remedy->text);
}

static void expect_no_acts(struct heal_scenario *scenario, const struct sentence *sentence) {
    (void)sentence;
    for (unsigned i = 0; i < scenario->sim->nodes; i++)
        for (int kind = 0; kind < HEAL_COMMAND_KINDS; kind++)
            if (heal_command_is_act((enum heal_command_kind)kind) && scenario->sim->node[i].acts[kind] > 0)
                heal_scenario_fail(scenario, "%s did %s", scenario->sim->node[i].name,
                                   heal_command_name((enum heal_command_kind)kind));
}

static unsigned acts_of(const struct heal_sim_node *node) {
    unsigned acts = 0;
    for (int kind = 0; kind < HEAL_COMMAND_KINDS; kind++)
        acts += heal_command_is_act((enum heal_command_kind)kind) ? node->acts[kind] : 0;
    return acts;
}

static unsigned acts_of_all(const struct heal_sim *sim) {
    unsigned acts = 0;
    for (unsigned i = 0; i < sim->nodes; i++)
        acts += acts_of(&sim->node[i]);
    return acts;
}

static void expect_no_acts_for(struct heal_scenario *scenario, const struct sentence *sentence) {
    unsigned before = acts_of_all(scenario->sim);
    heal_scenario_wait(scenario, sentence->argument[0].span);
    unsigned more = acts_of_all(scenario->sim) - before;
    if (more > 0)
        heal_scenario_fail(scenario, "%u acts within %s", more, sentence->argument[0].text);
}

static void expect_few_acts(struct heal_scenario *scenario, const struct sentence *sentence) {
    unsigned acts = acts_of_all(scenario->sim);
    if (acts > (unsigned)sentence->argument[0].number)
        heal_scenario_fail(scenario, "%u acts so far", acts);
}

static void expect_few_acts_on(struct heal_scenario *scenario, const struct sentence *sentence) {
    unsigned acts = acts_of(&scenario->sim->node[sentence->argument[1].node]);
    if (acts > (unsigned)sentence->argument[0].number)
        heal_scenario_fail(scenario, "%u acts on %s so far", acts, sentence->argument[1].text);
}

static void expect_neighbours(struct heal_scenario *scenario, const struct sentence *sentence) {
    unsigned count = heal_invariants_neighbours(scenario, (unsigned)sentence->argument[1].node);
    if (count < (unsigned)sentence->argument[0].number)
        heal_scenario_fail(scenario, "%s has %u healthy neighbours", sentence->argument[1].text, count);
}

static void expect_storm(struct heal_scenario *scenario, const struct sentence *sentence) {
    const struct argument *node = &sentence->argument[0], *within = &sentence->argument[1];
    heal_us end = scenario->sim->now + within->span;
    struct heal_engine_status status = {0};
    for (;;) {
        heal_engine_status(scenario->sim->node[node->node].engine, &status);
        if (status.storm || scenario->sim->now >= end)
            break;
        heal_scenario_wait(scenario, look_us);
    }
    if (!status.storm)
        heal_scenario_fail(scenario, "%s sees no storm within %s", node->text, within->text);
}

static void expect_threshold(struct heal_scenario *scenario, const struct sentence *sentence) {
    const struct argument *metric = &sentence->argument[0];
    for (unsigned i = 0; i < scenario->sim->nodes; i++) {
        struct heal_threshold_status threshold;
        heal_engine_threshold(scenario->sim->node[i].engine, (size_t)metric->choice, &threshold);
        if (threshold.value < threshold.min || threshold.value > threshold.max)
            heal_scenario_fail(scenario, "%s of %s is %g, not within %g and %g", metric->text,
                               scenario->sim->node[i].name, (double)threshold.value, (double)threshold.min,
                               (double)threshold.max);
    }
}

static void expect_nothing_in_place(struct heal_scenario *scenario, const struct sentence *sentence) {
    const struct argument *node = &sentence->argument[0];
    heal_us end = scenario->sim->now + sentence->argument[1].span;
    do {
        const char *what = heal_invariants_in_place(scenario->sim, (unsigned)node->node);
        if (what) {
            heal_scenario_fail(scenario, "%s has %s of heald's in place", node->text, what);
            return;
        }
        heal_scenario_wait(scenario, look_us);
    } while (scenario->sim->now < end);
}

static void expect_mtu(struct heal_scenario *scenario, const struct sentence *sentence) {
    const struct heal_sim_port *port =
        heal_scenario_port(scenario, &sentence->argument[0], &sentence->argument[1]);
    if (port->mtu != (uint32_t)sentence->argument[2].number)
        heal_scenario_fail(scenario, "it is %u", port->mtu);
}

static void expect_cost(struct heal_scenario *scenario, const struct sentence *sentence) {
    const struct heal_sim_port *port =
        heal_scenario_port(scenario, &sentence->argument[0], &sentence->argument[1]);
    if (port->cost_add + port->cost_by_hand != (int)sentence->argument[2].number)
        heal_scenario_fail(scenario, "it is raised by %d", port->cost_add + port->cost_by_hand);
}

static void expect_down(struct heal_scenario *scenario, const struct sentence *sentence) {
    const struct heal_sim_port *port =
        heal_scenario_port(scenario, &sentence->argument[0], &sentence->argument[1]);
    if (!port->down)
        heal_scenario_fail(scenario, "it is up");
}

static bool reports_others(const struct heal_engine *engine) {
    struct heal_incident_status incident;
    for (size_t j = 0; heal_engine_incident(engine, j, &incident); j++)
        if (incident.others[0] != '\0')
            return true;
    return false;
}

static void expect_report(struct heal_scenario *scenario, const struct sentence *sentence) {
    const struct argument *node = &sentence->argument[0], *within = &sentence->argument[1];
    const struct heal_engine *engine = scenario->sim->node[node->node].engine;
    heal_us end = scenario->sim->now + within->span;
    while (!reports_others(engine) && scenario->sim->now < end)
        heal_scenario_wait(scenario, look_us);
    if (!reports_others(engine))
        heal_scenario_fail(scenario, "%s has reported none within %s", node->text, within->text);
}

/* ---- what must be so ---- */

static void check_expects(struct heal_scenario *scenario, const struct sentence *sentence) {
    (void)sentence;
    scenario->is_expected = true;
}

void heal_scenario_check_incident(struct heal_scenario *scenario, const struct sentence *sentence) {
    if (!scenario->is_expected)
        heal_scenario_refuse(scenario, sentence->column, "no incident was expected before this");
}

static void check_interface(struct heal_scenario *scenario, const struct sentence *sentence) {
    heal_scenario_check_end(scenario, &sentence->argument[0], &sentence->argument[1]);
}

const struct sentence_row heal_sentences_expect[] = {
    {"expect DIAGNOSIS on PLACE within SPAN", false, expect_incident, check_expects},
    {"expect healed within SPAN",                        false, expect_healed, heal_scenario_check_incident},
    {"expect cut off within SPAN",                                       false, expect_cut_off, heal_scenario_check_incident},
    {"expect closed within SPAN",           false, expect_closed, heal_scenario_check_incident},
    {"expect all closed within SPAN",           false, expect_all_closed, NULL},
    {"expect REMEDY",            false, expect_remedy, heal_scenario_check_incident},
    {"expect REMEDY on NODE",                         false, expect_remedy_on, NULL},
    {"expect quiet for SPAN",                                       false, expect_quiet, NULL},
    {"expect NODE reaches NODE",                        false, expect_reach, NULL},
    {"expect NODE to NODE avoids LINK for SPAN",           false, expect_avoids, NULL},
    {"expect no acts",         false, expect_no_acts, NULL},
    {"expect no acts for SPAN",                      false, expect_no_acts_for, NULL},
    {"expect at most COUNT acts",                                       false, expect_few_acts, NULL},
    {"expect at most COUNT acts on NODE",                       false, expect_few_acts_on, NULL},
    {"expect at least COUNT healthy neighbours on NODE",           false, expect_neighbours, NULL},
    {"expect NODE to see a storm within SPAN",                 false, expect_storm, NULL},
    {"expect threshold METRIC within its bounds",                       false, expect_threshold, NULL},
    {"expect nothing in place on NODE for SPAN",                                       false, expect_nothing_in_place, NULL},
    {"expect the MTU of LINK on NODE to be COUNT",false, expect_mtu, check_interface},
    {"expect the cost of LINK on NODE to be raised by COUNT",                                   false, expect_cost, check_interface},
    {"expect LINK to be down on NODE",              false, expect_down, check_interface},
    {"expect NODE to report a change not its own within SPAN",                           false, expect_report, NULL},
    {0                                      },
};
