/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/shape.h"

#include "base/text.h"

#include <errno.h>
#include <stdio.h>

void heal_gnn_shape_default(uint16_t inputs, uint16_t hidden, uint16_t kinds,
                            struct heal_gnn_shape *ret_shape) {
    uint16_t half = hidden / 2;

    *ret_shape = (struct heal_gnn_shape){
        .inputs = inputs,
        .hidden = hidden,
        .kinds = kinds,
        .layer = {{3,
                   {{HEAL_GNN_MEAN, 0, inputs}, {HEAL_GNN_LARGEST, 0, inputs}, {HEAL_GNN_LEAST, 0, inputs}}},
                  {2, {{HEAL_GNN_MEAN, 0, half}, {HEAL_GNN_LARGEST, half, half}}}},
    };
}

static int check_layer(const struct heal_gnn_layer *layer, unsigned number, unsigned inputs,
                       struct heal_error *error) {
    if (layer->terms > HEAL_GNN_TERMS_MAX)
        return heal_error_set(error, -EINVAL, 0, 0, "layer %u has %u terms: at most %u", number, layer->terms,
                              HEAL_GNN_TERMS_MAX);
    for (unsigned t = 0; t < layer->terms; t++) {
        const struct heal_gnn_term *term = &layer->term[t];

        if ((unsigned)term->aggregate >= HEAL_GNN_AGGREGATES)
            return heal_error_set(error, -EINVAL, 0, 0, "term %u of layer %u aggregates in no known way",
                                  t + 1, number);
        if (term->width == 0 || term->from + term->width > inputs)
            return heal_error_set(error, -EINVAL, 0, 0,
                                  "term %u of layer %u takes channels %u to %u: there are %u", t + 1, number,
                                  term->from + 1, term->from + term->width, inputs);
    }
    return 0;
}

int heal_gnn_shape_check(const struct heal_gnn_shape *shape, struct heal_error *error) {
    if (shape->inputs == 0 || shape->inputs > HEAL_GNN_INPUTS_MAX)
        return heal_error_set(error, -EINVAL, 0, 0, "%u inputs: 1 to %u", shape->inputs, HEAL_GNN_INPUTS_MAX);
    if (shape->hidden == 0 || shape->hidden % 2 != 0 || shape->hidden > HEAL_GNN_HIDDEN_MAX)
        return heal_error_set(error, -EINVAL, 0, 0, "a hidden width of %u: an even number up to %u",
                              shape->hidden, HEAL_GNN_HIDDEN_MAX);
    if (shape->kinds > HEAL_GNN_KINDS_MAX)
        return heal_error_set(error, -EINVAL, 0, 0, "%u kinds: at most %u", shape->kinds, HEAL_GNN_KINDS_MAX);
    int r = check_layer(&shape->layer[0], 1, shape->inputs, error);
    return r < 0 ? r : check_layer(&shape->layer[1], 2, shape->hidden, error);
}

/* @return where the tensor begins. */
static uint32_t add(struct heal_gnn_layout *layout, const char *name, unsigned inputs, unsigned outputs) {
    struct heal_gnn_tensor *tensor = &layout->tensor[layout->tensors++];

    *tensor = (struct heal_gnn_tensor){
        .inputs = (uint16_t)inputs, .outputs = (uint16_t)outputs, .at = layout->weights};
    heal_name_copy(tensor->name, sizeof tensor->name, name);
    layout->weights += inputs * outputs;
    return tensor->at;
}

static void add_layer(struct heal_gnn_layout *layout, const struct heal_gnn_shape *shape, unsigned number) {
    const struct heal_gnn_layer *layer = &shape->layer[number];
    char name[sizeof layout->tensor[0].name];

    snprintf(name, sizeof name, "layer%u.self.weight", number + 1);
    layout->layer[number].self =
        add(layout, name, number == 0 ? shape->inputs : shape->hidden, shape->hidden);
    snprintf(name, sizeof name, "layer%u.self.bias", number + 1);
    layout->layer[number].bias = add(layout, name, 1, shape->hidden);
    for (unsigned t = 0; t < layer->terms; t++) {
        snprintf(name, sizeof name, "layer%u.term%u.weight", number + 1, t + 1);
        layout->layer[number].term[t] = add(layout, name, layer->term[t].width, shape->hidden);
    }
}

void heal_gnn_layout_make(const struct heal_gnn_shape *shape, struct heal_gnn_layout *ret_layout) {
    struct heal_gnn_layout layout = {0};
    unsigned hidden = shape->hidden, half = hidden / 2;

    for (unsigned number = 0; number < HEAL_GNN_LAYERS; number++)
        add_layer(&layout, shape, number);
    layout.gate = add(&layout, "gate.hidden.weight", hidden, half);
    layout.gate_bias = add(&layout, "gate.hidden.bias", 1, half);
    layout.gate_out = add(&layout, "gate.out.weight", half, 1);
    layout.gate_out_bias = add(&layout, "gate.out.bias", 1, 1);
    layout.head = add(&layout, "head.hidden.weight", hidden, half);
    layout.head_bias = add(&layout, "head.hidden.bias", 1, half);
    layout.sick = add(&layout, "head.sick.weight", half, 1);
    layout.sick_bias = add(&layout, "head.sick.bias", 1, 1);
    if (shape->kinds > 0) {
        layout.kind = add(&layout, "head.kind.weight", half, shape->kinds);
        layout.kind_bias = add(&layout, "head.kind.bias", 1, shape->kinds);
        layout.normal = add(&layout, "head.normal", 1, 1);
    }
    *ret_layout = layout;
}
