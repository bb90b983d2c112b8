/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Each remedy by itself: where it can be done, what it orders, when it counts as done, and how it is taken
 * back. The two that lead traffic around are in test_detour.c. */
#include "plan/remedies.h"
#include "scene.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const heal_us second = HEAL_US_PER_S;

/* A remedy at work on an incident. */
struct work {
    struct scene *scene;
    struct heal_incident *incident;
    const struct heal_remedy_rule *rule;
    struct heal_step step;
};

static struct work work_on(struct scene *scene, struct heal_incident *incident, enum heal_remedy remedy) {
    struct work work = {.scene = scene, .incident = incident, .rule = heal_remedies_rule(remedy)};

    assert_int_equal(work.rule->remedy, remedy);
    return work;
}

static bool applies(const struct work *work) {
    return work->rule->applies(&work->scene->world, work->incident);
}

static int aim(struct work *work) {
    return work->rule->aim ? work->rule->aim(&work->scene->world, work->incident, &work->step) : 0;
}

/* Aims and acts; the order is answered at once. @return it. */
static struct heal_command act(struct work *work, enum heal_command_kind kind) {
    assert_true(applies(work));
    assert_int_equal(aim(work), 0);
    assert_int_equal(work->scene->output.commands, 0); /* so far nothing but a name on record */
    assert_int_equal(work->rule->act(&work->scene->world, work->incident, &work->step), 0);
    assert_int_equal(work->step.pending, 1);
    work->step.pending = 0;
    work->step.acted = work->scene->world.now;
    return scene_take(work->scene, kind);
}

static enum heal_verdict verdict(const struct work *work) {
    return work->rule->verify(&work->scene->world, work->incident, &work->step);
}

static struct heal_command undo(struct work *work, enum heal_command_kind kind) {
    assert_non_null(work->rule->undo);
    work->rule->undo(&work->scene->world, work->incident, &work->step);
    assert_int_equal(work->step.pending, 1);
    return scene_take(work->scene, kind);
}

static void pass(struct work *work, heal_us span) {
    work->scene->world.now += span;
}

static enum heal_takeover takeover(struct work *work) {
    char words[80];
    struct heal_text text;

    heal_text_init(&text, words, sizeof words);
    enum heal_takeover takeover =
        work->rule->taken_over(&work->scene->world, work->incident, &work->step, &text);
    assert_int_equal(words[0] != '\0', takeover != HEAL_TAKEOVER_NONE);
    return takeover;
}

/* Nothing fits in the output any more: it is said, and nothing is half done. */
static void refuses_when_full(struct work *work) {
    struct heal_output *output = &work->scene->output;

    work->step = (struct heal_step){0};
    assert_int_equal(aim(work), 0);
    output->commands = HEAL_OUTPUT_COMMANDS;
    assert_true(work->rule->act(&work->scene->world, work->incident, &work->step) < 0);
    assert_int_equal(work->step.pending, 0);
    output->commands = 0;
}

static void test_every_remedy_has_its_row(void **state) {
    (void)state;
    for (int i = 0; i < HEAL_REMEDIES; i++) {
        const struct heal_remedy_rule *rule = heal_remedies_rule((enum heal_remedy)i);

        assert_int_equal(rule->remedy, i);
        assert_non_null(rule->applies);
        assert_non_null(rule->act);
        assert_non_null(rule->verify);
        assert_true(rule->timeout > 0);
        assert_true(rule->risk >= 0 && rule->risk <= 1);
        assert_true(!rule->holds || rule->undo != NULL); /* what stays in place can be taken away */
        enum heal_effect effect = heal_remedy_effect(rule->remedy);
        assert_int_equal(rule->holds, effect == HEAL_EFFECT_RELIEVES || effect == HEAL_EFFECT_CONTAINS);
    }
}

