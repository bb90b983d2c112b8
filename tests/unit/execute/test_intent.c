/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* heald may be killed at any moment: whatever a step has put in place by then, the next run takes back, by
 * what was durable. Each remedy is led through its life, and the life is cut off after every single command.
 */
#include "execute/leftovers.h"
#include "execute/records.h"
#include "model/output.h"
#include "plan/remedies.h"
#include "plan/strays.h"
#include "scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { BEYOND = 9, NEVER = 1000, MTU = 1500, MTU_OF_OPERATOR = 1400, COST = 96 };
static const heal_us second = HEAL_US_PER_S;

/* What there is outside of heald, and outlives it. */
static struct {
    uint32_t mtu, cost;
    unsigned flushes, acts;
    bool shut_out;
    char shed[HEAL_NAME_MAX];
    uint32_t setting[HEAL_TUNINGS];
    struct heal_command_route route[4];
    size_t routes;
    char durable[512], written[512]; /* the step's record: in the database; not committed yet */
    struct heal_command answer[HEAL_OUTPUT_COMMANDS];
    size_t answers;
} outside;

static const uint32_t setting_before[HEAL_TUNINGS] = {
    [HEAL_TUNE_PENALTY] = 15,      [HEAL_TUNE_ELP] = 500,
    [HEAL_TUNE_ORIGINATOR] = 1000, [HEAL_TUNE_GATEWAY] = HEAL_GATEWAY_SERVER,
    [HEAL_TUNE_CHANNEL] = 2412,    [HEAL_TUNE_POWER] = 1000,
};

/* Of the step machine this is about when what is written and done, not about whether it helps. */
static struct heal_remedy_rule rule;

static enum heal_verdict verify(const struct heal_world *world, const struct heal_incident *incident,
                                const struct heal_step *step) {
    (void)world;
    (void)incident;
    (void)step;
    return HEAL_VERDICT_WORKED;
}

static bool applies(const struct heal_world *world, const struct heal_incident *incident) {
    (void)world;
    (void)incident;
    return true;
}

static const struct heal_remedy_rule *rule_of(enum heal_remedy remedy) {
    rule = *heal_remedies_rule(remedy);
    rule.verify = verify;
    rule.applies = applies;
    return &rule;
}

static const struct heal_machine machine = {.rule_of = rule_of};

static void change_route(const struct heal_command *command) {
    size_t at = 0;

    while (at < outside.routes && (outside.route[at].metric != command->route.metric ||
                                   !heal_prefix_equal(&outside.route[at].prefix, &command->route.prefix)))
        at++;
    if (command->kind == HEAL_COMMAND_ROUTE_ADD && at == outside.routes)
        outside.route[outside.routes++] = command->route;
    else if (command->kind == HEAL_COMMAND_ROUTE_DELETE && at < outside.routes)
        outside.route[at] = outside.route[--outside.routes];
}

static void tune(const struct heal_command_tune *tune) {
    bool of_mesh = tune->what == HEAL_TUNE_ORIGINATOR || tune->what == HEAL_TUNE_GATEWAY;
    assert_string_equal(tune->ifname, of_mesh ? "bat0" : "mesh0");
    if (outside.setting[tune->what] == tune->from)
        outside.setting[tune->what] = tune->value;
}

static void act(const struct heal_command *command) {
    const struct heal_command_link *link = &command->link;

    outside.acts++;
    if (command->kind == HEAL_COMMAND_LINK_MTU && (!link->only_from || link->only_from == outside.mtu)) {
        assert_string_equal(link->ifname, "mesh0");
        outside.mtu = link->value;
    } else if (command->kind == HEAL_COMMAND_LINK_COST) {
        assert_string_equal(link->ifname, "mesh0");
        outside.cost = link->value ? link->value : COST;
        outside.flushes++;
    } else if (command->kind == HEAL_COMMAND_SERVICE_SHED && command->service.share > 0) {
        strcpy(outside.shed, command->service.name);
    } else if (command->kind == HEAL_COMMAND_SERVICE_SHED &&
               strcmp(outside.shed, command->service.name) == 0) {
        outside.shed[0] = '\0';
    } else if (command->kind == HEAL_COMMAND_QUARANTINE) {
        assert_string_equal(command->quarantine.port.ifname, "mesh0");
        outside.shut_out = command->quarantine.on;
    } else if (command->kind == HEAL_COMMAND_TUNE) {
        tune(&command->tune);
    } else {
        change_route(command);
    }
}

