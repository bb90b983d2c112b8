/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "sim/referee.h"

#include "engine/internal.h"
#include "inference/state.h"
#include "sim/sim_state.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT = 12 };
static const heal_us step_us =
    HEAL_US_PER_MS; /* shorter than a message takes: no round follows a tick within it */

/* What a node's ports were in one of its ticks. */
struct page {
    uint32_t tick;
    bool there[HEAL_SIM_DEGREE_MAX];
    int8_t input[HEAL_SIM_DEGREE_MAX][HEAL_FEATURES];
};

struct book {
    struct page page[KEPT];
    unsigned newest;
    heal_us judged_at;
};

struct referee {
    struct heal_sim *sim;
    const struct heal_gnn_model *model;
    struct book *book;
    struct referee_count count;
    /* the whole graph */
    uint32_t vertices;
    uint32_t *of_node; /* a node's first vertex */
    const struct page **cut;
    struct heal_gnn_edge *edge;
    uint32_t edges, *first, *neighbour, *spare;
    int8_t *input, *state;
};

struct referee *referee_new(struct heal_sim *sim, const struct heal_gnn_model *model) {
    struct referee *referee = calloc(1, sizeof *referee);
    size_t most = 0;

    referee->sim = sim;
    referee->model = model;
    referee->book = calloc(sim->nodes, sizeof *referee->book);
    referee->of_node = calloc(sim->nodes + 1, sizeof *referee->of_node);
    referee->cut = calloc(sim->nodes, sizeof(const struct page *));
    for (unsigned i = 0; i < sim->nodes; i++) {
        referee->of_node[i + 1] = referee->of_node[i] + sim->node[i].ports;
        most += sim->node[i].ports * sim->node[i].ports;
    }
    referee->vertices = referee->of_node[sim->nodes];
    referee->edge = malloc((most + sim->links) * sizeof *referee->edge);
    referee->first = malloc((referee->vertices + 1) * sizeof(uint32_t));
    referee->neighbour = malloc(2 * (most + sim->links) * sizeof(uint32_t));
    referee->spare = malloc((2 * (most + sim->links) + referee->vertices) * sizeof(uint32_t));
    referee->input = malloc((size_t)referee->vertices * HEAL_FEATURES);
    referee->state = malloc((size_t)referee->vertices * HEAL_STATE_MAX);
    return referee;
}

struct referee *referee_free(struct referee *referee) {
    free(referee->book);
    free(referee->of_node);
    free(referee->cut);
    free(referee->edge);
    free(referee->first);
    free(referee->neighbour);
    free(referee->spare);
    free(referee->input);
    free(referee->state);
    free(referee);
    return NULL;
}

struct referee_count referee_count(struct referee *referee) {
    struct referee_count count = referee->count;

    referee->count = (struct referee_count){.whole = 0};
    return count;
}

/* ---- what the inputs were ---- */

static const struct heal_inference *inference_of(const struct referee *referee, unsigned node) {
    return referee->sim->node[node].engine->inference[HEAL_SLOT_ACTIVE];
}

static int port_of(const struct heal_sim_node *node, const struct heal_port_key *key) {
    for (unsigned i = 0; i < node->ports; i++)
        if (heal_port_key_equal(&node->port[i].key, key))
            return (int)i;
    return -1;
}

static void quantise(const struct referee *referee, const struct heal_features *features, int8_t *ret_input) {
    float value[HEAL_FEATURES], input[HEAL_FEATURES];

    for (unsigned i = 0; i < HEAL_FEATURES; i++)
        value[i] = features->valid >> i & 1 ? features->value[i] : NAN;
    heal_gnn_scaling_apply(&referee->model->scaling, value, input);
    heal_gnn_integer_input(&referee->model->network, input, ret_input);
}

