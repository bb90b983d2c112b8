/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Weights that were trained in PyTorch Geometric, from a safetensors file of the state dictionary of the
 * module that docs/model.md defines: two SAGEConv, a gate and the heads. PyTorch has its matrices output by
 * input, and one for all that a layer takes of the neighbours.
 */
#ifndef HEAL_WEIGHTS_TORCH_H
#define HEAL_WEIGHTS_TORCH_H

#include "weights/weights.h"

/**
 * The shape is that of the tensors. Of the metadata, "features" is needed; "layer1" and "layer2" where they
 * are not heal_gnn_shape_default's; scaling, threshold, kinds and all else where they are said.
 * @param ret_weights in single precision, the caller's to deinit; untouched on failure
 * @return 0, -ENOMEM, or -EINVAL with words and the byte.
 */
int heal_torch_decode(const uint8_t *bytes, size_t length, struct heal_weights *ret_weights,
                      struct heal_error *error);

#endif
