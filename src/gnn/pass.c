/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/pass_state.h"

#include <stdlib.h>

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

static bool make(struct heal_gnn_pass *pass) {
    size_t rows = pass->rows_max, hidden = pass->shape.hidden, half = hidden / 2, kinds = pass->shape.kinds;
    size_t widest = hidden > kinds ? hidden : kinds;
    const struct {
        float **values;
        size_t rows, columns;
    } wanted[] = {
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
    bool made = make_terms(pass, 0) && make_terms(pass, 1);

    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        *wanted[i].values = of(wanted[i].rows, wanted[i].columns);
        made = made && *wanted[i].values;
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
    if (!pass)
        return NULL;
    float *const values[] = {pass->h1,   pass->h2,   pass->gate_hidden,   pass->gate,
                             pass->u,    pass->p,    pass->sick,          pass->kind,
                             pass->d_h1, pass->d_h2, pass->d_gate_hidden, pass->d_gate,
                             pass->d_u,  pass->d_p,  pass->d_taken,       pass->transposed};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        free(values[i]);
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
