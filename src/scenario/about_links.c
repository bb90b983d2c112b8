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
    if (sentence->argument[1].number >= 1) {
        heal_scenario_fail(scenario, "what always fails never arrives: %s", sentence->argument[1].text);
        return;
    }
    for (int i = 0, count = directions_of(scenario, sentence, direction); i < count; i++)
        direction[i]->retries = sentence->argument[1].number;
}

static void link_is_dead(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_sim_direction *direction[2];
    for (int i = 0, count = directions_of(scenario, sentence, direction); i < count; i++)
        direction[i]->dead = true;
}

static bool means_both(struct heal_scenario *scenario, const struct sentence *sentence) {
    if (sentence->argument[0].one_way)
        heal_scenario_fail(scenario, "that happens to both directions of a link at once: %s",
                           sentence->argument[0].text);
    return !sentence->argument[0].one_way;
}

static void link_has_no_carrier(struct heal_scenario *scenario, const struct sentence *sentence) {
    if (means_both(scenario, sentence))
        link_of(scenario, sentence)->carrier = false;
}

static void link_flaps(struct heal_scenario *scenario, const struct sentence *sentence) {
    heal_us down = sentence->argument[1].span, period = sentence->argument[2].span;
    if (!means_both(scenario, sentence))
        return;
    if (down == 0 || down >= period) {
        heal_scenario_fail(scenario, "%s is no part of %s", sentence->argument[1].text,
                           sentence->argument[2].text);
        return;
    }
    struct heal_sim_link *link = link_of(scenario, sentence);
    link->flap_down = down;
    link->flap_period = period;
}

static void link_recovers(struct heal_scenario *scenario, const struct sentence *sentence) {
    if (!means_both(scenario, sentence))
        return;
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

const struct sentence_row heal_sentences_links[] = {
    {"link LINK loses SHARE",                  false, link_loses},
    {"link LINK loses SHARE of large packets",                              false, link_loses_large},
    {"link LINK delays SPAN", false, link_delays},
    {"link LINK limits SHARE",                        false, link_limits},
    {"link LINK hears LEVEL of noise",                  false, link_hears},
    {"link LINK fades by LEVEL",                             false, link_fades},
    {"link LINK retries SHARE",                 false, link_retries},
    {"link LINK is dead",                             false, link_is_dead},
    {"link LINK has no carrier",         false, link_has_no_carrier},
    {"link LINK flaps SPAN of SPAN",                              false, link_flaps},
    {"link LINK recovers",               false, link_recovers},
    {"noise of LEVEL around NODE as far as DISTANCE",                              false, noise_around},
    {"noise ends",                false, noise_ends},
    {0                           },
};
