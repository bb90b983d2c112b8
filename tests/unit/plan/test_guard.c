/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The guard rails and the choice: each limit just below it, and at it. */
#include "base/cleanup.h"
#include "plan/candidate.h"
#include "plan/choose.h"
#include "plan/guard.h"
#include "plan/remedies.h"
#include "scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const heal_us second = HEAL_US_PER_S;
static const struct heal_strategies no_record;

static struct heal_policy *policy_of(struct scene *scene) {
    return &scene->world.settings.policy[HEAL_LINK_LOSS];
}

/* An incident of the same trouble that is over, with one step of this remedy. */
static void past_incident(struct scene *scene, enum heal_remedy remedy, enum heal_step_state end,
                          heal_us started, heal_us closed) {
    struct heal_incident *past = scene_link_incident(scene, HEAL_LINK_LOSS);

    past->view.steps = 1;
    past->view.step[0] = (struct heal_step_status){.remedy = remedy, .state = end, .started = started};
    past->view.closed = closed;
    if (end != HEAL_STEP_WOULD && !heal_remedy_only_tells(remedy))
        heal_uses_note(&scene->world.uses, &(struct heal_use){.element = past->element,
                                                              .diagnosis = HEAL_LINK_LOSS,
                                                              .remedy = remedy,
                                                              .at = started});
}

static void test_nothing_in_the_way(void **state) {
    struct scene *scene = *state;

    assert_int_equal(heal_guard_incident(&scene->world, scene_link_incident(scene, HEAL_LINK_LOSS)),
                     HEAL_NOT_SUPPRESSED);
}

static void test_pause_comes_first(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);

    incident->view.ranked[0].confidence = 0;
    scene->world.paused = true;
    assert_int_equal(heal_guard_incident(&scene->world, incident), HEAL_SUPPRESSED_PAUSED);
}

static void test_confidence(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);

    policy_of(scene)->min_confidence = 0.8F;
    incident->view.ranked[0].confidence = 0.79F;
    assert_int_equal(heal_guard_incident(&scene->world, incident), HEAL_SUPPRESSED_CONFIDENCE);
    incident->view.ranked[0].confidence = 0.8F;
    assert_int_equal(heal_guard_incident(&scene->world, incident), HEAL_NOT_SUPPRESSED);
}

static void test_waits_from_the_diagnosis_on(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);

    policy_of(scene)->for_us = 10 * second;
    incident->view.opened -= 60 * second; /* it has been open for long, with another diagnosis */
    scene->world.now += 10 * second - 1;
    assert_int_equal(heal_guard_incident(&scene->world, incident), HEAL_SUPPRESSED_WAITING);
    scene->world.now += 1;
    assert_int_equal(heal_guard_incident(&scene->world, incident), HEAL_NOT_SUPPRESSED);
}

static void test_storm(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);

    scene->world.settings.storm_limit = 3;
    scene->world.settings.storm_window_us = 60 * second;
    scene_link_incident(scene, HEAL_LINK_FLAP);
    assert_false(heal_guard_storm(&scene->world));
    scene_own_incident(scene, HEAL_NODE_OVERLOAD, NULL);
    assert_true(heal_guard_storm(&scene->world));
    assert_int_equal(heal_guard_incident(&scene->world, incident), HEAL_SUPPRESSED_STORM);
    scene->world.now += 61 * second; /* all still open, but no longer at once */
    assert_int_equal(heal_guard_incident(&scene->world, incident), HEAL_NOT_SUPPRESSED);
}

