/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "config/yaml.h"

#include "base/text.h"
#include "config/utf8.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* A node and its text in one piece of memory. */
struct heal_yaml_block {
    struct heal_yaml_block *next;
    struct heal_yaml_node node;
    char text[];
};

/* A list or map that is being read. */
struct level {
    struct heal_yaml_node *node;
    struct heal_yaml_node *last;
    struct heal_yaml_node *key; /* of a map: was read, its value was not yet */
};

struct reader {
    struct heal_yaml *yaml;
    struct heal_error *error;
    int failure; /* of node_new */
    size_t depth, documents;
    struct level level[HEAL_YAML_DEPTH_MAX];
};

static int fail_at(const struct reader *reader, yaml_mark_t mark, const char *what) {
    return heal_error_set(reader->error, -EINVAL, (int)mark.line + 1, (int)mark.column + 1, "%s", what);
}

/* @return NULL with the reader's failure set. */
static struct heal_yaml_node *node_new(struct reader *reader, enum heal_yaml_kind kind,
                                       const yaml_event_t *event) {
    bool scalar = kind == HEAL_YAML_SCALAR;
    size_t length = scalar ? event->data.scalar.length : 0;

    if (reader->yaml->nodes >= HEAL_YAML_NODES_MAX) {
        reader->failure = fail_at(reader, event->start_mark, "too many values");
        return NULL;
    }
    struct heal_yaml_block *block = malloc(sizeof *block + length + 1);
    if (!block) {
        reader->failure = heal_error_set(reader->error, -ENOMEM, 0, 0, "out of memory");
        return NULL;
    }
    block->node = (struct heal_yaml_node){
        .kind = kind,
        .quoted = scalar && event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE,
        .line = (int)event->start_mark.line + 1,
        .column = (int)event->start_mark.column + 1,
        .length = length,
        .text = block->text,
    };
    if (scalar)
        memcpy(block->text, event->data.scalar.value, length);
    block->text[length] = '\0';
    block->next = reader->yaml->blocks;
    reader->yaml->blocks = block;
    reader->yaml->nodes++;
    return &block->node;
}

static int take_key(const struct reader *reader, struct level *level, struct heal_yaml_node *node) {
    char shown[HEAL_YAML_SHOWN_MAX];

    if (node->kind != HEAL_YAML_SCALAR)
        return heal_error_set(reader->error, -EINVAL, node->line, node->column, "a key must be a word");
    const struct heal_yaml_node *same = heal_yaml_get(level->node, node->text);
    if (same)
        return heal_error_set(reader->error, -EINVAL, node->line, node->column,
                              "'%s' is here twice, first in line %d", heal_yaml_show(node->text, shown),
                              same->key->line);
    level->key = node;
    return 0;
}

/* Puts a node where the text has it: into the list or map that is open. */
static int take_node(struct reader *reader, struct heal_yaml_node *node) {
    if (reader->depth == 0) {
        reader->yaml->root = node;
        return 0;
    }
    struct level *level = &reader->level[reader->depth - 1];
    if (level->node->kind == HEAL_YAML_MAP && !level->key)
        return take_key(reader, level, node);
    node->key = level->key;
    level->key = NULL;
    if (level->last)
        level->last->next = node;
    else
        level->node->first = node;
    level->last = node;
    level->node->length++;
    return 0;
}

static int take_scalar(struct reader *reader, const yaml_event_t *event) {
    if (event->data.scalar.anchor)
        return fail_at(reader, event->start_mark, "anchors and aliases are not taken here");
    if (event->data.scalar.tag)
        return fail_at(reader, event->start_mark, "tags are not taken here");
    if (memchr(event->data.scalar.value, '\0', event->data.scalar.length))
        return fail_at(reader, event->start_mark, "a NUL in a text");
    struct heal_yaml_node *node = node_new(reader, HEAL_YAML_SCALAR, event);
    return node ? take_node(reader, node) : reader->failure;
}

