/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Holds a lab: claims its folder, makes the lab, waits until its routes lead everywhere, starts the traffic,
 * serves its control socket, and ends it all. The process that does so is the one that the lab dies with.
 */
#ifndef HEAL_HEALCTL_LAB_HOLDER_H
#define HEAL_HEALCTL_LAB_HOLDER_H

#include <stdio.h>

#include "control/server.h"

/** What is wanted. */
struct heal_holder_plan {
    const struct heal_topology *topology;
    struct heal_lab_options options;
    bool with_traffic;
    FILE *progress; /**< gets a line a step */
};

struct heal_holder {
    char folder[HEAL_LAB_PATH_MAX];
    struct heal_control_server *server;
    struct heal_lab *lab;
    struct heal_faults *faults;
    enum heal_mode mode;
    heal_us took; /**< until the routes led everywhere */
};

/** @return 0, or a negative errno with words in @p error; then there is nothing to end. */
int heal_holder_start(const struct heal_holder_plan *plan, struct heal_holder *holder,
                      struct heal_error *error);
/** Serves until a signal (interrupt, termination, hangup) or a client says that it is over. @return 0 or
 * negative errno. */
int heal_holder_serve(struct heal_holder *holder);
/** Ends the lab and waits until it is gone. */
void heal_holder_end(struct heal_holder *holder);

#endif