static void test_budget(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);
    heal_us now = scene->world.now;

    policy_of(scene)->max_per_window = 2;
    policy_of(scene)->window_us = 50 * second;
    policy_of(scene)->cooldown_us = 0;
    past_incident(scene, HEAL_ROUTE_AROUND, HEAL_STEP_DONE, now - 10 * second, now - second);
    past_incident(scene, HEAL_ROUTE_AROUND, HEAL_STEP_DONE, now - 51 * second, now - second); /* too old */
    past_incident(scene, HEAL_NOTIFY, HEAL_STEP_DONE, now, now - second);                 /* words are free */
    past_incident(scene, HEAL_ROUTE_AROUND, HEAL_STEP_WOULD, now - second, now - second); /* not done */
    assert_int_equal(heal_guard_incident(&scene->world, incident), HEAL_NOT_SUPPRESSED);
    past_incident(scene, HEAL_LINK_COST, HEAL_STEP_FAILED, now - 50 * second, now - second);
    assert_int_equal(heal_guard_incident(&scene->world, incident), HEAL_SUPPRESSED_BUDGET);
    incident->element.port = scene->port[EAST].key; /* another link has its own budget */
    incident->element.other = scene->port[EAST].neighbour;
    assert_int_equal(heal_guard_incident(&scene->world, incident), HEAL_NOT_SUPPRESSED);
}

static void test_cooldown(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);

    policy_of(scene)->cooldown_us = 15 * second;
    past_incident(scene, HEAL_ROUTE_AROUND, HEAL_STEP_DONE, scene->world.now - 40 * second,
                  scene->world.now - 14 * second);
    assert_int_equal(heal_guard_incident(&scene->world, incident), HEAL_SUPPRESSED_COOLDOWN);
    scene->world.now += second;
    assert_int_equal(heal_guard_incident(&scene->world, incident), HEAL_NOT_SUPPRESSED);
}

static void test_isolating_needs_enough_others(void **state) {
    struct scene *scene = *state;
    const struct heal_remedy_rule *bounce = heal_remedies_rule(HEAL_BOUNCE_LINK);

    /* west is no longer counted: east is left */
    const struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);
    scene->world.settings.min_healthy_neighbours = 1;
    assert_false(heal_guard_isolates(&scene->world, incident, bounce));
    /* behind the same radio, it goes down with the interface */
    strcpy(scene->port[EAST].key.ifname, incident->element.port.ifname);
    assert_true(heal_guard_isolates(&scene->world, incident, bounce));
    assert_false(heal_guard_isolates(&scene->world, incident, heal_remedies_rule(HEAL_QUARANTINE_NEIGHBOUR)));
    strcpy(scene->port[EAST].key.ifname, "mesh1");
    scene->world.settings.min_healthy_neighbours = 2;
    assert_true(heal_guard_isolates(&scene->world, incident, bounce));
    assert_true(heal_guard_isolates(&scene->world, incident, heal_remedies_rule(HEAL_QUARANTINE_NEIGHBOUR)));
    assert_false(heal_guard_isolates(&scene->world, incident, heal_remedies_rule(HEAL_ROUTE_AROUND)));
}

/* A destination that both west and east lead to: the cost of the link to west would turn it away. */
static void lead_to_elsewhere(struct scene *scene) {
    scene_route(scene, WEST, 9, true, 96, 0);
    scene_route(scene, EAST, 9, false, 192, 96);
    scene->port[EAST].paths_at = 0; /* no heald there: the daemon alone knows of that way */
}

static void test_each_remedy_once_then_people_then_none(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);
    struct heal_policy *policy = policy_of(scene);

    lead_to_elsewhere(scene);
    policy->steps = 3;
    policy->step[0] = HEAL_NOTIFY; /* wherever it stands, it comes last */
    policy->step[1] = HEAL_LINK_COST;
    policy->step[2] = HEAL_BOUNCE_LINK;
    incident->view.opened -= 2 * HEAL_US_PER_S; /* so long even what does harm itself waits */
    for (unsigned i = 1; i <= 3; i++) {
        heal_plan_update(&scene->world, &no_record);
        assert_int_equal(incident->view.steps, i);
        assert_int_equal(incident->view.step[i - 1].state, HEAL_STEP_PLANNED);
        heal_plan_update(&scene->world, &no_record); /* one at a time */
        assert_int_equal(incident->view.steps, i);
        incident->view.step[i - 1].state = HEAL_STEP_FAILED;
    }
    assert_int_equal(incident->view.step[2].remedy, HEAL_NOTIFY);
    assert_non_null(strstr(incident->view.step[2].rule, "nothing else is left"));
    assert_int_not_equal(incident->view.step[0].remedy, incident->view.step[1].remedy);
    heal_plan_update(&scene->world, &no_record);
    assert_int_equal(incident->view.suppressed, HEAL_SUPPRESSED_EXHAUSTED);
    assert_int_equal(scene->world.count.suppressed[HEAL_SUPPRESSED_EXHAUSTED], 1);
    heal_plan_update(&scene->world, &no_record); /* said once, not each round */
    assert_int_equal(scene->world.count.suppressed[HEAL_SUPPRESSED_EXHAUSTED], 1);
}

