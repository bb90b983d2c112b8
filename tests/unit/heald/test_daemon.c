/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The real program, in a network namespace of its own: how it starts, reloads, stops, is killed, and replays.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "heal/command.h"
#include "program.h"

static void test_starts_and_stops(void **state) {
    struct program *program = *state;

    program_start(program, NULL);
    program_wait_for(program, "event=ready node=alpha");
    assert_int_equal(program_stop(program), 0);
    assert_non_null(strstr(program->text, "event=stopping signal=15 taken-back=0"));
    assert_non_null(strstr(program->text, "event=stopped"));
}

static void test_reload(void **state) {
    struct program *program = *state;

    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    program_configure(program, "mode: [act\n");
    kill(program->pid, SIGHUP);
    program_wait_for(program, "event=reload-refused");
    program_wait_for(program, "the old configuration goes on");
    assert_non_null(strstr(program->text, "heald.yaml:"));
    program_configure(program, "mdoe: act\n");
    kill(program->pid, SIGHUP);
    program_wait_for(program, "did you mean");
    program_configure(program, "mode: act\nlog: debug\n");
    kill(program->pid, SIGHUP);
    program_wait_for(program, "event=option-changed option=mode takes-effect=now");
    program_wait_for(program, "event=reloaded mode=act");
    program_configure(program, "mode: act\nmesh: {port: 7001}\n");
    kill(program->pid, SIGHUP);
    program_wait_for(program, "option=mesh.port takes-effect=at-restart");
    assert_int_equal(program_stop(program), 0);
}

/* Starts heald with the service running, and kills that once heald has seen it. */
#define START_AND_KILL_WORKER(program, ...)                                                                  \
    do {                                                                                                     \
        program_start_worker(program);                                                                       \
        program_start(program, __VA_ARGS__);                                                                 \
        program_wait_for(program, "event=ready");                                                            \
        program_kill_worker(program);                                                                        \
    } while (0)

/* What is under way at a reload goes on and is answered. */
static void test_reload_leaves_acts_alone(void **state) {
    struct program *program = *state;
    char path[128];

    program_configure(program, "mode: act\n");
    program_path(program, "conf.d", path);
    assert_int_equal(mkdir(path, 0755), 0);
    program_write_file(
        program, "conf.d/slow.yaml",
        "services: [{name: worker, restart: [\"/bin/sh\", \"-c\", \"until test -e go; do sleep 0.05; "
        "done\"]}]\n");
    START_AND_KILL_WORKER(program, NULL);
    program_wait_for(program, "what=\"restart service worker\"");
    kill(program->pid, SIGHUP);
    program_wait_for(program, "event=reloaded");
    assert_null(strstr(program->text, "event=acted"));
    program_write_file(program, "go", "");
    program_wait_for(program, "event=acted command=service-restart code=0");
    assert_int_equal(program_stop(program), 0);
}

static void test_bad_configuration_does_not_start(void **state) {
    struct program *program = *state;

    program_configure(program, "round: 3 bananas\n");
    program_start(program, NULL);
    assert_int_equal(program_ending(program), 1);
    assert_non_null(strstr(program->text, "heald.yaml:"));
    program_start(program, "--check", NULL);
    assert_int_equal(program_ending(program), 1);
    program_configure(program, "");
    program_start(program, "--check", NULL);
    assert_int_equal(program_ending(program), 0);
    assert_non_null(strstr(program->text, "fine: node alpha, mode observe, 1 services\n"));
    assert_null(strstr(program->text, "note:"));
    program_configure(program, "mode: act\n");
    program_start(program, "--check", NULL);
    assert_int_equal(program_ending(program), 0);
    assert_non_null(
        strstr(program->text, "\nnote: notify.hook is not set: what heald cannot mend is only in its log\n"));
    program_start(program, "--chekc", NULL);
    assert_int_equal(program_ending(program), 64);
    assert_non_null(strstr(program->text, "--check"));
}

