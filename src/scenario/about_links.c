/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Sentences about links, and noise in the air. */
#include "scenario/scenario_parts.h"

#include <math.h>

static struct heal_sim_link *link_of(struct heal_scenario *scenario, const struct sentence *sentence) {
    scenario->since = scenario->sim->now;
    return heal_sim_disturb(scenario->sim, (unsigned)sentence->argument[0].link);
}

/* The directions that a sentence about a link means. @return how many. */
static int directions_of(struct heal_scenario *scenario, const struct sentence *sentence,
                         struct heal_sim_direction *ret_direction[2]) {
    const struct argument *about = &sentence->argument[0];
    unsigned link = (unsigned)about->link;
    scenario->since = scenario->sim->now;
    ret_direction[0] = heal_sim_disturb_direction(scenario->sim, link, (unsigned)about->node);
    ret_direction[1] = heal_sim_disturb_direction(scenario->sim, link, (unsigned)about->other);
    return about->one_way ? 1 : 2;
}

static void link_loses(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_sim_direction *direction[2];
    for (int i = 0, count = directions_of(scenario, sentence, direction); i < count; i++)
        direction[i]->loss = direction[i]->loss_full = sentence->argument[1].number;
}

static void link_loses_large(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_sim_direction *direction[2];
    for (int i = 0, count = directions_of(scenario, sentence, direction); i < count; i++)
        direction[i]->loss_full = sentence->argument[1].number;
}

static void link_delays(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_sim_direction *direction[2];
    for (int i = 0, count = directions_of(scenario, sentence, direction); i < count; i++)
        direction[i]->delay_ms = (double)sentence->argument[1].span / HEAL_US_PER_MS;
}

static void link_limits(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_sim_direction *direction[2];
    link_loses(scenario, sentence);
    for (int i = 0, count = directions_of(scenario, sentence, direction); i < count; i++)
        direction[i]->delay_ms = 50;
}

static void link_hears(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_sim_direction *direction[2];
    for (int i = 0, count = directions_of(scenario, sentence, direction); i < count; i++)
        direction[i]->noise_db = sentence->argument[1].number;
}

static void link_fades(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_sim_direction *direction[2];
    for (int i = 0, count = directions_of(scenario, sentence, direction); i < count; i++)
        direction[i]->fade_db = sentence->argument[1].number;
}

static void link_retries(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_sim_direction *direction[2];
    for (int i = 0, count = directions_of(scenario, sentence, direction); i < count; i++)
        direction[i]->retries = sentence->argument[1].number;
}

static void link_is_dead(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_sim_direction *direction[2];
    for (int i = 0, count = directions_of(scenario, sentence, direction); i < count; i++)
        direction[i]->dead = true;
}

static void link_has_no_carrier(struct heal_scenario *scenario, const struct sentence *sentence) {
    link_of(scenario, sentence)->carrier = false;
}

static void link_flaps(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_sim_link *link = link_of(scenario, sentence);
    link->flap_down = sentence->argument[1].span;
    link->flap_period = sentence->argument[2].span;
}

static void link_recovers(struct heal_scenario *scenario, const struct sentence *sentence) {
    scenario->since = scenario->sim->now;
    heal_sim_mend(scenario->sim, (unsigned)sentence->argument[0].link);
}

/* ---- noise ---- */

static void noise_around(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_sim *sim = scenario->sim;
    const struct heal_sim_node *centre = &sim->node[sentence->argument[1].node];
    scenario->since = sim->now;
    for (unsigned i = 0; i < sim->links; i++) {
        struct heal_sim_link *link = heal_sim_disturb(sim, i);
        for (unsigned side = 0; side < 2; side++) {
            const struct heal_sim_node *hears = &sim->node[link->node[!side]];
            if (hypot(hears->x_m - centre->x_m, hears->y_m - centre->y_m) <= sentence->argument[2].number)
                link->direction[side].noise_db = sentence->argument[0].number;
        }
    }
}

static void noise_ends(struct heal_scenario *scenario, const struct sentence *sentence) {
    (void)sentence;
    scenario->since = scenario->sim->now;
    for (unsigned i = 0; i < scenario->sim->links; i++) {
        struct heal_sim_link *link = heal_sim_disturb(scenario->sim, i);
        link->direction[0].noise_db = link->direction[1].noise_db = 0;
    }
}

/* ---- what must be so ---- */

static void check_radio(struct heal_scenario *scenario, const struct sentence *sentence) {
    if (!scenario->radio)
        heal_scenario_refuse(scenario, sentence->column,
                             "this mesh has no radios; its sentence may end in \"radio\": mesh ring 8 radio");
}

static void check_retries(struct heal_scenario *scenario, const struct sentence *sentence) {
    const struct argument *share = &sentence->argument[1];
    check_radio(scenario, sentence);
    if (share->number >= 1)
        heal_scenario_refuse(scenario, share->column, "what always fails never arrives: %s", share->text);
}

static void check_both(struct heal_scenario *scenario, const struct sentence *sentence) {
    const struct argument *link = &sentence->argument[0];
    if (link->one_way)
        heal_scenario_refuse(scenario, link->column, "that happens to both directions of a link at once: %s",
                             link->text);
}

static void check_flaps(struct heal_scenario *scenario, const struct sentence *sentence) {
    const struct argument *down = &sentence->argument[1], *period = &sentence->argument[2];
    check_both(scenario, sentence);
    if (down->span == 0 || down->span >= period->span)
        heal_scenario_refuse(scenario, down->column, "%s is no part of %s", down->text, period->text);
}

const struct sentence_row heal_sentences_links[] = {
    {"link LINK loses SHARE",          false, link_loses, NULL},
    {"link LINK loses SHARE of large packets",                      false, link_loses_large, NULL},
    {"link LINK delays SPAN",                                false, link_delays, NULL},
    {"link LINK limits SHARE",      false, link_limits, NULL},
    {"link LINK hears LEVEL of noise",                            false, link_hears, check_radio},
    {"link LINK fades by LEVEL",          false, link_fades, check_radio},
    {"link LINK retries SHARE",                     false, link_retries, check_retries},
    {"link LINK is dead",                                false, link_is_dead, NULL},
    {"link LINK has no carrier",                      false, link_has_no_carrier, check_both},
    {"link LINK flaps SPAN of SPAN",                            false, link_flaps, check_flaps},
    {"link LINK recovers", false, link_recovers, check_both},
    {"noise of LEVEL around NODE as far as DISTANCE",                      false, noise_around, check_radio},
    {"noise ends",                                false, noise_ends, check_radio},
    {0                 },
};
