/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Any bytes as YAML: a tree within its limits, or an error with words. */
#include "config/yaml.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t count(const struct heal_yaml_node *node, size_t depth) {
    size_t nodes = 1, children = 0;

    if (depth > HEAL_YAML_DEPTH_MAX || node->line < 1 || node->column < 1)
        abort();
    if (node->kind == HEAL_YAML_SCALAR && strlen(node->text) != node->length)
        abort();
    for (const struct heal_yaml_node *child = node->first; child; child = child->next, children++)
        nodes += count(child, depth + 1) + (child->key != NULL);
    if (node->kind != HEAL_YAML_SCALAR && children != node->length)
        abort();
    return nodes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct heal_error error = {0};
    struct heal_yaml *yaml = NULL;

    if (heal_yaml_parse((const char *)data, size, &yaml, &error) < 0) {
        if (yaml || !error.what[0] || error.code >= 0)
            abort();
        return 0;
    }
    if (yaml->root && count(yaml->root, 0) != yaml->nodes)
        abort();
    heal_yaml_free(yaml);
    return 0;
}
