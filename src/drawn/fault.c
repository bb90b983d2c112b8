/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "drawn/fault.h"

#include "base/cleanup.h"
#include "drawn/case.h"
#include "sim/air.h"
#include "sim/hand.h"
#include "sim/sim_state.h"

#include <math.h>

/* ---- links ---- */

/* The direction of the link that leads there, or back. */
static struct heal_sim_direction *direction(struct heal_sim *sim, const struct heal_drawn_case *of,
                                            enum heal_drawn_ways way) {
    const struct heal_sim_link *link = &sim->link[of->link];
    unsigned other = link->node[0] == of->node ? link->node[1] : link->node[0];
    return heal_sim_disturb_direction(sim, of->link, way == HEAL_DRAWN_THERE ? of->node : other);
}

static void lose_both_ways(struct heal_sim *sim, const struct heal_drawn_case *of) {
    struct heal_sim_direction *there = direction(sim, of, HEAL_DRAWN_THERE),
                              *back = direction(sim, of, HEAL_DRAWN_BACK);
    there->loss = there->loss_full = of->how_bad;
    back->loss = back->loss_full = of->how_bad * of->and;
}

static void swallow_large(struct heal_sim *sim, const struct heal_drawn_case *of) {
    for (unsigned way = HEAL_DRAWN_THERE; way <= HEAL_DRAWN_BACK; way++)
        if (of->ways & way)
            direction(sim, of, (enum heal_drawn_ways)way)->loss_full = 1;
}

static void lose_one_way(struct heal_sim *sim, const struct heal_drawn_case *of) {
    struct heal_sim_direction *there = direction(sim, of, HEAL_DRAWN_THERE);
    there->loss = there->loss_full = of->how_bad;
}

static void be_deaf(struct heal_sim *sim, const struct heal_drawn_case *of) {
    direction(sim, of, HEAL_DRAWN_THERE)->dead = true;
}

static void delay(struct heal_sim *sim, const struct heal_drawn_case *of) {
    for (unsigned way = HEAL_DRAWN_THERE; way <= HEAL_DRAWN_BACK; way++)
        if (of->ways & way)
            direction(sim, of, (enum heal_drawn_ways)way)->delay_ms = of->how_bad;
}

static void flap(struct heal_sim *sim, const struct heal_drawn_case *of) {
    struct heal_sim_link *link = heal_sim_disturb(sim, of->link);
    link->flap_down = (heal_us)(of->how_bad * HEAL_US_PER_MS);
    link->flap_period = link->flap_down + (heal_us)(of->and *HEAL_US_PER_MS);
}

/* A queue in front of a bottleneck: it fills, and packets that find it full are lost, large ones first. */
static void limit(struct heal_sim *sim, const struct heal_drawn_case *of) {
    static const double small_of_large = 0.7;
    for (unsigned way = HEAL_DRAWN_THERE; way <= HEAL_DRAWN_BACK; way++) {
        if (!(of->ways & way))
            continue;
        struct heal_sim_direction *narrow = direction(sim, of, (enum heal_drawn_ways)way);
        narrow->loss_full = of->how_bad;
        narrow->loss = of->how_bad * small_of_large;
        narrow->delay_ms = of->and;
    }
}

static void cut(struct heal_sim *sim, const struct heal_drawn_case *of) {
    direction(sim, of, HEAL_DRAWN_THERE)->dead = direction(sim, of, HEAL_DRAWN_BACK)->dead = true;
}

static void unplug(struct heal_sim *sim, const struct heal_drawn_case *of) {
    heal_sim_disturb(sim, of->link)->carrier = false;
}

/* ---- noise ---- */

/* So much that the signal-to-noise ratio of the link is what was drawn. */
static double noise_of(const struct heal_sim *sim, const struct heal_drawn_case *of) {
    const struct heal_radio *radio = &heal_radio_default;
    return heal_radio_rssi(radio, sim->link[of->link].distance_m, 0) - radio->noise_dbm - of->how_bad;
}

