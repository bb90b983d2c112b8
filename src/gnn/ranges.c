/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/ranges.h"

#include "gnn/equalise.h"
#include "gnn/walk.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { BINS = 2048, PLACES = 5 + HEAL_GNN_LAYERS * HEAL_GNN_TERMS_MAX };

/* What is rarer in a place is cut off there: it widens the steps of all that is common. */
static const double in_range = 0.9999;

/* How often a value has which size, up to the largest. */
struct place {
    float most;
    uint64_t count, bin[BINS];
};

/* What is watched: how large values get at each place of a network. */
struct watched {
    const struct heal_gnn_shape *shape;
    bool counting; /* the second time, when the largest are known */
    struct place place[PLACES];
};

static void look_at_row(const struct watched *watched, struct place *place, const float *value,
                        size_t width) {
    for (size_t i = 0; i < width; i++) {
        float size = fabsf(value[i]);

        if (!watched->counting) {
            place->most = fmaxf(place->most, size);
        } else if (place->most > 0) {
            size_t bin = (size_t)(size / place->most * BINS);

            place->bin[bin < BINS ? bin : BINS - 1]++;
            place->count++;
        }
    }
}

static void look(const struct watched *watched, struct place *place, struct heal_gnn_plane plane, size_t rows,
                 size_t width) {
    for (size_t r = 0; r < rows; r++)
        look_at_row(watched, place, plane.value + r * plane.stride, width);
}

static void look_at_all(void *context, const struct heal_gnn_pass *pass, uint32_t vertices) {
    struct watched *watched = context;
    struct heal_gnn_values values = heal_gnn_pass_values(pass);
    size_t hidden = watched->shape->hidden, half = hidden / 2;
    struct place *place = watched->place;

    look(watched, place++, values.h1, vertices, hidden);
    look(watched, place++, values.h2, vertices, hidden);
    look(watched, place++, values.gate_hidden, vertices, half);
    look(watched, place++, values.u, vertices, hidden);
    look(watched, place++, values.p, vertices, half);
    for (unsigned layer = 0; layer < HEAL_GNN_LAYERS; layer++) {
        for (unsigned t = 0; t < watched->shape->layer[layer].terms; t++)
            look(watched, place + layer * HEAL_GNN_TERMS_MAX + t, values.taken[layer][t], vertices,
                 watched->shape->layer[layer].term[t].width);
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

static struct heal_gnn_ranges ranges_of(const struct watched *watched, const struct heal_gnn_scaling *scaling,
                                        double share) {
    const struct place *place = watched->place;
    struct heal_gnn_ranges ranges = {.input = scaling->most};

    ranges.h1 = range_of(place++, share);
    ranges.h2 = range_of(place++, share);
    ranges.gate_hidden = range_of(place++, share);
    ranges.u = range_of(place++, share);
    ranges.p = range_of(place++, share);
    for (unsigned layer = 0; layer < HEAL_GNN_LAYERS; layer++) {
        for (unsigned t = 0; t < watched->shape->layer[layer].terms; t++)
            ranges.mean[layer][t] = range_of(place + layer * HEAL_GNN_TERMS_MAX + t, share);
    }
    return ranges;
}

int heal_gnn_ranges_measure(const struct heal_gnn_dataset *dataset, const struct heal_gnn_choice *choice,
                            const struct heal_gnn_shape *shape, const struct heal_gnn_scaling *scaling,
                            const float *weights, double share, struct heal_gnn_ranges *ret_ranges) {
    if (choice->count == 0)
        return -EINVAL;
    struct watched *watched = calloc(1, sizeof *watched);
    const struct heal_gnn_walk walk = {.dataset = dataset,
                                       .choice = choice,
                                       .shape = shape,
                                       .scaling = scaling,
                                       .weights = weights,
                                       .look = look_at_all,
                                       .context = watched};

    if (!watched)
        return -ENOMEM;
    watched->shape = shape;
    int r = heal_gnn_walk(&walk);
    watched->counting = true;
    r = r < 0 ? r : heal_gnn_walk(&walk);
    if (r == 0)
        *ret_ranges = ranges_of(watched, scaling, share);
    free(watched);
    return r;
}

int heal_gnn_ranges_settle(const struct heal_gnn_dataset *dataset, const struct heal_gnn_choice *choice,
                           const struct heal_gnn_shape *shape, const struct heal_gnn_scaling *scaling,
                           float *weights, struct heal_gnn_ranges *ret_ranges) {
    int r = heal_gnn_equalise(dataset, choice, shape, scaling, weights);

    return r < 0 ? r
                 : heal_gnn_ranges_measure(dataset, choice, shape, scaling, weights, in_range, ret_ranges);
}
