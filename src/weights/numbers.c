/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "weights/numbers.h"

#include "base/text.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER = 8 /* where a header begins */ };

static bool has_shape(const struct heal_tensor *tensor, const uint32_t *dimension) {
    unsigned count = 0;

    while (dimension[count] > 0)
        count++;
    return tensor->dimensions == count &&
           memcmp(tensor->dimension, dimension, count * sizeof *dimension) == 0;
}

static void write_shape(const uint32_t *dimension, unsigned count, struct heal_text *text) {
    heal_text_add(text, "[");
    for (unsigned d = 0; d < count; d++)
        heal_text_add(text, "%s%u", d > 0 ? "," : "", dimension[d]);
    heal_text_add(text, "]");
}

const struct heal_tensor *heal_numbers_tensor(const struct heal_safetensors *file, const char *name,
                                              enum heal_tensor_type type, const uint32_t *dimension,
                                              struct heal_error *error) {
    const struct heal_tensor *tensor = heal_safetensors_find(file, name);
    char is[64], must[64];
    struct heal_text text;
    unsigned count = 0;

    if (!tensor) {
        heal_safetensors_refuse(error, HEADER, "there is no tensor %s", name);
        return NULL;
    }
    if (tensor->type != type) {
        heal_safetensors_refuse(error, tensor->place, "tensor %s has numbers of %s: it must be %s", name,
                                heal_tensor_type_name(tensor->type), heal_tensor_type_name(type));
        return NULL;
    }
    if (has_shape(tensor, dimension))
        return tensor;
    while (dimension[count] > 0)
        count++;
    heal_text_init(&text, is, sizeof is);
    write_shape(tensor->dimension, tensor->dimensions, &text);
    heal_text_init(&text, must, sizeof must);
    write_shape(dimension, count, &text);
    heal_safetensors_refuse(error, tensor->place, "tensor %s has the shape %s: it must be %s", name, is,
                            must);
    return NULL;
}

int heal_numbers_take(const struct heal_tensor *tensor, float *ret_number, struct heal_error *error) {
    for (size_t i = 0; i < tensor->count; i++) {
        ret_number[i] = heal_tensor_real(tensor, i);
        if (!isfinite(ret_number[i]))
            return heal_safetensors_refuse(error, heal_tensor_place(tensor, i), "tensor %s: number %zu is %s",
                                           tensor->name, i, isnan(ret_number[i]) ? "NaN" : "infinite");
    }
    return 0;
}

int heal_numbers_check_all(const struct heal_safetensors *file, const char *const *known, unsigned count,
                           struct heal_error *error) {
    for (unsigned i = 0; i < file->tensors; i++) {
        bool found = false;

        for (unsigned k = 0; !found && k < count; k++)
            found = strcmp(file->tensor[i].name, known[k]) == 0;
        if (!found)
            return heal_safetensors_refuse(error, file->tensor[i].place,
                                           "nobody here knows what tensor %s is", file->tensor[i].name);
    }
    return 0;
}

/* ---- single precision ---- */

bool heal_numbers_is_vector(const struct heal_gnn_tensor *tensor) {
    const size_t length = strlen(tensor->name), suffix = strlen(".weight");

    return length <= suffix || strcmp(tensor->name + length - suffix, ".weight") != 0;
}

static unsigned shape_of(const struct heal_gnn_tensor *tensor, uint32_t dimension[static 3]) {
    unsigned count = 0;

    if (!heal_numbers_is_vector(tensor))
        dimension[count++] = tensor->inputs;
    dimension[count++] = tensor->outputs;
    dimension[count] = 0;
    return count;
}

int heal_float_parse(const struct heal_safetensors *file, struct heal_weights *weights,
                     struct heal_error *error) {
    const char *known[HEAL_GNN_TENSORS_MAX + 1] = {NULL};
    struct heal_gnn_layout layout;
    int r = 0;

    heal_gnn_layout_make(&weights->card.shape, &layout);
    weights->number = calloc(layout.weights, sizeof *weights->number);
    if (!weights->number)
        return -ENOMEM;
    for (unsigned i = 0; r == 0 && i < layout.tensors; i++) {
        uint32_t dimension[3];

        known[i] = layout.tensor[i].name;
        shape_of(&layout.tensor[i], dimension);
        const struct heal_tensor *tensor =
            heal_numbers_tensor(file, known[i], HEAL_TENSOR_F32, dimension, error);
        r = tensor ? heal_numbers_take(tensor, weights->number + layout.tensor[i].at, error) : -EINVAL;
    }
    known[layout.tensors] = heal_quantiles_name;
    return r < 0 ? r : heal_numbers_check_all(file, known, layout.tensors + 1U, error);
}

int heal_float_format(const struct heal_weights *weights, const struct heal_entry_draft *entry,
                      size_t entries, uint8_t **ret_bytes, size_t *ret_length, struct heal_error *error) {
    struct heal_tensor_draft draft[HEAL_GNN_TENSORS_MAX + 1];
    float quantiles[HEAL_GNN_INPUTS_MAX * HEAL_GNN_QUANTILES];
    struct heal_gnn_layout layout;

    heal_gnn_layout_make(&weights->card.shape, &layout);
    for (uint32_t w = 0; w < layout.weights; w++)
        if (!isfinite(weights->number[w]))
            return heal_error_set(error, -EINVAL, 0, 0, "weight %u is no number", w);
    for (unsigned i = 0; i < layout.tensors; i++) {
        uint32_t dimension[3];

        draft[i] = (struct heal_tensor_draft){.name = layout.tensor[i].name,
                                              .type = HEAL_TENSOR_F32,
                                              .dimensions = (uint8_t)shape_of(&layout.tensor[i], dimension),
                                              .numbers = weights->number + layout.tensor[i].at};
        memcpy(draft[i].dimension, dimension, draft[i].dimensions * sizeof dimension[0]);
    }
    unsigned more = heal_quantiles_draft(&weights->card, quantiles, &draft[layout.tensors]);
    return heal_safetensors_encode(entry, entries, draft, layout.tensors + more, ret_bytes, ret_length);
}
