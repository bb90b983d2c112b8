/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What others say of their incidents, and what this node makes of it. */
#include "analyze/news.h"
#include "scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const heal_us second = HEAL_US_PER_S;
static struct heal_symptoms symptoms;

/* News, in one of the places for it: of the link between two nodes, or (b: NULL) of a node. It has just
 * begun. */
static struct heal_remote *hear(struct scene *scene, size_t place, const char *owner, const char *a,
                                const char *b) {
    struct heal_remote *remote = &scene->world.remote[place];
    if (scene->world.remotes <= place)
        scene->world.remotes = place + 1;

    *remote = (struct heal_remote){
        .news = {.incident = 7,
                 .owner = heal_node_id_of(owner),
                 .node = heal_node_id_of(a),
                 .other = b ? heal_node_id_of(b) : 0,
                 .confidence = 0.9F,
                 .open = true},
        .first = scene->world.now,
        .at = scene->world.now
    };
    strcpy(remote->news.diagnosis, "link-loss");
    strcpy(remote->news.node_name, a);
    strcpy(remote->news.other_name, b ? b : "");
    return remote;
}

static void close_news(struct scene *scene, struct heal_remote *remote) {
    remote->news.open = false;
    remote->at = scene->world.now;
}

static struct heal_element link_between(const char *a, const char *b) {
    return (struct heal_element){
        .kind = HEAL_ELEMENT_LINK, .node = heal_node_id_of(a), .other = heal_node_id_of(b)};
}

static size_t find(const struct scene *scene) {
    symptoms.count = 0;
    heal_news_symptoms(&scene->world, &symptoms);
    return symptoms.count;
}

static void test_a_link_has_two_ends(void **state) {
    struct scene *scene = *state;
    struct heal_element same = link_between("x", "y"), turned = link_between("y", "x"),
                        other = link_between("x", "z");
    struct heal_remote *remote = hear(scene, 3, "x", "x", "y");

    assert_true(heal_news_about(&scene->world, &same) == remote);
    assert_true(heal_news_about(&scene->world, &turned) == remote);
    assert_null(heal_news_about(&scene->world, &other));
    scene->world.now += 8 * second; /* nobody has said it again */
    assert_null(heal_news_about(&scene->world, &same));
}

static void test_the_last_word_counts(void **state) {
    struct scene *scene = *state;
    struct heal_element element = link_between("x", "y");
    heal_us opened = scene->world.now;
    struct heal_remote *first = hear(scene, 0, "x", "x", "y");

    assert_false(heal_news_is_over(&scene->world, &element, opened));
    scene->world.now += second;
    close_news(scene, first);
    assert_true(heal_news_is_over(&scene->world, &element, opened));
    assert_false(heal_news_is_over(&scene->world, &element, scene->world.now)); /* of an earlier one */
    assert_null(heal_news_about(&scene->world, &element));
}

/* Both ends took it for their own: while one goes on about it, it is not over. */
static void test_two_owners(void **state) {
    struct scene *scene = *state;
    struct heal_element element = link_between("x", "y");
    heal_us opened = scene->world.now;
    struct heal_remote *x = hear(scene, 0, "x", "x", "y"), *y = hear(scene, 1, "y", "y", "x");

    scene->world.now += second;
    close_news(scene, x);
    assert_true(heal_news_is_over(&scene->world, &element, opened));
    scene->world.now += second;
    y->at = scene->world.now;
    assert_false(heal_news_is_over(&scene->world, &element, opened));
    assert_true(heal_news_about(&scene->world, &element) == y);
    scene->world.now += second;
    close_news(scene, y);
    assert_true(heal_news_is_over(&scene->world, &element, opened));
}

static void test_an_end_joins_its_owner(void **state) {
    struct scene *scene = *state;

    hear(scene, 0, "east", "east", "here");
    assert_int_equal(find(scene), 1);
    const struct heal_element *element = &symptoms.symptom[0].element;
    assert_true(element->node == scene->world.id && element->other == heal_node_id_of("east"));
    assert_true(heal_port_key_equal(&element->port, &scene->port[EAST].key));
    assert_int_equal(symptoms.symptom[0].diagnosis, HEAL_LINK_LOSS);
    /* its own finding counts more */
    struct heal_element own = *element;
    symptoms.count = 0;
    heal_symptoms_add(&symptoms, HEAL_ONE_WAY_LINK, &own, 0.9F, scene->world.now);
    heal_news_symptoms(&scene->world, &symptoms);
    assert_int_equal(symptoms.count, 1);
}

/* Of the link to west it is this node that has the word: two that believe each other never stop. */
static void test_an_owner_believes_nobody(void **state) {
    struct scene *scene = *state;

    hear(scene, 0, "west", "west", "here");
    assert_int_equal(find(scene), 0);
}

static void test_strange_news_are_no_symptoms(void **state) {
    struct scene *scene = *state;
    struct heal_remote *remote = hear(scene, 0, "east", "east", "here");

    strcpy(remote->news.diagnosis, "from-the-future");
    assert_int_equal(find(scene), 0);
    hear(scene, 0, "stranger", "stranger", "here"); /* no port leads there */
    assert_int_equal(find(scene), 0);
}

