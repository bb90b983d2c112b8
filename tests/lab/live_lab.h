/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * For tests in a real lab: it is opened once, with its traffic and its set of faults, and everything is
 * waited for while the faults' clock goes on.
 */
#ifndef HEAL_TEST_LIVE_LAB_H
#define HEAL_TEST_LIVE_LAB_H

#include "fault/faults.h"
#include "lab/traffic.h"

enum { LIVE_SKIP = 77, LIVE_PATIENCE_MS = 20000 };

struct live_lab {
    uint64_t seed; /**< of its radios, before it is opened */
    char folder[HEAL_LAB_PATH_MAX];
    struct heal_lab *lab;
    struct heal_faults *faults;
};

/** Opens a lab of a topology with babeld alone in a new folder below /tmp. @return 0, or negative errno with
 * the reason in @p error. */
int live_open(struct live_lab *live, const char *topology, struct heal_error *error);
/** Closes it and removes its folder. */
void live_close(struct live_lab *live);

/** Ticks the faults until @p happened says so. @return false if that takes more than @p ms. */
bool live_wait(struct live_lab *live, bool (*happened)(struct live_lab *live, void *context), void *context,
               unsigned ms);

/** Applies the fault that the words say. @return its handle; a failure fails the test. */
int live_apply(struct live_lab *live, const char *words);
/** Waits until a fault is verified, and prints what was measured; fails the test if it never is. */
void live_verify(struct live_lab *live, int handle, struct heal_fault_measured *ret_measured);
void live_undo(struct live_lab *live, int handle);

/** Waits until a flow has sent at least so many packets after @p from, and what was sent can have arrived.
 * @return what became of them. */
struct heal_traffic_count live_traffic(struct live_lab *live, unsigned flow, heal_us from, uint64_t least);
/** @return the share that a flow lost of at least 60 packets from now on. */
double live_lost(struct live_lab *live, unsigned flow);

/** Runs a shell command in the lab and keeps what it says. @return its exit code. */
int live_shell(struct live_lab *live, int place, char *text, size_t size, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

#endif