static void test_clamp_mtu(void **state) {
    struct scene *scene = *state;
    struct work work = work_on(scene, scene_link_incident(scene, HEAL_MTU_BLACKHOLE), HEAL_CLAMP_MTU);

    scene->port[WEST].mtu = 1500;
    struct heal_command lower = act(&work, HEAL_COMMAND_LINK_MTU);
    assert_string_equal(lower.link.ifname, "mesh0");
    assert_int_equal(lower.link.value, 1280);
    pass(&work, 2 * second);
    assert_int_equal(verdict(&work), HEAL_VERDICT_PENDING); /* the interface does not show it yet */
    scene->port[WEST].mtu = 1280;
    assert_int_equal(verdict(&work), HEAL_VERDICT_PENDING); /* nothing has come through yet */
    work.incident->gone_since = scene->world.now - second;
    assert_int_equal(verdict(&work), HEAL_VERDICT_WORKED);
    assert_int_equal(takeover(&work), HEAL_TAKEOVER_NONE);
    scene->port[WEST].mtu = 1400;
    assert_int_equal(takeover(&work), HEAL_TAKEOVER_INCIDENT);
    scene->port[WEST].since = work.step.acted + 1; /* it was away meanwhile: nobody has set that */
    assert_int_equal(takeover(&work), HEAL_TAKEOVER_NONE);
    scene->port[WEST].since = 0;
    scene->port[WEST].mtu = 1280;
    struct heal_command back = undo(&work, HEAL_COMMAND_LINK_MTU);
    assert_int_equal(back.link.value, 1500);
    assert_int_equal(back.link.only_from, 1280); /* what an operator has set meanwhile stays */
    assert_false(applies(&work));                /* there is nothing left to lower */
    scene->port[WEST].mtu = 1500;
    refuses_when_full(&work);
}

/* What is on record to be put back must be what was there. */
static void test_clamp_mtu_of_another_mtu_than_on_record(void **state) {
    struct scene *scene = *state;
    struct work work = work_on(scene, scene_link_incident(scene, HEAL_MTU_BLACKHOLE), HEAL_CLAMP_MTU);

    scene->port[WEST].mtu = 1500;
    assert_int_equal(aim(&work), 0);
    scene->port[WEST].mtu = 1400;
    assert_int_equal(work.rule->act(&scene->world, work.incident, &work.step), -ESTALE);
    assert_int_equal(scene->output.commands, 0);
}

static void test_link_cost(void **state) {
    struct scene *scene = *state;
    struct work work = work_on(scene, scene_link_incident(scene, HEAL_LINK_LOSS), HEAL_LINK_COST);

    scene_route(scene, WEST, 9, true, 96, 0);
    assert_false(applies(&work)); /* there is no other way: a cost would move nothing */
    scene_route(scene, EAST, 9, false, 192, 96);
    scene->port[EAST].paths_at = 0; /* no heald there: the daemon alone knows of that way */
    struct heal_command raise = act(&work, HEAL_COMMAND_LINK_COST);
    assert_string_equal(raise.link.ifname, "mesh0");
    assert_true(raise.link.value > 1000);
    pass(&work, 2 * second);
    assert_int_equal(verdict(&work), HEAL_VERDICT_PENDING); /* the daemon still goes that way */
    scene_route(scene, WEST, 9, false, 2144, 0);
    assert_int_equal(verdict(&work), HEAL_VERDICT_PENDING); /* nor any other: that is no success */
    scene_route(scene, EAST, 9, true, 192, 96);
    assert_int_equal(verdict(&work), HEAL_VERDICT_WORKED);
    scene->port[WEST].routed = true;
    scene->port[WEST].rxcost = 2048;
    assert_int_equal(takeover(&work), HEAL_TAKEOVER_NONE);
    assert_int_equal(undo(&work, HEAL_COMMAND_LINK_COST).link.value, 0);
    scene->port[WEST].rxcost = 300; /* somebody has given it another */
    work.step.pending = 0;
    assert_int_equal(takeover(&work), HEAL_TAKEOVER_STEP);
    assert_int_equal(undo(&work, HEAL_COMMAND_LINK_COST).link.value, HEAL_COST_FORGET);
    refuses_when_full(&work);
    /* The interface would be flushed and could not be given back as it was. */
    scene->world.settings.interface_parameters[0] = '\0';
    assert_false(applies(&work));
    strcpy(scene->world.settings.interface_parameters, "type wired");
    scene->world.daemon_silent = true;
    assert_false(applies(&work));
    scene->world.daemon_silent = false;
    scene_route(scene, WEST, 9, true, 96, 0);
    scene_route(scene, EAST, 9, false, 192, 96);
    scene->port[EAST].paths_at = 0; /* no heald there: the daemon alone knows of that way */
    assert_true(applies(&work));
    scene->port[WEST].routed = false;
    assert_false(applies(&work)); /* the daemon does not know the neighbour */
}

