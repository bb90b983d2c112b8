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

enum { HEAL_DETOURS_MAX = 128, HEAL_DETOUR_TURNS_MAX = 256 };

struct heal_detour {
    struct heal_command_route route;
    uint64_t incident;
    heal_us ordered;           /**< 0: not yet */
    bool seen;                 /**< the kernel has it, as far as is known */
    heal_us shown_at;          /**< it was last seen; 0: never */
    heal_us gone_at;           /**< since when it no longer is; 0: it is, or never was */
    heal_us announced;         /**< the neighbours are told since that it will be by `next`; 0: none is */
    struct heal_port_key next; /**< the way that it will take */
    heal_us leaving;           /**< since when it waits until the daemon's way comes back here no more */
};

/* A detour was put in place: how often that may be for one incident and one destination has a limit. */
struct heal_detour_turn {
    uint64_t incident;
    struct heal_prefix destination;
    heal_us at;
};

struct heal_detours {
    size_t turns, next_turn; /**< a ring; the oldest makes room */
    struct heal_detour_turn turn[HEAL_DETOUR_TURNS_MAX];
    uint32_t revision; /**< counts what changes the paths that the neighbours are told */
    size_t count;
    struct heal_detour detour[HEAL_DETOURS_MAX];
};

/** @return whether the kernel leads a destination by a detour, whatever the incident. */
static inline bool heal_detours_lead(const struct heal_detours *detours,
                                     const struct heal_prefix *destination) {
    for (size_t i = 0; i < detours->count; i++)
        if (detours->detour[i].seen && heal_prefix_equal(&detours->detour[i].route.prefix, destination))
            return true;
    return false;
}

/** @return whether one is announced that is not ordered yet. */
static inline bool heal_detours_wait(const struct heal_detours *detours) {
    for (size_t i = 0; i < detours->count; i++)
        if (detours->detour[i].announced != 0)
            return true;
    return false;
}

/** @return the port that a destination will be led to, though the kernel does not show it yet; NULL: none. */
static inline const struct heal_port_key *heal_detours_coming(const struct heal_detours *detours,
                                                              const struct heal_prefix *destination) {
    for (size_t i = 0; i < detours->count; i++) {
        const struct heal_detour *detour = &detours->detour[i];
        if (!heal_prefix_equal(&detour->route.prefix, destination))
            continue;
        if (detour->announced != 0)
            return &detour->next;
        if (!detour->seen && detour->gone_at == 0)
            return &detour->route.via;
    }
    return NULL;
}

#endif
