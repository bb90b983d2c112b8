/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "healctl/cmd.h"

int heal_cmd_version(const struct heal_call *call) {
    fprintf(call->out, call->json ? "{\"version\":\"%s\"}\n" : "healctl %s\n", HEAL_VERSION);
    return HEAL_EXIT_OK;
}