static void take_down(struct referee *referee, unsigned index) {
    const struct heal_sim_node *node = &referee->sim->node[index];
    const struct heal_inference *inference = inference_of(referee, index);
    struct book *book = &referee->book[index];
    struct heal_port_status status;

    book->newest = (book->newest + 1) % KEPT;
    struct page *page = &book->page[book->newest];
    memset(page, 0, sizeof *page);
    page->tick = inference->tick[inference->newest];
    for (size_t i = 0; heal_engine_port(node->engine, i, &status); i++) {
        int port = port_of(node, &status.key);

        page->there[port] = true;
        quantise(referee, &status.features, page->input[port]);
    }
}

static const struct page *page_of(const struct referee *referee, unsigned node, uint32_t tick) {
    const struct book *book = &referee->book[node];

    for (unsigned i = 0; i < KEPT; i++)
        if (tick != 0 && book->page[i].tick == tick)
            return &book->page[i];
    return NULL;
}

/* ---- the graph ---- */

/* What an engine says that it left out of its own vertices' neighbours. */
struct view {
    unsigned node;
    struct heal_judgement of[HEAL_SIM_DEGREE_MAX]; /* by the simulation's port */
};

static bool look(const struct referee *referee, unsigned index, struct view *ret_view) {
    const struct heal_sim_node *node = &referee->sim->node[index];
    struct heal_judgement judgement;

    memset(ret_view, 0, sizeof *ret_view);
    ret_view->node = index;
    for (size_t i = 0; heal_engine_judgement(node->engine, HEAL_SLOT_ACTIVE, i, &judgement); i++)
        ret_view->of[port_of(node, &judgement.port)] = judgement;
    return node->ports > 0;
}

static void add_ports(struct referee *referee, unsigned index) {
    const struct heal_sim_node *node = &referee->sim->node[index];
    const struct page *page = referee->cut[index];

    for (unsigned a = 0; page && a < node->ports; a++) {
        memcpy(referee->input + (size_t)(referee->of_node[index] + a) * HEAL_FEATURES, page->input[a],
               HEAL_FEATURES);
        for (unsigned b = a + 1; b < node->ports; b++)
            if (page->there[a] && page->there[b])
                referee->edge[referee->edges++] =
                    (struct heal_gnn_edge){referee->of_node[index] + a, referee->of_node[index] + b};
    }
}

static bool is_left_out(const struct view *view, unsigned node, unsigned port, bool states) {
    if (node != view->node)
        return false;
    return states ? view->of[port].state != HEAL_TOLD_FRESH : view->of[port].input != HEAL_TOLD_FRESH;
}

static void add_link(struct referee *referee, const struct heal_sim_link *link, const struct view *view,
                     bool states) {
    for (unsigned side = 0; side < 2; side++)
        if (!referee->cut[link->node[side]] || !referee->cut[link->node[side]]->there[link->port[side]] ||
            is_left_out(view, link->node[side], link->port[side], states))
            return;
    referee->edge[referee->edges++] = (struct heal_gnn_edge){referee->of_node[link->node[0]] + link->port[0],
                                                             referee->of_node[link->node[1]] + link->port[1]};
}

static struct heal_gnn_graph build(struct referee *referee, const struct view *view, bool states) {
    struct heal_gnn_graph graph;

    referee->edges = 0;
    for (unsigned i = 0; i < referee->sim->nodes; i++)
        add_ports(referee, i);
    for (unsigned i = 0; i < referee->sim->links; i++)
        add_link(referee, &referee->sim->link[i], view, states);
    if (heal_gnn_graph_build(referee->vertices, referee->edge, referee->edges, referee->first,
                             referee->neighbour, referee->spare, &graph, NULL) < 0)
        abort();
    return graph;
}

/* All of the mesh. What the engine left out lacks in its own part of it only: the other end's state is that
 * of the whole graph. */
