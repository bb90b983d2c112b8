/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "healctl/call.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"

/* Where the reading of a command line stands. */
struct reader {
    struct heal_call *call;
    int argc, at;
    char **argv;
};

const char *heal_call_option(const struct heal_call *call, const char *name) {
    for (size_t i = 0; i < HEAL_VERB_OPTIONS_MAX && call->verb->option[i].name; i++)
        if (strcmp(call->verb->option[i].name, name) == 0)
            return call->option[i];
    return NULL;
}

int heal_call_fail(const struct heal_call *call, int code, const char *format, ...) {
    va_list arguments;

    fprintf(call->err, "healctl%s%s: ", call->verb ? " " : "", call->verb ? call->verb->name : "");
    va_start(arguments, format);
    vfprintf(call->err, format, arguments);
    va_end(arguments);
    fputc('\n', call->err);
    return code;
}

int heal_call_incident(const struct heal_call *call, size_t index, uint64_t *ret_id) {
    const char *text = call->argument[index];

    if (heal_number_parse_u64(text, 10, ret_id) == 0 && *ret_id > 0 && *ret_id <= INT64_MAX)
        return HEAL_EXIT_OK;
    return heal_call_fail(call, HEAL_EXIT_USAGE,
                          "'%s' is not an incident's number; `healctl incidents` lists them", text);
}

int heal_call_number(const struct heal_call *call, const char *name, uint64_t least, uint64_t most,
                     uint64_t *value) {
    const char *text = heal_call_option(call, name);

    if (!text || (heal_number_parse_u64(text, 10, value) == 0 && *value >= least && *value <= most))
        return HEAL_EXIT_OK;
    return heal_call_fail(call, HEAL_EXIT_USAGE, "%s is a number from %" PRIu64 " to %" PRIu64, name, least,
                          most);
}

int heal_call_float(const struct heal_call *call, const char *name, float least, float most, float *value) {
    const char *text = heal_call_option(call, name);

    if (!text || (heal_number_parse_float(text, value) == 0 && *value >= least && *value <= most))
        return HEAL_EXIT_OK;
    return heal_call_fail(call, HEAL_EXIT_USAGE, "%s is a number from %g to %g", name, (double)least,
                          (double)most);
}

int heal_call_subject(const struct heal_call *call, size_t index, bool *ret_verdict, uint64_t *ret_id) {
    const char *text = call->argument[index];

    *ret_verdict = text[0] == 'v';
    if (!*ret_verdict && text[0] >= '0' && text[0] <= '9')
        return heal_call_incident(call, index, ret_id);
    if (!*ret_verdict)
        return heal_call_fail(call, HEAL_EXIT_USAGE,
                              "'%s' is not an incident's number, nor a verdict's, such as v17; `healctl "
                              "incidents` and `healctl verdicts` list them",
                              text);
    if (heal_number_parse_u64(text + 1, 10, ret_id) == 0 && *ret_id > 0 && *ret_id <= INT64_MAX)
        return HEAL_EXIT_OK;
    return heal_call_fail(call, HEAL_EXIT_USAGE, "'%s' is no verdict's number; `healctl verdicts` lists them",
                          text);
}

/* "--for=1h" and "--for 1h" are the same. Fills in the value of an option that takes one. */
static int take_value(struct reader *reader, const char *name, const char *equals, const char **ret_value) {
    if (equals) {
        *ret_value = equals + 1;
        return 0;
    }
    if (reader->at + 1 >= reader->argc) {
        heal_call_fail(reader->call, -EINVAL, "%s needs a value", name);
        return -EINVAL;
    }
    *ret_value = reader->argv[++reader->at];
    return 0;
}

static bool is_word_of(const char *words, const char *word) {
    size_t length = strlen(word);

    for (const char *at = words; length && (at = strstr(at, word)); at += length)
        if ((at == words || at[-1] == ' ') && (at[length] == ' ' || !at[length]))
            return true;
    return false;
}

static int unknown_option(const struct reader *reader, const char *typed) {
    const char *candidate[HEAL_VERB_OPTIONS_MAX + 8] = {NULL};
    const struct heal_verb *verb = reader->call->verb;
    size_t count = 0;

    for (const struct heal_verb_option *o = heal_verb_common_options; o->name; o++)
        candidate[count++] = o->name;
    for (size_t i = 0; verb && verb->option[i].name; i++)
        candidate[count++] = verb->option[i].name;
    const char *nearest = heal_name_nearest(typed, candidate);
    if (nearest)
        return heal_call_fail(reader->call, -EINVAL, "no option '%s'; did you mean %s?", typed, nearest);
    return heal_call_fail(reader->call, -EINVAL, "no option '%s'", typed);
}

