/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** The real heald-helper with a configuration of its own, and the test at the daemon's end of the connection.
 */
#ifndef HEAL_TEST_HELPER_PROGRAM_H
#define HEAL_TEST_HELPER_PROGRAM_H

#include "wire/helper_order.h"

#include <sys/types.h>

enum { HELPER_WAIT_MS = 15000 };

struct helper_program {
    char folder[64]; /**< with heald.yaml in it; the helper's own folder is "helper" below it */
    pid_t pid;
    int socket; /**< -1: it listens */
    uint32_t number;
};

/** Makes the folder and a configuration with @p more at its end. */
void helper_prepare(struct helper_program *program, const char *more);
/** Starts it, connected or listening. */
void helper_start(struct helper_program *program, bool connected);
/** Says hello; fails the test if it is not welcome. */
void helper_greet(struct helper_program *program);
/** Gives an order and waits for its answer. @return the answer's code. @param ret_file NULL: none is wanted.
 */
int helper_ask(struct helper_program *program, const struct heal_helper_order *order,
               struct heal_helper_answer *ret_answer, int *ret_file);
/** Has a command carried out. */
int helper_act(struct helper_program *program, const struct heal_command *command,
               struct heal_helper_answer *ret_answer);
/** Waits for its end. @return its exit code, or 128 and the signal. */
int helper_ending(struct helper_program *program);
/** Kills what is left and removes the folder. */
void helper_remove(struct helper_program *program);

#endif
