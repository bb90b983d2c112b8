/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "sim/sim.h"

#include "base/text.h"
#include "model/rib.h"
#include "sim/air.h"
#include "sim/routing.h"
#include "sim/shell.h"
#include "sim/sim_state.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Numbers in addresses: the last three bytes, counted from 1. */
static void put_number(struct heal_address *address, unsigned number) {
    for (int i = 0; i < 3; i++)
        address->byte[15 - i] = (uint8_t)(number >> (8 * i));
}

struct heal_address heal_sim_address(unsigned node) {
    struct heal_address address = {.byte = {0xfd}};
    put_number(&address, node + 1);
    return address;
}

unsigned heal_sim_node_at(const struct heal_address *address) {
    return (unsigned)(address->byte[13] << 16 | address->byte[14] << 8 | address->byte[15]) - 1;
}

/* ---- made of a plan ---- */

static int init_node(struct heal_sim *sim, unsigned index, const struct heal_sim_place *place,
                     const struct heal_sim_options *options, struct heal_random *random) {
    struct heal_sim_node *node = &sim->node[index];
    memcpy(node->name, place->name, sizeof node->name);
    node->x_m = place->x_m;
    node->y_m = place->y_m;
    node->forwarding = true;
    node->cpu_base = 0.2;
    heal_random_init(&node->random, heal_random_next(random));
    static const char *const names[HEAL_SIM_SERVICES] = {"worker", "babeld"};
    for (unsigned i = 0; i < HEAL_SIM_SERVICES; i++) {
        node->service[i] = (struct heal_sim_service){
            .running = true, .pid = 100 + i, .rss = 8e6, .cpu = 0.1, .grown = sim->now};
        heal_name_copy(node->service[i].name, HEAL_NAME_MAX, names[i]);
    }
    node->service[0].running = !options->idle;
    node->round_at = sim->now;
    heal_agenda_round(&sim->agenda, node->round_at, index);
    return heal_engine_place(heal_arena_at(&sim->engines, index), node->name, options->settings,
                             heal_random_next(random), &node->engine);
}

static void name_interface(struct heal_sim_port *port, const struct heal_sim_place *peer) {
    struct heal_text text;
    heal_text_init(&text, port->key.ifname, sizeof port->key.ifname);
    heal_text_add(&text, "to-%s", peer->name);
    if (!text.cut)
        return;
    heal_text_init(&text, port->key.ifname, sizeof port->key.ifname);
    heal_text_add(&text, "to-%u", port->peer);
}

static void init_port(struct heal_sim *sim, struct heal_sim_port *port, const struct heal_sim_plan *plan,
                      struct heal_random *random) {
    name_interface(port, &plan->place[port->peer]);
    port->key.peer.byte[0] = 0xfe;
    port->key.peer.byte[1] = 0x80;
    port->key.peer.byte[9] = (uint8_t)(!port->side + 1);
    put_number(&port->key.peer, port->link + 1);
    port->mtu = port->mtu_by_hand = 1500;
    port->babel_up = true;
    port->heard = sim->now;
    port->told_cost = -1;
    port->pace = (struct heal_command_pace){.small_interval_ms = 500, .full_interval_ms = 1000};
    for (unsigned size = 0; size < HEAL_PROBE_SIZES; size++)
        port->probe_at[size] = sim->now + heal_random_next(random) % (500 * HEAL_US_PER_MS << size);
    heal_account_init(&port->account, heal_random_next(random));
}

static int init_link(struct heal_sim *sim, unsigned index, const struct heal_sim_plan *plan, bool radio,
                     struct heal_random *random) {
    struct heal_sim_link *link = &sim->link[index];
    const unsigned end[2] = {plan->edge[index].a, plan->edge[index].b};
    const struct heal_sim_place *a = &plan->place[end[0]], *b = &plan->place[end[1]];
    *link = (struct heal_sim_link){.radio = radio,
                                   .carrier = true,
                                   .traffic = 100,
                                   .distance_m = hypot(a->x_m - b->x_m, a->y_m - b->y_m),
                                   .reckoned = sim->now,
                                   .changed = true};
    heal_random_init(&link->random, heal_random_next(random));
    for (unsigned side = 0; side < 2; side++) {
        struct heal_sim_node *node = &sim->node[end[side]];
        struct heal_sim_port *larger = realloc(node->port, (node->ports + 1) * sizeof *larger);
        if (!larger)
            return -ENOMEM;
        node->port = larger;
        link->node[side] = end[side];
        link->port[side] = node->ports++;
        larger[link->port[side]] = (struct heal_sim_port){.link = index, .side = side, .peer = end[!side]};
        init_port(sim, &larger[link->port[side]], plan, random);
    }
    return 0;
}

