/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The real program and its helper: what heald may still do once it runs, as whom, what each does without the
 * other, and who may ask and order at the admin socket. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../os/live.h"
#include "heal/command.h"
#include "program.h"

/* @return the helper that this heald has started. */
static pid_t helper_of(const struct program *program) {
    char path[64], text[32] = "";

    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)program->pid, (int)program->pid);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(text, sizeof text, file));
    fclose(file);
    return (pid_t)strtol(text, NULL, 10);
}

#ifdef __SANITIZE_ADDRESS__
static const char *const confined = "no"; /* no filter can be where the sanitizer works */
#else
static const char *const confined = "yes";
#endif

/* From before it hears anything it can do nothing by itself any more, for ever. */
static void test_has_no_privileges(void **state) {
    static const char *const sets[] = {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"};
    struct program *program = *state;
    char words[64];

    program_configure(program, "mode: act\n");
    program_start(program, NULL);
    snprintf(words, sizeof words, "part=sandbox works=%s", confined);
    program_wait_for(program, words);
    program_wait_for(program, "part=executor works=yes");
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        assert_int_equal(live_status(program->pid, sets[i], 16), 0);
    assert_int_equal(live_status(program->pid, "NoNewPrivs", 10), 1);
    if (strcmp(confined, "yes") == 0)
        assert_int_equal(live_status(program->pid, "Seccomp", 10), 2);
    program_wait_for(program, "event=ready");
    assert_int_equal(program_stop(program), 0);
}

/* @return whether it has all that it looks for; under the sanitizers it knows that it is not confined. */
static bool all_works(const struct program *program) {
    return strcmp(confined, "yes") != 0 || !strstr(program->text, "works=no");
}

/* Ends the test where there is no user but root. */
static void need_users(void) {
    if (geteuid() == 0 &&
        program_shell("grep -q '^ *0 *0 ' /proc/self/uid_map && grep -q ^nobody: /etc/passwd") == 0)
        return;
    print_message("only root can become somebody else\n");
    skip();
}

/* Only where root is not alone: it becomes another, and so does what is its own. */
static void test_becomes_its_user(void **state) {
    struct program *program = *state;
    struct stat about;
    char path[128];

    need_users();
    chmod(program->folder, 01777);
    program_configure(program, "user: nobody\n");
    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    assert_int_equal(live_status(program->pid, "CapBnd", 16), 0);
    assert_int_equal(live_status(program->pid, "Uid", 10), 65534);
    assert_int_equal(live_status(program->pid, "Gid", 10), 65534);
    assert_int_equal(live_status(helper_of(program), "Uid", 10), 0);
    assert_true(all_works(program));
    program_path(program, "state/heald.db", path);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_uid, 65534);
    assert_int_equal(program_stop(program), 0);
    assert_true(all_works(program));
}

/* A batman-adv mesh shows its neighbours only to who has CAP_NET_ADMIN: that is kept, and nothing else. */
static void test_keeps_what_it_reads_a_mesh_with(void **state) {
    struct program *program = *state;

    need_users();
    chmod(program->folder, 01777);
    program_configure(program, "user: nobody\nrouting: {daemon: batman-adv, interface: bat0}\n");
    program_start(program, NULL);
    program_wait_for(program, "uid 65534; CAP_NET_ADMIN is kept, to read the batman-adv mesh");
    program_wait_for(program, "event=ready");
    assert_int_equal(live_status(program->pid, "Uid", 10), 65534);
    assert_int_equal(live_status(program->pid, "CapEff", 16), 1ULL << CAP_NET_ADMIN);
    assert_int_equal(live_status(program->pid, "CapPrm", 16), 1ULL << CAP_NET_ADMIN);
    assert_int_equal(live_status(program->pid, "CapBnd", 16), 1ULL << CAP_NET_ADMIN);
    assert_int_equal(live_status(program->pid, "CapInh", 16), 0);
    assert_int_equal(program_stop(program), 0);
}

