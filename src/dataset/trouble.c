/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "dataset/trouble.h"

#include "base/cleanup.h"
#include "sim/hand.h"
#include "sim/sim_state.h"

#include <math.h>
#include <string.h>

enum { TRIES = 16 /* to find a place */ };

/* A reboot, an interface taken down for a moment. */
static const heal_us passes_us = 6 * HEAL_US_PER_S;
/* By then a leak has taken what was drawn. */
static const double leak_takes_s = 30;
static const double memory_bytes = 256e6; /* of a simulated node */

/* ---- what is done ---- */

static void for_links(struct heal_sim *sim, unsigned node,
                      void (*change)(struct heal_sim_direction *direction, const struct heal_drawn_case *of),
                      const struct heal_drawn_case *of) {
    for (unsigned i = 0; i < sim->node[node].ports; i++) {
        struct heal_sim_link *link = heal_sim_disturb(sim, sim->node[node].port[i].link);

        change(&link->direction[0], of);
        change(&link->direction[1], of);
    }
}

/* The more the worker wants, the longer waits what the node is to pass on. */
static void choke(struct heal_sim_direction *direction, const struct heal_drawn_case *of) {
    static const double small_of_large = 0.7, lag_least_ms = 10, lag_most_ms = 60;
    const struct heal_drawn_range *wanted = &of->fault->how_bad;
    double share = (of->how_bad - wanted->least) / (wanted->most - wanted->least);

    direction->loss_full = of->and;
    direction->loss = of->and *small_of_large;
    direction->delay_ms = lag_least_ms + share * (lag_most_ms - lag_least_ms);
}

static void overwhelm(struct heal_sim *sim, const struct heal_drawn_case *of) {
    sim->node[of->node].service[0].cpu = of->how_bad;
    for_links(sim, of->node, choke, of);
}

static void leak(struct heal_sim *sim, const struct heal_drawn_case *of) {
    struct heal_sim_node *node = &sim->node[of->node];
    double used = 0;

    for (unsigned i = 0; i < HEAL_SIM_SERVICES; i++)
        used += node->service[i].rss;
    node->service[of->service].growth = (of->how_bad * memory_bytes - used) / leak_takes_s;
    node->service[of->service].grown = sim->now;
}

static void weaken(struct heal_sim *sim, const struct heal_drawn_case *of) {
    struct heal_sim_link *link = heal_sim_disturb(sim, of->link);
    double snr = heal_radio_rssi(&heal_radio_default, link->distance_m, 0) - heal_radio_default.noise_dbm;

    for (unsigned side = 0; side < 2; side++)
        if (of->ways & (link->node[side] == of->node ? HEAL_DRAWN_THERE : HEAL_DRAWN_BACK))
            link->direction[side].fade_db = snr - of->how_bad;
}

static void be_busy(struct heal_sim *sim, const struct heal_drawn_case *of) {
    static const double traffic_most = 4000;

    sim->node[of->node].service[0].cpu = of->how_bad - sim->node[of->node].cpu_base;
    for (unsigned i = 0; i < sim->node[of->node].ports; i++) {
        struct heal_sim_link *link = heal_sim_disturb(sim, sim->node[of->node].port[i].link);

        link->traffic = fmin(link->traffic * of->and, traffic_most);
    }
}

static void move(struct heal_sim *sim, const struct heal_drawn_case *of) {
    heal_sim_disturb(sim, of->link)->distance_m *= of->how_bad;
}

static void stop(struct heal_sim *sim, const struct heal_drawn_case *of) {
    heal_hand_pause(sim, of->node, true);
}

static void start(struct heal_sim *sim, const struct heal_drawn_case *of) {
    heal_hand_pause(sim, of->node, false);
}

static struct heal_sim_port *own_port(struct heal_sim *sim, const struct heal_drawn_case *of) {
    const struct heal_sim_link *link = &sim->link[of->link];
    unsigned side = link->node[0] == of->node ? 0 : 1;

    return &sim->node[link->node[side]].port[link->port[side]];
}

static void take_down(struct heal_sim *sim, const struct heal_drawn_case *of) {
    heal_hand_take_down(sim, of->node, own_port(sim, of));
}

