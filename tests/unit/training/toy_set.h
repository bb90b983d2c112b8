/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** Rings in which a vertex is sick where a neighbour's first feature is large: easy, and soon learnt. A graph
 * with a sick vertex is of kind 1, others of kind 0. */
#ifndef TOY_SET_H
#define TOY_SET_H

#include "dataset/dataset.h"

enum { TOY_INPUTS = 2, TOY_VERTICES = 8, TOY_KINDS = 2 };

/** @param ret_set with so many runs of so many graphs, at the times 0, 10, 20 …; deinit it. */
void toy_set_make(unsigned runs, unsigned graphs, uint64_t seed, struct heal_dataset *ret_set);

/** Adds a graph whose vertices have all the same label. */
void toy_set_add(struct heal_dataset *set, uint32_t run, int64_t time, enum heal_gnn_label label);

#endif
