/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Which samples are learnt from, and which are kept to see how well: by whole runs, or by pieces of the time
 * of each run. Never at random: what two snapshots of one link have in common would be learnt by heart, and
 * the figures would say more than is true. A split owns its lists.
 */
#ifndef HEAL_TRAINING_SPLIT_H
#define HEAL_TRAINING_SPLIT_H

#include "gnn/trainer.h"

enum heal_split_by {
    HEAL_SPLIT_AUTO, /**< by run where there are as many as pieces, else by time */
    HEAL_SPLIT_RUN,
    HEAL_SPLIT_TIME,
};

enum { HEAL_SPLIT_PIECES_MAX = 100 };
/** A gap that is a twentieth of a piece. */
#define HEAL_SPLIT_GAP_AUTO INT64_C(-1)

struct heal_split_plan {
    enum heal_split_by by;
    unsigned pieces; /**< 2 to HEAL_SPLIT_PIECES_MAX: how many the set is cut into … */
    unsigned piece;  /**< … of which this one, from 1, is kept */
    int64_t gap;     /**< by time: what is nearer to the piece than this is left out, in the set's unit */
};

struct heal_split {
    enum heal_split_by by; /**< as it was made: never HEAL_SPLIT_AUTO */
    struct heal_gnn_choice learnt, kept;
    size_t runs, runs_kept; /**< by time, all runs are kept in part */
    size_t left_out;        /**< samples in the gap */
    uint32_t *sample;       /**< what both choices point to */
};

/** @param ret_split for heal_split_deinit @return 0, -ENOMEM, or -EINVAL with words: nothing to learn from,
 * or nothing left to look at. */
int heal_split_make(const struct heal_gnn_dataset *dataset, const struct heal_split_plan *plan,
                    struct heal_split *ret_split, struct heal_error *error);
void heal_split_deinit(struct heal_split *split);

#endif
