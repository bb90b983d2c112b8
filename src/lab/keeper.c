/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "lab/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab/air.h"
#include "lab/mounts.h"
#include "lab/node.h"
#include "lab/note.h"
#include "lab/process.h"
#include "lab/readable.h"

enum {
    KEEPER_LIFELINE = 3,      /* the descriptor's number in the keeper */
    START_TIMEOUT_MS = 60000, /* 64 nodes on a busy machine */
    STOP_TIMEOUT_MS = 10000,
};

/** A node as the keeper knows it while it makes it. */
struct making {
    int pidfd;
    pid_t pid;   /* in the lab's PID namespace */
    int channel; /* to its init, the keeper's end; becomes the owner's */
};

static int write_once(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    int r = 0;

    if (fd < 0)
        return -errno;
    if (write(fd, text, strlen(text)) < 0)
        r = -errno;
    close(fd);
    return r;
}

/* Root inside is who the owner is outside. */
static int map_user(const struct heal_lab *lab) {
    char map[64];
    int r = write_once("/proc/self/setgroups", "deny");

    snprintf(map, sizeof map, "0 %u 1", lab->uid);
    if (r == 0)
        r = write_once("/proc/self/uid_map", map);
    snprintf(map, sizeof map, "0 %u 1", lab->gid);
    return r == 0 ? write_once("/proc/self/gid_map", map) : r;
}

/* Lets go of all that the owner had open, other labs' namespaces among it. */
static void keep_only(const struct heal_lab *lab, int lifeline) {
    char path[HEAL_LAB_PATH_MAX];
    int log = open(heal_lab_file(lab, -1, "lab.log", path), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);

    lifeline = fcntl(lifeline, F_DUPFD_CLOEXEC, KEEPER_LIFELINE + 1);
    heal_process_descriptors(-1, log, log);
    dup3(lifeline, KEEPER_LIFELINE, O_CLOEXEC);
    close_range(KEEPER_LIFELINE + 1, ~0U, 0);
}

static int start_init(const struct heal_lab *lab, unsigned node, struct making *making) {
    int ends[2];
    int r = heal_note_pair(ends);

    if (r < 0)
        return r;
    making->pid =
        heal_process_clone(CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWUTS, &making->pidfd);
    if (making->pid == 0)
        _exit(heal_node_run(lab, node, ends[1]) < 0);
    close(ends[1]);
    making->channel = ends[0];
    return making->pid < 0 ? making->pid : 0;
}

/* Waits for a note of an init, and passes its failure on. */
static int expect(int channel, enum heal_note_kind kind, struct heal_note *ret_note) {
    int r = heal_note_receive(channel, START_TIMEOUT_MS, ret_note);

    if (r < 0)
        return heal_note_fail(KEEPER_LIFELINE, r, "a node's init did not come up: %s", strerror(-r));
    if (ret_note->kind == HEAL_NOTE_FAILED) {
        (void)heal_note_send(KEEPER_LIFELINE, ret_note);
        return ret_note->number < 0 ? ret_note->number : -EIO;
    }
    return ret_note->kind == kind ? 0 : heal_note_fail(KEEPER_LIFELINE, -EPROTO, "a node's init is confused");
}

static int make_nodes(const struct heal_lab *lab, struct making *making, pid_t *pids) {
    struct heal_note note;
    int r = 0;

    for (unsigned i = 0; r == 0 && i < lab->topology.nodes; i++) {
        r = start_init(lab, i, &making[i]);
        if (r < 0)
            return heal_note_fail(KEEPER_LIFELINE, r, "making the namespaces of node %s: %s",
                                  lab->topology.node[i].name, strerror(-r));
        pids[i] = making[i].pid;
    }
    for (unsigned i = 0; r == 0 && i < lab->topology.nodes; i++)
        r = expect(making[i].channel, HEAL_NOTE_PREPARED, &note);
    return r;
}

static int configure_nodes(const struct heal_lab *lab, const struct making *making) {
    struct heal_note note = {.kind = HEAL_NOTE_CONFIGURE};
    int r = 0;

    for (unsigned i = 0; r == 0 && i < lab->topology.nodes; i++)
        r = heal_note_send(making[i].channel, &note);
    for (unsigned i = 0; r == 0 && i < lab->topology.nodes; i++) {
        r = expect(making[i].channel, HEAL_NOTE_NODE, &note);
        if (r < 0)
            break;
        note.number = (int)i;
        note.fd[note.fds++] = making[i].pidfd;
        note.fd[note.fds++] = making[i].channel;
        r = heal_note_send(KEEPER_LIFELINE, &note);
        for (int fd = 0; fd < note.fds; fd++)
            close(note.fd[fd]);
    }
    return r;
}

