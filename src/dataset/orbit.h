/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The orbit-mesh text: snapshots of a radio mesh, each an S line (kind, level, time, numbers of nodes and
 * edges), an N line a node (label, features) and an E line (edges as heard: source,destination; either
 * direction makes the edge). A vertex is a node.
 */
#ifndef HEAL_DATASET_ORBIT_H
#define HEAL_DATASET_ORBIT_H

#include "dataset/dataset.h"

enum { HEAL_ORBIT_INPUTS = 8, HEAL_ORBIT_NODES_MAX = 64 };

/** Makes an empty set with the features of these texts. @return 0 or -ENOMEM. */
int heal_orbit_init(struct heal_dataset *set);
/** Adds all snapshots of a text to such a set. @return 0, -ENOMEM, or -EINVAL with line, column and words;
 * then those before are in the set. */
int heal_orbit_parse(const char *text, size_t length, struct heal_dataset *set, struct heal_error *error);
/** As above, of a file. @return also what opening and reading it may fail with. */
int heal_orbit_load(const char *path, struct heal_dataset *set, struct heal_error *error);

#endif