static void judge_all(struct referee *referee, const struct view *view, int32_t *ret_logit) {
    const struct heal_gnn_integer *network = &referee->model->network;
    const struct view nobody = {.node = UINT32_MAX};
    const unsigned own = view->node, ports = referee->sim->node[own].ports;
    struct heal_gnn_graph graph = build(referee, &nobody, false);

    for (uint32_t v = 0; v < referee->vertices; v++)
        heal_gnn_integer_state(network, &graph, v, referee->input,
                               referee->state + (size_t)v * network->shape.hidden);
    graph = build(referee, view, false);
    for (uint32_t v = referee->of_node[own]; v < referee->of_node[own] + ports; v++)
        heal_gnn_integer_state(network, &graph, v, referee->input,
                               referee->state + (size_t)v * network->shape.hidden);
    graph = build(referee, view, true);
    for (uint32_t v = referee->of_node[own]; v < referee->of_node[own] + ports; v++)
        ret_logit[v - referee->of_node[own]] =
            heal_gnn_integer_verdict(network, &graph, v, referee->state, NULL);
}

/* ---- the comparison ---- */

/* The ticks that the verdicts rest on: the node's own, and those of its neighbours. */
static bool cut_through(struct referee *referee, const struct view *view, uint32_t tick) {
    const struct heal_sim_node *node = &referee->sim->node[view->node];
    bool known = true;

    for (unsigned i = 0; i < referee->sim->nodes; i++)
        referee->cut[i] = &referee->book[i].page[referee->book[i].newest];
    referee->cut[view->node] = page_of(referee, view->node, tick);
    for (unsigned i = 0; i < node->ports; i++) {
        unsigned peer = node->port[i].peer;

        if (view->of[i].input != HEAL_TOLD_FRESH)
            continue;
        referee->cut[peer] = page_of(referee, peer, view->of[i].other_tick);
        known = known && referee->cut[peer];
    }
    return known && referee->cut[view->node];
}

static void compare_tick(struct referee *referee, const struct view *view, uint32_t tick, bool *done) {
    const struct heal_sim_node *node = &referee->sim->node[view->node];
    int32_t logit[HEAL_SIM_DEGREE_MAX] = {0};
    bool known = cut_through(referee, view, tick);

    if (known)
        judge_all(referee, view, logit);
    for (unsigned i = 0; i < node->ports; i++) {
        const struct heal_judgement *said = &view->of[i];

        if (done[i] || !said->judged || said->tick != tick)
            continue;
        done[i] = true;
        referee->count.unknown += !known;
        referee->count.whole += known && said->whole;
        referee->count.degraded += known && !said->whole;
        referee->count.different += known && said->logit != logit[i];
    }
}

/* @return whether features are used in place of inputs: they are of no tick, so that nothing is known of them
 * here. */
static bool is_plain(const struct view *view) {
    for (unsigned i = 0; i < HEAL_SIM_DEGREE_MAX; i++)
        if (view->of[i].judged && view->of[i].input == HEAL_TOLD_PLAIN)
            return true;
    return false;
}

static void compare(struct referee *referee, unsigned index) {
    bool done[HEAL_SIM_DEGREE_MAX] = {false};
    struct view view;

    if (!look(referee, index, &view))
        return;
    if (is_plain(&view)) {
        referee->count.plain++;
        return;
    }
    for (unsigned i = 0; i < referee->sim->node[index].ports; i++)
        if (!done[i] && view.of[i].judged && view.of[i].at == referee->book[index].judged_at)
            compare_tick(referee, &view, view.of[i].tick, done);
}

void referee_run(struct referee *referee, heal_us span) {
    bool *ticked = calloc(referee->sim->nodes, sizeof *ticked);

    for (heal_us end = referee->sim->now + span; referee->sim->now < end;) {
        heal_sim_run(referee->sim, step_us);
        for (unsigned i = 0; i < referee->sim->nodes; i++) {
            ticked[i] = inference_of(referee, i)->tick_at != referee->book[i].judged_at;
            referee->book[i].judged_at = inference_of(referee, i)->tick_at;
            if (ticked[i])
                take_down(referee, i);
        }
        for (unsigned i = 0; i < referee->sim->nodes; i++)
            if (ticked[i])
                compare(referee, i);
    }
    free(ticked);
}