static int init_networks(struct heal_sim *sim, const struct heal_gnn_model *model) {
    int r = heal_arena_init(&sim->networks, sim->nodes, heal_engine_network_bytes(sim->node[0].engine));
    for (unsigned i = 0; r == 0 && i < sim->nodes; i++)
        r = heal_engine_set_network(sim->node[i].engine, HEAL_SLOT_ACTIVE, model,
                                    heal_arena_at(&sim->networks, i), NULL);
    return r;
}

static int build(struct heal_sim *sim, const struct heal_sim_plan *plan,
                 const struct heal_sim_options *options) {
    struct heal_random random;
    int r = 0;
    heal_random_init(&random, options->seed);
    sim->node = calloc(plan->places, sizeof *sim->node);
    sim->link = calloc(plan->edges + 1, sizeof *sim->link);
    if (!sim->node || !sim->link ||
        heal_arena_init(&sim->engines, plan->places, heal_engine_bytes(options->settings)) < 0)
        return -ENOMEM;
    for (; r == 0 && sim->nodes < plan->places; sim->nodes++)
        r = init_node(sim, sim->nodes, &plan->place[sim->nodes], options, &random);
    for (; r == 0 && sim->links < plan->edges; sim->links++)
        r = init_link(sim, sim->links, plan, options->radio, &random);
    if (r == 0 && options->model)
        r = init_networks(sim, options->model);
    return r == 0 ? heal_routing_new(sim) : r;
}

int heal_sim_new(const struct heal_sim_plan *plan, const struct heal_sim_options *options,
                 struct heal_sim **ret_sim) {
    struct heal_sim *sim = calloc(1, sizeof *sim);
    if (!sim)
        return -ENOMEM;
    sim->now = HEAL_SIM_START_US;
    sim->routes_dirty = true;
    int r = build(sim, plan, options);
    if (r < 0)
        heal_sim_free(sim);
    else
        *ret_sim = sim;
    return r;
}

struct heal_sim *heal_sim_free(struct heal_sim *sim) {
    if (!sim)
        return NULL;
    sim->routing = heal_routing_free(sim);
    for (unsigned i = 0; i < sim->nodes; i++)
        free(sim->node[i].port);
    heal_arena_deinit(&sim->engines);
    heal_arena_deinit(&sim->networks);
    heal_agenda_deinit(&sim->agenda);
    free(sim->node);
    free(sim->link);
    free(sim);
    return NULL;
}

/* ---- time ---- */

static void happen(struct heal_sim *sim) {
    struct heal_agenda_entry entry = heal_agenda_take(&sim->agenda);
    const struct heal_sim_node *node = &sim->node[entry.node];
    bool runs = !node->paused && !node->bare;
    if (runs && entry.event)
        heal_shell_step(sim, entry.node, entry.event);
    else if (runs && entry.at == node->round_at) /* else it was put off, or brought forward */
        heal_shell_round(sim, entry.node);
}

int heal_sim_run(struct heal_sim *sim, heal_us span) {
    heal_us end = sim->now + span;
    while (!sim->agenda.failed) {
        heal_us event_at = heal_agenda_next(&sim->agenda).at, routing_at = heal_routing_next(sim);
        heal_us next = event_at < routing_at ? event_at : routing_at;
        if (next > end)
            break;
        sim->now = next > sim->now ? next : sim->now;
        if (routing_at <= event_at)
            heal_routing_run(sim);
        else
            happen(sim);
    }
    sim->now = end;
    return sim->agenda.failed ? -ENOMEM : 0;
}

/* ---- what can be asked, and done ---- */

