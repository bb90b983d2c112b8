/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/store.h"

#include "base/clock.h"
#include "os/store_state.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

enum { RETRY_S = 10, RETRIES_DOUBLED = 5, INCIDENTS_MAX = 10000, AUDIT_MAX = 100000 };

const char *heal_store_kind_name(enum heal_record_kind kind) {
    switch (kind) {
    case HEAL_RECORD_INCIDENT:
        return "incident";
    case HEAL_RECORD_STEP:
        return "step";
    case HEAL_RECORD_THRESHOLD:
        return "threshold";
    case HEAL_RECORD_STRATEGY:
        return "strategy";
    case HEAL_RECORD_BASELINE:
        return "baseline";
    case HEAL_RECORD_LABEL:
        return "label";
    case HEAL_RECORD_ORDER:
        return "order";
    case HEAL_RECORD_VERDICT:
        return "verdict";
    case HEAL_RECORD_MERIT:
        return "merit";
    case HEAL_RECORD_AUDIT:
        return "audit";
    case HEAL_RECORD_KINDS:
        break;
    }
    return "unknown";
}

/* To read all that is left of a damaged file takes its time, and for as long as there is no room for it, it
 * is in vain. */
static void retry_later(struct heal_store *store) {
    store->retry_us = heal_clock_now() + (RETRY_S * HEAL_US_PER_S << store->retries);
    if (!store->file.memory)
        store->retries = 0;
    else if (store->retries < RETRIES_DOUBLED)
        store->retries++;
}

int heal_store_open(const struct heal_store_options *options, struct heal_store **ret_store) {
    struct heal_store *store = calloc(1, sizeof *store);

    if (!store)
        return -ENOMEM;
    int r = heal_store_file_init(&store->file, options->folder);
    if (r < 0) {
        free(store);
        return r;
    }
    store->incidents_max = options->incidents_max ? options->incidents_max : INCIDENTS_MAX;
    store->audit_max = options->audit_max ? options->audit_max : AUDIT_MAX;
    store->is_open = options->is_open;
    heal_store_file_open(&store->file);
    retry_later(store);
    *ret_store = store;
    return 0;
}

struct heal_store *heal_store_close(struct heal_store *store) {
    if (!store)
        return NULL;
    if (store->records > 0)
        heal_store_commit(store, NULL, NULL);
    heal_store_file_deinit(&store->file);
    free(store);
    return NULL;
}

/* @return the queued record of the same kind and key, or the first free place. */
static size_t place_of(const struct heal_store *store, const struct heal_record *record) {
    size_t place = 0;

    if (record->kind == HEAL_RECORD_AUDIT)
        return store->records;
    while (place < store->records &&
           (store->record[place].kind != record->kind ||
            strncmp(store->record[place].key, record->key, sizeof record->key) != 0))
        place++;
    return place;
}

void heal_store_note_order(struct heal_store *store, const struct heal_record *record) {
    struct heal_store_orders *orders = &store->file.orders;
    size_t place = 0;

    if (record->kind != HEAL_RECORD_ORDER)
        return;
    while (place < orders->count && strncmp(orders->order[place].key, record->key, sizeof record->key) != 0)
        place++;
    if (place == HEAL_STORE_ORDERS_MAX)
        return;
    orders->order[place] = *record;
    orders->count += place == orders->count;
}

int heal_store_put(struct heal_store *store, const struct heal_record *record, uint32_t ticket) {
    size_t place = place_of(store, record);

    if (place == HEAL_STORE_QUEUE_MAX || (ticket != 0 && store->tickets == HEAL_STORE_QUEUE_MAX)) {
        store->dropped++;
        return -ENOBUFS;
    }
    store->record[place] = *record;
    store->put_us[place] = heal_clock_wall();
    if (place == store->records)
        store->records++;
    heal_store_note_order(store, record);
    if (ticket != 0)
        store->ticket[store->tickets++] = ticket;
    return 0;
}

/* A file that could not be opened for writing is tried again now and then: disks are mounted late. */
static int ensure_open(struct heal_store *store) {
    struct heal_store_file *file = &store->file;

    /* What is written to a file that has no name any more is not kept, though SQLite calls it durable. It is
     * still there to be read, until it is closed. */
    if (heal_store_file_is_lost(file))
        return heal_store_file_rescue(file);
    if (file->db && !file->read_only)
        return 0;
    if (heal_clock_now() < store->retry_us)
        return file->code;
    int r = heal_store_file_open(file);
    retry_later(store);
    return r;
}

static int write_batch(struct heal_store *store) {
    struct heal_store_file *file = &store->file;
    int r = ensure_open(store);

    if (r < 0 && r != -ESTALE)
        return r;
    if (r == 0)
        r = heal_store_write(store);
    if (r == -EBADMSG) {
        r = heal_store_file_renew(file);
        retry_later(store);
        if (r < 0)
            return r;
        r = heal_store_write(store);
    }
    if (r == -ESTALE) {
        snprintf(file->words, sizeof file->words,
                 "%.100s: the store was replaced; nothing is kept until heald is started anew", file->folder);
    } else if (r < 0) {
        snprintf(file->words, sizeof file->words, "%.120s: %s; will be tried again", file->folder,
                 strerror(-r));
    } else if (file->code < 0) {
        file->words[0] = '\0';
    }
    file->code = r;
    return r;
}

int heal_store_commit(struct heal_store *store, heal_store_done *done, void *context) {
    uint32_t ticket[HEAL_STORE_QUEUE_MAX];
    size_t tickets = store->tickets;
    /* One that could not be opened is tried also when nothing waits. */
    int r = store->records > 0 || store->file.code < 0 ? write_batch(store) : 0;

    if (store->records > 0) {
        store->commits += r == 0;
        store->commits_failed += r < 0;
    }
    if (r == 0)
        store->records = 0;
    memcpy(ticket, store->ticket, tickets * sizeof *ticket);
    store->tickets = 0;
    for (size_t i = 0; done && i < tickets; i++)
        done(context, ticket[i], r);
    return r;
}

int64_t heal_store_room(const struct heal_store *store) {
    struct statvfs disk;

    if (statvfs(store->file.folder, &disk) < 0)
        return -errno;
    /* Some file systems do not count their files. */
    if (disk.f_files > 0 && disk.f_favail == 0)
        return 0;
    return (int64_t)(disk.f_bavail * disk.f_frsize);
}

size_t heal_store_aside(const struct heal_store *store, char name[static HEAL_STORE_ASIDE_NAME_MAX]) {
    return heal_store_aside_count(store->file.folder, name);
}

void heal_store_status(const struct heal_store *store, struct heal_store_status *ret_status) {
    ret_status->code = store->file.code;
    snprintf(ret_status->words, sizeof ret_status->words, "%s", store->file.words);
    ret_status->queued = store->records;
    ret_status->commits = store->commits;
    ret_status->commits_failed = store->commits_failed;
    ret_status->dropped = store->dropped;
}
