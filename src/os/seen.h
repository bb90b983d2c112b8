/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What a source has reported and not taken back: neighbours, routes, kernel routes and links, each by its
 * key. After a resync, whatever the source did not mention again has vanished, and is reported with `present`
 * false.
 */
#ifndef HEAL_OS_SEEN_H
#define HEAL_OS_SEEN_H

#include "os/source.h"

enum { HEAL_SEEN_MAX = 4096 }; /**< more than these are counted and not reported */

struct heal_seen {
    struct heal_seen_entry *entry; /**< sorted by key */
    size_t count, capacity;
    uint64_t dropped;
    bool syncing;
};

void heal_seen_init(struct heal_seen *seen);
void heal_seen_deinit(struct heal_seen *seen);

/**
 * Remembers a reading (one with `present` false is forgotten) and hands it on, unless it says again exactly
 * what was said before.
 * @return 0, -ENOSPC or -ENOMEM: not remembered, not handed on.
 */
int heal_seen_report(struct heal_seen *seen, const struct heal_reading *reading,
                     const struct heal_reading_sink *sink);

/** Begins a resync: whatever is not reported until its end has vanished. */
void heal_seen_begin(struct heal_seen *seen);
void heal_seen_end(struct heal_seen *seen, const struct heal_reading_sink *sink);

/**
 * Reports as vanished, outside of a resync, what @p match says.
 */
void heal_seen_forget(struct heal_seen *seen,
                      bool (*match)(const struct heal_reading *known, const void *argument),
                      const void *argument, const struct heal_reading_sink *sink);

#endif
