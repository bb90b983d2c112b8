/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * By which neighbour a mesh led each of its nodes when it was last looked at, and by which before that: who
 * keeps one sees a way that flaps between two neighbours. Fixed memory, no I/O; the owner is who looks.
 */
#ifndef HEAL_OS_HOPS_H
#define HEAL_OS_HOPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HEAL_HOPS_MAX = 256 /**< nodes; beyond that, whoever was noted longest ago is forgotten */ };

struct heal_hop {
    uint8_t node[6];
    uint8_t via[6], before[6]; /**< before: zero where there was none */
    uint64_t noted;            /**< the how-manieth note was the last about it */
};

/** All zero: nothing is known. */
struct heal_hops {
    size_t count;
    uint64_t notes;
    struct heal_hop hop[HEAL_HOPS_MAX];
};

/** Notes that @p node is led by @p via now. @return whether it has come back to that from another. */
bool heal_hops_note(struct heal_hops *hops, const uint8_t node[6], const uint8_t via[6]);

#endif
