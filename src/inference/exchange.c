/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What neighbours tell each other of the network, and how far it is believed. */
#include "gnn/reach.h"
#include "inference/state.h"

#include <string.h>

bool heal_inference_tell(const struct heal_inference *inference, const struct heal_port *port,
                         struct heal_message_vertex *ret_vertex) {
    int place = heal_inference_find(inference, &port->key);
    const struct heal_inference_port *own = place < 0 ? NULL : &inference->port[place];
    if (!own || inference->tick_at == 0 || !(own->there >> inference->newest & 1))
        return false;
    *ret_vertex = (struct heal_message_vertex){
        .model = inference->model->id,
        .tick = inference->tick[inference->newest],
        .heard = own->heard,
        .inputs = HEAL_FEATURES,
        .states = (uint8_t)(own->heard != 0 ? inference->model->network.shape.hidden : 0),
    };
    memcpy(ret_vertex->input, own->input[inference->newest], HEAL_FEATURES);
    memcpy(ret_vertex->state, own->state, ret_vertex->states);
    return true;
}

/* Whatever the rest of its node is like, an end with these inputs, beside this one, has a state within the
 * network's reach. What is outside was made up. */
static bool is_plausible(const struct heal_inference *inference, const struct heal_inference_port *port) {
    const struct heal_gnn_integer *network = &inference->model->network;
    const struct heal_message_vertex *told = &port->told;
    int place = heal_inference_tick_place(inference, told->heard);
    int8_t low[HEAL_GNN_HIDDEN_MAX], high[HEAL_GNN_HIDDEN_MAX];
    if (told->states != network->shape.hidden)
        return false;
    if (place < 0 || !(port->there >> place & 1))
        return true; /* it is late, and not used */
    heal_gnn_reach_state(network, told->input, port->input[place], inference->most, low, high);
    for (unsigned c = 0; c < told->states; c++)
        if (told->state[c] < low[c] || told->state[c] > high[c])
            return false;
    return true;
}

static int8_t clip(int8_t value, int8_t most) {
    return (int8_t)(value > most ? most : value < -most ? -most : value);
}

/* Messages may overtake each other. A neighbour whose clock began anew counts from below again, once what it
 * told before is too old to matter. */
static bool is_newer(const struct heal_world *world, const struct heal_inference_port *port, uint32_t tick) {
    return tick != 0 &&
           (!heal_inference_is_fresh(world, port->told_at) || (int32_t)(tick - port->told.tick) > 0);
}

/* Nobody can have heard of such a tick: it would have no inputs yet to hold a state against. */
static bool is_to_come(const struct heal_inference *inference, uint32_t tick) {
    return tick != 0 && (int32_t)(tick - inference->tick[inference->newest]) > 0;
}

static void take_vertex(struct heal_inference *inference, const struct heal_world *world,
                        struct heal_inference_port *port, const struct heal_message_vertex *vertex) {
    if (!is_newer(world, port, vertex->tick) || vertex->inputs != HEAL_FEATURES)
        return;
    port->told = *vertex;
    port->told_at = world->now;
    port->foreign_at = 0;
    for (unsigned i = 0; i < HEAL_FEATURES; i++)
        port->told.input[i] = clip(vertex->input[i], inference->most);
    if (is_to_come(inference, vertex->heard))
        port->told.heard = 0;
    port->refused = port->told.heard != 0 && !is_plausible(inference, port);
}

/* Somebody else speaks on this link than before: what was told is not his, and he is heard the next time. */
static bool is_who_it_was(struct heal_inference_port *port, heal_node_id from) {
    bool same = port->neighbour == 0 || port->neighbour == from;
    if (!same)
        port->told_at = 0;
    port->neighbour = from;
    return same;
}

void heal_inference_take(struct heal_inference *inference, const struct heal_world *world,
                         const struct heal_message *message) {
    int place = heal_inference_find(inference, &message->port);
    if (place < 0 || message->vertices == 0 || message->vertices > HEAL_MESSAGE_VERTICES_MAX)
        return;
    struct heal_inference_port *port = &inference->port[place];
    if (!is_who_it_was(port, message->from)) {
        inference->judgement[place].lacked[HEAL_TOLD_REFUSED]++;
        return;
    }
    for (unsigned i = 0; i < message->vertices; i++) {
        if (message->vertex[i].model != inference->model->id)
            continue;
        take_vertex(inference, world, port, &message->vertex[i]);
        return;
    }
    port->foreign_at = world->now;
}
