/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/hops.h"

#include <string.h>

static bool is_same(const uint8_t a[6], const uint8_t b[6]) {
    return memcmp(a, b, 6) == 0;
}

/* The node's, or else an empty one: a new one, or that of the node that was noted longest ago. */
static struct heal_hop *find_or_make(struct heal_hops *hops, const uint8_t node[6]) {
    struct heal_hop *oldest = NULL;
    for (size_t i = 0; i < hops->count; i++) {
        struct heal_hop *hop = &hops->hop[i];
        if (is_same(hop->node, node))
            return hop;
        if (!oldest || hop->noted < oldest->noted)
            oldest = hop;
    }
    struct heal_hop *made = hops->count < HEAL_HOPS_MAX ? &hops->hop[hops->count++] : oldest;
    *made = (struct heal_hop){0};
    memcpy(made->node, node, sizeof made->node);
    return made;
}

bool heal_hops_note(struct heal_hops *hops, const uint8_t node[6], const uint8_t via[6]) {
    struct heal_hop *hop = find_or_make(hops, node);
    hop->noted = ++hops->notes;
    if (is_same(hop->via, via))
        return false;
    bool returned = is_same(hop->before, via);
    memcpy(hop->before, hop->via, sizeof hop->before);
    memcpy(hop->via, via, sizeof hop->via);
    return returned;
}