static int take_start(struct reader *reader, const yaml_event_t *event, enum heal_yaml_kind kind) {
    bool map = kind == HEAL_YAML_MAP;

    if (map ? event->data.mapping_start.anchor : event->data.sequence_start.anchor)
        return fail_at(reader, event->start_mark, "anchors and aliases are not taken here");
    if (map ? event->data.mapping_start.tag : event->data.sequence_start.tag)
        return fail_at(reader, event->start_mark, "tags are not taken here");
    if (reader->depth == HEAL_YAML_DEPTH_MAX)
        return fail_at(reader, event->start_mark, "nested too deeply");
    struct heal_yaml_node *node = node_new(reader, kind, event);
    if (!node)
        return reader->failure;
    int r = take_node(reader, node);
    if (r < 0)
        return r;
    reader->level[reader->depth++] = (struct level){.node = node};
    return 0;
}

/* @return 1 at the end of the stream, 0 before it. */
static int take_event(struct reader *reader, const yaml_event_t *event) {
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return take_scalar(reader, event);
    case YAML_MAPPING_START_EVENT:
        return take_start(reader, event, HEAL_YAML_MAP);
    case YAML_SEQUENCE_START_EVENT:
        return take_start(reader, event, HEAL_YAML_LIST);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        if (reader->depth > 0) /* libyaml pairs starts and ends; an analyzer cannot know */
            reader->depth--;
        return 0;
    case YAML_ALIAS_EVENT:
        return fail_at(reader, event->start_mark, "anchors and aliases are not taken here");
    case YAML_DOCUMENT_START_EVENT:
        if (reader->documents++ > 0)
            return fail_at(reader, event->start_mark, "a second document; one file holds one");
        return 0;
    case YAML_STREAM_END_EVENT:
        return 1;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        return 0;
    }
    return 0;
}

/* libyaml says of a tab only that it cannot start a token. */
static bool is_tab_indented(const char *text, size_t length, size_t line) {
    const char *end = text + length;

    for (; line > 0; line--) {
        const char *newline = memchr(text, '\n', (size_t)(end - text));

        if (!newline)
            return false;
        text = newline + 1;
    }
    while (text < end && *text == ' ')
        text++;
    return text < end && *text == '\t';
}

static int parser_error(const yaml_parser_t *parser, const char *text, size_t length,
                        struct heal_error *error) {
    yaml_mark_t mark = parser->problem_mark;
    int line = (int)mark.line + 1, column = (int)mark.column + 1;

    if (parser->error == YAML_MEMORY_ERROR)
        return heal_error_set(error, -ENOMEM, 0, 0, "out of memory");
    if (parser->error == YAML_SCANNER_ERROR && is_tab_indented(text, length, mark.line))
        return heal_error_set(error, -EINVAL, line, column, "indented by a tab; YAML takes spaces only");
    return heal_error_set(error, -EINVAL, line, column, "%s%s%s", parser->context ? parser->context : "",
                          parser->context ? ": " : "", parser->problem ? parser->problem : "no YAML");
}

static int read_events(struct reader *reader, yaml_parser_t *parser, const char *text, size_t length) {
    int r = 0;

    while (r == 0) {
        yaml_event_t event;

        if (!yaml_parser_parse(parser, &event))
            return parser_error(parser, text, length, reader->error);
        r = take_event(reader, &event);
        yaml_event_delete(&event);
    }
    return r < 0 ? r : 0;
}

