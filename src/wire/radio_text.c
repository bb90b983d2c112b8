/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/radio_text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS = 4, WORD_MAX = 64 };

static int read_dbm(const char *word, float *ret_dbm) {
    char *end;
    float value = strtof(word, &end);
    if (end == word || *end || !(value >= -200 && value <= 100)) {
        return -EINVAL;
    }
    *ret_dbm = value;
    return 0;
}

/* Fills in one of the four words. */
static int read_word(size_t index, const char *word, struct heal_reading_radio *radio) {
    switch (index) {
    case 0:
        if (strlen(word) >= HEAL_IFNAME_MAX) {
            return -EINVAL;
        }
        memcpy(radio->port.ifname, word, strlen(word) + 1);
        return 0;
    case 1:
        return heal_address_parse(word, &radio->port.peer);
    case 2:
        return read_dbm(word, &radio->rssi_dbm);
    case 3:
        radio->has_noise = strcmp(word, "-") != 0;
        return radio->has_noise ? read_dbm(word, &radio->noise_dbm) : 0;
    default:
        return -EINVAL;
    }
}

int heal_radio_line_parse(const char *line, size_t length, struct heal_reading_radio *ret_radio,
                          struct heal_error *error) {
    static const char *const wanted[WORDS + 1] = {"an interface's name", "a neighbour's address",
                                                  "an RSSI in dBm", "a noise floor in dBm or -",
                                                  "the end of the line"};
    struct heal_reading_radio radio = {0};
    size_t at = 0, words = 0;
    for (;;) {
        while (at < length && strchr(" \t\r\n", line[at]) && line[at]) {
            at++;
        }
        if (at >= length || (line[at] == '#' && words == 0)) {
            break;
        }
        size_t start = at;
        while (at < length && !strchr(" \t\r\n", line[at])) {
            at++;
        }
        char word[WORD_MAX] = "";
        if (at - start < sizeof(word)) {
            memcpy(word, line + start, at - start);
        }
        if (at == start || words > WORDS - 1 || read_word(words, word, &radio) < 0) {
            return heal_error_set(error, -EINVAL, 1, (int)start + 1, "expected %s", wanted[words]);
        }
        words++;
    }
    if (words == 0) {
        return 1;
    }
    if (words < WORDS) {
        return heal_error_set(error, -EINVAL, 1, (int)length + 1, "expected %s", wanted[words]);
    }
    *ret_radio = radio;
    return 0;
}