static void test_second_heald_is_refused(void **state) {
    struct program *program = *state, *second = calloc(1, sizeof *second);

    strcpy(second->folder, program->folder);
    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    program_start(second, NULL);
    assert_int_equal(program_ending(second), 1);
    assert_non_null(strstr(second->text, "another heald has the state of"));
    close(second->log);
    free(second);
    assert_int_equal(program_stop(program), 0);
}

/* Its state is its own, and still it would be one that healctl never reaches; a dry run may be that. */
static void test_second_heald_at_the_same_socket_is_refused(void **state) {
    struct program *program = *state, *second = calloc(1, sizeof *second);
    char path[128], words[200];

    strcpy(second->folder, program->folder);
    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    program_path(program, "other-state", path);
    setenv("HEALD_STATE", path, 1);
    program_start(second, NULL);
    assert_int_equal(program_ending(second), 1);
    snprintf(words, sizeof words, "event=cannot-start what=\"another heald answers at %s/sock\" process=%d",
             program->folder, program->pid);
    assert_non_null(strstr(second->text, words));
    assert_null(strstr(second->text, "event=ready"));
    program_start(second, "--dry-run", NULL);
    program_wait_for(second, "event=ready");
    assert_int_equal(program_stop(second), 0);
    unsetenv("HEALD_STATE");
    /* The socket of a dead one is in nobody's way. */
    kill(program->pid, SIGKILL);
    assert_int_equal(program_ending(program), 128 + SIGKILL);
    program_start(second, NULL);
    program_wait_for(second, "event=ready");
    assert_null(strstr(second->text, "part=api works=no"));
    assert_int_equal(program_stop(second), 0);
    close(second->log);
    free(second);
}

/* Nothing keeps two apart that share only the network; each says that it is not alone. */
static void test_second_heald_of_a_network_says_so(void **state) {
    struct program *program = *state, *second = calloc(1, sizeof *second);
    char path[128], words[32];

    strcpy(second->folder, program->folder);
    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    assert_null(strstr(program->text, "event=not-alone"));
    program_path(program, "other-state", path);
    setenv("HEALD_STATE", path, 1);
    program_path(program, "other-sock", path);
    setenv("HEALD_SOCKET", path, 1);
    program_start(second, NULL);
    unsetenv("HEALD_STATE");
    unsetenv("HEALD_SOCKET");
    snprintf(words, sizeof words, "process=%d", program->pid);
    program_wait_for(second, "event=not-alone");
    program_wait_for(second, words);
    program_wait_for(second, "event=ready");
    assert_int_equal(program_stop(second), 0);
    assert_int_equal(program_stop(program), 0);
    close(second->log);
    free(second);
}

static char *content(const struct program *program, const char *name) {
    char path[128], *text = NULL;
    size_t size = 0;

    program_path(program, name, path);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    if (getdelim(&text, &size, '\0', file) < 0 && text)
        text[0] = '\0';
    fclose(file);
    return text;
}

static void assert_replays_the_same(struct program *program) {
    program_start(program, "--replay", "log", "--decisions", "again", NULL);
    assert_int_equal(program_ending(program), 0);
    char *live = content(program, "decisions"), *again = content(program, "again");
    assert_true(strlen(live) > 0);
    assert_string_equal(live, again);
    free(live);
    free(again);
}

/* The service that is watched goes down: something is found, and in mode act something is done. */
static void test_live_run_replays_the_same(void **state) {
    struct program *program = *state;

    program_configure(program, "mode: act\n");
    START_AND_KILL_WORKER(program, "--record", "log", "--decisions", "decisions", NULL);
    program_wait_for(program, "event=diagnosis incident=1 diagnosis=service-down");
    program_wait_for(program, "event=acted command=service-restart");
    program_configure(program, "mode: warn\n");
    kill(program->pid, SIGHUP);
    program_wait_for(program, "event=reloaded mode=warn");
    assert_int_equal(program_stop(program), 0);
    assert_replays_the_same(program);
}

