/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/walk.h"

#include <errno.h>

int heal_gnn_walk(const struct heal_gnn_walk *walk) {
    const struct heal_gnn_choice *choice = walk->choice;
    struct heal_gnn_batch batch;
    struct heal_gnn_pass *pass =
        heal_gnn_pass_new(walk->shape, heal_gnn_batch_vertices_max(walk->dataset, 1));
    int r = heal_gnn_batch_init(&batch, walk->dataset, walk->scaling, 1);

    if (!pass)
        r = -ENOMEM;
    for (size_t i = 0; r == 0 && i < choice->count; i++) {
        heal_gnn_batch_fill(&batch, &choice->sample[i], 1, NULL, NULL);
        heal_gnn_pass_forward(pass, &batch.graph, batch.input, walk->weights, NULL);
        walk->look(walk->context, pass, batch.graph.vertices);
    }
    heal_gnn_batch_deinit(&batch);
    heal_gnn_pass_free(pass);
    return r;
}
