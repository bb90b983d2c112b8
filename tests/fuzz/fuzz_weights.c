/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Any bytes as a model, or as weights from PyTorch: what is taken can be run, and is written as it was read.
 */
#include "weights/torch.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { VERTICES = 3 };

/* A path of three vertices. */
static void run(const struct heal_gnn_model *model) {
    static const uint32_t first[] = {0, 1, 3, 4}, neighbour[] = {1, 0, 2, 1};
    const struct heal_gnn_graph graph = {.vertices = VERTICES, .first = first, .neighbour = neighbour};
    int8_t input[VERTICES * HEAL_GNN_INPUTS_MAX], state[VERTICES * HEAL_GNN_HIDDEN_MAX];
    int32_t logit[VERTICES], kind[HEAL_GNN_KINDS_MAX], class[1 + HEAL_GNN_KINDS_MAX];
    unsigned inputs = model->network.shape.inputs;

    for (unsigned v = 0; v < VERTICES; v++) {
        float measured[HEAL_GNN_INPUTS_MAX], scaled[HEAL_GNN_INPUTS_MAX];

        for (unsigned i = 0; i < inputs; i++)
            measured[i] = (float)(v + i);
        heal_gnn_scaling_apply(&model->scaling, measured, scaled);
        heal_gnn_integer_input(&model->network, scaled, input + (size_t)v * inputs);
    }
    heal_gnn_integer_run(&model->network, &graph, input, state, logit);
    heal_gnn_integer_verdict(&model->network, &graph, 1, state, kind);
    heal_gnn_integer_classes(&model->network, 1, kind, class);
}

static void check(const struct heal_weights *weights) {
    struct heal_weights again;
    uint8_t *bytes, *twice;
    size_t length, length_twice;

    if (heal_weights_encode(weights, &bytes, &length, NULL) < 0 ||
        heal_weights_decode(bytes, length, &again, NULL) < 0 ||
        heal_weights_encode(&again, &twice, &length_twice, NULL) < 0)
        abort();
    if (length != length_twice || memcmp(bytes, twice, length) != 0)
        abort();
    heal_weights_deinit(&again);
    free(bytes);
    free(twice);
}

static bool is_said(const struct heal_error *error, size_t size) {
    return error->what[0] && error->column >= 0 && (size_t)error->column <= size;
}

static void decode_torch(const uint8_t *data, size_t size) {
    struct heal_weights weights;
    struct heal_error error = {0};

    int r = heal_torch_decode(data, size, &weights, &error);
    if (r < 0 && !is_said(&error, size))
        abort();
    if (r == 0) {
        check(&weights);
        heal_weights_deinit(&weights);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct heal_gnn_model *model = malloc(sizeof *model);
    struct heal_weights weights;
    struct heal_error error = {0};

    int r = heal_weights_decode(data, size, &weights, &error);
    if (r < 0 && !is_said(&error, size))
        abort();
    if (r == 0) {
        check(&weights);
        if (model && heal_weights_model(&weights, 1, model, NULL) == 0)
            run(model);
        heal_weights_deinit(&weights);
    }
    decode_torch(data, size);
    free(model);
    return 0;
}
