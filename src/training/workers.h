/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Threads for the trainer, which live as long as the object does. What they work out is the same however many
 * there are (gnn/trainer.h).
 */
#ifndef HEAL_TRAINING_WORKERS_H
#define HEAL_TRAINING_WORKERS_H

#include "gnn/trainer.h"

enum { HEAL_WORKERS_MAX = 64 };

struct heal_workers;

/** @param threads whoever asks being one of them; 0: as many as this process has processors
 * @return NULL: out of memory. Where no thread can be made, whoever asks does the work alone. */
struct heal_workers *heal_workers_new(unsigned threads);
/** @return NULL. */
struct heal_workers *heal_workers_free(struct heal_workers *workers);
/** How the trainer sees them. */
struct heal_gnn_workers heal_workers_of(struct heal_workers *workers);

#endif
