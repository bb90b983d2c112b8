/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * One call of a verb: its arguments and options, already checked against the verb's row. Points into the
 * program's argv; owns nothing.
 */
#ifndef HEAL_HEALCTL_CALL_H
#define HEAL_HEALCTL_CALL_H

#include <stdio.h>

#include "healctl/verb.h"

#define HEAL_SOCKET_DEFAULT "/run/heald/heald.sock"

struct heal_call {
    const struct heal_verb *verb; /**< NULL: none was named */
    const char *socket;
    bool json, help;
    size_t arguments;
    const char *argument[HEAL_VERB_ARGUMENTS_MAX];
    const char *const *command;                /**< ends with NULL; NULL: none */
    const char *option[HEAL_VERB_OPTIONS_MAX]; /**< goes with verb->option; NULL: not given; a flag: "" */
    FILE *out, *err;
};

/**
 * Reads the words that follow the program's name: the verb, its arguments and options. What is wrong is said
 * on @p call->err.
 * @param call out, err and socket filled in by the caller. @param ret_verb where in @p argv the verb's name
 * begins.
 * @return 0 or -EINVAL.
 */
int heal_call_parse(struct heal_call *call, int argc, char **argv, int *ret_verb);

/** @return the value of the option called @p name; NULL if it was not given; "" for a flag. */
const char *heal_call_option(const struct heal_call *call, const char *name);

/** Reads an argument as an incident's number, or says that it is none. @return an exit code. */
int heal_call_incident(const struct heal_call *call, size_t index, uint64_t *ret_id);
/** As that, of an incident, "17", or a verdict of the network, "v17". */
int heal_call_subject(const struct heal_call *call, size_t index, bool *ret_verdict, uint64_t *ret_id);

/** Reads an option, if it was given, as a whole number; else @p value stays. What is none is said. @return an
 * exit code. */
int heal_call_number(const struct heal_call *call, const char *name, uint64_t least, uint64_t most,
                     uint64_t *value);
/** As above, as any number. */
int heal_call_float(const struct heal_call *call, const char *name, float least, float most, float *value);

/** Says "healctl VERB: what" on call->err. @return @p code. */
int heal_call_fail(const struct heal_call *call, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
