/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "render/headline.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

int heal_headline_parse(const char *line, struct heal_headline *ret_headline) {
    struct heal_headline headline = {0};
    char compare[3];
    int end = 0;

    line += strspn(line, " \t\n");
    if (*line == '\0' || *line == '#')
        return 1;
    int fields = sscanf(line, "%31s %95s %2s %lf %15s %n", headline.benchmark, headline.path, compare,
                        &headline.limit, headline.unit, &end);
    if (fields != 5 || end == 0)
        return -EINVAL;
    headline.at_most = strcmp(compare, "<=") == 0;
    if (!headline.at_most && strcmp(compare, ">=") != 0)
        return -EINVAL;
    snprintf(headline.what, sizeof headline.what, "%.*s", (int)strcspn(line + end, "\n"), line + end);
    for (char *c = headline.unit; *c; c++) {
        if (*c == '_')
            *c = ' ';
    }
    *ret_headline = headline;
    return 0;
}

/* Is @p name one of "a|b|c", of @p length bytes? */
static bool is_one_of(const char *name, const char *list, size_t length) {
    size_t size = strlen(name);

    for (const char *end = list + length; list < end;) {
        size_t part = strcspn(list, "|]");

        if (part == size && strncmp(list, name, size) == 0)
            return true;
        list += part + 1;
    }
    return false;
}

/* Does an element pass a step, "*" or "[NAME=a|b]" or "[NAME!=a|b]"? */
static bool passes(const char *step, size_t length, const json_t *element) {
    char name[64];
    size_t size = strcspn(step, "!=");

    if (step[0] == '*')
        return true;
    if (size >= length || size < 2 || size > sizeof name)
        return false;
    snprintf(name, sizeof name, "%.*s", (int)size - 1, step + 1);
    const char *value = json_string_value(json_object_get(element, name));
    bool wanted = step[size] == '=';
    const char *list = step + size + (wanted ? 1 : 2);
    return value && is_one_of(value, list, length - (size_t)(list - step)) == wanted;
}

static void take_value(const struct heal_headline *headline, const json_t *value,
                       struct heal_headline_result *result) {
    double number = json_is_true(value) ? 1 : json_is_false(value) ? 0 : json_number_value(value);

    if (!value)
        return;
    bool first = result->values++ == result->missing;
    if (!json_is_number(value) && !json_is_boolean(value)) {
        result->missing++;
        return;
    }
    if (first || (headline->at_most ? number > result->worst : number < result->worst))
        result->worst = number;
}

/* Follows the path from @p value, one step a call; its depth is that of the path. */
static void follow(const struct heal_headline *headline, const char *path, const json_t *value,
                   struct heal_headline_result *result) {
    size_t length = strcspn(path, ".");
    const char *rest = path[length] ? path + length + 1 : path + length;

    if (*path == '\0') {
        take_value(headline, value, result);
    } else if (json_is_array(value)) {
        size_t index;
        json_t *element;

        json_array_foreach(value, index, element) {
            if (passes(path, length, element))
                follow(headline, rest, element, result);
        }
    } else {
        char name[96];

        snprintf(name, sizeof name, "%.*s", (int)length, path);
        follow(headline, rest, json_object_get(value, name), result);
    }
}

void heal_headline_check(const struct heal_headline *headline, const json_t *root,
                         struct heal_headline_result *ret_result) {
    struct heal_headline_result result = {0};

    if (root)
        follow(headline, headline->path, root, &result);
    result.holds = result.values > 0 && result.missing == 0 &&
                   (headline->at_most ? result.worst <= headline->limit : result.worst >= headline->limit);
    *ret_result = result;
}
