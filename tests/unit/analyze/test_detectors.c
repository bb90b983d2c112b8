/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What detectors conclude from others' words: of a neighbour that passes nothing on, and of one that is gone.
 * What a node sees in itself and in its links is in the scenarios. */
#include "analyze/detector.h"
#include "base/text.h"
#include "scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const heal_us second = HEAL_US_PER_S;

static const struct heal_evidence *evidence_of(const struct heal_symptom *symptom, const char *what) {
    for (size_t i = 0; i < symptom->evidences; i++)
        if (strcmp(symptom->evidence[i].what, what) == 0)
            return &symptom->evidence[i];
    return NULL;
}

/* A way through west to a node beyond it, on which so much is lost. */
static struct heal_transit *through_west(struct scene *scene, int number, float loss) {
    struct heal_transit *transit = &scene->port[WEST].transit[number];

    *transit = (struct heal_transit){
        .target = 100 + (heal_node_id)number, .loss = loss, .samples = 10, .bad_windows = 2};
    return transit;
}

static size_t count_not_forwarding(const struct scene *scene, struct heal_symptoms *symptoms) {
    symptoms->count = 0;
    heal_detect_not_forwarding(&scene->world, symptoms);
    return symptoms->count;
}

static void test_a_neighbour_that_passes_nothing_on(void **state) {
    struct scene *scene = *state;
    struct heal_symptoms symptoms;

    through_west(scene, 0, 1);
    through_west(scene, 1, 0.9F);
    assert_int_equal(count_not_forwarding(scene, &symptoms), 1);
    const struct heal_symptom *symptom = &symptoms.symptom[0];
    assert_int_equal(symptom->diagnosis, HEAL_NOT_FORWARDING);
    assert_int_equal(symptom->element.kind, HEAL_ELEMENT_NODE);
    assert_true(symptom->element.node == scene->port[WEST].neighbour);
    assert_true(symptom->confidence > 0.75F && symptom->confidence <= 1);
    const struct heal_evidence *evidence = evidence_of(symptom, "loss of probes routed through it");
    assert_non_null(evidence);
    assert_float_equal(evidence->seen, 0.9, 1e-6); /* of the best way through it */
    assert_int_equal(evidence->samples, 20);
    assert_true(evidence->has_threshold);
}

/* Each case lacks one thing of the above, and is no verdict on west. */
static void test_what_does_not_convict_a_neighbour(void **state) {
    struct scene *scene = *state;
    struct heal_port *west = &scene->port[WEST];
    struct heal_symptoms symptoms;

    struct heal_transit *way = through_west(scene, 0, 1);
    assert_int_equal(count_not_forwarding(scene, &symptoms), 1);
    way->bad_windows = 1; /* a link beyond it may just have died */
    assert_int_equal(count_not_forwarding(scene, &symptoms), 0);
    way->bad_windows = 2;
    way->samples = 2;
    assert_int_equal(count_not_forwarding(scene, &symptoms), 0);
    way->samples = 10;
    struct heal_transit *other = through_west(scene, 1, 0);
    other->bad_windows = 0; /* another way through it is open */
    assert_int_equal(count_not_forwarding(scene, &symptoms), 0);
    other->loss = -1; /* nothing is known of that one yet */
    assert_int_equal(count_not_forwarding(scene, &symptoms), 1);
    west->examined_since = scene->world.now; /* its link may be what loses them */
    assert_int_equal(count_not_forwarding(scene, &symptoms), 0);
    west->examined_since = 0;
    west->peer_at = scene->world.now - 4 * second;
    assert_int_equal(count_not_forwarding(scene, &symptoms), 0);
    west->peer_at = scene->world.now;
    west->vitals.flow[HEAL_IN].silence_s = 60;
    assert_int_equal(count_not_forwarding(scene, &symptoms), 0);
}

static void test_a_stray_route_drops(void **state) {
    struct scene *scene = *state;
    struct heal_symptoms symptoms;

    scene->world.drops_since = scene->world.now - HEAL_US_PER_S / 10; /* may be a daemon at work */
    assert_int_equal(count_not_forwarding(scene, &symptoms), 0);
    scene->world.drops_since = scene->world.now - 2 * second;
    assert_int_equal(count_not_forwarding(scene, &symptoms), 1);
    assert_true(symptoms.symptom[0].element.node == scene->world.id);
    assert_int_equal(symptoms.symptom[0].since, scene->world.drops_since);
    const struct heal_evidence *evidence =
        evidence_of(&symptoms.symptom[0], "a stray route has dropped traffic for");
    assert_non_null(evidence);
    assert_float_equal(evidence->seen, 2, 1e-3);
    assert_null(evidence_of(&symptoms.symptom[0], "forwarding has been off for"));
}

/* West is silent; east says of it what it hears. */
static const struct heal_symptom *lose_west(struct scene *scene, bool east_hears_it,
                                            struct heal_symptoms *symptoms) {
    struct heal_message_link *told = &scene->port[EAST].peer;

    scene->port[WEST].since = scene->world.now - 60 * second;
    scene->port[WEST].carrier = false;
    told->neighbours = 2;
    told->neighbour[0] = (struct heal_neighbour_state){.node = 99, .alive = false};
    told->neighbour[1] =
        (struct heal_neighbour_state){.node = scene->port[WEST].neighbour, .alive = east_hears_it};
    symptoms->count = 0;
    heal_detect_neighbour_lost(&scene->world, symptoms);
    assert_int_equal(symptoms->count, 1);
    return &symptoms->symptom[0];
}

