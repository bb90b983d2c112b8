/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Reads the orbit-mesh text: snapshots of a radio mesh, each an S line (kind, level, time, numbers of nodes
 * and edges), an N line a node (label, features) and an E line (edges as heard: source,destination).
 */
#ifndef HEAL_BENCH_ORBIT_FILE_H
#define HEAL_BENCH_ORBIT_FILE_H

#include "gnn/dataset.h"

enum { ORBIT_INPUTS = 8, ORBIT_KINDS_MAX = 8, ORBIT_NODES_MAX = 64 };

/** The kinds in the order in which they are met. */
struct orbit_kinds {
    size_t count;
    char name[ORBIT_KINDS_MAX][16];
};

/** Adds all snapshots of a file. @return 0 or a negative errno; @p error has line and words. */
int orbit_file_read(const char *path, struct heal_gnn_dataset *dataset, struct orbit_kinds *kinds,
                    struct heal_error *error);

#endif
