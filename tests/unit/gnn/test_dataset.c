/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What is added is read back; what is refused leaves no trace; how samples become a batch. */
#include "gnn/batch.h"
#include "gnn/dataset.h"
#include "gnn/shape.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { INPUTS = 2, VERTICES = 4, EDGES = 3 };

static const struct heal_gnn_edge path[EDGES] = {
    {0, 1},
    {1, 2},
    {2, 3}
};
static const uint8_t label[VERTICES] = {HEAL_GNN_HEALTHY, HEAL_GNN_SICK, HEAL_GNN_UNKNOWN, HEAL_GNN_HEALTHY};

static const struct heal_gnn_feature feature_of[INPUTS] = {
    {.name = "loss"    },
    { .name = "age", .logarithm = true}
};
static const uint8_t own_kind[VERTICES] = {9, 4, 9, 9};
static const uint32_t two_nodes[VERTICES] = {0, 0, 1, 1};

static struct heal_gnn_snapshot snapshot_of(const float *feature, int64_t time) {
    return (struct heal_gnn_snapshot){.vertices = VERTICES,
                                      .edges = EDGES,
                                      .feature = feature,
                                      .label = label,
                                      .edge = path,
                                      .time = time,
                                      .run = 6,
                                      .kind = 3};
}

static struct heal_gnn_dataset *make(size_t samples) {
    struct heal_gnn_dataset *dataset = heal_gnn_dataset_new(feature_of, INPUTS);

    assert_non_null(dataset);
    assert_memory_equal(heal_gnn_dataset_features(dataset), feature_of, sizeof feature_of);
    for (size_t i = 0; i < samples; i++) {
        float feature[VERTICES * INPUTS];

        for (size_t k = 0; k < VERTICES * INPUTS; k++)
            feature[k] = k % 2 ? 7 : 0.5F * (float)k; /* the first 0 to 3, the second always 7 */
        struct heal_gnn_snapshot snapshot = snapshot_of(feature, (int64_t)i);
        snapshot.vertex_kind = i % 2 ? own_kind : NULL;
        snapshot.node = i % 2 ? two_nodes : NULL;
        assert_int_equal(heal_gnn_dataset_add(dataset, &snapshot, NULL), 0);
    }
    return dataset;
}

static void what_is_added_is_read_back(void **state) {
    struct heal_gnn_dataset *dataset = make(200);

    (void)state;
    assert_int_equal(heal_gnn_dataset_samples(dataset), 200);
    for (size_t i = 0; i < 200; i++) {
        struct heal_gnn_sample sample = heal_gnn_dataset_sample(dataset, i);

        assert_int_equal(sample.graph.vertices, VERTICES);
        assert_int_equal(heal_gnn_degree(&sample.graph, 2), 2);
        assert_int_equal(sample.graph.neighbour[sample.graph.first[3]], 2);
        assert_true(sample.feature[6] == 3 && sample.feature[7] == 7);
        assert_memory_equal(sample.label, label, sizeof label);
        assert_int_equal(sample.time, i);
        assert_int_equal(sample.run, 6);
        assert_int_equal(sample.kind, 3);
        assert_int_equal(sample.vertex_kind[1], i % 2 ? 4 : 3);
        for (uint32_t v = 0; v < VERTICES; v++)
            assert_int_equal(sample.node[v], i % 2 ? v / 2 : v);
    }
    heal_gnn_dataset_free(dataset);
}

static void what_is_refused_leaves_no_trace(void **state) {
    const struct heal_gnn_edge beyond[EDGES] = {
        {0, 1},
        {1, 2},
        {2, 4}
    };
    const uint8_t unheard_of[VERTICES] = {0, 1, 2, 3};
    const uint32_t no_node[VERTICES] = {0, 0, 4, 0};
    float feature[VERTICES * INPUTS] = {0};
    struct heal_gnn_dataset *dataset = make(1);
    struct heal_gnn_snapshot snapshot = snapshot_of(feature, 1);
    struct heal_error error;

    (void)state;
    feature[5] = INFINITY;
    assert_int_equal(heal_gnn_dataset_add(dataset, &snapshot, &error), -EINVAL);
    assert_string_equal(error.what, "feature 2 of vertex 2 is infinite");
    feature[5] = NAN; /* missing */
    snapshot.label = unheard_of;
    assert_int_equal(heal_gnn_dataset_add(dataset, &snapshot, &error), -EINVAL);
    assert_string_equal(error.what, "vertex 3 has the label 3");
    snapshot.label = label;
    snapshot.node = no_node;
    assert_int_equal(heal_gnn_dataset_add(dataset, &snapshot, &error), -EINVAL);
    assert_string_equal(error.what, "vertex 2 is of node 4: there are 4 vertices");
    snapshot.node = NULL;
    snapshot.edge = beyond;
    assert_int_equal(heal_gnn_dataset_add(dataset, &snapshot, &error), -EINVAL);
    assert_int_equal(heal_gnn_dataset_samples(dataset), 1);
    snapshot.edge = path;
    assert_int_equal(heal_gnn_dataset_add(dataset, &snapshot, &error), 0);
    assert_true(isnan(heal_gnn_dataset_sample(dataset, 1).feature[5]));
    heal_gnn_dataset_free(dataset);
}

