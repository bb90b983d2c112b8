/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "picture/picture.h"

#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct heal_picture *heal_picture_new(const char *title) {
    struct heal_picture *picture = calloc(1, sizeof *picture);

    if (picture)
        heal_name_copy(picture->title, sizeof picture->title, title);
    return picture;
}

struct heal_picture *heal_picture_free(struct heal_picture *picture) {
    if (picture) {
        free(picture->node);
        free(picture->link);
        free(picture->incident);
        free(picture->note);
    }
    free(picture);
    return NULL;
}

/* Appends @p one to the array behind @p list, which has room for a power of two. */
static int append(void *list, size_t *count, size_t size, const void *one) {
    void *array;
    bool full = (*count & (*count - 1)) == 0;

    memcpy(&array, list, sizeof array);
    if (full) {
        void *larger = reallocarray(array, *count ? 2 * *count : 1, size);
        if (!larger)
            return -ENOMEM;
        array = larger;
        memcpy(list, &array, sizeof array);
    }
    memcpy((char *)array + *count * size, one, size);
    ++*count;
    return 0;
}

static bool has_node(const struct heal_picture *picture, const char *name) {
    for (size_t i = 0; i < picture->nodes; i++)
        if (strcmp(picture->node[i].name, name) == 0)
            return true;
    return false;
}

int heal_picture_add_node(struct heal_picture *picture, const struct heal_picture_node *node) {
    if (has_node(picture, node->name))
        return 0;
    return append(&picture->node, &picture->nodes, sizeof *node, node);
}

static bool joins(const struct heal_picture_link *link, const char *a, const char *b) {
    return (strcmp(link->a, a) == 0 && strcmp(link->b, b) == 0) ||
           (strcmp(link->a, b) == 0 && strcmp(link->b, a) == 0);
}

static bool has_link(const struct heal_picture *picture, const char *a, const char *b) {
    for (size_t i = 0; i < picture->links; i++)
        if (joins(&picture->link[i], a, b))
            return true;
    return false;
}

int heal_picture_add_link(struct heal_picture *picture, const struct heal_picture_link *link) {
    if (has_link(picture, link->a, link->b))
        return 0;
    return append(&picture->link, &picture->links, sizeof *link, link);
}

static int add_named_node(struct heal_picture *picture, const char *name) {
    struct heal_picture_node node = {0};

    heal_name_copy(node.name, sizeof node.name, name);
    return name[0] != '\0' ? heal_picture_add_node(picture, &node) : 0;
}

int heal_picture_add_incident(struct heal_picture *picture, const struct heal_picture_incident *incident) {
    struct heal_picture_link link = {
        .state = HEAL_PICTURE_HEARSAY, .loss_to_a = -1, .loss_to_b = -1, .latency_ms = -1};
    int r = add_named_node(picture, incident->status.node);

    if (r == 0)
        r = add_named_node(picture, incident->status.other);
    heal_name_copy(link.a, sizeof link.a, incident->status.node);
    heal_name_copy(link.b, sizeof link.b, incident->status.other);
    if (r == 0 && link.a[0] != '\0' && link.b[0] != '\0')
        r = heal_picture_add_link(picture, &link);
    if (r == 0)
        r = append(&picture->incident, &picture->incidents, sizeof *incident, incident);
    return r;
}

int heal_picture_add_note(struct heal_picture *picture, heal_us time, const char *text) {
    struct heal_picture_note note = {.time = time};

    heal_name_copy(note.text, sizeof note.text, text);
    return append(&picture->note, &picture->notes, sizeof note, &note);
}