/* The folder that it gives may hold what its user has put there for root to give: other names of files. */
static void test_gives_no_file_with_another_name(void **state) {
    struct program *program = *state;
    struct stat about;
    char path[128];

    need_users();
    chmod(program->folder, 01777);
    program_configure(program, "user: nobody\n");
    program_write_file(program, "mine", "root's\n");
    program_write_file(program, "alone", "root's\n");
    program_path(program, "state", path);
    assert_int_equal(mkdir(path, 0700), 0);
    program_write_file(program, "state/given", "");
    program_path(program, "mine", path);
    char link_path[128];
    program_path(program, "state/other", link_path);
    assert_int_equal(link(path, link_path), 0);
    program_path(program, "state/pointer", link_path);
    assert_int_equal(symlink("../alone", link_path), 0);
    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_uid, 0);
    assert_int_equal(stat(link_path, &about), 0);
    assert_int_equal(about.st_uid, 0);
    assert_int_equal(lstat(link_path, &about), 0);
    assert_int_equal(about.st_uid, 0);
    program_path(program, "state/given", path);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_uid, 65534);
    assert_int_equal(program_stop(program), 0);
}

/* A folder that is a link to another is not given, and that is said. */
static void test_gives_no_folder_elsewhere(void **state) {
    struct program *program = *state;
    struct stat about;
    char path[128], link_path[128];

    need_users();
    chmod(program->folder, 01777);
    program_configure(program, "user: nobody\n");
    program_path(program, "elsewhere", path);
    program_path(program, "state", link_path);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(symlink("elsewhere", link_path), 0);
    program_start(program, NULL);
    program_wait_for(program, "uid 65534; the state folder could not be given: Not a directory");
    program_wait_for(program, "event=ready");
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_uid, 0);
    program_stop(program);
}

/* A user that is not there is no user to become: it does not pass for confined, and says what to do. */
static void test_says_that_there_is_no_such_user(void **state) {
    struct program *program = *state;

    program_configure(program, "user: heald-nobody-has-it\n");
    program_start(program, NULL);
    program_wait_for(program,
                     "part=sandbox works=no what=\"uid 0: there is no user of the name that `user` says; "
                     "make one, or say another");
    program_wait_for(program, "event=degraded condition=not-confined");
    program_wait_for(program, "event=ready");
    assert_int_equal(program_stop(program), 0);
}

/* Who may write the configuration may have root run a command: the helper does not believe a file of a
 * group's, heald hears why, and --check says it before. */
static void test_says_why_the_helper_refuses(void **state) {
    struct program *program = *state, *check = calloc(1, sizeof *check);
    char path[128];

    program_configure(program, "mode: act\n");
    program_path(program, "heald.yaml", path);
    chmod(path, 0664);
    program_start(program, NULL);
    program_wait_for(
        program, "event=degraded condition=cannot-act what=\"executor: heald.yaml: others may write to it "
                 "(chmod go-w); nothing is done");
    program_wait_for(program, "event=ready");
    assert_int_equal(program_stop(program), 0);
    strcpy(check->folder, program->folder);
    program_start(check, "--check", NULL);
    assert_int_equal(program_ending(check), 0);
    assert_non_null(strstr(check->text,
                           "note: heald-helper will refuse it, and heald cannot act: heald.yaml: others "
                           "may write to it (chmod go-w)\n"));
    chmod(path, 0644);
    program_start(check, "--check", NULL);
    assert_int_equal(program_ending(check), 0);
    assert_null(strstr(check->text, "note: heald-helper"));
    close(check->log);
    free(check);
}

/* Nor does it believe a file, or a folder, of another user's. */
static void test_the_helper_believes_no_other_user(void **state) {
    enum { STRANGER = 65533 };
    struct program *program = *state;
    char path[128];

    need_users();
    program_path(program, "heald.yaml", path);
    assert_int_equal(chown(path, STRANGER, 0), 0);
    program_start(program, NULL);
    program_wait_for(program, "heald-helper: heald.yaml: it is another user's (chown root)");
    program_wait_for(program, "event=ready");
    assert_int_equal(program_stop(program), 0);
    assert_int_equal(chown(path, 0, 0), 0);
    assert_int_equal(chmod(program->folder, 0755), 0);
    assert_int_equal(chown(program->folder, STRANGER, 0), 0);
    program_start(program, NULL);
    program_wait_for(program, "heald-helper: .: it is another user's (chown root)");
    program_wait_for(program, "event=ready");
    assert_int_equal(program_stop(program), 0);
}

