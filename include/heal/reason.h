/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Why the mesh's network says what it says of a port (docs/detector.md): what each of the port's features,
 * and each of its neighbours in the graph, has to do with it. The shares are Shapley values of the logit,
 * above 0 where they speak for sick. All logits and shares are in 1 / HEAL_LOGIT_ONE (heal/verdict.h). Plain
 * data.
 */
#ifndef HEAL_REASON_H
#define HEAL_REASON_H

#include "heal/message.h"

enum { HEAL_REASON_NEIGHBOURS_MAX = 8 };

struct heal_reason_neighbour {
    heal_node_id node; /**< where its link leads, this port's or another's of this node; 0: not known */
    bool other_end;    /**< it is the other end of this port's link; else another port of this node */
    float share;
    float error; /**< one standard error; 0: it is exact */
};

struct heal_reason {
    uint8_t known; /**< 1: it was worked out; 0: all else means nothing */
    heal_us at;    /**< when */
    int32_t logit;
    int32_t unmeasured;          /**< what it would be, were none of the port's features measured */
    int32_t alone;               /**< what it would be, had the port no neighbour */
    struct heal_features seen;   /**< what it rests on */
    struct heal_features normal; /**< of the port, then */
    float share[HEAL_FEATURES];  /**< they sum to logit - unmeasured */
    float others;                /**< of the neighbours that are not shown, together */
    uint8_t shown;               /**< how many neighbours are */
    /** [shown]: those with the largest shares, the largest first; with the others they sum to logit - alone.
     */
    struct heal_reason_neighbour neighbour[HEAL_REASON_NEIGHBOURS_MAX];
};

/** Those whose shares can be weighed against each other: each feature, and the neighbours together. */
enum { HEAL_REASON_NEIGHBOURS = HEAL_FEATURES, HEAL_REASON_PARTS };
/** @return a part's name: a feature's, or "neighbours". */
const char *heal_reason_part_name(unsigned part);
/** @return a part's share. */
float heal_reason_part(const struct heal_reason *reason, unsigned part);
/** @return the part that speaks most for sick. */
unsigned heal_reason_weightiest(const struct heal_reason *reason);

#endif
