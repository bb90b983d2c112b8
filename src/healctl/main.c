/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* healctl: the operator's tool. Finds the verb, reads its arguments by its row, and runs it. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "healctl/call.h"
#include "healctl/help.h"

static int no_verb(const struct heal_call *call, int argc, char **argv) {
    char typed[64];
    const char *nearest;

    if (argc == 0) {
        heal_help_overview(call->help ? call->out : call->err);
        return call->help ? HEAL_EXIT_OK : HEAL_EXIT_USAGE;
    }
    if (heal_verb_is_group(argv[0])) {
        bool asked = call->help || (argc > 1 && strcmp(argv[1], "--help") == 0);

        if (argc == 1 || asked) {
            heal_help_group(asked ? call->out : call->err, argv[0]);
            return asked ? HEAL_EXIT_OK : HEAL_EXIT_USAGE;
        }
        snprintf(typed, sizeof typed, "%s %s", argv[0], argv[1]);
    } else {
        snprintf(typed, sizeof typed, "%s", argv[0]);
    }
    nearest = heal_verb_nearest(typed);
    if (nearest)
        return heal_call_fail(call, HEAL_EXIT_USAGE, "no verb '%s'; did you mean '%s'?", typed, nearest);
    return heal_call_fail(call, HEAL_EXIT_USAGE, "no verb '%s'; `healctl help` lists them", typed);
}

static int run(struct heal_call *call, int argc, char **argv) {
    int at = 0;
    int r = heal_call_parse(call, argc, argv, &at);

    if (r < 0 && call->verb)
        heal_help_usage(call->err, call->verb);
    if (r < 0)
        return HEAL_EXIT_USAGE;
    if (!call->verb)
        return no_verb(call, argc - at, argv + at);
    if (call->help && heal_verb_is_group(call->verb->name))
        heal_help_group(call->out, call->verb->name);
    else if (call->help)
        heal_help_verb(call->out, call->verb);
    else
        return call->verb->run(call);
    return HEAL_EXIT_OK;
}

int main(int argc, char **argv) {
    const char *socket = getenv("HEALD_SOCKET");
    struct heal_call call = {
        .socket = socket && socket[0] ? socket : HEAL_SOCKET_DEFAULT, .out = stdout, .err = stderr};

    /* A reader that went away (`healctl links | head -1`) is an error of writing, not a death. */
    signal(SIGPIPE, SIG_IGN);
    int r = run(&call, argc - 1, argv + 1);
    if (fflush(stdout) != 0 && r == HEAL_EXIT_OK)
        r = HEAL_EXIT_INTERNAL;
    return r;
}
