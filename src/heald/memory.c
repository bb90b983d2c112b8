/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/memory.h"

#include "heald/options.h"

#include <event2/event.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <unistd.h>

/* Nothing that would allocate, nor what the program wanted to do at its end. */
static void *or_end(void *memory, size_t size) {
    static const char words[] = "heald: no memory is left: it ends, and is to be started anew\n";

    if (memory || size == 0)
        return memory;
    (void)!write(STDERR_FILENO, words, sizeof words - 1);
    _exit(HEALD_EXIT_INTERNAL);
}

static void *get(size_t size) {
    return or_end(malloc(size), size);
}

static void *resize(void *memory, size_t size) {
    return or_end(realloc(memory, size), size);
}

static void *crypto_get(size_t size, const char *file, int line) {
    (void)file, (void)line;
    return get(size);
}

static void *crypto_resize(void *memory, size_t size, const char *file, int line) {
    (void)file, (void)line;
    return resize(memory, size);
}

static void crypto_release(void *memory, const char *file, int line) {
    (void)file, (void)line;
    free(memory);
}

void heald_memory_guard(void) {
    event_set_mem_functions(get, resize, free);
    (void)CRYPTO_set_mem_functions(crypto_get, crypto_resize, crypto_release);
}
