/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The texts of a model's metadata that say what the network looks like: how they are read, and how written.
 */
#include "weights/card_text.h"

#include "base/cleanup.h"
#include "base/number.h"
#include "weights/value.h"

#include <errno.h>
#include <string.h>

static const char format_name[] = "heald.model";
static const char *const networks[] = {[HEAL_CARD_FLOAT] = "float", [HEAL_CARD_INT8] = "int8"};
static const char *const aggregates[] = {
    [HEAL_GNN_MEAN] = "mean", [HEAL_GNN_LARGEST] = "max", [HEAL_GNN_LEAST] = "min"};

static int parse_format(const char *value, struct heal_card *card, struct heal_error *error) {
    (void)card;
    return strcmp(value, format_name) == 0 ? 0 : heal_value_refuse(error, "model of heald", value);
}

static void write_format(const struct heal_card *card, struct heal_text *text) {
    (void)card;
    heal_text_add(text, "%s", format_name);
}

static int parse_version(const char *value, struct heal_card *card, struct heal_error *error) {
    uint64_t version;

    (void)card;
    if (heal_number_parse_u64(value, 10, &version) < 0 || version != HEAL_CARD_VERSION)
        return heal_error_set(error, -EINVAL, 0, 0, "version '%.40s' is not known here: %d is", value,
                              HEAL_CARD_VERSION);
    return 0;
}

static void write_version(const struct heal_card *card, struct heal_text *text) {
    (void)card;
    heal_text_add(text, "%d", HEAL_CARD_VERSION);
}

static int parse_network(const char *value, struct heal_card *card, struct heal_error *error) {
    for (unsigned i = 0; i < HEAL_COUNT(networks); i++) {
        if (strcmp(networks[i], value) == 0) {
            card->network = i;
            return 0;
        }
    }
    return heal_value_refuse(error, "network that is known here (float, int8)", value);
}

static void write_network(const struct heal_card *card, struct heal_text *text) {
    heal_text_add(text, "%s", networks[card->network]);
}

static int parse_inputs(const char *value, struct heal_card *card, struct heal_error *error) {
    uint64_t inputs;
    int r = heal_whole_parse(value, HEAL_GNN_INPUTS_MAX, &inputs, error);

    if (r == 0)
        card->shape.inputs = card->scaling.inputs = (uint16_t)inputs;
    return r;
}

static void write_inputs(const struct heal_card *card, struct heal_text *text) {
    heal_text_add(text, "%u", card->shape.inputs);
}

static int parse_hidden(const char *value, struct heal_card *card, struct heal_error *error) {
    uint64_t hidden;
    int r = heal_whole_parse(value, HEAL_GNN_HIDDEN_MAX, &hidden, error);

    if (r == 0)
        card->shape.hidden = (uint16_t)hidden;
    return r;
}

static void write_hidden(const struct heal_card *card, struct heal_text *text) {
    heal_text_add(text, "%u", card->shape.hidden);
}

/* "mean:0+8": of the channels from 0, eight. */
static int parse_term(const char *value, struct heal_gnn_term *term, struct heal_error *error) {
    char item[HEAL_LIST_ITEM_MAX], *from, *width;
    uint64_t begin = 0, count = 0;
    unsigned aggregate = 0;

    heal_name_copy(item, sizeof item, value);
    from = strchr(item, ':');
    width = from ? strchr(from, '+') : NULL;
    if (!width)
        return heal_value_refuse(error, "term (mean:FROM+WIDTH)", value);
    *from++ = *width++ = '\0';
    while (aggregate < HEAL_COUNT(aggregates) && strcmp(aggregates[aggregate], item) != 0)
        aggregate++;
    if (aggregate == HEAL_COUNT(aggregates) || heal_number_parse_u64(from, 10, &begin) < 0 ||
        heal_number_parse_u64(width, 10, &count) < 0 || begin > HEAL_GNN_HIDDEN_MAX ||
        count > HEAL_GNN_HIDDEN_MAX)
        return heal_value_refuse(error, "term (mean, max or min:FROM+WIDTH)", value);
    *term = (struct heal_gnn_term){aggregate, (uint16_t)begin, (uint16_t)count};
    return 0;
}

static int parse_layer(const char *value, struct heal_gnn_layer *layer, struct heal_error *error) {
    char item[HEAL_LIST_ITEM_MAX];
    int r;

    while ((r = heal_list_next(&value, item)) > 0) {
        if (layer->terms == HEAL_GNN_TERMS_MAX)
            return heal_error_set(error, -EINVAL, 0, 0, "more than %d terms", HEAL_GNN_TERMS_MAX);
        r = parse_term(item, &layer->term[layer->terms++], error);
        if (r < 0)
            return r;
    }
    return r == 0 ? 0 : heal_value_refuse(error, "term", value);
}

static void write_layer(const struct heal_gnn_layer *layer, struct heal_text *text) {
    for (unsigned t = 0; t < layer->terms; t++)
        heal_text_add(text, "%s%s:%u+%u", t > 0 ? "," : "", aggregates[layer->term[t].aggregate],
                      layer->term[t].from, layer->term[t].width);
}

static int parse_layer1(const char *value, struct heal_card *card, struct heal_error *error) {
    return parse_layer(value, &card->shape.layer[0], error);
}

static void write_layer1(const struct heal_card *card, struct heal_text *text) {
    write_layer(&card->shape.layer[0], text);
}

static int parse_layer2(const char *value, struct heal_card *card, struct heal_error *error) {
    return parse_layer(value, &card->shape.layer[1], error);
}

static void write_layer2(const struct heal_card *card, struct heal_text *text) {
    write_layer(&card->shape.layer[1], text);
}

static int parse_kinds(const char *value, struct heal_card *card, struct heal_error *error) {
    char item[HEAL_LIST_ITEM_MAX];
    int r;

    while ((r = heal_list_next(&value, item)) > 0) {
        if (card->shape.kinds == HEAL_GNN_KINDS_MAX || strlen(item) >= sizeof card->kind[0])
            return heal_error_set(error, -EINVAL, 0, 0, "more than %d kinds, or '%s' is too long",
                                  HEAL_GNN_KINDS_MAX, item);
        heal_name_copy(card->kind[card->shape.kinds++], sizeof card->kind[0], item);
    }
    return r == 0 ? 0 : heal_value_refuse(error, "kind", value);
}

static void write_kinds(const struct heal_card *card, struct heal_text *text) {
    for (unsigned i = 0; i < card->shape.kinds; i++)
        heal_text_add(text, "%s%s", i > 0 ? "," : "", card->kind[i]);
}

const struct heal_card_row heal_card_shape_rows[HEAL_CARD_SHAPE_ROWS] = {
    {"format",  true,  parse_format,  write_format },
    {"version", true,  parse_version, write_version},
    {"network", true,  parse_network, write_network},
    {"inputs",  true,  parse_inputs,  write_inputs },
    {"hidden",  true,  parse_hidden,  write_hidden },
    {"layer1",  false, parse_layer1,  write_layer1 },
    {"layer2",  false, parse_layer2,  write_layer2 },
    {"kinds",   false, parse_kinds,   write_kinds  },
};
