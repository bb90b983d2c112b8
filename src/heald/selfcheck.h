/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What heald looks at about itself, once a round: whether the clocks ran as they should, whether a file can
 * be opened, whether files of its store lie set aside, whether its disk has room, whether the network has
 * lost its right to act. It raises and clears the
 * conditions of these (degraded.h), and changes nothing.
 */
#ifndef HEALD_SELFCHECK_H
#define HEALD_SELFCHECK_H

#include "heald/degraded.h"

struct heald_selfcheck {
    struct heald_degraded *degraded;
    struct heal_store *store; /**< NULL: a dry run */
    const struct heal_settings *settings;
    const struct heal_engine *engine;
    bool begun;
    heal_us now, wall; /**< of the look before */
    heal_us aside_due; /**< when to look for files set aside again */
    heal_us room_due;  /**< when to look at the disk again */
};

/** Looks. @param wall the wall clock, since 1970. */
void heald_selfcheck_look(struct heald_selfcheck *selfcheck, heal_us now, heal_us wall);

#endif
