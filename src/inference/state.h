/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** What a node's part of a network consists of: for the files of this folder. */
#ifndef HEAL_INFERENCE_STATE_H
#define HEAL_INFERENCE_STATE_H

#include "inference/inference.h"

enum { HEAL_TICKS_KEPT = 8 };

/** A port, as the network knows it. Its inputs of the last ticks are kept, for an answer to them is on its
 * way for a while. */
struct heal_inference_port {
    struct heal_port_key key;
    heal_node_id neighbour;                       /**< who has told; 0: nobody yet */
    uint8_t there;                                /**< bit k: it was a vertex in the tick at place k */
    int8_t input[HEAL_TICKS_KEPT][HEAL_FEATURES]; /**< by the tick's place */
    struct heal_features seen[HEAL_TICKS_KEPT];   /**< likewise: what they were made of */
    int8_t state[HEAL_STATE_MAX];                 /**< of the newest tick */
    uint32_t heard;                               /**< the other end's tick that is in it; 0: none is */
    int8_t other_input[HEAL_FEATURES];            /**< that is used of the other end, in this tick */
    struct heal_message_vertex told;              /**< the newest that was */
    heal_us told_at;                              /**< 0: never */
    heal_us foreign_at;                           /**< it last told of another model; 0: never */
    bool refused;                                 /**< the state that was told last cannot be true */
    enum heal_told input_told, state_told;        /**< what is used of it in this tick */
};

/** The node's vertices of one tick: first its ports, then the other ends of those whose word is used. */
struct heal_inference_graph {
    struct heal_gnn_graph graph;
    uint32_t ports;
    uint32_t *port;      /**< [ports]: which port each of the first vertices is */
    uint32_t *other;     /**< [vertices - ports]: the vertex whose link's other end each of the last is */
    uint32_t *first;     /**< [2 ports + 1] */
    uint32_t *neighbour; /**< [ports ports + ports] */
};

struct heal_inference {
    const struct heal_gnn_model *model;
    int32_t threshold; /**< in force */
    size_t ports_max, ports;
    uint32_t tick[HEAL_TICKS_KEPT]; /**< 0: none at this place yet */
    unsigned newest;                /**< place of the newest tick */
    heal_us tick_at;                /**< 0: none yet */
    int8_t most;                    /**< inputs lie in [-most, most] */
    struct heal_inference_port *port;
    struct heal_judgement *judgement; /**< of the port with the same index */
    /* for the work */
    struct heal_inference_graph graph;
    int8_t *input; /**< [vertices] of shape.inputs bytes */
    int8_t *state; /**< [vertices] of shape.hidden bytes */
    int8_t *high;  /**< as either of them: the upper bounds, where they are the lower ones */
    void *work;    /**< of heal_inference_reason_bytes */
};

/** @return whether what was told at @p at still counts: two that are lost in a row are missed, and not given
 * up; ticks are a second apart. */
static inline bool heal_inference_is_fresh(const struct heal_world *world, heal_us at) {
    return at != 0 && world->now - at <= 3500 * HEAL_US_PER_MS;
}

/** @return the port's place, or -1. */
int heal_inference_find(const struct heal_inference *inference, const struct heal_port_key *key);

/** @return the place of a tick that is kept, or -1. */
int heal_inference_tick_place(const struct heal_inference *inference, uint32_t tick);

/** Brings features to eight bits. */
void heal_inference_quantise(const struct heal_inference *inference, const struct heal_features *features,
                             int8_t ret_input[static HEAL_FEATURES]);

/** Judges all ports anew, and works out the states that are to be told. */
void heal_inference_judge(struct heal_inference *inference, const struct heal_world *world);

#endif
