/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What all sources have in common: they give readings to whoever opened them, through one callback, from the
 * event loop or from within a read. A source never keeps a reading's address and never waits.
 */
#ifndef HEAL_OS_SOURCE_H
#define HEAL_OS_SOURCE_H

#include "heal/reading.h"

/** Where a source's readings go. Copied; the context stays the caller's. */
struct heal_reading_sink {
    /** Takes one reading; it must not close the source that calls it. */
    void (*take)(void *context, const struct heal_reading *reading);
    void *context;
};

#endif
