/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The chain: whole when whole, and the first broken record named for every way of tampering. */
#include "os/audit.h"

#include "os/store.h"
#include "store_tools.h"

#include <errno.h>

static void write_chain(const char *folder, unsigned records, uint32_t most) {
    struct heal_store_options options = {.folder = folder, .audit_max = most};
    struct heal_store *store;
    char text[64];

    assert_int_equal(heal_store_open(&options, &store), 0);
    for (unsigned i = 1; i <= records; i++) {
        snprintf(text, sizeof text, "act=route-add number=%u", i);
        store_put(store, HEAL_RECORD_AUDIT, "", text, 0);
        if (i % 7 == 0)
            assert_int_equal(heal_store_commit(store, NULL, NULL), 0);
    }
    heal_store_close(store);
}

static int verify(const char *folder, struct heal_audit_report *report) {
    char path[512];

    snprintf(path, sizeof path, "%s/heald.db", folder);
    return heal_audit_verify(path, report);
}

static void test_hash_is_what_the_manual_says(void **state) {
    /* printf '\0'×32, sequence 1 and time 2 as eight big-endian bytes each, "abc" | sha256sum */
    static const char *const EXPECTED = "1c856b9c0b7c273c5b996168902a18364abc96861dd587e0fe33e3e78beee6ff";
    struct heal_audit_link link = {.sequence = 1, .time_us = 2};
    uint8_t hash[HEAL_AUDIT_HASH_BYTES];
    char text[65];

    (void)state;
    assert_int_equal(heal_audit_hash(&link, "abc", 3, hash), 0);
    heal_audit_hash_format(hash, text);
    assert_string_equal(text, EXPECTED);
}

static void test_whole_chain(void **state) {
    struct heal_audit_report report;

    write_chain(*state, 20, 0);
    assert_int_equal(verify(*state, &report), 0);
    assert_int_equal(report.records, 20);
    assert_int_equal(report.first, 1);
    assert_int_equal(report.last, 20);
    assert_string_equal(report.words, "whole: 20 records");
    write_chain(*state, 3, 0);
    assert_int_equal(verify(*state, &report), 0);
    assert_int_equal(report.records, 23);
}

static bool remember(void *context, const struct heal_store_audit *audit) {
    *(struct heal_store_audit *)context = *audit;
    return false;
}

static void test_newest_is_listed_with_the_heads_hash(void **state) {
    struct heal_audit_report report;
    struct heal_store_audit audit;

    write_chain(*state, 5, 0);
    assert_int_equal(verify(*state, &report), 0);
    struct heal_store *store = store_open(*state);
    assert_int_equal(heal_store_audits(store, 0, 1, remember, &audit), 0);
    assert_int_equal(audit.sequence, 5);
    assert_string_equal(audit.text, "act=route-add number=5");
    assert_string_equal(audit.hash, report.head);
    assert_int_equal(heal_store_audits(store, 3, 1, remember, &audit), 0);
    assert_int_equal(audit.sequence, 2);
    heal_store_close(store);
}

static void test_every_tampering_is_found(void **state) {
    static const struct {
        const char *sql;
        unsigned broken;
    } TAMPER[] = {
        {"UPDATE audit SET text = 'act=none' WHERE sequence = 9",                                  9 },
        {"UPDATE audit SET time = time + 1 WHERE sequence = 1",                                    1 },
        {"UPDATE audit SET hash = zeroblob(32) WHERE sequence = 12",                               12},
        {"UPDATE audit SET hash = 'short' WHERE sequence = 12",                                    12},
        {"DELETE FROM audit WHERE sequence = 5",                                                   5 },
        {"DELETE FROM audit WHERE sequence = 1",                                                   1 },
        {"DELETE FROM audit WHERE sequence > 17",                                                  18},
        {"DELETE FROM audit",                                                                      1 },
        {"INSERT INTO audit SELECT 21, time, text, hash FROM audit WHERE sequence = 20",           21},
        {"UPDATE chain SET head_hash = zeroblob(32)",                                              20},
        {"UPDATE audit SET text = (SELECT text FROM audit WHERE sequence = 4) WHERE sequence = 3", 3 },
    };

    for (size_t i = 0; i < sizeof TAMPER / sizeof *TAMPER; i++) {
        struct heal_audit_report report;
        char folder[300];

        snprintf(folder, sizeof folder, "%s/%zu", (char *)*state, i);
        write_chain(folder, 20, 0);
        store_sql(folder, TAMPER[i].sql);
        assert_int_equal(verify(folder, &report), 1);
        assert_int_equal(report.broken, TAMPER[i].broken);
        assert_true(strlen(report.words) > 20);
    }
}

static void test_shortened_chain_stays_whole(void **state) {
    struct heal_audit_report report;

    write_chain(*state, 200, 50);
    assert_int_equal(verify(*state, &report), 0);
    assert_true(report.records >= 50 && report.records <= 60);
    assert_int_equal(report.last, 200);
    write_chain(*state, 5, 50);
    assert_int_equal(verify(*state, &report), 0);
    assert_int_equal(report.last, 205);
    store_sql(*state, "DELETE FROM audit WHERE sequence = (SELECT min(sequence) FROM audit)");
    assert_int_equal(verify(*state, &report), 1);
}

static void test_what_is_no_store_is_said(void **state) {
    struct heal_audit_report report;
    char path[300];

    assert_int_equal(verify(*state, &report), -ENOENT);
    assert_non_null(strstr(report.words, "No such file"));
    snprintf(path, sizeof path, "%s/heald.db", (char *)*state);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (int i = 0; i < 2000; i++)
        fputs("garbage ", file);
    fclose(file);
    assert_int_equal(verify(*state, &report), -EBADMSG);
    assert_non_null(strstr(report.words, "damaged"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hash_is_what_the_manual_says),   STORE_TEST(test_whole_chain),
        STORE_TEST(test_newest_is_listed_with_the_heads_hash), STORE_TEST(test_every_tampering_is_found),
        STORE_TEST(test_shortened_chain_stays_whole),          STORE_TEST(test_what_is_no_store_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
