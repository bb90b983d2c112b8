/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What each part of a fault may be: for those who write it in words, and for programs that fill one in. */
#include <errno.h>
#include <math.h>

#include "fault/word.h"

enum { MTU_MIN = 68, MTU_MAX = 65535 };

static const uint64_t rate_min = 1000, rate_max = UINT64_C(10000000000), leak_max = UINT64_C(1) << 30;
static const heal_us time_max = 600 * HEAL_US_PER_S;
static const double place_max_m = 1e9, radius_max_m = 1e6, rise_max_db = 100;

static bool is_time(heal_us time) {
    return time > 0 && time <= time_max;
}

/* False for what is no number. */
static bool is_within(double value, double least, double most) {
    return value >= least && value <= most;
}

/* Of a lab's nodes at most 64, a bit each. */
static bool are_sides(const struct heal_fault *fault, const struct heal_topology *topology) {
    return topology->nodes >= HEAL_LAB_NODES_MAX || fault->side >> topology->nodes == 0;
}

static const char *wrong_link(const struct heal_fault *fault, const struct heal_topology *topology,
                              bool both_only) {
    if (fault->link >= topology->links)
        return "a link of the lab is wanted";
    if (both_only && !(fault->a_to_b && fault->b_to_a))
        return "both directions of the link are wanted";
    return fault->a_to_b || fault->b_to_a ? NULL : "a direction of the link is wanted, or both";
}

const char *heal_fault_wrong(const struct heal_fault *fault, enum heal_fault_word word,
                             const struct heal_topology *topology) {
    switch (word) {
    case HEAL_WORD_LINK:
    case HEAL_WORD_LINK_BOTH:
        return wrong_link(fault, topology, word == HEAL_WORD_LINK_BOTH);
    case HEAL_WORD_NODE:
        return fault->node < topology->nodes ? NULL : "a node of the lab is wanted";
    case HEAL_WORD_OTHER:
        if (fault->other >= topology->nodes)
            return "a node of the lab is wanted";
        return fault->other != fault->node ? NULL : "the destination has to be another node";
    case HEAL_WORD_SERVICE:
        return fault->service[0] ? NULL : "the name of a service is wanted";
    case HEAL_WORD_SIDES:
        return are_sides(fault, topology) ? NULL : "each node belongs in one of the two groups";
    case HEAL_WORD_SHARE:
        return fault->share > 0 && fault->share <= 1 ? NULL : "a share above 0 and up to 100% is wanted";
    case HEAL_WORD_BYTES:
        return fault->amount >= MTU_MIN && fault->amount <= MTU_MAX
                   ? NULL
                   : "a size in bytes is wanted, 68 to 65535";
    case HEAL_WORD_BITS_PER_S:
        return fault->amount >= rate_min && fault->amount <= rate_max
                   ? NULL
                   : "a rate from 1kbit to 10000Mbit is wanted";
    case HEAL_WORD_BYTES_PER_S:
        return fault->amount > 0 && fault->amount <= leak_max
                   ? NULL
                   : "a size a second up to 1GiB/s is wanted, such as 2MiB/s";
    case HEAL_WORD_TIME:
    case HEAL_WORD_DOWN:
        return is_time(fault->time) ? NULL : "a time is wanted, such as 100ms, up to 10min";
    case HEAL_WORD_JITTER:
        return fault->spread <= time_max ? NULL : "a time is wanted, such as 100ms, up to 10min";
    case HEAL_WORD_EVERY:
        if (!is_time(fault->spread))
            return "a time is wanted, such as 100ms, up to 10min";
        return fault->time < fault->spread
                   ? NULL
                   : "a flapping link has to be up for a while: 'every' is longer than 'down'";
    case HEAL_WORD_PLACE:
        return is_within(fault->x_m, -place_max_m, place_max_m) &&
                       is_within(fault->y_m, -place_max_m, place_max_m)
                   ? NULL
                   : "a place in metres is wanted, such as 50,-20";
    case HEAL_WORD_RADIUS:
        return is_within(fault->radius_m, 0, radius_max_m) ? NULL : "a distance in metres is wanted";
    case HEAL_WORD_RISE:
        return is_within(fault->rise_db, 0, rise_max_db) ? NULL
                                                         : "a rise of the noise is wanted, such as +15dB";
    case HEAL_WORD_OFF:
    case HEAL_WORD_END:
    case HEAL_WORDS:
        break;
    }
    return NULL;
}

int heal_fault_check(const struct heal_fault *fault, const struct heal_topology *topology,
                     struct heal_error *error) {
    const struct heal_fault_row *row;

    if ((unsigned)fault->kind >= HEAL_FAULT_KINDS)
        return heal_error_set(error, -EINVAL, 0, 0, "no fault has the number %d", (int)fault->kind);
    row = &heal_fault_rows[fault->kind];
    for (size_t i = 0; i < HEAL_FAULT_WORDS && row->word[i] != HEAL_WORD_END; i++) {
        const char *wrong = heal_fault_wrong(fault, row->word[i], topology);

        if (wrong)
            return heal_error_set(error, -EINVAL, 0, 0, "%s: %s", row->name, wrong);
    }
    return 0;
}
