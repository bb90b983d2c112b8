/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What a fault harms, and whether the harm is over: judged from outside, by the traffic or by what the sick
 * process does, never by what heald says.
 */
#ifndef HEAL_TRIAL_HARM_H
#define HEAL_TRIAL_HARM_H

#include "trial/twin.h"

enum heal_harm_kind {
    HEAL_HARM_TRAFFIC, /**< a flow loses more than 2 % of its packets (late ones count) in half a second */
    HEAL_HARM_SERVICE, /**< the service does not run */
    HEAL_HARM_CPU,     /**< the service burns more than half of what the fault has it burn */
    HEAL_HARM_MEMORY,  /**< the process that leaks still runs */
};

struct heal_harm {
    enum heal_harm_kind kind;
    const struct heal_fault *fault;
    heal_us looked; /**< up to when */
    heal_us last;   /**< the end of the last half second with harm; 0: none yet */
    int process;    /**< the service's at the beginning */
    double burnt_s; /**< CPU: by the service, at the last look */
};

/** Begins to watch the side with heald. @param fault must outlive it. */
void heal_harm_begin(struct heal_harm *harm, enum heal_harm_kind kind, const struct heal_fault *fault,
                     const struct heal_twin *twin, heal_us now);

/** Looks at what has become known since the last time. */
void heal_harm_look(struct heal_harm *harm, const struct heal_twin *twin, heal_us now);

#endif
