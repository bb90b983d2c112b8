/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include <string.h>

#include "healctl/cmd.h"
#include "healctl/help.h"

static int help_for(const struct heal_call *call) {
    char name[64];
    const struct heal_verb *verb;

    snprintf(name, sizeof name, "%s%s%s", call->argument[0], call->arguments > 1 ? " " : "",
             call->arguments > 1 ? call->argument[1] : "");
    if (heal_verb_is_group(name) && (verb = heal_verb_find(name)) == NULL)
        heal_help_group(call->out, name);
    else if ((verb = heal_verb_find(name)))
        heal_help_verb(call->out, verb);
    else if (heal_verb_nearest(name))
        return heal_call_fail(call, HEAL_EXIT_USAGE, "no verb '%s'; did you mean '%s'?", name,
                              heal_verb_nearest(name));
    else
        return heal_call_fail(call, HEAL_EXIT_USAGE, "no verb '%s'; `healctl help` lists them", name);
    return HEAL_EXIT_OK;
}

int heal_cmd_help(const struct heal_call *call) {
    if (call->arguments > 0)
        return help_for(call);
    heal_help_overview(call->out);
    return HEAL_EXIT_OK;
}
