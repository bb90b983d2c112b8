/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What `systemctl show --property=HEAL_UNIT_PROPERTIES` says of one unit: pairs NAME=VALUE in any order, one
 * a line or, as spawned commands give their output here, one after the other with blanks between. Not every
 * kind of unit has a result or a control group, and not every systemd writes a pair without a value.
 */
#ifndef HEAL_WIRE_UNIT_TEXT_H
#define HEAL_WIRE_UNIT_TEXT_H

#include "heal/types.h"

#define HEAL_UNIT_PROPERTIES "LoadState,ActiveState,Result,ControlGroup"

enum { HEAL_UNIT_CGROUP_MAX = 512 };

/** ActiveState; the order of systemd's own words in unit_text.c. */
enum heal_unit_activity {
    HEAL_UNIT_ACTIVE,
    HEAL_UNIT_RELOADING,
    HEAL_UNIT_REFRESHING,
    HEAL_UNIT_ACTIVATING,
    HEAL_UNIT_DEACTIVATING,
    HEAL_UNIT_MAINTENANCE,
    HEAL_UNIT_INACTIVE,
    HEAL_UNIT_FAILED,
    HEAL_UNIT_ACTIVITIES,
};

struct heal_unit_text {
    enum heal_unit_activity activity;
    bool loaded;  /**< false: systemd has no such unit, or cannot make sense of its file */
    bool success; /**< it ended well, if it ended; or its start was skipped by its own condition */
    char cgroup[HEAL_UNIT_CGROUP_MAX]; /**< below the root of the hierarchy, "/…"; empty: none */
};

/**
 * @return 0, or -EINVAL with @p ret_unit untouched: no ActiveState, a word that systemd is not known to say,
 * a property that nobody asked for, one that comes twice, a control group that leads elsewhere.
 */
int heal_unit_text_parse(const char *text, size_t length, struct heal_unit_text *ret_unit);

#endif
