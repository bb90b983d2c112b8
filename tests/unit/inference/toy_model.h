/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** A model that nobody has trained: its verdicts mean nothing, and are as good as any to be compared. */
#ifndef HEAL_TEST_TOY_MODEL_H
#define HEAL_TEST_TOY_MODEL_H

#include "gnn/model.h"

enum { TOY_MODEL_ID = 0x70f };

/** @return the model of this seed, of TOY_MODEL_ID + seed; on the heap, the caller frees it. NULL: no memory.
 */
struct heal_gnn_model *toy_model_new(uint64_t seed);

#endif
