/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Programs put into namespaces that another process has, by its pidfd. The program becomes a direct child of
 * the caller, so that terminals, signals and exit codes work as with any child.
 */
#ifndef HEAL_LAB_PLACE_H
#define HEAL_LAB_PLACE_H

#include <stdbool.h>
#include <sys/types.h>

struct heal_place_program {
    int target;     /**< pidfd of who has the namespaces */
    bool with_user; /**< its user namespace is another one than the caller's */
    const char *const *argv;
    int input, output, error; /**< -1: /dev/null */
    const int *passed; /**< descriptors that stay open in the program, under their numbers; may be NULL */
    int passed_count;
    const char *socket; /**< the node's own heald, for healctl (HEALD_SOCKET); NULL: there is none */
    bool apart;         /**< in a session of its own, which a terminal's Ctrl-C does not reach */
};

/** @return 0; or a negative errno, among them that of exec. */
int heal_place_spawn(const struct heal_place_program *program, pid_t *ret_pid);

#endif
