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
    bool mode_unkept; /**< an order to change the mode is on record that no longer holds */
    /* gossip */
    bool gossip_left;             /**< some of it did not fit into the round's output */
    size_t links_next, news_next; /**< the port, the incident that it goes on with */
    bool paths_dirty, paths_left;
    uint32_t detours_told; /**< the revision of the detours that the paths told speak of */
    size_t paths_next;
    heal_us paths_sent; /**< the set was last begun to be told */
    uint64_t paths_digest;
    /* memory */
    bool baselines_left;
    heal_us baselines_kept;
    struct heal_port port[]; /**< the world's */
};

#endif
