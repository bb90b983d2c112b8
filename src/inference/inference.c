/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "inference/inference.h"

#include "inference/reason.h"
#include "inference/state.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* Rounds are a second apart while all is calm, and come early or late by some milliseconds. */
static const heal_us tick_us = 900 * HEAL_US_PER_MS;
/* Ticks are numbered by the clock of the boot: never twice the same, however often heald is started. */
static const heal_us tick_unit_us = 100 * HEAL_US_PER_MS;

int heal_inference_check(const struct heal_gnn_model *model, struct heal_error *error) {
    const struct heal_gnn_shape *shape = &model->network.shape;
    const struct heal_gnn_scaling *scaling = &model->scaling;
    if (model->id == 0)
        return heal_error_set(error, -EINVAL, 0, 0, "the model has no number to be told by");
    if (shape->inputs != HEAL_FEATURES || scaling->inputs != HEAL_FEATURES)
        return heal_error_set(error, -EINVAL, 0, 0, "the model has %u inputs; a port has %d features",
                              shape->inputs, HEAL_FEATURES);
    if (shape->hidden == 0 || shape->hidden > HEAL_STATE_MAX)
        return heal_error_set(error, -EINVAL, 0, 0, "the model's states have %u bytes; %d can be told",
                              shape->hidden, HEAL_STATE_MAX);
    for (unsigned i = 0; i < HEAL_FEATURES; i++)
        if (scaling->feature[i].name[0] != '\0' &&
            strcmp(scaling->feature[i].name, heal_feature_names[i]) != 0)
            return heal_error_set(error, -EINVAL, 0, 0, "the model's input %u is %.31s, not %s", i + 1,
                                  scaling->feature[i].name, heal_feature_names[i]);
    return 0;
}

/* ---- memory ---- */

/* Hands out pieces of the memory; without memory it only counts. */
struct pieces {
    char *memory;
    size_t used;
};

static void *cut(struct pieces *pieces, size_t count, size_t each) {
    size_t unit = _Alignof(max_align_t), at = pieces->used;
    pieces->used += (count * each + unit - 1) / unit * unit;
    return pieces->memory ? pieces->memory + at : NULL;
}

static struct heal_inference *cut_up(struct pieces *pieces, size_t ports) {
    size_t vertices = 2 * ports;
    struct heal_inference made = {.ports_max = ports}, *inference = cut(pieces, 1, sizeof made);
    made.port = cut(pieces, ports, sizeof *made.port);
    made.judgement = cut(pieces, ports, sizeof *made.judgement);
    made.graph.port = cut(pieces, ports, sizeof(uint32_t));
    made.graph.other = cut(pieces, ports, sizeof(uint32_t));
    made.graph.first = cut(pieces, vertices + 1, sizeof(uint32_t));
    made.graph.neighbour = cut(pieces, ports * ports + ports, sizeof(uint32_t));
    made.input = cut(pieces, vertices, HEAL_FEATURES);
    made.state = cut(pieces, vertices, HEAL_STATE_MAX);
    made.high = cut(pieces, vertices, HEAL_STATE_MAX);
    made.work = cut(pieces, heal_inference_reason_bytes(ports), 1);
    if (inference)
        *inference = made;
    return inference;
}

size_t heal_inference_bytes(size_t ports) {
    struct pieces pieces = {.memory = NULL};
    (void)cut_up(&pieces, ports);
    return pieces.used;
}

struct heal_inference *heal_inference_init(void *memory, size_t ports, const struct heal_gnn_model *model) {
    struct pieces pieces = {.memory = memory};
    float most[HEAL_FEATURES];
    int8_t input[HEAL_FEATURES];
    struct heal_inference *inference = cut_up(&pieces, ports);
    inference->model = model;
    inference->threshold = model->threshold;
    for (unsigned i = 0; i < HEAL_FEATURES; i++)
        most[i] = model->scaling.most;
    heal_gnn_integer_input(&model->network, most, input);
    inference->most = input[0];
    return inference;
}

