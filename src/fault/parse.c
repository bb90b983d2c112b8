/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Reads the words of a fault, each by what its row says it is. */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "config/quantity.h"
#include "fault/word.h"

enum { WORD_MAX = 256, NODE_BITS = 64 };

/** A reader of words: the present one, and where it stands. */
struct reader {
    const char *text, *at; /* at: behind the present word */
    char word[WORD_MAX];   /* "" at the end */
    int column;            /* of the present word, from 1 */
    const struct heal_topology *topology;
    const char *usage;
    struct heal_error *error;
};

static int refuse(const struct reader *reader, const char *what) {
    return heal_error_set(reader->error, -EINVAL, 1, reader->column, "%s%s%s; it is written: %s", what,
                          reader->word[0] ? ", not " : "", reader->word, reader->usage);
}

static int next(struct reader *reader) {
    size_t length;

    reader->at += strspn(reader->at, " \t");
    length = strcspn(reader->at, " \t\r\n");
    reader->column = (int)(reader->at - reader->text) + 1;
    if (length >= sizeof reader->word) {
        reader->word[0] = '\0';
        return refuse(reader, "a word is too long");
    }
    memcpy(reader->word, reader->at, length);
    reader->word[length] = '\0';
    reader->at += length;
    return 0;
}

static int unknown_node(const struct reader *reader, const char *name, size_t offset) {
    const char *candidates[HEAL_LAB_NODES_MAX + 1] = {NULL};
    const char *nearest;

    for (unsigned i = 0; i < reader->topology->nodes; i++)
        candidates[i] = reader->topology->node[i].name;
    nearest = heal_name_nearest(name, candidates);
    return heal_error_set(reader->error, -EINVAL, 1, reader->column + (int)offset,
                          "the lab has no node '%s'%s%s%s", name, nearest ? "; nearest: " : "",
                          nearest ? nearest : "", name[0] ? "" : " (a name is missing)");
}

/* A node's name within the present word. */
static int read_name(const struct reader *reader, size_t offset, size_t length, unsigned *ret_node) {
    char name[WORD_MAX];
    int node;

    memcpy(name, reader->word + offset, length);
    name[length] = '\0';
    node = heal_topology_node_find(reader->topology, name);
    if (node < 0)
        return unknown_node(reader, name, offset);
    *ret_node = (unsigned)node;
    return 0;
}

static int read_one_way(struct reader *reader, const char *arrow, struct heal_fault *fault) {
    size_t before = (size_t)(arrow - reader->word);
    unsigned from = 0, to = 0;
    int link, r;

    r = read_name(reader, 0, before, &from);
    if (r == 0)
        r = read_name(reader, before + 1, strlen(arrow + 1), &to);
    if (r < 0)
        return r;
    link = heal_topology_link_find(reader->topology, from, to);
    if (link < 0)
        return refuse(reader, "a link of the lab is wanted");
    fault->link = (unsigned)link;
    fault->a_to_b = reader->topology->link[link].a == from;
    fault->b_to_a = !fault->a_to_b;
    return 0;
}

static int read_link(struct reader *reader, bool both_only, struct heal_fault *fault) {
    const char *arrow = strchr(reader->word, '>'), *dash = strchr(reader->word, '-');
    unsigned node = 0;
    int link, r = 0;

    if (arrow && !both_only)
        return read_one_way(reader, arrow, fault);
    link = heal_topology_link_named(reader->topology, reader->word);
    if (link >= 0) {
        fault->link = (unsigned)link;
        fault->a_to_b = fault->b_to_a = true;
        return 0;
    }
    if (dash && !arrow)
        r = read_name(reader, 0, (size_t)(dash - reader->word), &node);
    if (r == 0 && dash && !arrow)
        r = read_name(reader, (size_t)(dash + 1 - reader->word), strlen(dash + 1), &node);
    return r < 0 ? r : refuse(reader, "a link of the lab is wanted");
}

static int read_side(struct reader *reader, size_t from, size_t until, uint64_t *ret_side) {
    uint64_t side = 0;

    for (size_t at = from; at < until;) {
        size_t length = strcspn(reader->word + at, ",|");
        unsigned node = 0;
        int r = read_name(reader, at, length, &node);

        if (r < 0)
            return r;
        side |= UINT64_C(1) << node;
        at += length + 1;
    }
    *ret_side = side;
    return 0;
}

