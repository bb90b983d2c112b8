/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** How verbs read and write data sets; what is wrong is said. Each @return s an exit code. */
#ifndef HEAL_HEALCTL_CMD_DATASET_H
#define HEAL_HEALCTL_CMD_DATASET_H

#include "dataset/dataset.h"
#include "healctl/call.h"

/** @param ret_set the caller's to deinit, where the code is HEAL_EXIT_OK */
int heal_cmd_dataset_load(const struct heal_call *call, const char *path, struct heal_dataset *ret_set);
/** @param path `-`: the standard output; a file is there whole, or as it was */
int heal_cmd_dataset_save(const struct heal_call *call, const struct heal_dataset *set, const char *path);

#endif
