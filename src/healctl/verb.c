/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "healctl/verb.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "healctl/cmd.h"

const struct heal_verb_option heal_verb_common_options[] = {
    {"--json",   NULL,   NULL, "print what the daemon's interface says, as JSON"                          },
    {"--socket", "PATH", NULL, "the daemon's admin socket (HEALD_SOCKET; default " HEAL_SOCKET_DEFAULT ")"},
    {"--help",   NULL,   NULL, "say what the verb does and takes"                                         },
    {NULL,       NULL,   NULL, NULL                                                                       },
};

/* The table of contents of healctl, in the order in which help shows it. */
static const struct heal_verb verbs[] = {
#ifdef HEAL_HAVE_LAB
    {.name = "lab",
                        .arguments = "up|down|status|exec|fault …",
                        .words = "up down status exec fault",
                        .summary = "a mesh of real nodes on this machine, and faults in it",
                        .local = true,
                        .run_raw = heal_cmd_lab    },
#endif
#ifdef HEAL_HAVE_DEMO
    {.name = "demo",
                        .arguments = "",
                        .summary = "watch a mesh fall sick and heal itself",
                        .local = true,
                        .run_raw = heal_cmd_demo },
#endif
    {.name = "version",
                        .arguments = "",
                        .summary = "the version of healctl",
                        .local = true,
                        .run = heal_cmd_version},
    {.name = "help",
                        .arguments = "[VERB]",
                        .summary = "this overview, or more on one verb",
                        .arguments_max = 2,
                        .local = true,
                        .run = heal_cmd_help},
};

const struct heal_verb *heal_verb_at(size_t index) {
    return index < HEAL_COUNT(verbs) ? &verbs[index] : NULL;
}

const struct heal_verb *heal_verb_find(const char *name) {
    for (size_t i = 0; i < HEAL_COUNT(verbs); i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}

const struct heal_verb *heal_verb_match(int argc, char **argv, int *ret_words) {
    for (int words = argc < 2 ? argc : 2; words > 0; words--) {
        char name[64];
        const struct heal_verb *verb;

        snprintf(name, sizeof name, "%s%s%s", argv[0], words > 1 ? " " : "", words > 1 ? argv[1] : "");
        if ((verb = heal_verb_find(name))) {
            *ret_words = words;
            return verb;
        }
    }
    return NULL;
}

bool heal_verb_is_group(const char *name) {
    size_t length = strlen(name);

    for (size_t i = 0; i < HEAL_COUNT(verbs); i++)
        if (strncmp(verbs[i].name, name, length) == 0 && verbs[i].name[length] == ' ')
            return true;
    return false;
}

const char *heal_verb_nearest(const char *typed) {
    const char *candidate[HEAL_COUNT(verbs) + 1];

    for (size_t i = 0; i < HEAL_COUNT(verbs); i++)
        candidate[i] = verbs[i].name;
    candidate[HEAL_COUNT(verbs)] = NULL;
    return heal_name_nearest(typed, candidate);
}
