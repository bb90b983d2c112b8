/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A model's file: a card, and a network's numbers, either in single precision, as they were trained, or in
 * eight-bit integers, as a node runs them; both in the safetensors format (docs/model.md). The bytes may be
 * from anybody: what is wrong with them is said with the tensor or text and the byte (safetensors.h), and
 * what was taken is a network that can be run. The same content is written as the same bytes. Files
 * themselves are os/model_file.h's business.
 */
#ifndef HEAL_WEIGHTS_WEIGHTS_H
#define HEAL_WEIGHTS_WEIGHTS_H

#include "gnn/model.h"
#include "weights/card.h"

/** It owns its numbers. */
struct heal_weights {
    struct heal_card card;
    float *number;                    /**< of HEAL_CARD_FLOAT, as heal_gnn_layout_make lays them */
    struct heal_gnn_integer *integer; /**< of HEAL_CARD_INT8 */
};

void heal_weights_deinit(struct heal_weights *weights);

/** @param ret_weights the caller's to deinit; untouched on failure @return 0, -ENOMEM, or -EINVAL with words
 * and the byte. */
int heal_weights_decode(const uint8_t *bytes, size_t length, struct heal_weights *ret_weights,
                        struct heal_error *error);

/** @param ret_bytes for free() @return 0, -ENOMEM, -E2BIG, or -EINVAL with words: a card or numbers that are
 * none. */
int heal_weights_encode(const struct heal_weights *weights, uint8_t **ret_bytes, size_t *ret_length,
                        struct heal_error *error);

/** From a network in single precision whose ranges are known to one in integers; the card is the same but for
 * the network. @return 0, -ENOMEM, or -EINVAL with words. @param ret_weights the caller's to deinit */
int heal_weights_quantise(const struct heal_weights *from, struct heal_weights *ret_weights,
                          struct heal_error *error);

/** What a node runs. @param id of the file @param ret_model filled whole @return 0, or -EINVAL with words:
 * the network is not in integers. */
int heal_weights_model(const struct heal_weights *weights, uint64_t id, struct heal_gnn_model *ret_model,
                       struct heal_error *error);

/** Whether a model's features are these, in this order. @param name [count] @return 0, or -EINVAL with words.
 */
int heal_card_check_features(const struct heal_card *card, const char *const *name, unsigned count,
                             struct heal_error *error);

#endif
