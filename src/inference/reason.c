/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "inference/reason.h"

#include "gnn/vicinity.h"
#include "inference/graph.h"

#include <errno.h>
#include <math.h>

/* An order of n neighbours asks for n + 1 verdicts, of n / 2 states each on average. */
enum { STATES_MAX = 8192, ORDERS_LEAST = 8 };

/* A port's neighbours are the other ports and its link's other end; theirs are as many, and no more. */
size_t heal_inference_reason_bytes(size_t ports) {
    size_t edges = ports + ports * ports, rows = 1 + ports;
    return HEAL_GNN_STATE_ALIGNMENT + 2 * rows * HEAL_STATE_MAX +
           (2 * (rows + 1) + 3 * edges + 2 + ports) * sizeof(uint32_t) + (edges + 2) * HEAL_FEATURES + rows;
}

static void *aligned(void *memory) {
    uintptr_t at = (uintptr_t)memory;
    return (char *)memory +
           (HEAL_GNN_STATE_ALIGNMENT - at % HEAL_GNN_STATE_ALIGNMENT) % HEAL_GNN_STATE_ALIGNMENT;
}

/* The other end is the last of a port's neighbours, where its word is used at all. Its state is what it told,
 * or none. */
static void tell(const struct heal_inference *inference, unsigned place, uint32_t vertex,
                 struct heal_gnn_vicinity *vicinity) {
    const struct heal_inference_graph *graph = &inference->graph;
    const struct heal_inference_port *port = &inference->port[graph->port[vertex]];
    if (vicinity->neighbours == 0 || graph->neighbour[graph->first[vertex + 1] - 1] < graph->ports)
        return;
    bool joins = heal_inference_joins(inference, port, place, HEAL_INFERENCE_STATES);
    heal_gnn_vicinity_tell(vicinity, vicinity->neighbours - 1, joins ? port->told.state : NULL);
}

/* What is being worked out. */
struct work {
    const struct heal_inference *inference;
    const struct heal_world *world;
    uint32_t vertex, tick;
    struct heal_gnn_vicinity vicinity;
    struct heal_gnn_shares shares;
};

static struct heal_reason_neighbour neighbour_of(const struct work *work, unsigned index) {
    const struct heal_inference_graph *graph = &work->inference->graph;
    const struct heal_gnn_shares *shares = &work->shares;
    uint32_t number = graph->neighbour[graph->first[work->vertex] + index];
    bool other_end = number >= graph->ports;
    const struct heal_port *port = heal_world_port_const(
        work->world, &work->inference->port[graph->port[other_end ? work->vertex : number]].key);
    return (struct heal_reason_neighbour){
        .node = port ? port->neighbour : 0,
        .other_end = other_end,
        .share = (float)heal_gnn_share(shares, index),
        .error = (float)shares->error[index],
    };
}

/* Puts a neighbour where it belongs among those with the largest shares; the least may fall out. */
static void show(struct heal_reason *reason, struct heal_reason_neighbour neighbour) {
    struct heal_reason_neighbour *shown = reason->neighbour;
    unsigned at = reason->shown;
    if (at < HEAL_REASON_NEIGHBOURS_MAX)
        reason->shown++;
    else if (fabsf(shown[--at].share) < fabsf(neighbour.share))
        reason->others += shown[at].share;
    else {
        reason->others += neighbour.share;
        return;
    }
    for (; at > 0 && fabsf(shown[at - 1].share) < fabsf(neighbour.share); at--)
        shown[at] = shown[at - 1];
    shown[at] = neighbour;
}

static void share_out_features(struct work *work, struct heal_reason *reason) {
    struct heal_gnn_shares *shares = &work->shares;
    (void)heal_gnn_vicinity_features(&work->vicinity, shares, NULL); /* 8 of them: it cannot fail */
    reason->logit = shares->all;
    reason->unmeasured = shares->none;
    for (unsigned i = 0; i < HEAL_FEATURES; i++)
        reason->share[i] = (float)heal_gnn_share(shares, i);
}

static void share_out_neighbours(struct work *work, struct heal_reason *reason) {
    unsigned neighbours = work->vicinity.neighbours;
    unsigned orders = STATES_MAX / ((neighbours + 1) * (neighbours / 2 + 1));
    struct heal_random random;
    heal_random_init(&random, work->tick);
    if (orders < ORDERS_LEAST)
        orders = ORDERS_LEAST;
    (void)heal_gnn_vicinity_neighbours(&work->vicinity, orders, &random, &work->shares, NULL);
    reason->alone = work->shares.none;
    for (unsigned i = 0; i < work->shares.players; i++)
        show(reason, neighbour_of(work, i));
}

/* @return the graph's vertex that the port is, in the tick that it was judged by; or -1. */
static int place_in_graph(struct heal_inference *inference, int port, int *ret_place) {
    if (port < 0 || !inference->judgement[port].judged)
        return -1;
    *ret_place = heal_inference_tick_place(inference, inference->judgement[port].tick);
    if (*ret_place < 0)
        return -1;
    heal_inference_states(inference, (unsigned)*ret_place, HEAL_INFERENCE_INPUTS);
    return heal_inference_vertex(&inference->graph, (size_t)port);
}

int heal_inference_reason(struct heal_inference *inference, const struct heal_world *world,
                          const struct heal_port_key *key, struct heal_reason *ret_reason) {
    int port = heal_inference_find(inference, key), place = 0;
    int vertex = place_in_graph(inference, port, &place);
    const struct heal_port *of_world = heal_world_port_const(world, key);
    struct work work = {.inference = inference, .world = world, .vertex = (uint32_t)vertex};
    if (vertex < 0 || !of_world ||
        heal_gnn_vicinity_init(&inference->model->network, &inference->graph.graph, work.vertex,
                               inference->input, aligned(inference->work), &work.vicinity, NULL) < 0)
        return -ENOENT;
    work.tick = inference->judgement[port].tick;
    tell(inference, (unsigned)place, work.vertex, &work.vicinity);
    *ret_reason = (struct heal_reason){.known = 1,
                                       .at = inference->judgement[port].at,
                                       .seen = inference->port[port].seen[place],
                                       .normal = heal_port_normal(of_world)};
    share_out_features(&work, ret_reason);
    share_out_neighbours(&work, ret_reason);
    return 0;
}
