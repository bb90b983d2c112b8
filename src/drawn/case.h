/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A case: a mesh, a fault of the table, its place, how bad it is, and when, all drawn from a seed. The same
 * seed and number give the same case on every machine.
 */
#ifndef HEAL_DRAWN_CASE_H
#define HEAL_DRAWN_CASE_H

#include "base/random.h"
#include "drawn/fault.h"

/** The directions of a link that a fault concerns. */
enum heal_drawn_ways { HEAL_DRAWN_THERE = 1, HEAL_DRAWN_BACK = 2, HEAL_DRAWN_BOTH = 3 };

struct heal_drawn_case {
    const struct heal_drawn_fault *fault;
    enum heal_sim_shape shape;
    unsigned nodes;
    bool radio;
    uint64_t seed;   /**< of the mesh, and of all that happens in it */
    heal_us moment;  /**< after the start, when all know what is normal */
    unsigned link;   /**< of a fault of a link */
    unsigned node;   /**< of a fault of a node; of a link: the end from which THERE leads */
    unsigned target; /**< another node */
    unsigned service;
    enum heal_drawn_ways ways;
    double how_bad, and;
};

/** Draws the @p number-th case of a seed: its fault's true name goes round through all that the table has.
 * @return 0 or -ENOMEM. */
int heal_drawn_case_draw(uint64_t seed, unsigned number, struct heal_drawn_case *ret_case);
/** Draws where the fault of a case is, and how bad it is, in the mesh of a plan. */
void heal_drawn_case_place(struct heal_drawn_case *of, const struct heal_sim_plan *plan,
                           struct heal_random *random);
/** The settings of every node of a drawn mesh: it acts on its own, with the built-in policy.
 * @param ports that one node has at most */
void heal_drawn_settings(unsigned ports, struct heal_settings *ret_settings);
/** Makes the mesh of a case. @return 0 or -ENOMEM. */
int heal_drawn_case_make(const struct heal_drawn_case *of, struct heal_sim **ret_sim);
/** Writes it in words. */
void heal_drawn_case_print(const struct heal_drawn_case *of, const struct heal_sim *sim, char *buffer,
                           size_t size);

/** @return whether a node is in the noisy region of a case. */
bool heal_drawn_case_in_region(const struct heal_drawn_case *of, const struct heal_sim *sim, unsigned node);
/** @return whether what an incident is about is sick: the place itself for a fault of a link; for one of a
 * node, @p strictly only the node, or also its links, whose trouble is its doing. */
bool heal_drawn_case_is_sick(const struct heal_drawn_case *of, const struct heal_sim *sim, const char *node,
                             const char *other, bool strictly);

#endif
