/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What the mesh's network says of a port, and on what that rests (docs/network.md).
 */
#ifndef HEAL_JUDGEMENT_H
#define HEAL_JUDGEMENT_H

#include "heal/types.h"

/** How the other end of a link stands in a network that both compute together: what of it is used. */
enum heal_told {
    HEAL_TOLD_FRESH,   /**< as told for this tick or one shortly before */
    HEAL_TOLD_PLAIN,   /**< only its features, as every heald tells them: it has no network, or another */
    HEAL_TOLD_NONE,    /**< it has told nothing of use yet */
    HEAL_TOLD_STALE,   /**< what it told last is too old */
    HEAL_TOLD_MODEL,   /**< it told of another model */
    HEAL_TOLD_LATE,    /**< its state was made of inputs of this node that are too long ago */
    HEAL_TOLD_REFUSED, /**< it told what no honest end of this link can have come to */
    HEAL_TOLDS,
};
/** Their words, in this order; NULL past the last. */
extern const char *const heal_told_names[HEAL_TOLDS + 1];

/** Ticks are a second apart; a network that has not judged a port for longer has nothing to say of now. */
static const heal_us HEAL_JUDGEMENT_FRESH_US = 3 * HEAL_US_PER_S;

/** A verdict on one port. Logits are in 1 / 1024. */
struct heal_judgement {
    struct heal_port_key port;
    bool judged;   /**< else nothing of it has been worked out yet */
    bool sick;     /**< above the threshold, or not below it for long enough yet */
    bool whole;    /**< nothing of what it should rest on was missing: the centralised one, to the bit */
    uint8_t below; /**< ticks in a row that it was not above the threshold while sick */
    uint32_t tick; /**< of this node, whose inputs it rests on */
    uint32_t other_tick; /**< of the other end, likewise; 0: it rests on none */
    heal_us at;          /**< when it was worked out */
    heal_us since;       /**< sick: since when; else 0 */
    int32_t logit;
    int32_t sway_low, sway_high; /**< sick: where the logit lies whatever numbers the other end tells */
    int32_t alone;               /**< the logit by this node's own inputs, without a word of any neighbour */
    enum heal_told input;        /**< what of the other end's inputs is used */
    enum heal_told state;        /**< what of its state is used: HEAL_TOLD_FRESH, or why it is left out */
    uint32_t lacked[HEAL_TOLDS]; /**< ticks in which its state was not used, by why */
};

/** @return a logit in 1 / 1024 as a probability. */
float heal_judgement_probability(int32_t logit);

#endif