/* What is no graph is none in a data set, either, and its words name the place. */
static void graphs_that_are_none_are_refused(void **state) {
    static const struct {
        struct heal_gnn_edge edge[EDGES];
        int line;
        const char *what;
    } wrong[] = {
        {{{0, 1}, {2, 2}, {2, 3}},          2, "vertex 2 is its own neighbour"             },
        {{{0, 1}, {1, 2}, {1, 0}},          3, "there are two edges between 0 and 1"       },
        {{{0, 1}, {1, 2}, {2, 4}},          3, "there is no vertex 4: there are 4"         },
        {{{0, 1}, {1, UINT32_MAX}, {2, 3}}, 2, "there is no vertex 4294967295: there are 4"},
    };
    float feature[VERTICES * INPUTS] = {0};
    struct heal_gnn_dataset *dataset = make(1);
    struct heal_gnn_snapshot snapshot = snapshot_of(feature, 1);
    struct heal_error error;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        snapshot.edge = wrong[i].edge;
        assert_int_equal(heal_gnn_dataset_add(dataset, &snapshot, &error), -EINVAL);
        assert_string_equal(error.what, wrong[i].what);
        assert_int_equal(error.line, wrong[i].line);
        assert_int_equal(heal_gnn_dataset_samples(dataset), 1);
    }
    heal_gnn_dataset_free(dataset);
    assert_null(heal_gnn_dataset_new(NULL, 0));
    assert_null(heal_gnn_dataset_new(NULL, HEAL_GNN_INPUTS_MAX + 1));
}

/* A mesh in which nobody is any more is a sample like others. */
static void an_empty_graph_is_a_sample(void **state) {
    const uint32_t chosen[] = {1, 0, 1};
    const struct heal_gnn_snapshot empty = {.time = 7};
    struct heal_gnn_dataset *dataset = make(1);
    struct heal_gnn_scaling scaling;
    struct heal_gnn_batch batch;

    (void)state;
    assert_int_equal(heal_gnn_dataset_add(dataset, &empty, NULL), 0);
    assert_int_equal(heal_gnn_dataset_sample(dataset, 1).graph.vertices, 0);
    heal_gnn_scaling_fit(dataset, chosen, 3, &scaling);
    assert_true(scaling.mean[0] == 1.5F);
    assert_int_equal(heal_gnn_batch_init(&batch, dataset, &scaling, 3), 0);
    heal_gnn_batch_fill(&batch, chosen, 3, NULL, NULL);
    assert_int_equal(batch.graph.vertices, VERTICES);
    heal_gnn_batch_deinit(&batch);
    heal_gnn_scaling_fit(dataset, chosen, 1, &scaling); /* nothing to fit to */
    assert_true(scaling.mean[0] == 0 && scaling.deviation[0] == 1);
    heal_gnn_dataset_free(dataset);
}

static void scaling_by_hand(void **state) {
    const uint32_t all[] = {0, 1, 2};
    struct heal_gnn_dataset *dataset = make(3);
    struct heal_gnn_scaling scaling;
    float input[INPUTS];

    (void)state;
    heal_gnn_scaling_fit(dataset, all, 3, &scaling);
    assert_true(scaling.mean[0] == 1.5F && fabsf(scaling.deviation[0] - sqrtf(1.25F)) < 1e-6F);
    assert_true(fabsf(scaling.mean[1] - logf(8)) < 1e-6F && scaling.deviation[1] == 1); /* it never changes */
    heal_gnn_scaling_apply(&scaling, (const float[]){1.5F + 2 * sqrtf(1.25F), NAN}, input);
    assert_true(fabsf(input[0] - 2) < 1e-6F && input[1] == 0);
    heal_gnn_scaling_apply(&scaling, (const float[]){1e9F, 1e9F}, input);
    assert_true(input[0] == 6 && input[1] == 6);
    heal_gnn_scaling_apply(&scaling, (const float[]){-1e9F, -1e9F}, input);
    assert_true(input[0] == -6 && fabsf(input[1] + logf(8)) < 1e-6F); /* below 0 counts as 0 */
    heal_gnn_dataset_free(dataset);
}