static void bring_up(struct heal_sim *sim, const struct heal_drawn_case *of) {
    heal_hand_bring_up(sim, own_port(sim, of));
}

static void lose(struct heal_sim *sim, const struct heal_drawn_case *of) {
    struct heal_sim_link *link = heal_sim_disturb(sim, of->link);

    for (unsigned side = 0; side < 2; side++)
        link->direction[side].loss = link->direction[side].loss_full = of->how_bad;
}

static void recover(struct heal_sim *sim, const struct heal_drawn_case *of) {
    heal_sim_mend(sim, of->link);
}

/* ---- where it shows ---- */

/* Where the other end has no heald, nobody counts what arrives. */
static bool is_told(const float *feature) {
    return !isnan(feature[HEAL_FEATURE_LOSS]);
}

static bool is_weak(const float *feature) {
    static const float least_snr_db = 7;

    return feature[HEAL_FEATURE_SNR] < least_snr_db;
}

/* Noise that leaves enough of the signal harms nothing. */
static bool is_jammed(const float *feature) {
    static const float most_loss = 0.03F;

    return is_weak(feature) || feature[HEAL_FEATURE_LOSS] > most_loss;
}

static bool is_worked(const float *feature) {
    static const float most_cpu = 0.85F;

    return is_told(feature) || feature[HEAL_FEATURE_CPU] > most_cpu;
}

/* One number says nothing of a slope. */
static bool is_full(const float *feature) {
    static const float most = 0.65F;

    return feature[HEAL_FEATURE_MEMORY] > most;
}

/* ---- the table ---- */

static const struct heal_drawn_fault cascading = {
    .place = HEAL_DRAWN_RELAY,
    .spreads = true,
    .how_bad = {0.7,  1,   "of the processor used by the worker"                 },
    .and = {0.08, 0.5, "of large packets lost on its links, fewer small ones"},
    .inject = overwhelm,
};
static const struct heal_drawn_fault leaking = {
    .place = HEAL_DRAWN_NODE,
    .how_bad = {0.8, 0.98, "of the memory in use after half a minute"},
    .inject = leak,
};
static const struct heal_drawn_fault weak = {
    .place = HEAL_DRAWN_LINK,
    .radio = true,
    .how_bad = {2, 7, "dB of signal above noise are left"},
    .inject = weaken,
};
static const struct heal_drawn_fault busy = {
    .place = HEAL_DRAWN_NODE,
    .how_bad = {0.5, 0.75, "of the processor in use"},
    .and = {2,   20,   "times the traffic"      },
    .inject = be_busy,
};
static const struct heal_drawn_fault moving = {
    .place = HEAL_DRAWN_LINK,
    .radio = true,
    .how_bad = {0.7, 1.35, "times as far away"},
    .inject = move,
};
static const struct heal_drawn_fault rebooting = {.place = HEAL_DRAWN_NODE, .spreads = true, .inject = stop};
static const struct heal_drawn_fault taken_down = {.place = HEAL_DRAWN_LINK, .inject = take_down};
static const struct heal_drawn_fault passing = {
    .place = HEAL_DRAWN_LINK,
    .how_bad = {0.1, 0.6, "of what is sent was lost"},
    .inject = lose,
};

