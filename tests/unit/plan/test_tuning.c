/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The remedies of a mesh below IP: where each can be done, what it changes and from what, when it counts as
 * done, what two incidents share, and what is only proposed. How each is taken back is in test_intent.c. */
#include "plan/proposal.h"
#include "plan/remedies.h"
#include "plan/tuning.h"
#include "scene.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* Node here is in a mesh over mesh0, where west is its next hop to three nodes, to one of which there is no
 * other way. */
static struct heal_mesh *make_mesh(struct scene *scene) {
    struct heal_world *world = &scene->world;
    struct heal_mesh *mesh = &world->mesh;

    *mesh = (struct heal_mesh){
        .at = world->now,
        .is = {.ifname = "bat0", .originator_ms = 1000, .chosen_ms = UINT32_MAX, .by_throughput = true},
        .interfaces = 1
    };
    mesh->interface[0].at = world->now;
    mesh->interface[0].is = (struct heal_reading_hard){
        .ifname = "mesh0", .has_penalty = true, .penalty = 15, .has_override = true, .elp_ms = 500};
    scene->port[WEST].relay = (struct heal_reading_relay){.destinations = 3, .alone = 1};
    scene->port[WEST].relay_at = world->now;
    return mesh;
}

static bool applies(struct scene *scene, struct heal_incident *incident, enum heal_remedy remedy) {
    return heal_remedies_rule(remedy)->applies(&scene->world, incident);
}

/* Aims and acts. @return the one order. */
static struct heal_command_tune act(struct scene *scene, struct heal_incident *incident,
                                    enum heal_remedy remedy, struct heal_step *step) {
    const struct heal_remedy_rule *rule = heal_remedies_rule(remedy);

    *step = (struct heal_step){0};
    assert_true(rule->applies(&scene->world, incident));
    assert_int_equal(rule->aim(&scene->world, incident, step), 0);
    assert_int_equal(rule->act(&scene->world, incident, step), 0);
    return scene_take(scene, HEAL_COMMAND_TUNE).tune;
}

static enum heal_verdict verdict(struct scene *scene, struct heal_incident *incident, enum heal_remedy remedy,
                                 const struct heal_step *step) {
    return heal_remedies_rule(remedy)->verify(&scene->world, incident, step);
}

static void test_hop_penalty(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);
    struct heal_step step;

    assert_false(applies(scene, incident, HEAL_HOP_PENALTY)); /* no such mesh */
    struct heal_mesh *mesh = make_mesh(scene);
    struct heal_command_tune tune = act(scene, incident, HEAL_HOP_PENALTY, &step);
    assert_int_equal(tune.what, HEAL_TUNE_PENALTY);
    assert_string_equal(tune.ifname, "mesh0");
    assert_int_equal(tune.from, 15);
    assert_int_equal(tune.value, 200);
    assert_int_equal(step.tune.from, 15);
    assert_int_equal(verdict(scene, incident, HEAL_HOP_PENALTY, &step), HEAL_VERDICT_PENDING);
    mesh->interface[0].is.penalty = 200;
    assert_int_equal(verdict(scene, incident, HEAL_HOP_PENALTY, &step), HEAL_VERDICT_PENDING);
    scene->port[WEST].relay.destinations = 1; /* the one that has no other way */
    assert_int_equal(verdict(scene, incident, HEAL_HOP_PENALTY, &step), HEAL_VERDICT_WORKED);
    mesh->interface[0].is.penalty = 60; /* somebody else has set it */
    assert_int_equal(heal_remedies_rule(HEAL_HOP_PENALTY)->act(&scene->world, incident, &step), -ESTALE);
}

/* The penalty is set, and the mesh has been told. */
static const struct heal_remedy_rule *penalised(struct scene *scene, struct heal_incident *incident,
                                                struct heal_step *step) {
    act(scene, incident, HEAL_HOP_PENALTY, step);
    scene->world.mesh.interface[0].is.penalty = 200;
    return heal_remedies_rule(HEAL_HOP_PENALTY);
}

/* Traffic that comes back, a place where none was, the neighbours' own: none of it is a success of this
 * remedy's. */
