/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/audit.h"

#include "base/cleanup.h"
#include "os/store_file.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

static void free_digest(EVP_MD_CTX **context) {
    EVP_MD_CTX_free(*context);
}

static void put_u64(uint64_t value, uint8_t bytes[static 8]) {
    for (size_t i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(value >> (56 - 8 * i));
}

int heal_audit_hash(const struct heal_audit_link *link, const char *text, size_t length,
                    uint8_t ret_hash[static HEAL_AUDIT_HASH_BYTES]) {
    HEAL_CLEANUP(free_digest) EVP_MD_CTX *digest = EVP_MD_CTX_new();
    uint8_t numbers[16];

    put_u64(link->sequence, numbers);
    put_u64(link->time_us, numbers + 8);
    if (!digest || EVP_DigestInit_ex(digest, EVP_sha256(), NULL) != 1 ||
        EVP_DigestUpdate(digest, link->before, sizeof link->before) != 1 ||
        EVP_DigestUpdate(digest, numbers, sizeof numbers) != 1 ||
        EVP_DigestUpdate(digest, text, length) != 1 || EVP_DigestFinal_ex(digest, ret_hash, NULL) != 1)
        return -EIO;
    return 0;
}

void heal_audit_hash_format(const uint8_t hash[static HEAL_AUDIT_HASH_BYTES], char text[static 65]) {
    for (size_t i = 0; i < HEAL_AUDIT_HASH_BYTES; i++)
        snprintf(text + 2 * i, 3, "%02x", hash[i]);
}

/* What the file says stands before its oldest record and at its end. */
struct chain {
    uint64_t base, head;
    uint8_t base_hash[HEAL_AUDIT_HASH_BYTES], head_hash[HEAL_AUDIT_HASH_BYTES];
};

static bool hash_column(sqlite3_stmt *statement, int column, uint8_t hash[static HEAL_AUDIT_HASH_BYTES]) {
    const void *blob = sqlite3_column_blob(statement, column);

    if (!blob || sqlite3_column_bytes(statement, column) != HEAL_AUDIT_HASH_BYTES)
        return false;
    memcpy(hash, blob, HEAL_AUDIT_HASH_BYTES);
    return true;
}

static int read_chain(sqlite3 *db, struct chain *ret_chain) {
    HEAL_CLEANUP(heal_store_file_finalize) sqlite3_stmt *statement = NULL;
    int r =
        sqlite3_prepare_v2(db, "SELECT base, base_hash, head, head_hash FROM chain", -1, &statement, NULL);

    if (r == SQLITE_OK)
        r = sqlite3_step(statement);
    if (r != SQLITE_ROW)
        return r == SQLITE_DONE ? -EBADMSG : heal_store_file_error(db, r);
    ret_chain->base = (uint64_t)sqlite3_column_int64(statement, 0);
    ret_chain->head = (uint64_t)sqlite3_column_int64(statement, 2);
    if (!hash_column(statement, 1, ret_chain->base_hash) || !hash_column(statement, 3, ret_chain->head_hash))
        return -EBADMSG;
    return 0;
}

static int broken(struct heal_audit_report *report, uint64_t sequence, const char *what) {
    report->broken = sequence;
    snprintf(report->words, sizeof report->words, "broken at record %llu: %s", (unsigned long long)sequence,
             what);
    return 1;
}

/* Checks the record in @p row against @p link, which stands at its predecessor, and moves the link on. */
static int check_record(sqlite3_stmt *row, struct heal_audit_link *link, struct heal_audit_report *report) {
    uint64_t sequence = (uint64_t)sqlite3_column_int64(row, 0), expected = link->sequence + 1;
    const char *text = (const char *)sqlite3_column_text(row, 2);
    size_t length = (size_t)sqlite3_column_bytes(row, 2);
    uint8_t kept[HEAL_AUDIT_HASH_BYTES], hash[HEAL_AUDIT_HASH_BYTES];

    if (sequence != expected)
        return broken(report, expected, "it is missing");
    link->sequence = sequence;
    link->time_us = (uint64_t)sqlite3_column_int64(row, 1);
    if (!text || !hash_column(row, 3, kept))
        return broken(report, sequence, "it has no text or no hash");
    int r = heal_audit_hash(link, text, length, hash);
    if (r < 0)
        return r;
    if (memcmp(hash, kept, sizeof hash) != 0)
        return broken(report, sequence,
                      "its hash does not follow from the one before, its time and its text");
    memcpy(link->before, hash, sizeof hash);
    report->first = report->first ? report->first : sequence;
    report->last = sequence;
    report->records++;
    heal_audit_hash_format(hash, report->head);
    return 0;
}

static int check_all(sqlite3 *db, struct heal_audit_report *report) {
    HEAL_CLEANUP(heal_store_file_finalize) sqlite3_stmt *row = NULL;
    struct chain chain = {0};
    int code = read_chain(db, &chain);
    int r;

    if (code < 0)
        return code;
    struct heal_audit_link link = {.sequence = chain.base};
    memcpy(link.before, chain.base_hash, sizeof link.before);
    r = sqlite3_prepare_v2(db, "SELECT sequence, time, text, hash FROM audit ORDER BY sequence", -1, &row,
                           NULL);
    while (r == SQLITE_OK || r == SQLITE_ROW) {
        r = sqlite3_step(row);
        code = r == SQLITE_ROW ? check_record(row, &link, report) : 0;
        if (code != 0)
            return code;
    }
    if (r != SQLITE_DONE)
        return heal_store_file_error(db, r);
    if (link.sequence < chain.head)
        return broken(report, link.sequence + 1, "it is missing: the end was cut off");
    if (link.sequence > chain.head || memcmp(link.before, chain.head_hash, sizeof link.before) != 0)
        return broken(report, link.sequence, "it is not the one that the chain ends with");
    return 0;
}

int heal_audit_verify(const char *path, struct heal_audit_report *ret_report) {
    HEAL_CLEANUP(heal_store_file_close) sqlite3 *db = NULL;
    struct heal_audit_report report = {0};
    int r = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
    int code = heal_store_file_error(db, r);

    if (code == 0) {
        sqlite3_busy_timeout(db, 2000);
        /* One transaction: what the writer adds meanwhile is not seen. */
        code = heal_store_file_run(db, "BEGIN");
    }
    if (code == 0)
        code = check_all(db, &report);
    if (code == 0)
        snprintf(report.words, sizeof report.words, "whole: %llu records",
                 (unsigned long long)report.records);
    else if (code < 0)
        snprintf(report.words, sizeof report.words, "cannot be read: %s",
                 code == -EBADMSG ? "the file is damaged, or none of heald's" : strerror(-code));
    *ret_report = report;
    return code;
}