static void test_killed_and_started_again(void **state) {
    struct program *program = *state;

    program_configure(program, "mode: act\nlog: debug\n");
    START_AND_KILL_WORKER(program, NULL);
    program_wait_for(program, "event=acted command=service-restart");
    /* Once the loop has come round to a signal, it has kept what it had to keep before. */
    kill(program->pid, SIGHUP);
    program_wait_for(program, "event=reloaded");
    kill(program->pid, SIGKILL);
    assert_int_equal(program_ending(program), 128 + SIGKILL);
    program_forget(program);
    START_AND_KILL_WORKER(program, "--record", "log", "--decisions", "decisions", NULL);
    program_wait_for(program, "event=outcome incident=1 remedy=restart-service state=unknown");
    program_wait_for(program, "event=incident incident=2 opened");
    assert_int_equal(program_stop(program), 0);
    char *log = content(program, "log");
    assert_non_null(strstr(log, " restore record=incident"));
    assert_non_null(strstr(log, " restore record=step"));
    free(log);
    assert_replays_the_same(program);
}

static void test_dry_run_does_nothing(void **state) {
    struct program *program = *state;
    struct stat about;
    char path[128];

    program_configure(program, "mode: act\n");
    START_AND_KILL_WORKER(program, "--dry-run", NULL);
    program_wait_for(program, "event=would what=\"restart service worker\"");
    assert_int_equal(program_stop(program), 0);
    program_path(program, "state", path);
    assert_int_equal(stat(path, &about), -1);
}

static void test_without_rights_it_says_what_is_missing(void **state) {
    struct program *program = *state;

    program->bare = true;
    program_configure(program, "mode: act\n");
    chmod(program->folder, 0555);
    program_start(program, NULL);
    program_wait_for(program,
                     "part=executor works=no what=\"no heald-helper answers: No such file or directory; "
                     "nothing is done, and no hook is run\"");
    program_wait_for(program, "part=store works=no");
    program_wait_for(program, "part=api works=no");
    program_wait_for(program, "event=ready");
    assert_int_equal(program_stop(program), 0);
    chmod(program->folder, 0755);
}

/* What a heald in mode act leaves that is killed with SIGKILL: override routes and a quarantine. And beside
 * them what looks like it, and is not heald's. */
static void leave_things(void) {
    char command[512];

    if (program_shell("ip link show v0 >/dev/null 2>&1") != 0 &&
        program_shell("ip link add v0 type veth peer name v1 && ip link set v0 up && ip link set v1 up") !=
            0) {
        print_message("there is no ip(8) here, or no veth\n");
        skip();
    }
    snprintf(
        command, sizeof command,
        "for i in $(seq 70); do ip -6 route replace fd00::$i via fe80::1 dev v0 proto %d metric %d; done && "
        "ip -6 route replace fd00:1::/64 via fe80::1 dev v0 proto %d metric %d && "
        "ip route replace 10.9.0.0/24 via inet6 fe80::1 dev v0 proto %d metric %d",
        HEAL_ROUTE_PROTOCOL, HEAL_ROUTE_METRIC, HEAL_ROUTE_PROTOCOL, HEAL_ROUTE_METRIC_BRIDGE,
        HEAL_ROUTE_PROTOCOL, HEAL_ROUTE_METRIC);
    assert_int_equal(program_shell(command), 0);
    snprintf(command, sizeof command,
             "ip route replace 10.8.0.0/24 dev v0 proto %d metric 512 && "
             "ip -6 route replace fd00:2::/64 via fe80::1 dev v0 proto %d metric %d && "
             "ip -6 route replace fd00:3::/64 via fe80::1 dev v0 proto %d metric %d table 77",
             HEAL_ROUTE_PROTOCOL - 1, HEAL_ROUTE_PROTOCOL - 1, HEAL_ROUTE_METRIC, HEAL_ROUTE_PROTOCOL,
             HEAL_ROUTE_METRIC);
    assert_int_equal(program_shell(command), 0);
    program_shell("nft add table netdev heald 2>/dev/null");
}