/* The helper is killed: heald says so, goes on, and is not alone with what is in place. */
static void test_lives_without_its_helper(void **state) {
    struct program *program = *state;

    program_configure(program, "mode: act\n");
    program_start_worker(program);
    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    kill(helper_of(program), SIGKILL);
    program_wait_for(program,
                     "event=part part=executor works=no what=\"the helper has ended; nothing is done, and "
                     "no hook is run; start heald again to have one\"");
    program_wait_for(program, "event=degraded condition=cannot-act");
    program_kill_worker(program);
    program_wait_for(program,
                     "event=acted command=service-restart code=-107 result=\"there is no helper to do it\"");
    assert_int_equal(program_stop(program), 0);
}

static void leave_a_route(void) {
    assert_int_equal(HEAL_ROUTE_PROTOCOL, 104);
    if (program_shell("ip link add v0 type veth peer name v1 && ip link set v0 up && ip link set v1 up") !=
        0) {
        print_message("there is no ip(8) here, or no veth\n");
        skip();
    }
    assert_int_equal(program_shell("ip -6 route add fd00::7 via fe80::1 dev v0 proto 104 metric 512 && "
                                   "ip -6 route add fd00::8 via fe80::1 dev v0 proto 103 metric 512"),
                     0);
}

/* heald is killed: what it had put in place is taken back by its helper, which ends. */
static void test_helper_takes_back_when_it_is_killed(void **state) {
    struct program *program = *state;

    program_configure(program, "mode: act\n");
    program_start_worker(program);
    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    program_kill_worker(program);
    program_wait_for(program, "event=acted command=service-restart code=0");
    /* Stopped, so that it cannot take back itself what looks like a route of its own. */
    kill(program->pid, SIGSTOP);
    leave_a_route();
    kill(program->pid, SIGKILL);
    assert_int_equal(program_ending(program), 128 + SIGKILL); /* the helper has the log, too: it has ended */
    assert_non_null(strstr(program->text, "heald-helper: override route fd00::7/128: taken back"));
    assert_int_equal(program_shell("! ip -6 route show proto 104 | grep -q ."), 0);
}

/* A helper that listens, as the unit's socket has it, and a heald that has nothing. @return the helper. */
static struct program *start_apart(struct program *program) {
    struct program *helper = calloc(1, sizeof *helper);

    strcpy(helper->folder, program->folder);
    program_configure(program, "mode: act\nuser: \"\"\n");
    program_start_helper(helper);
    program_wait_for(helper, "listens");
    program->bare = true;
    program_start(program, NULL);
    program_wait_for(program, "part=executor works=yes");
    program_wait_for(program, "event=ready");
    return helper;
}

static void kill_helper(struct program *helper) {
    kill(helper->pid, SIGKILL);
    assert_int_equal(program_ending(helper), 128 + SIGKILL);
}

static void stop_both(struct program *program, struct program *helper) {
    assert_int_equal(program_stop(program), 0);
    assert_int_equal(program_ending(helper), 0);
    close(helper->log);
    free(helper);
}

/* heald finds its helper, says when it goes, and finds the next. */
static void test_finds_the_helper_that_comes_back(void **state) {
    struct program *program = *state, *helper = start_apart(program);

    for (int i = 0; i < 2; i++) {
        program_forget(program);
        kill_helper(helper);
        program_wait_for(
            program, "event=degraded condition=cannot-act what=\"executor: the helper has ended; nothing is "
                     "done, and no hook is run\"");
        program_start_helper(helper);
        program_wait_for(program, "event=recovered condition=cannot-act");
    }
    stop_both(program, helper);
}

/* There is none when something is to be done, and one a moment later: the act waits for it. */
static void test_an_act_waits_for_the_next_helper(void **state) {
    struct program *program = *state;

    program_start_worker(program);
    struct program *helper = start_apart(program);
    kill_helper(helper);
    program_wait_for(program, "event=degraded condition=cannot-act");
    program_kill_worker(program);
    program_wait_for(program, "event=act incident=");
    program_start_helper(helper);
    program_wait_for(program, "event=acted command=service-restart code=0");
    stop_both(program, helper);
}

/* babeld is there, for root alone: without a helper nobody can say that it is not. It is asked for before the
 * first round. */
