/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The real program where what it stands on is bad: the disk full, read-only or damaged, its orders not to be
 * read, its socket gone, its configuration wrong. It says so, goes on as far as it may, and recovers. */
#include "ask.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

/* A node that is not overloaded, whatever else this machine does. */
#define IDLE_NODE "sources: {node: processes, cpu-capacity: 64, memory: 64GiB}\n"

/* A disk of its own under the state folder. */
static void mount_state(const struct program *program, const char *options) {
    char path[128];

    program_path(program, "state", path);
    mkdir(path, 0700);
    if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
        mount("small", path, "tmpfs", 0, options) < 0) {
        print_message("no disk of our own can be had here\n");
        skip();
    }
}

static void remount_state(const struct program *program, unsigned long flags, const char *options) {
    char path[128];

    program_path(program, "state", path);
    assert_int_equal(mount("small", path, NULL, MS_REMOUNT | flags, options), 0);
}

static void unmount_state(const struct program *program) {
    char path[128];

    program_path(program, "state", path);
    assert_int_equal(umount2(path, MNT_DETACH), 0);
}

static void test_full_disk(void **state) {
    struct program *program = *state;
    char command[200];

    mount_state(program, "size=1m,mode=0700");
    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    assert_true(ask_is_well(program));
    snprintf(command, sizeof command, "cat /dev/zero >'%s/state/filler' 2>/dev/null", program->folder);
    program_shell(command);
    /* It is known before anything is to be kept. */
    program_wait_for(program, "event=degraded condition=store-full");
    /* Until the log of the database is full, too: what is acknowledged by then is kept. */
    int kept = 0, status;
    while ((status = ask_order(program, "/v1/pause", "{\"reason\": \"full disk\"}")) == 200)
        assert_true(++kept < 1000);
    assert_int_equal(status, 503);
    program_wait_for(program, "event=degraded condition=store-failing");
    assert_true(ask_is_degraded(program, "store-failing"));
    assert_non_null(strstr(program->text, "No space left on device"));
    snprintf(command, sizeof command, "rm '%s/state/filler'", program->folder);
    assert_int_equal(program_shell(command), 0);
    assert_int_equal(ask_order(program, "/v1/resume", "{}"), 200);
    program_wait_for(program, "event=recovered condition=store-full");
    assert_true(ask_is_well(program));
    kill(program->pid, SIGKILL);
    program_ending(program);
    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    json_t *page = NULL;
    assert_int_equal(ask_answer(ask_send(program, "GET", "/v1/audit?limit=2000", ""), &page), 200);
    assert_true(json_array_size(json_object_get(page, "records")) >= (size_t)kept + 1);
    const json_t *verdict = json_object_get(json_object_get(page, "chain"), "verdict");
    assert_string_equal(json_string_value(verdict), "whole");
    json_decref(page);
    assert_int_equal(program_stop(program), 0);
    unmount_state(program);
}

/* What was ordered of the network's mode is acknowledged, and there after a kill; act it has not earned. */
static void test_the_networks_mode_survives(void **state) {
    struct program *program = *state;
    json_t *page = NULL;

    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    assert_int_equal(ask_order(program, "/v1/detector", "{\"mode\": \"act\", \"force\": true}"), 409);
    assert_int_equal(ask_order(program, "/v1/detector", "{\"mode\": \"warn\"}"), 200);
    kill(program->pid, SIGKILL);
    program_ending(program);
    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    assert_int_equal(ask_answer(ask_send(program, "GET", "/v1/detector", ""), &page), 200);
    assert_string_equal(json_string_value(json_object_get(page, "mode")), "warn");
    json_decref(page);
    assert_int_equal(ask_answer(ask_send(program, "GET", "/v1/audit?limit=20", ""), &page), 200);
    char *audit = json_dumps(page, 0);
    assert_non_null(audit);
    assert_non_null(strstr(audit, "event=detector what=ordered mode=warn"));
    free(audit);
    json_decref(page);
    assert_int_equal(program_stop(program), 0);
}

static void test_read_only_disk(void **state) {
    struct program *program = *state;

    mount_state(program, "size=1m,mode=0700");
    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    assert_int_equal(ask_order(program, "/v1/mode", "{\"mode\": \"warn\"}"), 200);
    assert_int_equal(program_stop(program), 0);
    remount_state(program, MS_RDONLY, "size=1m");
    program_start(program, NULL);
    program_wait_for(program, "event=degraded condition=store-failing");
    program_wait_for(program, "event=ready");
    assert_non_null(strstr(program->text, "what was kept is read"));
    assert_non_null(strstr(program->text, "event=ready node=alpha mode=warn"));
    assert_int_equal(ask_order(program, "/v1/mode", "{\"mode\": \"act\"}"), 503);
    assert_true(ask_is_degraded(program, "store-failing"));
    assert_int_equal(program_stop(program), 0);
    remount_state(program, 0, "size=1m");
    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    assert_true(ask_is_well(program));
    assert_int_equal(program_stop(program), 0);
    unmount_state(program);
}

