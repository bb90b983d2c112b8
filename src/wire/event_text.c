/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "base/number.h"
#include "heal/event.h"
#include "wire/fields.h"

#include <errno.h>
#include <string.h>

enum { WORD_MAX = 64, WORDS = HEAL_READING_KINDS + HEAL_MESSAGE_KINDS + HEAL_EVENT_KINDS };

const char *const heal_wire_record_kinds[] = {"incident", "step",  "threshold", "strategy",
                                              "baseline", "label", "order",     "verdict",
                                              "merit",    "audit", NULL};
_Static_assert(sizeof heal_wire_record_kinds / sizeof *heal_wire_record_kinds == HEAL_RECORD_KINDS + 1,
               "each kind of record has a name");

static const struct heal_field no_fields[] = {{0}};

static const struct heal_field result_fields[] = {
    HEAL_FIELD_OF(U32, "ticket", struct heal_event_result, ticket),
    HEAL_FIELD_OF(I32, "code", struct heal_event_result, code),
    HEAL_FIELD_TEXT_OF("text", struct heal_event_result, text),
    {0},
};

static const struct heal_field operator_fields[] = {
    HEAL_FIELD_CHOICE_OF("verb", struct heal_event_operator, verb, heal_operator_verb_names),
    HEAL_FIELD_OF(U64, "incident", struct heal_event_operator, incident),
    HEAL_FIELD_OF(U64, "number", struct heal_event_operator, number),
    HEAL_FIELD_TEXT_OF("argument", struct heal_event_operator, argument),
    {0},
};

const struct heal_field heal_wire_record[] = {
    HEAL_FIELD_CHOICE_OF("record", struct heal_record, kind, heal_wire_record_kinds),
    HEAL_FIELD_TEXT_OF("key", struct heal_record, key),
    HEAL_FIELD_TEXT_OF("value", struct heal_record, value),
    {0},
};

const struct heal_wire_kind heal_wire_others[HEAL_EVENT_KINDS] = {
    [HEAL_EVENT_ROUND] = {"round",    no_fields       },
    [HEAL_EVENT_RESULT] = {"result",   result_fields   },
    [HEAL_EVENT_OPERATOR] = {"operator", operator_fields },
    [HEAL_EVENT_RESTORE] = {"restore",  heal_wire_record},
};

/* The part of an event that its table describes. Readings and the rest begin their unions. */
static void *part_of(struct heal_event *event) {
    switch (event->kind) {
    case HEAL_EVENT_READING:
        return &event->reading.link;
    case HEAL_EVENT_MESSAGE:
        return &event->message;
    case HEAL_EVENT_RESULT:
        return &event->result;
    case HEAL_EVENT_OPERATOR:
        return &event->operator_;
    case HEAL_EVENT_RESTORE:
        return &event->record;
    case HEAL_EVENT_ROUND:
    case HEAL_EVENT_KINDS:
        break;
    }
    return event;
}

static const struct heal_wire_kind *kind_of(const struct heal_event *event) {
    const struct heal_wire_kind *kind = NULL;

    if (event->kind == HEAL_EVENT_READING && event->reading.kind < HEAL_READING_KINDS)
        kind = &heal_wire_readings[event->reading.kind];
    else if (event->kind == HEAL_EVENT_MESSAGE && event->message.kind < HEAL_MESSAGE_KINDS)
        kind = &heal_wire_messages[event->message.kind];
    else if (event->kind < HEAL_EVENT_KINDS)
        kind = &heal_wire_others[event->kind];
    return kind && kind->word ? kind : NULL;
}

int heal_event_format(heal_us now, const struct heal_event *event, char *buffer, size_t size) {
    const struct heal_wire_kind *kind = kind_of(event);
    struct heal_text text;

    if (!kind)
        return -EINVAL;
    heal_text_init(&text, buffer, size);
    heal_text_add(&text, "%llu.%06llu %s", (unsigned long long)(now / HEAL_US_PER_S),
                  (unsigned long long)(now % HEAL_US_PER_S), kind->word);
    int r = heal_fields_format(&text, kind->fields, part_of((struct heal_event *)event));
    if (r < 0)
        return r;
    return text.cut ? -ENOSPC : (int)text.length;
}

