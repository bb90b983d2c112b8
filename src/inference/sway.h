/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** How far one neighbour's numbers can lead a verdict: what a liar could have made of it. */
#ifndef HEAL_INFERENCE_SWAY_H
#define HEAL_INFERENCE_SWAY_H

#include "inference/state.h"

/**
 * Works out between what the logit of a port that was just judged lies, whatever inputs and state the other
 * end of the link of @p liar, a port too, has told. The graph, input and state of the work are lost by it.
 * @return false, and nothing else: one of the two was no vertex then.
 */
bool heal_inference_sway(struct heal_inference *inference, size_t port, size_t liar, int32_t *ret_low,
                         int32_t *ret_high);

#endif
