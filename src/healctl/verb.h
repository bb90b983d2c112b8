/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The verbs of healctl as data: one row a verb, from which help, manual, completions and the reading of
 * arguments are made. A row's name may have two words ("config check"): the first names the group. All of it
 * is constant; nobody owns memory.
 */
#ifndef HEAL_HEALCTL_VERB_H
#define HEAL_HEALCTL_VERB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum heal_exit {
    HEAL_EXIT_OK = 0,
    HEAL_EXIT_FAILED = 1,  /**< the thing asked about failed */
    HEAL_EXIT_UNKNOWN = 2, /**< could not be determined (e.g. no daemon answers) */
    HEAL_EXIT_USAGE = 64,
    HEAL_EXIT_INTERNAL = 70,
};

enum { HEAL_VERB_OPTIONS_MAX = 24, HEAL_VERB_ARGUMENTS_MAX = 8 };

struct heal_call; /* healctl/call.h */

struct heal_verb_option {
    const char *name;  /**< "--for"; NULL: past the last */
    const char *value; /**< what its value is called ("TIME"); NULL: it takes none */
    const char *words; /**< the values it may have, separated by blanks; NULL: any */
    const char *text;
};

struct heal_verb {
    const char *name;
    const char *arguments; /**< as the synopsis shows them, e.g. "observe|warn|act"; "" for none */
    const char *words;     /**< what the first argument may be, separated by blanks; NULL: any */
    const char *summary;   /**< one line without a full stop */
    const char *text;      /**< more of it, in plain paragraphs; NULL: none */
    uint8_t arguments_min, arguments_max;
    bool local;   /**< asks no daemon: --socket means nothing to it */
    bool command; /**< the arguments are followed by a command of another program, taken as it is */
    /** The forms that the arguments may have ("loss LINK SHARE%"), for help; NULL past the last. The first
     * words of the forms are what the first argument may be. NULL: there is no such list. */
    const char *(*form)(size_t index, const char **ret_summary);
    struct heal_verb_option option[HEAL_VERB_OPTIONS_MAX + 1];
    int (*run)(const struct heal_call *call); /**< @return an exit code */
};

/** @return the @p index-th verb, or NULL past the last. */
const struct heal_verb *heal_verb_at(size_t index);

/** @return the verb called @p name ("status", "config check"), or NULL. */
const struct heal_verb *heal_verb_find(const char *name);

/**
 * Finds the verb that the words of a command line name, the longest name first.
 * @param ret_words how many of them its name took. @return NULL if there is none.
 */
const struct heal_verb *heal_verb_match(int argc, char **argv, int *ret_words);

/** @return whether a verb takes one of the options that every verb takes. */
bool heal_verb_takes_common(const struct heal_verb *verb, const struct heal_verb_option *option);

/** Copies the first word of a form. @return false past the last form, or where there are none. */
bool heal_verb_form_word(const struct heal_verb *verb, size_t index, char *buffer, size_t size);

/** @return whether @p name is the first word of verbs of two words. */
bool heal_verb_is_group(const char *name);

/** @return the name nearest to what was typed, or NULL. */
const char *heal_verb_nearest(const char *typed);

/** The options that every verb takes: --json, --socket, --help. Ends with a NULL name. A verb's own option of
 * the same name goes first. */
extern const struct heal_verb_option heal_verb_common_options[];

#endif
