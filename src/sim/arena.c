/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "sim/arena.h"

#include <errno.h>
#include <sys/mman.h>

/* Beyond that the holes in the engines, which huge pages fill, would take more memory than they save time. */
static const size_t huge_most = (size_t)2 << 30;

int heal_arena_init(struct heal_arena *arena, size_t places, size_t each) {
    if (each == 0 || places > ((size_t)-1 >> 1) / each)
        return -ENOMEM;
    size_t bytes = places * each;
    void *memory =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED)
        return -ENOMEM;
    if (bytes <= huge_most)
        (void)madvise(memory, bytes, MADV_HUGEPAGE); /* where the kernel has none it goes without */
    *arena = (struct heal_arena){.memory = memory, .bytes = bytes, .each = each};
    return 0;
}

void *heal_arena_at(const struct heal_arena *arena, size_t index) {
    return (char *)arena->memory + index * arena->each;
}

void heal_arena_deinit(struct heal_arena *arena) {
    if (arena->memory)
        (void)munmap(arena->memory, arena->bytes);
    *arena = (struct heal_arena){0};
}
