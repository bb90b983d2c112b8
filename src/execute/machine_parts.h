/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The insides of the step machine: one step under way, as machine.c takes it from state to state and
 * holding.c judges what is in place. All of it is borrowed for one update.
 */
#ifndef HEAL_EXECUTE_MACHINE_PARTS_H
#define HEAL_EXECUTE_MACHINE_PARTS_H

#include "execute/machine.h"

/** One step under way, with all that its transitions touch. */
struct heal_run {
    const struct heal_machine *machine;
    struct heal_world *world;
    struct heal_incident *incident;
    struct heal_step_status *view;
    struct heal_step *step;
    const struct heal_remedy_rule *rule;
};

#endif