static void test_what_was_in_vain_is_tried_again_after_a_minute(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);

    lead_to_elsewhere(scene);
    incident->view.opened -= 2 * second;
    policy_of(scene)->steps = 1;
    policy_of(scene)->step[0] = HEAL_LINK_COST;
    heal_plan_update(&scene->world, &no_record);
    assert_int_equal(incident->view.steps, 1);
    incident->view.step[0].state = HEAL_STEP_FAILED;
    scene->world.now += 60 * second - 1;
    for (int i = 0; i < 2; i++)
        heal_plan_update(&scene->world, &no_record);
    assert_int_equal(incident->view.steps, 1);
    assert_int_equal(incident->view.suppressed, HEAL_SUPPRESSED_EXHAUSTED);
    scene->world.now += 1;
    for (int i = 0; i < 2; i++) /* it sees that the time is over, and plans in the next round */
        heal_plan_update(&scene->world, &no_record);
    assert_int_equal(incident->view.steps, 2);
    assert_int_equal(incident->view.step[1].remedy, HEAL_LINK_COST);
    assert_int_equal(incident->view.step[1].state, HEAL_STEP_PLANNED);
}

/* An incident that lasts for days is not given up when its table of steps is full. */
static void test_lasting_trouble_is_not_given_up(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);

    policy_of(scene)->steps = 1;
    policy_of(scene)->step[0] = HEAL_BOUNCE_LINK;
    policy_of(scene)->max_per_window = 100;
    for (unsigned i = 0; i < 3 * HEAL_STEPS_MAX; i++) {
        scene->world.now += 61 * HEAL_US_PER_S;
        heal_plan_update(&scene->world, &no_record); /* said to be exhausted, so that all is tried again */
        heal_plan_update(&scene->world, &no_record);
        struct heal_step_status *last = &incident->view.step[incident->view.steps - 1];
        assert_int_equal(last->state, HEAL_STEP_PLANNED);
        assert_int_equal(last->started, scene->world.now);
        last->state = HEAL_STEP_FAILED;
    }
    assert_int_equal(incident->view.steps, HEAL_STEPS_MAX);
}

static void test_what_does_harm_waits_for_what_does_none(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);

    policy_of(scene)->steps = 2;
    policy_of(scene)->step[0] = HEAL_BOUNCE_LINK;
    policy_of(scene)->step[1] = HEAL_NOTIFY; /* nor are people called before it has had its turn */
    heal_plan_update(&scene->world, &no_record);
    assert_int_equal(incident->view.steps, 0);
    assert_int_equal(incident->view.suppressed, HEAL_SUPPRESSED_WAITING);
    incident->view.opened -= 2 * HEAL_US_PER_S;
    heal_plan_update(&scene->world, &no_record);
    assert_int_equal(incident->view.steps, 1);
    assert_int_equal(incident->view.step[0].remedy, HEAL_BOUNCE_LINK);
}

/* @return what the end that is not the owner plans; HEAL_REMEDIES: nothing. */
static enum heal_remedy planned_at_the_other_end(struct scene *scene, enum heal_remedy owners) {
    struct heal_incident *incident = scene_link_incident(scene, HEAL_MTU_BLACKHOLE);
    struct heal_policy *policy = &scene->world.settings.policy[HEAL_MTU_BLACKHOLE];

    policy->steps = 2;
    policy->step[0] = HEAL_CLAMP_MTU;
    policy->step[1] = HEAL_NOTIFY; /* the owner's, too */
    heal_world_port(&scene->world, &incident->element.port)->mtu = 1500;
    incident->view.role = HEAL_ROLE_END;
    incident->owner_remedy = owners;
    heal_plan_update(&scene->world, &no_record);
    return incident->view.steps > 0 ? incident->view.step[0].remedy : HEAL_REMEDIES;
}