static void test_that_it_is_set_is_no_success(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);
    struct heal_reading_relay *relay = &scene->port[WEST].relay;
    struct heal_step step;

    make_mesh(scene);
    const struct heal_remedy_rule *rule = penalised(scene, incident, &step);
    relay->alone = 3; /* the other ways went away: nothing has moved */
    assert_int_equal(rule->verify(&scene->world, incident, &step), HEAL_VERDICT_PENDING);
    incident->view.role = HEAL_ROLE_END;
    assert_int_equal(rule->verify(&scene->world, incident, &step), HEAL_VERDICT_IDLE);
    relay->destinations = relay->alone = 1;
    assert_int_equal(rule->verify(&scene->world, incident, &step), HEAL_VERDICT_WORKED);
    incident->view.role = HEAL_ROLE_OWNER;
    step.worked = true;
    relay->destinations = 3; /* it is back */
    assert_int_equal(rule->verify(&scene->world, incident, &step), HEAL_VERDICT_FAILED);
    assert_true(rule->doubt_us > 5 * HEAL_US_PER_S); /* or is a node that has just come */
    relay->alone = 3;                                /* and has no other way any more */
    assert_int_equal(rule->verify(&scene->world, incident, &step), HEAL_VERDICT_IDLE);

    make_mesh(scene);
    relay->destinations = relay->alone = 0;
    rule = penalised(scene, incident, &step);
    assert_int_equal(rule->verify(&scene->world, incident, &step), HEAL_VERDICT_IDLE);
    relay->destinations = 1; /* it comes in spite of it */
    assert_int_equal(rule->verify(&scene->world, incident, &step), HEAL_VERDICT_PENDING);
    for (size_t i = 0; i < scene->world.ports; i++)
        scene->world.port[i].up = false; /* none is better */
    assert_int_equal(rule->verify(&scene->world, incident, &step), HEAL_VERDICT_IDLE);
}

static void test_what_goes_there_still_suffers(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);
    static const enum heal_remedy remedies[] = {HEAL_HOP_PENALTY, HEAL_THROUGHPUT_OVERRIDE,
                                                HEAL_HASTEN_ROUTING};

    for (size_t i = 0; i < sizeof remedies / sizeof *remedies; i++) {
        const struct heal_remedy_rule *rule = heal_remedies_rule(remedies[i]);

        make_mesh(scene);
        scene->port[WEST].relay.destinations = 1; /* the one that has no other way */
        assert_false(rule->eases(&scene->world, incident));
        scene->port[WEST].relay = (struct heal_reading_relay){.direct = true};
        assert_false(rule->eases(&scene->world, incident)); /* what is for west itself */
        scene->port[WEST].relay.direct = false;
        assert_true(rule->eases(&scene->world, incident));
        scene->world.now += 6 * HEAL_US_PER_S; /* who is told nothing knows nothing */
        assert_false(rule->eases(&scene->world, incident));
    }
}

/* The kernel does not list it any more: nothing goes through it, whatever was told of it last. */
static void test_a_neighbour_that_is_not_listed(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_NEIGHBOUR_LOST);
    struct heal_step step;

    make_mesh(scene);
    incident->view.opened = scene->world.now;
    act(scene, incident, HEAL_HASTEN_ROUTING, &step);
    heal_us told_at = scene->port[WEST].relay_at;
    scene->world.mesh.is.originator_ms = 100;
    scene->world.now += 6 * HEAL_US_PER_S; /* of no neighbour anything is told: that is no such sign */
    assert_int_equal(verdict(scene, incident, HEAL_HASTEN_ROUTING, &step), HEAL_VERDICT_PENDING);
    make_mesh(scene)->is.originator_ms = 100;
    scene->port[WEST].relay_at = told_at;
    assert_int_equal(verdict(scene, incident, HEAL_HASTEN_ROUTING, &step), HEAL_VERDICT_WORKED);
    assert_true(heal_remedies_rule(HEAL_HASTEN_ROUTING)->eases(&scene->world, incident));
}

