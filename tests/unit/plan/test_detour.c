/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Override routes: route-around and restore-routes, their undoing, and what is left over of an earlier run.
 */
#include "plan/detour.h"

#include "plan/remedies.h"
#include "plan/strays.h"
#include "scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { BEYOND = 9, OTHER = 8 }; /* destinations */

/* The daemon goes to BEYOND over west; east has a way of its own. */
static struct heal_incident *sick_west(struct scene *scene) {
    scene_route(scene, WEST, BEYOND, true, 192, 96);
    scene_route(scene, EAST, BEYOND, false, 192, 96);
    scene_path(scene, WEST, BEYOND, 96, "far", NULL);
    scene_path(scene, EAST, BEYOND, 96, "far", NULL);
    scene_fib(scene, WEST, BEYOND, HEAL_BABEL_PROTOCOL, 1024, true);
    return scene_link_incident(scene, HEAL_LINK_LOSS);
}

static void order(struct scene *scene, struct heal_incident *incident, struct heal_step *step) {
    heal_remedies_rule(HEAL_ROUTE_AROUND)->tend(&scene->world, incident, step);
}

static void shows(struct scene *scene, int port, bool present) {
    scene_fib(scene, port, BEYOND, HEAL_ROUTE_PROTOCOL, HEAL_ROUTE_METRIC, present);
    heal_strays_sweep(&scene->world);
}

static void test_leads_around_and_takes_it_back(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = sick_west(scene);
    const struct heal_remedy_rule *rule = heal_remedies_rule(HEAL_ROUTE_AROUND);
    struct heal_step *own = &incident->step[0], step = {0};

    assert_true(rule->applies(&scene->world, incident));
    assert_int_equal(rule->act(&scene->world, incident, own), 0);
    assert_string_equal(incident->view.step[0].changed, "fd00::9/128 over mesh1");
    step = *own;
    struct heal_command add = scene_take(scene, HEAL_COMMAND_ROUTE_ADD);
    assert_true(heal_port_key_equal(&add.route.via, &scene->port[EAST].key));
    assert_int_equal(add.route.metric, HEAL_ROUTE_METRIC);
    assert_int_equal(rule->verify(&scene->world, incident, &step), HEAL_VERDICT_PENDING);
    shows(scene, EAST, true);
    assert_int_equal(rule->verify(&scene->world, incident, &step), HEAL_VERDICT_WORKED);
    rule->undo(&scene->world, incident, &step);
    struct heal_command back = scene_take(scene, HEAL_COMMAND_ROUTE_DELETE);
    assert_memory_equal(&back.route, &add.route, sizeof add.route);
    assert_int_equal(scene->world.detours.count, 0);
}

static void test_no_way_is_no_remedy(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = sick_west(scene);
    const struct heal_remedy_rule *rule = heal_remedies_rule(HEAL_ROUTE_AROUND);
    struct heal_step step = {0};

    scene->port[EAST].path[0].hop[0] = scene->world.id; /* east itself goes through here */
    assert_false(rule->applies(&scene->world, incident));
    rule->act(&scene->world, incident, &step);
    assert_int_equal(scene_count(scene, HEAL_COMMAND_ROUTE_ADD), 0);
    step.acted = scene->world.now;
    scene->world.now += 3 * HEAL_US_PER_S;
    assert_int_equal(rule->verify(&scene->world, incident, &step), HEAL_VERDICT_FAILED);
}

static void test_ordered_again_only_if_it_does_not_show(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = sick_west(scene);
    struct heal_step step = {0};

    order(scene, incident, &step);
    scene_take(scene, HEAL_COMMAND_ROUTE_ADD);
    scene->world.now += HEAL_US_PER_S;
    order(scene, incident, &step);
    assert_int_equal(scene_count(scene, HEAL_COMMAND_ROUTE_ADD), 0);
    scene->world.now += HEAL_US_PER_S;
    order(scene, incident, &step);
    scene_take(scene, HEAL_COMMAND_ROUTE_ADD);
    shows(scene, EAST, true);
    scene->world.now += 60 * HEAL_US_PER_S;
    scene->port[EAST].peer_at = scene->world.now;
    order(scene, incident, &step);
    assert_int_equal(scene_count(scene, HEAL_COMMAND_ROUTE_ADD), 0);
}

