/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The override routes that this node has in place: a destination, the way that it takes instead, and the
 * incident for whose sake. A kernel route of heald's protocol number that no detour claims is left over,
 * and is removed (plan/strays.h).
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

/** @return what the incident has for a destination; NULL: nothing. */
struct heal_detour *heal_detours_find(struct heal_detours *detours, uint64_t incident,
                                      const struct heal_prefix *destination);

/** @return whether an incident may have one more: there is room, and no other has one for the destination. */
bool heal_detours_has_room(const struct heal_detours *detours, uint64_t incident,
                           const struct heal_prefix *destination);

/** Takes one out; the last one takes its place. */
void heal_detours_forget(struct heal_detours *detours, struct heal_detour *detour);
/** What was announced for it is so no more; what was ordered stays. */
void heal_detours_call_off(struct heal_detours *detours, struct heal_detour *detour);

/** @return whether the kernel leads a destination by a detour, whatever the incident. */
bool heal_detours_lead(const struct heal_detours *detours, const struct heal_prefix *destination);

/** @return whether one is announced that is not ordered yet. */
bool heal_detours_wait(const struct heal_detours *detours);

/** @return the port that a destination will be led to, though the kernel does not show it yet; NULL: none. */
const struct heal_port_key *heal_detours_coming(const struct heal_detours *detours,
                                                const struct heal_prefix *destination);

#endif
