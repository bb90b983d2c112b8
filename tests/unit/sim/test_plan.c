/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "sim/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static double length_of(const struct heal_sim_plan *plan, unsigned edge) {
    const struct heal_sim_place *a = &plan->place[plan->edge[edge].a], *b = &plan->place[plan->edge[edge].b];
    return hypot(a->x_m - b->x_m, a->y_m - b->y_m);
}

/* @return how many nodes can be reached from the first. */
static unsigned reached(const struct heal_sim_plan *plan) {
    unsigned char *seen = calloc(plan->places, 1);
    unsigned count = 0;
    assert_non_null(seen);
    seen[0] = 1;
    for (bool more = true; more;) {
        more = false;
        for (unsigned i = 0; i < plan->edges; i++)
            if (seen[plan->edge[i].a] != seen[plan->edge[i].b]) {
                seen[plan->edge[i].a] = seen[plan->edge[i].b] = 1;
                more = true;
            }
    }
    for (unsigned i = 0; i < plan->places; i++)
        count += seen[i];
    free(seen);
    return count;
}

static void draw(enum heal_sim_shape shape, unsigned count, unsigned edges) {
    struct heal_sim_plan plan = {0};
    assert_int_equal(heal_sim_plan_draw(shape, count, 1, &plan), 0);
    assert_int_equal(plan.places, count);
    assert_int_equal(plan.edges, edges);
    assert_int_equal(reached(&plan), count);
    for (unsigned i = 0; i < plan.edges; i++)
        assert_float_equal(length_of(&plan, i), 65, 0.01);
    heal_sim_plan_deinit(&plan);
}

static void shapes_have_their_links(void **state) {
    (void)state;
    draw(HEAL_SIM_RING, 12, 12);
    draw(HEAL_SIM_LINE, 12, 11);
    draw(HEAL_SIM_STAR, 12, 11);
    draw(HEAL_SIM_GRID, 12, 17); /* four columns, three lines */
    draw(HEAL_SIM_GRID, 7, 8);
}

static void shapes_refuse_what_they_cannot_be(void **state) {
    (void)state;
    struct heal_sim_plan plan = {0};
    for (int shape = 0; shape < HEAL_SIM_SHAPES; shape++) {
        enum heal_sim_shape as = (enum heal_sim_shape)shape;
        assert_int_equal(heal_sim_plan_draw(as, heal_sim_shape_least(as) - 1, 1, &plan), -EINVAL);
        assert_int_equal(heal_sim_plan_draw(as, heal_sim_shape_most(as) + 1, 1, &plan), -EINVAL);
        assert_null(plan.place);
    }
}

static void random_ones_are_whole_and_repeat(void **state) {
    (void)state;
    static const unsigned counts[] = {2, 3, 17, 64, 400};
    for (uint64_t seed = 1; seed <= 8; seed++)
        for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
            struct heal_sim_plan plan = {0}, again = {0};
            assert_int_equal(heal_sim_plan_draw(HEAL_SIM_RANDOM, counts[i], seed, &plan), 0);
            assert_int_equal(heal_sim_plan_draw(HEAL_SIM_RANDOM, counts[i], seed, &again), 0);
            assert_int_equal(reached(&plan), counts[i]);
            assert_true(heal_sim_plan_degree(&plan) <= 8);
            assert_int_equal(plan.edges, again.edges);
            assert_memory_equal(plan.edge, again.edge, plan.edges * sizeof *plan.edge);
            for (unsigned j = 0; j < plan.edges; j++)
                assert_true(length_of(&plan, j) <= 75);
            heal_sim_plan_deinit(&plan);
            heal_sim_plan_deinit(&again);
        }
}

/* A few nodes may stand so near each other that none has a link left for the last. */
static void small_random_ones_are_whole(void **state) {
    (void)state;
    for (unsigned count = 6; count <= 12; count++)
        for (uint64_t seed = 1; seed <= 300; seed++) {
            struct heal_sim_plan plan = {0};
            assert_int_equal(heal_sim_plan_draw(HEAL_SIM_RANDOM, count, seed, &plan), 0);
            assert_int_equal(reached(&plan), count);
            heal_sim_plan_deinit(&plan);
        }
}

static const char graph[] =
    "{\"type\": \"NetworkGraph\", \"protocol\": \"olsr\", \"nodes\": ["
    "{\"id\": \"10.0.0.1\", \"label\": \"roof\", \"properties\": {\"x\": 3, \"y\": 4}},"
    "{\"id\": \"10.0.0.2\", \"properties\": {\"x\": 0, \"y\": 0}},"
    "{\"id\": \"10.0.0.3\", \"label\": \"a label with blanks\", \"properties\": {\"x\": 9, \"y\": 9}}],"
    "\"links\": [{\"source\": \"10.0.0.1\", \"target\": \"10.0.0.2\", \"cost\": 1.0},"
    "{\"source\": \"10.0.0.2\", \"target\": \"10.0.0.1\", \"cost\": 1.1},"
    "{\"source\": \"10.0.0.3\", \"target\": \"10.0.0.2\", \"cost\": 1.0}]}";

