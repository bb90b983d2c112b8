/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * For tests on a live kernel: a user and network namespace of their own, an event loop that is run until
 * something has happened, and a notebook of readings.
 */
#ifndef HEAL_TEST_LIVE_H
#define HEAL_TEST_LIVE_H

#include "os/source.h"

#include <event2/event.h>

enum { LIVE_SKIP = 77, LIVE_NOTES = 16384, LIVE_PATIENCE_MS = 20000 };

/** Enters new namespaces (user, mount, network), as root in them; ends the program with 77 where it may not.
 */
void live_enter(void);

/** Runs a shell command; a failure fails the test. */
void live_run(const char *format, ...) __attribute__((format(printf, 1, 2)));
/** @return its exit status. */
int live_try(const char *format, ...) __attribute__((format(printf, 1, 2)));
/** @return whether a program can be found. */
bool live_has(const char *program);

/** @return the monotonic clock. */
heal_us live_now(void);

/** Runs the loop until @p happened says so. @return false if that takes more than @p ms. */
bool live_wait(struct event_base *base, bool (*happened)(void *context), void *context, unsigned ms);

/** @return the number after @p name in /proc/PID/status, written to @p base. */
unsigned long long live_status(pid_t pid, const char *name, int base);
/** @return how many descriptors this program has open. */
size_t live_descriptors(void);

struct live_notes {
    size_t count;
    struct heal_reading reading[LIVE_NOTES];
};

void live_note(void *context, const struct heal_reading *reading);

/** @return the last reading that @p match accepts, or NULL. */
const struct heal_reading *live_find(const struct live_notes *notes,
                                     bool (*match)(const struct heal_reading *reading, const void *argument),
                                     const void *argument);

/** Accepts a kernel route by its prefix as text. */
bool live_is_fib(const struct heal_reading *reading, const void *prefix);
/** Accepts a link by its name. */
bool live_is_link(const struct heal_reading *reading, const void *ifname);

#endif
