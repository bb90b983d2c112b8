/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The text of labelled graphs: what is written reads back as the same, to the byte; what is wrong is refused
 * with its place. */
#include "dataset/dataset.h"
#include "dataset/draft.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "as_text.h"

#define HEAD                                                                                                 \
    "heald-dataset 1\nmade by hand, for a test\ntime s\nfeature loss\nfeature link-age log\nkind normal\n"   \
    "kind link-loss\n# graph RUN TIME KIND VERTICES EDGES; v LABEL FEATURES; n NODES; e VERTEX NEIGHBOURS\n"

static const char text[] = HEAD "graph 0 21 link-loss 4 3\n"
                                "v healthy 0 3.5\n"
                                "v link-loss 0.2 -\n"
                                "v unknown - 1e+06\n"
                                "v normal 16777216 0\n"
                                "n 0 3 3 1\n"
                                "e 0 1 3\n"
                                "e 2 3\n"
                                "graph 7 -3 normal 1 0\n"
                                "v healthy - -\n"
                                "end 2\n";

static void parse(const char *from, struct heal_dataset *ret_set) {
    struct heal_error error = {.code = 0};
    int r = heal_dataset_parse(from, strlen(from), ret_set, &error);

    if (r < 0)
        print_error("%d:%d: %s\n", error.line, error.column, error.what);
    assert_int_equal(r, 0);
}

static void reads_what_is_there(void **state) {
    struct heal_dataset set;

    (void)state;
    parse(text, &set);
    assert_string_equal(set.made, "by hand, for a test");
    assert_string_equal(set.time, "s");
    assert_int_equal(set.kinds, 2);
    assert_string_equal(set.kind[1], "link-loss");
    assert_int_equal(heal_gnn_dataset_inputs(set.graphs), 2);
    assert_false(heal_gnn_dataset_features(set.graphs)[0].logarithm);
    assert_true(heal_gnn_dataset_features(set.graphs)[1].logarithm);
    assert_int_equal(heal_gnn_dataset_samples(set.graphs), 2);
    struct heal_gnn_sample sample = heal_gnn_dataset_sample(set.graphs, 0);
    assert_int_equal(sample.graph.vertices, 4);
    assert_int_equal(sample.time, 21);
    assert_int_equal(sample.kind, 1);
    assert_int_equal(heal_gnn_degree(&sample.graph, 3), 2);
    assert_int_equal(sample.label[0], HEAL_GNN_HEALTHY);
    assert_int_equal(sample.label[1], HEAL_GNN_SICK);
    assert_int_equal(sample.vertex_kind[1], 1);
    assert_int_equal(sample.label[2], HEAL_GNN_UNKNOWN);
    assert_int_equal(sample.vertex_kind[3], 0);
    assert_int_equal(sample.node[1], 3);
    assert_int_equal(sample.node[3], 1);
    assert_true(sample.feature[2] == 0.2f && isnan(sample.feature[3]) && sample.feature[5] == 1e6f);
    sample = heal_gnn_dataset_sample(set.graphs, 1);
    assert_int_equal(sample.run, 7);
    assert_int_equal(sample.time, -3);
    heal_dataset_deinit(&set);
}

static void writes_the_same_bytes(void **state) {
    struct heal_dataset set;

    (void)state;
    parse(text, &set);
    char *written = as_text(&set);
    assert_string_equal(written, text);
    free(written);
    heal_dataset_deinit(&set);
}

/* Written otherwise, but for the same set: what is missing may be left out, lines may end as elsewhere. */
static void takes_other_spellings(void **state) {
    struct heal_dataset set;

    (void)state;
    parse("heald-dataset 1\r\nfeature a\r\nfeature b\nkind k\n# a remark\n\ngraph 0 0 k 2 1\nv k  1\nv "
          "unknown 1e0 "
          "-0.50\ne 0 1\nend 1",
          &set);
    struct heal_gnn_sample sample = heal_gnn_dataset_sample(set.graphs, 0);
    assert_true(isnan(sample.feature[0]) && sample.feature[1] == 1 && sample.feature[3] == -0.5f);
    heal_dataset_deinit(&set);
}

/* Any float comes back as it was. */
static void values_survive(void **state) {
    static const float value[] = {0.1f, 1.0f / 3, 3.4028235e38f, 1e-45f, -123456.789f, 16777217.0f, -0.0f};
    char written[HEAL_DATASET_VALUE_TEXT];

    (void)state;
    for (size_t i = 0; i < sizeof value / sizeof value[0]; i++) {
        heal_dataset_value_format(value[i], written);
        float back = strtof(written, NULL);
        assert_memory_equal(&back, &value[i], sizeof back);
    }
    heal_dataset_value_format(0.1f, written);
    assert_string_equal(written, "0.1");
}