/* @return 1 if @p option is not the one, else 0 or an error. */
static int try_option(struct reader *reader, const struct heal_verb_option *option, const char *typed,
                      const char **ret_value) {
    const char *equals = strchr(typed, '=');
    size_t length = equals ? (size_t)(equals - typed) : strlen(typed);

    if (strlen(option->name) != length || strncmp(option->name, typed, length) != 0)
        return 1;
    if (!option->value) {
        if (equals)
            return heal_call_fail(reader->call, -EINVAL, "%s takes no value", option->name);
        *ret_value = "";
        return 0;
    }
    int r = take_value(reader, option->name, equals, ret_value);
    if (r == 0 && option->words && !is_word_of(option->words, *ret_value))
        return heal_call_fail(reader->call, -EINVAL, "%s is one of: %s", option->name, option->words);
    return r;
}

static int read_option(struct reader *reader, const char *typed) {
    struct heal_call *call = reader->call;
    const char *value = NULL;

    if (strcmp(typed, "-h") == 0)
        typed = "--help";
    for (size_t i = 0; call->verb && call->verb->option[i].name; i++) {
        int r = try_option(reader, &call->verb->option[i], typed, &call->option[i]);
        if (r <= 0)
            return r;
    }
    for (const struct heal_verb_option *o = heal_verb_common_options; o->name; o++) {
        int r = try_option(reader, o, typed, &value);
        if (r < 0)
            return r;
        if (r == 1)
            continue;
        if (strcmp(o->name, "--json") == 0)
            call->json = true;
        else if (strcmp(o->name, "--help") == 0)
            call->help = true;
        else
            call->socket = value;
        return 0;
    }
    return unknown_option(reader, typed);
}

static int read_argument(struct reader *reader, const char *word) {
    struct heal_call *call = reader->call;

    if (call->arguments >= call->verb->arguments_max)
        return heal_call_fail(call, -EINVAL, "unexpected '%s'", word);
    if (call->arguments == 0 && call->verb->words && !is_word_of(call->verb->words, word))
        return heal_call_fail(call, -EINVAL, "'%s' is none of: %s", word, call->verb->words);
    call->argument[call->arguments++] = word;
    return 0;
}

/* A number is none: "-71,71" is a place. */
static bool is_option(const char *word) {
    return word[0] == '-' && word[1] && !(word[1] >= '0' && word[1] <= '9');
}

static bool is_complete(const struct heal_call *call) {
    return call->arguments >= call->verb->arguments_min && (call->command || !call->verb->command);
}

static int read_rest(struct reader *reader) {
    struct heal_call *call = reader->call;
    bool options_over = false;

    for (; reader->at < reader->argc && !call->command; reader->at++) {
        const char *word = reader->argv[reader->at];
        int r = 0;

        if (!options_over && strcmp(word, "--") == 0)
            options_over = true;
        else if (!options_over && is_option(word))
            r = read_option(reader, word);
        else if (call->verb->command && call->arguments == call->verb->arguments_max)
            call->command = (const char *const *)reader->argv + reader->at;
        else
            r = read_argument(reader, word);
        if (r < 0)
            return r;
    }
    if (!call->help && !is_complete(call))
        return heal_call_fail(call, -EINVAL, "needs %s%s%s%s", call->verb->arguments,
                              call->verb->form ? "; `healctl " : "", call->verb->form ? call->verb->name : "",
                              call->verb->form ? " --help` lists the forms" : "");
    return 0;
}

int heal_call_parse(struct heal_call *call, int argc, char **argv, int *ret_verb) {
    struct reader reader = {.call = call, .argc = argc, .argv = argv};
    int words = 0;

    while (reader.at < argc && argv[reader.at][0] == '-') {
        if (strcmp(argv[reader.at], "--version") == 0)
            break;
        int r = read_option(&reader, argv[reader.at]);
        if (r < 0)
            return r;
        reader.at++;
    }
    *ret_verb = reader.at;
    if (reader.at < argc && strcmp(argv[reader.at], "--version") == 0) {
        call->verb = heal_verb_find("version");
        words = 1;
    } else {
        call->verb = heal_verb_match(argc - reader.at, argv + reader.at, &words);
    }
    if (!call->verb)
        return 0;
    reader.at += words;
    return read_rest(&reader);
}