/* An earlier run was about to raise a cost: to take that back loses packets, so it is not done for nothing.
 */
static void test_link_cost_that_was_perhaps_never_raised(void **state) {
    struct scene *scene = *state;
    struct heal_incident gone = {.view = {.id = 17}};
    struct work work = work_on(scene, &gone, HEAL_LINK_COST);

    work.step.port = scene->port[WEST].key;
    work.step.unsure = true;
    scene->port[WEST].rxcost = 96;
    work.rule->undo(&scene->world, &gone, &work.step);
    assert_int_equal(scene->output.commands, 0);
    scene->port[WEST].rxcost = 2048;
    scene->port[EAST].rxcost = 96; /* of another interface */
    undo(&work, HEAL_COMMAND_LINK_COST);
    scene->port[WEST].rxcost = 96;
    scene->port[WEST].routed = false; /* the daemon has nobody there: who knows */
    work.step.pending = 0;
    undo(&work, HEAL_COMMAND_LINK_COST);
    scene->port[WEST].routed = true;
    work.step.pending = 0;
    work.step.unsure = false;
    undo(&work, HEAL_COMMAND_LINK_COST);
}

static void test_bounce_link(void **state) {
    struct scene *scene = *state;
    struct work work = work_on(scene, scene_link_incident(scene, HEAL_LINK_LOSS), HEAL_BOUNCE_LINK);

    assert_string_equal(act(&work, HEAL_COMMAND_LINK_BOUNCE).link.ifname, "mesh0");
    work.incident->gone_since = scene->world.now;
    pass(&work, 3 * second);
    assert_int_equal(verdict(&work), HEAL_VERDICT_PENDING); /* while it is down, nothing can be lost */
    pass(&work, second);
    assert_int_equal(verdict(&work), HEAL_VERDICT_WORKED);
    work.incident->gone_since = 0;
    assert_int_equal(verdict(&work), HEAL_VERDICT_PENDING);
    refuses_when_full(&work);
    work.incident->view.role = HEAL_ROLE_END; /* only one end bounces, or both would go on for ever */
    assert_false(applies(&work));
}

/* So many windows in a row in which nothing came out of the neighbour that leads to `target`. */
static void pass_nothing(struct scene *scene, size_t place, const char *target, uint8_t windows) {
    scene->port[WEST].transit[place] =
        (struct heal_transit){.target = heal_node_id_of(target), .loss = 1, .bad_windows = windows};
}

static void test_quarantine_neighbour(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_own_incident(scene, HEAL_NOT_FORWARDING, NULL);
    struct work work = work_on(scene, incident, HEAL_QUARANTINE_NEIGHBOUR);

    scene_route(scene, WEST, 9, true, 192, 96);
    scene_path(scene, WEST, 9, 96, "far", NULL);
    pass_nothing(scene, 0, "far", 2);
    assert_false(applies(&work)); /* this node is the sick one */
    incident->element.node = heal_node_id_of("west");
    assert_false(applies(&work)); /* the daemon has no other way */
    scene_route(scene, EAST, 9, false, 292, 196);
    scene->port[EAST].paths_at = 0; /* no heald there: the daemon alone knows of that way */
    assert_true(applies(&work));
    pass_nothing(scene, 1, "other", 1);
    assert_false(applies(&work)); /* another way through it is not known to be closed */
    pass_nothing(scene, 1, "other", 2);
    assert_true(applies(&work));
    scene->world.forwarding_off_since = scene->world.now;
    assert_false(applies(&work)); /* it is no better itself */
    scene->world.forwarding_off_since = 0;
    work.step = (struct heal_step){0};
    struct heal_command drop = act(&work, HEAL_COMMAND_QUARANTINE);
    assert_true(drop.quarantine.on);
    assert_true(heal_port_key_equal(&drop.quarantine.port, &scene->port[WEST].key));
    assert_int_equal(verdict(&work), HEAL_VERDICT_PENDING);
    scene_route(scene, WEST, 9, false, 96, 0);
    scene_route(scene, EAST, 9, true, 192, 96);
    assert_int_equal(verdict(&work), HEAL_VERDICT_WORKED);
    work.step.worked = true;
    assert_true(work.rule->eases(&scene->world, incident));
    scene_route(scene, WEST, 9, true, 96, 0); /* somebody has let it in again */
    assert_int_equal(verdict(&work), HEAL_VERDICT_FAILED);
    assert_false(work.rule->eases(&scene->world, incident));
    struct heal_command lift = undo(&work, HEAL_COMMAND_QUARANTINE);
    assert_false(lift.quarantine.on);
    assert_true(heal_port_key_equal(&lift.quarantine.port, &scene->port[WEST].key));
    refuses_when_full(&work);
}

