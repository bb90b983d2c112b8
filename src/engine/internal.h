/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The engine's own insides, shared by its files only.
 */
#ifndef HEAL_ENGINE_INTERNAL_H
#define HEAL_ENGINE_INTERNAL_H

#include "execute/machine.h"
#include "inference/inference.h"
#include "knowledge/feedback.h"
#include "knowledge/probation.h"

enum { HEAL_FAULTS_TOLD_MAX = 8 };

/** A fault that was made, by the word of who made it. */
struct heal_fault_told {
    heal_node_id neighbour; /**< at the link to it; this node's own id: at all of them */
    heal_us begun;          /**< 0: a free place */
    uint8_t diagnosis;      /**< or HEAL_DIAGNOSIS_UNNAMED */
};

struct heal_engine {
    struct heal_world world;
    struct heal_knowledge knowledge;
    struct heal_probation probation;
    struct heal_fault_told fault[HEAL_FAULTS_TOLD_MAX];
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
    struct {
        void (*hear)(void *context, bool begins); /**< NULL: nobody does */
        void *context;
    } timing;                                     /**< who wants to know how long the networks take */
    struct heal_inference *inference[HEAL_SLOTS]; /**< NULL: there is none; its memory is the caller's */
    /* memory */
    bool baselines_left;
    heal_us merits_kept;
    heal_us baselines_kept;
    struct heal_port port[]; /**< the world's */
};

#endif