/* clang-format 14 breaks down over this table. */
/* clang-format off */
const struct heal_trouble_kind heal_trouble_kinds[] = {
    {.name = "link-loss", .often = 3, .shows = is_told, .diagnosis = HEAL_LINK_LOSS},
    {.name = "mtu-blackhole", .often = 3, .shows = is_told, .diagnosis = HEAL_MTU_BLACKHOLE},
    {.name = "one-way-link", .often = 3, .shows = is_told, .diagnosis = HEAL_ONE_WAY_LINK},
    {.name = "link-latency", .often = 3, .shows = is_told, .diagnosis = HEAL_LINK_LATENCY},
    {.name = "link-flap", .often = 3, .shows = is_told, .diagnosis = HEAL_LINK_FLAP},
    {.name = "neighbour-lost", .often = 2, .shows = is_told, .diagnosis = HEAL_NEIGHBOUR_LOST},
    {.name = "interference", .often = 3, .shows = is_jammed, .diagnosis = HEAL_INTERFERENCE,
     .chosen = true, .only = HEAL_DRAWN_LINK},
    {.name = "regional-interference", .often = 1, .shows = is_jammed, .diagnosis = HEAL_INTERFERENCE,
     .chosen = true, .only = HEAL_DRAWN_REGION},
    {.name = "rate-limited", .often = 3, .shows = is_told, .diagnosis = HEAL_RATE_LIMITED},
    {.name = "node-overload", .works = true, .often = 2, .shows = is_worked, .diagnosis = HEAL_NODE_OVERLOAD},
    {.name = "cascade", .works = true, .often = 1, .shows = is_worked, .own = &cascading},
    {.name = "memory-leak", .often = 2, .shows = is_full, .own = &leaking},
    {.name = "weak-signal", .often = 3, .shows = is_weak, .own = &weak},
    {.name = "hidden-loss", .truth = HEAL_TROUBLE_UNSEEN, .diagnosis = HEAL_HIDDEN_LOSS},
    {.name = "routes-lost", .truth = HEAL_TROUBLE_UNSEEN, .diagnosis = HEAL_ROUTES_LOST},
    {.name = "not-forwarding", .truth = HEAL_TROUBLE_UNSEEN, .diagnosis = HEAL_NOT_FORWARDING},
    {.name = "service-down", .truth = HEAL_TROUBLE_UNSEEN, .diagnosis = HEAL_SERVICE_DOWN},
    {.name = "gateway-lost", .truth = HEAL_TROUBLE_UNSEEN, .diagnosis = HEAL_GATEWAY_LOST},
    {.name = "normal", .truth = HEAL_TROUBLE_NORMAL, .own = &moving},
    {.name = "busy", .truth = HEAL_TROUBLE_NORMAL, .own = &busy},
    {.name = "reboot", .truth = HEAL_TROUBLE_NORMAL, .own = &rebooting, .mend = start},
    {.name = "churn", .truth = HEAL_TROUBLE_NORMAL, .own = &taken_down, .mend = bring_up},
    {.name = "recovered", .truth = HEAL_TROUBLE_NORMAL, .own = &passing, .mend = recover},
};
/* clang-format on */
const unsigned heal_trouble_kinds_count = HEAL_COUNT(heal_trouble_kinds);

unsigned heal_trouble_find(const char *name) {
    unsigned kind = 0;

    while (kind < HEAL_COUNT(heal_trouble_kinds) && strcmp(heal_trouble_kinds[kind].name, name) != 0)
        kind++;
    return kind;
}

bool heal_trouble_shows(unsigned kind, const float *feature) {
    bool (*shows)(const float *) = heal_trouble_kinds[kind].shows;

    return !shows || shows(feature);
}

/* ---- one of them ---- */

static unsigned one_of(struct heal_random *random, unsigned count) {
    return (unsigned)(heal_random_uniform(random) * count);
}

static unsigned often(unsigned kind) {
    return heal_trouble_kinds[kind].often ? heal_trouble_kinds[kind].often : 1;
}

/* Most are trouble that shows; a fifth is none. */
static unsigned draw_kind(struct heal_random *random) {
    double share = heal_random_uniform(random);
    enum heal_trouble_truth truth = share < 0.72  ? HEAL_TROUBLE_SICK
                                    : share < 0.8 ? HEAL_TROUBLE_UNSEEN
                                                  : HEAL_TROUBLE_NORMAL;
    unsigned lots = 0, kind = 0;

    for (unsigned i = 0; i < HEAL_COUNT(heal_trouble_kinds); i++)
        lots += heal_trouble_kinds[i].truth == truth ? often(i) : 0;
    for (unsigned lot = one_of(random, lots) + 1; lot > 0; kind++) {
        unsigned own = heal_trouble_kinds[kind].truth == truth ? often(kind) : 0;

        lot -= own < lot ? own : lot;
    }
    return kind - 1;
}

static const struct heal_drawn_fault *draw_fault(const struct heal_trouble_kind *kind,
                                                 struct heal_random *random) {
    const struct heal_drawn_fault *fault = kind->own;

    while (!fault || (!kind->own && kind->chosen && fault->place != kind->only))
        fault = heal_drawn_fault_of(kind->diagnosis, one_of(random, heal_drawn_faults_of(kind->diagnosis)));
    return fault;
}