static void test_set_by_somebody_else(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);
    struct heal_step step;
    char words[80];
    struct heal_text text;

    make_mesh(scene);
    act(scene, incident, HEAL_HOP_PENALTY, &step);
    const struct heal_remedy_rule *rule = heal_remedies_rule(HEAL_HOP_PENALTY);
    heal_text_init(&text, words, sizeof words);
    /* It is not seen yet. */
    assert_int_equal(rule->taken_over(&scene->world, incident, &step, &text), HEAL_TAKEOVER_NONE);
    scene->world.mesh.interface[0].is.penalty = 200;
    assert_int_equal(rule->taken_over(&scene->world, incident, &step, &text), HEAL_TAKEOVER_NONE);
    scene->world.mesh.interface[0].is.penalty = 60;
    assert_int_equal(rule->taken_over(&scene->world, incident, &step, &text), HEAL_TAKEOVER_STEP);
    assert_string_equal(words, "the penalty of mesh0 is 60, which heald has not set");
    scene->world.now += 6 * HEAL_US_PER_S; /* the interface is away */
    assert_int_equal(rule->taken_over(&scene->world, incident, &step, &text), HEAL_TAKEOVER_NONE);
}

static void test_where_a_penalty_is_of_no_use(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);
    struct heal_mesh *mesh = make_mesh(scene);

    assert_true(applies(scene, incident, HEAL_HOP_PENALTY));
    scene->port[WEST].relay.alone = 3; /* nothing has another way */
    assert_false(applies(scene, incident, HEAL_HOP_PENALTY));
    incident->view.role = HEAL_ROLE_END; /* the owner knows what for */
    assert_true(applies(scene, incident, HEAL_HOP_PENALTY));
    mesh->interface[0].is.has_penalty = false; /* an older kernel */
    assert_false(applies(scene, incident, HEAL_HOP_PENALTY));
    make_mesh(scene);
    mesh->interface[0].at = scene->world.now - 6 * HEAL_US_PER_S; /* it is in the mesh no more */
    assert_false(applies(scene, incident, HEAL_HOP_PENALTY));
    make_mesh(scene);
    incident->view.ranked[0].diagnosis = HEAL_NEIGHBOUR_LOST; /* a dead one cannot be avoided any better */
    assert_false(applies(scene, incident, HEAL_HOP_PENALTY));
    incident->recurrences = 1;
    assert_true(applies(scene, incident, HEAL_HOP_PENALTY));
}

/* What routes below IP takes no routes, and its interfaces are not taken down nor made smaller. */
static void test_what_does_not_suit_such_a_mesh(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_MTU_BLACKHOLE);

    scene->port[WEST].mtu = 1500;
    assert_true(applies(scene, incident, HEAL_CLAMP_MTU));
    assert_true(applies(scene, incident, HEAL_BOUNCE_LINK));
    assert_true(applies(scene, incident, HEAL_ROUTE_AROUND));
    make_mesh(scene);
    assert_false(applies(scene, incident, HEAL_CLAMP_MTU));
    assert_false(applies(scene, incident, HEAL_BOUNCE_LINK));
    assert_false(applies(scene, incident, HEAL_ROUTE_AROUND));
}

static void test_throughput_override(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_HIDDEN_LOSS);
    struct heal_mesh *mesh = make_mesh(scene);
    struct heal_step step;

    struct heal_command_tune tune = act(scene, incident, HEAL_THROUGHPUT_OVERRIDE, &step);
    assert_int_equal(tune.what, HEAL_TUNE_OVERRIDE);
    assert_int_equal(tune.value, 1000);
    mesh->is.by_throughput = false; /* BATMAN IV has none */
    assert_false(applies(scene, incident, HEAL_THROUGHPUT_OVERRIDE));
    mesh->is.by_throughput = true;
    mesh->interface[0].is.override_kbit = 54000; /* an operator's */
    assert_false(applies(scene, incident, HEAL_THROUGHPUT_OVERRIDE));
}

