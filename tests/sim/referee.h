/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * One machine that holds the whole mesh's graph, and judges it all at once: what the engines' verdicts are
 * compared with. It takes down what each port's inputs were at each tick of its node, from the features that
 * the engine shows.
 */
#ifndef HEAL_TESTS_SIM_REFEREE_H
#define HEAL_TESTS_SIM_REFEREE_H

#include "gnn/model.h"
#include "sim/sim.h"

struct referee;

/** @param model that the mesh was made with */
struct referee *referee_new(struct heal_sim *sim, const struct heal_gnn_model *model);
struct referee *referee_free(struct referee *referee);

/** Lets so much time pass, and compares all verdicts that come up. */
void referee_run(struct referee *referee, heal_us span);

/** What has been compared since the last call. */
struct referee_count {
    unsigned whole;     /**< that nothing was missing of */
    unsigned degraded;  /**< by the rules of what is left out */
    unsigned different; /**< of either, in a single bit */
    unsigned unknown;   /**< that rest on a tick which it has not taken down */
    unsigned plain;     /**< rounds of nodes that used features of no tick somewhere: not compared */
};
struct referee_count referee_count(struct referee *referee);

#endif
