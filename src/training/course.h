/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * From a data set to a network that was judged, in one go: what is learnt from and what is kept, the epochs,
 * the network in integers, the threshold, and how good it is on what it has not seen. The same set, settings
 * and seed give the same course to the bit, however many threads there are. It owns its numbers and depends
 * on nothing when it is done.
 */
#ifndef HEAL_TRAINING_COURSE_H
#define HEAL_TRAINING_COURSE_H

#include "gnn/quantiles.h"
#include "gnn/ranges.h"
#include "training/figures.h"
#include "training/split.h"

struct heal_course_settings {
    struct heal_gnn_recipe recipe;
    struct heal_split_plan split;
    uint16_t hidden;
    uint16_t kinds;   /**< of trouble that the network tells apart; 0: only whether there is any */
    float rate;       /**< of false alarms, that the threshold is to promise; 0: the best F1 */
    unsigned threads; /**< 0: as many as there are processors */
};

/** As people mean it who say nothing: the recipe of gnn/trainer.h, with patience and without 15 % of the
 * features; the last of five pieces is kept. */
void heal_course_settings_init(struct heal_course_settings *ret_settings);

/** Whoever looks on. Either may be NULL. */
struct heal_course_onlooker {
    void (*on_epoch)(void *context, const struct heal_gnn_progress *progress);
    bool (*goes_on)(void *context, uint32_t batch, uint32_t batches); /**< as in gnn/trainer.h */
    void *context;
};

/** How far off it was after an epoch. */
struct heal_course_point {
    float learnt, kept; /**< mean error a vertex */
};

struct heal_course {
    struct heal_course_settings settings;
    struct heal_split split; /**< its lists are gone: only the counts are left */
    size_t graphs_learnt, graphs_kept;
    struct heal_gnn_shape shape;
    struct heal_gnn_scaling scaling;
    struct heal_gnn_quantiles quantiles; /**< of what was learnt from */
    struct heal_gnn_ranges ranges;
    float *weights;                   /**< as heal_gnn_layout_make lays them */
    struct heal_gnn_integer *network; /**< the same in integers */
    struct heal_threshold threshold;
    struct heal_comparison kept;     /**< how good it is on what was kept */
    unsigned epochs;                 /**< that there were … */
    unsigned best;                   /**< … and the one whose weights these are, from 1 */
    struct heal_course_point *point; /**< [epochs] */
};

/**
 * Learns.
 * @param ret_course for heal_course_deinit; untouched on failure
 * @return 0, -ENOMEM, -ECANCELED, or -EINVAL with words.
 */
int heal_course_take(const struct heal_gnn_dataset *dataset, const struct heal_course_settings *settings,
                     const struct heal_course_onlooker *onlooker, struct heal_course *ret_course,
                     struct heal_error *error);
void heal_course_deinit(struct heal_course *course);

/** Its network, as one to ask; it borrows the course's numbers. */
struct heal_asked heal_course_asked(const struct heal_course *course);

#endif