/* The way around becomes unsafe: at once it is gone, loops are worse than loss. */
static void test_unsafe_way_is_left(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = sick_west(scene);
    struct heal_step step = {0};

    order(scene, incident, &step);
    scene_take(scene, HEAL_COMMAND_ROUTE_ADD);
    shows(scene, EAST, true);
    scene->port[EAST].path[0].hop[0] = scene->world.id;
    order(scene, incident, &step);
    scene_take(scene, HEAL_COMMAND_ROUTE_DELETE);
    assert_int_equal(scene->world.detours.count, 0);
}

/* Where the ground moves nobody turns with it for ever. */
static void test_turns_no_more_often_than_the_policy_allows(void **state) {
    enum { TURNS = 2 };
    struct scene *scene = *state;
    struct heal_incident *incident = sick_west(scene);
    struct heal_policy *policy = &scene->world.settings.policy[HEAL_LINK_LOSS];
    struct heal_step step = {0};

    policy->max_per_window = TURNS;
    policy->window_us = HEAL_US_PER_S; /* before anything is too old */
    for (int i = 0; i < TURNS; i++) {
        order(scene, incident, &step);
        struct heal_command add = scene_take(scene, HEAL_COMMAND_ROUTE_ADD);
        heal_detour_take_away(&scene->world, incident, &step, &add.route.prefix);
        scene_take(scene, HEAL_COMMAND_ROUTE_DELETE);
    }
    order(scene, incident, &step);
    assert_int_equal(scene->output.commands, 0);
    scene->world.now += policy->window_us + 1;
    order(scene, incident, &step);
    scene_take(scene, HEAL_COMMAND_ROUTE_ADD);
}

/* A third neighbour, north, who knows a way of his own. */
static const struct heal_port *add_north(struct scene *scene, struct heal_port port[SCENE_PORTS + 1]) {
    struct heal_port *north = &port[SCENE_PORTS];

    memcpy(port, scene->port, sizeof scene->port);
    *north = port[EAST];
    strcpy(north->key.ifname, "mesh9");
    north->neighbour = heal_node_id_of("north");
    north->path[0].hop[0] = heal_node_id_of("farther");
    const struct heal_reading_route offers = {
        .prefix = scene_prefix(BEYOND), .via = north->key, .present = true, .metric = 192, .refmetric = 96};
    heal_rib_take_route(&scene->world.rib, &offers);
    scene->world.port = port;
    scene->world.ports = scene->world.ports_max = SCENE_PORTS + 1;
    return north;
}

/* The way around comes to meet another trouble: it is kept, until there is one that meets none. */
static void test_a_way_into_other_trouble_is_left_for_a_better_one(void **state) {
    static struct heal_port port[SCENE_PORTS + 1];
    struct scene *scene = *state;
    struct heal_incident *incident = sick_west(scene);
    struct heal_step step = {0};

    order(scene, incident, &step);
    scene_take(scene, HEAL_COMMAND_ROUTE_ADD);
    shows(scene, EAST, true);
    struct heal_incident *other = scene_link_incident(scene, HEAL_LINK_LOSS);
    other->view.role = HEAL_ROLE_UPSTREAM;
    other->element = (struct heal_element){.kind = HEAL_ELEMENT_LINK,
                                           .node = scene->port[EAST].neighbour,
                                           .other = scene->port[EAST].path[0].hop[0]};
    order(scene, incident, &step);
    assert_int_equal(scene->output.commands, 0);
    const struct heal_port *north = add_north(scene, port);
    order(scene, incident, &step);
    assert_int_equal(scene_count(scene, HEAL_COMMAND_ROUTE_DELETE), 1);
    struct heal_command add = scene->output.command[1];
    assert_int_equal(add.kind, HEAL_COMMAND_ROUTE_ADD);
    assert_true(heal_port_key_equal(&add.route.via, &north->key));
    scene->output.commands = 0;
    other->view.closed = scene->world.now; /* the trouble ends: nobody moves for that */
    scene->world.detours.detour[0].seen = true;
    order(scene, incident, &step);
    assert_int_equal(scene->output.commands, 0);
}

