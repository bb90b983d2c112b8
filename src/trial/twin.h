/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Twins: the same mesh twice at the same time, once with heald on its nodes and once with babeld alone, under
 * the same traffic and the same faults. What differs between them is heald.
 */
#ifndef HEAL_TRIAL_TWIN_H
#define HEAL_TRIAL_TWIN_H

#include "fault/faults.h"
#include "lab/traffic.h"

enum heal_twin_side { HEAL_TWIN_WITH, HEAL_TWIN_WITHOUT, HEAL_TWINS };

struct heal_twin {
    char folder[HEAL_TWINS][HEAL_LAB_PATH_MAX]; /**< removed at the end */
    struct heal_lab *lab[HEAL_TWINS];
    struct heal_faults *faults[HEAL_TWINS];
};

struct heal_twin_options {
    uint64_t seed; /**< of the radios' fading */
    bool (*go_on)(
        void *context); /**< asked each second while the routes settle; false: give up. NULL: never */
    void *context;
};

/**
 * Makes both labs, in folders of their own, waits until both have their routes, and starts the traffic. The
 * twin is closed by heal_twin_close also after a failure.
 * @return 0; -EINTR: go_on said no; or another negative errno; each with @p error.
 */
int heal_twin_open(const struct heal_topology *topology, const struct heal_twin_options *options,
                   struct heal_twin *ret_twin, struct heal_error *error);
void heal_twin_close(struct heal_twin *twin);

/** Does what is due in both. Call it at least every 50 ms. */
void heal_twin_tick(struct heal_twin *twin);

/** Applies a fault to both. @param ret_handle one a side. @return 0 or negative errno, nothing left behind.
 */
int heal_twin_apply(struct heal_twin *twin, const struct heal_fault *fault, int ret_handle[static HEAL_TWINS],
                    struct heal_error *error);
void heal_twin_undo(struct heal_twin *twin, const int handle[static HEAL_TWINS]);

/**
 * What a side's traffic suffered from @p from up to @p to: packets lost, and those so late that they count as
 * lost (HEAL_TRAFFIC_LATE_US). @param ret_sent may be NULL.
 */
uint64_t heal_twin_harm(const struct heal_twin *twin, enum heal_twin_side side, heal_us from, heal_us to,
                        uint64_t *ret_sent);

#endif
