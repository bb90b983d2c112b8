/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "weights/torch.h"

#include "base/cleanup.h"
#include "weights/card_text.h"
#include "weights/numbers.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER = 8, CLIP = 6 };

/* Their names and ours. */
static const struct row {
    char theirs[24], ours[24];
    bool joined; /* terms of ours, side by side, are one of theirs */
} rows[] = {
    {"conv1.lin_r.weight", "layer1.self.weight", false},
    {"conv1.lin_l.bias",   "layer1.self.bias",   false},
    {"conv1.lin_l.weight", "layer1.term",        true },
    {"conv2.lin_r.weight", "layer2.self.weight", false},
    {"conv2.lin_l.bias",   "layer2.self.bias",   false},
    {"conv2.lin_l.weight", "layer2.term",        true },
    {"gate.0.weight",      "gate.hidden.weight", false},
    {"gate.0.bias",        "gate.hidden.bias",   false},
    {"gate.2.weight",      "gate.out.weight",    false},
    {"gate.2.bias",        "gate.out.bias",      false},
    {"head.0.weight",      "head.hidden.weight", false},
    {"head.0.bias",        "head.hidden.bias",   false},
    {"sick.weight",        "head.sick.weight",   false},
    {"sick.bias",          "head.sick.bias",     false},
    {"kind.weight",        "head.kind.weight",   false},
    {"kind.bias",          "head.kind.bias",     false},
    {"normal",             "head.normal",        false},
};

static const struct row *row_of(const struct heal_gnn_tensor *tensor) {
    for (size_t i = 0; i < HEAL_COUNT(rows); i++) {
        size_t length = rows[i].joined ? strlen(rows[i].ours) : sizeof rows[i].ours;

        if (strncmp(rows[i].ours, tensor->name, length) == 0)
            return &rows[i];
    }
    return NULL;
}

/* ---- the card ---- */

/* Of a matrix output by input. @return 0, or -EINVAL: it is no matrix. */
static int size_of(const struct heal_safetensors *file, const char *name, uint32_t *ret_outputs,
                   uint32_t *ret_inputs, struct heal_error *error) {
    const struct heal_tensor *tensor = heal_safetensors_find(file, name);

    if (!tensor)
        return heal_safetensors_refuse(error, HEADER, "there is no tensor %s", name);
    if (tensor->dimensions != 2)
        return heal_safetensors_refuse(error, tensor->place,
                                       "tensor %s has %u dimensions: it must be a matrix", name,
                                       tensor->dimensions);
    *ret_outputs = tensor->dimension[0];
    *ret_inputs = tensor->dimension[1];
    return 0;
}

/* What a file need not say. */
static void fill_in(const struct heal_safetensors *file, uint16_t kinds, struct heal_card *card) {
    struct heal_gnn_shape usual;

    heal_gnn_shape_default(card->shape.inputs, card->shape.hidden, kinds, &usual);
    if (!heal_safetensors_entry(file, "layer1"))
        card->shape.layer[0] = usual.layer[0];
    if (!heal_safetensors_entry(file, "layer2"))
        card->shape.layer[1] = usual.layer[1];
    for (unsigned i = card->shape.kinds; i < kinds && card->shape.kinds == 0; i++)
        snprintf(card->kind[i], sizeof card->kind[i], "kind%u", i + 1);
    if (card->shape.kinds == 0)
        card->shape.kinds = kinds;
    for (unsigned i = 0; i < card->scaling.inputs && !heal_safetensors_entry(file, "deviation"); i++)
        card->scaling.deviation[i] = 1;
    if (!heal_safetensors_entry(file, "clip"))
        card->scaling.most = CLIP;
}

