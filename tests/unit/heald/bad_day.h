/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** What is to befall a program (bad_day.c), in memory that it shares with its test. */
#ifndef HEAL_TEST_BAD_DAY_H
#define HEAL_TEST_BAD_DAY_H

#include <stdint.h>
#include <sys/types.h>

struct bad_day {
    int64_t wall_s, boot_s; /**< so far the wall clock, and that of the boot, are ahead */
    uint64_t fail_at;       /**< the first call for memory that fails; 0: none */
    uint64_t fail_count;    /**< how many in a row do */
    uint64_t calls;         /**< so many there were */
    pid_t process;          /**< whose they are */
};

#endif
