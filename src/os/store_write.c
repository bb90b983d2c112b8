/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/store_state.h"

#include "base/cleanup.h"
#include "os/audit.h"

#include <errno.h>
#include <string.h>

enum { BASELINES_MAX = 4096, STEPS_PER_INCIDENT = 8, VERDICTS_MAX = 4096, MERITS_MAX = 64 };

struct batch {
    sqlite3 *db;
    sqlite3_stmt *keep, *append;
    uint64_t base;               /* what precedes the oldest audit record */
    struct heal_audit_link link; /* stands at the newest audit record */
    bool audited, incidents, verdicts;
};

static int bound_step(sqlite3 *db, sqlite3_stmt *statement) {
    int r = sqlite3_step(statement);
    int code = heal_store_file_error(db, r);

    sqlite3_reset(statement);
    return r == SQLITE_DONE ? 0 : code < 0 ? code : -EIO;
}

static int keep(struct batch *batch, const struct heal_record *record, uint64_t put_us, bool open) {
    sqlite3_stmt *statement = batch->keep;
    int key = (int)strnlen(record->key, sizeof record->key);
    int value = (int)strnlen(record->value, sizeof record->value);

    sqlite3_bind_text(statement, 1, heal_store_kind_name(record->kind), -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, record->key, key, SQLITE_STATIC);
    sqlite3_bind_text(statement, 3, record->value, value, SQLITE_STATIC);
    sqlite3_bind_int(statement, 4, open);
    sqlite3_bind_int64(statement, 5, (sqlite3_int64)put_us);
    return bound_step(batch->db, statement);
}

static int append(struct batch *batch, const struct heal_record *record, uint64_t put_us) {
    struct heal_audit_link *link = &batch->link;
    size_t length = strnlen(record->value, sizeof record->value);
    uint8_t hash[HEAL_AUDIT_HASH_BYTES];

    link->sequence++;
    link->time_us = put_us;
    int r = heal_audit_hash(link, record->value, length, hash);
    if (r < 0)
        return r;
    sqlite3_bind_int64(batch->append, 1, (sqlite3_int64)link->sequence);
    sqlite3_bind_int64(batch->append, 2, (sqlite3_int64)link->time_us);
    sqlite3_bind_text(batch->append, 3, record->value, (int)length, SQLITE_STATIC);
    sqlite3_bind_blob(batch->append, 4, hash, sizeof hash, SQLITE_STATIC);
    r = bound_step(batch->db, batch->append);
    memcpy(link->before, hash, sizeof hash);
    batch->audited = true;
    return r;
}

static int read_head(struct batch *batch) {
    HEAL_CLEANUP(heal_store_file_finalize) sqlite3_stmt *statement = NULL;
    int r = sqlite3_prepare_v2(batch->db, "SELECT base, head, head_hash FROM chain", -1, &statement, NULL);

    if (r == SQLITE_OK)
        r = sqlite3_step(statement);
    if (r != SQLITE_ROW)
        return r == SQLITE_DONE ? -EBADMSG : heal_store_file_error(batch->db, r);
    const void *hash = sqlite3_column_blob(statement, 2);
    if (!hash || sqlite3_column_bytes(statement, 2) != HEAL_AUDIT_HASH_BYTES)
        return -EBADMSG;
    batch->base = (uint64_t)sqlite3_column_int64(statement, 0);
    batch->link.sequence = (uint64_t)sqlite3_column_int64(statement, 1);
    memcpy(batch->link.before, hash, HEAL_AUDIT_HASH_BYTES);
    return 0;
}

static int write_head(struct batch *batch) {
    HEAL_CLEANUP(heal_store_file_finalize) sqlite3_stmt *statement = NULL;
    int r = sqlite3_prepare_v2(batch->db, "UPDATE chain SET head = ?1, head_hash = ?2", -1, &statement, NULL);

    if (r != SQLITE_OK)
        return heal_store_file_error(batch->db, r);
    sqlite3_bind_int64(statement, 1, (sqlite3_int64)batch->link.sequence);
    sqlite3_bind_blob(statement, 2, batch->link.before, HEAL_AUDIT_HASH_BYTES, SQLITE_STATIC);
    return bound_step(batch->db, statement);
}

/* Runs a statement with one number in it. */
static int run_with(sqlite3 *db, const char *sql, uint64_t number) {
    HEAL_CLEANUP(heal_store_file_finalize) sqlite3_stmt *statement = NULL;
    int r = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

    if (r != SQLITE_OK)
        return heal_store_file_error(db, r);
    sqlite3_bind_int64(statement, 1, (sqlite3_int64)number);
    return bound_step(db, statement);
}

/* The chain is shortened a tenth at a time; what the oldest kept record follows from stays known. */
static int forget_audits(struct batch *batch, uint32_t most) {
    uint64_t head = batch->link.sequence;

    if (!batch->audited || head - batch->base <= most + most / 10)
        return 0;
    int r = run_with(batch->db,
                     "UPDATE chain SET base = ?1, base_hash = (SELECT hash FROM audit WHERE sequence = ?1)",
                     head - most);
    return r < 0 ? r : run_with(batch->db, "DELETE FROM audit WHERE sequence <= ?1", head - most);
}