static int parse_card(const struct heal_safetensors *file, struct heal_card *card, struct heal_error *error) {
    /* "format" is "pt" in what PyTorch's users write. */
    static const char *const others[] = {"format", "version", "network", "inputs", "hidden", NULL};
    uint32_t hidden = 0, inputs = 0, half = 0, kinds = 0;
    struct heal_error why = {0};
    int r = size_of(file, "conv1.lin_r.weight", &hidden, &inputs, error);

    if (r == 0 && heal_safetensors_find(file, "kind.weight"))
        r = size_of(file, "kind.weight", &kinds, &half, error);
    if (r < 0)
        return r;
    if (inputs > HEAL_GNN_INPUTS_MAX || hidden > HEAL_GNN_HIDDEN_MAX || kinds > HEAL_GNN_KINDS_MAX)
        return heal_safetensors_refuse(error, HEADER, "%u inputs, %u hidden, %u kinds: at most %d, %d and %d",
                                       inputs, hidden, kinds, HEAL_GNN_INPUTS_MAX, HEAL_GNN_HIDDEN_MAX,
                                       HEAL_GNN_KINDS_MAX);
    if (!heal_safetensors_entry(file, "features"))
        return heal_safetensors_refuse(error, HEADER, "__metadata__ does not say features");
    card->network = HEAL_CARD_FLOAT;
    card->shape.inputs = card->scaling.inputs = (uint16_t)inputs;
    card->shape.hidden = (uint16_t)hidden;
    r = heal_card_parse_some(file, others, card, error);
    if (r < 0)
        return r;
    fill_in(file, (uint16_t)kinds, card);
    return heal_card_check(card, &why) < 0
               ? heal_safetensors_refuse(error, HEADER, "__metadata__: %.150s", why.what)
               : 0;
}

/* ---- the numbers ---- */

/* Some columns of theirs, turned. */
static void turn(const float *theirs, unsigned columns, unsigned first, const struct heal_gnn_tensor *tensor,
                 float *ours) {
    for (unsigned i = 0; i < tensor->inputs; i++)
        for (unsigned o = 0; o < tensor->outputs; o++)
            ours[i * tensor->outputs + o] = theirs[o * columns + first + i];
}

static unsigned width_of(const struct heal_gnn_layer *layer) {
    unsigned width = 0;

    for (unsigned t = 0; t < layer->terms; t++)
        width += layer->term[t].width;
    return width;
}

/* @param first where this tensor's columns begin among those that are joined */
static int take(const struct heal_safetensors *file, const struct heal_gnn_shape *shape,
                const struct row *row, const struct heal_gnn_tensor *tensor, unsigned first, float *ours,
                struct heal_error *error) {
    bool vector = heal_numbers_is_vector(tensor);
    unsigned columns =
        row->joined ? width_of(&shape->layer[row->ours[sizeof "layer" - 1] - '1']) : tensor->inputs;
    const uint32_t dimension[] = {tensor->outputs, vector ? 0 : columns, 0};
    const struct heal_tensor *found =
        heal_numbers_tensor(file, row->theirs, HEAL_TENSOR_F32, dimension, error);

    if (!found)
        return -EINVAL;
    if (vector)
        return heal_numbers_take(found, ours, error);
    float *theirs = malloc(found->count * sizeof *theirs);
    if (!theirs)
        return -ENOMEM;
    int r = heal_numbers_take(found, theirs, error);
    if (r == 0)
        turn(theirs, columns, first, tensor, ours);
    free(theirs);
    return r;
}

static int parse_numbers(const struct heal_safetensors *file, struct heal_weights *weights,
                         struct heal_error *error) {
    const char *known[HEAL_GNN_TENSORS_MAX] = {NULL};
    const struct row *before = NULL;
    struct heal_gnn_layout layout;
    unsigned first = 0;
    int r = 0;

    heal_gnn_layout_make(&weights->card.shape, &layout);
    weights->number = calloc(layout.weights, sizeof *weights->number);
    if (!weights->number)
        return -ENOMEM;
    for (unsigned i = 0; r == 0 && i < layout.tensors; i++) {
        const struct heal_gnn_tensor *tensor = &layout.tensor[i];
        const struct row *row = row_of(tensor);

        if (!row)
            return -EINVAL;
        first = row == before ? first : 0;
        known[i] = row->theirs;
        r = take(file, &weights->card.shape, row, tensor, first, weights->number + tensor->at, error);
        first += tensor->inputs;
        before = row;
    }
    return r < 0 ? r : heal_numbers_check_all(file, known, layout.tensors, error);
}

static int parse(const struct heal_safetensors *file, struct heal_weights *weights,
                 struct heal_error *error) {
    int r = parse_card(file, &weights->card, error);

    return r < 0 ? r : parse_numbers(file, weights, error);
}

int heal_torch_decode(const uint8_t *bytes, size_t length, struct heal_weights *ret_weights,
                      struct heal_error *error) {
    return heal_weights_decode_by(parse, bytes, length, ret_weights, error);
}
