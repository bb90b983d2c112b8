/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** Why a verdict is what it is (heal/reason.h), as far as this node can work it out: what the other ends have
 * told stays as it is. */
#ifndef HEAL_INFERENCE_REASON_H
#define HEAL_INFERENCE_REASON_H

#include "heal/reason.h"
#include "inference/inference.h"

/** @return the bytes that the work needs for so many ports. */
size_t heal_inference_reason_bytes(size_t ports);

/**
 * Works out the reason for the verdict of the newest tick; to be asked before any word that came after it is
 * taken in. It takes some thousand times as long as a verdict:
 * a millisecond or two with 8 neighbours, and no more than some tens with any number, for beyond
 * HEAL_GNN_NEIGHBOURS_EXACT their shares are sampled, by a sequence that hangs on nothing but the tick.
 * @return 0, or -ENOENT: there is no verdict on that port, or its tick is no longer kept
 */
int heal_inference_reason(struct heal_inference *inference, const struct heal_world *world,
                          const struct heal_port_key *key, struct heal_reason *ret_reason);

#endif
