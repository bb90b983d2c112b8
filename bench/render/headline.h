/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A headline figure: what is promised of one value in a benchmark's JSON, and whether it holds. Headlines are
 * read from the file bench/headlines, which says how they are written; nothing here owns the JSON.
 */
#ifndef HEAL_BENCH_RENDER_HEADLINE_H
#define HEAL_BENCH_RENDER_HEADLINE_H

#include <jansson.h>
#include <stdbool.h>

struct heal_headline {
    char benchmark[32], path[96], unit[16], what[120];
    bool at_most; /**< false: at least */
    double limit;
};

struct heal_headline_result {
    unsigned values;  /**< that the path found; 0: not measured */
    unsigned missing; /**< of these, null: what was to happen did not */
    double worst;     /**< of those that are there */
    bool holds;
};

/** Reads one line. @return 0; 1 for an empty line or a comment; or -EINVAL. */
int heal_headline_parse(const char *line, struct heal_headline *ret_headline);

/** Looks the headline's path up in @p root, its benchmark's JSON (NULL: it did not run). */
void heal_headline_check(const struct heal_headline *headline, const json_t *root,
                         struct heal_headline_result *ret_result);

#endif
