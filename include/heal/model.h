/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The graph network of heald for whoever wants it alone: learn from labelled graphs, keep what was learnt,
 * and ask it about one vertex (examples/learn.c). A vertex is whatever has features and neighbours; in heald
 * it is a port. The same graphs, settings and seed give the same model to the byte, on every machine.
 *
 * Nothing here does input or output: a model is bytes (docs/model.md says what is in them), and the caller
 * keeps them. What comes from outside is checked: errors are negative errnos and, where it is said, words.
 */
#ifndef HEAL_MODEL_H
#define HEAL_MODEL_H

#include "heal/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct heal_model_edge {
    uint32_t a, b; /**< without direction; each edge is named once */
};

enum heal_lesson_truth { HEAL_LESSON_HEALTHY, HEAL_LESSON_SICK, HEAL_LESSON_UNKNOWN };

/** A graph; its arrays are the caller's. */
struct heal_model_graph {
    uint32_t vertices, edges;
    const float *feature; /**< vertices by features, as measured; NaN: missing */
    const struct heal_model_edge *edge;
    const uint8_t *truth; /**< [vertices], of enum heal_lesson_truth, to learn from; else NULL */
};

/* ---- learning ---- */

struct heal_lesson;

/** A feature: a number at each vertex. */
struct heal_lesson_feature {
    const char *name; /**< of letters, digits, `.`, `_` and `-`; at most 31 */
    bool logarithm;   /**< never negative, over many orders of magnitude: ln(1 + x) is taken first */
};

/** @param feature [features], 1 to 64, copied @return NULL: no memory, or a name that is none, or that
 * two have. */
struct heal_lesson *heal_lesson_new(const struct heal_lesson_feature *feature, unsigned features);
/** @return NULL. */
struct heal_lesson *heal_lesson_free(struct heal_lesson *lesson);

/** Adds a labelled graph, copied. Those that are like each other (of one run, near in time) are to be added
 * one after another: the last fifth is not learnt from, but shows how well the rest was.
 * @return 0, -ENOMEM, or -EINVAL with words: an edge to nowhere, a loop, an edge twice, an infinite feature.
 */
int heal_lesson_add(struct heal_lesson *lesson, const struct heal_model_graph *graph,
                    struct heal_error *error);

/** How to learn; 0: as is usual. */
struct heal_learning {
    unsigned hidden; /**< width of the network: even, to 256 where its weights are at most 2^17 (64) */
    unsigned epochs; /**< times through all graphs (50) */
    uint64_t seed;
};

struct heal_model;

/**
 * Learns. @param ret_model for heal_model_free
 * @return 0, -ENOMEM, or -EINVAL with words: not both healthy and sick vertices, or a width out of range.
 */
int heal_lesson_learn(const struct heal_lesson *lesson, const struct heal_learning *how,
                      struct heal_model **ret_model, struct heal_error *error);

/* ---- models ---- */

/** @return NULL. */
struct heal_model *heal_model_free(struct heal_model *model);

/** As the bytes of a file that heald can run. @param ret_bytes for free() @return 0 or -ENOMEM. */
int heal_model_encode(const struct heal_model *model, uint8_t **ret_bytes, size_t *ret_length);
/** From bytes that anybody may have made. @return 0, -ENOMEM, or -EINVAL with words, the byte being the
 * error's column. */
int heal_model_decode(const uint8_t *bytes, size_t length, struct heal_model **ret_model,
                      struct heal_error *error);

/** @return how many features a vertex has. */
unsigned heal_model_features(const struct heal_model *model);
/** @return what it was found to be worth on what it did not learn from: "f1", "accuracy", "precision",
 * "recall", "fpr"; NaN: nobody has tried. */
float heal_model_figure(const struct heal_model *model, const char *name);

struct heal_model_verdict {
    float logit; /**< the larger, the more likely sick; in steps of 1/1024 */
    bool sick;   /**< above the threshold that was best */
};

/**
 * Judges one vertex. It depends on the vertex, its neighbours and theirs: the rest of the graph may be left
 * out.
 * @param around its truth is not looked at
 * @return 0, -ENOMEM, or -EINVAL with words: no such vertex, or no graph.
 */
int heal_model_judge(const struct heal_model *model, const struct heal_model_graph *around, uint32_t vertex,
                     struct heal_model_verdict *ret_verdict, struct heal_error *error);

#endif