static void test_set_forwarding(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_own_incident(scene, HEAL_NOT_FORWARDING, NULL);
    struct work work = work_on(scene, incident, HEAL_SET_FORWARDING);

    assert_false(applies(&work)); /* it is on */
    scene->world.forwarding_off_since = scene->world.now;
    act(&work, HEAL_COMMAND_FORWARDING);
    assert_int_equal(verdict(&work), HEAL_VERDICT_PENDING);
    refuses_when_full(&work);
    scene->world.forwarding_off_since = 0;
    assert_int_equal(verdict(&work), HEAL_VERDICT_WORKED);
    scene->world.forwarding_off_since = scene->world.now;
    incident->element.node = heal_node_id_of("west"); /* another node's switch is out of reach */
    assert_false(applies(&work));
}

static void test_restart_service_that_is_down(void **state) {
    struct scene *scene = *state;
    struct heal_service *worker = scene_service(scene, "worker", 0);
    struct heal_incident *incident = scene_own_incident(scene, HEAL_SERVICE_DOWN, "worker");
    struct work work = work_on(scene, incident, HEAL_RESTART_SERVICE);

    scene_service(scene, "busy", 0.9F);
    worker->last.running = false;
    assert_string_equal(act(&work, HEAL_COMMAND_SERVICE_RESTART).service.name, "worker");
    incident->gone_since = scene->world.now;
    worker->last.running = true;
    assert_int_equal(verdict(&work), HEAL_VERDICT_PENDING); /* one that dies at once is not up */
    pass(&work, 2 * second);
    assert_int_equal(verdict(&work), HEAL_VERDICT_WORKED);
    worker->last.running = false;
    assert_int_equal(verdict(&work), HEAL_VERDICT_PENDING);
    scene->world.services = 0; /* a new configuration no longer watches it */
    assert_int_equal(verdict(&work), HEAL_VERDICT_FAILED);
    scene->world.services = 2;
    scene->world.settings.service[0].restartable = false;
    assert_false(applies(&work));
}

static void test_restart_service_that_leaks(void **state) {
    struct scene *scene = *state;
    struct heal_service *worker = scene_service(scene, "worker", 0.1F);
    struct heal_incident *incident = scene_own_incident(scene, HEAL_MEMORY_LEAK, "worker");
    struct work work = work_on(scene, incident, HEAL_RESTART_SERVICE);

    worker->last.rss_bytes = 64 << 20;
    act(&work, HEAL_COMMAND_SERVICE_RESTART);
    pass(&work, 2 * second);
    assert_int_equal(verdict(&work), HEAL_VERDICT_PENDING); /* as large as before: it was not restarted */
    worker->last.rss_bytes = 8 << 20;
    assert_int_equal(verdict(&work), HEAL_VERDICT_WORKED);
    refuses_when_full(&work);
}

static void test_restart_for_the_nodes_own_trouble(void **state) {
    struct scene *scene = *state;
    struct heal_incident *overload = scene_own_incident(scene, HEAL_NODE_OVERLOAD, NULL);
    struct work work = work_on(scene, overload, HEAL_RESTART_SERVICE);

    scene_service(scene, "babeld", 0.9F);
    assert_false(applies(&work)); /* never the routing daemon for what others use */
    scene->world.node.cpu = 1;
    scene_service(scene, "small", 0.1F);
    assert_false(applies(&work)); /* nor one that happens to use most of the little that services use */
    scene_service(scene, "large", 0.5F);
    assert_string_equal(act(&work, HEAL_COMMAND_SERVICE_RESTART).service.name, "large");
    overload->view.ranked[0].diagnosis = HEAL_ROUTES_LOST;
    assert_string_equal(act(&work, HEAL_COMMAND_SERVICE_RESTART).service.name, "babeld");
    scene->world.service[0].last.running = false;
    scene->world.service[0].last.stopped = true; /* somebody has stopped it, and it stays stopped */
    assert_false(applies(&work));
}