int heal_yaml_parse(const char *text, size_t length, struct heal_yaml **ret_yaml, struct heal_error *error) {
    yaml_parser_t parser;

    if (length > HEAL_YAML_LENGTH_MAX)
        return heal_error_set(error, -EFBIG, 0, 0, "larger than %d bytes", HEAL_YAML_LENGTH_MAX);
    int r = heal_utf8_check(text, length, error);
    if (r < 0)
        return r;
    struct heal_yaml *yaml = calloc(1, sizeof *yaml);
    if (!yaml || !yaml_parser_initialize(&parser)) {
        free(yaml);
        return heal_error_set(error, -ENOMEM, 0, 0, "out of memory");
    }
    struct reader reader = {.yaml = yaml, .error = error};
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
    r = read_events(&reader, &parser, text, length);
    yaml_parser_delete(&parser);
    if (r < 0) {
        heal_yaml_free(yaml);
        return r;
    }
    *ret_yaml = yaml;
    return 0;
}

struct heal_yaml *heal_yaml_free(struct heal_yaml *yaml) {
    struct heal_yaml_block *next;

    if (!yaml)
        return NULL;
    for (struct heal_yaml_block *block = yaml->blocks; block; block = next) {
        next = block->next;
        free(block);
    }
    free(yaml);
    return NULL;
}

void heal_yaml_free_pointer(struct heal_yaml **yaml) {
    *yaml = heal_yaml_free(*yaml);
}

bool heal_yaml_is_null(const struct heal_yaml_node *node) {
    return node->kind == HEAL_YAML_SCALAR && !node->quoted &&
           (node->length == 0 || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0);
}

const struct heal_yaml_node *heal_yaml_first(const struct heal_yaml_node *node) {
    return node ? node->first : NULL;
}

const struct heal_yaml_node *heal_yaml_get(const struct heal_yaml_node *map, const char *key) {
    for (const struct heal_yaml_node *node = heal_yaml_first(map); node; node = node->next)
        if (node->key && strcmp(node->key->text, key) == 0)
            return node;
    return NULL;
}

int heal_yaml_want(const struct heal_yaml_node *node, enum heal_yaml_kind kind, const char *what,
                   struct heal_error *error) {
    static const char *const names[] = {
        [HEAL_YAML_SCALAR] = "a single value",
        [HEAL_YAML_LIST] = "a list",
        [HEAL_YAML_MAP] = "a mapping",
    };

    if (node->kind == kind || (kind != HEAL_YAML_SCALAR && heal_yaml_is_null(node)))
        return 0;
    return heal_error_set(error, -EINVAL, node->line, node->column, "%s: expected %s, not %s", what,
                          names[kind], names[node->kind]);
}

int heal_yaml_unknown_key(const struct heal_yaml_node *key, const char *const *known, const char *where,
                          struct heal_error *error) {
    char shown[HEAL_YAML_SHOWN_MAX], hint_buffer[120];
    const char *nearest = heal_name_nearest(key->text, known);
    struct heal_text hint;

    heal_text_init(&hint, hint_buffer, sizeof hint_buffer);
    if (nearest)
        heal_text_add(&hint, "did you mean '%s'?", nearest);
    else
        for (size_t i = 0; known[i]; i++)
            heal_text_add(&hint, "%s%s", i == 0 ? "known here: " : ", ", known[i]);
    return heal_error_set(error, -EINVAL, key->line, key->column, "unknown key '%s'%s%s; %s%s",
                          heal_yaml_show(key->text, shown), where[0] ? " in " : "", where, hint.buffer,
                          hint.cut ? "…" : "");
}

int heal_yaml_want_keys(const struct heal_yaml_node *map, const char *const *known, const char *where,
                        struct heal_error *error) {
    for (const struct heal_yaml_node *node = heal_yaml_first(map); node; node = node->next) {
        size_t i = 0;

        while (known[i] && strcmp(known[i], node->key->text) != 0)
            i++;
        if (!known[i])
            return heal_yaml_unknown_key(node->key, known, where, error);
    }
    return 0;
}

const char *heal_yaml_show(const char *text, char buffer[static HEAL_YAML_SHOWN_MAX]) {
    return heal_utf8_show(text, buffer, HEAL_YAML_SHOWN_MAX);
}
