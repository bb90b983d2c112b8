/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The step machine: takes each planned step through record → act → verify → hold → undo, and ends its
 * incident when the trouble is over. A step's evidence and intent are durable before anything is done.
 */
#ifndef HEAL_EXECUTE_MACHINE_H
#define HEAL_EXECUTE_MACHINE_H

#include "model/remedy.h"

/** What the machine tells its owner, which gives the feedback. Both may be called within update. */
struct heal_machine_ear {
    void *context;
    void (*step_ended)(void *context, struct heal_incident *incident, size_t step, bool worked);
    void (*incident_closed)(void *context, struct heal_incident *incident);
};

struct heal_machine {
    const struct heal_remedy_rule *(*rule_of)(enum heal_remedy remedy);
    struct heal_machine_ear ear;
};

/** Takes every incident's step as far as it will go now. */
void heal_machine_update(const struct heal_machine *machine, struct heal_world *world);

/** Takes in the answer to a command. @return false if no step waits for it. */
bool heal_machine_result(struct heal_world *world, const struct heal_event_result *result);

#endif
