/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The store against the outside world: kill -9 at any instant, a full disk, a disk that may only be read. */
#include "os/store.h"

#include "os/audit.h"
#include "store_disk.h"
#include "store_tools.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <time.h>

enum { KILLS = 60, BATCH = 5 };

struct writer {
    struct heal_store *store;
    int report;
};

static void report_ticket(void *context, uint32_t ticket, int code) {
    struct writer *writer = context;

    if (code == 0 && write(writer->report, &ticket, sizeof ticket) != sizeof ticket)
        _exit(2);
}

/* Writes numbered records for ever, each batch with one audit record, and reports what was acknowledged. */
static void write_for_ever(const char *folder, int report, uint32_t first) {
    struct heal_store_options options = {.folder = folder, .incidents_max = 1000000, .is_open = is_open};
    struct writer writer = {.report = report};

    if (heal_store_open(&options, &writer.store) < 0)
        _exit(3);
    for (uint32_t number = first;; number++) {
        struct heal_record record = {.kind = HEAL_RECORD_INCIDENT};

        snprintf(record.key, sizeof record.key, "%u", number);
        snprintf(record.value, sizeof record.value, "open number=%u %0*u", number, (int)(number % 900), 7u);
        heal_store_put(writer.store, &record, number);
        if (number % BATCH == 0) {
            record.kind = HEAL_RECORD_AUDIT;
            heal_store_put(writer.store, &record, 0);
            heal_store_commit(writer.store, report_ticket, &writer);
        }
    }
}

static uint32_t kill_after(pid_t child, int report, uint32_t last, long nanoseconds) {
    struct pollfd ready = {.fd = report, .events = POLLIN};
    struct timespec wait = {.tv_nsec = nanoseconds};
    uint32_t ticket;

    /* The instant counts from the first acknowledgement: the opening itself is killed by small waits below.
     */
    if (nanoseconds % 4 != 0)
        poll(&ready, 1, 10000);
    nanosleep(&wait, NULL);
    kill(child, SIGKILL);
    while (read(report, &ticket, sizeof ticket) == sizeof ticket)
        last = ticket;
    waitpid(child, NULL, 0);
    return last;
}

static void check_everything_is_there(const char *folder, uint32_t last) {
    struct heal_store *store = store_open(folder);
    struct heal_audit_report report;
    struct heal_store_status status;
    struct heal_store_entry entry;
    char path[256], key[16];

    heal_store_status(store, &status);
    assert_string_equal(status.words, "");
    for (uint32_t number = 1; number <= last; number++) {
        snprintf(key, sizeof key, "%u", number);
        assert_int_equal(heal_store_find(store, HEAL_RECORD_INCIDENT, key, &entry), 0);
    }
    snprintf(path, sizeof path, "%s/heald.db", folder);
    assert_int_equal(heal_audit_verify(path, &report), 0);
    assert_true(report.records >= last / BATCH);
    heal_store_close(store);
}

static void test_kill_loses_nothing_acknowledged(void **state) {
    unsigned seed = (unsigned)time(NULL);
    uint32_t last = 0;

    print_message("seed %u\n", seed);
    srandom(seed);
    for (int turn = 0; turn < KILLS; turn++) {
        int report[2];

        assert_int_equal(pipe2(report, O_CLOEXEC), 0);
        fcntl(report[1], F_SETPIPE_SZ, 1 << 20);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            write_for_ever(*state, report[1], last + 1);
        close(report[1]);
        last = kill_after(child, report[0], last, random() % 20000000);
        close(report[0]);
        last -= last % BATCH;
        check_everything_is_there(*state, last);
    }
    print_message("%d kills, %u records acknowledged and found\n", KILLS, last);
    assert_true(last > 0);
}

