/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * YAML from memory as a tree of nodes that know their line and column: for the configuration, and for any
 * other file of ours that people write (the lab's topology). It reads what people write by hand and refuses
 * the rest with a place and a reason: anchors and aliases, tags, several documents, keys that are no plain
 * words, the same key twice, NULs and other control characters, what is no UTF-8, and anything beyond the
 * limits below. Nothing of a tree outlives heal_yaml_free. It does no I/O and knows no option.
 *
 *     struct heal_yaml *yaml HEAL_CLEANUP(heal_yaml_free_pointer) = NULL;
 *     r = heal_yaml_parse(text, length, &yaml, &error);
 *     for (node = heal_yaml_first(yaml->root); node; node = node->next)
 *         … strcmp(node->key->text, "links") … heal_yaml_want(node, HEAL_YAML_LIST, "links", &error) …
 *
 * Scalars are text: quantity.h reads numbers, durations and sizes out of them.
 */
#ifndef HEAL_CONFIG_YAML_H
#define HEAL_CONFIG_YAML_H

#include "heal/error.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    HEAL_YAML_LENGTH_MAX = 1 << 20, /**< bytes of a text */
    HEAL_YAML_NODES_MAX = 16384,
    HEAL_YAML_DEPTH_MAX = 16,
    HEAL_YAML_SHOWN_MAX = 48, /**< room for heal_yaml_show */
};

enum heal_yaml_kind {
    HEAL_YAML_SCALAR,
    HEAL_YAML_LIST,
    HEAL_YAML_MAP,
};

struct heal_yaml_node {
    enum heal_yaml_kind kind;
    bool quoted;                      /**< a scalar that was quoted, or a block: never a null */
    int line, column;                 /**< from 1 */
    const struct heal_yaml_node *key; /**< the scalar that names it; NULL unless it is in a map */
    struct heal_yaml_node *next;      /**< in the same list or map */
    struct heal_yaml_node *first;     /**< of a list or a map */
    size_t length;                    /**< of text; of a list or map: how many are in it */
    const char *text;                 /**< a scalar's; ends with a NUL and has none inside */
};

struct heal_yaml {
    struct heal_yaml_node *root; /**< NULL: nothing but comments */
    struct heal_yaml_block *blocks;
    size_t nodes;
};

/** @return 0; -EINVAL, -EFBIG or -ENOMEM with @p error filled in and @p ret_yaml untouched. */
int heal_yaml_parse(const char *text, size_t length, struct heal_yaml **ret_yaml, struct heal_error *error);

/** Frees; takes NULL. @return NULL. */
struct heal_yaml *heal_yaml_free(struct heal_yaml *yaml);

/** For HEAL_CLEANUP. */
void heal_yaml_free_pointer(struct heal_yaml **yaml);

/** @return true for what YAML calls null (nothing, `~`, `null`): `services:` with all of it commented out. */
bool heal_yaml_is_null(const struct heal_yaml_node *node);

/** @return the first node in a list or map; NULL for none, for a scalar, for NULL. */
const struct heal_yaml_node *heal_yaml_first(const struct heal_yaml_node *node);

/** @return what @p map has under @p key, or NULL. */
const struct heal_yaml_node *heal_yaml_get(const struct heal_yaml_node *map, const char *key);

/**
 * Demands a kind; a null passes for an empty list or map.
 * @param what is expected there, for the message: "WHAT: expected a mapping, not a list".
 * @return 0 or -EINVAL.
 */
int heal_yaml_want(const struct heal_yaml_node *node, enum heal_yaml_kind kind, const char *what,
                   struct heal_error *error);

/** Demands that @p map has no key but the @p known (NULL after the last). @param where "" or "probe". */
int heal_yaml_want_keys(const struct heal_yaml_node *map, const char *const *known, const char *where,
                        struct heal_error *error);

/** Reports @p key as unknown, with the nearest of the @p known or all of them. @return -EINVAL. */
int heal_yaml_unknown_key(const struct heal_yaml_node *key, const char *const *known, const char *where,
                          struct heal_error *error);

/** Writes @p text as a message may show it: cut, and without control characters. @return @p buffer. */
const char *heal_yaml_show(const char *text, char buffer[static HEAL_YAML_SHOWN_MAX]);

#endif
