/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** What the verbs that try a network on labelled graphs share. Each @return s an exit code. */
#ifndef HEAL_HEALCTL_CMD_MODEL_REPORT_H
#define HEAL_HEALCTL_CMD_MODEL_REPORT_H

#include "healctl/call.h"
#include "training/sheet.h"

/** Says where a set has other features than a network takes. @param path of the set */
int heal_cmd_model_check_features(const struct heal_call *call, const struct heal_dataset *set,
                                  const char *path, const struct heal_gnn_feature *feature, uint16_t inputs);

/** Prints a report, for people or as JSON, and draws it where --picture says. @param report what is to be
 * said besides how good it is; taken */
int heal_cmd_model_report(const struct heal_call *call, const struct heal_sheet *sheet, json_t *report);

#endif
