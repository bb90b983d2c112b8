/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Put under a program with LD_PRELOAD: clocks that jump, and memory that is not to be had. What is to happen
 * stands in a file (struct bad_day) that the test has mapped, too, named by BAD_DAY_FILE. */
#include "bad_day.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* glibc's own, which the names below stand before. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);

static struct bad_day nothing;

/* Before main, and before the first call of interest. */
static struct bad_day *day(void) {
    static struct bad_day *mapped;
    static int tried;

    if (tried)
        return mapped ? mapped : &nothing;
    tried = 1;
    const char *path = getenv("BAD_DAY_FILE");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *memory =
        file < 0 ? MAP_FAILED : mmap(NULL, sizeof *mapped, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (memory != MAP_FAILED)
        mapped = memory;
    return mapped ? mapped : &nothing;
}

/* Only the program's own process counts, not what it starts. */
static int fails(void) {
    struct bad_day *today = day();

    if (today->process != 0 && today->process != getpid())
        return 0;
    today->process = getpid();
    uint64_t call = __atomic_add_fetch(&today->calls, 1, __ATOMIC_RELAXED);
    int failing = today->fail_at != 0 && call >= today->fail_at && call < today->fail_at + today->fail_count;
    if (failing)
        errno = ENOMEM;
    return failing;
}

void *malloc(size_t size) {
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
    return fails() ? NULL : __libc_realloc(memory, size);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    int r = (int)syscall(SYS_clock_gettime, clock, time);

    if (r == 0 && clock == CLOCK_REALTIME)
        time->tv_sec += (time_t)day()->wall_s;
    if (r == 0 && clock == CLOCK_BOOTTIME)
        time->tv_sec += (time_t)day()->boot_s;
    return r;
}
