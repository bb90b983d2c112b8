/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A snapshot while it is made, vertex by vertex and edge by edge; then it is added to a data set, and the
 * next begun. It owns its arrays.
 */
#ifndef HEAL_DATASET_DRAFT_H
#define HEAL_DATASET_DRAFT_H

#include "gnn/dataset.h"

struct heal_draft {
    uint16_t inputs;
    struct heal_gnn_snapshot head; /**< its time, run and kind are the caller's to set */
    size_t vertices_room, edges_room;
    float *feature;
    uint8_t *label, *kind;
    uint32_t *node; /**< of each vertex */
    struct heal_gnn_edge *edge;
};

/** @param draft zeroed */
void heal_draft_init(struct heal_draft *draft, uint16_t inputs);
void heal_draft_deinit(struct heal_draft *draft);

/** Begins anew, with no vertex. */
void heal_draft_clear(struct heal_draft *draft);
/** Adds a vertex, a node of its own. @param kind of a sick one. @return its features, all missing, until the
 * next; NULL: no memory.
 */
float *heal_draft_vertex(struct heal_draft *draft, enum heal_gnn_label label, uint8_t kind);
/** Adds an edge; it is checked when the draft is added to a set. @return 0 or -ENOMEM. */
int heal_draft_edge(struct heal_draft *draft, uint32_t a, uint32_t b);
/** Adds it to a data set; the draft stays as it is. @return as heal_gnn_dataset_add. */
int heal_draft_add(struct heal_draft *draft, struct heal_gnn_dataset *dataset, struct heal_error *error);

#endif