/* Fills the disk; then what does not fit is refused in words, and all that was acknowledged is there. */
static void fill_disk(const char *folder) {
    if (!store_small_disk(folder, "size=320k,mode=0700"))
        _exit(77);
    struct heal_store *store = store_open(folder);
    struct heal_store_status status;
    struct heal_store_entry entry;
    struct seen seen = {0};
    struct answers answers = {0};
    int r = 0;
    char key[16];

    for (int i = 0; r == 0 && i < 2000; i++) {
        char value[1200];

        snprintf(key, sizeof key, "%d", i);
        snprintf(value, sizeof value, "open %01000d", i);
        store_put(store, HEAL_RECORD_INCIDENT, key, value, 1);
        r = heal_store_commit(store, answer, &answers);
    }
    assert_int_equal(r, -ENOSPC);
    heal_store_status(store, &status);
    assert_int_equal(status.code, -ENOSPC);
    assert_non_null(strstr(status.words, "No space left"));
    assert_int_equal(status.queued, 1);
    assert_int_equal(heal_store_find(store, HEAL_RECORD_INCIDENT, "0", &entry), 0);
    assert_int_equal(heal_store_find(store, HEAL_RECORD_INCIDENT, key, &entry), -ENOENT);
    /* Room again: what waited is kept after all. */
    assert_int_equal(mount("small", folder, NULL, MS_REMOUNT, "size=4m"), 0);
    assert_int_equal(heal_store_commit(store, NULL, NULL), 0);
    assert_int_equal(heal_store_find(store, HEAL_RECORD_INCIDENT, key, &entry), 0);
    heal_store_status(store, &status);
    assert_string_equal(status.words, "");
    heal_store_close(store);

    assert_int_equal(mount("small", folder, NULL, MS_REMOUNT | MS_RDONLY, "size=4m"), 0);
    store = store_open(folder);
    heal_store_status(store, &status);
    assert_int_equal(status.code, -EROFS);
    assert_non_null(strstr(status.words, "what was kept is read"));
    struct heal_store_query query = {.limit = 3};
    assert_int_equal(heal_store_incidents(store, &query, see, &seen), 0);
    assert_int_equal(seen.count, 3);
    store_put(store, HEAL_RECORD_THRESHOLD, "loss", "v", 9);
    answers = (struct answers){0};
    assert_int_equal(heal_store_commit(store, answer, &answers), -EROFS);
    assert_int_equal(answers.code[0], -EROFS);
    heal_store_close(store);
}

static void test_full_and_read_only_disk(void **state) {
    store_in_child(fill_disk, *state);
}

static void test_damage_while_running(void **state) {
    struct heal_store *store = store_open(*state);
    struct heal_store_status status;
    struct heal_store_entry entry;
    char path[256], junk[4096];

    store_put(store, HEAL_RECORD_INCIDENT, "1", "open", 0);
    assert_int_equal(heal_store_commit(store, NULL, NULL), 0);
    heal_store_close(store);
    store = store_open(*state);
    /* Another's write makes the store read its pages again. */
    store_sql(*state, "UPDATE chain SET head = 1");
    memset(junk, 0x5a, sizeof junk);
    snprintf(path, sizeof path, "%s/heald.db", (char *)*state);
    int file = open(path, O_WRONLY);
    for (off_t page = 1; page < 8; page++)
        assert_int_equal(pwrite(file, junk, sizeof junk, page * 4096), 4096);
    close(file);
    store_put(store, HEAL_RECORD_INCIDENT, "2", "open", 0);
    assert_int_equal(heal_store_commit(store, NULL, NULL), 0);
    heal_store_status(store, &status);
    assert_int_equal(status.code, 0);
    assert_non_null(strstr(status.words, "damaged"));
    assert_int_equal(store_files_like(*state, "heald.db.damaged-*Z"), 1);
    assert_int_equal(heal_store_find(store, HEAL_RECORD_INCIDENT, "2", &entry), 0);
    heal_store_close(store);
}

enum { KEPT = 400 };

/* A store with enough in it that a page is a small part of it. */
static void fill_store(const char *folder) {
    struct heal_store *store = store_open(folder);

    for (int i = 0; i < KEPT; i++) {
        struct heal_record record = {.kind = i % 4 == 0 ? HEAL_RECORD_STEP : HEAL_RECORD_INCIDENT};

        snprintf(record.key, sizeof record.key, "%d%s", i, i % 4 == 0 ? "/0" : "");
        snprintf(record.value, sizeof record.value, "open number=%d %0200d", i, i);
        assert_int_equal(heal_store_put(store, &record, 0), 0);
        record = (struct heal_record){.kind = HEAL_RECORD_AUDIT};
        snprintf(record.value, sizeof record.value, "line=%d", i);
        assert_int_equal(heal_store_put(store, &record, 0), 0);
        if (i % 50 == 49)
            assert_int_equal(heal_store_commit(store, NULL, NULL), 0);
    }
    heal_store_close(store);
}

static size_t lines_of_history(const char *folder) {
    char command[200], answer[32] = "0";

    snprintf(command, sizeof command, "cat '%s'/heald.db.damaged-*.history 2>/dev/null | grep -vc '^#'",
             folder);
    FILE *stream = popen(command, "r");
    assert_non_null(stream);
    assert_non_null(fgets(answer, sizeof answer, stream));
    pclose(stream);
    return (size_t)atoi(answer);
}

