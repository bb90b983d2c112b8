/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/unit_text.h"

#include "base/cleanup.h"

#include <errno.h>
#include <string.h>

/* A value in the text; not terminated. */
struct value {
    const char *at;
    size_t length;
};

static bool is_word(const struct value *value, const char *word) {
    return strlen(word) == value->length && memcmp(value->at, word, value->length) == 0;
}

/* Each reader below @return 0 or -EINVAL. */

static int read_load(const struct value *value, struct heal_unit_text *unit) {
    static const char *const unusable[] = {"not-found", "bad-setting", "error"};
    for (size_t i = 0; i < HEAL_COUNT(unusable); i++) {
        unit->loaded = unit->loaded && !is_word(value, unusable[i]);
    }
    return value->length ? 0 : -EINVAL;
}

static int read_activity(const struct value *value, struct heal_unit_text *unit) {
    static const char *const words[HEAL_UNIT_ACTIVITIES] = {
        [HEAL_UNIT_ACTIVE] = "active",
        [HEAL_UNIT_RELOADING] = "reloading",
        [HEAL_UNIT_REFRESHING] = "refreshing",
        [HEAL_UNIT_ACTIVATING] = "activating",
        [HEAL_UNIT_DEACTIVATING] = "deactivating",
        [HEAL_UNIT_MAINTENANCE] = "maintenance",
        [HEAL_UNIT_INACTIVE] = "inactive",
        [HEAL_UNIT_FAILED] = "failed",
    };
    for (unsigned i = 0; i < HEAL_UNIT_ACTIVITIES; i++) {
        if (is_word(value, words[i])) {
            unit->activity = (enum heal_unit_activity)i;
            return 0;
        }
    }
    return -EINVAL;
}

/* systemd's list of results grows; only these two mean that all is in order. */
static int read_result(const struct value *value, struct heal_unit_text *unit) {
    unit->success = value->length == 0 || is_word(value, "success") || is_word(value, "exec-condition");
    return 0;
}

static int read_cgroup(const struct value *value, struct heal_unit_text *unit) {
    if (value->length == 0) {
        return 0;
    }
    if (value->at[0] != '/' || value->length >= sizeof(unit->cgroup)) {
        return -EINVAL;
    }
    for (size_t i = 0; i < value->length; i++) {
        size_t rest = value->length - i;
        bool climbs =
            rest >= 3 && memcmp(value->at + i, "/..", 3) == 0 && (rest == 3 || value->at[i + 3] == '/');
        if (value->at[i] == '\0' || climbs) {
            return -EINVAL;
        }
    }
    memcpy(unit->cgroup, value->at, value->length);
    unit->cgroup[value->length] = '\0';
    return 0;
}

static const struct property {
    const char *start;
    int (*read)(const struct value *value, struct heal_unit_text *unit);
} properties[] = {
    {"ActiveState=",  read_activity},
    {"LoadState=",    read_load    },
    {"Result=",       read_result  },
    {"ControlGroup=", read_cgroup  },
};

enum { ACTIVITY_SEEN = 1 }; /* the bit of the table's first row */

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\n';
}

/* Reads one NAME=VALUE. @param seen the properties that there were, by their rows. */
static int read_pair(const struct value *pair, unsigned *seen, struct heal_unit_text *unit) {
    for (size_t i = 0; i < HEAL_COUNT(properties); i++) {
        size_t length = strlen(properties[i].start);
        if (pair->length < length || memcmp(pair->at, properties[i].start, length) != 0) {
            continue;
        }
        struct value value = {pair->at + length, pair->length - length};
        bool again = *seen & 1u << i;
        *seen |= 1u << i;
        return again ? -EINVAL : properties[i].read(&value, unit);
    }
    return -EINVAL;
}

int heal_unit_text_parse(const char *text, size_t length, struct heal_unit_text *ret_unit) {
    struct heal_unit_text unit = {.loaded = true, .success = true};
    unsigned seen = 0;
    for (size_t at = 0; at < length;) {
        size_t start = at;
        while (at < length && !is_blank(text[at])) {
            at++;
        }
        struct value pair = {text + start, at - start};
        if (pair.length > 0 && read_pair(&pair, &seen, &unit) < 0) {
            return -EINVAL;
        }
        at++;
    }
    if (!(seen & ACTIVITY_SEEN)) {
        return -EINVAL;
    }
    *ret_unit = unit;
    return 0;
}