static void test_shed_load(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_own_incident(scene, HEAL_NODE_OVERLOAD, NULL);
    struct work work = work_on(scene, incident, HEAL_SHED_LOAD);

    scene->world.node.cpu = 1;
    scene_service(scene, "small", 0.06F);
    assert_false(applies(&work)); /* the node is overloaded without it */
    scene->world.service[0].last.cpu = 0.2F;
    struct heal_service *large = scene_service(scene, "large", 0.7F);
    scene_service(scene, "untouchable", 0.8F);
    scene->world.settings.service[2].sheddable = false;
    scene->world.node.cpu = 1;
    scene->world.overloaded_since = scene->world.now;
    struct heal_command shed = act(&work, HEAL_COMMAND_SERVICE_SHED);
    assert_string_equal(shed.service.name, "large");
    assert_float_equal(shed.service.share, 0.3, 1e-6); /* with the others' .3 the node is at .6 */
    assert_int_equal(verdict(&work), HEAL_VERDICT_PENDING);
    scene->world.overloaded_since = 0;
    incident->gone_since = scene->world.now;
    assert_int_equal(verdict(&work), HEAL_VERDICT_WORKED);
    large->last.cpu = 0; /* throttled; it is still the one whose throttle is lifted */
    struct heal_command lift = undo(&work, HEAL_COMMAND_SERVICE_SHED);
    assert_string_equal(lift.service.name, "large");
    assert_float_equal(lift.service.share, 0, 0);
    refuses_when_full(&work);
}

static void test_shed_load_leaves_a_little(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_own_incident(scene, HEAL_NODE_OVERLOAD, NULL);
    struct work work = work_on(scene, incident, HEAL_SHED_LOAD);
    struct heal_service *only = scene_service(scene, "only", 0.2F);

    scene->world.node.cpu = 1;
    assert_float_equal(act(&work, HEAL_COMMAND_SERVICE_SHED).service.share, 0.05, 1e-6);
    only->last.cpu = 0.04F;
    assert_false(applies(&work));
    only->last.cpu = 0.2F;
    only->last.running = false;
    assert_false(applies(&work));
}

static void test_notify(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_own_incident(scene, HEAL_SERVICE_DOWN, "worker");
    struct work work = work_on(scene, incident, HEAL_NOTIFY);

    strcpy(incident->view.node, "here");
    strcpy(incident->view.service, "worker");
    struct heal_command told = act(&work, HEAL_COMMAND_NOTIFY);
    assert_int_equal(told.notify.incident, incident->view.id);
    assert_string_equal(told.notify.text,
                        "service-down: here worker (incident 1): no remedy is left that heald may try");
    assert_int_equal(verdict(&work), HEAL_VERDICT_WORKED);
    refuses_when_full(&work);
    incident->view.role = HEAL_ROLE_END; /* one call, not one from each end */
    assert_false(applies(&work));
}

#define REMEDY(test) cmocka_unit_test_setup_teardown(test, scene_make, scene_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_remedy_has_its_row),
        REMEDY(test_clamp_mtu),
        REMEDY(test_clamp_mtu_of_another_mtu_than_on_record),
        REMEDY(test_link_cost),
        REMEDY(test_link_cost_that_was_perhaps_never_raised),
        REMEDY(test_bounce_link),
        REMEDY(test_quarantine_neighbour),
        REMEDY(test_set_forwarding),
        REMEDY(test_restart_service_that_is_down),
        REMEDY(test_restart_service_that_leaks),
        REMEDY(test_restart_for_the_nodes_own_trouble),
        REMEDY(test_shed_load),
        REMEDY(test_shed_load_leaves_a_little),
        REMEDY(test_notify),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
