/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * All the trouble that is known here and is in the way of traffic, one's own and by the word of others: who
 * leads around one jammed link into the next has helped nobody, and moves everybody. A list, made once for
 * many questions.
 */
#ifndef HEAL_PLAN_TROUBLES_H
#define HEAL_PLAN_TROUBLES_H

#include "model/way.h"

struct heal_troubles {
    bool usable[HEAL_PORTS_MAX]; /**< by the place of the port: its neighbour is heard, and nothing is sick
                                    there */
    size_t count;
    struct heal_obstacle obstacle[HEAL_INCIDENTS_MAX + HEAL_REMOTES_MAX];
};

void heal_troubles_list(const struct heal_world *world, struct heal_troubles *ret_troubles);

/** @return whether the way from here through @p port to @p destination meets any. */
bool heal_troubles_meet(const struct heal_troubles *troubles, const struct heal_world *world,
                        const struct heal_port *port, const struct heal_prefix *destination);

#endif
