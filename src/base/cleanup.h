/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Cleanup by scope: `HEAL_CLEANUP(free_ptr)` runs a function on a variable when it goes out of scope, and
 * HEAL_STEAL hands its value over so that nothing is cleaned up.
 */
#ifndef HEAL_BASE_CLEANUP_H
#define HEAL_BASE_CLEANUP_H

#include <stdlib.h>

#define HEAL_CLEANUP(function) __attribute__((cleanup(function)))

/** Yields the pointer and leaves NULL behind. */
#define HEAL_STEAL(pointer)                                                                                  \
    __extension__({                                                                                          \
        __typeof__(pointer) heal_stolen_ = (pointer);                                                        \
        (pointer) = NULL;                                                                                    \
        heal_stolen_;                                                                                        \
    })

/** The number of elements of an array (not of a pointer). */
#define HEAL_COUNT(array) (sizeof(array) / sizeof((array)[0]))

static inline void heal_free_pointer(void *pointer_to_pointer) {
    free(*(void **)pointer_to_pointer);
}

#endif
