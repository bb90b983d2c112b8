/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "helper_program.h"

#include "os/helper_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

void helper_prepare(struct helper_program *program, const char *more) {
    char path[128];

    *program = (struct helper_program){.socket = -1};
    strcpy(program->folder, "/tmp/heald-helper-XXXXXX");
    assert_non_null(mkdtemp(program->folder));
    snprintf(path, sizeof path, "%s/heald.yaml", program->folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "node: alpha\nuser: nobody\nhelper: %s/helper\nrouting: {daemon: none}\n%s",
            program->folder, more);
    fclose(file);
    chmod(program->folder, 0755);
    chmod(path, 0644);
}

void helper_start(struct helper_program *program, bool connected) {
    char path[128];
    int ends[2];
    char *argv[] = {"heald-helper", "--connected", path, NULL};

    snprintf(path, sizeof path, "%s/heald.yaml", program->folder);
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
    program->pid = fork();
    if (program->pid == 0) {
        if (ends[1] == 3 ? fcntl(3, F_SETFD, 0) == 0 : dup2(ends[1], 3) == 3)
            execv(HELPER_PROGRAM, connected ? argv : (argv[1] = argv[0], argv + 1));
        _exit(127);
    }
    close(ends[1]);
    if (!connected)
        close(ends[0]);
    program->socket = connected ? ends[0] : -1;
}

int helper_ask(struct helper_program *program, const struct heal_helper_order *order,
               struct heal_helper_answer *ret_answer, int *ret_file) {
    struct heal_helper_order copy = *order;
    uint8_t bytes[sizeof *ret_answer + 1];
    struct pollfd ready = {.fd = program->socket, .events = POLLIN};
    int file = -1;

    copy.version = HEAL_HELPER_VERSION;
    copy.number = ++program->number;
    assert_int_equal(heal_helper_socket_send(program->socket, &copy, sizeof copy, -1), 0);
    assert_int_equal(poll(&ready, 1, HELPER_WAIT_MS), 1);
    ssize_t length = heal_helper_socket_receive(program->socket, bytes, sizeof bytes, &file);
    assert_true(length > 0);
    assert_int_equal(heal_helper_answer_decode(bytes, (size_t)length, ret_answer), 0);
    assert_int_equal(ret_answer->number, copy.number);
    if (ret_file)
        *ret_file = file;
    else
        assert_int_equal(file, -1);
    return ret_answer->code;
}

void helper_greet(struct helper_program *program) {
    struct heal_helper_order hello = {.verb = HEAL_HELPER_HELLO};
    struct heal_helper_answer answer;
    struct stat network;

    assert_int_equal(stat("/proc/self/ns/net", &network), 0);
    hello.network = network.st_ino;
    assert_int_equal(helper_ask(program, &hello, &answer, NULL), 0);
}

int helper_act(struct helper_program *program, const struct heal_command *command,
               struct heal_helper_answer *ret_answer) {
    struct heal_helper_order order;

    assert_int_equal(heal_helper_order_of(command, &order), 0);
    return helper_ask(program, &order, ret_answer, NULL);
}

int helper_ending(struct helper_program *program) {
    int status;

    assert_int_equal(waitpid(program->pid, &status, 0), program->pid);
    program->pid = 0;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void helper_remove(struct helper_program *program) {
    char command[96];

    if (program->socket >= 0)
        close(program->socket);
    if (program->pid > 0) {
        kill(program->pid, SIGKILL);
        waitpid(program->pid, NULL, 0);
    }
    snprintf(command, sizeof command, "rm -r %s", program->folder);
    assert_int_equal(system(command), 0);
}
