/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Processes for the lab: started with a clean slate (signals, descriptors, a PATH that has the sbin folders),
 * by clone3 where namespaces or a pidfd are wanted, and waited for. One-threaded callers only.
 */
#ifndef HEAL_LAB_PROCESS_H
#define HEAL_LAB_PROCESS_H

#include "heal/types.h"

#include <sys/types.h>

/** Forks. @param flags CLONE_NEW… and the like. @param ret_pidfd may be NULL. @return as fork, or negative
 * errno. */
pid_t heal_process_clone(uint64_t flags, int *ret_pidfd);

/** Opens a pidfd of a child. @return it or negative errno. */
int heal_process_open(pid_t pid);
/** Signals through a pidfd. @return 0 or negative errno. */
int heal_process_signal(int pidfd, int signal);

/** In a new process: default signals, none blocked, and death with its parent. */
void heal_process_reset(void);
/** In a new process: makes these descriptors its 0, 1 and 2 (-1: /dev/null). */
void heal_process_descriptors(int input, int output, int error);

/** Becomes a program, found on PATH or in an sbin folder. @return only on failure, with a negative errno. */
int heal_process_become(const char *const *argv);

/** @return a descriptor to read @p text from, closed on exec, or negative errno. */
int heal_process_feed(const char *text);

/**
 * Runs a program here to its end; its output goes where this process's does.
 * @return its exit code, 128 + the signal that ended it, or a negative errno.
 */
int heal_process_run(const char *const *argv, const char *input);

/** Waits for a child. @return as heal_process_run. */
int heal_process_wait(pid_t pid);

#endif