static void assert_only_others_are_left(void) {
    char command[256];

    snprintf(command, sizeof command, "! { ip -6 route show proto %d; ip route show proto %d; } | grep -q .",
             HEAL_ROUTE_PROTOCOL, HEAL_ROUTE_PROTOCOL);
    assert_int_equal(program_shell(command), 0);
    assert_int_equal(program_shell("ip route show 10.8.0.0/24 | grep -q ."), 0);
    assert_int_equal(program_shell("ip -6 route show fd00:2::/64 | grep -q ."), 0);
    assert_int_equal(program_shell("ip -6 route show table 77 | grep -q fd00:3::"), 0);
    assert_int_not_equal(program_shell("nft list table netdev heald >/dev/null 2>&1"), 0);
}

static void test_sweep(void **state) {
    struct program *program = *state;

    leave_things();
    bool quarantined = program_shell("nft list table netdev heald >/dev/null 2>&1") == 0;
    program_start(program, "--sweep", NULL);
    assert_int_equal(program_ending(program), 0);
    assert_non_null(
        strstr(program->text, "taken back: override route 10.9.0.0/24 via fe80::1 dev v0 metric 512\n"));
    assert_non_null(
        strstr(program->text, "taken back: override route fd00::7/128 via fe80::1 dev v0 metric 512\n"));
    assert_non_null(
        strstr(program->text, "taken back: override route fd00:1::/64 via fe80::1 dev v0 metric 1025\n"));
    assert_int_equal(strstr(program->text, "taken back: quarantine of neighbours") != NULL, quarantined);
    assert_only_others_are_left();
    program_start(program, "--sweep", NULL);
    assert_int_equal(program_ending(program), 0);
    assert_string_equal(program->text, "nothing was left to be taken back\n");
}

/* What bears heald's mark and no record tells of, the next start takes back by itself. */
static void test_start_takes_back_what_a_dead_one_left(void **state) {
    struct program *program = *state;

    if (program_shell("nft add table netdev heald 2>/dev/null") != 0) {
        print_message("there is no nft(8) here, or no nftables\n");
        skip();
    }
    program_start(program, "--dry-run", NULL);
    program_wait_for(program, "event=ready");
    assert_int_equal(program_stop(program), 0);
    assert_null(strstr(program->text, "event=leftover-undone"));
    assert_int_equal(program_shell("nft list table netdev heald >/dev/null"), 0);
    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    assert_non_null(
        strstr(program->text, "event=leftover-undone what=\"quarantine of neighbours\" code=0\n"));
    assert_int_not_equal(program_shell("nft list table netdev heald >/dev/null 2>&1"), 0);
    assert_int_equal(program_stop(program), 0);
}

static void test_sweep_leaves_a_running_heald_alone(void **state) {
    struct program *program = *state, *sweep = calloc(1, sizeof *sweep);

    program_configure(program, "mode: act\n");
    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    /* Also with a configuration that knows nothing of the running one's socket. */
    for (int i = 0; i < 2; i++) {
        char words[64];

        strcpy(sweep->folder, i == 0 ? program->folder : "/");
        program_start(sweep, "--sweep", NULL);
        assert_int_equal(program_ending(sweep), 1);
        snprintf(words, sizeof words, "nothing is taken back: a heald is running here: process %d\n",
                 program->pid);
        assert_non_null(strstr(sweep->text, words));
    }
    close(sweep->log);
    free(sweep);
    assert_int_equal(program_stop(program), 0);
}

static void test_sweep_without_rights(void **state) {
    struct program *program = *state;

    leave_things();
    program->bare = true;
    program_start(program, "--sweep", NULL);
    assert_int_equal(program_ending(program), 2);
    assert_non_null(strstr(program->text,
                           "not taken back: override route 10.9.0.0/24 via fe80::1 dev v0 metric "
                           "512: Operation not permitted (CAP_NET_ADMIN is missing)\n"));
    program->bare = false;
    program_start(program, "--sweep", NULL);
    assert_int_equal(program_ending(program), 0);
    program_start(program, "--sweep", "--dry-run", NULL);
    assert_int_equal(program_ending(program), 64);
}

