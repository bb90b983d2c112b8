/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "control/control.h"

#include <errno.h>
#include <string.h>

static const struct {
    const char *name;
    size_t least, most; /* words */
} rows[HEAL_CONTROL_VERBS] = {
    [HEAL_CONTROL_HELLO] = {"hello",  0, 0                     },
    [HEAL_CONTROL_STATUS] = {"status", 0, 0                     },
    [HEAL_CONTROL_EXEC] = {"exec",   2, HEAL_CONTROL_WORDS_MAX},
    [HEAL_CONTROL_SIGNAL] = {"signal", 1, 1                     },
    [HEAL_CONTROL_FAULT] = {"fault",  2, 2                     },
    [HEAL_CONTROL_FAULTS] = {"faults", 0, 0                     },
    [HEAL_CONTROL_CLEAR] = {"clear",  1, 1                     },
    [HEAL_CONTROL_DOWN] = {"down",   0, 0                     },
};

static int add(char *buffer, size_t *at, const char *word) {
    size_t length = strlen(word) + 1;

    if (length > HEAL_CONTROL_REQUEST_MAX - *at)
        return -E2BIG;
    memcpy(buffer + *at, word, length);
    *at += length;
    return 0;
}

int heal_control_encode(enum heal_control_verb verb, const char *const *words,
                        char buffer[static HEAL_CONTROL_REQUEST_MAX]) {
    size_t at = 0, count = 0;
    int r = add(buffer, &at, rows[verb].name);

    for (; r == 0 && words && words[count]; count++)
        r = count < HEAL_CONTROL_WORDS_MAX ? add(buffer, &at, words[count]) : -E2BIG;
    return r < 0 ? r : (int)at;
}

static int find_verb(const char *name, enum heal_control_verb *ret_verb) {
    for (int i = 0; i < HEAL_CONTROL_VERBS; i++)
        if (strcmp(rows[i].name, name) == 0) {
            *ret_verb = (enum heal_control_verb)i;
            return 0;
        }
    return -EINVAL;
}

int heal_control_decode(const char *bytes, size_t length, struct heal_control_request *ret_request) {
    enum heal_control_verb verb;
    size_t words = 0;

    if (length == 0 || length > HEAL_CONTROL_REQUEST_MAX || bytes[length - 1] != '\0' ||
        find_verb(bytes, &verb) < 0)
        return -EINVAL;
    for (size_t at = strlen(bytes) + 1; at < length; at += strlen(bytes + at) + 1)
        words++;
    if (words < rows[verb].least || words > rows[verb].most)
        return -EINVAL;
    *ret_request = (struct heal_control_request){.verb = verb, .words = words};
    bytes += strlen(bytes) + 1;
    for (size_t i = 0; i < words; i++) {
        ret_request->word[i] = bytes;
        bytes += strlen(bytes) + 1;
    }
    return 0;
}

int heal_control_number(const char *text, uint64_t most, uint64_t *ret_number) {
    uint64_t number = 0;

    if (!*text)
        return -EINVAL;
    for (; *text; text++) {
        uint64_t digit = (uint64_t)(unsigned char)*text - '0';

        if (digit > 9 || digit > most || number > (most - digit) / 10)
            return -EINVAL;
        number = number * 10 + digit;
    }
    *ret_number = number;
    return 0;
}