static int read_sides(struct reader *reader, struct heal_fault *fault) {
    const char *bar = strchr(reader->word, '|');
    size_t length = strlen(reader->word);
    uint64_t first = 0, second = 0, all;
    int r;

    if (!bar || bar == reader->word || !bar[1] || strchr(bar + 1, '|'))
        return refuse(reader, "two groups of nodes are wanted, with one | between them");
    r = read_side(reader, 0, (size_t)(bar - reader->word), &first);
    if (r == 0)
        r = read_side(reader, (size_t)(bar + 1 - reader->word), length, &second);
    if (r < 0)
        return r;
    all = reader->topology->nodes >= NODE_BITS ? UINT64_MAX : (UINT64_C(1) << reader->topology->nodes) - 1;
    if ((first & second) != 0 || (first | second) != all)
        return refuse(reader, "each node belongs in one of the two groups");
    fault->side = first;
    return 0;
}

static int read_service(struct reader *reader, struct heal_fault *fault) {
    const struct heal_topology_node *node = &reader->topology->node[fault->node];
    const char *candidates[HEAL_LAB_SERVICES_MAX + 1] = {NULL};
    const char *nearest;

    for (unsigned i = 0; i < node->services; i++) {
        candidates[i] = node->service[i];
        if (strcmp(node->service[i], reader->word) == 0) {
            heal_name_copy(fault->service, sizeof fault->service, reader->word);
            return 0;
        }
    }
    nearest = heal_name_nearest(reader->word, candidates);
    return heal_error_set(reader->error, -EINVAL, 1, reader->column, "node %s has no service '%s'%s%s",
                          node->name, reader->word, nearest ? "; nearest: " : "", nearest ? nearest : "");
}

/* A number with its unit behind it, which has to be the rest of the text. */
static int read_real(const char *text, const char *unit, double *ret_value) {
    char *end;
    double value = strtod(text, &end);

    if (end == text || strcmp(end, unit) != 0 || !isfinite(value))
        return -EINVAL;
    *ret_value = value + 0.0; /* which makes a 0 of -0 */
    return 0;
}

static int read_bits(struct reader *reader, struct heal_fault *fault) {
    static const struct {
        const char *unit;
        double factor;
    } units[] = {
        {"bit",  1  },
        {"kbit", 1e3},
        {"Mbit", 1e6}
    };
    double value;

    for (size_t i = 0; i < HEAL_COUNT(units); i++) {
        if (!isdigit((unsigned char)reader->word[0]) || read_real(reader->word, units[i].unit, &value) < 0)
            continue;
        value = value * units[i].factor + 0.5;
        fault->amount = value < (double)(UINT64_MAX / 2) ? (uint64_t)value : UINT64_MAX;
        return 0;
    }
    return refuse(reader, "a rate in bit, kbit or Mbit (a second) is wanted");
}

static int read_leak(const char *word, uint64_t *ret_bytes) {
    size_t length = strlen(word);
    bool has_unit = length > 2 && strcmp(word + length - 2, "/s") == 0;
    char size[WORD_MAX];

    heal_name_copy(size, has_unit ? length - 1 : sizeof size, word);
    return has_unit ? heal_size_parse(size, ret_bytes) : -EINVAL;
}

static int read_place(const char *word, struct heal_fault *fault) {
    char first[WORD_MAX];
    char *comma;

    heal_name_copy(first, sizeof first, word);
    comma = strchr(first, ',');
    if (comma)
        *comma = '\0';
    return comma && read_real(first, "", &fault->x_m) == 0 ? read_real(comma + 1, "", &fault->y_m) : -EINVAL;
}

/* The word that goes before a value ("jitter"), then the value. */
static int keyword(struct reader *reader, const char *word) {
    if (strcmp(reader->word, word) != 0)
        return heal_error_set(reader->error, -EINVAL, 1, reader->column,
                              "'%s' is wanted%s%s; it is written: %s", word, reader->word[0] ? ", not " : "",
                              reader->word, reader->usage);
    return next(reader);
}

/* The words that are one value. @return 0, or -EINVAL: it is none. */
static int read_value(const char *word, enum heal_fault_word kind, struct heal_fault *fault) {
    switch (kind) {
    case HEAL_WORD_SHARE:
        return heal_number_parse(word, &fault->share);
    case HEAL_WORD_BYTES:
        return heal_size_parse(word, &fault->amount);
    case HEAL_WORD_BYTES_PER_S:
        return read_leak(word, &fault->amount);
    case HEAL_WORD_TIME:
    case HEAL_WORD_DOWN:
        return heal_duration_parse(word, &fault->time);
    case HEAL_WORD_JITTER:
    case HEAL_WORD_EVERY:
        return heal_duration_parse(word, &fault->spread);
    case HEAL_WORD_PLACE:
        return read_place(word, fault);
    case HEAL_WORD_RADIUS:
        return read_real(word, "", &fault->radius_m);
    case HEAL_WORD_RISE:
        return read_real(word, "dB", &fault->rise_db);
    case HEAL_WORD_LINK:
    case HEAL_WORD_LINK_BOTH:
    case HEAL_WORD_NODE:
    case HEAL_WORD_OTHER:
    case HEAL_WORD_SERVICE:
    case HEAL_WORD_SIDES:
    case HEAL_WORD_BITS_PER_S:
    case HEAL_WORD_OFF:
    case HEAL_WORD_END:
    case HEAL_WORDS:
        break;
    }
    return 0;
}

