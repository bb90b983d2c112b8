/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A data set from a lab that runs: what its nodes say that they measure, and what its fault injector says
 * that is true. Nothing here asks anybody: it is given the answers, and trusts nothing in them.
 */
#ifndef HEAL_DATASET_RECORD_H
#define HEAL_DATASET_RECORD_H

#include "dataset/dataset.h"
#include "dataset/draft.h"

#include <jansson.h>

struct heal_recorder {
    struct heal_dataset set; /**< what was recorded so far */
    struct heal_draft draft;
    json_t *faults; /**< those that were in force when it last looked */
    json_t *over;   /**< those that are not any more, and have been lately: {"sick", "gone"} */
};

/** @return 0 or -ENOMEM. */
int heal_recorder_init(struct heal_recorder *recorder);
void heal_recorder_deinit(struct heal_recorder *recorder);

/**
 * Adds a snapshot, if any node has a link.
 * @param status of the lab, as its control socket answers. @param page what each of its nodes answers to
 * /v1/links, in the order of the status; null: it gave no answer
 * @return 0, -ENOMEM, or -EINVAL with words: that is no such answer.
 */
int heal_recorder_look(struct heal_recorder *recorder, const json_t *status, const json_t *page,
                       struct heal_error *error);

#endif
