/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* A damaged store is taken over whatever happens meanwhile: kill -9 at every step of it, a disk without room.
 * And an order that could not be taken over is not taken for none. */
#include "os/store.h"

#include "store_disk.h"
#include "store_tools.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

enum { KEPT = 300, LINE_MAX_BYTES = 400, KILLS_MAX = 100 };

/* What the library calls stands here instead of libc's: it can be killed before each, and its time passes as
 * the test says. */
static int kill_at; /* the so manieth call from here; 0: none */
static time_t ahead_s;
static unsigned parts_removed; /* each salvage for a successor begins with that */

static void step(void) {
    if (kill_at > 0 && --kill_at == 0)
        kill(getpid(), SIGKILL);
}

int rename(const char *from, const char *to) {
    step();
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int fsync(int descriptor) {
    step();
    return (int)syscall(SYS_fsync, descriptor);
}

int unlink(const char *path) {
    const char *end = strrchr(path, '.');

    step();
    parts_removed += end && strcmp(end, ".part") == 0;
    return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int clock_gettime(clockid_t clock, struct timespec *ret_time) {
    int r = (int)syscall(SYS_clock_gettime, clock, ret_time);

    ret_time->tv_sec += clock == CLOCK_REALTIME ? 0 : ahead_s;
    return r;
}

/* By which files that are set aside have their names: no two the same. */
time_t time(time_t *ret_time) {
    struct timespec now;

    syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
    now.tv_sec += ahead_s;
    if (ret_time)
        *ret_time = now.tv_sec;
    return now.tv_sec;
}

static void fill(const char *folder, bool paused) {
    struct heal_store *store = store_open(folder);
    char key[16], value[LINE_MAX_BYTES];

    store_put(store, HEAL_RECORD_ORDER, "mode", "mode=act configured=act", 0);
    if (paused)
        store_put(store, HEAL_RECORD_ORDER, "pause", "paused=yes until=7 for=7 reason=r", 0);
    store_put(store, HEAL_RECORD_STEP, "7/0", "open step", 0);
    for (int i = 0; i < KEPT; i++) {
        snprintf(key, sizeof key, "%d", i);
        snprintf(value, sizeof value, "open %0300d", i);
        store_put(store, HEAL_RECORD_INCIDENT, key, value, 0);
        store_put(store, HEAL_RECORD_AUDIT, "", value, 0);
        if (i % 50 == 49)
            assert_int_equal(heal_store_commit(store, NULL, NULL), 0);
    }
    heal_store_close(store);
}

/* @param how shell, on $F, the file, and $D, its folder. */
static void shell(const char *folder, const char *how) {
    char command[1200];

    snprintf(command, sizeof command, "D='%s'; F=$D/heald.db; { %s; } 2>/dev/null", folder, how);
    assert_int_equal(system(command), 0);
}

static size_t count_kept(struct heal_store *store) {
    struct heal_store_entry entry;
    size_t kept = 0;
    char key[16];

    for (int i = 0; i < KEPT; i++) {
        snprintf(key, sizeof key, "%d", i);
        kept += heal_store_find(store, HEAL_RECORD_INCIDENT, key, &entry) == 0;
    }
    return kept;
}

static bool has_open_step(struct heal_store *store) {
    struct heal_store_entry entry;

    return heal_store_find(store, HEAL_RECORD_STEP, "7/0", &entry) == 0;
}

/* Pages in the middle of the file: of incidents, and of the audit. */
#define DAMAGE "for p in 9 19 29; do dd if=/dev/urandom of=$F bs=4096 count=1 seek=$p conv=notrunc; done"

static size_t kept_without_a_kill(const char *folder) {
    struct heal_store *store = store_open(folder);
    size_t kept = count_kept(store);

    heal_store_close(store);
    return kept;
}

static void test_killed_at_every_step(void **state) {
    char damaged[300], folder[300], how[700];
    int status = 0, kills = 0;

    snprintf(damaged, sizeof damaged, "%s/damaged", (char *)*state);
    snprintf(folder, sizeof folder, "%s/folder", (char *)*state);
    snprintf(how, sizeof how, "rm -rf $D; cp -r '%s' $D", damaged);
    fill(damaged, true);
    shell(damaged, DAMAGE);
    shell(folder, how);
    size_t kept = kept_without_a_kill(folder);
    assert_true(kept > KEPT / 2);
    for (;; kills++) {
        assert_true(kills < KILLS_MAX);
        shell(folder, how);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            kill_at = kills + 1;
            heal_store_close(store_open(folder));
            _exit(0);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        if (!WIFSIGNALED(status))
            break;
        ahead_s++;
        struct heal_store *store = store_open(folder);
        assert_int_equal(count_kept(store), kept);
        assert_true(has_open_step(store));
        heal_store_close(store);
        assert_int_equal(store_files_like(folder, "heald.db.damaged-*.history"), 1);
        assert_int_equal(store_files_like(folder, "heald.db.damaged-*Z"), 1);
        assert_int_equal(store_files_like(folder, "*.next") + store_files_like(folder, "*.part*"), 0);
    }
    assert_int_equal(WEXITSTATUS(status), 0);
    print_message("killed %d times, %zu of %d records there each time\n", kills, kept, KEPT);
    assert_true(kills >= 5);
}

/* Whatever room there is: all can be read, and is there when there is room. */
static void try_room(const char *folder, const char *damaged, int free_kb, size_t kept, int *ret_failed) {
    struct heal_store_status status;
    char how[800];

    snprintf(how, sizeof how,
             "rm -rf $D/*; cp '%s'/* $D; room=$(df -k --output=avail $D | tail -n 1);"
             "dd if=/dev/zero of=$D/filler bs=1024 count=$((room - %d))",
             damaged, free_kb);
    shell(folder, how);
    struct heal_store *store = store_open(folder);
    heal_store_status(store, &status);
    *ret_failed += status.code < 0;
    if (status.code < 0) {
        assert_non_null(strstr(status.words, "nothing is kept, what was kept is read"));
        assert_int_equal(store_files_like(folder, "heald.db"), 1);
    }
    assert_int_equal(count_kept(store), kept);
    assert_true(has_open_step(store));
    /* A minute later it is tried again, in vain; then there is room. */
    ahead_s += 60;
    store_put(store, HEAL_RECORD_THRESHOLD, "loss", "late", 0);
    heal_store_commit(store, NULL, NULL);
    assert_int_equal(count_kept(store), kept);
    shell(folder, "rm $D/filler");
    ahead_s += 60;
    assert_int_equal(heal_store_commit(store, NULL, NULL), 0);
    heal_store_close(store);
    store = store_open(folder);
    heal_store_status(store, &status);
    assert_int_equal(status.code, 0);
    assert_int_equal(count_kept(store), kept);
    assert_true(has_open_step(store));
    assert_int_equal(store_files_like(folder, "heald.db.damaged-*Z"), 1);
    assert_int_equal(store_files_like(folder, "heald.db.damaged-*.history"), 1);
    heal_store_close(store);
}

static void try_rooms(const char *folder) {
    char damaged[300], disk[300];
    int failed = 0, tried = 0;

    snprintf(damaged, sizeof damaged, "%s/damaged", folder);
    snprintf(disk, sizeof disk, "%s/disk", folder);
    fill(damaged, true);
    shell(damaged, DAMAGE);
    shell(disk, "mkdir $D");
    if (!store_small_disk(disk, "size=3m,mode=0700"))
        _exit(77);
    shell(disk, "true");
    char how[700];
    snprintf(how, sizeof how, "cp '%s'/* $D", damaged);
    shell(disk, how);
    size_t kept = kept_without_a_kill(disk);
    assert_true(kept > KEPT / 2);
    for (int free_kb = 0; free_kb <= 700; free_kb += 40, tried++)
        try_room(disk, damaged, free_kb, kept, &failed);
    print_message("%d of %d disks had no room; %zu of %d records there each time\n", failed, tried, kept,
                  KEPT);
    assert_true(failed > 0 && failed < tried);
}

static void test_disks_without_room(void **state) {
    store_in_child(try_rooms, *state);
}

enum { HOUR_S = 3600, TRIES_AN_HOUR = 20, PARTS_A_TRY = 4 };

/* For an hour there is no room. Seldom is the damaged file read again for that, and what was read of it once
 * is there all the time. */
static void wait_for_room(const char *folder) {
    char disk[300];

    snprintf(disk, sizeof disk, "%s/disk", folder);
    shell(disk, "mkdir $D");
    if (!store_small_disk(disk, "size=3m,mode=0700"))
        _exit(77);
    fill(disk, true);
    shell(disk, DAMAGE "; dd if=/dev/zero of=$D/filler bs=1024; true");
    struct heal_store *store = store_open(disk);
    size_t kept = count_kept(store);
    assert_true(kept > KEPT / 2);
    shell(disk, "dd if=/dev/urandom of=$F bs=4096 count=40 conv=notrunc"); /* it gets worse */
    parts_removed = 0;
    for (int passed_s = 0; passed_s < HOUR_S; passed_s += 10, ahead_s += 10) {
        store_put(store, HEAL_RECORD_THRESHOLD, "loss", "late", 0);
        assert_int_equal(heal_store_commit(store, NULL, NULL), -ENOSPC);
    }
    assert_true(parts_removed > 0 && parts_removed <= TRIES_AN_HOUR * PARTS_A_TRY);
    assert_int_equal(count_kept(store), kept);
    heal_store_close(store);
}

static void test_a_disk_without_room_is_not_asked_again_and_again(void **state) {
    store_in_child(wait_for_room, *state);
}

static void garbage_log(const char *folder) {
    shell(folder, "dd if=/dev/urandom of=$F-wal bs=4096 count=5");
}

/* Where the database cannot be opened, its log is not lost either, and needs no copy each time. */
static void test_log_is_copied_once(void **state) {
    struct heal_store *store;

    shell(*state, "ln -s /none/such $F");
    garbage_log(*state);
    store = store_open(*state);
    for (int i = 0; i < 3; i++) {
        ahead_s += 60;
        store_put(store, HEAL_RECORD_THRESHOLD, "loss", "v", 0);
        assert_int_equal(heal_store_commit(store, NULL, NULL), -ELOOP);
    }
    heal_store_close(store);
    assert_int_equal(store_files_like(*state, "heald.db-wal.damaged-*"), 0);
    shell(*state, "rm $F");
    char first[HEAL_STORE_ASIDE_NAME_MAX], second[HEAL_STORE_ASIDE_NAME_MAX];
    uint8_t log[100] = {1, 2, 3};
    assert_int_equal(heal_store_aside_copy_log(*state, log, sizeof log, first), 0);
    assert_int_equal(heal_store_aside_copy_log(*state, log, sizeof log, second), 0);
    assert_string_equal(first, second);
    assert_int_equal(store_files_like(*state, "heald.db-wal.damaged-*"), 1);
    store = store_open(*state);
    assert_true(heal_store_aside(store, first) >= 1);
    heal_store_close(store);
}

/* Its log goes with it: beside the new file it would be taken for that one's. */
static void test_log_goes_with_the_file(void **state) {
    struct heal_store_status status;
    char path[300];
    sqlite3 *other = NULL;

    fill(*state, true);
    /* Somebody looks at it, so that what heald closes is not the last that has the log. */
    snprintf(path, sizeof path, "%s/heald.db", (char *)*state);
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "UPDATE chain SET head = head", NULL, NULL, NULL), SQLITE_OK);
    shell(*state, DAMAGE);
    struct heal_store *store = store_open(*state);
    heal_store_status(store, &status);
    assert_int_equal(status.code, 0);
    assert_non_null(strstr(status.words, "damaged"));
    assert_int_equal(store_files_like(*state, "heald.db.damaged-*Z-wal"), 1);
    assert_int_equal(store_files_like(*state, "heald.db.damaged-*Z-shm"), 1);
    heal_store_close(store);
    sqlite3_close(other);
}