const struct heal_gnn_model *heal_inference_model(const struct heal_inference *inference) {
    return inference->model;
}

int32_t heal_inference_threshold(const struct heal_inference *inference) {
    return inference->threshold;
}

void heal_inference_set_threshold(struct heal_inference *inference, int32_t logit) {
    inference->threshold = logit;
}

size_t heal_inference_judgements(const struct heal_inference *inference,
                                 const struct heal_judgement **ret_judgement) {
    *ret_judgement = inference->judgement;
    return inference->ports;
}

/* ---- ports and ticks ---- */

int heal_inference_find(const struct heal_inference *inference, const struct heal_port_key *key) {
    for (size_t i = 0; i < inference->ports; i++)
        if (heal_port_key_equal(&inference->port[i].key, key))
            return (int)i;
    return -1;
}

int heal_inference_tick_place(const struct heal_inference *inference, uint32_t tick) {
    for (unsigned place = 0; tick != 0 && place < HEAL_TICKS_KEPT; place++)
        if (inference->tick[place] == tick)
            return (int)place;
    return -1;
}

void heal_inference_quantise(const struct heal_inference *inference, const struct heal_features *features,
                             int8_t input[static HEAL_FEATURES]) {
    float feature[HEAL_FEATURES], scaled[HEAL_FEATURES];
    for (unsigned i = 0; i < HEAL_FEATURES; i++)
        feature[i] = features->valid >> i & 1 ? features->value[i] : NAN;
    heal_gnn_scaling_apply(&inference->model->scaling, feature, scaled);
    heal_gnn_integer_input(&inference->model->network, scaled, input);
}

static void forget_gone(struct heal_inference *inference, const struct heal_world *world) {
    for (size_t i = inference->ports; i-- > 0;) {
        if (heal_world_port_const(world, &inference->port[i].key))
            continue;
        inference->ports--;
        inference->port[i] = inference->port[inference->ports];
        inference->judgement[i] = inference->judgement[inference->ports];
    }
}

static struct heal_inference_port *make(struct heal_inference *inference, const struct heal_port *port) {
    int place = heal_inference_find(inference, &port->key);
    if (place < 0 && inference->ports < inference->ports_max) {
        place = (int)inference->ports++;
        inference->port[place] = (struct heal_inference_port){.key = port->key};
        inference->judgement[place] = (struct heal_judgement){.port = port->key};
    }
    return place < 0 ? NULL : &inference->port[place];
}

/* Strangers are no part of the mesh: anybody on a link can be a few of them. */
static bool is_vertex(const struct heal_port *port) {
    return port->known && port->established;
}

static void note_inputs(struct heal_inference *inference, const struct heal_world *world) {
    unsigned place = inference->newest;
    for (size_t i = 0; i < inference->ports; i++)
        inference->port[i].there &= (uint8_t) ~(1u << place);
    for (size_t i = 0; i < world->ports; i++) {
        struct heal_inference_port *own =
            is_vertex(&world->port[i]) ? make(inference, &world->port[i]) : NULL;
        if (!own)
            continue;
        own->there |= (uint8_t)(1u << place);
        own->seen[place] = world->port[i].features;
        heal_inference_quantise(inference, &world->port[i].features, own->input[place]);
    }
}

bool heal_inference_tick(struct heal_inference *inference, const struct heal_world *world) {
    if (inference->tick_at != 0 && world->now - inference->tick_at < tick_us)
        return false;
    inference->tick_at = world->now;
    inference->newest = (inference->newest + 1) % HEAL_TICKS_KEPT;
    inference->tick[inference->newest] = (uint32_t)(world->now / tick_unit_us) + 1;
    forget_gone(inference, world);
    note_inputs(inference, world);
    heal_inference_judge(inference, world);
    return true;
}
