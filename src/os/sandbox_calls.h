/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** The table behind the sandboxes: one row a system call, or one a way in which it may be called. */
#ifndef HEAL_OS_SANDBOX_CALLS_H
#define HEAL_OS_SANDBOX_CALLS_H

#include <stddef.h>
#include <stdint.h>

struct heal_sandbox_call {
    int number;       /**< SYS_… of this processor */
    uint8_t who;      /**< a bit for each enum heal_sandbox that may; 0: it kills, whoever does it */
    uint8_t argument; /**< where there is a mask: which argument it is about */
    uint32_t mask;    /**< 0: however it is called; else only where the argument's bits below the mask… */
    uint32_t value;   /**< …are these */
};

/** @return the rows. @param ret_count how many. */
const struct heal_sandbox_call *heal_sandbox_calls(size_t *ret_count);

#endif