static void samples_stand_side_by_side(void **state) {
    const uint32_t chosen[] = {2, 1};
    struct heal_gnn_dataset *dataset = make(3);
    struct heal_gnn_scaling scaling = {
        .inputs = INPUTS, .most = 6, .deviation = {1, 1}
    };
    struct heal_gnn_batch batch;

    (void)state;
    assert_int_equal(heal_gnn_batch_init(&batch, dataset, &scaling, 2), 0);
    heal_gnn_batch_fill(&batch, chosen, 2, NULL, NULL);
    assert_int_equal(batch.graph.vertices, 2 * VERTICES);
    for (uint32_t v = 0; v < batch.graph.vertices; v++) {
        assert_int_equal(heal_gnn_degree(&batch.graph, v), v % 4 == 0 || v % 4 == 3 ? 1 : 2);
        assert_int_equal(batch.label[v], label[v % 4]);
        assert_true(batch.input[(size_t)v * INPUTS] == (float)(v % 4));
        assert_int_equal(batch.node[v], v < VERTICES ? v : VERTICES + v % VERTICES / 2);
    }
    assert_int_equal(batch.nodes, 2 * VERTICES);
    assert_int_equal(batch.graphs, 2);
    assert_int_equal(batch.begin[1], VERTICES);
    assert_int_equal(batch.begin[2], 2 * VERTICES);
    assert_int_equal(batch.kind[1], 3);
    assert_int_equal(batch.graph.neighbour[batch.graph.first[4]], 5); /* the second's 0: its 1 */
    heal_gnn_batch_deinit(&batch);
    heal_gnn_dataset_free(dataset);
}

/* Whoever is left out is nobody's neighbour; whoever stays is a neighbour both ways. */
static void what_is_left_out_leaves_a_graph(void **state) {
    const uint32_t chosen[] = {0, 1, 2, 3, 4, 5, 6, 7};
    const struct heal_gnn_omission omission = {.vertices_of_256 = 100, .features_of_256 = 128};
    struct heal_gnn_dataset *dataset = make(8);
    struct heal_gnn_scaling scaling = {
        .inputs = INPUTS, .most = 6, .mean = {-1, 0},
                .deviation = {1,  1}
    };
    struct heal_gnn_batch batch;
    struct heal_random random;
    unsigned vertices = 0, missing = 0;

    (void)state;
    heal_random_init(&random, 11);
    assert_int_equal(heal_gnn_batch_init(&batch, dataset, &scaling, 8), 0);
    for (int round = 0; round < 100; round++) {
        heal_gnn_batch_fill(&batch, chosen, 8, &omission, &random);
        vertices += batch.graph.vertices;
        for (uint32_t v = 0; v < batch.graph.vertices; v++) {
            missing += batch.input[(size_t)v * INPUTS] == 0;
            for (uint32_t i = batch.graph.first[v]; i < batch.graph.first[v + 1]; i++) {
                uint32_t u = batch.graph.neighbour[i];

                assert_true(u < batch.graph.vertices && u != v);
                /* On a path, what is beside a vertex differs by one from it. */
                if (batch.input[(size_t)u * INPUTS] != 0 && batch.input[(size_t)v * INPUTS] != 0)
                    assert_true(fabsf(batch.input[(size_t)u * INPUTS] - batch.input[(size_t)v * INPUTS]) ==
                                1);
            }
        }
    }
    assert_in_range(vertices, 3200 * 146 / 256, 3200 * 166 / 256); /* 156 of 256 of 3200 stay */
    assert_in_range(missing, vertices * 45 / 100, vertices * 55 / 100);
    heal_gnn_batch_deinit(&batch);
    heal_gnn_dataset_free(dataset);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_added_is_read_back),
        cmocka_unit_test(what_is_refused_leaves_no_trace),
        cmocka_unit_test(graphs_that_are_none_are_refused),
        cmocka_unit_test(an_empty_graph_is_a_sample),
        cmocka_unit_test(scaling_by_hand),
        cmocka_unit_test(samples_stand_side_by_side),
        cmocka_unit_test(what_is_left_out_leaves_a_graph),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
