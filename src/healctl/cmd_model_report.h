/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** What the verbs that try a network on labelled graphs share. Each @return s an exit code. */
#ifndef HEAL_HEALCTL_CMD_MODEL_REPORT_H
#define HEAL_HEALCTL_CMD_MODEL_REPORT_H

#include "healctl/call.h"
#include "training/sheet.h"

/** What a set must have for a network to be tried on it. */
struct heal_model_wants {
    const struct heal_gnn_feature *feature; /**< [inputs] */
    uint16_t inputs, kinds;
    const char (*kind)[HEAL_GNN_NAME_MAX]; /**< [kinds]: the set's, but for its first */
};

/** Says where a set has others. @param path of the set */
int heal_cmd_model_check_set(const struct heal_call *call, const struct heal_dataset *set, const char *path,
                             const struct heal_model_wants *wants);

/** Prints a report, for people or as JSON, and draws it where --picture says. @param report what is to be
 * said besides how good it is; taken */
int heal_cmd_model_report(const struct heal_call *call, const struct heal_sheet *sheet, json_t *report);

#endif
