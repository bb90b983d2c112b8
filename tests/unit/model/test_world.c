/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The world's bounded tables: who gives its place to whom, and who is counted. */
#include "scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct heal_port_key key_of(const char *ifname) {
    struct heal_port_key key = {0};

    strcpy(key.ifname, ifname);
    return key;
}

static void test_port_that_is_routed_keeps_its_place(void **state) {
    struct scene *scene = *state;
    struct heal_port_key key = key_of("mesh9");

    scene->world.now += 3600 * HEAL_US_PER_S;
    assert_null(heal_world_port_make(&scene->world, &key));
    assert_null(heal_world_port(&scene->world, &key));
}

static void test_port_gone_for_good_gives_its_place(void **state) {
    struct scene *scene = *state;
    struct heal_port_key key = key_of("mesh9"), west = scene->port[WEST].key;

    scene->port[WEST].routed = scene->port[EAST].routed = false;
    scene->port[EAST].in_at += HEAL_US_PER_S;
    scene->world.now += 60 * HEAL_US_PER_S;
    assert_null(heal_world_port_make(&scene->world, &key)); /* not yet */
    scene->world.now += 2 * HEAL_US_PER_S;
    struct heal_port *made = heal_world_port_make(&scene->world, &key);
    assert_ptr_equal(made, &scene->port[WEST]); /* heard longer ago than east */
    assert_false(made->known);
    assert_int_equal(made->mtu, 0);
    assert_int_equal(scene->world.ports, SCENE_PORTS);
    assert_null(heal_world_port(&scene->world, &west));
    assert_ptr_equal(heal_world_port_make(&scene->world, &key), made);
}

static void test_oldest_closed_incident_makes_room(void **state) {
    struct scene *scene = *state;
    struct heal_world *world = &scene->world;

    for (unsigned i = 0; i < HEAL_INCIDENTS_MAX; i++)
        assert_int_equal(scene_link_incident(scene, HEAL_LINK_LOSS)->view.id, i + 1);
    assert_null(heal_world_incident_make(world)); /* what is open is never forgotten */
    world->incident[7].view.closed = 20;
    world->incident[3].view.closed = 10;
    struct heal_incident *made = heal_world_incident_make(world);
    assert_ptr_equal(made, &world->incident[3]);
    assert_int_equal(made->view.id, HEAL_INCIDENTS_MAX + 1);
    assert_int_equal(made->view.label, -1);
    assert_int_equal(made->view.ranks, 0);
    assert_null(heal_world_incident_by_id(world, 4));
    assert_non_null(heal_world_incident_by_id(world, 8));
}

static void test_incident_is_found_while_it_is_open(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);
    struct heal_element element = incident->element;

    assert_ptr_equal(heal_world_incident(&scene->world, &element), incident);
    incident->view.closed = 1;
    assert_null(heal_world_incident(&scene->world, &element));
}

static void test_healthy_neighbours(void **state) {
    struct scene *scene = *state;
    struct heal_world *world = &scene->world;

    assert_int_equal(heal_world_neighbours_healthy(world), 2);
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);
    assert_int_equal(heal_world_neighbours_healthy(world), 1);
    incident->view.role = HEAL_ROLE_UPSTREAM; /* somebody else's link */
    assert_int_equal(heal_world_neighbours_healthy(world), 2);
    incident->view.role = HEAL_ROLE_OWNER;
    incident->element = (struct heal_element){.kind = HEAL_ELEMENT_NODE, .node = heal_node_id_of("east")};
    assert_int_equal(heal_world_neighbours_healthy(world), 1); /* the node at the other end is sick */
    scene->port[WEST].vitals.flow[HEAL_IN].silence_s = 30;
    assert_int_equal(heal_world_neighbours_healthy(world), 0);
}

static void test_open_incidents_of_our_own(void **state) {
    struct scene *scene = *state;
    struct heal_world *world = &scene->world;
    heal_us since = world->now;

    scene_link_incident(scene, HEAL_LINK_LOSS)->view.opened -= 1;
    scene_link_incident(scene, HEAL_LINK_LOSS);
    scene_link_incident(scene, HEAL_LINK_LOSS)->view.role = HEAL_ROLE_UPSTREAM;
    scene_link_incident(scene, HEAL_LINK_LOSS)->view.closed = since;
    assert_int_equal(heal_world_incidents_open(world, 0), 2);
    assert_int_equal(heal_world_incidents_open(world, since), 1);
}

#define WORLD(test) cmocka_unit_test_setup_teardown(test, scene_make, scene_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        WORLD(test_port_that_is_routed_keeps_its_place),
        WORLD(test_port_gone_for_good_gives_its_place),
        WORLD(test_oldest_closed_incident_makes_room),
        WORLD(test_incident_is_found_while_it_is_open),
        WORLD(test_healthy_neighbours),
        WORLD(test_open_incidents_of_our_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