static int make_all(const struct heal_lab *lab) {
    struct making making[HEAL_LAB_NODES_MAX];
    struct heal_note ready = {.kind = HEAL_NOTE_READY};
    pid_t pids[HEAL_LAB_NODES_MAX];
    const char *failed;
    int r = lab->with_user ? map_user(lab) : 0;

    if (r < 0)
        return heal_note_fail(KEEPER_LIFELINE, r, "mapping the user into a user namespace: %s", strerror(-r));
    r = heal_mounts_make(lab->folder, &failed);
    if (r < 0)
        return heal_note_fail(KEEPER_LIFELINE, r, "%s: %s", failed, strerror(-r));
    r = heal_air_prepare();
    if (r < 0)
        return heal_note_fail(KEEPER_LIFELINE, r, "switching IPv6 off in the air: %s", strerror(-r));
    r = make_nodes(lab, making, pids);
    if (r < 0)
        return r;
    r = heal_air_wire(&lab->topology, pids, &failed);
    if (r < 0)
        return heal_note_fail(KEEPER_LIFELINE, r, "%s: %s (more in %s/lab.log)", failed, strerror(-r),
                              lab->folder);
    r = configure_nodes(lab, making);
    return r == 0 ? heal_note_send(KEEPER_LIFELINE, &ready) : r;
}

static bool owner_is_gone(int timeout_ms) {
    return heal_readable_wait(KEEPER_LIFELINE, timeout_ms) == 0;
}

/* PID 1 of the lab. Never returns. */
static void keeper_main(const struct heal_lab *lab, int lifeline) {
    heal_process_reset();
    keep_only(lab, lifeline);
    (void)setsid(); /* a terminal's Ctrl-C is the owner's business */
    prctl(PR_SET_NAME, "heal-lab");
    umask(022);
    if (owner_is_gone(0) || make_all(lab) < 0)
        _exit(1);
    /* Nobody waits here for anything any more: the kernel may reap. */
    signal(SIGCHLD, SIG_IGN);
    while (!owner_is_gone(-1))
        continue;
    _exit(0);
}

static int clone_keeper(struct heal_lab *lab, struct heal_error *error) {
    /* UTS, too: who is placed into the air joins all of these, and may join none of the host's. */
    const uint64_t flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWUTS;
    int ends[2];
    int r = heal_note_pair(ends);

    if (r < 0)
        return heal_error_set(error, r, 0, 0, "socketpair: %s", strerror(-r));
    lab->with_user = true;
    lab->keeper = heal_process_clone(flags | CLONE_NEWUSER, &lab->keeper_fd);
    if (lab->keeper < 0 && lab->uid == 0) {
        /* Where user namespaces are switched off root can do without. */
        lab->with_user = false;
        lab->keeper = heal_process_clone(flags, &lab->keeper_fd);
    }
    if (lab->keeper == 0)
        keeper_main(lab, ends[1]);
    close(ends[1]);
    lab->lifeline = ends[0];
    if (lab->keeper < 0)
        return heal_error_set(error, lab->keeper, 0, 0,
                              "user namespaces are not to be had here (%s): see sysctl "
                              "kernel.unprivileged_userns_clone, user.max_user_namespaces and AppArmor, or "
                              "run it as root",
                              strerror(-lab->keeper));
    return 0;
}

static void take_node(struct heal_lab *lab, const struct heal_note *note) {
    struct heal_lab_node *node = &lab->node[note->number];

    node->network = note->fd[0];
    node->routes = note->fd[1];
    node->init = note->fd[2];
    node->command = note->fd[3];
}

int heal_lab_keeper_start(struct heal_lab *lab, struct heal_error *error) {
    struct heal_note note;
    int r = clone_keeper(lab, error);

    if (r < 0)
        return r;
    for (;;) {
        r = heal_note_receive(lab->lifeline, START_TIMEOUT_MS, &note);
        if (r < 0)
            return heal_error_set(error, r, 0, 0, "the lab did not come up: %s (more in %s/lab.log)",
                                  strerror(-r), lab->folder);
        if (note.kind == HEAL_NOTE_FAILED)
            return heal_error_set(error, note.number, 0, 0, "%s", note.text);
        if (note.kind == HEAL_NOTE_READY)
            return 0;
        if (note.kind == HEAL_NOTE_NODE && note.fds == HEAL_NOTE_FDS_MAX)
            take_node(lab, &note);
    }
}

int heal_lab_keeper_stop(struct heal_lab *lab) {
    int r;

    if (lab->lifeline >= 0)
        close(lab->lifeline);
    lab->lifeline = -1;
    if (lab->keeper <= 0)
        return 0;
    (void)heal_process_signal(lab->keeper_fd, SIGKILL);
    /* The keeper's end waits for that of everything in its PID namespace. */
    r = heal_readable_wait(lab->keeper_fd, STOP_TIMEOUT_MS);
    if (r == 0)
        (void)waitpid(lab->keeper, NULL, 0);
    close(lab->keeper_fd);
    lab->keeper = 0;
    return r;
}
