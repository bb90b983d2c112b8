/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/pass_state.h"

#include <stdlib.h>
#include <string.h>

static float *of(size_t rows, size_t columns) {
    return calloc(rows * columns + 1, sizeof(float));
}

static bool make_terms(struct heal_gnn_pass *pass, unsigned layer) {
    bool made = true;

    for (unsigned t = 0; t < pass->shape.layer[layer].terms; t++) {
        unsigned width = pass->shape.layer[layer].term[t].width;

        pass->taken[layer][t] = of(pass->rows_max, width);
        made = made && pass->taken[layer][t];
        if (layer == 1) {
            pass->picked[t] = calloc(pass->rows_max * width + 1, sizeof *pass->picked[t]);
            made = made && pass->picked[t];
        }
    }
    return made;
}

enum { ROOMS = 16 };

struct room {
    float **values;
    size_t rows, columns;
};

/* All that a pass keeps, but for what the layers take. */
static void list_rooms(struct heal_gnn_pass *pass, struct room ret_room[static ROOMS]) {
    size_t rows = pass->rows_max, hidden = pass->shape.hidden, half = hidden / 2, kinds = pass->shape.kinds;
    size_t widest = hidden > kinds ? hidden : kinds;
    const struct room room[ROOMS] = {
        {&pass->h1,            rows,   hidden},
        {&pass->h2,            rows,   hidden},
        {&pass->gate_hidden,   rows,   half  },
        {&pass->gate,          rows,   1     },
        {&pass->u,             rows,   hidden},
        {&pass->p,             rows,   half  },
        {&pass->sick,          rows,   1     },
        {&pass->kind,          rows,   kinds },
        {&pass->d_h1,          rows,   hidden},
        {&pass->d_h2,          rows,   hidden},
        {&pass->d_gate_hidden, rows,   half  },
        {&pass->d_gate,        rows,   1     },
        {&pass->d_u,           rows,   hidden},
        {&pass->d_p,           rows,   half  },
        {&pass->d_taken,       rows,   hidden},
        {&pass->transposed,    hidden, widest},
    };

    memcpy(ret_room, room, sizeof room);
}

static bool make(struct heal_gnn_pass *pass) {
    bool made = make_terms(pass, 0) && make_terms(pass, 1);
    struct room room[ROOMS];

    list_rooms(pass, room);
    for (size_t i = 0; i < ROOMS; i++) {
        *room[i].values = of(room[i].rows, room[i].columns);
        made = made && *room[i].values;
    }
    return made;
}

struct heal_gnn_pass *heal_gnn_pass_new(const struct heal_gnn_shape *shape, size_t vertices) {
    struct heal_gnn_pass *pass = calloc(1, sizeof *pass);

    if (!pass)
        return NULL;
    pass->shape = *shape;
    pass->rows_max = vertices;
    heal_gnn_layout_make(shape, &pass->layout);
    return make(pass) ? pass : heal_gnn_pass_free(pass);
}

struct heal_gnn_pass *heal_gnn_pass_free(struct heal_gnn_pass *pass) {
    struct room room[ROOMS];

    if (!pass)
        return NULL;
    list_rooms(pass, room);
    for (size_t i = 0; i < ROOMS; i++)
        free(*room[i].values);
    for (unsigned t = 0; t < HEAL_GNN_TERMS_MAX; t++) {
        free(pass->taken[0][t]);
        free(pass->taken[1][t]);
        free(pass->picked[t]);
    }
    free(pass);
    return NULL;
}

const float *heal_gnn_pass_sick(const struct heal_gnn_pass *pass) {
    return pass->sick;
}

const float *heal_gnn_pass_kind(const struct heal_gnn_pass *pass) {
    return pass->kind;
}

struct heal_gnn_values heal_gnn_pass_values(const struct heal_gnn_pass *pass) {
    struct heal_gnn_values values = {
        .h1 = pass->h1, .h2 = pass->h2, .u = pass->u, .gate_hidden = pass->gate_hidden, .p = pass->p};

    for (unsigned layer = 0; layer < HEAL_GNN_LAYERS; layer++) {
        for (unsigned t = 0; t < HEAL_GNN_TERMS_MAX; t++)
            values.taken[layer][t] = pass->taken[layer][t];
    }
    return values;
}