static void carry_out(const struct heal_command *command) {
    if (command->kind != HEAL_COMMAND_STORE)
        act(command);
    else if (command->record.kind == HEAL_RECORD_STEP)
        strcpy(outside.written, command->record.value);
    outside.answer[outside.answers++] = *command;
}

static void commit(void) {
    strcpy(outside.durable, outside.written);
}

/* The settings of a mesh below IP, of its interface mesh0, and of the radio there. */
static void see_settings(struct scene *scene) {
    const uint32_t *setting = outside.setting;
    struct heal_mesh *mesh = &scene->world.mesh;

    *mesh = (struct heal_mesh){
        .at = scene->world.now,
        .is = {.ifname = "bat0",
               .by_throughput = true,
               .originator_ms = setting[HEAL_TUNE_ORIGINATOR],
               .chosen_ms = UINT32_MAX,
               .gateway = (enum heal_gateway_mode)setting[HEAL_TUNE_GATEWAY]},
        .interfaces = 1,
    };
    mesh->interface[0].at = scene->world.now;
    mesh->interface[0].is = (struct heal_reading_hard){.ifname = "mesh0",
                                                       .has_penalty = true,
                                                       .has_override = true,
                                                       .penalty = (uint8_t)setting[HEAL_TUNE_PENALTY],
                                                       .override_kbit = setting[HEAL_TUNE_OVERRIDE],
                                                       .elp_ms = setting[HEAL_TUNE_ELP]};
    struct heal_reading_station station = {.port = scene->port[WEST].key,
                                           .frequency_mhz = setting[HEAL_TUNE_CHANNEL],
                                           .power_mbm = setting[HEAL_TUNE_POWER]};
    heal_station_add(&scene->port[WEST].station, scene->world.now, &station);
}

static void see(struct scene *scene) {
    struct heal_rib *rib = &scene->world.rib;

    see_settings(scene);
    scene->port[WEST].mtu = outside.mtu;
    scene->port[WEST].rxcost = (uint16_t)outside.cost;
    for (size_t i = rib->fibs; i-- > 0;) {
        struct heal_reading_fib fib = rib->fib[i];
        fib.present = false;
        if (fib.protocol == HEAL_ROUTE_PROTOCOL)
            heal_rib_take_fib(rib, &fib);
    }
    for (size_t i = 0; i < outside.routes; i++) {
        struct heal_reading_fib fib = {.prefix = outside.route[i].prefix,
                                       .via = outside.route[i].via,
                                       .type = HEAL_FIB_UNICAST,
                                       .protocol = HEAL_ROUTE_PROTOCOL,
                                       .metric = outside.route[i].metric,
                                       .present = true};
        heal_rib_take_fib(rib, &fib);
    }
    heal_strays_sweep(&scene->world);
}

/* A node where each remedy has something to do. */
static struct scene *start_heald(void) {
    void *state;

    assert_int_equal(scene_make(&state), 0);
    struct scene *scene = state;
    scene_route(scene, WEST, BEYOND, true, 192, 96);
    scene_route(scene, EAST, BEYOND, false, 192, 96);
    scene_path(scene, WEST, BEYOND, 96, "far", NULL);
    scene_path(scene, EAST, BEYOND, 96, "far", NULL);
    scene_service(scene, "large", 0.7F);
    scene->world.node.cpu = 1;
    return scene;
}

static struct heal_incident *plan(struct scene *scene, enum heal_remedy remedy) {
    bool of_service = remedy == HEAL_SHED_LOAD || remedy == HEAL_RESTART_SERVICE;
    struct heal_incident *incident = of_service ? scene_own_incident(scene, HEAL_NODE_OVERLOAD, NULL)
                                     : remedy == HEAL_STOP_GATEWAY
                                         ? scene_own_incident(scene, HEAL_GATEWAY_LOST, NULL)
                                         : scene_link_incident(scene, HEAL_LINK_LOSS);
    struct heal_policy *policy = &scene->world.settings.policy[heal_incident_diagnosis(incident)];

