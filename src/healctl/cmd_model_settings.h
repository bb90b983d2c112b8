/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** The options of `model train` that say how it learns. */
#ifndef HEAL_HEALCTL_CMD_MODEL_SETTINGS_H
#define HEAL_HEALCTL_CMD_MODEL_SETTINGS_H

#include "healctl/call.h"
#include "training/course.h"

/** Reads them over what is usual; what is wrong is said. @return an exit code. */
int heal_cmd_model_settings(const struct heal_call *call, struct heal_course_settings *settings);

#endif
