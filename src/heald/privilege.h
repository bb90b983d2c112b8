/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * How the daemon gives up its privileges, before it takes in a byte from outside: it finds or starts its
 * helper, becomes its user, gives up every capability, and enters its sandbox. Where part of that cannot be
 * had it says so, and goes on with what it has given up.
 */
#ifndef HEALD_PRIVILEGE_H
#define HEALD_PRIVILEGE_H

#include "heald/options.h"

#include <sys/types.h>

struct heald_privilege {
    int helper;          /**< a connection to the helper; -1: none */
    pid_t child;         /**< the helper, if it was started here; 0: it listens by itself */
    bool is_user;        /**< it is who the configuration says, with no capability that is not needed */
    bool is_filtered;    /**< the filter of system calls is in force */
    char words[200];     /**< as whom it runs, what could not be given up, and what to do about it */
    char no_helper[120]; /**< why there is no helper; empty: there is one */
};

/** @return 0; or a negative errno: it could not give up what it must, and may not go on. */
int heald_privilege_give_up(const struct heald_options *options, const struct heal_config *config,
                            struct heald_privilege *ret_privilege);

#endif
