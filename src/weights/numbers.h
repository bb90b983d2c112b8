/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** A network's numbers as a file's tensors, and back: one pair of functions a kind of network. */
#ifndef HEAL_WEIGHTS_NUMBERS_H
#define HEAL_WEIGHTS_NUMBERS_H

#include "weights/safetensors.h"
#include "weights/weights.h"

/** Makes a model of a file's texts and tensors. What @p weights has on failure is freed by the caller.
 * @return 0, -ENOMEM, or -EINVAL with words and the byte. */
typedef int heal_weights_parse(const struct heal_safetensors *file, struct heal_weights *weights,
                               struct heal_error *error);
/** Reads a file by a parser. @param ret_weights untouched on failure @return as that. */
int heal_weights_decode_by(heal_weights_parse *parse_file, const uint8_t *bytes, size_t length,
                           struct heal_weights *ret_weights, struct heal_error *error);

/** @return a tensor of this name, type and shape. NULL: there is none, and words. @param dimension ends with
 * 0 */
const struct heal_tensor *heal_numbers_tensor(const struct heal_safetensors *file, const char *name,
                                              enum heal_tensor_type type, const uint32_t *dimension,
                                              struct heal_error *error);
/** Weights are a matrix from inputs to outputs, all else is a vector. */
bool heal_numbers_is_vector(const struct heal_gnn_tensor *tensor);
/** Takes numbers of single precision, all of them finite. @return 0, or -EINVAL with words and the byte. */
int heal_numbers_take(const struct heal_tensor *tensor, float *ret_number, struct heal_error *error);
/** @return 0, or -EINVAL: a tensor that is none of @p known. */
int heal_numbers_check_all(const struct heal_safetensors *file, const char *const *known, unsigned count,
                           struct heal_error *error);

/** Into a card whose shape is known. @return 0, or -EINVAL with words and the byte. */
int heal_quantiles_parse(const struct heal_safetensors *file, struct heal_card *card,
                         struct heal_error *error);
/** @param room which the draft points to @return how many tensors: none where nothing is known. */
unsigned heal_quantiles_draft(const struct heal_card *card,
                              float room[static HEAL_GNN_INPUTS_MAX * HEAL_GNN_QUANTILES],
                              struct heal_tensor_draft *ret_draft);
extern const char heal_quantiles_name[]; /**< of the tensor */

/** Into @p weights whose card is known. @return 0, -ENOMEM, or -EINVAL with words and the byte. */
int heal_float_parse(const struct heal_safetensors *file, struct heal_weights *weights,
                     struct heal_error *error);
int heal_integer_parse(const struct heal_safetensors *file, struct heal_weights *weights,
                       struct heal_error *error);

/** @return 0, -ENOMEM, -E2BIG, or -EINVAL with words. */
int heal_float_format(const struct heal_weights *weights, const struct heal_entry_draft *entry,
                      size_t entries, uint8_t **ret_bytes, size_t *ret_length, struct heal_error *error);
int heal_integer_format(const struct heal_weights *weights, const struct heal_entry_draft *entry,
                        size_t entries, uint8_t **ret_bytes, size_t *ret_length);

#endif
