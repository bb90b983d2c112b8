/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "healctl/verb.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "healctl/cmd.h"
#include "healctl/verb_table.h"

enum { VERBS_MAX = 128 /* that a mistyped one is likened to */ };

const struct heal_verb_option heal_verb_common_options[] = {
    {"--json",   NULL,   NULL, "print what the daemon's interface says, as JSON"                          },
    {"--socket", "PATH", NULL, "the daemon's admin socket (HEALD_SOCKET; default " HEAL_SOCKET_DEFAULT ")"},
    {"--help",   NULL,   NULL, "say what the verb does and takes"                                         },
    {NULL,       NULL,   NULL, NULL                                                                       },
};

/* clang-format 14 breaks down over this table. */
/* clang-format off */
static const struct heal_verb about[] = {
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
     .option = {{"--man", NULL, NULL, "the manual page, healctl(1)"},
                {"--completion", "SHELL", "bash zsh fish", "completions for a shell"}},
     .run = heal_cmd_help},
};
/* clang-format on */

static const struct heal_verb_table about_verbs = {about, HEAL_COUNT(about)};

/* The table of contents of healctl. */
static const struct heal_verb_table *const tables[] = {
    &heal_verbs_daemon, &heal_verbs_config,  &heal_verbs_model,
    &heal_verbs_lab,    &heal_verbs_dataset, &about_verbs,
};

const struct heal_verb *heal_verb_at(size_t index) {
    for (size_t t = 0; t < HEAL_COUNT(tables); t++) {
        if (index < tables[t]->verbs)
            return &tables[t]->verb[index];
        index -= tables[t]->verbs;
    }
    return NULL;
}

const struct heal_verb *heal_verb_find(const char *name) {
    const struct heal_verb *verb;

    for (size_t i = 0; (verb = heal_verb_at(i)); i++)
        if (strcmp(verb->name, name) == 0)
            return verb;
    return NULL;
}

bool heal_verb_takes_common(const struct heal_verb *verb, const struct heal_verb_option *option) {
    if (verb->local && strcmp(option->name, "--socket") == 0)
        return false;
    for (const struct heal_verb_option *own = verb->option; own->name; own++)
        if (strcmp(own->name, option->name) == 0)
            return false;
    return true;
}

bool heal_verb_form_word(const struct heal_verb *verb, size_t index, char *buffer, size_t size) {
    const char *summary, *form = verb->form ? verb->form(index, &summary) : NULL;

    if (form)
        snprintf(buffer, size, "%.*s", (int)strcspn(form, " "), form);
    return form != NULL;
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
    const struct heal_verb *verb;
    size_t length = strlen(name);

    for (size_t i = 0; (verb = heal_verb_at(i)); i++)
        if (strncmp(verb->name, name, length) == 0 && verb->name[length] == ' ')
            return true;
    return false;
}

const char *heal_verb_nearest(const char *typed) {
    const char *candidate[VERBS_MAX + 1];
    const struct heal_verb *verb;
    size_t count = 0;

    for (; count < VERBS_MAX && (verb = heal_verb_at(count)); count++)
        candidate[count] = verb->name;
    candidate[count] = NULL;
    return heal_name_nearest(typed, candidate);
}
