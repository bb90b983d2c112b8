/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The real heald as a test runs it: in a network namespace of its own, with a folder of its own and one
 * service to watch. What it says is waited for; a wait that is in vain fails the test.
 */
#ifndef HEAL_TEST_PROGRAM_H
#define HEAL_TEST_PROGRAM_H

#include <stdbool.h>
#include <sys/types.h>

enum { PROGRAM_WAIT_MS = 15000 };

/** One heald and what it has said so far. */
struct program {
    char folder[64];
    pid_t pid;
    pid_t worker; /* the service that it watches; 0: does not run */
    int log;
    bool bare; /* it runs without any capability */
    size_t length;
    char text[1 << 16];
};

/** A fixture of the group: a namespace whose network nobody else sees; without one there is nothing to test.
 */
int program_enter_namespace(void **state);
/** Fixtures of a test: *state is a struct program with a folder and a configuration. */
int program_make(void **state);
int program_unmake(void **state);

/** Writes the path of a file in its folder. */
void program_path(const struct program *program, const char *name, char path[static 128]);
void program_write_file(const struct program *program, const char *name, const char *text);
/** Writes its configuration. @param more YAML for the end. */
void program_configure(const struct program *program, const char *more);

/** The service that is watched: runs, is killed. */
void program_start_worker(struct program *program);
void program_kill_worker(struct program *program);

/** Runs a shell command in the namespace. @return its exit code. */
int program_shell(const char *command);

/** Starts heald with its configuration and more arguments, NULL after the last. */
void program_start(struct program *program, const char *first, ...);
/** Starts a helper that listens, for a heald with the same configuration; it is heard, and ends, as heald is.
 */
void program_start_helper(struct program *program);
/** Waits until it has said this, since it started or was last told to forget. @return false: it has ended, or
 * said nothing for PROGRAM_WAIT_MS. */
bool program_hears(struct program *program, const char *words);
/** As program_hears; the test fails where it does not. */
void program_wait_for(struct program *program, const char *words);
void program_forget(struct program *program);
/** Waits for the end. @return its exit code, or 128 and the signal. */
int program_ending(struct program *program);
/** Ends it in order. @return as above. */
int program_stop(struct program *program);

#endif
