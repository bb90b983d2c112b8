/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "healctl/show_model.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"

/* ---- as JSON ---- */

/* In as few digits as stand for the same number in single precision. */
static json_t *number(float value) {
    char text[HEAL_NUMBER_TEXT];

    return json_real(strtod(heal_number_format_float(value, text), NULL));
}

static json_t *describe_layer(const struct heal_gnn_layer *layer) {
    static const char *const names[] = {
        [HEAL_GNN_MEAN] = "mean", [HEAL_GNN_LARGEST] = "max", [HEAL_GNN_LEAST] = "min"};
    json_t *terms = json_array();

    for (unsigned t = 0; t < layer->terms; t++)
        json_array_append_new(terms, json_pack("{s:s, s:i, s:i}", "aggregate",
                                               names[layer->term[t].aggregate], "from",
                                               (int)layer->term[t].from, "width", (int)layer->term[t].width));
    return terms;
}

static json_t *describe_shape(const struct heal_card *card) {
    json_t *kinds = json_array();

    for (unsigned i = 0; i < card->shape.kinds; i++)
        json_array_append_new(kinds, json_string(card->kind[i]));
    return json_pack("{s:i, s:i, s:o, s:o, s:o}", "inputs", (int)card->shape.inputs, "hidden",
                     (int)card->shape.hidden, "layer1", describe_layer(&card->shape.layer[0]), "layer2",
                     describe_layer(&card->shape.layer[1]), "kinds", kinds);
}

static json_t *describe_features(const struct heal_gnn_scaling *scaling) {
    json_t *features = json_array();

    for (unsigned i = 0; i < scaling->inputs; i++)
        json_array_append_new(features,
                              json_pack("{s:s, s:b, s:o, s:o}", "name", scaling->feature[i].name, "log1p",
                                        scaling->feature[i].logarithm, "mean", number(scaling->mean[i]),
                                        "deviation", number(scaling->deviation[i])));
    return features;
}

static json_t *describe_figures(const struct heal_card *card) {
    json_t *figures = json_object();

    for (unsigned i = 0; i < card->figures; i++)
        json_object_set_new(figures, card->figure[i].name, number(card->figure[i].value));
    return figures;
}

json_t *heal_model_describe(const struct heal_weights *weights,
                            const uint8_t hash[static HEAL_MODEL_HASH_BYTES]) {
    const struct heal_card *card = &weights->card;
    char hex[2 * HEAL_MODEL_HASH_BYTES + 1];
    struct heal_gnn_layout layout;

    heal_gnn_layout_make(&card->shape, &layout);
    for (unsigned i = 0; i < HEAL_MODEL_HASH_BYTES; i++)
        snprintf(hex + 2 * (size_t)i, 3, "%02x", hash[i]);
    return json_pack("{s:s, s:s, s:i, s:o, s:o, s:o, s:o, s:b, s:s, s:s, s:s, s:I, s:o}", "id", hex,
                     "network", card->network == HEAL_CARD_INT8 ? "int8" : "float", "parameters",
                     (int)layout.weights, "shape", describe_shape(card), "features",
                     describe_features(&card->scaling), "clip", number(card->scaling.most), "threshold",
                     number(card->threshold), "calibrated", card->measured, "data", card->data, "made",
                     card->made, "recipe", card->recipe, "seed", (json_int_t)card->seed, "figures",
                     describe_figures(card));
}

/* ---- for people ---- */

enum { TITLE_WIDTH = 11 };