static void jam_link(struct heal_sim *sim, const struct heal_drawn_case *of) {
    for (unsigned way = HEAL_DRAWN_THERE; way <= HEAL_DRAWN_BACK; way++)
        if (of->ways & way)
            direction(sim, of, (enum heal_drawn_ways)way)->noise_db = noise_of(sim, of);
}

static void jam_region(struct heal_sim *sim, const struct heal_drawn_case *of) {
    double noise_db = noise_of(sim, of);
    for (unsigned i = 0; i < sim->links; i++) {
        struct heal_sim_link *link = heal_sim_disturb(sim, i);
        for (unsigned side = 0; side < 2; side++)
            if (heal_drawn_case_in_region(of, sim, link->node[!side]))
                link->direction[side].noise_db = noise_db;
    }
}

/* Tried seven times, as 802.11 does with small frames: what fails each time is lost. */
static void fail_attempts(struct heal_sim *sim, const struct heal_drawn_case *of) {
    static const double attempts = 7;
    for (unsigned way = HEAL_DRAWN_THERE; way <= HEAL_DRAWN_BACK; way++) {
        if (!(of->ways & way))
            continue;
        struct heal_sim_direction *poor = direction(sim, of, (enum heal_drawn_ways)way);
        poor->retries = of->how_bad;
        poor->loss = poor->loss_full = pow(of->how_bad, attempts);
    }
}

static void fade(struct heal_sim *sim, const struct heal_drawn_case *of) {
    for (unsigned way = HEAL_DRAWN_THERE; way <= HEAL_DRAWN_BACK; way++)
        if (of->ways & way)
            direction(sim, of, (enum heal_drawn_ways)way)->fade_db = of->how_bad;
}

/* ---- nodes ---- */

static void become_gateway(struct heal_sim *sim, const struct heal_drawn_case *of) {
    sim->node[of->node].gateway = true;
    sim->node[of->node].gateway_mode = HEAL_GATEWAY_SERVER;
    heal_hand_uplink(sim, of->node, true);
}

static void lose_uplink(struct heal_sim *sim, const struct heal_drawn_case *of) {
    heal_hand_uplink(sim, of->node, false);
}

static void die(struct heal_sim *sim, const struct heal_drawn_case *of) {
    heal_hand_pause(sim, of->node, true);
}

static void lose_routes(struct heal_sim *sim, const struct heal_drawn_case *of) {
    heal_hand_lose_routes(sim, of->node);
}

static void stop_forwarding(struct heal_sim *sim, const struct heal_drawn_case *of) {
    sim->node[of->node].forwarding = false;
}

static void drop(struct heal_sim *sim, const struct heal_drawn_case *of) {
    heal_hand_blackhole(sim, of->node, of->target, true);
}

static void burn(struct heal_sim *sim, const struct heal_drawn_case *of) {
    sim->node[of->node].service[0].cpu = of->how_bad;
}

static void burn_and_lag(struct heal_sim *sim, const struct heal_drawn_case *of) {
    const struct heal_sim_node *node = &sim->node[of->node];
    burn(sim, of);
    for (unsigned i = 0; i < node->ports; i++)
        heal_sim_disturb_direction(sim, node->port[i].link, of->node)->delay_ms = of->and;
}

static void leak(struct heal_sim *sim, const struct heal_drawn_case *of) {
    struct heal_sim_service *service = &sim->node[of->node].service[of->service];
    service->growth = of->how_bad * 1e3;
    service->grown = sim->now;
}

static void worker_dies(struct heal_sim *sim, const struct heal_drawn_case *of) {
    sim->node[of->node].service[!HEAL_SIM_BABELD].running = false;
}

static void babeld_dies(struct heal_sim *sim, const struct heal_drawn_case *of) {
    sim->node[of->node].service[HEAL_SIM_BABELD].running = false;
}

