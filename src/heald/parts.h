/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** The state of the parts, for the view and, when it changes, for the log. */
#ifndef HEALD_PARTS_H
#define HEALD_PARTS_H

#include "heald/degraded.h"

struct heald_parts {
    struct heald_log *log;
    struct heald_degraded *degraded; /**< follows the parts; NULL: nobody does */
    struct heald_part_status status[HEALD_PARTS];
};

/** Says that a wanted part works, or does not; logged if that is news. @p format: words, may be empty. */
void heald_parts_say(struct heald_parts *parts, enum heald_part part, bool works, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/** Says that the configuration does not want a part. */
void heald_parts_unwanted(struct heald_parts *parts, enum heald_part part, const char *words);

#endif
