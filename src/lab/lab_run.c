/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What is done in a running lab: programs in its places, and commands to its nodes' inits. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "lab/clock.h"
#include "lab/lab_state.h"
#include "lab/note.h"
#include "lab/place.h"
#include "lab/process.h"
#include "wire/proc_text.h"

enum { EXEC_TIMEOUT_S = 10 };

static bool is_reaped(int pidfd) {
    siginfo_t info;

    return waitid(P_PIDFD, (id_t)pidfd, &info, WEXITED | WNOHANG | WNOWAIT) < 0;
}

/* Keeps a child's pidfd to reap it at the end, if nobody has until then. */
static int keep_child(struct heal_lab *lab, pid_t pid) {
    for (unsigned i = 0; i < HEAL_LAB_SPAWNED_MAX; i++) {
        if (lab->spawned[i] >= 0 && is_reaped(lab->spawned[i])) {
            close(lab->spawned[i]);
            lab->spawned[i] = -1;
        }
        if (lab->spawned[i] < 0) {
            lab->spawned[i] = heal_process_open(pid);
            return lab->spawned[i] < 0 ? lab->spawned[i] : 0;
        }
    }
    return -EAGAIN;
}

int heal_lab_spawn(struct heal_lab *lab, const struct heal_lab_program *program, pid_t *ret_pid) {
    struct heal_place_program placed = {.target = lab->keeper_fd,
                                        .with_user = lab->with_user,
                                        .argv = program->argv,
                                        .input = program->input,
                                        .output = program->output,
                                        .error = program->error,
                                        .passed = program->passed,
                                        .passed_count = program->passed_count,
                                        .apart = program->apart};
    char socket[HEAL_LAB_PATH_MAX];
    pid_t pid;
    int r;

    if (program->place >= (int)lab->topology.nodes || program->place < HEAL_LAB_AIR)
        return -EINVAL;
    if (program->place >= 0)
        placed.target = lab->node[program->place].init;
    if (program->place >= 0 && lab->with_heald)
        placed.socket = heal_lab_file(lab, program->place, "heald.sock", socket);
    r = heal_place_spawn(&placed, &pid);
    if (r < 0)
        return r;
    r = keep_child(lab, pid);
    if (r < 0) {
        (void)kill(pid, SIGKILL);
        (void)heal_process_wait(pid);
        return r;
    }
    *ret_pid = pid;
    return 0;
}

/* Reads what is there. @return false at the end. What does not fit is read and dropped. */
static bool drain(int from, struct heal_lab_capture *capture) {
    char rest[4096];

    for (;;) {
        bool fits = capture->output && capture->length + 1 < capture->size;
        ssize_t got = fits
                          ? read(from, capture->output + capture->length, capture->size - 1 - capture->length)
                          : read(from, rest, sizeof rest);

        if (got <= 0)
            return got < 0 && (errno == EAGAIN || errno == EINTR);
        if (fits)
            capture->length += (size_t)got;
    }
}

/* Until the program has ended: what it leaves behind may hold the pipe open for long. */
static void collect(pid_t pid, int from, struct heal_lab_capture *capture) {
    heal_us end = heal_lab_now() + (capture->timeout ? capture->timeout : EXEC_TIMEOUT_S * HEAL_US_PER_S);
    int ended = heal_process_open(pid);
    struct pollfd wait[2] = {
        {.fd = ended, .events = POLLIN},
        {.fd = from,  .events = POLLIN}
    };

    while (!(wait[0].revents & POLLIN)) {
        heal_us now = heal_lab_now();

        if (now >= end) {
            (void)kill(pid, SIGKILL);
            break;
        }
        (void)poll(wait, 2, (int)((end - now) / HEAL_US_PER_MS) + 1);
        if (wait[1].fd >= 0 && wait[1].revents && !drain(from, capture))
            wait[1].fd = -1;
    }
    (void)drain(from, capture);
    if (ended >= 0)
        close(ended);
}

int heal_lab_exec(struct heal_lab *lab, int place, const char *const *argv,
                  struct heal_lab_capture *capture) {
    struct heal_lab_capture none = {0};
    struct heal_lab_program program = {.place = place, .argv = argv, .input = -1};
    int ends[2];
    pid_t pid;
    int r;

    capture = capture ? capture : &none;
    capture->length = 0;
    if (capture->output && capture->size > 0)
        capture->output[0] = '\0';
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
        return -errno;
    (void)fcntl(ends[1], F_SETFL, 0); /* the program's end blocks, as programs expect */
    if (capture->input)
        program.input = heal_process_feed(capture->input);
    program.output = program.error = ends[1];
    r = capture->input && program.input < 0 ? program.input : heal_lab_spawn(lab, &program, &pid);
    if (program.input >= 0)
        close(program.input);
    close(ends[1]);
    if (r == 0) {
        collect(pid, ends[0], capture);
        r = heal_process_wait(pid);
    }
    close(ends[0]);
    if (capture->output && capture->size > 0)
        capture->output[capture->length] = '\0';
    return r;
}

