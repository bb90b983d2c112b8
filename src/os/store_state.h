/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What the store consists of, for store.c (the queue), store_write.c (a batch into the file) and store_read.c
 * (what comes out of it). No one else looks inside.
 */
#ifndef HEAL_OS_STORE_STATE_H
#define HEAL_OS_STORE_STATE_H

#include "os/store.h"
#include "os/store_file.h"

struct heal_store {
    struct heal_store_file file;
    uint32_t incidents_max, audit_max;
    bool (*is_open)(const struct heal_record *record);
    uint64_t retry_us; /**< base/clock.h: not before this is a file that failed opened again */
    unsigned retries;  /**< the wait until then was doubled so often */
    uint64_t commits, commits_failed, dropped;
    size_t records, tickets;
    uint32_t ticket[HEAL_STORE_QUEUE_MAX]; /**< to be answered; records without one are not among them */
    struct heal_record record[HEAL_STORE_QUEUE_MAX];
    uint64_t put_us[HEAL_STORE_QUEUE_MAX]; /**< of the wall clock: when each record was put in */
};

/** Notes an order that is in force, for a successor of the file. Other records are none. */
void heal_store_note_order(struct heal_store *store, const struct heal_record *record);

/** Writes all queued records in one transaction. @return 0 or a negative errno, with nothing written. */
int heal_store_write(struct heal_store *store);

#endif
