/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The texts of a model's metadata that say how it is asked and where it is from: how they are read, and how
 * written. */
#include "weights/card_text.h"

#include "base/cleanup.h"
#include "base/number.h"
#include "weights/value.h"

#include <errno.h>
#include <math.h>
#include <string.h>

enum { HASH_DIGITS = HEAL_CARD_HASH_MAX - 1 };

/* "loss" or, where the logarithm is taken first, "link-age:log1p". */
static int parse_features(const char *value, struct heal_card *card, struct heal_error *error) {
    char item[HEAL_LIST_ITEM_MAX];
    unsigned had = 0;
    int r;

    while ((r = heal_list_next(&value, item)) > 0) {
        char *mark = strchr(item, ':');

        if (had == card->shape.inputs)
            return heal_error_set(error, -EINVAL, 0, 0, "more features than inputs: there are %u", had);
        struct heal_gnn_feature *feature = &card->scaling.feature[had++];
        if (mark && strcmp(mark, ":log1p") != 0)
            return heal_value_refuse(error, "feature (NAME or NAME:log1p)", item);
        if (mark)
            *mark = '\0';
        if (strlen(item) >= sizeof feature->name)
            return heal_value_refuse(error, "name: it is too long", item);
        feature->logarithm = mark != NULL;
        heal_name_copy(feature->name, sizeof feature->name, item);
    }
    if (r < 0)
        return heal_value_refuse(error, "feature", value);
    return had == card->shape.inputs
               ? 0
               : heal_error_set(error, -EINVAL, 0, 0, "%u features, and %u inputs", had, card->shape.inputs);
}

static void write_features(const struct heal_card *card, struct heal_text *text) {
    for (unsigned i = 0; i < card->shape.inputs; i++)
        heal_text_add(text, "%s%s%s", i > 0 ? "," : "", card->scaling.feature[i].name,
                      card->scaling.feature[i].logarithm ? ":log1p" : "");
}

static int parse_mean(const char *value, struct heal_card *card, struct heal_error *error) {
    return heal_numbers_parse(value, card->shape.inputs, card->scaling.mean, error);
}

static void write_mean(const struct heal_card *card, struct heal_text *text) {
    heal_numbers_format(text, card->scaling.mean, card->shape.inputs);
}

static int parse_deviation(const char *value, struct heal_card *card, struct heal_error *error) {
    return heal_numbers_parse(value, card->shape.inputs, card->scaling.deviation, error);
}

static void write_deviation(const struct heal_card *card, struct heal_text *text) {
    heal_numbers_format(text, card->scaling.deviation, card->shape.inputs);
}

static int parse_clip(const char *value, struct heal_card *card, struct heal_error *error) {
    return heal_weights_number_parse(value, &card->scaling.most, error);
}

static void write_clip(const struct heal_card *card, struct heal_text *text) {
    heal_numbers_format(text, &card->scaling.most, 1);
}

static int parse_threshold(const char *value, struct heal_card *card, struct heal_error *error) {
    return heal_weights_number_parse(value, &card->threshold, error);
}

static void write_threshold(const struct heal_card *card, struct heal_text *text) {
    heal_numbers_format(text, &card->threshold, 1);
}

/* ---- ranges: of the input, h1, h2, the gate's hidden, u and p; then of each layer's terms ---- */

enum { RANGES = 6 };

static int parse_ranges(const char *value, struct heal_card *card, struct heal_error *error) {
    struct heal_gnn_ranges *ranges = &card->ranges;
    float number[RANGES];
    int r = heal_numbers_parse(value, RANGES, number, error);

    if (r < 0)
        return r;
    ranges->input = number[0];
    ranges->h1 = number[1];
    ranges->h2 = number[2];
    ranges->gate_hidden = number[3];
    ranges->u = number[4];
    ranges->p = number[5];
    card->measured = true;
    return 0;
}

