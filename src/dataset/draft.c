/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "dataset/draft.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM_FIRST = 64 };

void heal_draft_init(struct heal_draft *draft, uint16_t inputs) {
    *draft = (struct heal_draft){.inputs = inputs};
}

void heal_draft_deinit(struct heal_draft *draft) {
    free(draft->feature);
    free(draft->label);
    free(draft->kind);
    free(draft->node);
    free(draft->edge);
    heal_draft_init(draft, draft->inputs);
}

void heal_draft_clear(struct heal_draft *draft) {
    draft->head.vertices = draft->head.edges = 0;
}

/* What was there is kept in any case. */
static int grow(void *array, size_t size, size_t count) {
    void *grown = realloc(*(void **)array, size * count);

    if (!grown)
        return -ENOMEM;
    *(void **)array = grown;
    return 0;
}

static int make_room(struct heal_draft *draft) {
    size_t room = draft->vertices_room ? 2 * draft->vertices_room : ROOM_FIRST;

    if (grow(&draft->feature, sizeof *draft->feature * draft->inputs, room) < 0 ||
        grow(&draft->label, sizeof *draft->label, room) < 0 ||
        grow(&draft->kind, sizeof *draft->kind, room) < 0 ||
        grow(&draft->node, sizeof *draft->node, room) < 0)
        return -ENOMEM;
    draft->vertices_room = room;
    return 0;
}

float *heal_draft_vertex(struct heal_draft *draft, enum heal_gnn_label label, uint8_t kind) {
    if (draft->head.vertices == draft->vertices_room && make_room(draft) < 0)
        return NULL;
    float *feature = draft->feature + (size_t)draft->head.vertices * draft->inputs;
    for (unsigned i = 0; i < draft->inputs; i++)
        feature[i] = NAN;
    draft->label[draft->head.vertices] = (uint8_t)label;
    draft->kind[draft->head.vertices] = label == HEAL_GNN_SICK ? kind : 0;
    draft->node[draft->head.vertices] = draft->head.vertices;
    draft->head.vertices++;
    return feature;
}

int heal_draft_edge(struct heal_draft *draft, uint32_t a, uint32_t b) {
    if (draft->head.edges == draft->edges_room) {
        size_t room = draft->edges_room ? 2 * draft->edges_room : ROOM_FIRST;

        if (grow(&draft->edge, sizeof *draft->edge, room) < 0)
            return -ENOMEM;
        draft->edges_room = room;
    }
    draft->edge[draft->head.edges++] = (struct heal_gnn_edge){a, b};
    return 0;
}

int heal_draft_add(struct heal_draft *draft, struct heal_gnn_dataset *dataset, struct heal_error *error) {
    draft->head.feature = draft->feature;
    draft->head.label = draft->label;
    draft->head.vertex_kind = draft->kind;
    draft->head.node = draft->node;
    draft->head.edge = draft->edge;
    int r = heal_gnn_dataset_add(dataset, &draft->head, error);
    return r == -ENOMEM ? heal_error_set(error, r, 0, 0, "%s", strerror(ENOMEM)) : r;
}
