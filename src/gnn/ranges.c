/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/ranges.h"

#include "gnn/pass.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { BINS = 2048, PLACES = 5 + HEAL_GNN_LAYERS * HEAL_GNN_TERMS_MAX };

/* How often a value has which size, up to the largest. */
struct place {
    float most;
    uint64_t count, bin[BINS];
};

struct watch {
    const struct heal_gnn_shape *shape;
    bool counting; /* the second time, when the largest are known */
    struct place place[PLACES];
};

static void look_at_row(const struct watch *watch, struct place *place, const float *value, size_t width) {
    for (size_t i = 0; i < width; i++) {
        float size = fabsf(value[i]);

        if (!watch->counting) {
            place->most = fmaxf(place->most, size);
        } else if (place->most > 0) {
            size_t bin = (size_t)(size / place->most * BINS);

            place->bin[bin < BINS ? bin : BINS - 1]++;
            place->count++;
        }
    }
}

static void look(const struct watch *watch, struct place *place, struct heal_gnn_plane plane, size_t rows,
                 size_t width) {
    for (size_t r = 0; r < rows; r++)
        look_at_row(watch, place, plane.value + r * plane.stride, width);
}

static void look_at_all(struct watch *watch, const struct heal_gnn_pass *pass, size_t vertices) {
    struct heal_gnn_values values = heal_gnn_pass_values(pass);
    size_t hidden = watch->shape->hidden, half = hidden / 2;
    struct place *place = watch->place;

    look(watch, place++, values.h1, vertices, hidden);
    look(watch, place++, values.h2, vertices, hidden);
    look(watch, place++, values.gate_hidden, vertices, half);
    look(watch, place++, values.u, vertices, hidden);
    look(watch, place++, values.p, vertices, half);
    for (unsigned layer = 0; layer < HEAL_GNN_LAYERS; layer++) {
        for (unsigned t = 0; t < watch->shape->layer[layer].terms; t++)
            look(watch, place + layer * HEAL_GNN_TERMS_MAX + t, values.taken[layer][t], vertices,
                 watch->shape->layer[layer].term[t].width);
    }
}

static float range_of(const struct place *place, double share) {
    uint64_t sum = 0;

    for (unsigned bin = 0; bin < BINS; bin++) {
        sum += place->bin[bin];
        if ((double)sum >= share * (double)place->count)
            return place->most * (float)(bin + 1) / BINS;
    }
    return place->most;
}

static struct heal_gnn_ranges ranges_of(const struct watch *watch, const struct heal_gnn_scaling *scaling,
                                        double share) {
    const struct place *place = watch->place;
    struct heal_gnn_ranges ranges = {.input = scaling->most};

    ranges.h1 = range_of(place++, share);
    ranges.h2 = range_of(place++, share);
    ranges.gate_hidden = range_of(place++, share);
    ranges.u = range_of(place++, share);
    ranges.p = range_of(place++, share);
    for (unsigned layer = 0; layer < HEAL_GNN_LAYERS; layer++) {
        for (unsigned t = 0; t < watch->shape->layer[layer].terms; t++)
            ranges.mean[layer][t] = range_of(place + layer * HEAL_GNN_TERMS_MAX + t, share);
    }
    return ranges;
}

static void run(struct watch *watch, struct heal_gnn_batch *batch, struct heal_gnn_pass *pass,
                const struct heal_gnn_choice *choice, const float *weights) {
    for (size_t i = 0; i < choice->count; i++) {
        heal_gnn_batch_fill(batch, &choice->sample[i], 1, NULL, NULL);
        heal_gnn_pass_forward(pass, &batch->graph, batch->input, weights, NULL);
        look_at_all(watch, pass, batch->graph.vertices);
    }
}

int heal_gnn_ranges_measure(const struct heal_gnn_dataset *dataset, const struct heal_gnn_choice *choice,
                            const struct heal_gnn_shape *shape, const struct heal_gnn_scaling *scaling,
                            const float *weights, double share, struct heal_gnn_ranges *ret_ranges) {
    if (choice->count == 0)
        return -EINVAL;
    struct watch *watch = calloc(1, sizeof *watch);
    struct heal_gnn_pass *pass = heal_gnn_pass_new(shape, heal_gnn_batch_vertices_max(dataset, 1));
    struct heal_gnn_batch batch;
    int r = heal_gnn_batch_init(&batch, dataset, scaling, 1);

    if (!watch || !pass)
        r = -ENOMEM;
    if (r == 0) {
        watch->shape = shape;
        run(watch, &batch, pass, choice, weights);
        watch->counting = true;
        run(watch, &batch, pass, choice, weights);
        *ret_ranges = ranges_of(watch, scaling, share);
    }
    heal_gnn_batch_deinit(&batch);
    heal_gnn_pass_free(pass);
    free(watch);
    return r;
}
