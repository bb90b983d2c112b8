/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "weights/card_text.h"

#include "base/number.h"
#include "gnn/integer.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { HEADER = 8 /* where a header begins */ };

static const char figure_prefix[] = "figure.";

/* ---- figures ---- */

bool heal_card_is_name(const char *name) {
    return name[0] &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == strlen(name);
}

const float *heal_card_figure(const struct heal_card *card, const char *name) {
    for (unsigned i = 0; i < card->figures; i++)
        if (strcmp(card->figure[i].name, name) == 0)
            return &card->figure[i].value;
    return NULL;
}

void heal_card_set_figure(struct heal_card *card, const char *name, float value) {
    for (unsigned i = 0; i < card->figures; i++) {
        if (strcmp(card->figure[i].name, name) == 0) {
            card->figure[i].value = value;
            return;
        }
    }
    if (card->figures == HEAL_CARD_FIGURES_MAX || strlen(name) >= sizeof card->figure[0].name)
        return;
    heal_name_copy(card->figure[card->figures].name, sizeof card->figure[0].name, name);
    card->figure[card->figures++].value = value;
}

void heal_card_set_score(struct heal_card *card, const char *prefix, const struct heal_gnn_score *score) {
    const struct {
        const char *name;
        double value;
    } figure[] = {
        {"accuracy",  heal_gnn_score_accuracy(score)  },
        {"precision", heal_gnn_score_precision(score) },
        {"recall",    heal_gnn_score_recall(score)    },
        {"f1",        heal_gnn_score_f1(score)        },
        {"fpr",       heal_gnn_score_false_rate(score)},
    };

    for (unsigned i = 0; i < sizeof figure / sizeof figure[0]; i++) {
        char name[HEAL_GNN_NAME_MAX];

        snprintf(name, sizeof name, "%s%s", prefix, figure[i].name);
        heal_card_set_figure(card, name, (float)figure[i].value);
    }
}

int32_t heal_card_threshold(const struct heal_card *card) {
    float threshold = card->threshold * HEAL_GNN_LOGIT_ONE;

    return threshold >= (float)(INT32_MAX / 2)   ? INT32_MAX / 2
           : threshold <= (float)(INT32_MIN / 2) ? INT32_MIN / 2
                                                 : (int32_t)lroundf(threshold);
}

/* ---- whether it holds together ---- */

static int check_scaling(const struct heal_gnn_scaling *scaling, struct heal_error *error) {
    if (!isfinite(scaling->most) || scaling->most <= 0)
        return heal_error_set(error, -EINVAL, 0, 0, "clip is no number above 0");
    for (unsigned i = 0; i < scaling->inputs; i++) {
        const char *name = scaling->feature[i].name;

        if (!heal_card_is_name(name))
            return heal_error_set(error, -EINVAL, 0, 0, "feature %u has no name: '%s'", i + 1, name);
        for (unsigned k = 0; k < i; k++) {
            if (strcmp(scaling->feature[k].name, name) == 0)
                return heal_error_set(error, -EINVAL, 0, 0, "there are two features %s", name);
        }
        if (!isfinite(scaling->mean[i]))
            return heal_error_set(error, -EINVAL, 0, 0, "the mean of %s is no number", name);
        if (!isfinite(scaling->deviation[i]) || scaling->deviation[i] <= 0)
            return heal_error_set(error, -EINVAL, 0, 0, "the deviation of %s is no number above 0", name);
    }
    return 0;
}

static bool is_range(float range) {
    return isfinite(range) && range >= 0;
}

static int check_ranges(const struct heal_card *card, struct heal_error *error) {
    const struct heal_gnn_ranges *ranges = &card->ranges;
    bool fine = ranges->input > 0 && is_range(ranges->input) && is_range(ranges->h1) &&
                is_range(ranges->h2) && is_range(ranges->gate_hidden) && is_range(ranges->u) &&
                is_range(ranges->p);

    for (unsigned layer = 0; layer < HEAL_GNN_LAYERS; layer++) {
        for (unsigned t = 0; t < card->shape.layer[layer].terms; t++)
            fine = fine && is_range(ranges->mean[layer][t]);
    }
    return fine || !card->measured
               ? 0
               : heal_error_set(error, -EINVAL, 0, 0, "a range is no number of 0 or more");
}

