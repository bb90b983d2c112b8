/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The conditions under which heald is degraded: it goes on, with less than it should have. Each is a row of
 * the table in condition.c, which says what it means for an operator; a new one is its name here and that
 * row. What raises and clears them is degraded.h; the pages read them from the view. docs/degraded.md has the
 * same table for people.
 */
#ifndef HEALD_CONDITION_H
#define HEALD_CONDITION_H

#include "heald/view.h"

enum heald_condition {
    HEALD_STORE_FAILING,
    HEALD_STORE_FULL,
    HEALD_STORE_SET_ASIDE,
    HEALD_ORDERS_LOST,
    HEALD_CONFIG_REFUSED,
    HEALD_CLOCK_STEPPED,
    HEALD_HOST_SLEPT,
    HEALD_SOURCE_SILENT,
    HEALD_DAEMON_ABSENT,
    HEALD_DAEMON_WEDGED,
    HEALD_CANNOT_ACT,
    HEALD_NOT_CONFINED,
    HEALD_DESCRIPTORS_EXHAUSTED,
    HEALD_UNREACHABLE,
    HEALD_RECORD_STOPPED,
    HEALD_DETECTOR_FELL,
    HEALD_NETWORK_MISSING,
    HEALD_CONDITIONS,
};

struct heald_condition_rule {
    const char *name; /**< for ever: the metric's label */
    uint32_t parts;   /**< 1 << part: it holds while a wanted one of these does not work; 0: it is raised */
    heal_us lasts;    /**< it ends by itself so long after it was raised last; 0: only when it is cleared */
    const char *meaning; /**< what it means for an operator, and what to do about it */
};

struct heald_condition_status {
    bool holds;
    heal_us since, last; /**< when it began, and was raised last */
    char words[200];     /**< about this case; may be empty */
};

/** @return the row; @p condition below HEALD_CONDITIONS. */
const struct heald_condition_rule *heald_condition_rule(enum heald_condition condition);

#endif