/* A hub is as many ports as its links are: it is chosen more rarely, so that they are not most of all that is
 * sick. */
static bool is_fit(const struct heal_sim *sim, const struct heal_dataset_trouble *trouble,
                   struct heal_random *random) {
    static const double links_usual = 8, cpu_least = 0.95;
    const struct heal_drawn_case *of = &trouble->of;
    const struct heal_sim_node *node = &sim->node[of->node];

    if (of->fault->radio && !sim->link[of->link].radio)
        return false;
    if (heal_trouble_kinds[trouble->kind].works && node->cpu_base + of->how_bad < cpu_least)
        return false;
    return !of->fault->spreads || node->ports * heal_random_uniform(random) < links_usual;
}

bool heal_trouble_draw(const struct heal_sim *sim, const struct heal_sim_plan *plan,
                       struct heal_random *random, struct heal_dataset_trouble *ret_trouble) {
    struct heal_dataset_trouble trouble = {.kind = draw_kind(random)};

    for (unsigned tries = 0; tries < TRIES; tries++) {
        trouble.of = (struct heal_drawn_case){.fault = draw_fault(&heal_trouble_kinds[trouble.kind], random)};
        heal_drawn_case_place(&trouble.of, plan, random);
        if (!is_fit(sim, &trouble, random))
            continue;
        *ret_trouble = trouble;
        return true;
    }
    return false;
}

void heal_trouble_begin(struct heal_sim *sim, struct heal_dataset_trouble *trouble) {
    trouble->from = sim->now;
    trouble->until = heal_trouble_kinds[trouble->kind].mend ? sim->now + passes_us : HEAL_NEVER;
    trouble->of.fault->inject(sim, &trouble->of);
}

void heal_trouble_tick(struct heal_sim *sim, struct heal_dataset_trouble *trouble) {
    const struct heal_trouble_kind *kind = &heal_trouble_kinds[trouble->kind];

    if (trouble->until == HEAL_NEVER || sim->now < trouble->until)
        return;
    kind->mend(sim, &trouble->of);
    trouble->until = HEAL_NEVER;
}

bool heal_trouble_covers(const struct heal_dataset_trouble *trouble, const struct heal_sim *sim,
                         unsigned node, const struct heal_sim_port *port) {
    const struct heal_drawn_case *of = &trouble->of;

    switch (of->fault->place) {
    case HEAL_DRAWN_LINK:
        return port->link == of->link;
    case HEAL_DRAWN_REGION:
        return sim->link[port->link].radio &&
               (heal_drawn_case_in_region(of, sim, node) || heal_drawn_case_in_region(of, sim, port->peer));
    case HEAL_DRAWN_NODE:
    case HEAL_DRAWN_RELAY:
        break;
    }
    return node == of->node || (of->fault->spreads && port->peer == of->node);
}

enum heal_gnn_label heal_trouble_label(const struct heal_dataset_trouble *trouble, const struct heal_sim *sim,
                                       unsigned node, const struct heal_sim_port *port,
                                       const float *feature) {
    const struct heal_trouble_kind *kind = &heal_trouble_kinds[trouble->kind];

    if (trouble->from == 0 || !heal_trouble_covers(trouble, sim, node, port))
        return HEAL_GNN_HEALTHY;
    heal_us span = kind->mend ? passes_us + HEAL_TROUBLE_UNSEEN_US : HEAL_TROUBLE_UNSEEN_US;
    bool fresh = sim->now - trouble->from < span;
    switch (kind->truth) {
    case HEAL_TROUBLE_SICK:
        return fresh || !heal_trouble_shows(trouble->kind, feature) ? HEAL_GNN_UNKNOWN : HEAL_GNN_SICK;
    case HEAL_TROUBLE_NORMAL:
        return fresh && kind->mend ? HEAL_GNN_UNKNOWN : HEAL_GNN_HEALTHY;
    case HEAL_TROUBLE_UNSEEN:
    case HEAL_TROUBLE_TRUTHS:
        break;
    }
    return HEAL_GNN_UNKNOWN;
}