/* A setting of the whole node: two incidents want it, and both know what it was before. */
static void test_hasten_routing_is_shared(void **state) {
    struct scene *scene = *state;
    struct heal_incident *first = scene_link_incident(scene, HEAL_NEIGHBOUR_LOST);
    struct heal_mesh *mesh = make_mesh(scene);
    const struct heal_remedy_rule *rule = heal_remedies_rule(HEAL_HASTEN_ROUTING);

    first->view.opened = scene->world.now;
    struct heal_command_tune tune = act(scene, first, HEAL_HASTEN_ROUTING, &first->step[0]);
    assert_int_equal(tune.what, HEAL_TUNE_ORIGINATOR);
    assert_string_equal(tune.ifname, "bat0");
    assert_int_equal(tune.value, 100);
    mesh->is.originator_ms = 100;
    struct heal_incident *second = scene_own_incident(scene, HEAL_NEIGHBOUR_LOST, NULL);
    second->view.opened = scene->world.now;
    assert_false(applies(scene, second, HEAL_HASTEN_ROUTING)); /* so fast by somebody else's will */
    first->view.steps = 1;
    first->view.step[0] =
        (struct heal_step_status){.remedy = HEAL_HASTEN_ROUTING, .state = HEAL_STEP_HOLDING};
    assert_true(applies(scene, second, HEAL_HASTEN_ROUTING));
    assert_int_equal(rule->aim(&scene->world, second, &second->step[0]), 0);
    assert_int_equal(second->step[0].tune.from, 1000);
    assert_int_equal(rule->act(&scene->world, second, &second->step[0]), 0);
    assert_int_equal(scene->output.commands, 0); /* it is in place */
    second->recurrences = 1;                     /* haste would only bring the traffic back */
    assert_false(applies(scene, second, HEAL_HASTEN_ROUTING));
}

/* What the ends of a link do about it, whoever hears of it only hastens. */
static void test_who_only_hears_of_a_penalty(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_HIDDEN_LOSS);
    const struct heal_remedy_rule *rule = heal_remedies_rule(HEAL_HOP_PENALTY);
    struct heal_step step = {0};

    incident->view.role = HEAL_ROLE_UPSTREAM;
    incident->element.port = (struct heal_port_key){0};
    assert_true(rule->upstream);
    assert_non_null(rule->idle_words);
    assert_false(applies(scene, incident, HEAL_HOP_PENALTY)); /* no such mesh */
    struct heal_mesh *mesh = make_mesh(scene);
    assert_true(applies(scene, incident, HEAL_HOP_PENALTY));
    assert_int_equal(rule->aim(&scene->world, incident, &step), 0);
    rule->drain->aim(&scene->world, &step);
    assert_false(step.tune.on);
    assert_string_equal(step.port.ifname, "bat0");
    assert_int_equal(rule->act(&scene->world, incident, &step), 0);
    assert_int_equal(scene->output.commands, 0);
    assert_int_equal(verdict(scene, incident, HEAL_HOP_PENALTY, &step), HEAL_VERDICT_IDLE);
    assert_int_equal(rule->drain->begin(&scene->world, incident, &step), 0);
    struct heal_command_tune tune = scene_take(scene, HEAL_COMMAND_TUNE).tune;
    assert_int_equal(tune.what, HEAL_TUNE_ORIGINATOR);
    assert_string_equal(tune.ifname, "bat0");
    assert_int_equal(tune.from, 1000);
    assert_int_equal(tune.value, 100);
    assert_true(applies(scene, incident, HEAL_THROUGHPUT_OVERRIDE));
    mesh->is.by_throughput = false;
    assert_false(applies(scene, incident, HEAL_THROUGHPUT_OVERRIDE));
}

/* What each announces, all pass on: a large mesh is hastened less, and a very large one not at all. */
static void test_haste_suits_the_mesh(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_own_incident(scene, HEAL_NEIGHBOUR_LOST, NULL);
    struct heal_step step;

    make_mesh(scene);
    incident->view.opened = scene->world.now;
    scene->port[WEST].relay.destinations = 23;
    assert_int_equal(act(scene, incident, HEAL_HASTEN_ROUTING, &step).value, 500);
    scene->port[WEST].relay.destinations = 60;
    assert_false(applies(scene, incident, HEAL_HASTEN_ROUTING));
    step = (struct heal_step){0};
    heal_remedies_rule(HEAL_HOP_PENALTY)->drain->aim(&scene->world, &step);
    assert_false(step.drain.on);
}