static void write_ranges(const struct heal_card *card, struct heal_text *text) {
    const struct heal_gnn_ranges *ranges = &card->ranges;
    const float number[RANGES] = {ranges->input,       ranges->h1, ranges->h2,
                                  ranges->gate_hidden, ranges->u,  ranges->p};

    if (card->measured)
        heal_numbers_format(text, number, RANGES);
}

static int parse_ranges_of(const char *value, struct heal_card *card, unsigned layer,
                           struct heal_error *error) {
    if (!card->measured)
        return heal_error_set(error, -EINVAL, 0, 0, "there are no ranges besides");
    return heal_numbers_parse(value, card->shape.layer[layer].terms, card->ranges.mean[layer], error);
}

static int parse_ranges1(const char *value, struct heal_card *card, struct heal_error *error) {
    return parse_ranges_of(value, card, 0, error);
}

static void write_ranges1(const struct heal_card *card, struct heal_text *text) {
    if (card->measured)
        heal_numbers_format(text, card->ranges.mean[0], card->shape.layer[0].terms);
}

static int parse_ranges2(const char *value, struct heal_card *card, struct heal_error *error) {
    return parse_ranges_of(value, card, 1, error);
}

static void write_ranges2(const struct heal_card *card, struct heal_text *text) {
    if (card->measured)
        heal_numbers_format(text, card->ranges.mean[1], card->shape.layer[1].terms);
}

/* ---- where it is from ---- */

static int parse_data(const char *value, struct heal_card *card, struct heal_error *error) {
    if (strlen(value) != HASH_DIGITS || strspn(value, "0123456789abcdef") != HASH_DIGITS)
        return heal_value_refuse(error, "SHA-256 (64 hexadecimal digits)", value);
    return heal_words_parse(value, card->data, sizeof card->data, error);
}

static void write_data(const struct heal_card *card, struct heal_text *text) {
    heal_text_add(text, "%s", card->data);
}

static int parse_made(const char *value, struct heal_card *card, struct heal_error *error) {
    return heal_words_parse(value, card->made, sizeof card->made, error);
}

static void write_made(const struct heal_card *card, struct heal_text *text) {
    heal_text_add(text, "%s", card->made);
}

static int parse_recipe(const char *value, struct heal_card *card, struct heal_error *error) {
    return heal_words_parse(value, card->recipe, sizeof card->recipe, error);
}

static void write_recipe(const struct heal_card *card, struct heal_text *text) {
    heal_text_add(text, "%s", card->recipe);
}

static int parse_seed(const char *value, struct heal_card *card, struct heal_error *error) {
    return heal_whole_parse(value, INT64_MAX, &card->seed, error);
}

static void write_seed(const struct heal_card *card, struct heal_text *text) {
    heal_text_add(text, "%llu", (unsigned long long)card->seed);
}

static const struct heal_card_row rows[] = {
    {"features",      true,  parse_features,  write_features },
    {"mean",          true,  parse_mean,      write_mean     },
    {"deviation",     true,  parse_deviation, write_deviation},
    {"clip",          true,  parse_clip,      write_clip     },
    {"threshold",     true,  parse_threshold, write_threshold},
    {"ranges",        false, parse_ranges,    write_ranges   },
    {"ranges.layer1", false, parse_ranges1,   write_ranges1  },
    {"ranges.layer2", false, parse_ranges2,   write_ranges2  },
    {"data",          false, parse_data,      write_data     },
    {"made",          false, parse_made,      write_made     },
    {"recipe",        false, parse_recipe,    write_recipe   },
    {"seed",          true,  parse_seed,      write_seed     },
};

const struct heal_card_row *heal_card_row_at(size_t index) {
    if (index < HEAL_CARD_SHAPE_ROWS)
        return &heal_card_shape_rows[index];
    index -= HEAL_CARD_SHAPE_ROWS;
    return index < HEAL_COUNT(rows) ? &rows[index] : NULL;
}