int heal_lab_process_read(struct heal_lab *lab, unsigned node, int pid,
                          struct heal_lab_process *ret_process) {
    char path[48], text[1024];
    const char *const cat[] = {"cat", path, NULL};
    struct heal_lab_capture capture = {.output = text, .size = sizeof text};
    struct heal_proc_process process;
    int r;

    if (node >= lab->topology.nodes || pid <= 0)
        return -EINVAL;
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    r = heal_lab_exec(lab, (int)node, cat, &capture);
    if (r != 0)
        return r > 0 ? -ESRCH : r;
    r = heal_proc_process_parse(text, capture.length, &process);
    if (r < 0)
        return r;
    if (process.state == 'Z' || process.state == 'X')
        return -ESRCH;
    ret_process->cpu_s = (double)process.ticks / (double)sysconf(_SC_CLK_TCK);
    ret_process->resident_bytes = (double)process.rss_pages * (double)sysconf(_SC_PAGESIZE);
    return 0;
}

static int send_command(struct heal_lab *lab, unsigned node, struct heal_note note) {
    note.sequence = ++lab->node[node].sequence;
    return heal_note_send(lab->node[node].command, &note);
}

/* The result of the last command. That of one that was given up on may come before it. */
static int receive_result(struct heal_lab *lab, unsigned node) {
    heal_us begin = heal_lab_now(), passed;
    struct heal_note note;
    int r;

    do {
        passed = (heal_lab_now() - begin) / HEAL_US_PER_MS;
        r = passed < HEAL_NOTE_TIMEOUT_MS
                ? heal_note_receive(lab->node[node].command, HEAL_NOTE_TIMEOUT_MS - (int)passed, &note)
                : -ETIMEDOUT;
    } while (r == 0 && note.sequence != lab->node[node].sequence);
    return r < 0 ? r : note.number;
}

/* Sends a command to a node's init. @return its result. */
static int command(struct heal_lab *lab, unsigned node, struct heal_note note) {
    int r;

    if (node >= lab->topology.nodes)
        return -EINVAL;
    r = send_command(lab, node, note);
    return r < 0 ? r : receive_result(lab, node);
}

int heal_lab_command_all(struct heal_lab *lab, int kind) {
    struct heal_note note = {.kind = (enum heal_note_kind)kind};
    int r = 0;

    for (unsigned i = 0; r == 0 && i < lab->topology.nodes; i++)
        r = send_command(lab, i, note);
    for (unsigned i = 0; i < lab->topology.nodes; i++) {
        int result = r == 0 ? receive_result(lab, i) : 0;

        r = result < 0 ? result : r;
    }
    return r;
}

int heal_lab_node_signal(struct heal_lab *lab, unsigned node, int signal) {
    return command(lab, node, (struct heal_note){.kind = HEAL_NOTE_SIGNAL, .number = signal});
}

int heal_lab_node_kill(struct heal_lab *lab, unsigned node) {
    return command(lab, node, (struct heal_note){.kind = HEAL_NOTE_KILL});
}

int heal_lab_node_start(struct heal_lab *lab, unsigned node) {
    return command(lab, node, (struct heal_note){.kind = HEAL_NOTE_START});
}

int heal_lab_daemon_signal(struct heal_lab *lab, unsigned node, enum heal_lab_daemon daemon, int signal) {
    if (signal <= 0)
        return -EINVAL;
    return command(lab, node,
                   (struct heal_note){.kind = HEAL_NOTE_DAEMON, .number = (int)daemon, .signal = signal});
}

int heal_lab_daemon_pid(struct heal_lab *lab, unsigned node, enum heal_lab_daemon daemon) {
    return command(lab, node, (struct heal_note){.kind = HEAL_NOTE_DAEMON, .number = (int)daemon});
}

static bool has_service(const struct heal_lab *lab, unsigned node, const char *service) {
    for (unsigned i = 0; node < lab->topology.nodes && i < lab->topology.node[node].services; i++)
        if (strcmp(lab->topology.node[node].service[i], service) == 0)
            return true;
    return false;
}

static int service_command(struct heal_lab *lab, unsigned node, const char *service, struct heal_note note) {
    if (!has_service(lab, node, service))
        return -ENOENT;
    heal_name_copy(note.text, sizeof note.text, service);
    return command(lab, node, note);
}

int heal_lab_service_signal(struct heal_lab *lab, unsigned node, const char *service, int signal) {
    if (signal <= 0)
        return -EINVAL;
    return service_command(lab, node, service,
                           (struct heal_note){.kind = HEAL_NOTE_SERVICE, .signal = signal});
}

int heal_lab_service_start(struct heal_lab *lab, unsigned node, const char *service) {
    const char *const argv[] = {lab->worker, "service", "restart", service, NULL};
    int r = has_service(lab, node, service) ? heal_lab_exec(lab, (int)node, argv, NULL) : -ENOENT;

    return r > 0 ? -EIO : r;
}

int heal_lab_service_pid(struct heal_lab *lab, unsigned node, const char *service) {
    return service_command(lab, node, service, (struct heal_note){.kind = HEAL_NOTE_SERVICE});
}

int heal_lab_service_load(struct heal_lab *lab, unsigned node, const char *service, double cpu_share,
                          uint64_t leak_bytes_per_s) {
    return service_command(
        lab, node, service,
        (struct heal_note){.kind = HEAL_NOTE_SERVICE_LOAD, .share = cpu_share, .bytes = leak_bytes_per_s});
}
