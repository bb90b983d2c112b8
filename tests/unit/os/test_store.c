/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The store: what goes in comes out, in order and within its limits; a damaged, full or read-only disk. */
#include "os/store.h"

#include "os/audit.h"
#include "store_tools.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

static void test_keeps_and_gives_back_in_order(void **state) {
    const char *folder = *state;
    struct heal_store *store = store_open(folder);
    struct seen seen = {0};

    store_put(store, HEAL_RECORD_STEP, "7/1", "remedy=x", 0);
    store_put(store, HEAL_RECORD_STEP, "71/1", "of no incident", 0);
    store_put(store, HEAL_RECORD_INCIDENT, "7", "open", 0);
    store_put(store, HEAL_RECORD_LABEL, "7", "true", 0);
    store_put(store, HEAL_RECORD_LABEL, "99", "of no incident", 0);
    store_put(store, HEAL_RECORD_BASELINE, "b", "v", 0);
    store_put(store, HEAL_RECORD_STRATEGY, "s", "v", 0);
    store_put(store, HEAL_RECORD_THRESHOLD, "loss", "old", 0);
    store_put(store, HEAL_RECORD_THRESHOLD, "loss", "value=0.05", 0);
    assert_int_equal(heal_store_commit(store, NULL, NULL), 0);
    store_put(store, HEAL_RECORD_BASELINE, "c", "w", 0);
    heal_store_close(store);

    store = store_open(folder);
    assert_int_equal(heal_store_restore(store, see, &seen), 0);
    assert_string_equal(seen.text, "threshold loss value=0.05\nstrategy s v\nbaseline c w\nbaseline b v\n"
                                   "label 7 true\nincident 7 open\nstep 7/1 remedy=x\n");
    heal_store_close(store);
}

/* Another file in the place of the store's: whoever put it there wants that one, and is told. */
static void test_file_that_was_replaced(void **state) {
    struct heal_store *store = store_open(*state);
    struct heal_store_status status;
    char command[300];

    snprintf(command, sizeof command, "cd '%s' && cp heald.db other && mv other heald.db", (char *)*state);
    assert_int_equal(system(command), 0);
    store_put(store, HEAL_RECORD_THRESHOLD, "latency", "new", 0);
    assert_int_equal(heal_store_commit(store, NULL, NULL), -ESTALE);
    heal_store_status(store, &status);
    assert_non_null(strstr(status.words, "replaced"));
    heal_store_close(store);
}

/* The state folder was removed under a running heald: it is made anew, with all that was in it. */
static void test_folder_that_was_removed(void **state) {
    const char *folder = *state;
    struct heal_store *store = store_open(folder);
    struct heal_store_status status;
    char command[300];

    store_put(store, HEAL_RECORD_THRESHOLD, "loss", "old", 0);
    assert_int_equal(heal_store_commit(store, NULL, NULL), 0);
    for (int turn = 0; turn < 3; turn++) {
        static const char *const HOW[] = {"rm -r $F", "rm -r $F && mkdir $F", "rm $F/heald.db*"};
        char key[8];

        snprintf(command, sizeof command, "F='%s'; %s", folder, HOW[turn]);
        assert_int_equal(system(command), 0);
        snprintf(key, sizeof key, "new%d", turn);
        store_put(store, HEAL_RECORD_THRESHOLD, key, "new", 0);
        assert_int_equal(heal_store_commit(store, NULL, NULL), 0);
        heal_store_status(store, &status);
        assert_int_equal(status.code, 0);
        assert_non_null(strstr(status.words, "was removed; it was made anew"));
        struct heal_store_options options = {.folder = folder};
        struct heal_store *other = NULL;
        assert_int_equal(heal_store_open(&options, &other), -EBUSY);
    }
    heal_store_close(store);
    store = store_open(folder);
    struct heal_store_entry entry;
    assert_int_equal(heal_store_find(store, HEAL_RECORD_THRESHOLD, "loss", &entry), 0);
    assert_int_equal(heal_store_find(store, HEAL_RECORD_THRESHOLD, "new0", &entry), 0);
    assert_int_equal(heal_store_find(store, HEAL_RECORD_THRESHOLD, "new2", &entry), 0);
    heal_store_close(store);
}

