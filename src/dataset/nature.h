/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What is normal in a mesh, drawn for each: how busy its nodes are, how far apart and how old its links, how
 * much they carry and how slow they are by nature; which nodes have no heald. Without it a model would learn
 * that every mesh is as our simulated one is by default.
 */
#ifndef HEAL_DATASET_NATURE_H
#define HEAL_DATASET_NATURE_H

#include "base/random.h"
#include "sim/sim.h"

struct heal_nature {
    float *age_s; /**< [links]: how old they were when the mesh began; owned */
};

/** Draws it for a mesh that has not run yet. @param radio the share of the links that have radios. @return 0
 * or -ENOMEM. */
int heal_nature_draw(struct heal_sim *sim, double radio, struct heal_random *random,
                     struct heal_nature *ret_nature);
void heal_nature_deinit(struct heal_nature *nature);

#endif