static void test_others_say_whether_it_is_gone(void **state) {
    struct scene *scene = *state;
    struct heal_symptoms symptoms;
    static const char others[] = "others that have lost it, too";

    const struct heal_evidence *evidence = evidence_of(lose_west(scene, true, &symptoms), others);
    assert_non_null(evidence);
    assert_float_equal(evidence->seen, 0, 0);
    assert_int_equal(evidence->samples, 1);
    evidence = evidence_of(lose_west(scene, false, &symptoms), others);
    assert_float_equal(evidence->seen, 1, 0);
    assert_int_equal(evidence->samples, 1);
    scene->port[EAST].peer_at = scene->world.now - 4 * second; /* old news */
    assert_null(evidence_of(lose_west(scene, false, &symptoms), others));
}

/* A client whose chosen gateway is not heard of, and who hears of another. */
static void test_a_chosen_gateway_that_vanished(void **state) {
    struct scene *scene = *state;
    struct heal_world *world = &scene->world;
    struct heal_symptoms symptoms = {.count = 0};

    world->mesh = (struct heal_mesh){
        .at = world->now,
        .is = {.ifname = "bat0", .gateway = HEAL_GATEWAY_CLIENT, .chosen_ms = 1200, .gateways = 1}
    };
    world->mesh.is.chosen.byte[0] = 0xfe; /* no neighbour */
    heal_detect_gateway_lost(world, &symptoms);
    assert_int_equal(symptoms.count, 0);
    world->mesh.is.chosen_ms = 6000;
    heal_detect_gateway_lost(world, &symptoms);
    assert_int_equal(symptoms.count, 1);
    assert_int_equal(symptoms.symptom[0].diagnosis, HEAL_GATEWAY_LOST);
    assert_int_equal(symptoms.symptom[0].element.kind, HEAL_ELEMENT_MESH);
    assert_true(symptoms.symptom[0].element.node == world->id);
    assert_string_equal(symptoms.symptom[0].element.mesh, "bat0");
    assert_non_null(evidence_of(&symptoms.symptom[0], "other gateways"));
    symptoms.count = 0;
    world->mesh.is.gateways = 0; /* perhaps it is this node that is deaf */
    heal_detect_gateway_lost(world, &symptoms);
    world->mesh.is.gateways = 1;
    world->stood_still_at = world->now; /* or was asleep */
    heal_detect_gateway_lost(world, &symptoms);
    assert_int_equal(symptoms.count, 0);
    world->stood_still_at = 0;
    world->mesh.is.chosen_ms = 1200; /* a neighbour that has fallen silent is known sooner */
    world->mesh.is.chosen = scene->port[WEST].key.peer;
    scene->port[WEST].established = true;
    scene->port[WEST].since = 0;
    scene->port[WEST].carrier = false;
    heal_detect_gateway_lost(world, &symptoms);
    assert_int_equal(symptoms.count, 1);
}

/* Ways come back to west again and again, from east, which is better. */
static void test_a_mesh_that_wanders_between_two_ways(void **state) {
    struct scene *scene = *state;
    struct heal_port *west = &scene->port[WEST], *east = &scene->port[EAST];
    struct heal_symptoms symptoms = {0};

    west->established = east->established = true;
    west->cost = 400;
    east->cost = 256;
    west->vitals.returns = east->vitals.returns = 2;
    heal_detect_link_flap(&scene->world, &symptoms);
    assert_int_equal(symptoms.count, 0); /* that may happen */
    west->vitals.returns = east->vitals.returns = 3;
    heal_detect_link_flap(&scene->world, &symptoms);
    assert_int_equal(symptoms.count, 1);
    assert_int_equal(symptoms.symptom[0].diagnosis, HEAL_LINK_FLAP);
    assert_true(heal_port_key_equal(&symptoms.symptom[0].element.port, &west->key));
    assert_non_null(evidence_of(&symptoms.symptom[0], "ways that came back in 60 s"));
    heal_name_copy(west->neighbour_name, sizeof west->neighbour_name, "a");
    symptoms.count = 0;
    heal_detect_link_flap(&scene->world, &symptoms);
    assert_int_equal(symptoms.count, 0); /* its to say */
    heal_name_copy(west->neighbour_name, sizeof west->neighbour_name, "west");
    west->cost = 300; /* as good as each other */
    symptoms.count = 0;
    heal_detect_link_flap(&scene->world, &symptoms);
    assert_int_equal(symptoms.count, 0);
    scene_link_incident(scene, HEAL_LINK_FLAP); /* it is west already, however good it looks now */
    east->cost = 500;
    heal_detect_link_flap(&scene->world, &symptoms);
    assert_int_equal(symptoms.count, 1);
    assert_true(heal_port_key_equal(&symptoms.symptom[0].element.port, &west->key));
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, scene_make, scene_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_a_chosen_gateway_that_vanished),    TEST(test_a_neighbour_that_passes_nothing_on),
        TEST(test_what_does_not_convict_a_neighbour), TEST(test_a_stray_route_drops),
        TEST(test_others_say_whether_it_is_gone),     TEST(test_a_mesh_that_wanders_between_two_ways),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