static bool rises(const float *edge) {
    bool fine = isfinite(edge[0]);

    for (unsigned q = 1; q < HEAL_GNN_QUANTILES; q++)
        fine = fine && isfinite(edge[q]) && edge[q] >= edge[q - 1];
    return fine;
}

static int check_quantiles(const struct heal_card *card, struct heal_error *error) {
    const struct heal_gnn_quantiles *quantiles = &card->trained_on;

    if (card->shape.inputs < HEAL_GNN_INPUTS_MAX && quantiles->known >> card->shape.inputs != 0)
        return heal_error_set(error, -EINVAL, 0, 0, "quantiles of a feature that there is not");
    for (unsigned i = 0; i < card->shape.inputs; i++) {
        if ((quantiles->known >> i & 1) && !rises(quantiles->edge[i]))
            return heal_error_set(error, -EINVAL, 0, 0, "the quantiles of %s fall, or are no numbers",
                                  card->scaling.feature[i].name);
    }
    return 0;
}

int heal_card_check(const struct heal_card *card, struct heal_error *error) {
    int r = heal_gnn_shape_check(&card->shape, error);

    if (r == 0 && card->scaling.inputs != card->shape.inputs)
        r = heal_error_set(error, -EINVAL, 0, 0, "%u features, and %u inputs", card->scaling.inputs,
                           card->shape.inputs);
    r = r < 0 ? r : check_scaling(&card->scaling, error);
    r = r < 0 ? r : check_ranges(card, error);
    r = r < 0 ? r : check_quantiles(card, error);
    for (unsigned i = 0; r == 0 && i < card->shape.kinds; i++) {
        if (!heal_card_is_name(card->kind[i]))
            r = heal_error_set(error, -EINVAL, 0, 0, "kind %u has no name: '%s'", i + 1, card->kind[i]);
        for (unsigned k = 0; r == 0 && k < i; k++)
            if (strcmp(card->kind[k], card->kind[i]) == 0)
                r = heal_error_set(error, -EINVAL, 0, 0, "there are two kinds %s", card->kind[i]);
    }
    for (unsigned i = 0; r == 0 && i < card->figures; i++) {
        if (!heal_card_is_name(card->figure[i].name) || !isfinite(card->figure[i].value))
            r = heal_error_set(error, -EINVAL, 0, 0, "figure '%s' has no name, or is no number",
                               card->figure[i].name);
    }
    if (r == 0 && !isfinite(card->threshold))
        r = heal_error_set(error, -EINVAL, 0, 0, "the threshold is no number");
    return r;
}

/* ---- reading ---- */

/* Puts the text's name before what is wrong with it, and its byte. */
static int refuse_entry(const struct heal_tensor_entry *entry, const struct heal_error *why,
                        struct heal_error *error) {
    return heal_safetensors_refuse(error, entry->place, "%s: %.150s", entry->name, why->what);
}

static bool is_row(const char *name) {
    const struct heal_card_row *row;

    for (size_t i = 0; (row = heal_card_row_at(i)); i++)
        if (strcmp(row->name, name) == 0)
            return true;
    return false;
}

static int parse_figure(const struct heal_tensor_entry *entry, struct heal_card *card,
                        struct heal_error *error) {
    const char *name = entry->name + sizeof figure_prefix - 1;
    float value;

    if (!heal_card_is_name(name) || strlen(name) >= sizeof card->figure[0].name ||
        card->figures == HEAL_CARD_FIGURES_MAX)
        return heal_safetensors_refuse(error, entry->place,
                                       "%s: no name for a figure, or one figure too many", entry->name);
    if (heal_number_parse_float(entry->value, &value) < 0)
        return heal_safetensors_refuse(error, entry->place, "%s: '%.40s' is no number", entry->name,
                                       entry->value);
    heal_card_set_figure(card, name, value);
    return 0;
}

