/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** What the files that read the ipcore-faults tables share. */
#ifndef HEAL_DATASET_IPCORE_PARTS_H
#define HEAL_DATASET_IPCORE_PARTS_H

#include "dataset/ipcore.h"

/** What was wrong in a minute. */
struct heal_ipcore_minute {
    int64_t stamp; /**< YYYYMMDDhhmmss */
    uint8_t status;
    int8_t router, port; /**< where; -1: nowhere, or not one of them */
};

struct heal_ipcore_minutes {
    size_t count, room;
    struct heal_ipcore_minute *minute; /**< by their stamps, each once; owned */
};

/** All tables of a set. */
struct heal_ipcore_tables {
    struct heal_ipcore_mesh mesh;
    struct heal_ipcore_minutes minutes;
    float *value[HEAL_IPCORE_FILES]; /**< of a table of values: [port * minutes + minute]; owned. Prefixes
                                        are NaN in all minutes where nobody counts them */
};

int heal_ipcore_read_mesh(const struct heal_table_text *text, struct heal_ipcore_mesh *ret_mesh,
                          struct heal_error *error);
/** @param minutes zeroed */
int heal_ipcore_read_minutes(const struct heal_table_text *text, const struct heal_ipcore_mesh *mesh,
                             struct heal_ipcore_minutes *minutes, struct heal_error *error);
/** Reads a table of values into tables->value; the mesh and the minutes are there. */
int heal_ipcore_read_values(enum heal_ipcore_file file, const struct heal_table_text *text,
                            struct heal_ipcore_tables *tables, struct heal_error *error);

/** [HEAL_IPCORE_INPUTS] */
extern const struct heal_gnn_feature heal_ipcore_features[];
/** Reckons a port's features of a minute from that minute and those before. @param ret_feature
 * [HEAL_IPCORE_INPUTS], all NaN before. */
void heal_ipcore_reckon(const struct heal_ipcore_tables *tables, size_t minute, unsigned port,
                        float *ret_feature);

#endif
