/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "weights/weights.h"

#include "gnn/quantise.h"
#include "weights/card_text.h"
#include "weights/numbers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void heal_weights_deinit(struct heal_weights *weights) {
    free(weights->number);
    free(weights->integer);
    weights->number = NULL;
    weights->integer = NULL;
}

static int parse(const struct heal_safetensors *file, struct heal_weights *weights,
                 struct heal_error *error) {
    int r = heal_card_parse(file, &weights->card, error);

    r = r < 0 ? r : heal_quantiles_parse(file, &weights->card, error);
    if (r < 0)
        return r;
    return weights->card.network == HEAL_CARD_FLOAT ? heal_float_parse(file, weights, error)
                                                    : heal_integer_parse(file, weights, error);
}

int heal_weights_decode_by(heal_weights_parse *parse_file, const uint8_t *bytes, size_t length,
                           struct heal_weights *ret_weights, struct heal_error *error) {
    struct heal_safetensors *file = malloc(sizeof *file);
    struct heal_weights weights = {0};

    if (!file)
        return -ENOMEM;
    int r = heal_safetensors_decode(bytes, length, file, error);
    if (r == 0)
        r = parse_file(file, &weights, error);
    free(file);
    if (r < 0)
        heal_weights_deinit(&weights);
    else
        *ret_weights = weights;
    return r;
}

int heal_weights_decode(const uint8_t *bytes, size_t length, struct heal_weights *ret_weights,
                        struct heal_error *error) {
    return heal_weights_decode_by(parse, bytes, length, ret_weights, error);
}

int heal_weights_encode(const struct heal_weights *weights, uint8_t **ret_bytes, size_t *ret_length,
                        struct heal_error *error) {
    int r = heal_card_check(&weights->card, error);

    if (r < 0)
        return r;
    struct heal_card_texts *texts = malloc(sizeof *texts);
    if (!texts)
        return -ENOMEM;
    r = heal_card_format(&weights->card, texts);
    if (r == 0 && weights->card.network == HEAL_CARD_FLOAT)
        r = heal_float_format(weights, texts->entry, texts->entries, ret_bytes, ret_length, error);
    else if (r == 0)
        r = heal_integer_format(weights, texts->entry, texts->entries, ret_bytes, ret_length);
    free(texts);
    return r == -E2BIG ? heal_error_set(error, r, 0, 0, "the card has more text than a file may have") : r;
}

int heal_weights_quantise(const struct heal_weights *from, struct heal_weights *ret_weights,
                          struct heal_error *error) {
    struct heal_weights weights = {.card = from->card};

    if (from->card.network != HEAL_CARD_FLOAT)
        return heal_error_set(error, -EINVAL, 0, 0, "the network is in integers already");
    if (!from->card.measured)
        return heal_error_set(error, -EINVAL, 0, 0,
                              "nobody has measured how large its values get: calibrate it on a data set");
    weights.card.network = HEAL_CARD_INT8;
    weights.integer = calloc(1, sizeof *weights.integer);
    if (!weights.integer)
        return -ENOMEM;
    int r = heal_gnn_quantise(&from->card.shape, from->number, &from->card.ranges, weights.integer, error);
    if (r < 0)
        heal_weights_deinit(&weights);
    else
        *ret_weights = weights;
    return r;
}

int heal_weights_model(const struct heal_weights *weights, uint64_t id, struct heal_gnn_model *ret_model,
                       struct heal_error *error) {
    const struct heal_card *card = &weights->card;

    if (card->network != HEAL_CARD_INT8)
        return heal_error_set(error, -EINVAL, 0, 0, "the network is in single precision: quantise it first");
    *ret_model = (struct heal_gnn_model){.id = id, .scaling = card->scaling, .trained_on = card->trained_on};
    ret_model->network = *weights->integer;
    memcpy(ret_model->kind, card->kind, sizeof ret_model->kind);
    ret_model->threshold = heal_card_threshold(card);
    return 0;
}

int heal_card_check_features(const struct heal_card *card, const char *const *name, unsigned count,
                             struct heal_error *error) {
    if (card->shape.inputs != count)
        return heal_error_set(error, -EINVAL, 0, 0, "the model takes %u features: here are %u",
                              card->shape.inputs, count);
    for (unsigned i = 0; i < count; i++) {
        if (strcmp(card->scaling.feature[i].name, name[i]) != 0)
            return heal_error_set(error, -EINVAL, 0, 0, "feature %u of the model is %s: here it is %s", i + 1,
                                  card->scaling.feature[i].name, name[i]);
    }
    return 0;
}
