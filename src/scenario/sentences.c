/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* All sentences that a script may have, and what they do to the mesh; docs/simulate.md has the same table in
 * words. */
#include "scenario/scenario_parts.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <math.h>
#include <string.h>

static void do_mode(struct heal_scenario *scenario, const struct sentence *sentence) {
    scenario->settings.mode = (enum heal_mode)sentence->argument[0].choice;
}

/* ---- the mesh ---- */

static void decided(void *context, unsigned node, const struct heal_decision *decision) {
    struct heal_scenario *scenario = context;
    const struct heal_scenario_watcher *watcher = &scenario->options->watcher;
    if (watcher->decided)
        watcher->decided(watcher->context, scenario->sim, node, decision);
}

static void set_services(struct heal_settings *settings) {
    static const char *const names[HEAL_SIM_SERVICES] = {"worker", "babeld"};
    settings->services = HEAL_SIM_SERVICES;
    for (unsigned i = 0; i < HEAL_SIM_SERVICES; i++) {
        settings->service[i] = (struct heal_service_setting){
            .sheddable = i != HEAL_SIM_BABELD, .restartable = true, .memory_limit_bytes = 64 << 20};
        heal_name_copy(settings->service[i].name, HEAL_NAME_MAX, names[i]);
    }
}

/* Makes the mesh, and lets it get to know what is normal. */
static void make(struct heal_scenario *scenario, const struct heal_sim_plan *plan, bool radio, bool late) {
    const struct heal_scenario_watcher *watcher = &scenario->options->watcher;
    unsigned ports = heal_sim_plan_degree(plan);
    set_services(&scenario->settings);
    scenario->settings.ports_max = (uint16_t)(ports < 1 ? 1 : ports);
    const struct heal_sim_options options = {
        .settings = &scenario->settings, .seed = scenario->options->seed, .radio = radio, .idle = late};
    if (heal_sim_new(plan, &options, &scenario->sim) < 0) {
        heal_scenario_fail(scenario, "there is no memory for this mesh");
        return;
    }
    scenario->sim->ear = (struct heal_sim_ear){.context = scenario, .decided = decided};
    if (watcher->made)
        watcher->made(watcher->context, scenario->sim);
    heal_scenario_pass(scenario, 20 * HEAL_US_PER_S);
}

static int add_chords(struct heal_sim_plan *plan) {
    int r = heal_sim_plan_add_edge(plan, 1, 5);
    return r < 0 ? r : heal_sim_plan_add_edge(plan, 3, 7);
}

static void do_mesh(struct heal_scenario *scenario, const struct sentence *sentence) {
    enum { CHORDS = 1u << 3, RADIO = 1u << 4, LATE = 1u << 5, CHORDS_LEAST = 8 };
    HEAL_CLEANUP(heal_sim_plan_deinit) struct heal_sim_plan plan = {0};
    enum heal_sim_shape shape = (enum heal_sim_shape)sentence->argument[0].choice;
    unsigned count = (unsigned)sentence->argument[1].number;
    bool chords = sentence->options & CHORDS;
    unsigned least = chords ? CHORDS_LEAST : heal_sim_shape_least(shape);
    if (chords && shape != HEAL_SIM_RING)
        heal_scenario_fail(scenario, "only a ring has chords");
    else if (count < least || count > heal_sim_shape_most(shape))
        heal_scenario_fail(scenario, "a %s%s has %u to %u nodes", heal_sim_shape_names[shape],
                           chords ? " with chords" : "", least, heal_sim_shape_most(shape));
    else if (heal_sim_plan_draw(shape, count, scenario->options->seed, &plan) < 0 ||
             (chords && add_chords(&plan) < 0))
        heal_scenario_fail(scenario, "there is no memory for this mesh");
    else
        make(scenario, &plan, sentence->options & RADIO, sentence->options & LATE);
}

static void do_mesh_from(struct heal_scenario *scenario, const struct sentence *sentence) {
    enum { RADIO = 1u << 3, LATE = 1u << 4 };
    HEAL_CLEANUP(heal_sim_plan_deinit) struct heal_sim_plan plan = {0};
    const struct heal_scenario_options *options = scenario->options;
    const char *file = sentence->argument[0].text;
    struct heal_error error = {0};
    size_t length = 0;
    HEAL_CLEANUP(heal_free_pointer)
    char *json = options->load ? options->load(options->name, file, &length) : NULL;
    if (!json)
        heal_scenario_fail(scenario, "%s cannot be read", file);
    else if (heal_sim_plan_parse(json, length, &plan, &error) == 0)
        make(scenario, &plan, sentence->options & RADIO, sentence->options & LATE);
    else if (error.line > 0)
        heal_scenario_fail(scenario, "%s:%d:%d: %s", file, error.line, error.column, error.what);
    else
        heal_scenario_fail(scenario, "%s: %s", file, error.what);
}

