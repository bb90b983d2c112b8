/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Threads for the trainer: as many as there are processors, which live as long as the object does.
 */
#ifndef HEAL_BENCH_WORKERS_H
#define HEAL_BENCH_WORKERS_H

#include "gnn/trainer.h"

struct workers;

/** @param threads 0: as many as this process may use. @return NULL: out of memory, or no threads. */
struct workers *workers_new(unsigned threads);
/** @return NULL. */
struct workers *workers_free(struct workers *workers);
/** How the trainer sees them. */
struct heal_gnn_workers workers_of(struct workers *workers);

#endif