static void refuse(const char *wrong, int line, int column, const char *what) {
    struct heal_dataset set = {.kinds = 99};
    struct heal_error error = {.code = 0};

    assert_int_equal(heal_dataset_parse(wrong, strlen(wrong), &set, &error), -EINVAL);
    if (!strstr(error.what, what) || error.line != line || error.column != column)
        fail_msg("%d:%d: %s, not %d:%d: %s", error.line, error.column, error.what, line, column, what);
    assert_int_equal(set.kinds, 99);
}

static void a_wrong_head_is_refused(void **state) {
    (void)state;
    refuse("", 0, 1, "does not begin");
    refuse("heald-dataset 2\n", 1, 15, "the version");
    refuse("heald-dataset 1\nfeature a\nfeature a\n", 3, 9, "already");
    refuse("heald-dataset 1\nfeature a lin\n", 2, 11, "`log` or nothing");
    refuse("heald-dataset 1\nfeature a,b\n", 2, 9, "is a name");
    refuse("heald-dataset 1\nfeature an-absurdly-long-name-of-a-feature\n", 2, 9, "is a name");
    refuse("heald-dataset 1\nkind healthy\n", 2, 6, "label");
    refuse("heald-dataset 1\nkind a\nkind a\n", 3, 6, "already");
    refuse("heald-dataset 1\nmade \n", 2, 6, "how it was made");
    refuse("heald-dataset 1\nmade a\nmade b\n", 3, 1, "already");
    refuse("heald-dataset 1\nkind a\ngraph 0 0 a 1 0\n", 3, 1, "features and kinds");
    refuse("heald-dataset 1\ncolour red\n", 2, 1, "a line begins with");
    refuse(HEAD, 8, 1, "without `end`");
    refuse(HEAD "end 0\n", 9, 5, "the number of graphs");
    refuse(HEAD "end 1\n", 9, 5, "not so many");
}

static void a_wrong_graph_is_refused(void **state) {
    (void)state;
    refuse(HEAD "graph -1 0 normal 1 0\n", 9, 7, "the run");
    refuse(HEAD "graph 0 99999999999999999 normal 1 0\n", 9, 9, "the time");
    refuse(HEAD "graph 0 0 weird 1 0\n", 9, 11, "no kind \"weird\"");
    refuse(HEAD "graph 0 0 normal 0 0\n", 9, 18, "the number of vertices");
    refuse(HEAD "graph 0 0 normal 65537 0\n", 9, 18, "the number of vertices");
    refuse(HEAD "graph 0 0 normal 1 0 5\n", 9, 22, "goes on");
    refuse(HEAD "graph 0 0 normal 1 0\nend 1\n", 10, 1, "has 0 vertices");
    refuse(HEAD "graph 0 0 normal 1 0\nv healthy 1 2\nkind late\n", 11, 1, "before the first graph");
    refuse(HEAD "v healthy 1 2\n", 9, 1, "no vertex");
    refuse(HEAD "e 0 1\n", 9, 1, "no edges");
    refuse(HEAD "n 0\n", 9, 1, "no nodes");
    refuse(HEAD "graph 0 0 normal 1 0\nv healthy 1 2\nend 1\nend 1\n", 12, 1, "nothing");
}

static void a_wrong_vertex_is_refused(void **state) {
    (void)state;
    refuse(HEAD "graph 0 0 normal 1 0\nv ill 1 2\n", 10, 3, "no kind \"ill\"");
    refuse(HEAD "graph 0 0 normal 1 0\nv healthy nan 2\n", 10, 11, "finite");
    refuse(HEAD "graph 0 0 normal 1 0\nv healthy 1 inf\n", 10, 13, "finite");
    refuse(HEAD "graph 0 0 normal 1 0\nv healthy 1e39 2\n", 10, 11, "finite");
    refuse(HEAD "graph 0 0 normal 1 0\nv healthy 0x10 2\n", 10, 11, "finite");
    refuse(HEAD "graph 0 0 normal 1 0\nv healthy 1 -2\n", 10, 13, "logarithm");
    refuse(HEAD "graph 0 0 normal 1 0\nv healthy 1\n", 10, 12, "link-age is missing");
    refuse(HEAD "graph 0 0 normal 1 0\nv healthy 1 2 3\n", 10, 15, "goes on");
    refuse(HEAD "graph 0 0 normal 1 0\nv healthy 1 2\nv healthy 1 2\n", 11, 1, "no vertex");
    refuse(HEAD "graph 0 0 normal 1 0\nv healthy "
                "1111111111111111111111111111111111111111111111111111111111111111111111 2\n",
           10, 11, "too long");
}

