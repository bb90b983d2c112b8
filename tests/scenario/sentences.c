/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* All sentences that a script may have, and what they do to the mesh; README.md has the same table in words.
 */
#include "scenario/scenario.h"
#include "sim/shell.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <string.h>

static void do_mode(struct scenario *scenario, const struct sentence *sentence) {
    scenario->settings.mode = (enum heal_mode)sentence->argument[0].choice;
}

static void do_mesh(struct scenario *scenario, const struct sentence *sentence) {
    enum { CHORDS = 1u << 3, RADIO = 1u << 4, LATE = 1u << 5, CHORDS_LEAST = 8 };
    int count = (int)sentence->argument[0].number;
    bool chords = sentence->options & CHORDS, radio = sentence->options & RADIO;
    if (count > SIM_NODES_MAX || count < 3 || (chords && count < CHORDS_LEAST)) {
        scenario_fail(scenario, "a ring has 3 to %d nodes, with chords no fewer than %d", SIM_NODES_MAX,
                      CHORDS_LEAST);
        return;
    }
    for (int i = 0; i < 2; i++)
        scenario->settings.service[i] = (struct heal_service_setting){
            .sheddable = i == 0, .restartable = true, .memory_limit_bytes = 64 << 20};
    heal_name_copy(scenario->settings.service[0].name, HEAL_NAME_MAX, "worker");
    heal_name_copy(scenario->settings.service[1].name, HEAL_NAME_MAX, "babeld");
    scenario->settings.services = 2;
    sim_mesh_ring(scenario->mesh, count, chords, radio, &scenario->settings);
    for (int i = 0; i < count; i++)
        scenario->mesh->node[i].service[0].running = !(sentence->options & LATE);
    sim_mesh_run(scenario->mesh, 20 * HEAL_US_PER_S);
}

static void do_run(struct scenario *scenario, const struct sentence *sentence) {
    sim_mesh_run(scenario->mesh, sentence->argument[0].span);
}

/* ---- links ---- */

static struct sim_link *link_of(struct scenario *scenario, const struct sentence *sentence) {
    scenario->since = scenario->mesh->now;
    return &scenario->mesh->link[sentence->argument[0].link];
}

/* The directions that a sentence about a link means. @return how many. */
static int directions_of(struct scenario *scenario, const struct sentence *sentence,
                         struct sim_direction *ret_direction[2]) {
    const struct argument *link = &sentence->argument[0];
    scenario->since = scenario->mesh->now;
    ret_direction[0] = sim_mesh_direction(scenario->mesh, link->link, link->node);
    ret_direction[1] = sim_mesh_direction(scenario->mesh, link->link, link->other);
    return link->one_way ? 1 : 2;
}

static void link_loses(struct scenario *scenario, const struct sentence *sentence) {
    struct sim_direction *direction[2];
    for (int i = 0, count = directions_of(scenario, sentence, direction); i < count; i++)
        direction[i]->loss = direction[i]->loss_full = sentence->argument[1].number;
}

static void link_loses_large(struct scenario *scenario, const struct sentence *sentence) {
    struct sim_direction *direction[2];
    for (int i = 0, count = directions_of(scenario, sentence, direction); i < count; i++)
        direction[i]->loss_full = sentence->argument[1].number;
}

static void link_delays(struct scenario *scenario, const struct sentence *sentence) {
    struct sim_direction *direction[2];
    for (int i = 0, count = directions_of(scenario, sentence, direction); i < count; i++)
        direction[i]->delay_ms = (double)sentence->argument[1].span / HEAL_US_PER_MS;
}

static void link_limits(struct scenario *scenario, const struct sentence *sentence) {
    struct sim_direction *direction[2];
    link_loses(scenario, sentence);
    for (int i = 0, count = directions_of(scenario, sentence, direction); i < count; i++)
        direction[i]->delay_ms = 50;
}

static void link_hears(struct scenario *scenario, const struct sentence *sentence) {
    struct sim_direction *direction[2];
    for (int i = 0, count = directions_of(scenario, sentence, direction); i < count; i++)
        direction[i]->noise_db = sentence->argument[1].number;
}

static void link_is_dead(struct scenario *scenario, const struct sentence *sentence) {
    struct sim_direction *direction[2];
    for (int i = 0, count = directions_of(scenario, sentence, direction); i < count; i++)
        direction[i]->dead = true;
}

static bool means_both(struct scenario *scenario, const struct sentence *sentence) {
    if (sentence->argument[0].one_way)
        scenario_fail(scenario, "that happens to both directions of a link at once: %s",
                      sentence->argument[0].text);
    return !sentence->argument[0].one_way;
}

static void link_has_no_carrier(struct scenario *scenario, const struct sentence *sentence) {
    if (means_both(scenario, sentence))
        link_of(scenario, sentence)->carrier = false;
}

static void link_flaps(struct scenario *scenario, const struct sentence *sentence) {
    heal_us down = sentence->argument[1].span, period = sentence->argument[2].span;
    if (!means_both(scenario, sentence))
        return;
    if (down == 0 || down >= period) {
        scenario_fail(scenario, "%s is no part of %s", sentence->argument[1].text,
                      sentence->argument[2].text);
        return;
    }
    struct sim_link *link = link_of(scenario, sentence);
    link->flap_down = down;
    link->flap_period = period;
}

