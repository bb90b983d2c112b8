/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The verbs' functions, one a verb: each @return s an exit code of verb.h. The two that read their own
 * arguments get the group's name as argv[0].
 */
#ifndef HEAL_HEALCTL_CMD_H
#define HEAL_HEALCTL_CMD_H

#include "healctl/call.h"

int heal_cmd_help(const struct heal_call *call);
int heal_cmd_version(const struct heal_call *call);

int heal_cmd_lab(int argc, char **argv);
int heal_cmd_demo(int argc, char **argv);

#endif
