/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Events: everything that can happen to an engine. A log of them, with their times, is all it takes to have
 * the same decisions again.
 */
#ifndef HEAL_EVENT_H
#define HEAL_EVENT_H

#include "heal/command.h"
#include "heal/error.h"

enum heal_event_kind {
    HEAL_EVENT_READING,
    HEAL_EVENT_ROUND, /**< the readings of this round are all in: think */
    HEAL_EVENT_MESSAGE,
    HEAL_EVENT_RESULT, /**< of a command with a ticket */
    HEAL_EVENT_OPERATOR,
    HEAL_EVENT_RESTORE, /**< a record kept by an earlier run, before the first round */
    HEAL_EVENT_KINDS,
};

enum { HEAL_RESULT_TEXT = 80 /**< what there is to say of a result, with its NUL */ };

struct heal_event_result {
    uint32_t ticket;
    int code; /**< 0, or a negative errno */
    char text[HEAL_RESULT_TEXT];
};

enum heal_operator_verb {
    HEAL_OPERATOR_MODE,  /**< argument: observe, warn or act */
    HEAL_OPERATOR_PAUSE, /**< number: seconds, 0 for until resumed; argument: the reason */
    HEAL_OPERATOR_RESUME,
    HEAL_OPERATOR_LABEL,    /**< incident; number: 1 true, 0 false; argument: a note */
    HEAL_OPERATOR_MISSED,   /**< argument: the diagnosis that should have been made */
    HEAL_OPERATOR_UNDO,     /**< incident: what is in place for it is taken back, and nothing more is done */
    HEAL_OPERATOR_DETECTOR, /**< argument: the network's mode; number: 1 whether it has earned it or not */
    HEAL_OPERATOR_VERDICT,  /**< incident: a verdict's id; number: 1 true, 0 false; argument: a note */
    HEAL_OPERATOR_TRUTH,    /**< who makes faults: argument: "NEIGHBOUR" or "NEIGHBOUR DIAGNOSIS", the end of
                               the link, or this node itself; number: 1 it begins, 0 it ends */
    HEAL_OPERATOR_ACTIVATE, /**< argument: the shadow's model, in hexadecimal, becomes the active one; number:
                               1 whether it has earned it or not */
    HEAL_OPERATOR_VERBS,
};
/** Their words, in this order; NULL past the last. */
extern const char *const heal_operator_verb_names[HEAL_OPERATOR_VERBS + 1];

struct heal_event_operator {
    enum heal_operator_verb verb;
    uint64_t incident;
    uint64_t number;
    char argument[HEAL_NAME_MAX * 4];
};

struct heal_event {
    enum heal_event_kind kind;
    union {
        struct heal_reading reading;
        struct heal_message message;
        struct heal_event_result result;
        struct heal_event_operator operator_;
        struct heal_record record;
    };
};

enum { HEAL_EVENT_LINE_MAX = 9216 };

/**
 * Writes one line of an event log, "SECONDS.MICROSECONDS KIND name=value …", without a newline.
 * @return its length (less than @p size), or -ENOSPC.
 */
int heal_event_format(heal_us now, const struct heal_event *event, char *buffer, size_t size);

/**
 * Reads one line of an event log; the line ends at @p length or at a NUL. Unknown names, values out of range
 * and missing fields are errors with their column.
 * @return 0; 1 for an empty line or a comment (#); or -EINVAL.
 */
int heal_event_parse(const char *line, size_t length, heal_us *ret_now, struct heal_event *ret_event,
                     struct heal_error *error);

#endif
