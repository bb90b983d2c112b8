/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Labelled graphs as a text that people can read (docs/dataset.md): the graphs, what their features and kinds
 * are called, and how they were made. It owns the graphs.
 */
#ifndef HEAL_DATASET_DATASET_H
#define HEAL_DATASET_DATASET_H

#include "gnn/dataset.h"
#include "gnn/shape.h"

#include <stdio.h>

enum {
    HEAL_DATASET_MADE_MAX = 256,
    HEAL_DATASET_KINDS_MAX = HEAL_GNN_KINDS_MAX,
    HEAL_DATASET_VERTICES_MAX = 1 << 16, /**< of one graph */
    HEAL_DATASET_EDGES_MAX = 1 << 22,
    HEAL_DATASET_BYTES_MAX = 1 << 30, /**< of a file */
};

/** Times lie within so much of 0, so that spans between them can be told. */
#define HEAL_DATASET_TIME_MAX (INT64_C(1) << 53)

struct heal_dataset {
    char
        made[HEAL_DATASET_MADE_MAX]; /**< where it is from: the command that makes it anew; empty: not said */
    char time[HEAL_GNN_NAME_MAX];    /**< the unit of the graphs' times */
    uint16_t kinds;
    char kind[HEAL_DATASET_KINDS_MAX][HEAL_GNN_NAME_MAX]; /**< of graphs and sick vertices, by their number */
    struct heal_gnn_dataset *graphs;
};

/** Makes an empty set. @param feature [inputs], copied. @return 0 or -ENOMEM. */
int heal_dataset_init(struct heal_dataset *set, const struct heal_gnn_feature *feature, uint16_t inputs);
/** Frees the graphs. */
void heal_dataset_deinit(struct heal_dataset *set);

/** @return the number of a kind; a new one is added. -E2BIG: there are too many. @param name one that a text
 * may have: shorter than HEAL_GNN_NAME_MAX, of letters, digits, `.`, `_` and `-`; neither "healthy" nor
 * "unknown" */
int heal_dataset_kind(struct heal_dataset *set, const char *name);

/**
 * Reads a text.
 * @param ret_set the caller's to deinit; untouched on failure
 * @return 0, -ENOMEM, or -EINVAL with line, column and words.
 */
int heal_dataset_parse(const char *text, size_t length, struct heal_dataset *ret_set,
                       struct heal_error *error);
/** As above, a file. @return also what opening and reading it may fail with. */
int heal_dataset_load(const char *path, struct heal_dataset *ret_set, struct heal_error *error);

/** Writes a set: the same set, the same bytes, and what was written reads back as the same set. @return 0 or
 * -EIO. */
int heal_dataset_write(const struct heal_dataset *set, FILE *out);

/** Writes a value so that it reads back exactly, in as few digits as that takes; NaN as `-`. */
enum { HEAL_DATASET_VALUE_TEXT = 24 };
void heal_dataset_value_format(float value, char buffer[static HEAL_DATASET_VALUE_TEXT]);

#endif
