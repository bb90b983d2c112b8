/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Which conditions (condition.h) hold now. Whoever finds one raises it, as often as it is found, and clears
 * it when it is over; those that are a part's failure follow the parts. The log hears of the beginning and of
 * the end.
 */
#ifndef HEALD_DEGRADED_H
#define HEALD_DEGRADED_H

#include "heald/condition.h"
#include "heald/log.h"

struct heald_degraded {
    struct heald_log *log;
    struct heald_condition_status status[HEALD_CONDITIONS];
};

/** Says that a condition holds. @p format: words about this case, may be empty. */
void heald_degraded_raise(struct heald_degraded *degraded, enum heald_condition condition, const char *format,
                          ...) __attribute__((format(printf, 3, 4)));

/** Says that it does not, or not any more. */
void heald_degraded_clear(struct heald_degraded *degraded, enum heald_condition condition);

/** Raises and clears those that are a part's failure. @param part HEALD_PARTS of them. */
void heald_degraded_take_parts(struct heald_degraded *degraded, const struct heald_part_status *part);

/** Ends those that have lasted as long as they do; once a round. */
void heald_degraded_settle(struct heald_degraded *degraded, heal_us now);

#endif