static void link_recovers(struct scenario *scenario, const struct sentence *sentence) {
    if (!means_both(scenario, sentence))
        return;
    struct sim_link *link = link_of(scenario, sentence);
    memset(link->direction, 0, sizeof link->direction);
    link->carrier = true;
    link->flap_period = 0;
}

/* ---- nodes and services ---- */

static struct sim_node *node_of(struct scenario *scenario, int index) {
    scenario->since = scenario->mesh->now;
    return &scenario->mesh->node[index];
}

static void node_dies(struct scenario *scenario, const struct sentence *sentence) {
    node_of(scenario, sentence->argument[0].node)->paused = true;
}

static void node_returns(struct scenario *scenario, const struct sentence *sentence) {
    node_of(scenario, sentence->argument[0].node)->paused = false;
}

static void node_forwards_nothing(struct scenario *scenario, const struct sentence *sentence) {
    node_of(scenario, sentence->argument[0].node)->forwarding = false;
}

static void node_loses_routes(struct scenario *scenario, const struct sentence *sentence) {
    int index = sentence->argument[0].node;
    struct sim_node *node = node_of(scenario, index);
    for (int to = 0; to < scenario->mesh->nodes; to++)
        if (node->kernel[to] && node->babel[to] >= 0) {
            node->kernel[to] = false;
            sim_shell_fib(scenario->mesh, index, to, node->babel[to], 42, 1024, false);
        }
}

static void node_cures(struct scenario *scenario, const struct sentence *sentence) {
    node_of(scenario, sentence->argument[0].node)->bounce_cures = true;
}

static struct sim_service *service_of(struct scenario *scenario, const struct sentence *sentence) {
    struct sim_node *node = node_of(scenario, sentence->argument[1].node);
    return &node->service[sentence->argument[0].service];
}

static void service_dies(struct scenario *scenario, const struct sentence *sentence) {
    service_of(scenario, sentence)->running = false;
}

static void service_is_stopped(struct scenario *scenario, const struct sentence *sentence) {
    struct sim_service *service = service_of(scenario, sentence);
    service->running = false;
    service->stopped = true;
}

static void service_starts(struct scenario *scenario, const struct sentence *sentence) {
    struct sim_service *service = service_of(scenario, sentence);
    service->running = true;
    service->stopped = false;
}

static void service_leaks(struct scenario *scenario, const struct sentence *sentence) {
    service_of(scenario, sentence)->growth = sentence->argument[2].number;
}

static void service_uses(struct scenario *scenario, const struct sentence *sentence) {
    service_of(scenario, sentence)->cpu = sentence->argument[2].number;
}

const struct sentence_row scenario_sentences[] = {
    {"mode MODE",                                   true,  do_mode              },
    {"mesh ring COUNT [chords] [radio] [late]",     true,  do_mesh              },
    {"run SPAN",                                    false, do_run               },
    {"link LINK loses SHARE",                       false, link_loses           },
    {"link LINK loses SHARE of large packets",      false, link_loses_large     },
    {"link LINK delays SPAN",                       false, link_delays          },
    {"link LINK limits SHARE",                      false, link_limits          },
    {"link LINK hears LEVEL of noise",              false, link_hears           },
    {"link LINK is dead",                           false, link_is_dead         },
    {"link LINK has no carrier",                    false, link_has_no_carrier  },
    {"link LINK flaps SPAN of SPAN",                false, link_flaps           },
    {"link LINK recovers",                          false, link_recovers        },
    {"node NODE dies",                              false, node_dies            },
    {"node NODE returns",                           false, node_returns         },
    {"node NODE forwards nothing",                  false, node_forwards_nothing},
    {"node NODE loses its routes",                  false, node_loses_routes    },
    {"node NODE cures by a bounce",                 false, node_cures           },
    {"service SERVICE on NODE dies",                false, service_dies         },
    {"service SERVICE on NODE is stopped",          false, service_is_stopped   },
    {"service SERVICE on NODE starts",              false, service_starts       },
    {"service SERVICE on NODE leaks SIZE a second", false, service_leaks        },
    {"service SERVICE on NODE uses SHARE",          false, service_uses         },
    {"expect DIAGNOSIS on PLACE within SPAN",       false, expect_incident      },
    {"expect healed within SPAN",                   false, expect_healed        },
    {"expect closed within SPAN",                   false, expect_closed        },
    {"expect all closed within SPAN",               false, expect_all_closed    },
    {"expect REMEDY",                               false, expect_remedy        },
    {"expect quiet for SPAN",                       false, expect_quiet         },
    {"expect NODE reaches NODE",                    false, expect_reach         },
    {"expect NODE to NODE avoids LINK for SPAN",    false, expect_avoids        },
    {"expect no acts",                              false, expect_no_acts       },
};
const size_t scenario_sentences_count = HEAL_COUNT(scenario_sentences);