static void reads_a_graph(void **state) {
    (void)state;
    struct heal_sim_plan plan = {0};
    struct heal_error error = {0};
    assert_int_equal(heal_sim_plan_parse(graph, sizeof graph - 1, &plan, &error), 0);
    assert_int_equal(plan.places, 3);
    assert_int_equal(plan.edges, 2); /* both directions are one link */
    assert_string_equal(plan.place[0].name, "roof");
    assert_string_equal(plan.place[1].name, "10.0.0.2");
    assert_string_equal(plan.place[2].name, "10.0.0.3");
    assert_float_equal(length_of(&plan, 0), 5, 1e-9);
    heal_sim_plan_deinit(&plan);
}

/* Two at the equator's side of Berlin and one north of them: 0.001 degrees are 111.2 m, or 67.7 m there. */
static void lays_out_degrees(void **state) {
    static const char located[] =
        "{\"type\":\"NetworkGraph\",\"nodes\":["
        "{\"id\":\"a\",\"properties\":{\"lat\":52.5,\"lon\":13.4}},"
        "{\"id\":\"b\",\"properties\":{\"lat\":52.5,\"lon\":13.401}},"
        "{\"id\":\"c\",\"properties\":{\"lat\":52.501,\"lon\":13.4}}],"
        "\"links\":[{\"source\":\"a\",\"target\":\"b\"},{\"source\":\"a\",\"target\":\"c\"}]}";
    struct heal_sim_plan plan = {0};
    struct heal_error error = {0};
    (void)state;
    assert_int_equal(heal_sim_plan_parse(located, sizeof located - 1, &plan, &error), 0);
    assert_float_equal(length_of(&plan, 0), 67.7, 0.1);
    assert_float_equal(length_of(&plan, 1), 111.2, 0.1);
    assert_true(plan.place[1].x_m > plan.place[0].x_m); /* east */
    assert_true(plan.place[2].y_m > plan.place[0].y_m); /* north */
    heal_sim_plan_deinit(&plan);
}

/* A label that would speak to the terminal, or that a script cannot say, is none. */
static void names_can_be_said(void **state) {
    static const char odd[] =
        "{\"type\":\"NetworkGraph\",\"nodes\":["
        "{\"id\":\"a\",\"label\":\"\\u001b[31m\"},{\"id\":\"b\",\"label\":\"\\u009b31m\"},"
        "{\"id\":\"c\",\"label\":\"north#2\"},{\"id\":\"\\u007f\"}],\"links\":[]}";
    struct heal_sim_plan plan = {0};
    struct heal_error error = {0};
    (void)state;
    assert_int_equal(heal_sim_plan_parse(odd, sizeof odd - 1, &plan, &error), 0);
    assert_string_equal(plan.place[0].name, "a");
    assert_string_equal(plan.place[1].name, "b");
    assert_string_equal(plan.place[2].name, "c");
    assert_string_equal(plan.place[3].name, "n3");
    heal_sim_plan_deinit(&plan);
}

static void refuses(const char *json, int line, const char *what) {
    struct heal_sim_plan plan = {0};
    struct heal_error error = {0};
    assert_true(heal_sim_plan_parse(json, strlen(json), &plan, &error) < 0);
    assert_null(plan.place);
    assert_int_equal(error.line, line);
    if (!strstr(error.what, what))
        fail_msg("expected \"%s\", said \"%s\"", what, error.what);
}

static void refuses_what_is_no_graph(void **state) {
    (void)state;
#define NODES "{\"type\":\"NetworkGraph\",\"nodes\":[{\"id\":\"a\"},{\"id\":\"b\"}],\"links\":"
    refuses("{\n\"type\": \"NetworkGraph\",\n}", 3, "");
    refuses("[]", 0, "\"type\" is not");
    refuses("{\"type\":\"NetworkGraph\",\"links\":[]}", 0, "\"nodes\" is no list");
    refuses("{\"type\":\"NetworkGraph\",\"nodes\":[{\"id\":\"a\"}],\"links\":[]}", 0, "fewer than two");
    refuses("{\"type\":\"NetworkGraph\",\"nodes\":[{\"label\":\"a\"}],\"links\":[]}", 0,
            "nodes[0]: has no \"id\"");
    refuses("{\"type\":\"NetworkGraph\",\"nodes\":[{\"id\":\"a\"},{\"id\":\"a\"}],\"links\":[]}", 0,
            "nodes[1]");
    refuses(NODES "[{\"source\":\"a\"}]}", 0, "links[0]: has no \"target\"");
    refuses(NODES "[{\"source\":\"a\",\"target\":\"c\"}]}", 0, "links[0]: there is no node \"c\"");
    refuses(NODES "[{\"source\":\"a\",\"target\":\"a\"}]}", 0, "links[0]: leads from a node to itself");
    refuses("{\"type\":\"NetworkGraph\",\"nodes\":[{\"id\":\"a\",\"label\":\"x\"},{\"id\":\"b\",\"label\":"
            "\"x\"}],"
            "\"links\":[]}",
            0, "nodes[1]: an earlier one has the same label \"x\"");
#undef NODES
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_have_their_links),
        cmocka_unit_test(shapes_refuse_what_they_cannot_be),
        cmocka_unit_test(random_ones_are_whole_and_repeat),
        cmocka_unit_test(small_random_ones_are_whole),
        cmocka_unit_test(reads_a_graph),
        cmocka_unit_test(lays_out_degrees),
        cmocka_unit_test(names_can_be_said),
        cmocka_unit_test(refuses_what_is_no_graph),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