static void test_long_values_come_back_whole(void **state) {
    struct heal_store *store = store_open(*state);
    struct heal_record record = {.kind = HEAL_RECORD_INCIDENT};
    struct heal_store_entry entry;

    memset(record.key, 'k', sizeof record.key - 1);
    memset(record.value, 'v', sizeof record.value - 1);
    assert_int_equal(heal_store_put(store, &record, 0), 0);
    assert_int_equal(heal_store_commit(store, NULL, NULL), 0);
    assert_int_equal(heal_store_find(store, HEAL_RECORD_INCIDENT, record.key, &entry), 0);
    assert_memory_equal(&entry.record.value, record.value, sizeof record.value);
    assert_true(entry.created_us > 0 && entry.updated_us == entry.created_us);
    assert_int_equal(heal_store_find(store, HEAL_RECORD_INCIDENT, "none", &entry), -ENOENT);
    heal_store_close(store);
}

static void test_tickets_are_answered_once_and_after_the_write(void **state) {
    struct heal_store *store = store_open(*state);
    struct answers answers = {.store = store};

    store_put(store, HEAL_RECORD_INCIDENT, "1", "open", 11);
    store_put(store, HEAL_RECORD_INCIDENT, "1", "closed", 12);
    store_put(store, HEAL_RECORD_INCIDENT, "2", "open", 0);
    assert_int_equal(answers.count, 0);
    assert_int_equal(heal_store_commit(store, answer, &answers), 0);
    assert_int_equal(answers.count, 2);
    assert_int_equal(answers.ticket[0], 11);
    assert_int_equal(answers.ticket[1], 12);
    assert_int_equal(answers.code[1], 0);
    assert_int_equal(heal_store_commit(store, answer, &answers), 0);
    assert_int_equal(answers.count, 2);
    heal_store_close(store);
}

/* What was ordered last is kept, though nobody commits it any more. */
static void test_closing_keeps_what_waits(void **state) {
    struct heal_store *store = store_open(*state);
    struct heal_store_entry entry;

    store_put(store, HEAL_RECORD_ORDER, "mode", "mode=act", 7);
    heal_store_close(store);
    store = store_open(*state);
    assert_int_equal(heal_store_find(store, HEAL_RECORD_ORDER, "mode", &entry), 0);
    assert_string_equal(entry.record.value, "mode=act");
    heal_store_close(store);
}

static void test_answer_may_put_again(void **state) {
    struct heal_store *store = store_open(*state);
    struct answers answers = {.store = store, .again = true};
    struct heal_store_entry entry;

    store_put(store, HEAL_RECORD_INCIDENT, "1", "open", 5);
    assert_int_equal(heal_store_commit(store, answer, &answers), 0);
    assert_int_equal(heal_store_find(store, HEAL_RECORD_LABEL, "again", &entry), -ENOENT);
    answers.again = false;
    assert_int_equal(heal_store_commit(store, answer, &answers), 0);
    assert_int_equal(heal_store_find(store, HEAL_RECORD_LABEL, "again", &entry), 0);
    heal_store_close(store);
}

static void test_full_queue_says_so(void **state) {
    struct heal_store *store = store_open(*state);
    struct heal_store_status status;
    char key[16];

    for (int i = 0; i < HEAL_STORE_QUEUE_MAX; i++) {
        snprintf(key, sizeof key, "%d", i);
        store_put(store, HEAL_RECORD_BASELINE, key, "v", 0);
    }
    struct heal_record one_more = {.kind = HEAL_RECORD_BASELINE, .key = "more"};
    assert_int_equal(heal_store_put(store, &one_more, 1), -ENOBUFS);
    store_put(store, HEAL_RECORD_BASELINE, "3", "replaced", 0);
    heal_store_status(store, &status);
    assert_int_equal(status.dropped, 1);
    assert_int_equal(status.queued, HEAL_STORE_QUEUE_MAX);
    heal_store_close(store);
}

static void test_history_is_limited_but_open_incidents_stay(void **state) {
    struct heal_store_options options = {.folder = *state, .incidents_max = 100, .is_open = is_open};
    struct heal_store *store;
    struct seen seen = {0};
    char key[16];

    assert_int_equal(heal_store_open(&options, &store), 0);
    store_put(store, HEAL_RECORD_INCIDENT, "0", "open", 0);
    for (int i = 1; i <= 300; i++) {
        snprintf(key, sizeof key, "%d", i);
        store_put(store, HEAL_RECORD_INCIDENT, key, "closed", 0);
        store_put(store, HEAL_RECORD_STEP, key, "s", 0);
        if (i % 50 == 0)
            assert_int_equal(heal_store_commit(store, NULL, NULL), 0);
    }
    struct heal_store_query all = {.limit = 1000};
    assert_int_equal(heal_store_incidents(store, &all, see, &seen), 0);
    assert_int_equal(seen.count, 101);
    assert_memory_equal(seen.text, "incident 300 closed\nincident 299", 32);
    seen = (struct seen){0};
    assert_int_equal(heal_store_restore(store, see, &seen), 0);
    assert_int_equal(seen.count, 1 + 2 * HEAL_STORE_RESTORED_INCIDENTS);
    assert_memory_equal(seen.text, "incident 0 open\nincident 237 closed\n", 36);
    heal_store_close(store);
}

