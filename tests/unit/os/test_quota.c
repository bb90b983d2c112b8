/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* An operator's CPU quota is lowered, never raised, and comes back as it was, also after a kill; a folder
 * stands for the control group. The next run has nothing but the note: none of these calls keeps anything. */
#include "os/quota.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { NOBODY = 65534 };

static char folder[64];
static const struct heal_quota_note note = {folder, "worker"};
#define NOTE "throttle-worker.quota"

static void put(const char *name, const char *text) {
    FILE *file = fopen(name, "we");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static const char *get(const char *name) {
    static char text[512];
    FILE *file = fopen(name, "re");

    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    text[strcspn(text, "\n")] = '\0';
    return text;
}

static int setup(void **state) {
    (void)state;
    strcpy(folder, "/tmp/heal-test-quota-XXXXXX");
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int teardown(void **state) {
    DIR *listing = opendir(folder);

    (void)state;
    if (!listing)
        return -1;
    for (struct dirent *entry; (entry = readdir(listing));)
        unlink(entry->d_name);
    closedir(listing);
    return chdir("/") == 0 ? rmdir(folder) : -1;
}

static void lower(float share, unsigned version_wanted) {
    unsigned version = 0;

    assert_int_equal(heal_quota_lower(&note, folder, share, &version), 0);
    assert_int_equal(version, version_wanted);
    assert_int_equal(access(NOTE, F_OK), 0);
}

static void put_back(void) {
    assert_int_equal(heal_quota_put_back(&note), 0);
    assert_int_equal(access(NOTE, F_OK), -1);
}

static void test_version_2(void **state) {
    struct stat status;

    (void)state;
    put("cpu.max", "max 100000\n");
    lower(0.2F, 2);
    assert_string_equal(get("cpu.max"), "20000 100000");
    assert_int_equal(stat(NOTE, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    put_back();
    assert_string_equal(get("cpu.max"), "max 100000");
    put("cpu.max", "150000 50000\n"); /* three CPUs, in a period of the operator's */
    lower(1.5F, 2);
    assert_string_equal(get("cpu.max"), "75000 50000");
    put_back();
    assert_string_equal(get("cpu.max"), "150000 50000");
    put_back(); /* once more does nothing */
}

static void test_version_1(void **state) {
    (void)state;
    put("cpu.cfs_quota_us", "-1\n");
    put("cpu.cfs_period_us", "100000\n");
    lower(0.2F, 1);
    assert_string_equal(get("cpu.cfs_quota_us"), "20000");
    put_back();
    assert_string_equal(get("cpu.cfs_quota_us"), "-1");
    put("cpu.cfs_quota_us", "40000\n");
    put("cpu.cfs_period_us", "50000\n");
    lower(0.2F, 1);
    assert_string_equal(get("cpu.cfs_quota_us"), "10000");
    put_back();
    assert_string_equal(get("cpu.cfs_quota_us"), "40000");
    assert_string_equal(get("cpu.cfs_period_us"), "50000");
}

static void test_is_never_raised(void **state) {
    unsigned version = 0;

    (void)state;
    put("cpu.max", "20000 100000\n");
    assert_int_equal(heal_quota_lower(&note, folder, 0.54F, &version), -EALREADY);
    assert_int_equal(heal_quota_lower(&note, folder, 0.2F, &version), -EALREADY);
    assert_string_equal(get("cpu.max"), "20000 100000");
    put("cpu.max", "900 100000\n"); /* less than the kernel's least, where it is what a folder says */
    assert_int_equal(heal_quota_lower(&note, folder, 0.001F, &version), -EALREADY);
    assert_int_equal(access(NOTE, F_OK), -1);
    put_back();
    assert_string_equal(get("cpu.max"), "900 100000");
}

/* Killed with the quota lowered, throttled again by the next run: what it was is what it was at first. */
static void test_what_it_was_is_not_lost_over_two_runs(void **state) {
    (void)state;
    put("cpu.max", "80000 100000\n");
    lower(0.2F, 2);
    lower(0.1F, 2);
    assert_string_equal(get("cpu.max"), "10000 100000");
    lower(0.5F, 2); /* higher than the last one, but not than the operator's */
    assert_string_equal(get("cpu.max"), "50000 100000");
    put_back();
    assert_string_equal(get("cpu.max"), "80000 100000");
}

static void test_killed_between_note_and_quota(void **state) {
    (void)state;
    put("cpu.max", "80000 100000\n");
    lower(0.2F, 2);
    put("cpu.max", "80000 100000\n");
    put_back();
    assert_string_equal(get("cpu.max"), "80000 100000");
}

/* After a reboot, or when the operator has changed it meanwhile. */
static void test_what_heald_has_not_set_stays(void **state) {
    static const char *const others[] = {"30000 100000", "max 100000", "20000 50000", "what is this"};

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        put("cpu.max", "80000 100000\n");
        lower(0.2F, 2);
        put("cpu.max", others[i]);
        put_back();
        assert_string_equal(get("cpu.max"), others[i]);
    }
    put("cpu.max", "80000 100000\n");
    lower(0.2F, 2);
    unlink("cpu.max"); /* the whole cgroup is gone */
    put_back();
    assert_int_equal(access("cpu.max", F_OK), -1);
}

static void become(uid_t user) {
    if (getuid() == 0)
        assert_int_equal(seteuid(user), 0);
}

/* What cannot be written is as it was, without a note; what cannot be put back yet keeps its note. */
static void test_unwritable(void **state) {
    unsigned version = 0;

    (void)state;
    put("cpu.max", "80000 100000\n");
    assert_int_equal(chmod("cpu.max", 0444), 0);
    assert_int_equal(chown(folder, getuid() == 0 ? NOBODY : getuid(), (gid_t)-1), 0);
    become(NOBODY);
    int r = heal_quota_lower(&note, folder, 0.2F, &version);
    become(0);
    assert_int_equal(r, -EACCES);
    assert_int_equal(access(NOTE, F_OK), -1);
    assert_string_equal(get("cpu.max"), "80000 100000");
    assert_int_equal(chmod("cpu.max", 0644), 0);
    lower(0.2F, 2);
    assert_int_equal(chmod("cpu.max", 0444), 0);
    assert_int_equal(chown(NOTE, getuid() == 0 ? NOBODY : getuid(), (gid_t)-1), 0);
    become(NOBODY);
    r = heal_quota_put_back(&note);
    become(0);
    assert_int_equal(r, -EACCES);
    assert_int_equal(access(NOTE, F_OK), 0);
    assert_int_equal(chmod("cpu.max", 0644), 0);
    put_back();
    assert_string_equal(get("cpu.max"), "80000 100000");
}

/* Without a note that is durable nothing is changed. */
static void test_no_place_for_the_note(void **state) {
    const struct heal_quota_note nowhere = {"/nowhere/at/all", "worker"};
    unsigned version = 0;

    (void)state;
    put("cpu.max", "80000 100000\n");
    assert_int_equal(heal_quota_lower(&nowhere, folder, 0.2F, &version), -ENOENT);
    assert_string_equal(get("cpu.max"), "80000 100000");
}

static void test_no_quota_there(void **state) {
    unsigned version = 0;

    (void)state;
    assert_int_equal(heal_quota_lower(&note, folder, 0.2F, &version), -ENOENT);
    put("cpu.max", "unheard of\n");
    assert_int_equal(heal_quota_lower(&note, folder, 0.2F, &version), -EINVAL);
    assert_string_equal(get("cpu.max"), "unheard of");
    assert_int_equal(access(NOTE, F_OK), -1);
}

static void test_a_note_that_says_nothing(void **state) {
    static const char *const bad[] = {"", "cgroup=/x", "cgroup=/x version=3 before=0 set=1 period=1",
                                      "cgroup=/x version=2 set=0 period=1", "cgroup"};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        put(NOTE, bad[i]);
        assert_int_equal(heal_quota_put_back(&note), -EINVAL);
        assert_int_equal(access(NOTE, F_OK), -1);
    }
}

static void take(void *context, const char *service) {
    char *all = context;

    strcat(strcat(all, service), " ");
}

static void test_notes_are_found(void **state) {
    char all[200] = "";

    (void)state;
    heal_quota_each_note("/nowhere/at/all", take, all);
    heal_quota_each_note(folder, take, all);
    assert_string_equal(all, "");
    put(NOTE, "");
    put("throttle-.quota", "");
    put("throttle-x.quota.Ab12Cd", ""); /* begun, and never in force */
    put("throttle-far-too-long-for-the-name-of-a-service.quota", "");
    put("heald.db", "");
    heal_quota_each_note(folder, take, all);
    assert_string_equal(all, "worker ");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_version_2),
        TEST(test_version_1),
        TEST(test_is_never_raised),
        TEST(test_what_it_was_is_not_lost_over_two_runs),
        TEST(test_killed_between_note_and_quota),
        TEST(test_what_heald_has_not_set_stays),
        TEST(test_unwritable),
        TEST(test_no_place_for_the_note),
        TEST(test_no_quota_there),
        TEST(test_a_note_that_says_nothing),
        TEST(test_notes_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
