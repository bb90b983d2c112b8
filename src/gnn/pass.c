/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/lanes.h"
#include "gnn/pass_state.h"

#include <stdlib.h>
#include <string.h>

static float *of(size_t rows, size_t columns) {
    return calloc(rows * columns + 1, sizeof(float));
}

enum { PLANES = 15 };

/* All rows that a pass keeps, with as many columns as are used of them. */
struct room {
    struct heal_gnn_plane *plane;
    size_t columns;
    bool has_one; /* behind the last, for the bias */
};

static void list_rooms(struct heal_gnn_pass *pass, struct room ret_room[static PLANES]) {
    size_t hidden = pass->hidden, half = pass->half;
    size_t logits = pass->sheet[HEAL_GNN_SHEET_LOGITS].columns;
    const struct room room[PLANES] = {
        {&pass->taken[0],      pass->sheet[HEAL_GNN_SHEET_LAYER1].terms,          false},
        {&pass->taken[1],      pass->sheet[HEAL_GNN_SHEET_LAYER2].terms,          false},
        {&pass->h2,            hidden,                                            true },
        {&pass->gate_hidden,   half,                                              true },
        {&pass->gate_out,      HEAL_BLOCK,                                        false},
        {&pass->u,             hidden,                                            true },
        {&pass->p,             half,                                              true },
        {&pass->logits,        logits,                                            false},
        {&pass->d_taken,       pass->sheet[HEAL_GNN_SHEET_LAYER2].turned_columns, false},
        {&pass->d_h2,          hidden,                                            false},
        {&pass->d_gate_hidden, half,                                              false},
        {&pass->d_gate_out,    HEAL_BLOCK,                                        false},
        {&pass->d_u,           hidden,                                            false},
        {&pass->d_p,           half,                                              false},
        {&pass->d_logits,      logits,                                            false},
    };

    memcpy(ret_room, room, sizeof room);
}

/* Whole vectors may be written behind the last column. */
static bool make_plane(const struct room *room, size_t rows) {
    size_t stride = (room->columns + HEAL_BLOCK - 1) / HEAL_BLOCK * HEAL_BLOCK + HEAL_BLOCK;
    float *value = of(rows, stride);

    *room->plane = (struct heal_gnn_plane){.value = value, .stride = stride};
    for (size_t r = 0; value && room->has_one && r < rows; r++)
        value[r * stride + room->columns] = 1;
    return value;
}

static bool make(struct heal_gnn_pass *pass) {
    size_t rows = (pass->rows_max + HEAL_GNN_TALL - 1) / HEAL_GNN_TALL * HEAL_GNN_TALL;
    struct room room[PLANES];
    bool made = true;

    list_rooms(pass, room);
    for (size_t i = 0; i < PLANES; i++)
        made = make_plane(&room[i], rows) && made;
    for (unsigned t = 0; t < pass->shape.layer[1].terms; t++) {
        pass->picked[t] =
            calloc(rows * heal_gnn_picked_stride(&pass->shape.layer[1].term[t]) + 1, sizeof *pass->picked[t]);
        made = made && pass->picked[t];
    }
    pass->gate = of(rows, 1);
    pass->sick = of(rows, 1);
    pass->kind = of(rows, pass->shape.kinds);
    pass->sheets = of(pass->sheets_size, 1);
    pass->turned = of(pass->turned_size, 1);
    pass->gradient = of(pass->sheets_size, 1);
    return made && pass->gate && pass->sick && pass->kind && pass->sheets && pass->turned && pass->gradient;
}

struct heal_gnn_pass *heal_gnn_pass_new(const struct heal_gnn_shape *shape, size_t vertices) {
    struct heal_gnn_pass *pass = calloc(1, sizeof *pass);

    if (!pass)
        return NULL;
    pass->shape = *shape;
    pass->rows_max = vertices;
    pass->unit = heal_gnn_unit_best();
    heal_gnn_layout_make(shape, &pass->layout);
    heal_gnn_sheets_lay(pass);
    return make(pass) ? pass : heal_gnn_pass_free(pass);
}

struct heal_gnn_pass *heal_gnn_pass_free(struct heal_gnn_pass *pass) {
    struct room room[PLANES];

    if (!pass)
        return NULL;
    list_rooms(pass, room);
    for (size_t i = 0; i < PLANES; i++)
        free(room[i].plane->value);
    for (unsigned t = 0; t < HEAL_GNN_TERMS_MAX; t++)
        free(pass->picked[t]);
    free(pass->gate);
    free(pass->sick);
    free(pass->kind);
    free(pass->sheets);
    free(pass->turned);
    free(pass->gradient);
    free(pass);
    return NULL;
}

void heal_gnn_pass_forward(struct heal_gnn_pass *pass, const struct heal_gnn_graph *graph, const float *input,
                           const float *weights, struct heal_gnn_dropout *dropout) {
    pass->graph = *graph;
    pass->input = input;
    pass->kept_scale = dropout ? 256.0F / (float)(256 - dropout->of_256) : 1;
    heal_gnn_sheets_fill(pass, weights);
    pass->unit->forward(pass, dropout);
}

void heal_gnn_pass_backward(struct heal_gnn_pass *pass, const float *sick, const float *kind,
                            float *gradient) {
    pass->unit->backward(pass, sick, kind);
    heal_gnn_sheets_gain(pass, gradient);
}

const float *heal_gnn_pass_sick(const struct heal_gnn_pass *pass) {
    return pass->sick;
}

const float *heal_gnn_pass_kind(const struct heal_gnn_pass *pass) {
    return pass->kind;
}

struct heal_gnn_values heal_gnn_pass_values(const struct heal_gnn_pass *pass) {
    struct heal_gnn_values values = {
        .h1 = pass->taken[1], .h2 = pass->h2, .u = pass->u, .gate_hidden = pass->gate_hidden, .p = pass->p};

    for (unsigned number = 0; number < HEAL_GNN_LAYERS; number++) {
        const struct heal_gnn_layer *layer = &pass->shape.layer[number];
        struct heal_gnn_plane plane = pass->taken[number];

        plane.value += heal_gnn_own_columns(pass, number);
        for (unsigned t = 0; t < layer->terms; t++, plane.value += layer->term[t - 1].width)
            values.taken[number][t] = plane;
    }
    return values;
}