/* A heald that is killed and cannot start again must not leave its routes to nobody. */
static void test_start_that_fails_sweeps(void **state) {
    static const char *const LOOKS[] = {"--check", "--dry-run"};
    struct program *program = *state;

    leave_things();
    program_configure(program, "mdoe: act\n");
    for (size_t i = 0; i < sizeof LOOKS / sizeof *LOOKS; i++) {
        program_start(program, LOOKS[i], NULL);
        assert_int_equal(program_ending(program), 1);
        assert_null(strstr(program->text, "taken back"));
    }
    program_start(program, NULL);
    assert_int_equal(program_ending(program), 1);
    assert_non_null(strstr(program->text, "did you mean"));
    assert_non_null(
        strstr(program->text, "heald does not start; what an earlier run may have left is taken back\n"));
    assert_non_null(
        strstr(program->text, "taken back: override route 10.9.0.0/24 via fe80::1 dev v0 metric 512\n"));
    assert_only_others_are_left();
}

/* Passes over what comes before, up to a limit. */
static void wait_to_hear(int file, const char *words) {
    char text[128] = "";

    for (int i = 0; i < 100 && !strstr(text, words); i++) {
        ssize_t length = recv(file, text, sizeof text - 1, 0);
        assert_true(length > 0);
        text[length] = '\0';
    }
    assert_non_null(strstr(text, words));
}

static void test_service_manager_hears_of_it(void **state) {
    struct program *program = *state;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct timeval limit = {.tv_sec = PROGRAM_WAIT_MS / 1000};
    int file = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "%s/notify", program->folder);
    assert_int_equal(bind(file, (struct sockaddr *)&address, sizeof address), 0);
    setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setenv("NOTIFY_SOCKET", address.sun_path, 1);
    setenv("WATCHDOG_USEC", "200000", 1);
    program_start(program, NULL);
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    wait_to_hear(file, "READY=1");
    wait_to_hear(file, "WATCHDOG=1");
    wait_to_hear(file, "WATCHDOG=1");
    program_configure(program, "mode: [act\n");
    kill(program->pid, SIGHUP);
    wait_to_hear(file, "RELOADING=1");
    wait_to_hear(file, "READY=1"); /* the old configuration goes on */
    wait_to_hear(file, "WATCHDOG=1");
    kill(program->pid, SIGTERM);
    wait_to_hear(file, "STOPPING=1");
    assert_int_equal(program_ending(program), 0);
    close(file);
}

#define PROGRAM(test) cmocka_unit_test_setup_teardown(test, program_make, program_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        PROGRAM(test_starts_and_stops),
        PROGRAM(test_reload),
        PROGRAM(test_reload_leaves_acts_alone),
        PROGRAM(test_bad_configuration_does_not_start),
        PROGRAM(test_second_heald_is_refused),
        PROGRAM(test_second_heald_at_the_same_socket_is_refused),
        PROGRAM(test_second_heald_of_a_network_says_so),
        PROGRAM(test_live_run_replays_the_same),
        PROGRAM(test_killed_and_started_again),
        PROGRAM(test_dry_run_does_nothing),
        PROGRAM(test_without_rights_it_says_what_is_missing),
        PROGRAM(test_sweep),
        PROGRAM(test_start_takes_back_what_a_dead_one_left),
        PROGRAM(test_sweep_leaves_a_running_heald_alone),
        PROGRAM(test_sweep_without_rights),
        PROGRAM(test_start_that_fails_sweeps),
        PROGRAM(test_service_manager_hears_of_it),
    };

    return cmocka_run_group_tests(tests, program_enter_namespace, NULL);
}
