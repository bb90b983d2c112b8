/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "lab/node.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "lab/clock.h"
#include "lab/mounts.h"
#include "lab/node_network.h"
#include "lab/note.h"
#include "lab/process.h"
#include "lab/service_pid.h"

enum { INIT_CHANNEL = 3, RESPAWN_MS = 1000 };

/** The init of one node. */
struct node {
    const struct heal_lab *lab;
    unsigned index;
    bool killed;                      /* nothing is started again until it is told to */
    pid_t pid[HEAL_LAB_DAEMONS];      /* 0: does not run */
    int64_t due_ms[HEAL_LAB_DAEMONS]; /* when to start it again; 0: not */
    int signals;
};

static const char *const daemon_names[HEAL_LAB_DAEMONS] = {
    [HEAL_LAB_BABELD] = "babeld", [HEAL_LAB_HEALD] = "heald"};

static int64_t now_ms(void) {
    return (int64_t)(heal_lab_now() / HEAL_US_PER_MS);
}

static bool has_daemon(const struct node *node, enum heal_lab_daemon daemon) {
    return daemon == HEAL_LAB_BABELD || node->lab->with_heald;
}

static int open_log(const struct node *node, const char *name) {
    char file[64], path[HEAL_LAB_PATH_MAX];

    snprintf(file, sizeof file, "%s.log", name);
    return open(heal_lab_file(node->lab, (int)node->index, file, path),
                O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

static pid_t start(const struct node *node, const char *name, const char *const *argv) {
    int log = open_log(node, name);
    pid_t pid = fork();

    if (pid == 0) {
        heal_process_reset();
        (void)setsid();
        heal_process_descriptors(-1, log, log);
        int r = heal_process_become(argv);
        fprintf(stderr, "%s: %s\n", argv[0], strerror(-r));
        _exit(127);
    }
    if (log >= 0)
        close(log);
    return pid;
}

static void start_daemon(struct node *node, enum heal_lab_daemon daemon) {
    char file[HEAL_LAB_PATH_MAX], socket[HEAL_LAB_PATH_MAX], decisions[HEAL_LAB_PATH_MAX];
    const char *const babeld[] = {"babeld", "-c", file, NULL};
    const char *const heald[] = {node->lab->heald, "--config", file, "--decisions", decisions, NULL};
    pid_t pid;

    node->due_ms[daemon] = 0;
    heal_lab_file(node->lab, (int)node->index, daemon == HEAL_LAB_BABELD ? "babeld.conf" : "heald.yaml",
                  file);
    heal_lab_file(node->lab, (int)node->index, "decisions", decisions);
    if (daemon == HEAL_LAB_BABELD) {
        /* babeld exits where these are left from one that was killed. */
        (void)unlink(heal_lab_file(node->lab, (int)node->index, "babel.sock", socket));
        (void)unlink("/run/babeld.pid");
    }
    pid = start(node, daemon_names[daemon], daemon == HEAL_LAB_BABELD ? babeld : heald);
    node->pid[daemon] = pid > 0 ? pid : 0;
    if (pid <= 0)
        node->due_ms[daemon] = now_ms() + RESPAWN_MS;
}

static void start_all(struct node *node) {
    const struct heal_topology_node *about = &node->lab->topology.node[node->index];

    node->killed = false;
    for (int daemon = 0; daemon < HEAL_LAB_DAEMONS; daemon++)
        if (has_daemon(node, (enum heal_lab_daemon)daemon) && node->pid[daemon] == 0)
            start_daemon(node, (enum heal_lab_daemon)daemon);
    for (unsigned i = 0; i < about->services; i++) {
        const char *const argv[] = {node->lab->worker, "service", "restart", about->service[i], NULL};

        (void)start(node, about->service[i], argv);
    }
}

static void reap(struct node *node) {
    struct signalfd_siginfo info;
    pid_t pid;

    (void)!read(node->signals, &info, sizeof info);
    while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
        for (int daemon = 0; daemon < HEAL_LAB_DAEMONS; daemon++) {
            if (node->pid[daemon] != pid)
                continue;
            node->pid[daemon] = 0;
            node->due_ms[daemon] = node->killed ? 0 : now_ms() + RESPAWN_MS;
        }
}

/* The process of a service, if it lives; 0: none. */
static pid_t service_pid(const char *service) {
    pid_t pid = heal_service_pid_read(service);

    return pid > 0 && kill(pid, 0) == 0 ? pid : 0;
}

static int signal_process(pid_t pid, int number) {
    if (number == 0)
        return pid;
    if (pid == 0)
        return -ESRCH;
    return kill(pid, number) < 0 ? -errno : 0;
}

static int load_service(const struct heal_note *note) {
    char path[sizeof note->text + 16];
    pid_t pid = service_pid(note->text);
    FILE *out;

    if (pid == 0)
        return -ESRCH;
    snprintf(path, sizeof path, "/run/%s.load", note->text);
    out = fopen(path, "we");
    if (!out)
        return -errno;
    fprintf(out, "cpu=%.3f leak=%llu\n", note->share, (unsigned long long)note->bytes);
    return fclose(out) != 0 ? -EIO : signal_process(pid, SIGHUP);
}

/* In a PID namespace, -1 is everyone but this process. */
static int signal_all(int number) {
    return kill(-1, number) < 0 && errno != ESRCH ? -errno : 0;
}

static int obey(struct node *node, const struct heal_note *note) {
    switch (note->kind) {
    case HEAL_NOTE_START:
        start_all(node);
        return 0;
    case HEAL_NOTE_KILL:
        node->killed = true;
        memset(node->due_ms, 0, sizeof node->due_ms);
        return signal_all(SIGKILL);
    case HEAL_NOTE_SIGNAL:
        return signal_all(note->number);
    case HEAL_NOTE_DAEMON:
        if (note->number < 0 || note->number >= HEAL_LAB_DAEMONS)
            return -EINVAL;
        return signal_process(node->pid[note->number], note->signal);
    case HEAL_NOTE_SERVICE:
        return signal_process(service_pid(note->text), note->signal);
    case HEAL_NOTE_ASK_ROUTES:
        return heal_node_network_ask_routes(&node->lab->topology, node->index);
    case HEAL_NOTE_SERVICE_LOAD:
        return load_service(note);
    case HEAL_NOTE_FAILED:
    case HEAL_NOTE_PREPARED:
    case HEAL_NOTE_CONFIGURE:
    case HEAL_NOTE_NODE:
    case HEAL_NOTE_READY:
    case HEAL_NOTE_RESULT:
        break;
    }
    return -EPROTO;
}

static int until_due_ms(const struct node *node) {
    int64_t least = -1;

    for (int daemon = 0; daemon < HEAL_LAB_DAEMONS; daemon++) {
        int64_t left = node->due_ms[daemon] - now_ms();

        if (node->due_ms[daemon] > 0 && (least < 0 || left < least))
            least = left > 0 ? left : 0;
    }
    return (int)least;
}

static void supervise(struct node *node) {
    struct pollfd wait[2] = {
        {.fd = INIT_CHANNEL,  .events = POLLIN},
        {.fd = node->signals, .events = POLLIN}
    };

    for (;;) {
        struct heal_note note;

        (void)poll(wait, HEAL_COUNT(wait), until_due_ms(node));
        if (wait[1].revents)
            reap(node);
        if (wait[0].revents) {
            if (heal_note_receive(INIT_CHANNEL, 0, &note) < 0)
                return;
            note = (struct heal_note){
                .kind = HEAL_NOTE_RESULT, .sequence = note.sequence, .number = obey(node, &note)};
            (void)heal_note_send(INIT_CHANNEL, &note);
        }
        for (int daemon = 0; daemon < HEAL_LAB_DAEMONS; daemon++)
            if (node->due_ms[daemon] > 0 && node->due_ms[daemon] <= now_ms())
                start_daemon(node, (enum heal_lab_daemon)daemon);
    }
}

static int prepare(const struct node *node) {
    const char *name = node->lab->topology.node[node->index].name;
    const char *failed;
    int r = heal_mounts_make(node->lab->folder, &failed);

    if (r < 0)
        return heal_note_fail(INIT_CHANNEL, r, "node %s: %s: %s", name, failed, strerror(-r));
    if (sethostname(name, strlen(name)) < 0)
        return heal_note_fail(INIT_CHANNEL, -errno, "node %s: setting its host name: %s", name,
                              strerror(errno));
    r = heal_node_network_prepare();
    if (r < 0)
        return heal_note_fail(INIT_CHANNEL, r, "node %s: setting its sysctls: %s", name, strerror(-r));
    return heal_note_send(INIT_CHANNEL, &(struct heal_note){.kind = HEAL_NOTE_PREPARED});
}

static int configure(const struct node *node) {
    const char *name = node->lab->topology.node[node->index].name;
    struct heal_note note;
    int r = heal_note_receive(INIT_CHANNEL, -1, &note);

    if (r < 0 || note.kind != HEAL_NOTE_CONFIGURE)
        return -EPIPE;
    r = heal_node_network_configure(&node->lab->topology, node->index);
    if (r < 0)
        return heal_note_fail(INIT_CHANNEL, r, "node %s: setting up its interfaces: %s", name, strerror(-r));
    note = (struct heal_note){.kind = HEAL_NOTE_NODE, .number = (int)node->index, .fds = 2};
    note.fd[0] = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    note.fd[1] = heal_node_network_routes();
    if (note.fd[0] < 0 || note.fd[1] < 0)
        return heal_note_fail(INIT_CHANNEL, -EIO, "node %s: no netlink socket", name);
    r = heal_note_send(INIT_CHANNEL, &note);
    close(note.fd[0]);
    close(note.fd[1]);
    return r;
}

int heal_node_run(const struct heal_lab *lab, unsigned index, int channel) {
    struct node node = {.lab = lab, .index = index};
    sigset_t children;
    int log = open_log(&node, "init");
    int r;

    heal_process_reset();
    (void)setsid();
    prctl(PR_SET_NAME, "heal-node");
    channel = fcntl(channel, F_DUPFD_CLOEXEC, INIT_CHANNEL + 1);
    heal_process_descriptors(-1, log, log);
    dup3(channel, INIT_CHANNEL, O_CLOEXEC);
    close_range(INIT_CHANNEL + 1, ~0U, 0);
    r = prepare(&node);
    if (r == 0)
        r = configure(&node);
    if (r < 0)
        return r;
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    sigprocmask(SIG_BLOCK, &children, NULL);
    node.signals = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
    if (node.signals < 0)
        return -errno;
    supervise(&node);
    return -EPIPE;
}