/* The ranges are of what is met in meshes and harms them; what they leave out, and why, is said beside them.
 */
const struct heal_drawn_fault heal_drawn_faults[] = {
    {.truth = HEAL_LINK_LOSS,
     .what = "loses both ways",
     .place = HEAL_DRAWN_LINK,
     .how_bad = {0.08, 0.60, "of what is sent"},
     .and = {0.5, 1, "of that on the way back"},
     .inject = lose_both_ways,
     .why = "sizes and directions suffer alike"},
    {.truth = HEAL_MTU_BLACKHOLE,
     .what = "swallows large packets",
     .place = HEAL_DRAWN_LINK,
     .inject = swallow_large,
     .why = "all large packets are lost, no small ones"                                                  },
    {.truth = HEAL_ONE_WAY_LINK,
     .what = "loses one way",
     .place = HEAL_DRAWN_LINK,
     .how_bad = {0.15, 1, "of what is sent"},
     .inject = lose_one_way,
     .why = "the other direction loses nothing"                                                    },
    {.truth = HEAL_ONE_WAY_LINK,
     .what = "is dead one way",
     .place = HEAL_DRAWN_LINK,
     .inject = be_deaf,
     .why = "one end hears nothing, and is heard: no neighbour is lost"       },
    {.truth = HEAL_LINK_LATENCY,
     .what = "is slow",
     .place = HEAL_DRAWN_LINK,
     .how_bad = {15, 200, "ms more, each way that is slow"},
     .inject = delay,
     .why = "nothing is lost"                                                            },
    {.truth = HEAL_LINK_FLAP,
     .what = "flaps",
     .place = HEAL_DRAWN_LINK,
     /* An outage that lasts longer than `silence` is a lost neighbour before it is over: docs/diagnoses.
     * Three                                                                                within 15 s are
     * what the name asks for. */
     .how_bad = {400, 1200, "ms gone"},
     .and = {800, 3000, "ms there"},
     .inject = flap,
     .why = "it comes back before a neighbour counts as lost, and goes again"},
    {.truth = HEAL_NEIGHBOUR_LOST,
     .what = "is cut",
     .place = HEAL_DRAWN_LINK,
     .inject = cut,
     .why = "nothing comes through either way"                                },
    {.truth = HEAL_NEIGHBOUR_LOST,
     .what = "has no carrier",
     .place = HEAL_DRAWN_LINK,
     .inject = unplug,
     .why = "the interface says so"                                         },
    {.truth = HEAL_NEIGHBOUR_LOST,
     .what = "dies",
     .place = HEAL_DRAWN_NODE,
     .spreads = true,
     .inject = die,
     .why = "nothing comes from it on any of its links"                },
    {.truth = HEAL_INTERFERENCE,
     .what = "hears noise",
     .place = HEAL_DRAWN_LINK,
     .radio = true,
     /* Above 0 dB all arrives, below -2 dB nothing. */
     .how_bad = {-12, -0.5, "dB of signal above noise are left"},
     .inject = jam_link,
     .why = "the noise is measured at an end, also where it lets nothing pass"},
    {.truth = HEAL_INTERFERENCE,
     .what = "is in a noisy region",
     .place = HEAL_DRAWN_REGION,
     .radio = true,
     .how_bad = {-12, -0.5, "dB of signal above noise are left"},
     .and = {10, 150, "m around one end"},
     .inject = jam_region,
     .why = "the noise is measured at an end, also where it lets nothing pass"},
    {.truth = HEAL_RATE_LIMITED,
     .what = "carries less than is sent",
     .place = HEAL_DRAWN_LINK,
     .how_bad = {0.08, 0.5, "of large packets are lost, fewer small ones"},
     .and = {20, 150, "ms in the queue"},
     .inject = limit,
     .why = "what arrives has waited in a queue"},
    {.truth = HEAL_ROUTES_LOST,
     .what = "loses its routes",
     .place = HEAL_DRAWN_NODE,
     .inject = lose_routes,
     .why = "the routing daemon has them, its kernel does not"                                                 },
    {.truth = HEAL_NOT_FORWARDING,
     .what = "forwards nothing",
     .place = HEAL_DRAWN_RELAY,
     .inject = stop_forwarding,
     .why = "its links and routes are as they were"                                                },
    {.truth = HEAL_NOT_FORWARDING,
     .what = "drops what goes to a node",
     .place = HEAL_DRAWN_RELAY,
     .inject = drop,
     .why = "somebody's route drops what the routing daemon's would pass on"  },
    {.truth = HEAL_NODE_OVERLOAD,
     .what = "has no processor time left",
     .place = HEAL_DRAWN_NODE,
     .how_bad = {0.7, 1, "of it used by the worker"},
     .inject = burn,
     .why = "0.3 of it are in use anyway"       },
    {.truth = HEAL_NODE_OVERLOAD,
     .what = "has no processor time left and answers late",
     .place = HEAL_DRAWN_NODE,
     .how_bad = {0.7, 1, "of it used by the worker"},
     .and = {10, 60, "ms late"},
     .spreads = true,
     .inject = burn_and_lag,
     .why = "that all its links are slow is the overload's doing"},
    {.truth = HEAL_MEMORY_LEAK,
     .what = "has a service that leaks",
     .place = HEAL_DRAWN_NODE,
     /* A tenth of the 64 MiB that it may use a minute are 112 kB/s: slower is no leak by that threshold. */
     .how_bad = {200, 2000, "kB a second"},
     .inject = leak,
     .why = "it only ever grows, and runs"                                                                                  },
    {.truth = HEAL_SERVICE_DOWN,
     .what = "has a worker that died",
     .place = HEAL_DRAWN_NODE,
     .inject = worker_dies,
     .why = "it should run and does not"                                                    },
    {.truth = HEAL_SERVICE_DOWN,
     .what = "has a routing daemon that died",
     .place = HEAL_DRAWN_NODE,
     .spreads = true,
     .inject = babeld_dies,
     .why = "that its routes go is the service's doing"                                                                   },
    {.truth = HEAL_HIDDEN_LOSS,
     .what = "needs many attempts",
     .place = HEAL_DRAWN_LINK,
     .radio = true,
     /* Where more fail the loss does not stay hidden. */
     .how_bad = {0.35, 0.55, "of the attempts fail"},
     .inject = fail_attempts,
     .why = "what 802.11 tries again arrives in the end"},
    {.truth = HEAL_WEAK_SIGNAL,
     .what = "hears a signal that has faded",
     .place = HEAL_DRAWN_LINK,
     .radio = true,
     /* 18 to 20 dB above the noise before: all arrives, but hardly. */
     .how_bad = {12, 16, "dB less"},
     .inject = fade,
     .why = "the noise is as it was, and nothing is lost yet"},
 /* Of those who have chosen it the simulation has none; a gateway that dies is a lost neighbour. */
    {.truth = HEAL_GATEWAY_LOST,
     .what = "is a gateway that loses its uplink",
     .place = HEAL_DRAWN_NODE,
     .prepare = become_gateway,
     .inject = lose_uplink,
     .why = "it offers a way out and has none"                           },
};
const size_t heal_drawn_faults_count = HEAL_COUNT(heal_drawn_faults);

unsigned heal_drawn_faults_of(enum heal_diagnosis truth) {
    unsigned rows = 0;
    for (size_t i = 0; i < heal_drawn_faults_count; i++)
        rows += heal_drawn_faults[i].truth == truth;
    return rows;
}

const struct heal_drawn_fault *heal_drawn_fault_of(enum heal_diagnosis truth, unsigned index) {
    for (size_t i = 0; i < heal_drawn_faults_count; i++)
        if (heal_drawn_faults[i].truth == truth && index-- == 0)
            return &heal_drawn_faults[i];
    return NULL;
}
