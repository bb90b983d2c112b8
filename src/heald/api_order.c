/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/api_order.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "heal/settings.h"

enum { FIELDS_MAX = 3, PAUSE_MAX_S = 366 * 24 * 3600 };

/* What each verb's body may hold. */
static const char *const fields[HEAL_OPERATOR_VERBS][FIELDS_MAX + 1] = {
    [HEAL_OPERATOR_MODE] = {"mode"   },
    [HEAL_OPERATOR_PAUSE] = {"reason",  "for"},
    [HEAL_OPERATOR_RESUME] = {NULL        },
    [HEAL_OPERATOR_LABEL] = {"incident", "label", "note"},
    [HEAL_OPERATOR_MISSED] = {"diagnosis" },
    [HEAL_OPERATOR_DETECTOR] = {"mode",         "force"},
    [HEAL_OPERATOR_VERDICT] = {"verdict",        "label", "note"},
    [HEAL_OPERATOR_ACTIVATE] = {"model","force"},
    [HEAL_OPERATOR_TRUTH] = {"neighbour", "diagnosis", "begins"},
    [HEAL_OPERATOR_UNDO] = {"incident"  },
};

static void drop_json(json_t **value) {
    json_decref(*value);
}

static int wrong(struct heal_error *error, const char *name, const char *what) {
    return heal_error_set(error, -EINVAL, 0, 0, "\"%s\" %s", name, what);
}

/* @return a new reference to an object, or NULL with the error set. */
static json_t *read_object(const char *body, size_t length, struct heal_error *error) {
    json_error_t at = {0};

    /* Nothing at all is an object without fields. */
    json_t *value = length ? json_loadb(body, length, JSON_REJECT_DUPLICATES, &at) : json_object();
    if (!value) {
        heal_error_set(error, -EINVAL, at.line, at.column, "the body is not JSON: %s (line %d, column %d)",
                       at.text, at.line, at.column);
        return NULL;
    }
    if (!json_is_object(value)) {
        heal_error_set(error, -EINVAL, 0, 0, "the body must be a JSON object");
        json_decref(value);
        return NULL;
    }
    return value;
}

static int check_fields(json_t *object, enum heal_operator_verb verb, struct heal_error *error) {
    const char *key;
    json_t *value;

    json_object_foreach(object, key, value) {
        bool known = false;

        for (size_t i = 0; fields[verb][i] && !known; i++)
            known = strcmp(key, fields[verb][i]) == 0;
        if (known)
            continue;
        const char *nearest = heal_name_nearest(key, fields[verb]);
        if (nearest)
            return heal_error_set(error, -EINVAL, 0, 0, "no field \"%.40s\" here; did you mean \"%s\"?", key,
                                  nearest);
        return heal_error_set(error, -EINVAL, 0, 0, "no field \"%.40s\" here", key);
    }
    return 0;
}

