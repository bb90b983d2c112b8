/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** A model of random numbers, and random graphs to ask it about. */
#ifndef HEAL_TESTS_WEIGHTS_RANDOM_MODEL_H
#define HEAL_TESTS_WEIGHTS_RANDOM_MODEL_H

#include "base/random.h"
#include "weights/weights.h"

/** A network in single precision with ranges measured on random graphs. @param ret_weights the caller's to
 * deinit
 * @return 0 or -ENOMEM. */
int random_model_make(const struct heal_gnn_shape *shape, uint64_t seed, struct heal_weights *ret_weights);

/** A graph of random edges, of about so many a vertex, and some vertices without any. It owns all. */
struct random_graph {
    struct heal_gnn_graph graph;
    uint32_t *first, *neighbour;
    float *input; /**< vertices by inputs, in deviations */
};

/** @return 0 or -ENOMEM. */
int random_graph_make(struct heal_random *random, uint32_t vertices, unsigned degree, unsigned inputs,
                      struct random_graph *ret_graph);
void random_graph_deinit(struct random_graph *graph);

/** The logits of a network in single precision. @param ret_sick [vertices] @param ret_kind [vertices by
 * kinds]
 * @return 0 or -ENOMEM. */
int random_model_run(const struct heal_weights *weights, const struct random_graph *graph, float *ret_sick,
                     float *ret_kind);
/** As above, in integers, in 1 / HEAL_GNN_LOGIT_ONE. */
int random_model_run_integer(const struct heal_weights *weights, const struct random_graph *graph,
                             int32_t *ret_sick, int32_t *ret_kind);

#endif
