/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* A lab's life: what it is made of, how it comes up, and its end. */
#include "lab/lab.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "lab/clock.h"
#include "lab/keeper.h"
#include "lab/lab_state.h"
#include "lab/note.h"
#include "lab/process.h"
#include "lab/traffic.h"

/* What a Unix socket's path leaves for the lab's folder: "/" NODE "/babel.sock". */
enum { FOLDER_MAX = 107 - (HEAL_IFNAME_MAX - 1) - 12 };

const char *heal_lab_folder(const char *name, char buffer[static HEAL_LAB_PATH_MAX]) {
    const char *runtime = getenv("XDG_RUNTIME_DIR");

    if (runtime && runtime[0] == '/' && access(runtime, W_OK) == 0)
        snprintf(buffer, HEAL_LAB_PATH_MAX, "%s/heald-lab/%s", runtime, name);
    else
        snprintf(buffer, HEAL_LAB_PATH_MAX, "/tmp/heald-lab-%u/%s", geteuid(), name);
    return buffer;
}

const char *heal_lab_file(const struct heal_lab *lab, int node, const char *name,
                          char buffer[static HEAL_LAB_PATH_MAX]) {
    struct heal_text text;

    heal_text_init(&text, buffer, HEAL_LAB_PATH_MAX);
    heal_text_add(&text, "%s/", lab->folder);
    if (node >= 0)
        heal_text_add(&text, "%s%s", lab->topology.node[node].name, name[0] ? "/" : "");
    heal_text_add(&text, "%s", name);
    return buffer;
}

const struct heal_topology *heal_lab_topology(const struct heal_lab *lab) {
    return &lab->topology;
}

bool heal_lab_has_heald(const struct heal_lab *lab) {
    return lab->with_heald;
}

const char *heal_lab_worker(const struct heal_lab *lab) {
    return lab->worker;
}

/* A folder that is ours alone: others' files in it would be others' configuration of our programs. */
static int own_folder(const char *path, struct heal_error *error) {
    struct stat about;

    if (mkdir(path, 0700) < 0 && errno != EEXIST)
        return heal_error_set(error, -errno, 0, 0, "cannot make the folder %s: %s", path, strerror(errno));
    if (lstat(path, &about) < 0)
        return heal_error_set(error, -errno, 0, 0, "%s: %s", path, strerror(errno));
    if (!S_ISDIR(about.st_mode) || about.st_uid != geteuid())
        return heal_error_set(error, -EPERM, 0, 0, "%s is not a folder of this user", path);
    return 0;
}

int heal_lab_make_folder(const char *name, const char *wanted, char folder[static HEAL_LAB_PATH_MAX],
                         struct heal_error *error) {
    char path[HEAL_LAB_PATH_MAX], parent[HEAL_LAB_PATH_MAX], resolved[4096];
    char *slash;
    int r = 0;

    heal_name_copy(path, sizeof path, wanted ? wanted : heal_lab_folder(name, parent));
    heal_name_copy(parent, sizeof parent, path);
    slash = strrchr(parent, '/');
    if (slash && slash != parent && !wanted) {
        *slash = '\0';
        r = own_folder(parent, error);
    }
    if (r == 0)
        r = own_folder(path, error);
    if (r < 0)
        return r;
    if (!realpath(path, resolved))
        return heal_error_set(error, -errno, 0, 0, "%s: %s", path, strerror(errno));
    if (strlen(resolved) > FOLDER_MAX)
        return heal_error_set(error, -ENAMETOOLONG, 0, 0,
                              "%s: too long a path for the sockets in it (at most %d bytes)", resolved,
                              FOLDER_MAX);
    heal_name_copy(folder, HEAL_LAB_PATH_MAX, resolved);
    return 0;
}

/* Where a program of ours is: as given, by its variable, beside this program, or in ../bin from there. */
static int find_program(const char *given, const char *variable, const char *name, char *path, size_t size,
                        struct heal_error *error) {
    const char *wanted = given ? given : getenv(variable);
    char self[HEAL_LAB_PATH_MAX], candidate[HEAL_LAB_PATH_MAX], resolved[4096];
    ssize_t length;

    if (wanted && wanted[0]) {
        if (!realpath(wanted, resolved) || strlen(resolved) >= size)
            return heal_error_set(error, -ENOENT, 0, 0, "no program %s", wanted);
        heal_name_copy(path, size, resolved);
        return 0;
    }
    length = readlink("/proc/self/exe", self, sizeof self - 1);
    while (length > 0 && self[length] != '/')
        length--;
    for (size_t i = 0; length > 0 && i < 2; i++) {
        struct heal_text text;

        heal_text_init(&text, candidate, sizeof candidate);
        heal_text_add(&text, i == 0 ? "%.*s/%s" : "%.*s/../bin/%s", (int)length, self, name);
        if (!text.cut && access(candidate, X_OK) == 0 && realpath(candidate, resolved) &&
            strlen(resolved) < size) {
            heal_name_copy(path, size, resolved);
            return 0;
        }
    }
    return heal_error_set(error, -ENOENT, 0, 0, "no program %s beside this one; %s=PATH says where it is",
                          name, variable);
}

