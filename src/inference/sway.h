/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** How far one neighbour's numbers can lead a verdict: what a liar could have made of it. */
#ifndef HEAL_INFERENCE_SWAY_H
#define HEAL_INFERENCE_SWAY_H

#include "inference/state.h"

/** Works out a verdict's sway_low and sway_high. The graph, input and state of the work are lost by it. */
void heal_inference_sway(struct heal_inference *inference, struct heal_judgement *judgement);

#endif
