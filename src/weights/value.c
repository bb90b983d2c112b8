/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "weights/value.h"

#include "base/number.h"

#include <errno.h>
#include <string.h>

int heal_value_refuse(struct heal_error *error, const char *what, const char *value) {
    return heal_error_set(error, -EINVAL, 0, 0, "'%.40s' is no %s", value, what);
}

int heal_list_next(const char **at, char item[static HEAL_LIST_ITEM_MAX]) {
    size_t length = *at ? strcspn(*at, ",") : 0;

    if (!*at || (length == 0 && !**at))
        return 0;
    if (length >= HEAL_LIST_ITEM_MAX)
        return -EINVAL;
    memcpy(item, *at, length);
    item[length] = '\0';
    *at = (*at)[length] ? *at + length + 1 : NULL;
    return 1;
}

int heal_weights_number_parse(const char *value, float *ret_value, struct heal_error *error) {
    return heal_number_parse_float(value, ret_value) == 0 ? 0 : heal_value_refuse(error, "number", value);
}

int heal_numbers_parse(const char *value, unsigned count, float *ret_value, struct heal_error *error) {
    char item[HEAL_LIST_ITEM_MAX];
    unsigned had = 0;
    int r;

    while ((r = heal_list_next(&value, item)) > 0) {
        if (had == count)
            return heal_error_set(error, -EINVAL, 0, 0, "more than %u numbers", count);
        r = heal_weights_number_parse(item, &ret_value[had++], error);
        if (r < 0)
            return r;
    }
    if (r < 0)
        return heal_value_refuse(error, "number", value);
    return had == count ? 0
                        : heal_error_set(error, -EINVAL, 0, 0, "%u numbers: there must be %u", had, count);
}

void heal_numbers_format(struct heal_text *text, const float *value, unsigned count) {
    char number[HEAL_NUMBER_TEXT];

    for (unsigned i = 0; i < count; i++)
        heal_text_add(text, "%s%s", i > 0 ? "," : "", heal_number_format_float(value[i], number));
}

int heal_whole_parse(const char *value, uint64_t most, uint64_t *ret_value, struct heal_error *error) {
    if (heal_number_parse_u64(value, 10, ret_value) < 0 || *ret_value > most)
        return heal_error_set(error, -EINVAL, 0, 0, "'%.40s' is no whole number up to %llu", value,
                              (unsigned long long)most);
    return 0;
}

int heal_words_parse(const char *value, char *buffer, size_t size, struct heal_error *error) {
    if (strlen(value) >= size)
        return heal_error_set(error, -EINVAL, 0, 0, "a text of %zu bytes: at most %zu", strlen(value),
                              size - 1);
    heal_name_copy(buffer, size, value);
    return 0;
}
