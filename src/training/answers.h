/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What a network says of the vertices whose truth is known, in single precision and in integers: what all
 * figures are made of. It owns its answers.
 */
#ifndef HEAL_TRAINING_ANSWERS_H
#define HEAL_TRAINING_ANSWERS_H

#include "gnn/integer.h"
#include "gnn/trainer.h"

struct heal_answer {
    float logit;     /**< in single precision; NaN: nobody was asked */
    int32_t integer; /**< in 1 / HEAL_GNN_LOGIT_ONE: what a node would say */
    bool sick;       /**< the truth … */
    uint8_t kind;    /**< … and of what, as the data set numbers it */
};

/** What is wrong with a graph: a class of gnn/pool.h. */
struct heal_class_answer {
    uint8_t single, integer, truth;
};

struct heal_answers {
    size_t graphs, count, sick;         /**< count: vertices whose truth is known; sick: of these */
    size_t unknown;                     /**< vertices whose truth is not: not among the answers */
    struct heal_answer *answer;         /**< [count], sample by sample */
    struct heal_class_answer *class_of; /**< [graphs], of a network with kinds; NULL: it has none */
};

/** Who is asked. */
struct heal_asked {
    const struct heal_gnn_shape *shape;
    const struct heal_gnn_scaling *scaling;
    const float *weights;                   /**< NULL: only the integers are asked */
    const struct heal_gnn_integer *network; /**< NULL: only the single precision is */
};

/** Whether a data set has the features that a network takes. @param feature [inputs] @return 0, or -EINVAL
 * with words. */
int heal_answers_check(const struct heal_gnn_dataset *dataset, const struct heal_gnn_feature *feature,
                       uint16_t inputs, struct heal_error *error);

/** @param ret_answers for heal_answers_deinit @return 0, or -ENOMEM. */
int heal_answers_ask(const struct heal_asked *asked, const struct heal_gnn_dataset *dataset,
                     const struct heal_gnn_choice *choice, struct heal_answers *ret_answers);
void heal_answers_deinit(struct heal_answers *answers);

#endif