/* Who goes back as soon as the daemon has found another way breaks the proof for the others. */
static void test_a_detour_stays_until_its_destination_goes(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = sick_west(scene);
    struct heal_step step = {0};

    order(scene, incident, &step);
    scene_take(scene, HEAL_COMMAND_ROUTE_ADD);
    scene_route(scene, WEST, BEYOND, false, 500, 96);
    scene_route(scene, EAST, BEYOND, true, 192, 96); /* the daemon moves on by itself */
    order(scene, incident, &step);
    assert_int_equal(scene_count(scene, HEAL_COMMAND_ROUTE_DELETE), 0);
    scene_route(scene, EAST, BEYOND, false, 500, 96); /* nobody knows a way any more */
    order(scene, incident, &step);
    scene_take(scene, HEAL_COMMAND_ROUTE_DELETE);
}

/* A stray route on this very node: another way past it would not help, and claiming so would hide the cure.
 */
static void test_nobody_leads_around_himself(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_own_incident(scene, HEAL_NOT_FORWARDING, NULL);

    assert_false(heal_remedies_rule(HEAL_ROUTE_AROUND)->applies(&scene->world, incident));
}

static void test_one_destination_one_incident(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = sick_west(scene);
    struct heal_incident *second = scene_link_incident(scene, HEAL_MTU_BLACKHOLE);
    struct heal_step step = {0}, second_step = {0};

    order(scene, incident, &step);
    scene_take(scene, HEAL_COMMAND_ROUTE_ADD);
    order(scene, second, &second_step);
    assert_int_equal(scene_count(scene, HEAL_COMMAND_ROUTE_ADD), 0);
    heal_detour_withdraw(&scene->world, second, &second_step);
    assert_int_equal(scene_count(scene, HEAL_COMMAND_ROUTE_DELETE), 0);
    assert_int_equal(scene->world.detours.count, 1);
}

static void test_leftover_is_removed_in_any_mode(void **state) {
    struct scene *scene = *state;

    scene->world.mode = HEAL_MODE_OBSERVE;
    shows(scene, EAST, true);
    heal_strays_sweep(&scene->world);
    const struct heal_record *record = &scene->output.command[1].record;
    assert_int_equal(scene->output.command[1].kind, HEAL_COMMAND_STORE);
    assert_int_equal(record->kind, HEAL_RECORD_AUDIT);
    assert_non_null(strstr(record->value, "event=left-over undo=\"route "));
    scene->output.commands = 1;
    struct heal_command removed = scene_take(scene, HEAL_COMMAND_ROUTE_DELETE);
    assert_int_equal(removed.route.metric, HEAL_ROUTE_METRIC);
    assert_true(heal_port_key_equal(&removed.route.via, &scene->port[EAST].key));
    heal_strays_sweep(&scene->world); /* once a second is enough */
    assert_int_equal(scene->output.commands, 0);
    shows(scene, EAST, false);
    scene_fib(scene, EAST, BEYOND, HEAL_BABEL_PROTOCOL, 1024,
              true); /* others' routes are not ours to touch */
    scene->world.now += 2 * HEAL_US_PER_S;
    heal_strays_sweep(&scene->world);
    assert_int_equal(scene->output.commands, 0);
}

static void test_lost_route_is_bridged_behind_the_daemons(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_own_incident(scene, HEAL_ROUTES_LOST, NULL);
    const struct heal_remedy_rule *rule = heal_remedies_rule(HEAL_RESTORE_ROUTES);
    struct heal_step step = {0};

    scene_route(scene, WEST, BEYOND, true, 192, 96);
    scene_route(scene, WEST, OTHER, true, 192, 96);
    scene_fib(scene, WEST, OTHER, HEAL_BABEL_PROTOCOL, 1024, true);
    scene->world.routes_missing = 1;
    assert_true(rule->applies(&scene->world, incident));
    rule->act(&scene->world, incident, &step);
    struct heal_command add = scene_take(scene, HEAL_COMMAND_ROUTE_ADD);
    struct heal_prefix beyond = scene_prefix(BEYOND);
    assert_true(heal_prefix_equal(&add.route.prefix, &beyond));
    assert_int_equal(add.route.metric, HEAL_ROUTE_METRIC_BRIDGE);
    scene_fib(scene, WEST, BEYOND, HEAL_ROUTE_PROTOCOL, HEAL_ROUTE_METRIC_BRIDGE, true);
    heal_strays_sweep(&scene->world);
    assert_int_equal(rule->verify(&scene->world, incident, &step), HEAL_VERDICT_WORKED);
    step.acted = scene->world.now;
    scene->world.now += 31 * HEAL_US_PER_S;
    scene->world.settings.interface_parameters[0] = '\0';
    rule->tend(&scene->world, incident, &step); /* nobody knows what to give its interfaces back with */
    assert_int_equal(scene_count(scene, HEAL_COMMAND_ROUTES_REFRESH), 0);
    strcpy(scene->world.settings.interface_parameters, "type wired");
    rule->tend(&scene->world, incident, &step); /* it takes too long: the daemon is asked, once */
    scene_take(scene, HEAL_COMMAND_ROUTES_REFRESH);
    rule->tend(&scene->world, incident, &step);
    assert_int_equal(scene_count(scene, HEAL_COMMAND_ROUTES_REFRESH), 0);
    scene_fib(scene, WEST, BEYOND, HEAL_BABEL_PROTOCOL, 1024, true); /* there it is again */
    rule->tend(&scene->world, incident, &step);
    scene_take(scene, HEAL_COMMAND_ROUTE_DELETE);
}