static void test_damaged_database(void **state) {
    struct program *program = *state;
    char command[256];

    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    for (int i = 0; i < 40; i++)
        assert_int_equal(ask_order(program, "/v1/pause", "{\"reason\": \"before the damage\"}"), 200);
    assert_int_equal(program_stop(program), 0);
    snprintf(command, sizeof command,
             "dd if=/dev/urandom of='%s/state/heald.db' bs=4096 seek=4 count=1 conv=notrunc 2>/dev/null",
             program->folder);
    assert_int_equal(program_shell(command), 0);
    program_start(program, NULL);
    program_wait_for(program, "warning event=degraded condition=store-set-aside");
    program_wait_for(program, "event=ready");
    assert_non_null(strstr(program->text, "the store's file was damaged; it is kept as heald.db.damaged-"));
    assert_true(ask_is_degraded(program, "store-set-aside"));
    assert_int_equal(ask_order(program, "/v1/resume", "{}"), 200);
    assert_int_equal(program_stop(program), 0);
    snprintf(command, sizeof command, "grep -q 'before the damage' '%s'/state/heald.db.damaged-*.history",
             program->folder);
    assert_int_equal(program_shell(command), 0);
    /* It says so until somebody has taken the files away. */
    program_start(program, NULL);
    program_wait_for(program, "condition=store-set-aside");
    assert_int_equal(program_stop(program), 0);
    snprintf(command, sizeof command, "rm '%s'/state/heald.db.damaged-*", program->folder);
    assert_int_equal(program_shell(command), 0);
    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    assert_true(ask_is_well(program));
    assert_int_equal(program_stop(program), 0);
}

/* What the disk has held back is tried again when there is room, and until then the reason is said. */
static void test_act_that_the_disk_holds_back(void **state) {
    struct program *program = *state;
    char command[200];

    mount_state(program, "size=1m,mode=0700");
    program_configure(program, "mode: act\nlog: debug\n" IDLE_NODE);
    program_start_worker(program);
    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    snprintf(command, sizeof command, "cat /dev/zero >'%s/state/filler' 2>/dev/null", program->folder);
    program_shell(command);
    for (int kept = 0; ask_order(program, "/v1/mode", "{\"mode\": \"act\"}") == 200; kept++)
        assert_true(kept < 1000);
    program_kill_worker(program);
    program_wait_for(program, "reason=evidence-not-saved");
    program_wait_for(program, "nothing can be begun, for its evidence cannot be saved: see the disk");
    program_forget(program);
    /* It stays so, and is tried again, in vain. */
    program_wait_for(program, "its evidence could not be saved: nothing was done");
    assert_null(strstr(program->text, "incident=1 reason=exhausted"));
    snprintf(command, sizeof command, "rm '%s/state/filler'", program->folder);
    assert_int_equal(program_shell(command), 0);
    program_wait_for(program, "event=acted command=service-restart code=0");
    assert_int_equal(program_stop(program), 0);
    unmount_state(program);
}

static void order_a_pause_and_stop(struct program *program) {
    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    assert_int_equal(ask_order(program, "/v1/pause", "{\"reason\": \"by hand\"}"), 200);
    assert_int_equal(program_stop(program), 0);
}

/* Somebody may have ordered it not to act, and it cannot tell: it does not, until somebody says so. */
static void test_orders_that_cannot_be_read(void **state) {
    struct program *program = *state;
    char command[200];

    program_configure(program, "mode: act\n" IDLE_NODE);
    order_a_pause_and_stop(program);
    snprintf(command, sizeof command,
             "dd if=/dev/urandom of='%s/state/heald.db' bs=128 count=1 conv=notrunc 2>/dev/null",
             program->folder);
    assert_int_equal(program_shell(command), 0);
    for (int start = 0; start < 2; start++) {
        program_start(program, NULL);
        program_wait_for(program, "event=degraded condition=orders-lost");
        program_wait_for(program, "event=ready node=alpha mode=observe");
        if (start == 1)
            assert_int_equal(ask_order(program, "/v1/mode", "{\"mode\": \"act\"}"), 200);
        assert_int_equal(ask_is_degraded(program, "orders-lost"), start == 0);
        assert_int_equal(program_stop(program), 0);
    }
    program_start(program, NULL);
    program_wait_for(program, "event=ready node=alpha mode=act");
    assert_false(ask_is_degraded(program, "orders-lost"));
    assert_int_equal(program_stop(program), 0);
}

static void test_socket_that_was_removed(void **state) {
    struct program *program = *state;
    char path[128];

    program_configure(program, IDLE_NODE);
    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    program_path(program, "sock", path);
    assert_int_equal(unlink(path), 0);
    program_wait_for(program, "event=socket-lost");
    assert_true(ask_is_well(program));
    assert_int_equal(program_stop(program), 0);
    assert_int_equal(access(path, F_OK), -1);
}

static void test_configuration_that_is_refused(void **state) {
    struct program *program = *state;

    program_configure(program, IDLE_NODE);
    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    program_configure(program, "no-such-key: 7\n" IDLE_NODE);
    kill(program->pid, SIGHUP);
    program_wait_for(program, "event=degraded condition=config-refused");
    assert_true(ask_is_degraded(program, "config-refused"));
    program_configure(program, IDLE_NODE);
    kill(program->pid, SIGHUP);
    program_wait_for(program, "event=recovered condition=config-refused");
    assert_true(ask_is_well(program));
    assert_int_equal(program_stop(program), 0);
}

#define PROGRAM(test) cmocka_unit_test_setup_teardown(test, program_make, program_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        PROGRAM(test_full_disk),
        PROGRAM(test_the_networks_mode_survives),
        PROGRAM(test_read_only_disk),
        PROGRAM(test_damaged_database),
        PROGRAM(test_act_that_the_disk_holds_back),
        PROGRAM(test_orders_that_cannot_be_read),
        PROGRAM(test_socket_that_was_removed),
        PROGRAM(test_configuration_that_is_refused),
    };

    return cmocka_run_group_tests(tests, program_enter_namespace, NULL);
}
