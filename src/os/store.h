/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The store: the memory of a node that outlives the process. It keeps records by kind and key in one SQLite
 * file (heald.db: write-ahead log, synchronous=FULL) and never looks inside a value. Records are queued by
 * heal_store_put and made durable together by heal_store_commit, which then answers their tickets: what was
 * answered with 0 survives kill -9 at any instant. Audit records go to the hash chain (audit.h) instead.
 *
 * A disk that does not work never stops the program: the store then says so in words (heal_store_status),
 * answers tickets with the error, and tries again now and then; where its file was replaced, not before it
 * is opened anew. One that was removed is made anew. A damaged file is set aside under a name with the date
 * (store_aside.h) once a new one is complete with what can be read of it (store_successor.h).
 */
#ifndef HEAL_OS_STORE_H
#define HEAL_OS_STORE_H

#include "heal/command.h"
#include "os/store_aside.h"

struct heal_store;

enum { HEAL_STORE_QUEUE_MAX = 256, HEAL_STORE_RESTORED_INCIDENTS = 64 };

/** The value of the order for the mode that stands where orders may have stood that cannot be read any more:
 * who may have been told not to act does not, until somebody orders it anew. */
#define HEAL_STORE_STAND_IN "mode=observe why=orders-lost"

struct heal_store_options {
    const char *folder;     /**< made if it is not there (0700); the file is 0600 */
    uint32_t incidents_max; /**< closed ones beyond these are forgotten, oldest first; 0: 10,000 */
    uint32_t audit_max;     /**< records of the chain; 0: 100,000 */
    /** Tells of an incident's or a step's record whether it is open: such are never forgotten, and always
     * given back. NULL: none is. */
    bool (*is_open)(const struct heal_record *record);
};

struct heal_store_status {
    int code;        /**< 0: works; else why not, a negative errno */
    char words[200]; /**< what there is to say: the error, or what became of a damaged file; may be empty */
    size_t queued;
    uint64_t commits, commits_failed;
    uint64_t dropped; /**< records lost because the queue was full */
};

/** A record as it is kept, with the times that only the store knows. */
struct heal_store_entry {
    uint64_t number; /**< rises with every new key: the order in which records came into being */
    uint64_t created_us, updated_us; /**< of the wall clock, since 1970 */
    struct heal_record record;
};

struct heal_store_audit {
    uint64_t sequence;
    uint64_t time_us; /**< of the wall clock, since 1970 */
    char hash[65];    /**< hexadecimal */
    char text[1400];
};

/** Which incidents: newest first. */
struct heal_store_query {
    uint64_t before; /**< only numbers below this one; 0: from the newest */
    size_t limit;    /**< 0: 100 */
    bool open_only;
};

typedef void heal_store_done(void *context, uint32_t ticket, int code);
/** @return false to hear no more. */
typedef bool heal_store_each(void *context, const struct heal_store_entry *entry);
typedef bool heal_store_each_audit(void *context, const struct heal_store_audit *audit);

/**
 * Opens the store of a folder.
 * @return 0, also where the disk does not work (see heal_store_status); -EBUSY where another process has this
 * store; -ENOMEM.
 */
int heal_store_open(const struct heal_store_options *options, struct heal_store **ret_store);

/** Commits what is queued, answers no ticket, closes; takes NULL. @return NULL. */
struct heal_store *heal_store_close(struct heal_store *store);

/**
 * Queues a record; a queued one of the same kind and key is replaced.
 * @param ticket answered by the next commit; 0: none. @return 0, or -ENOBUFS: the queue is full.
 */
int heal_store_put(struct heal_store *store, const struct heal_record *record, uint32_t ticket);

/**
 * Makes all that is queued durable, then answers its tickets. After a failure the tickets have the error, and
 * the records wait for the next commit. @p done may put again, but not commit.
 * @return 0 or a negative errno.
 */
int heal_store_commit(struct heal_store *store, heal_store_done *done, void *context);

/**
 * Gives back what was kept, as the engine wants it: orders, thresholds, strategies, baselines, what models
 * have shown and their latest verdicts, labels, then incidents (all open ones and the newest
 * HEAL_STORE_RESTORED_INCIDENTS, oldest first), then the steps of these and all open steps.
 * @return 0 or a negative errno.
 */
int heal_store_restore(struct heal_store *store, heal_store_each *each, void *context);

/** The history, newest first. @return 0 or a negative errno. */
int heal_store_incidents(struct heal_store *store, const struct heal_store_query *query,
                         heal_store_each *each, void *context);

/** The records of a kind whose keys begin with @p prefix, in the order in which they came into being.
 * @return 0 or a negative errno. */
int heal_store_records(struct heal_store *store, enum heal_record_kind kind, const char *prefix,
                       heal_store_each *each, void *context);

/** Finds one record. @return 0, -ENOENT or another negative errno, with the output untouched. */
int heal_store_find(struct heal_store *store, enum heal_record_kind kind, const char *key,
                    struct heal_store_entry *ret_entry);

/** The audit records below @p before (0: from the newest), newest first. @return 0 or a negative errno. */
int heal_store_audits(struct heal_store *store, uint64_t before, size_t limit, heal_store_each_audit *each,
                      void *context);

void heal_store_status(const struct heal_store *store, struct heal_store_status *ret_status);

/** @return the room that is left on the disk of its folder, in bytes; 0 also where no file can be made; or a
 * negative errno. */
int64_t heal_store_room(const struct heal_store *store);

/** Counts the files that were set aside: damaged, or of a newer heald. They are removed by people only.
 * @param name of the latest, "" if there is none. */
size_t heal_store_aside(const struct heal_store *store, char name[static HEAL_STORE_ASIDE_NAME_MAX]);

/** @return a record kind's name, as the file and the API spell it. */
const char *heal_store_kind_name(enum heal_record_kind kind);

#endif
