/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What a model was trained on, as a tensor: a row a feature; one that was never there is NaN throughout. */
#include "weights/numbers.h"

#include <errno.h>
#include <math.h>

const char heal_quantiles_name[] = "quantiles";

static int parse_row(const struct heal_tensor *tensor, unsigned feature, struct heal_gnn_quantiles *quantiles,
                     struct heal_error *error) {
    const size_t first = (size_t)feature * HEAL_GNN_QUANTILES;
    const bool known = !isnan(heal_tensor_real(tensor, first));
    float before = -INFINITY;

    for (size_t q = 0; q < HEAL_GNN_QUANTILES; q++) {
        float edge = heal_tensor_real(tensor, first + q);

        if (known ? !isfinite(edge) || edge < before : !isnan(edge))
            return heal_safetensors_refuse(error, heal_tensor_place(tensor, first + q),
                                           "tensor %s: number %zu is less than the one before, or no number",
                                           tensor->name, first + q);
        before = edge;
        if (known)
            quantiles->edge[feature][q] = edge;
    }
    quantiles->known |= (uint64_t)known << feature;
    return 0;
}

int heal_quantiles_parse(const struct heal_safetensors *file, struct heal_card *card,
                         struct heal_error *error) {
    const uint32_t dimension[] = {card->shape.inputs, HEAL_GNN_QUANTILES, 0};
    int r = 0;

    if (!heal_safetensors_find(file, heal_quantiles_name))
        return 0;
    const struct heal_tensor *tensor =
        heal_numbers_tensor(file, heal_quantiles_name, HEAL_TENSOR_F32, dimension, error);
    if (!tensor)
        return -EINVAL;
    for (unsigned i = 0; r == 0 && i < card->shape.inputs; i++)
        r = parse_row(tensor, i, &card->trained_on, error);
    return r;
}

unsigned heal_quantiles_draft(const struct heal_card *card,
                              float room[static HEAL_GNN_INPUTS_MAX * HEAL_GNN_QUANTILES],
                              struct heal_tensor_draft *ret_draft) {
    const struct heal_gnn_quantiles *quantiles = &card->trained_on;

    if (quantiles->known == 0)
        return 0;
    for (size_t i = 0; i < card->shape.inputs; i++)
        for (size_t q = 0; q < HEAL_GNN_QUANTILES; q++)
            room[i * HEAL_GNN_QUANTILES + q] = quantiles->known >> i & 1 ? quantiles->edge[i][q] : NAN;
    *ret_draft = (struct heal_tensor_draft){
        .name = heal_quantiles_name,
        .type = HEAL_TENSOR_F32,
        .dimensions = 2,
        .dimension = {card->shape.inputs, HEAL_GNN_QUANTILES},
        .numbers = room
    };
    return 1;
}