static void line(struct heal_page *page, const char *title, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void line(struct heal_page *page, const char *title, const char *format, ...) {
    char text[HEAL_WORDS_MAX];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    heal_page_print(page, HEAL_BOLD, "%-*s", TITLE_WIDTH, title);
    heal_page_print(page, HEAL_PLAIN, "%s", text);
    fputc('\n', page->out);
}

static void show_layer(struct heal_page *page, const char *title, const json_t *terms) {
    char buffer[HEAL_WORDS_MAX];
    struct heal_text text;
    const json_t *term;
    size_t i;

    heal_text_init(&text, buffer, sizeof buffer);
    json_array_foreach(terms, i, term) {
        long long from = heal_field_integer(term, "from");

        heal_text_add(&text, ", the neighbours' %s of %lld to %lld", heal_field_text(term, "aggregate", "-"),
                      from + 1, from + heal_field_integer(term, "width"));
    }
    line(page, title, "its own%s", buffer);
}

static void show_shape(struct heal_page *page, const json_t *shape) {
    char buffer[HEAL_WORDS_MAX];
    struct heal_text text;
    const json_t *kind;
    size_t i;

    show_layer(page, "layer 1", json_object_get(shape, "layer1"));
    show_layer(page, "layer 2", json_object_get(shape, "layer2"));
    heal_text_init(&text, buffer, sizeof buffer);
    json_array_foreach(json_object_get(shape, "kinds"), i, kind)
        heal_text_add(&text, "%s%s", i > 0 ? ", " : "", json_string_value(kind));
    line(page, "kinds", "%s", buffer[0] ? buffer : "none");
}

static void show_features(struct heal_page *page, const json_t *features) {
    static const struct heal_column columns[] = {
        {"FEATURE",   false},
        {"LOG1P",     false},
        {"MEAN",      true },
        {"DEVIATION", true }
    };
    struct heal_table table;
    const json_t *feature;
    size_t i;

    heal_table_init(&table, page, columns, sizeof columns / sizeof *columns);
    json_array_foreach(features, i, feature) {
        heal_table_add_text(&table, HEAL_PLAIN, feature, "name");
        heal_table_add(&table, HEAL_PLAIN, "%s", heal_field_true(feature, "log1p") ? "yes" : "no");
        heal_table_add_number(&table, feature, "mean", 1, 4, "");
        heal_table_add_number(&table, feature, "deviation", 1, 4, "");
    }
    fputc('\n', page->out);
    heal_table_print(&table, NULL);
}

static void show_figures(struct heal_page *page, json_t *figures) {
    static const struct heal_column columns[] = {
        {"FIGURE", false},
        {"VALUE",  true }
    };
    struct heal_table table;
    const char *name;
    json_t *value;

    heal_table_init(&table, page, columns, sizeof columns / sizeof *columns);
    json_object_foreach(figures, name, value) {
        heal_table_add(&table, HEAL_PLAIN, "%s", name);
        heal_table_add(&table, HEAL_PLAIN, "%.4f", json_number_value(value));
    }
    fputc('\n', page->out);
    heal_table_print(&table, "no figures: nobody has said how good it is");
}

static const char *said(const json_t *model, const char *name) {
    const char *text = heal_field_text(model, name, "");

    return text[0] ? text : "not said";
}

void heal_show_model(struct heal_page *page, const json_t *model) {
    const json_t *shape = json_object_get(model, "shape");
    double threshold = 0, clip = 0;
    bool whole = strcmp(heal_field_text(model, "network", ""), "int8") == 0;

    heal_field_number(model, "threshold", &threshold);
    heal_field_number(model, "clip", &clip);
    line(page, "id", "%s", heal_field_text(model, "id", "-"));
    line(page, "network", "%s: %lld inputs, %lld hidden, %lld parameters",
         whole ? "eight-bit integers" : "single precision", heal_field_integer(shape, "inputs"),
         heal_field_integer(shape, "hidden"), heal_field_integer(model, "parameters"));
    show_shape(page, shape);
    line(page, "threshold", "%g: logits above it are called sick", threshold);
    line(page, "clip", "%g deviations", clip);
    if (!whole)
        line(page, "calibrated", "%s",
             heal_field_true(model, "calibrated") ? "yes: it can be quantized" : "no");
    line(page, "data", "%s", said(model, "data"));
    line(page, "made by", "%s", said(model, "made"));
    line(page, "recipe", "%s; seed %lld", said(model, "recipe"), heal_field_integer(model, "seed"));
    show_features(page, json_object_get(model, "features"));
    show_figures(page, json_object_get(model, "figures"));
}
