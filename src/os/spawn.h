/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Runs a command: no shell, no inherited descriptors, a process group of its own, which is killed when its
 * time is up. What it starts in the background lives on. Its output goes to memory that stops growing when
 * it has ended; the last of it is kept.
 */
#ifndef HEAL_OS_SPAWN_H
#define HEAL_OS_SPAWN_H

#include "os/privilege.h"

#include "heal/types.h"

struct event_base;
struct heal_spawn;

enum { HEAL_SPAWN_OUTPUT_MAX = 800, HEAL_SPAWN_INPUT_MAX = 1 << 16 };

struct heal_spawn_result {
    int code; /**< 0: exit status 0; -ETIMEDOUT; -ECHILD: another status or a signal; or why it did not start
               */
    int exit_status;                        /**< -1: it did not exit by itself */
    int signal;                             /**< 0: none */
    char output[HEAL_SPAWN_OUTPUT_MAX + 1]; /**< the last of it, both streams, without control characters */
};

struct heal_spawn_options {
    struct event_base *base;
    char *const *argv; /**< NULL after the last; argv[0] is looked up in PATH and the usual sbin folders */
    const char *input; /**< for its standard input; NULL: none */
    const struct heal_user *user; /**< who it runs as; NULL: this process's user */
    heal_us timeout_us;
    void (*done)(void *context, const struct heal_spawn_result *result);
    void *context;
};

/**
 * Starts a command; `done` is called exactly once, later, from the event loop.
 * @param ret_spawn may be NULL. It is gone once `done` was called.
 * @return 0 or a negative errno, with `done` not called.
 */
int heal_spawn_start(const struct heal_spawn_options *options, struct heal_spawn **ret_spawn);

/** Kills its process group and forgets it without calling `done`. Takes NULL. @return NULL. */
struct heal_spawn *heal_spawn_cancel(struct heal_spawn *spawn);

/** Finds a program as heal_spawn_start does. @return 0 or -ENOENT. */
int heal_spawn_find(const char *name, char *buffer, size_t size);

#endif
