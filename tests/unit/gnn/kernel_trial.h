/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Random networks on random graphs, by a kernel of choice: all that comes of it, as one number. It needs
 * nothing but libc, so that it runs wherever a cross compiler reaches.
 */
#ifndef HEAL_TEST_KERNEL_TRIAL_H
#define HEAL_TEST_KERNEL_TRIAL_H

#include "gnn/kernel.h"

enum { KERNEL_TRIALS = 160, KERNEL_TRIAL_LEAVES = 100000 };

/** What every kernel makes of all trials: FNV-1a over kernel_trial's numbers, low byte first. */
static const uint32_t kernel_trials_golden = 0x3cf3d994;

/** One of KERNEL_TRIALS networks, of any shape, on a graph of any degrees up to 500, values at the extremes
 * included. @return FNV-1a over all states, logits, kinds and classes; 0: out of memory */
uint32_t kernel_trial(const struct heal_gnn_kernel *kernel, uint32_t trial);

/** A star of so many leaves. @return as kernel_trial */
uint32_t kernel_trial_star(const struct heal_gnn_kernel *kernel, uint32_t leaves);
static const uint32_t kernel_trial_star_golden = 0x17706814;

/** A network that was quantised, on a ring with chords. @return as kernel_trial */
uint32_t kernel_trial_quantised(const struct heal_gnn_kernel *kernel);
static const uint32_t kernel_trial_quantised_golden = 0x8fd84c61;

/** @return @p hash, with the bytes of a number taken in. The first hash is kernel_trial_begin. */
uint32_t kernel_trial_hash(uint32_t hash, uint32_t number);
static const uint32_t kernel_trial_begin = 2166136261U;

#endif