/* After a restart the mesh is waited for, but not without end: what else is left is taken back after it. */
static void test_haste_that_is_left_goes_with_its_mesh(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_HIDDEN_LOSS);
    const struct heal_drain *haste = heal_remedies_rule(HEAL_HOP_PENALTY)->drain;
    struct heal_step step = {
        .drain = {true, HEAL_TUNE_ORIGINATOR, 1000, 100}
    };

    scene->world.started = scene->world.now;
    assert_int_equal(haste->undo(&scene->world, incident, &step), -EAGAIN);
    scene->world.now += 60 * HEAL_US_PER_S;
    assert_int_equal(haste->undo(&scene->world, incident, &step), 0);
    assert_int_equal(scene->output.commands, 0);
}

/* Of several that want haste one has it, and takes back no other's. */
static void test_haste_is_made_once(void **state) {
    struct scene *scene = *state;
    struct heal_incident *first = scene_link_incident(scene, HEAL_HIDDEN_LOSS);
    struct heal_incident *second = scene_own_incident(scene, HEAL_NEIGHBOUR_LOST, NULL);
    const struct heal_drain *haste = heal_remedies_rule(HEAL_HOP_PENALTY)->drain;
    struct heal_mesh *mesh = make_mesh(scene);
    struct heal_step other = {0};

    first->view.steps = 1;
    first->view.step[0] = (struct heal_step_status){.remedy = HEAL_HOP_PENALTY, .state = HEAL_STEP_ACTING};
    haste->aim(&scene->world, &first->step[0]);
    assert_true(first->step[0].drain.on);
    haste->aim(&scene->world, &other);
    assert_false(other.drain.on);
    second->view.opened = scene->world.now;
    assert_false(applies(scene, second, HEAL_HASTEN_ROUTING));
    /* Both may have been planned in the same round. */
    assert_int_equal(heal_remedies_rule(HEAL_HASTEN_ROUTING)->aim(&scene->world, second, &other), -EALREADY);
    first->step[0].drained_at = scene->world.now;
    mesh->is.originator_ms = 100;
    assert_int_equal(haste->undo(&scene->world, first, &first->step[0]), 0);
    assert_int_equal(scene_take(scene, HEAL_COMMAND_TUNE).tune.value, 1000);
    first->step[0].drained_at = 0; /* its time is over, the penalty stays */
    first->view.step[0].state = HEAL_STEP_HOLDING;
    mesh->is.originator_ms = 1000;
    assert_true(applies(scene, second, HEAL_HASTEN_ROUTING));
    second->view.steps = 1;
    second->view.step[0] =
        (struct heal_step_status){.remedy = HEAL_HASTEN_ROUTING, .state = HEAL_STEP_HOLDING};
    assert_int_equal(heal_remedies_rule(HEAL_HASTEN_ROUTING)->aim(&scene->world, second, &second->step[0]),
                     0);
    mesh->is.originator_ms = 100;
    assert_int_equal(haste->undo(&scene->world, first, &first->step[0]), 0);
    assert_int_equal(scene->output.commands, 0);
}