/* Takes a text field into the order's argument. @return 0, 1 if it is not there, or -EINVAL. */
static int take_text(json_t *object, const char *name, struct heal_event_operator *order,
                     struct heal_error *error) {
    json_t *value = json_object_get(object, name);

    if (!value)
        return 1;
    if (!json_is_string(value))
        return wrong(error, name, "must be a string");
    if (json_string_length(value) != strlen(json_string_value(value)))
        return wrong(error, name, "holds a NUL");
    if (json_string_length(value) >= sizeof order->argument)
        return heal_error_set(error, -EINVAL, 0, 0, "\"%s\" is longer than %zu bytes", name,
                              sizeof order->argument - 1);
    for (const char *c = json_string_value(value); *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return wrong(error, name, "holds a control character");
    heal_name_copy(order->argument, sizeof order->argument, json_string_value(value));
    return 0;
}

static int read_mode(json_t *object, struct heal_event_operator *order, struct heal_error *error) {
    int r = take_text(object, "mode", order, error);

    if (r < 0)
        return r;
    for (unsigned i = 0; r == 0 && i < HEAL_MODES; i++)
        if (strcmp(order->argument, heal_mode_name((enum heal_mode)i)) == 0)
            return 0;
    return wrong(error, "mode", "must be observe, warn or act");
}

static int read_pause(json_t *object, struct heal_event_operator *order, struct heal_error *error) {
    json_t *seconds = json_object_get(object, "for");
    int r = take_text(object, "reason", order, error);

    if (r < 0)
        return r;
    if (r == 1 || !order->argument[0])
        return wrong(error, "reason", "must say why");
    if (!seconds || json_is_null(seconds))
        return 0;
    double value = json_number_value(seconds);
    if (!json_is_number(seconds) || !(value > 0) || value > PAUSE_MAX_S)
        return wrong(error, "for", "must be seconds, above 0 and at most a year");
    order->number = (uint64_t)ceil(value);
    return 0;
}

static int read_number(json_t *object, const char *name, struct heal_event_operator *order,
                       struct heal_error *error) {
    json_t *number = json_object_get(object, name);

    if (!json_is_integer(number) || json_integer_value(number) <= 0)
        return heal_error_set(error, -EINVAL, 0, 0, "\"%s\" must be a%s %s's number", name,
                              name[0] == 'i' ? "n" : "", name);
    order->incident = (uint64_t)json_integer_value(number);
    return 0;
}

static int read_label(json_t *object, const char *what, struct heal_event_operator *order,
                      struct heal_error *error) {
    json_t *label = json_object_get(object, "label");
    int r = read_number(object, what, order, error);

    if (r < 0)
        return r;
    if (!json_is_boolean(label))
        return wrong(error, "label", "must be true or false");
    order->number = json_is_true(label);
    r = take_text(object, "note", order, error);
    return r < 0 ? r : 0;
}

static int read_missed(json_t *object, struct heal_event_operator *order, struct heal_error *error) {
    const char *slugs[HEAL_DIAGNOSES + 1] = {NULL};
    enum heal_diagnosis diagnosis;
    int r = take_text(object, "diagnosis", order, error);

    if (r < 0)
        return r;
    if (r == 1)
        return wrong(error, "diagnosis", "must say what should have been diagnosed");
    if (heal_diagnosis_parse(order->argument, &diagnosis) == 0)
        return 0;
    for (unsigned i = 0; i < HEAL_DIAGNOSES; i++)
        slugs[i] = heal_diagnosis_slug((enum heal_diagnosis)i);
    const char *nearest = heal_name_nearest(order->argument, slugs);
    if (nearest)
        return heal_error_set(error, -EINVAL, 0, 0, "no diagnosis \"%.40s\"; did you mean %s?",
                              order->argument, nearest);
    return heal_error_set(error, -EINVAL, 0, 0, "no diagnosis \"%.40s\"", order->argument);
}

static int read_flag(json_t *object, const char *name, bool needed, struct heal_event_operator *order,
                     struct heal_error *error) {
    json_t *flag = json_object_get(object, name);

    if (!flag && !needed)
        return 0;
    if (!json_is_boolean(flag))
        return wrong(error, name, "must be true or false");
    order->number = json_is_true(flag);
    return 0;
}

static int read_detector(json_t *object, struct heal_event_operator *order, struct heal_error *error) {
    int r = read_mode(object, order, error);

    return r < 0 ? r : read_flag(object, "force", false, order, error);
}

static int read_activate(json_t *object, struct heal_event_operator *order, struct heal_error *error) {
    uint64_t model;
    int r = take_text(object, "model", order, error);

    if (r < 0)
        return r;
    if (r == 1 || heal_number_parse_u64(order->argument, 16, &model) < 0 || model == 0)
        return wrong(error, "model", "must be a model's number, in hexadecimal");
    return read_flag(object, "force", false, order, error);
}

/* "NEIGHBOUR", or "NEIGHBOUR DIAGNOSIS". */
static int read_truth(json_t *object, struct heal_event_operator *order, struct heal_error *error) {
    struct heal_event_operator with = {.incident = 0};
    struct heal_text text;
    int r = read_flag(object, "begins", true, order, error);

    if (r == 0)
        r = take_text(object, "neighbour", order, error);
    if (r == 1 || (r == 0 && (!order->argument[0] || strchr(order->argument, ' ') != NULL)))
        return wrong(error, "neighbour", "must be a node's name");
    if (r < 0 || !json_object_get(object, "diagnosis"))
        return r;
    r = read_missed(object, &with, error);
    heal_text_init(&text, order->argument + strlen(order->argument),
                   sizeof order->argument - strlen(order->argument));
    heal_text_add(&text, " %s", with.argument);
    return text.cut ? wrong(error, "neighbour", "is too long") : r;
}

int heald_order_parse(enum heal_operator_verb verb, const char *body, size_t length,
                      struct heal_event_operator *ret_order, struct heal_error *error) {
    struct heal_event_operator order = {.verb = verb};
    HEAL_CLEANUP(drop_json) json_t *object = read_object(body, length, error);
    int r = object ? check_fields(object, verb, error) : -EINVAL;

    if (r < 0)
        return r;
    switch (verb) {
    case HEAL_OPERATOR_MODE:
        r = read_mode(object, &order, error);
        break;
    case HEAL_OPERATOR_PAUSE:
        r = read_pause(object, &order, error);
        break;
    case HEAL_OPERATOR_RESUME:
        break;
    case HEAL_OPERATOR_LABEL:
        r = read_label(object, "incident", &order, error);
        break;
    case HEAL_OPERATOR_MISSED:
        r = read_missed(object, &order, error);
        break;
    case HEAL_OPERATOR_UNDO:
        r = read_number(object, "incident", &order, error);
        break;
    case HEAL_OPERATOR_DETECTOR:
        r = read_detector(object, &order, error);
        break;
    case HEAL_OPERATOR_VERDICT:
        r = read_label(object, "verdict", &order, error);
        break;
    case HEAL_OPERATOR_TRUTH:
        r = read_truth(object, &order, error);
        break;
    case HEAL_OPERATOR_ACTIVATE:
        r = read_activate(object, &order, error);
        break;
    case HEAL_OPERATOR_VERBS:
        r = -EINVAL;
        break;
    }
    if (r == 0)
        *ret_order = order;
    return r;
}