static size_t count_kept(struct heal_store *store) {
    struct heal_store_entry entry;
    size_t kept = 0;
    char key[16];

    for (int i = 0; i < KEPT; i++) {
        snprintf(key, sizeof key, "%d%s", i, i % 4 == 0 ? "/0" : "");
        int r = heal_store_find(store, i % 4 == 0 ? HEAL_RECORD_STEP : HEAL_RECORD_INCIDENT, key, &entry);
        kept += r == 0;
    }
    return kept;
}

/* Where a file can be damaged, and how much of it can be read then. */
static const struct {
    const char *words, *how; /* shell, on $F */
    size_t records_least;
} damage[] = {
    {"the header",       "dd if=/dev/urandom of=$F bs=100 count=1 conv=notrunc",          0       },
    {"a page half-way",  "dd if=/dev/urandom of=$F bs=4096 count=1 seek=20 conv=notrunc", KEPT / 2},
    {"three pages",
     "for p in 9 19 29; do dd if=/dev/urandom of=$F bs=4096 count=1 seek=$p "
     "conv=notrunc; done",                                                                KEPT / 2},
    {"the end: cut off", "truncate -s 81920 $F",                                          KEPT / 8},
};

static void test_damage_at_many_places(void **state) {
    char folder[300], command[700];

    for (size_t i = 0; i < sizeof damage / sizeof *damage; i++) {
        struct heal_store_status status;
        struct seen seen = {0};

        snprintf(folder, sizeof folder, "%s/%zu", (char *)*state, i);
        fill_store(folder);
        snprintf(command, sizeof command, "F=%s/heald.db; { %s; } 2>/dev/null", folder, damage[i].how);
        assert_int_equal(system(command), 0);
        struct heal_store *store = store_open(folder);
        heal_store_status(store, &status);
        assert_int_equal(status.code, 0);
        size_t kept = count_kept(store);
        print_message("%s: %zu of %d records, %zu lines of history\n    %s\n", damage[i].words, kept, KEPT,
                      lines_of_history(folder), status.words);
        assert_true(kept >= damage[i].records_least);
        if (kept > 0) {
            assert_true(lines_of_history(folder) >= kept);
            assert_int_equal(heal_store_restore(store, see, &seen), 0);
        }
        store_put(store, HEAL_RECORD_INCIDENT, "after", "open", 0);
        assert_int_equal(heal_store_commit(store, NULL, NULL), 0);
        heal_store_close(store);
    }
}

/* A killed heald leaves its log; somebody spoils that. What was durable behind the damage is lost, and told.
 */
static void test_damaged_log(void **state) {
    static const struct {
        const char *how;
        bool damaged;
    } row[] = {
        {"true",                                                         false},
        {"dd if=/dev/urandom of=$L bs=16 count=1 conv=notrunc",          true },
        {"dd if=/dev/urandom of=$L bs=100 seek=50 count=1 conv=notrunc", true },
        {"truncate -s -1 $L",                                            false},
        {"truncate -s 10 $L",                                            false},
    };
    char folder[300], command[700], name[HEAL_STORE_ASIDE_NAME_MAX];

    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct heal_store_status status;

        snprintf(folder, sizeof folder, "%s/log%zu", (char *)*state, i);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            struct heal_store *store = store_open(folder);
            for (int n = 0; n < 10; n++) {
                store_put(store, HEAL_RECORD_THRESHOLD, "loss", "text", 0);
                heal_store_commit(store, NULL, NULL);
            }
            kill(getpid(), SIGKILL);
        }
        waitpid(child, NULL, 0);
        snprintf(command, sizeof command, "L=%s/heald.db-wal; %s 2>/dev/null", folder, row[i].how);
        assert_int_equal(system(command), 0);
        struct heal_store *store = store_open(folder);
        heal_store_status(store, &status);
        assert_int_equal(status.code, 0);
        print_message("%s: \"%s\"\n", row[i].how, status.words);
        assert_int_equal(strstr(status.words, "log was damaged") != NULL, row[i].damaged);
        assert_int_equal(heal_store_aside(store, name), row[i].damaged);
        store_put(store, HEAL_RECORD_INCIDENT, "after", "open", 0);
        assert_int_equal(heal_store_commit(store, NULL, NULL), 0);
        heal_store_close(store);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_kill_loses_nothing_acknowledged),
        STORE_TEST(test_full_and_read_only_disk),
        STORE_TEST(test_damage_while_running),
        STORE_TEST(test_damage_at_many_places),
        STORE_TEST(test_damaged_log),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
