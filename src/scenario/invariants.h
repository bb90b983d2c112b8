/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What must hold in every scenario, whatever its script says; docs/policy.md has it in words ("What damps
 * what"). The simulation's own truth decides, not what an engine believes. A scenario owns one, all zero at
 * first; what is broken fails the script where and when that happens.
 */
#ifndef HEAL_SCENARIO_INVARIANTS_H
#define HEAL_SCENARIO_INVARIANTS_H

#include "sim/sim.h"

struct heal_scenario;

/* A remedy that a node has carried out on something; and one act of it on one thing. */
struct deed;
struct stroke;

struct heal_invariants {
    unsigned deeds, deeds_room, strokes, strokes_room;
    struct deed *deed;
    struct stroke *stroke;
    heal_us *sick_since; /* of each link, by the truth; 0: it is well */
};

/** A node's engine has ordered an act, which is about to be carried out. */
void heal_invariants_act(struct heal_invariants *invariants, struct heal_scenario *scenario, unsigned node,
                         const struct heal_command *command);
/** A second has passed. */
void heal_invariants_second(struct heal_invariants *invariants, struct heal_scenario *scenario);
/** All incidents are closed: nothing of heald's may be in place any more. */
void heal_invariants_rest(struct heal_scenario *scenario);

/** @return what of heald's is in place on a node, in a word, or NULL. */
const char *heal_invariants_in_place(const struct heal_sim *sim, unsigned node);
/** @return how many neighbours a node has over links that are well, by the truth. */
unsigned heal_invariants_neighbours(const struct heal_scenario *scenario, unsigned node);

/** Frees what it has. */
void heal_invariants_deinit(struct heal_invariants *invariants);

#endif
