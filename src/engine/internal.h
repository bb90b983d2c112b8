/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The engine's own insides, shared by its files only.
 */
#ifndef HEAL_ENGINE_INTERNAL_H
#define HEAL_ENGINE_INTERNAL_H

#include "execute/machine.h"
#include "knowledge/feedback.h"

struct heal_engine {
    struct heal_world world;
    struct heal_knowledge knowledge;
    struct heal_machine machine;
    heal_us next_round;
    /* gossip */
    bool paths_dirty;
    heal_us paths_sent;
    uint64_t paths_digest;
    heal_us baselines_kept;
};

#endif