static void a_wrong_edge_is_refused(void **state) {
    (void)state;
#define THREE HEAD "graph 0 0 normal 3 2\nv healthy 1 2\nv healthy 1 2\nv healthy 1 2\n"
    refuse(THREE "e 0 3\n", 13, 5, "a neighbour");
    refuse(THREE "e 3 0\n", 13, 3, "a vertex");
    refuse(THREE "e 1 1\n", 13, 5, "its own neighbour");
    refuse(THREE "e 0 1 1\n", 13, 7, "already");
    refuse(THREE "e 1 0\n", 13, 5, "once");
    refuse(THREE "e 0 2 1\n", 13, 7, "ascend");
    refuse(THREE "e 0 1\ne 0 2\n", 14, 3, "one line");
    refuse(THREE "e 0\n", 13, 4, "a neighbour is missing");
    refuse(THREE "e 0 1 2\ne 1 2\n", 14, 5, "no more edges");
    refuse(THREE "e 0 1\nend 1\n", 14, 1, "3 vertices and 1 edges");
    refuse(THREE "e 0 1\nv healthy 1 2\n", 14, 1, "no vertex");
    refuse(THREE "n 0 0\n", 13, 6, "a vertex' node is missing");
    refuse(THREE "n 0 0 3\n", 13, 7, "a vertex' node");
    refuse(THREE "n 0 0 0 0\n", 13, 9, "goes on");
    refuse(THREE "e 0 1\nn 0 0 0\n", 14, 1, "no nodes");
#undef THREE
}

/* Cut anywhere, it is refused: a part of a set is never taken for the whole. */
static void a_part_is_no_whole(void **state) {
    struct heal_dataset set;

    (void)state;
    for (size_t length = 0; length < sizeof text - 2; length++)
        assert_int_equal(heal_dataset_parse(text, length, &set, NULL), -EINVAL);
    assert_int_equal(heal_dataset_parse(text, sizeof text - 2, &set, NULL), 0); /* the last newline */
    heal_dataset_deinit(&set);
}

/* One vertex with very many neighbours is a graph as any other; more vertices than there may be are not. */
static void a_hub_is_taken(void **state) {
    struct heal_dataset set, back;
    struct heal_draft draft;
    static const struct heal_gnn_feature feature = {.name = "x"};

    (void)state;
    assert_int_equal(heal_dataset_init(&set, &feature, 1), 0);
    assert_int_equal(heal_dataset_kind(&set, "normal"), 0);
    heal_draft_init(&draft, 1);
    for (uint32_t i = 0; i < HEAL_DATASET_VERTICES_MAX; i++) {
        assert_non_null(heal_draft_vertex(&draft, HEAL_GNN_HEALTHY, 0));
        if (i > 0)
            assert_int_equal(heal_draft_edge(&draft, 0, i), 0);
    }
    assert_int_equal(heal_draft_add(&draft, set.graphs, NULL), 0);
    char *written = as_text(&set);
    parse(written, &back);
    struct heal_gnn_sample sample = heal_gnn_dataset_sample(back.graphs, 0);
    assert_int_equal(heal_gnn_degree(&sample.graph, 0), HEAL_DATASET_VERTICES_MAX - 1);
    free(written);
    heal_draft_deinit(&draft);
    heal_dataset_deinit(&set);
    heal_dataset_deinit(&back);
}

static void kinds_are_numbered(void **state) {
    struct heal_dataset set = {.kinds = 0};
    char name[8];

    (void)state;
    for (int i = 0; i < HEAL_DATASET_KINDS_MAX; i++) {
        snprintf(name, sizeof name, "k%d", i);
        assert_int_equal(heal_dataset_kind(&set, name), i);
    }
    assert_int_equal(heal_dataset_kind(&set, "k3"), 3);
    assert_int_equal(heal_dataset_kind(&set, "another"), -E2BIG);
}

static void a_file_that_is_not_there_is_said(void **state) {
    struct heal_dataset set;
    struct heal_error error = {.code = 0};

    (void)state;
    assert_int_equal(heal_dataset_load("/nonexistent/set", &set, &error), -ENOENT);
    assert_string_equal(error.what, strerror(ENOENT));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_is_there),       cmocka_unit_test(writes_the_same_bytes),
        cmocka_unit_test(takes_other_spellings),     cmocka_unit_test(values_survive),
        cmocka_unit_test(a_wrong_head_is_refused),   cmocka_unit_test(a_wrong_graph_is_refused),
        cmocka_unit_test(a_wrong_vertex_is_refused), cmocka_unit_test(a_wrong_edge_is_refused),
        cmocka_unit_test(a_part_is_no_whole),        cmocka_unit_test(a_hub_is_taken),
        cmocka_unit_test(kinds_are_numbered),        cmocka_unit_test(a_file_that_is_not_there_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
