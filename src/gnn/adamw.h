/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The optimiser: Adam with decoupled weight decay (I. Loshchilov, F. Hutter, "Decoupled Weight Decay
 * Regularization", 2019) on a one-cycle schedule (L. N. Smith, N. Topin, "Super-Convergence", 2018): the rate
 * rises to its peak and falls to almost nothing, the momentum does the reverse. The ramps are smoothsteps,
 * which a cosine hardly differs from, and which is the same to the bit on every machine.
 */
#ifndef HEAL_GNN_ADAMW_H
#define HEAL_GNN_ADAMW_H

#include <stddef.h>
#include <stdint.h>

struct heal_adamw_settings {
    float rate;         /**< at the peak */
    float warm_up;      /**< the share of the steps in which the rate rises */
    float weight_decay; /**< times the rate, of every weight, each step */
    float norm_max;     /**< longer gradients are cut to it; 0: never */
};

struct heal_adamw;

/** @return for so many weights and steps; NULL: out of memory. */
struct heal_adamw *heal_adamw_new(const struct heal_adamw_settings *settings, size_t weights, uint32_t steps);
/** @return NULL. */
struct heal_adamw *heal_adamw_free(struct heal_adamw *adamw);

/** One step. @param gradient [weights] is cut in place to its largest norm */
void heal_adamw_step(struct heal_adamw *adamw, float *gradient, float *weights);

#endif