int heal_sim_find_node(const struct heal_sim *sim, const char *name) {
    for (unsigned i = 0; i < sim->nodes; i++)
        if (strcmp(sim->node[i].name, name) == 0)
            return (int)i;
    return -1;
}

int heal_sim_find_link(const struct heal_sim *sim, unsigned a, unsigned b) {
    const struct heal_sim_node *node = &sim->node[a];
    for (unsigned i = 0; i < node->ports; i++)
        if (node->port[i].peer == b)
            return (int)node->port[i].link;
    return -1;
}

struct heal_sim_link *heal_sim_disturb(struct heal_sim *sim, unsigned index) {
    struct heal_sim_link *link = &sim->link[index];
    heal_air_reckon(sim, link);
    link->changed = true;
    return link;
}

struct heal_sim_direction *heal_sim_disturb_direction(struct heal_sim *sim, unsigned index, unsigned from) {
    struct heal_sim_link *link = heal_sim_disturb(sim, index);
    return &link->direction[link->node[0] == from ? 0 : 1];
}

void heal_sim_mend(struct heal_sim *sim, unsigned index) {
    struct heal_sim_link *link = heal_sim_disturb(sim, index);
    for (unsigned side = 0; side < 2; side++) {
        struct heal_sim_direction *direction = &link->direction[side];
        *direction = (struct heal_sim_direction){.owed = direction->owed, .packets = direction->packets};
    }
    link->carrier = true;
    link->flap_down = link->flap_period = 0;
}

/* ---- packets on their way ---- */

static int by_destination(const void *key, const void *element) {
    unsigned to = *(const unsigned *)key, here = ((const struct heal_sim_way *)element)->to;
    return (to > here) - (to < here);
}

struct heal_sim_way *heal_sim_way(const struct heal_sim *sim, unsigned index, unsigned to) {
    const struct heal_sim_node *node = &sim->node[index];
    return node->ways == 0 ? NULL : bsearch(&to, node->way, node->ways, sizeof *node->way, by_destination);
}

/* The port that a node's kernel uses for a destination; -1: it drops. */
static int kernel_via(const struct heal_sim *sim, unsigned node, unsigned to) {
    const struct heal_sim_way *way = heal_sim_way(sim, node, to);
    if (!way)
        return -1;
    uint32_t daemons = way->kernel && way->babel >= 0 ? HEAL_SIM_BABEL_METRIC : UINT32_MAX;
    uint32_t ours = way->detour >= 0 ? way->detour_metric : UINT32_MAX;
    if (way->hand >= 0)
        return way->hand;
    if (ours < daemons)
        return way->detour;
    return way->blackhole || daemons == UINT32_MAX ? -1 : way->babel;
}

double heal_sim_delivery_at(struct heal_sim *sim, unsigned from, unsigned to, enum heal_probe_size size,
                            heal_us at) {
    double share = 1;
    unsigned here = from;
    for (unsigned hops = 0; here != to; hops++) {
        const struct heal_sim_node *node = &sim->node[here];
        if (hops > sim->nodes) {
            sim->loops++;
            return -1;
        }
        int via = here != from && !node->forwarding ? -1 : kernel_via(sim, here, to);
        if (via < 0)
            return 0;
        const struct heal_sim_port *port = &node->port[via];
        struct heal_sim_link *link = &sim->link[port->link];
        heal_air_reckon(sim, link);
        bool small = port->mtu <= HEAL_MTU_MIN;
        share *= 1 - heal_air_loss(sim, link, port->side, small ? HEAL_PROBE_SMALL : size, at);
        here = port->peer;
    }
    return share;
}

double heal_sim_delivery(struct heal_sim *sim, unsigned from, unsigned to) {
    return heal_sim_delivery_at(sim, from, to, HEAL_PROBE_FULL, sim->now);
}

bool heal_sim_crosses(const struct heal_sim *sim, unsigned from, unsigned to, unsigned link) {
    unsigned here = from;
    for (unsigned hops = 0; here != to && hops <= sim->nodes; hops++) {
        int via = kernel_via(sim, here, to);
        if (via < 0)
            return false;
        const struct heal_sim_port *port = &sim->node[here].port[via];
        if (port->link == link)
            return true;
        here = port->peer;
    }
    return false;
}
