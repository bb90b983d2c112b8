/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A data set as a folder of four tables of comma-separated values, for programs that have no reader of our
 * text: set.csv (thing,value: what its head says), graphs.csv, vertices.csv and edges.csv (docs/dataset.md).
 * What was exported imports as the same set.
 */
#ifndef HEAL_DATASET_CSV_H
#define HEAL_DATASET_CSV_H

#include "dataset/dataset.h"
#include "dataset/folder.h"

enum heal_csv_file { HEAL_CSV_SET, HEAL_CSV_GRAPHS, HEAL_CSV_VERTICES, HEAL_CSV_EDGES, HEAL_CSV_FILES };

/** Their names. */
extern const char *const heal_csv_names[HEAL_CSV_FILES];

/** Writes the tables into a folder, which is made if it is not there. @return 0, or a negative errno with
 * words. */
int heal_csv_export(const struct heal_dataset *set, const char *folder, struct heal_error *error);

/** @param file [HEAL_CSV_FILES]. @param ret_set the caller's to deinit. @return 0, -ENOMEM, or -EINVAL; the
 * words name the file that the place is in. */
int heal_csv_parse(const struct heal_table_text *file, struct heal_dataset *ret_set,
                   struct heal_error *error);
/** As above, from a folder. @return also what opening and reading a file may fail with. */
int heal_csv_load(const char *folder, struct heal_dataset *ret_set, struct heal_error *error);

#endif
