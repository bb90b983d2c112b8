/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "toy_set.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct heal_gnn_feature feature[TOY_INPUTS] = {{.name = "load"}, {.name = "noise"}};

static void add(struct heal_dataset *set, struct heal_gnn_snapshot *snapshot) {
    struct heal_gnn_edge edge[TOY_VERTICES];

    for (uint32_t v = 0; v < TOY_VERTICES; v++)
        edge[v] = (struct heal_gnn_edge){v, (v + 1) % TOY_VERTICES};
    snapshot->vertices = snapshot->edges = TOY_VERTICES;
    snapshot->edge = edge;
    assert_int_equal(heal_gnn_dataset_add(set->graphs, snapshot, NULL), 0);
}

static void add_drawn(struct heal_dataset *set, struct heal_random *random, uint32_t run, int64_t time) {
    float value[TOY_VERTICES * TOY_INPUTS];
    uint8_t label[TOY_VERTICES], kind[TOY_VERTICES], sick = 0;

    for (unsigned v = 0; v < TOY_VERTICES; v++) {
        value[v * TOY_INPUTS] = heal_random_uniform(random) < 0.15 ? 4 : 0;
        value[v * TOY_INPUTS] += 0.3F * (float)heal_random_normal(random);
        value[v * TOY_INPUTS + 1] = (float)heal_random_normal(random);
        kind[v] = v % TOY_KINDS;
    }
    for (unsigned v = 0; v < TOY_VERTICES; v++) {
        label[v] = value[(v + 1) % TOY_VERTICES * TOY_INPUTS] > 2 ||
                   value[(v + TOY_VERTICES - 1) % TOY_VERTICES * TOY_INPUTS] > 2;
        sick |= label[v];
    }
    add(set,
        &(struct heal_gnn_snapshot){
            .feature = value, .label = label, .vertex_kind = kind, .run = run, .time = time, .kind = sick});
}

void toy_set_add(struct heal_dataset *set, uint32_t run, int64_t time, enum heal_gnn_label label) {
    float value[TOY_VERTICES * TOY_INPUTS] = {0};
    uint8_t labels[TOY_VERTICES];

    for (unsigned v = 0; v < TOY_VERTICES; v++)
        labels[v] = (uint8_t)label;
    add(set, &(struct heal_gnn_snapshot){.feature = value, .label = labels, .run = run, .time = time});
}

void toy_set_make(unsigned runs, unsigned graphs, uint64_t seed, struct heal_dataset *ret_set) {
    struct heal_random random;

    heal_random_init(&random, seed);
    assert_int_equal(heal_dataset_init(ret_set, feature, TOY_INPUTS), 0);
    assert_int_equal(heal_dataset_kind(ret_set, "even"), 0);
    assert_int_equal(heal_dataset_kind(ret_set, "odd"), 1);
    for (unsigned run = 0; run < runs; run++)
        for (unsigned i = 0; i < graphs; i++)
            add_drawn(ret_set, &random, run, 10 * i);
}
