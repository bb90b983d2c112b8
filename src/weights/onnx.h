/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A model as ONNX (opset 18), for whoever runs it elsewhere: a network in single precision as it is; one in
 * integers with its weights and values in eight bits (QuantizeLinear, DequantizeLinear) and everything
 * between them rounded as a node rounds it, so that its answers are the same to the bit. Scaling is in it: it
 * takes features as they are measured.
 *
 *     features  float [vertices, inputs]   NaN: missing
 *     edges     int64 [2, edges]           from, to: each edge in both directions
 *     sick      float [vertices]           logits; above the metadata's "threshold": sick
 *     kind      float [vertices, kinds]    logits, where the model has kinds
 *     class     float [1 + kinds]          of the whole graph: that nothing is wrong with it, and each kind
 */
#ifndef HEAL_WEIGHTS_ONNX_H
#define HEAL_WEIGHTS_ONNX_H

#include "weights/weights.h"

/** @param ret_bytes for free() @return 0, -ENOMEM, or -EINVAL with words: a card that heal_card_check
 * refuses. */
int heal_onnx_encode(const struct heal_weights *weights, uint8_t **ret_bytes, size_t *ret_length,
                     struct heal_error *error);

#endif