static void do_run(struct heal_scenario *scenario, const struct sentence *sentence) {
    heal_scenario_pass(scenario, sentence->argument[0].span);
}

/* ---- links ---- */

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

/* ---- nodes ---- */

static unsigned node_of(struct heal_scenario *scenario, const struct sentence *sentence) {
    scenario->since = scenario->sim->now;
    return (unsigned)sentence->argument[0].node;
}

static void node_dies(struct heal_scenario *scenario, const struct sentence *sentence) {
    heal_sim_pause(scenario->sim, node_of(scenario, sentence), true);
}

static void node_returns(struct heal_scenario *scenario, const struct sentence *sentence) {
    heal_sim_pause(scenario->sim, node_of(scenario, sentence), false);
}

static void node_forwards_nothing(struct heal_scenario *scenario, const struct sentence *sentence) {
    scenario->sim->node[node_of(scenario, sentence)].forwarding = false;
}

static void node_loses_routes(struct heal_scenario *scenario, const struct sentence *sentence) {
    heal_sim_lose_routes(scenario->sim, node_of(scenario, sentence));
}

static void node_drops(struct heal_scenario *scenario, const struct sentence *sentence) {
    heal_sim_blackhole(scenario->sim, node_of(scenario, sentence), (unsigned)sentence->argument[1].node,
                       true);
}

static void node_drops_no_more(struct heal_scenario *scenario, const struct sentence *sentence) {
    heal_sim_blackhole(scenario->sim, node_of(scenario, sentence), (unsigned)sentence->argument[1].node,
                       false);
}

static void node_cures(struct heal_scenario *scenario, const struct sentence *sentence) {
    scenario->sim->node[node_of(scenario, sentence)].bounce_cures = true;
}

static void node_is_hurt(struct heal_scenario *scenario, const struct sentence *sentence) {
    scenario->sim->node[node_of(scenario, sentence)].bounce_hurts = true;
}

/* ---- services ---- */

static struct heal_sim_service *service_of(struct heal_scenario *scenario, const struct sentence *sentence) {
    scenario->since = scenario->sim->now;
    return &scenario->sim->node[sentence->argument[1].node].service[sentence->argument[0].service];
}

static void service_dies(struct heal_scenario *scenario, const struct sentence *sentence) {
    service_of(scenario, sentence)->running = false;
}

static void service_dies_again(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_sim_service *service = service_of(scenario, sentence);
    service->running = false;
    service->falls = (unsigned)sentence->argument[2].number;
}

static void service_is_stopped(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_sim_service *service = service_of(scenario, sentence);
    service->running = false;
    service->stopped = true;
}

static void service_starts(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_sim_service *service = service_of(scenario, sentence);
    service->running = true;
    service->stopped = false;
}

static void service_leaks(struct heal_scenario *scenario, const struct sentence *sentence) {
    struct heal_sim_service *service = service_of(scenario, sentence);
    service->growth = sentence->argument[2].number;
    service->grown = scenario->sim->now;
}

static void service_uses(struct heal_scenario *scenario, const struct sentence *sentence) {
    service_of(scenario, sentence)->cpu = sentence->argument[2].number;
}

/* ---- operators ---- */

static void say(struct heal_scenario *scenario, int node, enum heal_operator_verb verb,
                const char *argument) {
    struct heal_event_operator said = {.verb = verb};
    heal_name_copy(said.argument, sizeof said.argument, argument);
    heal_sim_say(scenario->sim, (unsigned)node, &said);
}

static void operator_pauses(struct heal_scenario *scenario, const struct sentence *sentence) {
    say(scenario, sentence->argument[0].node, HEAL_OPERATOR_PAUSE, "by the script");
}

static void operator_resumes(struct heal_scenario *scenario, const struct sentence *sentence) {
    say(scenario, sentence->argument[0].node, HEAL_OPERATOR_RESUME, "");
}

static void operator_sets(struct heal_scenario *scenario, const struct sentence *sentence) {
    say(scenario, sentence->argument[0].node, HEAL_OPERATOR_MODE,
        heal_mode_name((enum heal_mode)sentence->argument[1].choice));
}