static int parse_time(struct heal_pairs *pairs, char *word, heal_us *ret_now) {
    uint64_t seconds = 0, micros = 0;
    char *dot = strchr(word, '.');

    if (dot)
        *dot++ = '\0';
    if (!dot || strlen(dot) != 6 || heal_number_parse_u64(word, 10, &seconds) < 0 ||
        heal_number_parse_u64(dot, 10, &micros) < 0 || seconds > (UINT64_MAX - micros) / HEAL_US_PER_S)
        return heal_error_set(pairs->error, -EINVAL, 1, 1, "a line begins with SECONDS.MICROSECONDS");
    *ret_now = seconds * HEAL_US_PER_S + micros;
    return 0;
}

/* Finds the kind that is spelled @p word, and makes an empty event of it. */
static const struct heal_wire_kind *find_kind(const char *word, struct heal_event *ret_event) {
    memset(ret_event, 0, sizeof *ret_event);
    ret_event->kind = HEAL_EVENT_KINDS;
    for (unsigned i = 0; i < HEAL_READING_KINDS; i++) {
        if (strcmp(heal_wire_readings[i].word, word) == 0) {
            ret_event->kind = HEAL_EVENT_READING;
            ret_event->reading.kind = i;
            return &heal_wire_readings[i];
        }
    }
    for (unsigned i = 0; i < HEAL_MESSAGE_KINDS; i++) {
        if (strcmp(heal_wire_messages[i].word, word) == 0) {
            ret_event->kind = HEAL_EVENT_MESSAGE;
            ret_event->message.kind = i;
            return &heal_wire_messages[i];
        }
    }
    for (unsigned i = 0; i < HEAL_EVENT_KINDS; i++) {
        if (heal_wire_others[i].word && strcmp(heal_wire_others[i].word, word) == 0) {
            ret_event->kind = i;
            return &heal_wire_others[i];
        }
    }
    return NULL;
}

static int unknown_kind(const struct heal_pairs *pairs, const char *word) {
    const char *words[WORDS + 1] = {NULL};
    size_t count = 0;

    for (unsigned i = 0; i < HEAL_READING_KINDS; i++)
        words[count++] = heal_wire_readings[i].word;
    for (unsigned i = 0; i < HEAL_MESSAGE_KINDS; i++)
        words[count++] = heal_wire_messages[i].word;
    for (unsigned i = 0; i < HEAL_EVENT_KINDS; i++) {
        if (heal_wire_others[i].word)
            words[count++] = heal_wire_others[i].word;
    }
    const char *nearest = heal_name_nearest(word, words);
    int column = (int)(pairs->offset - strlen(word)) + 1;
    if (nearest)
        return heal_error_set(pairs->error, -EINVAL, 1, column,
                              "\"%s\" is no kind of event; do you mean \"%s\"?", word, nearest);
    return heal_error_set(pairs->error, -EINVAL, 1, column, "\"%s\" is no kind of event", word);
}

int heal_event_parse(const char *line, size_t length, heal_us *ret_now, struct heal_event *ret_event,
                     struct heal_error *error) {
    struct heal_pairs pairs;
    struct heal_event event;
    char word[WORD_MAX];
    heal_us now = 0;

    heal_pairs_init(&pairs, line, length, error);
    int r = heal_pairs_word(&pairs, word, sizeof word);
    if (r <= 0)
        return r < 0 ? r : 1;
    r = parse_time(&pairs, word, &now);
    if (r < 0)
        return r;
    r = heal_pairs_word(&pairs, word, sizeof word);
    if (r == 0)
        return heal_error_set(error, -EINVAL, 1, (int)pairs.offset + 1, "the kind of event is missing");
    if (r < 0)
        return r;
    const struct heal_wire_kind *kind = find_kind(word, &event);
    if (!kind)
        return unknown_kind(&pairs, word);
    r = heal_fields_parse(&pairs, kind->fields, part_of(&event));
    if (r < 0)
        return r;
    *ret_now = now;
    *ret_event = event;
    return 0;
}