/* Traffic to destination 9 goes through west, and from there through the link x-y. */
static void send_through_x_y(struct scene *scene) {
    scene_route(scene, WEST, 9, true, 200, 100);
    scene_path(scene, WEST, 9, 100, "x", "y", NULL);
}

static void test_who_sends_through_it_waits_for_the_ends(void **state) {
    struct scene *scene = *state;

    send_through_x_y(scene);
    struct heal_remote *remote = hear(scene, 0, "x", "x", "y");
    assert_int_equal(find(scene), 0);
    remote->at = scene->world.now += second / 2;
    assert_int_equal(find(scene), 1);
    assert_string_equal(symptoms.symptom[0].element.port.ifname, "");
    /* a node of its own trouble gets longer */
    remote = hear(scene, 0, "x", "x", NULL);
    strcpy(remote->news.diagnosis, "not-forwarding");
    remote->at = scene->world.now += second;
    assert_int_equal(find(scene), 0);
    remote->at = scene->world.now += 3 * second;
    assert_int_equal(find(scene), 1);
    strcpy(remote->news.diagnosis, "memory-leak"); /* which is in nobody's way */
    assert_int_equal(find(scene), 0);
}

static void test_who_does_not_send_through_it_stays_out(void **state) {
    struct scene *scene = *state;

    send_through_x_y(scene);
    struct heal_remote *remote = hear(scene, 0, "x", "x", "z");
    remote->at = scene->world.now += second;
    assert_int_equal(find(scene), 0);
}

/* What a lower MTU at both ends mends needs no way around; what its owner only routes around does. */
static void test_what_its_owner_contains_is_in_nobodys_way(void **state) {
    struct scene *scene = *state;

    send_through_x_y(scene);
    struct heal_remote *remote = hear(scene, 0, "x", "x", "y");
    remote->at = scene->world.now += second;
    strcpy(remote->news.remedy, "clamp-mtu");
    assert_int_equal(find(scene), 0);
    strcpy(remote->news.remedy, "route-around");
    assert_int_equal(find(scene), 1);
    strcpy(remote->news.remedy, "");
    remote->released_at = scene->world.now;
    assert_int_equal(find(scene), 0); /* mostly for it is over */
    remote->at = scene->world.now += 4 * second;
    assert_int_equal(find(scene), 1); /* the clamp did not work */
}

/* This node leads destination 9 around x-y, over east; west has meanwhile found a way past it, too. */
static void test_who_leads_around_goes_on(void **state) {
    struct scene *scene = *state;
    struct heal_detours *detours = &scene->world.detours;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);

    scene_route(scene, WEST, 9, true, 200, 100);
    scene_path(scene, WEST, 9, 100, "y", NULL);
    struct heal_remote *remote = hear(scene, 0, "x", "x", "y");
    remote->at = scene->world.now += second;
    assert_int_equal(find(scene), 0);
    incident->view.role = HEAL_ROLE_UPSTREAM;
    incident->element = link_between("x", "y");
    detours->count = 1;
    detours->detour[0].incident = incident->view.id;
    detours->detour[0].route.prefix = scene_prefix(9);
    assert_int_equal(find(scene), 1);
    /* what it leads around is something else */
    incident->element = link_between("x", "z");
    assert_int_equal(find(scene), 0);
}

/* Whatever its own way, a node of a mesh below IP is a destination of it. */
static void test_a_mesh_is_hastened_by_all(void **state) {
    struct scene *scene = *state;
    struct heal_remote *remote = hear(scene, 0, "x", "x", "y");

    scene->world.mesh.at = scene->world.now;
    assert_int_equal(find(scene), 0); /* its ends do nothing that would take time to be believed */
    strcpy(remote->news.remedy, "hop-penalty");
    assert_int_equal(find(scene), 1);
    strcpy(remote->news.remedy, "throughput-override");
    assert_int_equal(find(scene), 1);
    strcpy(remote->news.remedy, "");
    strcpy(remote->news.diagnosis, "neighbour-lost");
    assert_int_equal(find(scene), 1);
    scene->world.mesh.at = 0;
    assert_int_equal(find(scene), 0);
}

static void test_names_come_from_news(void **state) {
    struct scene *scene = *state;

    assert_string_equal(heal_news_name_of(&scene->world, heal_node_id_of("x")), "?");
    hear(scene, 0, "x", "x", "y");
    assert_string_equal(heal_news_name_of(&scene->world, heal_node_id_of("x")), "x");
    assert_string_equal(heal_news_name_of(&scene->world, heal_node_id_of("y")), "y");
}

#define IN_SCENE(test) cmocka_unit_test_setup_teardown(test, scene_make, scene_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_SCENE(test_a_link_has_two_ends),
        IN_SCENE(test_the_last_word_counts),
        IN_SCENE(test_two_owners),
        IN_SCENE(test_an_end_joins_its_owner),
        IN_SCENE(test_an_owner_believes_nobody),
        IN_SCENE(test_strange_news_are_no_symptoms),
        IN_SCENE(test_who_sends_through_it_waits_for_the_ends),
        IN_SCENE(test_who_does_not_send_through_it_stays_out),
        IN_SCENE(test_what_its_owner_contains_is_in_nobodys_way),
        IN_SCENE(test_who_leads_around_goes_on),
        IN_SCENE(test_a_mesh_is_hastened_by_all),
        IN_SCENE(test_names_come_from_news),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