/* The words that name something, or that have more than one way to be wrong. @return 0, with any other; or
 * -EINVAL with words. */
static int read_name_of(struct reader *reader, enum heal_fault_word word, struct heal_fault *fault) {
    if (word == HEAL_WORD_LINK || word == HEAL_WORD_LINK_BOTH)
        return read_link(reader, word == HEAL_WORD_LINK_BOTH, fault);
    if (word == HEAL_WORD_NODE || word == HEAL_WORD_OTHER)
        return read_name(reader, 0, strlen(reader->word),
                         word == HEAL_WORD_NODE ? &fault->node : &fault->other);
    if (word == HEAL_WORD_SERVICE)
        return read_service(reader, fault);
    if (word == HEAL_WORD_SIDES)
        return read_sides(reader, fault);
    if (word == HEAL_WORD_BITS_PER_S)
        return read_bits(reader, fault);
    if (word == HEAL_WORD_OFF && strcmp(reader->word, "off") != 0)
        return refuse(reader, "'off' is wanted");
    return 0;
}

static int read_word(struct reader *reader, enum heal_fault_word word, struct heal_fault *fault) {
    static const char *const before[HEAL_WORDS] = {[HEAL_WORD_JITTER] = "jitter",
                                                   [HEAL_WORD_DOWN] = "down",
                                                   [HEAL_WORD_EVERY] = "every",
                                                   [HEAL_WORD_RADIUS] = "radius"};
    /* None of its values may be: of one that cannot be read that is as wrong. */
    static const struct heal_fault unread = {
        .spread = UINT64_MAX, .x_m = NAN, .radius_m = NAN, .rise_db = NAN};
    const char *wrong;
    int r = before[word] ? keyword(reader, before[word]) : 0;

    if (r == 0)
        r = read_name_of(reader, word, fault);
    if (r < 0)
        return r;
    r = read_value(reader->word, word, fault);
    wrong = heal_fault_wrong(r < 0 ? &unread : fault, word, reader->topology);
    return wrong ? refuse(reader, wrong) : 0;
}

static int read_kind(struct reader *reader, enum heal_fault_kind *ret_kind) {
    const char *names[HEAL_FAULT_KINDS + 1] = {NULL};
    const char *nearest;

    for (int kind = 0; kind < HEAL_FAULT_KINDS; kind++) {
        names[kind] = heal_fault_rows[kind].name;
        if (strcmp(names[kind], reader->word) == 0) {
            *ret_kind = (enum heal_fault_kind)kind;
            return 0;
        }
    }
    nearest = heal_name_nearest(reader->word, names);
    return heal_error_set(reader->error, -EINVAL, 1, reader->column, "no fault is called '%s'%s%s",
                          reader->word, nearest ? "; nearest: " : "", nearest ? nearest : "");
}

int heal_fault_parse(const char *text, const struct heal_topology *topology, struct heal_fault *ret_fault,
                     struct heal_error *error) {
    struct reader reader = {
        .text = text, .at = text, .topology = topology, .usage = "KIND WHERE …", .error = error};
    struct heal_fault fault = {0};
    const struct heal_fault_row *row;
    int r = next(&reader);

    if (r == 0)
        r = read_kind(&reader, &fault.kind);
    if (r < 0)
        return r;
    row = &heal_fault_rows[fault.kind];
    reader.usage = row->usage;
    for (size_t i = 0; i < HEAL_FAULT_WORDS && row->word[i] != HEAL_WORD_END; i++) {
        r = next(&reader);
        if (r == 0 && !(row->word[i] == HEAL_WORD_JITTER && !reader.word[0]))
            r = read_word(&reader, row->word[i], &fault);
        if (r < 0)
            return r;
    }
    r = next(&reader);
    if (r == 0 && reader.word[0])
        r = refuse(&reader, "nothing more is wanted here");
    if (r == 0)
        *ret_fault = fault;
    return r;
}
