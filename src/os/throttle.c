/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/throttle.h"

#include "base/text.h"
#include "os/keeper.h"
#include "os/process.h"
#include "os/quota.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PERIOD_US = 100000, FOLDER_MAX = 512 };
#define V1_ROOT "/sys/fs/cgroup/cpu"

struct heal_throttle {
    char own[FOLDER_MAX];             /* the cgroup that was made for this; empty: none */
    char state[HEAL_CONFIG_PATH_MAX]; /* where the note is of a given cgroup's quota; empty: none */
    char name[HEAL_NAME_MAX];
    struct heal_keeper *keeper;
    pid_t pid[HEAL_SERVICES_MAX * 4];
    size_t count;
    char words[80];
};

static int write_in(const char *folder, const char *file, const char *text) {
    char path[FOLDER_MAX + 32];
    snprintf(path, sizeof(path), "%s/%s", folder, file);
    return heal_small_file_write(path, text);
}

/* Of a cgroup of ours (version 1), which had none before. */
static int set_quota(const char *folder, float share) {
    char text[48];
    snprintf(text, sizeof(text), "%llu", (unsigned long long)heal_quota_of(share, PERIOD_US));
    return write_in(folder, "cpu.cfs_quota_us", text);
}

/* The service's own cgroup, given by the configuration: only its quota is touched. */
static int try_given(struct heal_throttle *throttle, const struct heal_throttle_options *options) {
    if (!options->cgroup[0]) {
        return -ENOENT;
    }
    struct heal_quota_note note = {options->state, options->name};
    unsigned version = 0;
    int r = heal_quota_lower(&note, options->cgroup, options->share, &version);
    if (r == 0) {
        heal_name_copy(throttle->state, sizeof(throttle->state), options->state);
        snprintf(throttle->words, sizeof(throttle->words), "by the quota of its cgroup (v%u)", version);
    }
    return r;
}

/* Where a process is in the hierarchy of version 1's cpu controller. /proc/PID/cgroup: "ID:cpu,…:/PATH". */
static int find_v1(pid_t pid, char *buffer, size_t size) {
    char path[32], text[4096];
    snprintf(path, sizeof(path), "/proc/%d/cgroup", (int)pid);
    if (heal_small_file_read(path, text, sizeof(text)) <= 0) {
        return -ESRCH;
    }
    char *rest = text;
    for (char *line; (line = strsep(&rest, "\n"));) {
        strsep(&line, ":");
        char *controllers = line ? strsep(&line, ":") : NULL;
        for (char *one; line && controllers && (one = strsep(&controllers, ","));) {
            if (strcmp(one, "cpu") == 0) {
                int length = snprintf(buffer, size, V1_ROOT "%s", strcmp(line, "/") == 0 ? "" : line);
                return length < (int)size ? 0 : -ENAMETOOLONG;
            }
        }
    }
    return -ENOENT;
}

static int move_all(const char *folder, const pid_t *pids, size_t count) {
    char text[16];
    int r = -ESRCH;
    for (size_t i = 0; i < count; i++) {
        snprintf(text, sizeof(text), "%d", (int)pids[i]);
        int one = write_in(folder, "cgroup.procs", text);
        r = one == 0 || r == -ESRCH ? one : r;
    }
    return r;
}

/* A cgroup of our own, below the one where the service is. In version 1 that disturbs nobody's book-keeping.
 */
static int try_own(struct heal_throttle *throttle, const struct heal_throttle_options *options) {
    char parent[FOLDER_MAX / 2];
    int r = find_v1(options->pids[0], parent, sizeof(parent));
    if (r < 0) {
        return r;
    }
    snprintf(throttle->own, sizeof(throttle->own), "%s/heald-%s", parent, options->name);
    if (mkdir(throttle->own, 0755) < 0 && errno != EEXIST) {
        r = -errno;
    } else {
        r = set_quota(throttle->own, options->share);
        r = r < 0 ? r : move_all(throttle->own, options->pids, options->count);
        if (r < 0) {
            rmdir(throttle->own);
        }
    }
    if (r < 0) {
        throttle->own[0] = '\0';
        return r;
    }
    heal_name_copy(throttle->words, sizeof(throttle->words), "by the quota of a cgroup of its own (v1)");
    return 0;
}

static void continue_all(const pid_t *pids, size_t count) {
    for (size_t i = 0; i < count; i++) {
        kill(pids[i], SIGCONT);
    }
}

