/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** What a course has taught, as a model that can lie in a file; and a model from a file, as one to ask. */
#ifndef HEAL_TRAINING_MODEL_H
#define HEAL_TRAINING_MODEL_H

#include "training/course.h"
#include "weights/weights.h"

/** What the model is to say of where it is from. */
struct heal_course_origin {
    const char *made;                    /**< the command that makes it anew; cut where it is too long */
    const char *data;                    /**< SHA-256 of the set's file, hexadecimal; "": not said */
    const struct heal_comparison *test;  /**< how good it was on a set of its own; NULL: there was none */
    const struct heal_dataset *kept_set; /**< what its kinds are called */
};

/**
 * @param ret_single in single precision, with the figures of that; for heal_weights_deinit
 * @param ret_integer in integers, likewise
 * @return 0, -ENOMEM, or -EINVAL with words.
 */
int heal_course_models(const struct heal_course *course, const struct heal_course_origin *origin,
                       struct heal_weights *ret_single, struct heal_weights *ret_integer,
                       struct heal_error *error);

/** A model's network, and its threshold in 1 / HEAL_GNN_LOGIT_ONE. It borrows the model's numbers. */
struct heal_asked heal_model_asked(const struct heal_weights *weights, int32_t *ret_threshold);

#endif