/* What becomes of the orders: the mode's, and whether the pause is known. */
static void test_orders_are_taken_over_or_stood_in_for(void **state) {
    static const char *const HEADER = "dd if=/dev/urandom of=$F bs=128 count=1 conv=notrunc";
    static const char *const NEWER = "PRAGMA user_version = 99";
    static const char *const OTHER = "ALTER TABLE record RENAME TO notes; PRAGMA user_version = 99";
    static const char *const GARBLED =
        "UPDATE record SET value = char(1) WHERE kind = 'order' AND key = 'pause'";
    static const char *const UNKNOWN =
        "UPDATE record SET value = char(1) WHERE kind = 'order' AND key = 'pause'; PRAGMA user_version = 99";
    static const char *const ORDERED = "mode=act configured=act";
    const struct {
        const char *how, *sql, *mode;
        bool pause_ordered, paused;
    } row[] = {
        {"true", "",      ORDERED,             true,  true },
        {DAMAGE, "",      ORDERED,             true,  true },
        {HEADER, "",      HEAL_STORE_STAND_IN, true,  false},
        {DAMAGE, GARBLED, HEAL_STORE_STAND_IN, true,  false},
        {"true", NEWER,   ORDERED,             true,  true },
        {"true", NEWER,   ORDERED,             false, false},
        {"true", OTHER,   HEAL_STORE_STAND_IN, true,  false},
        {"true", UNKNOWN, HEAL_STORE_STAND_IN, true,  false},
    };
    struct heal_store_entry entry;
    char folder[300];

    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        snprintf(folder, sizeof folder, "%s/%zu", (char *)*state, i);
        fill(folder, row[i].pause_ordered);
        store_sql(folder, row[i].sql);
        shell(folder, row[i].how);
        struct heal_store *store = store_open(folder);
        print_message("%s %s\n", row[i].how, row[i].sql);
        assert_int_equal(heal_store_find(store, HEAL_RECORD_ORDER, "mode", &entry), 0);
        assert_string_equal(entry.record.value, row[i].mode);
        assert_int_equal(heal_store_find(store, HEAL_RECORD_ORDER, "pause", &entry) == 0, row[i].paused);
        heal_store_close(store);
    }
}