static void test_what_takes_both_ends_is_the_owners_choice(void **state) {
    assert_int_equal(planned_at_the_other_end(*state, HEAL_CLAMP_MTU), HEAL_CLAMP_MTU);
}

static void test_half_of_what_takes_both_ends_is_not_done(void **state) {
    assert_int_equal(planned_at_the_other_end(*state, HEAL_REMEDIES), HEAL_REMEDIES);
}

static void test_upstream_only_leads_around(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);

    incident->view.role = HEAL_ROLE_UPSTREAM;
    policy_of(scene)->steps = 2;
    policy_of(scene)->step[0] = HEAL_LINK_COST;
    policy_of(scene)->step[1] = HEAL_ROUTE_AROUND;
    heal_plan_update(&scene->world, &no_record);
    assert_int_equal(incident->view.steps, 1);
    assert_int_equal(incident->view.step[0].remedy, HEAL_ROUTE_AROUND);
}

/* What would fit at an end of the link is not for those who only send through it, whatever is left. */
static void test_upstream_does_nothing_else(void **state) {
    static const enum heal_remedy ELSE[] = {HEAL_LINK_COST, HEAL_BOUNCE_LINK, HEAL_NOTIFY};
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);

    lead_to_elsewhere(scene);
    incident->view.opened -= 2 * second;
    for (size_t i = 0; i < HEAL_COUNT(ELSE); i++) {
        policy_of(scene)->steps = 1;
        policy_of(scene)->step[0] = ELSE[i];
        incident->view.role = HEAL_ROLE_OWNER;
        assert_int_equal(heal_candidate_judge(&scene->world, incident, ELSE[i]), HEAL_CANDIDATE_FITS);
        incident->view.role = HEAL_ROLE_UPSTREAM;
        assert_int_equal(heal_candidate_judge(&scene->world, incident, ELSE[i]), HEAL_CANDIDATE_UNSUITED);
        heal_plan_update(&scene->world, &no_record);
        assert_int_equal(incident->view.steps, 0);
    }
}

static void test_modes_that_do_nothing_say_it_once(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);

    scene->world.mode = HEAL_MODE_WARN;
    incident->view.opened -= 2 * HEAL_US_PER_S;
    for (int i = 0; i < 3; i++)
        heal_plan_update(&scene->world, &no_record);
    assert_int_equal(incident->view.steps, 1);
    assert_int_equal(incident->view.step[0].state, HEAL_STEP_WOULD);
    struct heal_command told = scene_take(scene, HEAL_COMMAND_NOTIFY);
    assert_non_null(strstr(told.notify.text, "would "));
    assert_int_equal(scene->world.count.actions[incident->view.step[0].remedy][2], 1);
    scene->world.mode = HEAL_MODE_ACT; /* from now on it may */
    heal_plan_update(&scene->world, &no_record);
    assert_int_equal(incident->view.steps, 2);
    assert_int_equal(incident->view.step[1].state, HEAL_STEP_PLANNED);
}

#define GUARD(test) cmocka_unit_test_setup_teardown(test, scene_make, scene_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        GUARD(test_nothing_in_the_way),
        GUARD(test_pause_comes_first),
        GUARD(test_confidence),
        GUARD(test_waits_from_the_diagnosis_on),
        GUARD(test_storm),
        GUARD(test_budget),
        GUARD(test_cooldown),
        GUARD(test_isolating_needs_enough_others),
        GUARD(test_each_remedy_once_then_people_then_none),
        GUARD(test_what_was_in_vain_is_tried_again_after_a_minute),
        GUARD(test_lasting_trouble_is_not_given_up),
        GUARD(test_what_does_harm_waits_for_what_does_none),
        GUARD(test_what_takes_both_ends_is_the_owners_choice),
        GUARD(test_half_of_what_takes_both_ends_is_not_done),
        GUARD(test_upstream_only_leads_around),
        GUARD(test_upstream_does_nothing_else),
        GUARD(test_modes_that_do_nothing_say_it_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