static void say_of_incident(struct heal_scenario *scenario, enum heal_operator_verb verb, uint64_t number) {
    const struct heal_event_operator said = {.verb = verb, .incident = scenario->incident, .number = number};
    if (scenario->incident == 0)
        heal_scenario_fail(scenario, "no incident was expected before this");
    else
        heal_sim_say(scenario->sim, scenario->node, &said);
}

static void operator_calls_it_true(struct heal_scenario *scenario, const struct sentence *sentence) {
    (void)sentence;
    say_of_incident(scenario, HEAL_OPERATOR_LABEL, 1);
}

static void operator_calls_it_false(struct heal_scenario *scenario, const struct sentence *sentence) {
    (void)sentence;
    say_of_incident(scenario, HEAL_OPERATOR_LABEL, 0);
}

static void operator_undoes_it(struct heal_scenario *scenario, const struct sentence *sentence) {
    (void)sentence;
    say_of_incident(scenario, HEAL_OPERATOR_UNDO, 0);
}

const struct sentence_row heal_scenario_sentences[] = {
    {"mode MODE",                                          true,  do_mode                },
    {"mesh from FILE [radio] [late]",                      true,  do_mesh_from           },
    {"mesh SHAPE COUNT [chords] [radio] [late]",           true,  do_mesh                },
    {"run SPAN",                                           false, do_run                 },
    {"link LINK loses SHARE",                              false, link_loses             },
    {"link LINK loses SHARE of large packets",             false, link_loses_large       },
    {"link LINK delays SPAN",                              false, link_delays            },
    {"link LINK limits SHARE",                             false, link_limits            },
    {"link LINK hears LEVEL of noise",                     false, link_hears             },
    {"link LINK is dead",                                  false, link_is_dead           },
    {"link LINK has no carrier",                           false, link_has_no_carrier    },
    {"link LINK flaps SPAN of SPAN",                       false, link_flaps             },
    {"link LINK recovers",                                 false, link_recovers          },
    {"noise of LEVEL around NODE as far as DISTANCE",      false, noise_around           },
    {"noise ends",                                         false, noise_ends             },
    {"node NODE dies",                                     false, node_dies              },
    {"node NODE returns",                                  false, node_returns           },
    {"node NODE forwards nothing",                         false, node_forwards_nothing  },
    {"node NODE loses its routes",                         false, node_loses_routes      },
    {"node NODE drops what goes to NODE",                  false, node_drops             },
    {"node NODE no longer drops what goes to NODE",        false, node_drops_no_more     },
    {"node NODE cures by a bounce",                        false, node_cures             },
    {"node NODE is hurt by a bounce",                      false, node_is_hurt           },
    {"service SERVICE on NODE dies",                       false, service_dies           },
    {"service SERVICE on NODE dies and COUNT times again", false, service_dies_again     },
    {"service SERVICE on NODE is stopped",                 false, service_is_stopped     },
    {"service SERVICE on NODE starts",                     false, service_starts         },
    {"service SERVICE on NODE leaks SIZE a second",        false, service_leaks          },
    {"service SERVICE on NODE uses SHARE",                 false, service_uses           },
    {"operator pauses NODE",                               false, operator_pauses        },
    {"operator resumes NODE",                              false, operator_resumes       },
    {"operator sets NODE to MODE",                         false, operator_sets          },
    {"operator calls it true",                             false, operator_calls_it_true },
    {"operator calls it false",                            false, operator_calls_it_false},
    {"operator undoes it",                                 false, operator_undoes_it     },
    {"expect DIAGNOSIS on PLACE within SPAN",              false, heal_expect_incident   },
    {"expect healed within SPAN",                          false, heal_expect_healed     },
    {"expect closed within SPAN",                          false, heal_expect_closed     },
    {"expect all closed within SPAN",                      false, heal_expect_all_closed },
    {"expect REMEDY",                                      false, heal_expect_remedy     },
    {"expect quiet for SPAN",                              false, heal_expect_quiet      },
    {"expect NODE reaches NODE",                           false, heal_expect_reach      },
    {"expect NODE to NODE avoids LINK for SPAN",           false, heal_expect_avoids     },
    {"expect no acts",                                     false, heal_expect_no_acts    },
};
const size_t heal_scenario_sentences_count = HEAL_COUNT(heal_scenario_sentences);