static bool is_installed(const char *name) {
    static const char *const folders[] = {"/usr/sbin", "/sbin",           "/usr/bin",
                                          "/bin",      "/usr/local/sbin", "/usr/local/bin"};
    char path[64];

    for (size_t i = 0; i < HEAL_COUNT(folders); i++) {
        snprintf(path, sizeof path, "%s/%s", folders[i], name);
        if (access(path, X_OK) == 0)
            return true;
    }
    return false;
}

static int need_tools(struct heal_error *error) {
    static const struct {
        const char *name, *package;
    } tool[] = {
        {"ip",     "iproute2"},
        {"nft",    "nftables"},
        {"babeld", "babeld"  },
    };
    char missing[120];
    struct heal_text text;

    heal_text_init(&text, missing, sizeof missing);
    for (size_t i = 0; i < HEAL_COUNT(tool); i++)
        if (!is_installed(tool[i].name))
            heal_text_add(&text, " %s", tool[i].package);
    if (text.length == 0)
        return 0;
    return heal_error_set(error, -ENOENT, 0, 0, "the lab needs what is not installed: apt install%s",
                          missing);
}

static int prepare(struct heal_lab *lab, const struct heal_lab_options *options, struct heal_error *error) {
    int r = need_tools(error);

    if (r == 0)
        r = find_program(options->worker, "HEAL_LAB_WORKER", "heal-lab-worker", lab->worker,
                         sizeof lab->worker, error);
    if (r == 0 && lab->with_heald)
        r = find_program(options->heald, "HEALD", "heald", lab->heald, sizeof lab->heald, error);
    if (r == 0)
        r = heal_lab_make_folder(lab->topology.name, options->folder, lab->folder, error);
    for (unsigned i = 0; r == 0 && i < lab->topology.nodes; i++) {
        r = heal_lab_write_files(lab, i);
        if (r < 0)
            return heal_error_set(error, r, 0, 0, "writing the files of node %s in %s: %s",
                                  lab->topology.node[i].name, lab->folder, strerror(-r));
    }
    return r;
}

static struct heal_lab *new_lab(const struct heal_topology *topology,
                                const struct heal_lab_options *options) {
    struct heal_lab *lab = calloc(1, sizeof *lab);

    if (!lab)
        return NULL;
    lab->topology = *topology;
    lab->with_heald = options->with_heald && !topology->babeld_alone;
    lab->mode = options->mode;
    lab->uid = geteuid();
    lab->gid = getegid();
    lab->lifeline = lab->keeper_fd = -1;
    for (unsigned i = 0; i < HEAL_LAB_NODES_MAX; i++)
        lab->node[i] = (struct heal_lab_node){.init = -1, .network = -1, .routes = -1, .command = -1};
    for (unsigned i = 0; i < HEAL_LAB_SPAWNED_MAX; i++)
        lab->spawned[i] = -1;
    if (options->heald_extra && !(lab->heald_extra = strdup(options->heald_extra))) {
        free(lab);
        return NULL;
    }
    return lab;
}

int heal_lab_open(const struct heal_topology *topology, const struct heal_lab_options *options,
                  struct heal_lab **ret_lab, struct heal_error *error) {
    HEAL_CLEANUP(heal_lab_close_pointer) struct heal_lab *lab = new_lab(topology, options);
    int r;

    if (!lab)
        return heal_error_set(error, -ENOMEM, 0, 0, "out of memory");
    r = prepare(lab, options, error);
    if (r == 0)
        r = heal_lab_keeper_start(lab, error);
    if (r < 0)
        return r;
    /* All at once, when all links are up: a routing daemon whose first hellos nobody hears takes long. */
    r = heal_lab_command_all(lab, HEAL_NOTE_START);
    if (r < 0)
        return heal_error_set(error, r, 0, 0, "starting the nodes' daemons: %s", strerror(-r));
    lab->started = heal_lab_now();
    *ret_lab = lab;
    lab = NULL;
    return 0;
}

static void close_descriptor(int *fd) {
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* The PID namespace's end waits until every child in it is reaped, also those that were put into it. */
static void reap_spawned(struct heal_lab *lab) {
    siginfo_t info;

    for (unsigned i = 0; i < HEAL_LAB_SPAWNED_MAX; i++) {
        if (lab->spawned[i] < 0)
            continue;
        (void)heal_process_signal(lab->spawned[i], SIGKILL);
        (void)waitid(P_PIDFD, (id_t)lab->spawned[i], &info, WEXITED);
        close_descriptor(&lab->spawned[i]);
    }
}

int heal_lab_end(struct heal_lab *lab) {
    heal_traffic_free(lab);
    reap_spawned(lab);
    for (unsigned i = 0; i < HEAL_LAB_NODES_MAX; i++) {
        close_descriptor(&lab->node[i].init);
        close_descriptor(&lab->node[i].network);
        close_descriptor(&lab->node[i].routes);
        close_descriptor(&lab->node[i].command);
    }
    return heal_lab_keeper_stop(lab);
}

struct heal_lab *heal_lab_close(struct heal_lab *lab) {
    if (!lab)
        return NULL;
    (void)heal_lab_end(lab);
    free(lab->heald_extra);
    free(lab);
    return NULL;
}

void heal_lab_close_pointer(struct heal_lab **lab) {
    (void)heal_lab_close(*lab);
}
