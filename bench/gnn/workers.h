/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Threads for the trainer: as many as this process has processors, which live as long as the object does.
 */
#ifndef HEAL_BENCH_WORKERS_H
#define HEAL_BENCH_WORKERS_H

#include "gnn/trainer.h"

struct workers;

/** @return NULL: out of memory. Where no thread can be made, whoever asks does the work alone. */
struct workers *workers_new(void);
/** @return NULL. */
struct workers *workers_free(struct workers *workers);
/** How the trainer sees them. */
struct heal_gnn_workers workers_of(struct workers *workers);

#endif
