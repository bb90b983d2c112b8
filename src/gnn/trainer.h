/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Learning: from labelled graphs to a network's weights. The same data, recipe and seed give the same weights
 * to the bit, however many processors work on it: a batch is always cut into the same parts, and what they
 * found is added up in the same order. It owns nothing after it has returned.
 */
#ifndef HEAL_GNN_TRAINER_H
#define HEAL_GNN_TRAINER_H

#include "gnn/adamw.h"
#include "gnn/batch.h"
#include "gnn/objective.h"
#include "gnn/shape.h"

struct heal_gnn_recipe {
    struct heal_adamw_settings adamw;
    struct heal_gnn_loss loss;
    struct heal_gnn_balance balance;
    struct heal_gnn_omission omission;
    unsigned dropout_of_256;
    unsigned epochs, batch; /**< samples a batch */
    unsigned patience;      /**< epochs without a better validation after which it ends; 0: never */
    uint64_t seed;
};

/** What did best on real meshes (bench/gnn, over four pieces of the time). */
extern const struct heal_gnn_recipe heal_gnn_recipe_default;

/** Whoever can do things at once: runs work(what, part) for each part below @p parts, and returns when all is
 * done. Without one, one after another. */
struct heal_gnn_workers {
    void (*run)(void *context, size_t parts, void (*work)(void *what, size_t part), void *what);
    void *context;
};

/** How it goes, once an epoch. */
struct heal_gnn_progress {
    unsigned epoch, epochs;
    unsigned best;    /**< the epoch whose weights it would give back now */
    double error;     /**< of what is learnt from, as the balance says, with all that is left out at random */
    double validated; /**< of the validation; NaN: there is none */
};

struct heal_gnn_training {
    const struct heal_gnn_dataset *dataset;
    struct heal_gnn_choice learnt, validated; /**< validated.count 0: nothing is */
    struct heal_gnn_shape shape;
    struct heal_gnn_recipe recipe;
    struct heal_gnn_workers workers;                                           /**< run NULL: none */
    void (*on_epoch)(void *context, const struct heal_gnn_progress *progress); /**< NULL: nobody asks */
    /** Before each batch of the so many that all epochs have; false: no further. NULL: nobody asks. */
    bool (*goes_on)(void *context, uint32_t batch, uint32_t batches);
    void *context;
};

/**
 * @param ret_scaling as fitted to what was learnt
 * @param ret_weights as many as the shape's layout has: those of the last epoch; with patience, of the best
 * one
 * @return 0, -ENOMEM, -ECANCELED where it does not go on, or -EINVAL with words: a shape of other inputs than
 * the data have, nothing to learn from, only one kind of label, a graph of a kind that the shape does not
 * have, or a recipe that leaves nothing
 */
int heal_gnn_train(const struct heal_gnn_training *training, struct heal_gnn_scaling *ret_scaling,
                   float *ret_weights, struct heal_error *error);

/** The logits of @p choice's heal_gnn_choice_vertices, sample by sample, by what heal_gnn_train returned for
 * this @p shape.
 * @param ret_kind a row of shape.kinds for each; NULL: nobody asks @return 0 or -ENOMEM. */
int heal_gnn_predict_kinds(const struct heal_gnn_dataset *dataset, const struct heal_gnn_choice *choice,
                           const struct heal_gnn_shape *shape, const struct heal_gnn_scaling *scaling,
                           const float *weights, float *ret_logit, float *ret_kind);

static inline int heal_gnn_predict(const struct heal_gnn_dataset *dataset,
                                   const struct heal_gnn_choice *choice, const struct heal_gnn_shape *shape,
                                   const struct heal_gnn_scaling *scaling, const float *weights,
                                   float *ret_logit) {
    return heal_gnn_predict_kinds(dataset, choice, shape, scaling, weights, ret_logit, NULL);
}

#endif