/* Nothing may be said that nobody reads: it could change what all else means. */
static int parse_others(const struct heal_safetensors *file, struct heal_card *card,
                        struct heal_error *error) {
    int r = 0;

    for (unsigned i = 0; r == 0 && i < file->entries; i++) {
        const struct heal_tensor_entry *entry = &file->entry[i];

        if (strncmp(entry->name, figure_prefix, sizeof figure_prefix - 1) == 0)
            r = parse_figure(entry, card, error);
        else if (!is_row(entry->name))
            r = heal_safetensors_refuse(error, entry->place, "nobody here knows what %s is", entry->name);
    }
    return r;
}

static bool is_among(const char *name, const char *const *names) {
    while (*names && strcmp(*names, name) != 0)
        names++;
    return *names != NULL;
}

int heal_card_parse_some(const struct heal_safetensors *file, const char *const *others,
                         struct heal_card *card, struct heal_error *error) {
    const struct heal_card_row *row;
    struct heal_error why = {0};

    for (size_t i = 0; (row = heal_card_row_at(i)); i++) {
        const struct heal_tensor_entry *entry = heal_safetensors_entry(file, row->name);

        if (entry && !is_among(row->name, others) && row->parse(entry->value, card, &why) < 0)
            return refuse_entry(entry, &why, error);
    }
    int r = parse_others(file, card, error);
    if (r == 0 && card->measured &&
        ((card->shape.layer[0].terms > 0 && !heal_safetensors_entry(file, "ranges.layer1")) ||
         (card->shape.layer[1].terms > 0 && !heal_safetensors_entry(file, "ranges.layer2"))))
        r = heal_safetensors_refuse(error, HEADER, "__metadata__ says ranges, and not those of each layer");
    return r;
}

int heal_card_parse(const struct heal_safetensors *file, struct heal_card *ret_card,
                    struct heal_error *error) {
    static const char *const none[] = {NULL};
    struct heal_card card = {0};
    const struct heal_card_row *row;
    struct heal_error why = {0};

    for (size_t i = 0; (row = heal_card_row_at(i)); i++) {
        if (row->needed && !heal_safetensors_entry(file, row->name))
            return heal_safetensors_refuse(error, HEADER, "__metadata__ does not say %s", row->name);
    }
    int r = heal_card_parse_some(file, none, &card, error);
    if (r < 0)
        return r;
    if (heal_card_check(&card, &why) < 0)
        return heal_safetensors_refuse(error, HEADER, "__metadata__: %.150s", why.what);
    *ret_card = card;
    return 0;
}

/* ---- writing ---- */

int heal_card_format(const struct heal_card *card, struct heal_card_texts *ret_texts) {
    const struct heal_card_row *row;
    struct heal_text text;
    char *begin;

    ret_texts->entries = 0;
    heal_text_init(&text, ret_texts->text, sizeof ret_texts->text);
    for (size_t i = 0; (row = heal_card_row_at(i)); i++) {
        begin = text.buffer + text.length;
        row->format(card, &text);
        if (begin == text.buffer + text.length)
            continue;
        ret_texts->entry[ret_texts->entries++] = (struct heal_entry_draft){row->name, begin};
        heal_text_add(&text, "%c", '\0');
    }
    for (unsigned i = 0; i < card->figures; i++) {
        char number[HEAL_NUMBER_TEXT];

        begin = text.buffer + text.length;
        heal_text_add(&text, "%s%c", heal_number_format_float(card->figure[i].value, number), '\0');
        heal_name_copy(ret_texts->name[i], sizeof ret_texts->name[i], figure_prefix);
        heal_name_copy(ret_texts->name[i] + sizeof figure_prefix - 1,
                       sizeof ret_texts->name[i] - sizeof figure_prefix + 1, card->figure[i].name);
        ret_texts->entry[ret_texts->entries++] = (struct heal_entry_draft){ret_texts->name[i], begin};
    }
    return text.cut ? -E2BIG : 0;
}