    if (remedy == HEAL_QUARANTINE_NEIGHBOUR) /* it is about the neighbour, not the link to it */
        incident->element =
            (struct heal_element){.kind = HEAL_ELEMENT_NODE, .node = scene->port[WEST].neighbour};
    policy->steps = 1;
    policy->step[0] = remedy;
    incident->view.steps = 1;
    incident->view.step[0] = (struct heal_step_status){.remedy = remedy, .started = scene->world.now};
    return incident;
}

/* A turn of the loop up to the kill. @return whether heald is still alive. */
static bool turn(struct scene *scene, unsigned *left, bool commits_at_once) {
    scene->world.now += second / 2;
    scene->output.commands = scene->output.decisions = outside.answers = 0;
    see(scene);
    heal_machine_update(&machine, &scene->world);
    heal_leftovers_update(&machine, &scene->world);
    for (size_t i = 0; i < scene->output.commands; i++) {
        carry_out(&scene->output.command[i]);
        if (commits_at_once)
            commit();
        if (--*left == 0)
            return false;
    }
    commit();
    for (size_t i = 0; i < outside.answers; i++) {
        struct heal_event_result result = {.ticket = outside.answer[i].ticket};
        if (!heal_leftovers_result(&scene->world, &result))
            heal_machine_result(&scene->world, &result);
    }
    return true;
}

/* @param left so many commands are carried out, then it is killed. @return whether it lived to the end. */
static bool live(enum heal_remedy remedy, unsigned left, bool commits_at_once) {
    struct scene *scene = start_heald();
    struct heal_incident *incident = plan(scene, remedy);
    bool alive = true;

    memset(&outside, 0, sizeof outside);
    outside.mtu = MTU;
    outside.cost = COST;
    memcpy(outside.setting, setting_before, sizeof outside.setting);
    for (int i = 0; alive && i < 40; i++) {
        if (i == 10) { /* the trouble is over, and nothing is to be waited for */
            incident->gone_since = scene->world.now;
            incident->owner_done = true;
        }
        alive = turn(scene, &left, commits_at_once);
    }
    if (alive)
        assert_int_equal(incident->view.step[0].state, HEAL_STEP_DONE);
    scene_unmake((void **)&scene);
    return alive;
}

/* The next run, which may only observe. */
static void live_again(void) {
    struct scene *scene = start_heald();
    unsigned left = NEVER;

    scene->world.mode = HEAL_MODE_OBSERVE;
    if (outside.durable[0] != '\0')
        assert_int_equal(heal_records_restore_step(&scene->world, "1/0", outside.durable), 0);
    for (int i = 0; i < 10; i++)
        assert_true(turn(scene, &left, false));
    assert_int_equal(heal_world_leftovers(&scene->world), 0);
    scene_unmake((void **)&scene);
}

static void nothing_is_in_place(void) {
    assert_int_equal(outside.cost, COST);
    assert_false(outside.shut_out);
    assert_string_equal(outside.shed, "");
    assert_int_equal(outside.routes, 0);
    for (int i = 0; i < HEAL_TUNINGS; i++)
        if (i != HEAL_TUNE_CHANNEL) /* that, once it is found good, is where the mesh is */
            assert_int_equal(outside.setting[i], setting_before[i]);
}

static void test_killed_at_any_point(void **state) {
    (void)state;
    for (int i = 0; i < HEAL_REMEDIES; i++) {
        unsigned points = 0;

        for (int at_once = 0; at_once <= 1; at_once++) {
            for (unsigned left = 1; !live((enum heal_remedy)i, left, at_once == 1); left++) {
                live_again();
                nothing_is_in_place();
                assert_int_equal(outside.mtu, MTU);
                points++;
            }
            nothing_is_in_place(); /* an end in order */
            assert_int_equal(outside.mtu, MTU);
            assert_true(outside.acts > 0);
        }
        print_message("%s: killed at %u points\n", heal_remedy_slug((enum heal_remedy)i), points);
    }
}

/* Between the kill and the restart the operator sets what he thinks right; that stays, wherever the kill. */
static void test_what_an_operator_sets_meanwhile_stays(void **state) {
    (void)state;
    for (unsigned left = 1; !live(HEAL_CLAMP_MTU, left, false); left++) {
        outside.mtu = MTU_OF_OPERATOR;
        live_again();
        assert_int_equal(outside.mtu, MTU_OF_OPERATOR);
    }
}