static void test_a_missing_helper_is_not_babelds_fault(void **state) {
    struct program *program = *state;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char more[200];
    int babel = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "%s/babel", program->folder);
    assert_int_equal(bind(babel, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(babel, 1), 0);
    assert_int_equal(chmod(address.sun_path, 0), 0);
    snprintf(more, sizeof more, "mode: act\nrouting: {daemon: babeld, socket: %s}\n", address.sun_path);
    program_configure(program, more);
    program->bare = true;
    program_start(program, NULL);
    program_wait_for(program, "event=degraded condition=cannot-act");
    program_wait_for(program, "event=ready");
    assert_int_equal(program_stop(program), 0);
    assert_null(strstr(program->text, "condition=daemon-absent"));
    close(babel);
}

/* Asks at the admin socket as another user. @param group that it is in. @return the reply's status.
 */
static int ask_as(const struct program *program, uid_t uid, gid_t group, const char *request) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char text[64] = "";
    int status;

    snprintf(address.sun_path, sizeof address.sun_path, "%s/sock", program->folder);
    pid_t pid = fork();
    if (pid == 0) {
        int file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

        if (setgroups(1, &group) < 0 || setresgid(uid, uid, uid) < 0 || setresuid(uid, uid, uid) < 0 ||
            connect(file, (struct sockaddr *)&address, sizeof address) < 0 ||
            send(file, request, strlen(request), 0) < 0 || recv(file, text, sizeof text - 1, 0) < 0)
            _exit(255);
        _exit((int)(strtol(text + strlen("HTTP/1.1 "), NULL, 10) - 200));
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_not_equal(WEXITSTATUS(status), 255);
    return WEXITSTATUS(status) + 200;
}

#define ASK "GET /v1/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
#define ORDER                                                                                                \
    "POST /v1/mode HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 16\r\n\r\n{\"mode\": "        \
    "\"warn\"}"

/* Real users of this host, where there is more than one. */
static void test_users_and_groups_at_the_admin_socket(void **state) {
    enum { STRANGER = 65533, DAEMON = 1, OTHERS = 65532 };
    struct program *program = *state;

    if (geteuid() != 0 ||
        program_shell("grep -q '^ *0 *0 ' /proc/self/uid_map && grep -q ^daemon:.*:1: /etc/group") != 0) {
        print_message("only root can ask as somebody else\n");
        skip();
    }
    chmod(program->folder, 0755);
    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    assert_int_equal(ask_as(program, STRANGER, DAEMON, ASK), 403);
    assert_int_equal(ask_as(program, STRANGER, DAEMON, ORDER), 403);
    assert_int_equal(ask_as(program, 0, 0, ORDER), 200);
    assert_int_equal(program_stop(program), 0);
    program_configure(program, "admin: {read-all: true, act-group: daemon}\n");
    program_start(program, NULL);
    program_wait_for(program, "event=ready");
    assert_int_equal(ask_as(program, STRANGER, OTHERS, ASK), 200);
    assert_int_equal(ask_as(program, STRANGER, OTHERS, ORDER), 403);
    assert_int_equal(ask_as(program, STRANGER, DAEMON, ORDER), 200);
    program_wait_for(program, "event=operator verb=mode uid=65533 pid=");
    assert_int_equal(program_stop(program), 0);
}

#define PROGRAM(test) cmocka_unit_test_setup_teardown(test, program_make, program_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        PROGRAM(test_has_no_privileges),
        PROGRAM(test_becomes_its_user),
        PROGRAM(test_keeps_what_it_reads_a_mesh_with),
        PROGRAM(test_gives_no_file_with_another_name),
        PROGRAM(test_gives_no_folder_elsewhere),
        PROGRAM(test_says_that_there_is_no_such_user),
        PROGRAM(test_says_why_the_helper_refuses),
        PROGRAM(test_the_helper_believes_no_other_user),
        PROGRAM(test_lives_without_its_helper),
        PROGRAM(test_helper_takes_back_when_it_is_killed),
        PROGRAM(test_finds_the_helper_that_comes_back),
        PROGRAM(test_an_act_waits_for_the_next_helper),
        PROGRAM(test_a_missing_helper_is_not_babelds_fault),
        PROGRAM(test_users_and_groups_at_the_admin_socket),
    };

    return cmocka_run_group_tests(tests, program_enter_namespace, NULL);
}