/* Who runs knows what was ordered, though it cannot be read any more; and that nothing else was. */
static void test_orders_of_this_run_are_kept(void **state) {
    struct heal_store_entry entry;
    struct seen seen = {0};

    fill(*state, false);
    struct heal_store *store = store_open(*state);
    assert_int_equal(heal_store_restore(store, see, &seen), 0);
    store_put(store, HEAL_RECORD_ORDER, "mode", "mode=warn configured=act", 0);
    assert_int_equal(heal_store_commit(store, NULL, NULL), 0);
    store_sql(*state, "UPDATE chain SET head = 0"); /* another's write makes it read its pages again */
    shell(*state, "dd if=/dev/urandom of=$F bs=4096 count=$(($(stat -c %s $F) / 4096)) conv=notrunc;"
                  "dd if=/dev/urandom of=$F-wal bs=4096 count=40 conv=notrunc");
    store_put(store, HEAL_RECORD_INCIDENT, "new", "v", 0);
    assert_int_equal(heal_store_commit(store, NULL, NULL), 0);
    assert_int_equal(store_files_like(*state, "heald.db.damaged-*Z"), 1);
    heal_store_close(store);
    store = store_open(*state);
    assert_int_equal(heal_store_find(store, HEAL_RECORD_ORDER, "mode", &entry), 0);
    assert_string_equal(entry.record.value, "mode=warn configured=act");
    assert_int_equal(heal_store_find(store, HEAL_RECORD_ORDER, "pause", &entry), -ENOENT);
    heal_store_close(store);
}

/* What was learned and what is open is old, by its number; most of what came after it is gone. */
static void test_the_first_numbers_are_tried_too(void **state) {
    fill(*state, true);
    store_sql(*state, "UPDATE record SET number = number + 1000000 WHERE kind = 'incident'");
    shell(*state, DAMAGE);
    struct heal_store *store = store_open(*state);
    assert_int_equal(store_files_like(*state, "heald.db.damaged-*Z"), 1);
    assert_true(count_kept(store) > KEPT / 2);
    assert_true(has_open_step(store));
    heal_store_close(store);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_killed_at_every_step),
        STORE_TEST(test_disks_without_room),
        STORE_TEST(test_a_disk_without_room_is_not_asked_again_and_again),
        STORE_TEST(test_log_is_copied_once),
        STORE_TEST(test_log_goes_with_the_file),
        STORE_TEST(test_orders_are_taken_over_or_stood_in_for),
        STORE_TEST(test_orders_of_this_run_are_kept),
        STORE_TEST(test_the_first_numbers_are_tried_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