/* Killed between record and act, nothing was done; and nothing is done about that. */
static void test_no_flush_for_what_was_never_done(void **state) {
    (void)state;
    unsigned left = 1;

    while (!live(HEAL_LINK_COST, left, true) && outside.flushes == 0) {
        live_again();
        assert_int_equal(outside.flushes, 0);
        left++;
    }
    assert_true(left > 2); /* the record is there for a while before the act */
    live_again();
    assert_int_equal(outside.flushes, 2);
}

/* The record that is durable before the act names all that undoing takes. */
static void test_the_intent_names_its_object(void **state) {
    static const char *const names[HEAL_REMEDIES] = {
        [HEAL_LINK_COST] = "ifname=mesh0 peer=fe00::1 ",
        [HEAL_CLAMP_MTU] = "ifname=mesh0 peer=fe00::1 service=\"\" before=1500",
        [HEAL_QUARANTINE_NEIGHBOUR] = "ifname=mesh0 peer=fe00::1 ",
        [HEAL_SHED_LOAD] = "service=large",
        [HEAL_HOP_PENALTY] =
            "ifname=mesh0 peer=fe00::1 service=\"\" before=0 tune=penalty tune-from=15 tune-to=200",
        [HEAL_THROUGHPUT_OVERRIDE] =
            "ifname=mesh0 peer=fe00::1 service=\"\" before=0 tune=override tune-from=0 tune-to=1000",
        [HEAL_HASTEN_ROUTING] =
            "ifname=bat0 peer=:: service=\"\" before=0 tune=originator tune-from=1000 tune-to=100",
        [HEAL_STOP_GATEWAY] = "ifname=bat0 peer=:: service=\"\" before=0 tune=gateway tune-from=2 tune-to=0",
        [HEAL_RENEW_MESH] = "ifname=mesh0 peer=:: ",
        [HEAL_SWITCH_CHANNEL] =
            "ifname=mesh0 peer=fe00::1 service=\"\" before=0 tune=channel tune-from=2412 tune-to=",
        [HEAL_RAISE_POWER] =
            "ifname=mesh0 peer=fe00::1 service=\"\" before=0 tune=power tune-from=1000 tune-to=1300",
        /* What is over when it is done, and routes (they have a mark), undoing needs no name for. */
        [HEAL_ROUTE_AROUND] = "ifname=mesh0",
        [HEAL_BOUNCE_LINK] = "ifname=mesh0",
        [HEAL_RESTART_SERVICE] = "service=large",
        [HEAL_RESTORE_ROUTES] = "",
        [HEAL_SET_FORWARDING] = "",
    };

    (void)state;
    for (int i = 0; i < HEAL_REMEDIES; i++) {
        unsigned left = 1;

        if (!names[i])
            continue; /* it tells, and needs no record for that */
        while (!live((enum heal_remedy)i, left, true) && outside.durable[0] == '\0')
            left++;
        assert_int_equal(outside.acts, 0);
        assert_non_null(strstr(outside.durable, "state=recording"));
        if (!strstr(outside.durable, names[i]))
            fail_msg("not %s: %s", names[i], outside.durable);
    }
}

/* Planned, and by now there is nothing to do it to. */
static void test_nothing_left_to_aim_at(void **state) {
    (void)state;
    struct scene *scene = start_heald();
    struct heal_incident *incident = plan(scene, HEAL_SHED_LOAD);
    unsigned left = NEVER;

    memset(&outside, 0, sizeof outside);
    scene->world.service[0].last.running = false;
    assert_true(turn(scene, &left, false));
    assert_int_equal(outside.acts, 0);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_FAILED);
    assert_string_equal(incident->view.step[0].outcome, "not begun: there is nothing left to do it to");
    scene_unmake((void **)&scene);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_killed_at_any_point),
        cmocka_unit_test(test_what_an_operator_sets_meanwhile_stays),
        cmocka_unit_test(test_no_flush_for_what_was_never_done),
        cmocka_unit_test(test_the_intent_names_its_object),
        cmocka_unit_test(test_nothing_left_to_aim_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
