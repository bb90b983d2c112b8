/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include <string.h>

#include "healctl/cmd.h"
#include "healctl/completion.h"
#include "healctl/help.h"
#include "healctl/manual.h"

static int help_for(const struct heal_call *call) {
    char name[64];

    snprintf(name, sizeof name, "%s%s%s", call->argument[0], call->arguments > 1 ? " " : "",
             call->arguments > 1 ? call->argument[1] : "");
    const struct heal_verb *verb = heal_verb_find(name);
    if (!verb && heal_verb_is_group(name))
        heal_help_group(call->out, name);
    else if (verb)
        heal_help_verb(call->out, verb);
    else if (heal_verb_nearest(name))
        return heal_call_fail(call, HEAL_EXIT_USAGE, "no verb '%s'; did you mean '%s'?", name,
                              heal_verb_nearest(name));
    else
        return heal_call_fail(call, HEAL_EXIT_USAGE, "no verb '%s'; `healctl help` lists them", name);
    return HEAL_EXIT_OK;
}

static int completion(const struct heal_call *call, const char *shell) {
    if (strcmp(shell, "bash") == 0)
        heal_completion_bash(call->out);
    else if (strcmp(shell, "zsh") == 0)
        heal_completion_zsh(call->out);
    else
        heal_completion_fish(call->out);
    return HEAL_EXIT_OK;
}

int heal_cmd_help(const struct heal_call *call) {
    if (heal_call_option(call, "--man"))
        return heal_manual_healctl(call->out) < 0 ? HEAL_EXIT_INTERNAL : HEAL_EXIT_OK;
    if (heal_call_option(call, "--completion"))
        return completion(call, heal_call_option(call, "--completion"));
    if (call->arguments > 0)
        return help_for(call);
    heal_help_overview(call->out);
    return HEAL_EXIT_OK;
}
