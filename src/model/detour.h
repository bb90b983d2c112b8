/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The override routes that this node has in place: a destination, the way that it takes instead, and the
 * incident for whose sake. A kernel route of heald's protocol number that no detour claims is a leftover of
 * an earlier run and is removed.
 */
#ifndef HEAL_MODEL_DETOUR_H
#define HEAL_MODEL_DETOUR_H

#include "heal/command.h"

enum { HEAL_DETOURS_MAX = 128 };

struct heal_detour {
    struct heal_command_route route;
    uint64_t incident;
    heal_us ordered;
    bool seen; /**< the kernel has shown it */
};

struct heal_detours {
    size_t count;
    struct heal_detour detour[HEAL_DETOURS_MAX];
};

#endif
