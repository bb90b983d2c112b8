/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The memory of all engines of a mesh, in one piece. A round visits every engine, and each is larger than a
 * processor's table of pages likes: in huge pages a thousand nodes take a tenth less time.
 */
#ifndef HEAL_SIM_ARENA_H
#define HEAL_SIM_ARENA_H

#include <stddef.h>

/** Zeroed; its owner gives it back with heal_arena_deinit. */
struct heal_arena {
    void *memory;
    size_t bytes, each;
};

/** @param each bytes of a place, a multiple of any type's alignment. @return 0 or -ENOMEM. */
int heal_arena_init(struct heal_arena *arena, size_t places, size_t each);
/** @return place @p index, all zero at first. */
void *heal_arena_at(const struct heal_arena *arena, size_t index);
void heal_arena_deinit(struct heal_arena *arena);

#endif