static void test_gateways(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_own_incident(scene, HEAL_GATEWAY_LOST, NULL);
    struct heal_mesh *mesh = make_mesh(scene);
    struct heal_step step;

    mesh->is.gateway = HEAL_GATEWAY_SERVER;
    assert_false(applies(scene, incident, HEAL_RENEW_MESH));
    struct heal_command_tune tune = act(scene, incident, HEAL_STOP_GATEWAY, &step);
    assert_int_equal(tune.what, HEAL_TUNE_GATEWAY);
    assert_int_equal(tune.from, HEAL_GATEWAY_SERVER);
    assert_int_equal(tune.value, HEAL_GATEWAY_OFF);
    assert_true(mesh->withheld);
    assert_int_equal(heal_remedies_rule(HEAL_STOP_GATEWAY)->undo(&scene->world, incident, &step), 0);
    assert_false(mesh->withheld);
    mesh->is.gateway = HEAL_GATEWAY_OFF;
    assert_int_equal(verdict(scene, incident, HEAL_STOP_GATEWAY, &step), HEAL_VERDICT_WORKED);
    char words[80];
    struct heal_text text;
    heal_text_init(&text, words, sizeof words);
    const struct heal_remedy_rule *rule = heal_remedies_rule(HEAL_STOP_GATEWAY);
    assert_int_equal(rule->taken_over(&scene->world, incident, &step, &text), HEAL_TAKEOVER_NONE);
    mesh->is.gateway = HEAL_GATEWAY_SERVER; /* somebody offers it all the same */
    assert_int_equal(rule->taken_over(&scene->world, incident, &step, &text), HEAL_TAKEOVER_STEP);
    mesh->is.gateway = HEAL_GATEWAY_CLIENT;
    assert_false(applies(scene, incident, HEAL_STOP_GATEWAY));
    assert_false(applies(scene, incident, HEAL_RENEW_MESH)); /* there is no other gateway */
    mesh->is.gateways = 1;
    assert_true(applies(scene, incident, HEAL_RENEW_MESH));
    mesh->interfaces = 2;
    assert_false(applies(scene, incident, HEAL_RENEW_MESH));
}

static void hear(struct scene *scene, uint32_t frequency_mhz, uint32_t power_mbm) {
    struct heal_reading_station reading = {.frequency_mhz = frequency_mhz, .power_mbm = power_mbm};

    heal_station_add(&scene->port[WEST].station, scene->world.now, &reading);
}

/* Channel and power are proposed as commands; they are done where a policy lists them. */
static void test_proposals(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_INTERFERENCE);
    char buffer[80];
    struct heal_text text;

    heal_text_init(&text, buffer, sizeof buffer);
    assert_false(heal_proposal_add(&text, &scene->world, incident)); /* no radio */
    hear(scene, 2412, 1500);
    assert_true(heal_proposal_add(&text, &scene->world, incident));
    assert_string_equal(buffer, "iw dev mesh0 switch freq 2437 NOHT beacons 5");
    incident->view.ranked[0].diagnosis = HEAL_WEAK_SIGNAL;
    heal_text_init(&text, buffer, sizeof buffer);
    assert_true(heal_proposal_add(&text, &scene->world, incident));
    assert_string_equal(buffer, "iw dev mesh0 set txpower fixed 1800");
    assert_true(applies(scene, incident, HEAL_RAISE_POWER));
    assert_true(applies(scene, incident, HEAL_SWITCH_CHANNEL));
    hear(scene, 2422, 2000); /* between the channels that do not overlap; as loud as may be */
    assert_false(applies(scene, incident, HEAL_RAISE_POWER));
    assert_false(applies(scene, incident, HEAL_SWITCH_CHANNEL));
    assert_false(heal_proposal_add(&text, &scene->world, incident));
}

static void test_channel_and_power_are_in_no_policy(void **state) {
    struct scene *scene = *state;

    for (int i = 0; i < HEAL_DIAGNOSES; i++) {
        const struct heal_policy *policy = &scene->world.settings.policy[i];
        for (int j = 0; j < policy->steps; j++)
            assert_true(policy->step[j] != HEAL_SWITCH_CHANNEL && policy->step[j] != HEAL_RAISE_POWER);
    }
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, scene_make, scene_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_hop_penalty),
        TEST(test_that_it_is_set_is_no_success),
        TEST(test_what_goes_there_still_suffers),
        TEST(test_a_neighbour_that_is_not_listed),
        TEST(test_set_by_somebody_else),
        TEST(test_where_a_penalty_is_of_no_use),
        TEST(test_what_does_not_suit_such_a_mesh),
        TEST(test_throughput_override),
        TEST(test_hasten_routing_is_shared),
        TEST(test_who_only_hears_of_a_penalty),
        TEST(test_haste_suits_the_mesh),
        TEST(test_haste_is_made_once),
        TEST(test_haste_that_is_left_goes_with_its_mesh),
        TEST(test_gateways),
        TEST(test_proposals),
        TEST(test_channel_and_power_are_in_no_policy),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