/* Steps and labels are younger than their incident: those older than the oldest incident have lost theirs. */
static int forget_incidents(struct batch *batch, uint32_t most) {
    static const char *const ORPHANS = "DELETE FROM record WHERE kind IN ('step', 'label') AND open = 0 AND"
                                       " number < (SELECT min(number) FROM record WHERE kind = 'incident')";
    int r = run_with(batch->db,
                     "DELETE FROM record WHERE kind = 'incident' AND open = 0 AND number <="
                     " (SELECT number FROM record WHERE kind = 'incident' AND open = 0"
                     "  ORDER BY number DESC LIMIT 1 OFFSET ?1)",
                     most);

    if (r == 0 && sqlite3_changes(batch->db) > 0)
        r = heal_store_file_run(batch->db, ORPHANS);
    if (r == 0)
        r = run_with(
            batch->db,
            "DELETE FROM record WHERE kind = 'step' AND open = 0 AND number <="
            " (SELECT number FROM record WHERE kind = 'step' ORDER BY number DESC LIMIT 1 OFFSET ?1)",
            (uint64_t)most * STEPS_PER_INCIDENT);
    if (r == 0)
        r = run_with(batch->db,
                     "DELETE FROM record WHERE kind = 'baseline' AND number <= (SELECT number FROM record"
                     " WHERE kind = 'baseline' ORDER BY number DESC LIMIT 1 OFFSET ?1)",
                     BASELINES_MAX);
    return r;
}

/* Of a model that does not run any more the record is worth something for a while. */
static int forget_verdicts(struct batch *batch) {
    int r = run_with(batch->db,
                     "DELETE FROM record WHERE kind = 'verdict' AND number <= (SELECT number FROM record"
                     " WHERE kind = 'verdict' ORDER BY number DESC LIMIT 1 OFFSET ?1)",
                     VERDICTS_MAX);

    return r < 0
               ? r
               : run_with(batch->db,
                          "DELETE FROM record WHERE kind = 'merit' AND updated < (SELECT updated FROM record"
                          " WHERE kind = 'merit' ORDER BY updated DESC LIMIT 1 OFFSET ?1)",
                          MERITS_MAX);
}

static int write_records(struct batch *batch, const struct heal_store *store) {
    for (size_t i = 0; i < store->records; i++) {
        const struct heal_record *record = &store->record[i];
        bool incident = record->kind == HEAL_RECORD_INCIDENT;
        bool may_be_open = incident || record->kind == HEAL_RECORD_STEP;
        bool open = may_be_open && store->is_open && store->is_open(record);
        int r = record->kind == HEAL_RECORD_AUDIT ? append(batch, record, store->put_us[i])
                                                  : keep(batch, record, store->put_us[i], open);

        if (r < 0)
            return r;
        batch->incidents |= incident;
        batch->verdicts |= record->kind == HEAL_RECORD_VERDICT || record->kind == HEAL_RECORD_MERIT;
    }
    return 0;
}

static int prepare(struct batch *batch) {
    static const char *const KEEP =
        "INSERT INTO record(kind, key, value, open, created, updated) VALUES(?1, ?2, ?3, ?4, ?5, ?5)"
        " ON CONFLICT(kind, key) DO UPDATE SET value = ?3, open = ?4, updated = ?5";
    static const char *const APPEND = "INSERT INTO audit(sequence, time, text, hash) VALUES(?1, ?2, ?3, ?4)";
    int r = sqlite3_prepare_v2(batch->db, KEEP, -1, &batch->keep, NULL);

    if (r == SQLITE_OK)
        r = sqlite3_prepare_v2(batch->db, APPEND, -1, &batch->append, NULL);
    return heal_store_file_error(batch->db, r);
}

static int write_all(struct batch *batch, const struct heal_store *store) {
    int r = prepare(batch);

    if (r == 0)
        r = read_head(batch);
    if (r == 0)
        r = write_records(batch, store);
    if (r == 0 && batch->audited)
        r = write_head(batch);
    if (r == 0)
        r = forget_audits(batch, store->audit_max);
    if (r == 0 && batch->incidents)
        r = forget_incidents(batch, store->incidents_max);
    if (r == 0 && batch->verdicts)
        r = forget_verdicts(batch);
    return r;
}

int heal_store_write(struct heal_store *store) {
    struct batch batch = {.db = store->file.db};
    int r = heal_store_file_run(batch.db, "BEGIN IMMEDIATE");

    if (r < 0)
        return r;
    r = write_all(&batch, store);
    sqlite3_finalize(batch.keep);
    sqlite3_finalize(batch.append);
    if (r == 0)
        r = heal_store_file_run(batch.db, "COMMIT");
    if (r < 0)
        heal_store_file_run(batch.db, "ROLLBACK");
    return r;
}
