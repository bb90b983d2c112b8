/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Which symptom of a round explains which other, each scope of the table. */
#include "analyze/explains.h"
#include "scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct heal_symptoms symptoms;

static int make(void **state) {
    symptoms.count = 0;
    return scene_make(state);
}

static void see_link(const struct scene *scene, enum heal_diagnosis diagnosis, int port) {
    struct heal_element element = {.kind = HEAL_ELEMENT_LINK,
                                   .node = scene->world.id,
                                   .other = scene->port[port].neighbour,
                                   .port = scene->port[port].key};

    heal_symptoms_add(&symptoms, diagnosis, &element, 0.9F, scene->world.now);
}

static void see_node(const struct scene *scene, enum heal_diagnosis diagnosis, heal_node_id node) {
    struct heal_element element = {.kind = HEAL_ELEMENT_NODE, .node = node};

    heal_symptoms_add(&symptoms, diagnosis, &element, 0.9F, scene->world.now);
}

static void see_service(const struct scene *scene, enum heal_diagnosis diagnosis, const char *name) {
    struct heal_element element = {.kind = HEAL_ELEMENT_SERVICE, .node = scene->world.id};

    strcpy(element.service, name);
    heal_symptoms_add(&symptoms, diagnosis, &element, 0.9F, scene->world.now);
}

/* Does the second symptom have the first for its cause? The first has none. */
static bool explained(const struct scene *scene) {
    const struct heal_symptom *cause = heal_explains(&scene->world, &symptoms, 1);

    assert_null(heal_explains(&scene->world, &symptoms, 0));
    assert_true(cause == NULL || cause == &symptoms.symptom[0]);
    return cause != NULL;
}

static void test_of_the_same_link(void **state) {
    struct scene *scene = *state;

    see_link(scene, HEAL_NEIGHBOUR_LOST, WEST);
    see_link(scene, HEAL_LINK_LOSS, WEST);
    assert_true(explained(scene));
    symptoms.count = 0;
    see_link(scene, HEAL_INTERFERENCE, EAST);
    see_link(scene, HEAL_LINK_LATENCY, EAST);
    assert_true(explained(scene));
    symptoms.count = 0;
    see_link(scene, HEAL_INTERFERENCE, EAST);
    see_link(scene, HEAL_NEIGHBOUR_LOST, EAST);
    assert_true(explained(scene));
}

static void test_another_link_explains_nothing(void **state) {
    struct scene *scene = *state;

    see_link(scene, HEAL_NEIGHBOUR_LOST, WEST);
    see_link(scene, HEAL_LINK_LOSS, EAST);
    assert_false(explained(scene));
}

static void test_not_the_other_way_round(void **state) {
    struct scene *scene = *state;

    see_link(scene, HEAL_LINK_LOSS, WEST);
    see_link(scene, HEAL_MTU_BLACKHOLE, WEST);
    assert_false(heal_explains(&scene->world, &symptoms, 1) != NULL);
    assert_true(heal_explains(&scene->world, &symptoms, 0) == &symptoms.symptom[1]);
}

static void test_an_overload_here_explains_all_links(void **state) {
    struct scene *scene = *state;
    static const enum heal_diagnosis effects[] = {HEAL_LINK_LATENCY, HEAL_LINK_LOSS, HEAL_RATE_LIMITED};

    for (int port = WEST; port <= EAST; port++)
        for (size_t i = 0; i < sizeof effects / sizeof effects[0]; i++) {
            symptoms.count = 0;
            see_node(scene, HEAL_NODE_OVERLOAD, scene->world.id);
            see_link(scene, effects[i], port);
            assert_true(explained(scene));
        }
    symptoms.count = 0;
    see_node(scene, HEAL_NODE_OVERLOAD, scene->world.id);
    see_link(scene, HEAL_MTU_BLACKHOLE, WEST);
    assert_false(explained(scene));
}

static void test_an_overload_elsewhere_does_not(void **state) {
    struct scene *scene = *state;

    see_node(scene, HEAL_NODE_OVERLOAD, heal_node_id_of("west"));
    see_link(scene, HEAL_LINK_LATENCY, WEST);
    assert_false(explained(scene));
}

static void test_only_the_routing_daemon_has_routes(void **state) {
    struct scene *scene = *state;

    see_service(scene, HEAL_SERVICE_DOWN, "babeld");
    see_node(scene, HEAL_ROUTES_LOST, scene->world.id);
    assert_true(explained(scene));
    symptoms.count = 0;
    see_service(scene, HEAL_SERVICE_DOWN, "worker");
    see_node(scene, HEAL_ROUTES_LOST, scene->world.id);
    assert_false(explained(scene));
    symptoms.count = 0;
    see_service(scene, HEAL_SERVICE_DOWN, "babeld");
    see_link(scene, HEAL_NEIGHBOUR_LOST, WEST);
    assert_true(explained(scene));
}

static bool explained_by_load(const struct scene *scene, enum heal_diagnosis diagnosis) {
    symptoms.count = 0;
    see_link(scene, diagnosis, WEST);
    return heal_explained_by_load(&scene->world, &symptoms.symptom[0]);
}

static void test_an_end_is_overloaded(void **state) {
    struct scene *scene = *state;

    assert_false(explained_by_load(scene, HEAL_LINK_LATENCY));
    scene->port[WEST].peer.node_overloaded = true;
    assert_true(explained_by_load(scene, HEAL_LINK_LATENCY));
    assert_true(explained_by_load(scene, HEAL_LINK_LOSS));
    assert_false(explained_by_load(scene, HEAL_NEIGHBOUR_LOST));
    symptoms.count = 0;
    see_link(scene, HEAL_LINK_LATENCY, EAST);
    assert_false(heal_explained_by_load(&scene->world, &symptoms.symptom[0]));
    scene->world.now += 4 * HEAL_US_PER_S; /* an old word */
    assert_false(explained_by_load(scene, HEAL_LINK_LATENCY));
    scene->world.overloaded_since = scene->world.now; /* this node itself answers late */
    assert_true(explained_by_load(scene, HEAL_LINK_LATENCY));
    assert_false(explained_by_load(scene, HEAL_NEIGHBOUR_LOST));
}

#define IN_SCENE(test) cmocka_unit_test_setup_teardown(test, make, scene_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCENE(test_of_the_same_link),
        IN_SCENE(test_another_link_explains_nothing),
        IN_SCENE(test_not_the_other_way_round),
        IN_SCENE(test_an_overload_here_explains_all_links),
        IN_SCENE(test_an_overload_elsewhere_does_not),
        IN_SCENE(test_only_the_routing_daemon_has_routes),
        IN_SCENE(test_an_end_is_overloaded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
