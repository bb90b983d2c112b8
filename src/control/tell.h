/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Tells the nodes' heald on their admin sockets what is true (docs/detector.md): who makes a fault is a
 * witness of what the network says of it. It never waits: what a heald does not take within some seconds, for
 * it is stopped or gone, is said and given up.
 */
#ifndef HEAL_CONTROL_TELL_H
#define HEAL_CONTROL_TELL_H

#include "fault/fault.h"
#include "lab/lab.h"

enum { HEAL_TELLINGS_MAX = 128, HEAL_TELLING_NAME_MAX = 64 };

/** A connection on which somebody was told, until the answer comes. */
struct heal_telling_open {
    int fd; /**< below 0: a free place */
    heal_us deadline;
    char node[HEAL_TELLING_NAME_MAX];
};

struct heal_tell {
    struct heal_lab *lab; /**< the caller's */
    struct heal_telling_open open[HEAL_TELLINGS_MAX];
};

void heal_tell_init(struct heal_tell *tell, struct heal_lab *lab);
/** Closes what is open. */
void heal_tell_deinit(struct heal_tell *tell);

/** Tells each node at which a fault shows that it begins, or ends. Nothing where the lab has no heald, or the
 * fault is one that no port shows (heal_fault_shows). */
void heal_tell_fault(struct heal_tell *tell, const struct heal_fault *fault, bool begins);

/** Takes in the answers that have come; what was refused or is too late is said. */
void heal_tell_tick(struct heal_tell *tell, heal_us now);

#endif
