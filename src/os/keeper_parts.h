/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The insides of keepers: how one is started (keeper.c) and what it does (keeper_bounce.c,
 * keeper_throttle.c).
 */
#ifndef HEAL_OS_KEEPER_PARTS_H
#define HEAL_OS_KEEPER_PARTS_H

#include "os/keeper.h"

enum { HEAL_KEEPER_PIDS_MAX = 64 };

struct heal_keeper_work {
    const char *name; /**< of the process, at most 15 bytes */
    /**
     * Runs in the child. @param lifeline reads as ended when heald has let go or is no more.
     * @return 0 or a negative errno above -120.
     */
    int (*run)(const struct heal_keeper_work *work, int lifeline);
    bool ends_at_once; /**< when let go */
    char ifname[HEAL_IFNAME_MAX];
    heal_us down_us;
    float share;
    size_t pids;
    pid_t pid[HEAL_KEEPER_PIDS_MAX];
};

int heal_keeper_begin(const struct heal_keeper_options *options, const struct heal_keeper_work *work,
                      struct heal_keeper **ret_keeper);

#endif