static void on_keeper_done(void *context, int code) {
    struct heal_throttle *throttle = context;
    throttle->keeper = NULL;
    if (code < 0) {
        continue_all(throttle->pid, throttle->count); /* it was killed and may have left them stopped */
    }
}

static int try_keeper(struct heal_throttle *throttle, const struct heal_throttle_options *options) {
    struct heal_keeper_options keeper = {options->base, on_keeper_done, throttle};
    heal_name_copy(throttle->words, sizeof(throttle->words), "by stopping it for part of the time");
    return heal_keeper_throttle(&keeper, options->pids, options->count, options->share, &throttle->keeper);
}

int heal_throttle_start(const struct heal_throttle_options *options, struct heal_throttle **ret_throttle) {
    if (options->count == 0) {
        return -ESRCH;
    }
    struct heal_throttle *throttle = calloc(1, sizeof(*throttle));
    if (!throttle) {
        return -ENOMEM;
    }
    size_t most = sizeof(throttle->pid) / sizeof(throttle->pid[0]);
    throttle->count = options->count < most ? options->count : most;
    memcpy(throttle->pid, options->pids, throttle->count * sizeof(*options->pids));
    heal_name_copy(throttle->name, sizeof(throttle->name), options->name);
    int r = try_given(throttle, options);
    if (r < 0 && r != -EALREADY) {
        r = try_own(throttle, options);
        r = r < 0 ? try_keeper(throttle, options) : r;
    }
    if (r < 0) {
        free(throttle);
        return r;
    }
    *ret_throttle = throttle;
    return 0;
}

const char *heal_throttle_words(const struct heal_throttle *throttle) {
    return throttle->words;
}

/* Moves everyone out of a cgroup of ours and removes it. */
static int dissolve(const char *folder) {
    char path[FOLDER_MAX + 32], parent[FOLDER_MAX], text[4096];
    heal_name_copy(parent, sizeof(parent), folder);
    *strrchr(parent, '/') = '\0';
    snprintf(path, sizeof(path), "%s/cgroup.procs", folder);
    if (heal_small_file_read(path, text, sizeof(text)) > 0) {
        char *rest = text;
        for (char *line; (line = strsep(&rest, "\n"));) {
            if (line[0]) {
                write_in(parent, "cgroup.procs", line);
            }
        }
    }
    return rmdir(folder) < 0 ? -errno : 0;
}

struct heal_throttle *heal_throttle_lift(struct heal_throttle *throttle) {
    if (!throttle) {
        return NULL;
    }
    if (throttle->own[0]) {
        write_in(throttle->own, "cpu.cfs_quota_us", "-1");
        dissolve(throttle->own);
    }
    if (throttle->state[0]) {
        struct heal_quota_note note = {throttle->state, throttle->name};
        heal_quota_put_back(&note); /* where that fails the note stays, and it can be tried again */
    }
    heal_keeper_release(throttle->keeper);
    free(throttle);
    return NULL;
}

/* The cgroup of ours that a process is in. */
static bool find_left(const char *name, pid_t pid, char *folder, size_t size) {
    char wanted[HEAL_NAME_MAX + 16];
    snprintf(wanted, sizeof(wanted), "/heald-%s", name);
    if (find_v1(pid, folder, size) < 0) {
        return false;
    }
    size_t length = strlen(folder), tail = strlen(wanted);
    return length > tail && strcmp(folder + length - tail, wanted) == 0;
}

bool heal_throttle_is_left(const char *name, const pid_t *pids, size_t count) {
    char folder[FOLDER_MAX];
    for (size_t i = 0; i < count; i++) {
        if (find_left(name, pids[i], folder, sizeof(folder))) {
            return true;
        }
    }
    return false;
}

int heal_throttle_dissolve(const char *name, const pid_t *pids, size_t count) {
    char folder[FOLDER_MAX];
    int r = 0;
    for (size_t i = 0; i < count; i++) {
        if (find_left(name, pids[i], folder, sizeof(folder))) {
            r = dissolve(folder);
        }
    }
    return r;
}

int heal_throttle_undo(const char *name, const pid_t *pids, size_t count) {
    /* A keeper that was killed together with heald may have left them stopped. Where heald was killed before
     * the act, nobody has; that somebody else stopped them within that very moment is the lesser evil. */
    continue_all(pids, count);
    return heal_throttle_dissolve(name, pids, count);
}