/* The network's record: all of the parts, in order, and as many verdicts as can be judged. */
static void test_verdicts_are_limited(void **state) {
    struct heal_store *store = store_open(*state);
    struct seen *seen = calloc(1, sizeof *seen);
    struct heal_store_entry entry;
    char key[16];

    assert_non_null(seen);
    store_put(store, HEAL_RECORD_MERIT, "m/scores", "older", 0);
    store_put(store, HEAL_RECORD_MERIT, "m/scores-newer", "newer", 0);
    for (int i = 1; i <= 4300; i++) {
        snprintf(key, sizeof key, "%d", i);
        store_put(store, HEAL_RECORD_VERDICT, key, "v", 0);
        if (i % 100 == 0)
            assert_int_equal(heal_store_commit(store, NULL, NULL), 0);
    }
    assert_int_equal(heal_store_find(store, HEAL_RECORD_VERDICT, "204", &entry), -ENOENT);
    assert_int_equal(heal_store_find(store, HEAL_RECORD_VERDICT, "205", &entry), 0);
    store_put(store, HEAL_RECORD_MERIT, "m/scores", "again", 0); /* keeps its place */
    heal_store_close(store);
    store = store_open(*state);
    assert_int_equal(heal_store_restore(store, see, seen), 0);
    assert_int_equal(seen->count, 2 + 256);
    assert_non_null(strstr(seen->text, "merit m/scores again\nmerit m/scores-newer newer\nverdict 4045 v\n"));
    assert_non_null(strstr(seen->text, "verdict 4300 v\n"));
    heal_store_close(store);
    free(seen);
}

/* A step that is still to be taken back is found however much has happened since. */
static void test_open_steps_are_never_forgotten(void **state) {
    struct heal_store_options options = {.folder = *state, .incidents_max = 100, .is_open = is_open};
    struct heal_store *store = NULL;
    struct seen seen = {0};

    assert_int_equal(heal_store_open(&options, &store), 0);
    store_put(store, HEAL_RECORD_INCIDENT, "1", "closed", 0);
    store_put(store, HEAL_RECORD_STEP, "1/0", "open", 0);
    store_put(store, HEAL_RECORD_STEP, "1/1", "over", 0);
    for (int i = 2; i < 300; i++) {
        char key[8];

        snprintf(key, sizeof key, "%d", i);
        store_put(store, HEAL_RECORD_INCIDENT, key, "closed", 0);
        if (i % 50 == 0)
            assert_int_equal(heal_store_commit(store, NULL, NULL), 0);
    }
    heal_store_close(store);
    assert_int_equal(heal_store_open(&options, &store), 0);
    assert_int_equal(heal_store_restore(store, see, &seen), 0);
    assert_non_null(strstr(seen.text, "step 1/0 open\n"));
    assert_null(strstr(seen.text, "step 1/1"));
    heal_store_close(store);
}

static void test_history_pages(void **state) {
    struct heal_store *store = store_open(*state);
    struct heal_store_query query = {.limit = 2};
    struct seen seen = {0};

    store_put(store, HEAL_RECORD_INCIDENT, "1", "open", 0);
    store_put(store, HEAL_RECORD_INCIDENT, "2", "closed", 0);
    store_put(store, HEAL_RECORD_INCIDENT, "3", "closed", 0);
    heal_store_commit(store, NULL, NULL);
    assert_int_equal(heal_store_incidents(store, &query, see, &seen), 0);
    assert_string_equal(seen.text, "incident 3 closed\nincident 2 closed\n");
    query.before = seen.last;
    seen = (struct seen){0};
    assert_int_equal(heal_store_incidents(store, &query, see, &seen), 0);
    assert_string_equal(seen.text, "incident 1 open\n");
    query = (struct heal_store_query){.open_only = true};
    seen = (struct seen){0};
    assert_int_equal(heal_store_incidents(store, &query, see, &seen), 0);
    assert_string_equal(seen.text, "incident 1 open\n");
    heal_store_close(store);
}

