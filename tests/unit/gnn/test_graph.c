/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Graphs from edges: rows in order, and what is no graph refused by name. */
#include "gnn/graph.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static uint32_t first[16], neighbour[64], spare[80];

static int build(uint32_t vertices, const struct heal_gnn_edge *edge, uint32_t edges,
                 struct heal_gnn_graph *graph, struct heal_error *error) {
    return heal_gnn_graph_build(vertices, edge, edges, first, neighbour, spare, graph, error);
}

static void rows_are_in_order(void **state) {
    const struct heal_gnn_edge edge[] = {
        {3, 1},
        {0, 3},
        {3, 2},
        {1, 0}
    };
    const uint32_t wanted[] = {1, 3, 0, 3, 3, 0, 1, 2};
    struct heal_gnn_graph graph;

    (void)state;
    assert_int_equal(build(5, edge, 4, &graph, NULL), 0);
    assert_int_equal(graph.vertices, 5);
    assert_memory_equal(graph.neighbour, wanted, sizeof wanted);
    assert_int_equal(heal_gnn_degree(&graph, 3), 3);
    assert_int_equal(heal_gnn_degree(&graph, 4), 0);
}

static void an_empty_graph_is_one(void **state) {
    struct heal_gnn_graph graph;

    (void)state;
    assert_int_equal(build(0, NULL, 0, &graph, NULL), 0);
    assert_int_equal(build(3, NULL, 0, &graph, NULL), 0);
    assert_int_equal(heal_gnn_degree(&graph, 2), 0);
}

static void what_is_no_graph_is_refused(void **state) {
    const struct heal_gnn_edge beyond[] = {
        {0, 1},
        {1, 4}
    };
    const struct heal_gnn_edge loop[] = {
        {0, 1},
        {2, 2}
    };
    const struct heal_gnn_edge twice[] = {
        {0, 1},
        {2, 3},
        {1, 0}
    };
    struct heal_gnn_graph graph = {.vertices = 77};
    struct heal_error error;

    (void)state;
    assert_int_equal(build(4, beyond, 2, &graph, &error), -EINVAL);
    assert_string_equal(error.what, "there is no vertex 4: there are 4");
    assert_int_equal(error.line, 2);
    assert_int_equal(build(4, loop, 2, &graph, &error), -EINVAL);
    assert_string_equal(error.what, "vertex 2 is its own neighbour");
    assert_int_equal(build(4, twice, 3, &graph, &error), -EINVAL);
    assert_string_equal(error.what, "there are two edges between 0 and 1");
    assert_int_equal(error.line, 3);
    assert_int_equal(build(0, beyond, 1, &graph, &error), -EINVAL);
    assert_string_equal(error.what, "there is no vertex 1: there are 0");
    assert_int_equal(build(4, NULL, UINT32_C(1) << 31, &graph, &error), -EINVAL);
    assert_string_equal(error.what, "2147483648 edges: at most 2147483647");
    assert_int_equal(graph.vertices, 77);
}

/* Everybody is beside one, who has a million neighbours; and with one edge twice it is none. */
static void a_million_may_be_beside_one(void **state) {
    enum { LEAVES = 1000000 };
    struct heal_gnn_edge *edge = calloc(LEAVES, sizeof *edge);
    uint32_t *rows = calloc(6 * (size_t)LEAVES + 3, sizeof *rows);
    struct heal_gnn_graph graph;
    struct heal_error error;

    (void)state;
    assert_true(edge && rows);
    for (uint32_t i = 0; i < LEAVES; i++)
        edge[i] = (struct heal_gnn_edge){LEAVES - i, 0};
    assert_int_equal(heal_gnn_graph_build(LEAVES + 1, edge, LEAVES, rows, rows + LEAVES + 2,
                                          rows + 3 * (size_t)LEAVES + 2, &graph, &error),
                     0);
    assert_int_equal(heal_gnn_degree(&graph, 0), LEAVES);
    for (uint32_t i = 0; i < LEAVES; i++)
        assert_true(graph.neighbour[i] == i + 1 && graph.neighbour[graph.first[i + 1]] == 0);
    edge[LEAVES - 1] = (struct heal_gnn_edge){0, LEAVES};
    assert_int_equal(heal_gnn_graph_build(LEAVES + 1, edge, LEAVES, rows, rows + LEAVES + 2,
                                          rows + 3 * (size_t)LEAVES + 2, &graph, &error),
                     -EINVAL);
    assert_string_equal(error.what, "there are two edges between 0 and 1000000");
    assert_int_equal(error.line, LEAVES);
    free(rows);
    free(edge);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_in_order),
        cmocka_unit_test(an_empty_graph_is_one),
        cmocka_unit_test(what_is_no_graph_is_refused),
        cmocka_unit_test(a_million_may_be_beside_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
