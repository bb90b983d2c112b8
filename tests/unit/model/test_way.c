/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Ways through the mesh: which are safe, by the neighbours' word or by the routing daemon's metrics. */
#include "model/way.h"
#include "scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { FAR = 9 }; /* a destination beyond both */

static struct heal_obstacle link_between(const char *a, const char *b) {
    return (struct heal_obstacle){.node = heal_node_id_of(a), .other = heal_node_id_of(b)};
}

static bool is_safe(const struct scene *scene, int port, struct heal_obstacle obstacle) {
    struct heal_prefix far = scene_prefix(FAR);

    return heal_way_is_safe(&scene->world, &scene->port[port], &far, &obstacle);
}

static void test_meets_a_link_in_either_direction(void **state) {
    struct scene *scene = *state;

    scene_path(scene, EAST, FAR, 200, "a", "b", "far", NULL);
    assert_false(is_safe(scene, EAST, link_between("here", "east")));
    assert_false(is_safe(scene, EAST, link_between("east", "a")));
    assert_false(is_safe(scene, EAST, link_between("b", "a")));
    assert_false(is_safe(scene, EAST, link_between("far", "b")));
    assert_true(is_safe(scene, EAST, link_between("here", "west")));
    assert_true(is_safe(scene, EAST, link_between("a", "far"))); /* both are passed, their link is not */
}

static void test_meets_a_node_unless_it_is_the_end(void **state) {
    struct scene *scene = *state;

    scene_path(scene, EAST, FAR, 200, "a", "far", NULL);
    assert_false(is_safe(scene, EAST, (struct heal_obstacle){.node = heal_node_id_of("east")}));
    assert_false(is_safe(scene, EAST, (struct heal_obstacle){.node = heal_node_id_of("a")}));
    assert_true(is_safe(scene, EAST, (struct heal_obstacle){.node = heal_node_id_of("far")}));
}

static void test_comes_back_here(void **state) {
    struct scene *scene = *state;
    struct heal_prefix far = scene_prefix(FAR);

    scene_path(scene, EAST, FAR, 200, "a", "here", "west", "far", NULL);
    assert_true(heal_way_returns(&scene->world, &scene->port[EAST], &far));
    assert_false(is_safe(scene, EAST, link_between("x", "y")));
}

static void test_unknown_is_not_safe(void **state) {
    struct scene *scene = *state;
    struct heal_obstacle elsewhere = link_between("x", "y");

    assert_false(is_safe(scene, EAST, elsewhere)); /* it speaks, and has told no path */
    scene_path(scene, EAST, FAR, UINT16_MAX, NULL);
    assert_false(is_safe(scene, EAST, elsewhere)); /* it has told that it has none */
    scene->port[EAST].path[0].metric = 96;
    assert_true(is_safe(scene, EAST, elsewhere));
    scene->port[EAST].carrier = false;
    assert_false(is_safe(scene, EAST, elsewhere));
}

/* Without a heald there, only the feasibility condition says that there is no loop (RFC 8966, 3.5.1). */
static void test_silent_neighbour_by_its_metric(void **state) {
    struct scene *scene = *state;
    struct heal_obstacle west = link_between("here", "west");

    scene->port[EAST].peer_at = 0;
    scene_route(scene, WEST, FAR, true, 196, 100);
    assert_false(is_safe(scene, EAST, west)); /* it offers no route */
    scene_route(scene, EAST, FAR, false, 292, 196);
    assert_false(is_safe(scene, EAST, west)); /* as far away as we are: it may go through here */
    scene_route(scene, EAST, FAR, false, 291, 195);
    assert_true(is_safe(scene, EAST, west));
    assert_false(is_safe(scene, EAST, link_between("here", "east")));
    scene_route(scene, EAST, FAR, false, UINT16_MAX, UINT16_MAX);
    assert_false(is_safe(scene, EAST, west));
}

static void test_word_grows_old(void **state) {
    struct scene *scene = *state;
    struct heal_obstacle west = link_between("here", "west");

    scene_path(scene, EAST, FAR, 96, "far", NULL);
    assert_true(is_safe(scene, EAST, west));
    scene->world.now += 15 * HEAL_US_PER_S;
    assert_true(is_safe(scene, EAST, west));
    scene->world.now += 1;
    assert_false(is_safe(scene, EAST, west));
}

static void test_own_path_is_the_neighbours_and_one_more(void **state) {
    struct scene *scene = *state;
    struct heal_prefix far = scene_prefix(FAR);
    struct heal_path path;

    scene_path(scene, EAST, FAR, 200, "a", "far", NULL);
    assert_false(heal_way_path(&scene->world, &far, &path)); /* the kernel has no route */
    scene_fib(scene, EAST, FAR, HEAL_BABEL_PROTOCOL, 1024, true);
    assert_true(heal_way_path(&scene->world, &far, &path));
    assert_int_equal(path.hops, 3);
    assert_int_equal(path.hop[0], heal_node_id_of("east"));
    assert_int_equal(path.hop[2], heal_node_id_of("far"));
    assert_int_equal(path.metric, 296);
    scene_fib(scene, WEST, FAR, HEAL_ROUTE_PROTOCOL, HEAL_ROUTE_METRIC, true);
    assert_ptr_equal(heal_way_of_kernel(&scene->world, &far), &scene->port[WEST]);
    assert_false(heal_way_path(&scene->world, &far, &path)); /* west has told none */
}

static void test_path_too_long_is_none(void **state) {
    struct scene *scene = *state;
    struct heal_prefix far = scene_prefix(FAR);
    struct heal_path path;

    scene_path(scene, EAST, FAR, 200, "far", NULL);
    scene_fib(scene, EAST, FAR, HEAL_BABEL_PROTOCOL, 1024, true);
    scene->port[EAST].path[0].hops = HEAL_PATH_MAX - 1;
    assert_true(heal_way_path(&scene->world, &far, &path));
    scene->port[EAST].path[0].hops = HEAL_PATH_MAX;
    assert_false(heal_way_path(&scene->world, &far, &path));
    scene->port[EAST].path[0].hops = 1;
    scene->port[EAST].path[0].metric = UINT16_MAX - 96;
    assert_false(heal_way_path(&scene->world, &far, &path)); /* infinity */
}

#define WAY(test) cmocka_unit_test_setup_teardown(test, scene_make, scene_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        WAY(test_meets_a_link_in_either_direction),
        WAY(test_meets_a_node_unless_it_is_the_end),
        WAY(test_comes_back_here),
        WAY(test_unknown_is_not_safe),
        WAY(test_silent_neighbour_by_its_metric),
        WAY(test_word_grows_old),
        WAY(test_own_path_is_the_neighbours_and_one_more),
        WAY(test_path_too_long_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