/* @return the metric of the route that heald sets against a stray one of metric @p stray; 0: none. */
static uint32_t metric_against(struct scene *scene, uint32_t stray, enum heal_verdict *ret_verdict) {
    struct heal_incident *incident = scene_own_incident(scene, HEAL_NOT_FORWARDING, NULL);
    const struct heal_remedy_rule *rule = heal_remedies_rule(HEAL_RESTORE_ROUTES);
    struct heal_reading_fib drop = {.prefix = scene_prefix(BEYOND),
                                    .type = HEAL_FIB_BLACKHOLE,
                                    .protocol = 4,
                                    .metric = stray,
                                    .present = true};
    struct heal_step step = {0};
    uint32_t metric = 0;

    scene_route(scene, WEST, BEYOND, true, 192, 96);
    scene_fib(scene, WEST, BEYOND, HEAL_BABEL_PROTOCOL, 1024, true);
    assert_false(rule->applies(&scene->world, incident));
    heal_rib_take_fib(&scene->world.rib, &drop);
    scene->world.drops_since = scene->world.now;
    assert_true(rule->applies(&scene->world, incident));
    rule->act(&scene->world, incident, &step);
    if (scene_count(scene, HEAL_COMMAND_ROUTE_ADD) > 0)
        metric = scene_take(scene, HEAL_COMMAND_ROUTE_ADD).route.metric;
    if (metric > 0)
        scene_fib(scene, WEST, BEYOND, HEAL_ROUTE_PROTOCOL, metric, true);
    heal_strays_sweep(&scene->world);
    *ret_verdict = rule->verify(&scene->world, incident, &step);
    return metric;
}

static void test_route_that_drops_is_overridden(void **state) {
    enum heal_verdict verdict;

    assert_int_equal(metric_against(*state, 1024, &verdict), HEAL_ROUTE_METRIC);
    assert_int_equal(verdict, HEAL_VERDICT_WORKED);
}

static void test_route_that_drops_before_ours_is_overridden(void **state) {
    enum heal_verdict verdict;

    assert_int_equal(metric_against(*state, 64, &verdict), 63);
    assert_int_equal(verdict, HEAL_VERDICT_WORKED);
}

static void test_nothing_wins_over_the_first_metric(void **state) {
    enum heal_verdict verdict;

    assert_int_equal(metric_against(*state, 1, &verdict), 0);
    assert_int_equal(verdict, HEAL_VERDICT_FAILED);
}

#define DETOUR(test) cmocka_unit_test_setup_teardown(test, scene_make, scene_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        DETOUR(test_leads_around_and_takes_it_back),
        DETOUR(test_no_way_is_no_remedy),
        DETOUR(test_ordered_again_only_if_it_does_not_show),
        DETOUR(test_unsafe_way_is_left),
        DETOUR(test_turns_no_more_often_than_the_policy_allows),
        DETOUR(test_a_way_into_other_trouble_is_left_for_a_better_one),
        DETOUR(test_a_detour_stays_until_its_destination_goes),
        DETOUR(test_nobody_leads_around_himself),
        DETOUR(test_one_destination_one_incident),
        DETOUR(test_leftover_is_removed_in_any_mode),
        DETOUR(test_lost_route_is_bridged_behind_the_daemons),
        DETOUR(test_route_that_drops_is_overridden),
        DETOUR(test_route_that_drops_before_ours_is_overridden),
        DETOUR(test_nothing_wins_over_the_first_metric),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