static void test_files_are_private(void **state) {
    char path[256];
    struct stat about;

    snprintf(path, sizeof path, "%s/deep/er", (char *)*state);
    struct heal_store *store = store_open(path);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0700);
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/deep/er/heald.db%s", (char *)*state, i ? "-wal" : "");
        assert_int_equal(stat(path, &about), 0);
        assert_int_equal(about.st_mode & 0777, 0600);
    }
    heal_store_close(store);
}

static void test_second_opener_is_refused(void **state) {
    struct heal_store_options options = {.folder = *state};
    struct heal_store *store = store_open(*state), *other = NULL;

    assert_int_equal(heal_store_open(&options, &other), -EBUSY);
    assert_null(other);
    heal_store_close(store);
}

static void spoil(const char *folder, off_t at, size_t length) {
    char path[256], junk[4096];
    int file;

    snprintf(path, sizeof path, "%s/heald.db", folder);
    memset(junk, 0xa5, sizeof junk);
    file = open(path, O_WRONLY);
    assert_true(file >= 0);
    for (size_t done = 0; done < length; done += sizeof junk)
        assert_int_equal(pwrite(file, junk, sizeof junk, at + (off_t)done), sizeof junk);
    close(file);
}

static void test_damaged_file_is_set_aside(void **state) {
    const char *folder = *state;
    struct heal_store *store;
    struct heal_store_status status;
    char name[HEAL_STORE_ASIDE_NAME_MAX];

    for (off_t at = 0; at <= 4096; at += 4096) {
        store = store_open(folder);
        for (int i = 0; i < 40; i++) {
            char key[8];
            snprintf(key, sizeof key, "%d", i);
            store_put(store, HEAL_RECORD_INCIDENT, key, "some text that takes up room", 0);
        }
        heal_store_close(store);
        spoil(folder, at, 8192);
        store = store_open(folder);
        heal_store_status(store, &status);
        assert_int_equal(status.code, 0);
        assert_non_null(strstr(status.words, "damaged"));
        store_put(store, HEAL_RECORD_INCIDENT, "after", "text", 0);
        assert_int_equal(heal_store_commit(store, NULL, NULL), 0);
        assert_int_equal(heal_store_aside(store, name), (at != 0) + 1);
        assert_non_null(strstr(status.words, name));
        heal_store_close(store);
    }
}

static void test_file_of_a_newer_heald_is_set_aside(void **state) {
    struct heal_store_status status;
    char command[512];

    heal_store_close(store_open(*state));
    store_sql(*state, "PRAGMA user_version = 99");
    struct heal_store *store = store_open(*state);
    heal_store_status(store, &status);
    assert_int_equal(status.code, 0);
    assert_non_null(strstr(status.words, "newer heald"));
    heal_store_close(store);
    snprintf(command, sizeof command, "heald.db.newer-*Z");
    assert_int_equal(store_files_like(*state, command), 1);
}

static void test_no_folder_no_crash(void **state) {
    struct heal_store_options options = {.folder = "/proc/none/such"};
    struct heal_store *store;
    struct heal_store_status status;
    struct answers answers = {0};
    struct seen seen = {0};

    (void)state;
    assert_int_equal(heal_store_open(&options, &store), 0);
    heal_store_status(store, &status);
    assert_true(status.code < 0);
    assert_non_null(strstr(status.words, "/proc/none/such"));
    assert_true(heal_store_restore(store, see, &seen) < 0);
    store_put(store, HEAL_RECORD_INCIDENT, "1", "open", 3);
    assert_true(heal_store_commit(store, answer, &answers) < 0);
    assert_int_equal(answers.count, 1);
    assert_true(answers.code[0] < 0);
    heal_store_close(store);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_keeps_and_gives_back_in_order),
        STORE_TEST(test_file_that_was_replaced),
        STORE_TEST(test_folder_that_was_removed),
        STORE_TEST(test_long_values_come_back_whole),
        STORE_TEST(test_tickets_are_answered_once_and_after_the_write),
        STORE_TEST(test_closing_keeps_what_waits),
        STORE_TEST(test_answer_may_put_again),
        STORE_TEST(test_full_queue_says_so),
        STORE_TEST(test_history_is_limited_but_open_incidents_stay),
        STORE_TEST(test_verdicts_are_limited),
        STORE_TEST(test_open_steps_are_never_forgotten),
        STORE_TEST(test_history_pages),
        STORE_TEST(test_files_are_private),
        STORE_TEST(test_second_opener_is_refused),
        STORE_TEST(test_damaged_file_is_set_aside),
        STORE_TEST(test_file_of_a_newer_heald_is_set_aside),
        STORE_TEST(test_no_folder_no_crash),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
