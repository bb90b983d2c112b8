/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What comes next, in words: each state, each reason, each list. */
#include "plan/outlook.h"
#include "scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const heal_us second = HEAL_US_PER_S;

static const char *outlook(const struct scene *scene, const struct heal_incident *incident) {
    static char buffer[1024];
    struct heal_text text;

    heal_text_init(&text, buffer, sizeof buffer);
    heal_plan_outlook(&scene->world, incident, &text);
    assert_false(text.cut);
    return buffer;
}

#define SAYS(words) assert_non_null(strstr(outlook(scene, incident), words))
#define DOES_NOT_SAY(words) assert_null(strstr(outlook(scene, incident), words))

static struct heal_incident *with_step(struct scene *scene, enum heal_step_state state) {
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);

    incident->view.steps = 1;
    incident->view.step[0] = (struct heal_step_status){.remedy = HEAL_LINK_COST, .state = state};
    incident->tried |= 1u << HEAL_LINK_COST;
    return incident;
}

static void test_what_is_in_place(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = with_step(scene, HEAL_STEP_HOLDING);

    incident->hold_us = 60 * second;
    SAYS("link-cost is taken back when the trouble has been gone for 60 s (it is still seen)");
    incident->gone_since = scene->world.now - 5 * second;
    SAYS("gone for 60 s (so far for 5.0 s)");
    incident->owner_done = true;
    SAYS("owner has said that it is over");
    incident->view.step[0].state = HEAL_STEP_UNDOING;
    SAYS("link-cost is being taken back.");
    incident->view.step[0].state = HEAL_STEP_VERIFYING;
    SAYS("link-cost is under way");
}

static void test_what_holds_it_back(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);
    struct heal_policy *policy = &scene->world.settings.policy[HEAL_LINK_LOSS];

    DOES_NOT_SAY("Nothing is done");
    policy->for_us = 90 * second;
    incident->confident_at = scene->world.now;
    SAYS("Nothing is done: the policy waits until it has lasted for 90 s (for).");
    policy->min_confidence = 0.9F;
    incident->view.ranked[0].confidence = 0.5F;
    SAYS("sure by 90 % (min-confidence)");
    scene->world.paused = true;
    SAYS("`healctl resume`");
    scene->world.mode = HEAL_MODE_OBSERVE;
    SAYS("Nothing is done in mode observe");
    incident->gone_since = scene->world.now;
    SAYS("closed in a moment");
}

static void test_storm_budget_and_cooldown(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);
    struct heal_policy *policy = &scene->world.settings.policy[HEAL_LINK_LOSS];

    scene->world.settings.storm_limit = 1;
    incident->view.opened = scene->world.now;
    SAYS("1 incidents or more (guard.storm-limit) were opened within 60 s and are open");
    scene->world.settings.storm_limit = 100;
    policy->max_per_window = 0;
    SAYS("0 steps were taken against it within");
    policy->max_per_window = 100;
    struct heal_incident *past = with_step(scene, HEAL_STEP_DONE);
    past->view.closed = scene->world.now - second;
    policy->cooldown_us = 20 * second;
    SAYS("ended less than 20 s ago (cooldown)");
}

static void test_what_an_operator_took_back(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);

    incident->dismissed = true;
    SAYS("Nothing is done: an operator has taken back what was done about it (`healctl undo`).");
    strcpy(incident->view.others, "heald's route was taken away");
    SAYS("Nothing is done: somebody has changed by hand what was done about it.");
    SAYS("Nothing more is done about it until it is over.");
    DOES_NOT_SAY("Still to try"); /* it is not going to be */
    incident->dismissed = false;
    SAYS("Still to try: route-around");
    scene->world.mode = HEAL_MODE_OBSERVE;
    SAYS("In mode act it would try: route-around");
}

static void test_what_is_left_and_what_is_not(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);

    SAYS("Still to try: route-around, notify.");
    SAYS("Only if nothing else helps for long: bounce-link.");
    SAYS("Not possible or not for this node: link-cost, hop-penalty, throughput-override."); /* there is no
                                                                                                other way */
    incident->view.role = HEAL_ROLE_UPSTREAM;
    SAYS("Still to try: route-around.");
    SAYS("Not possible or not for this node: link-cost, hop-penalty, throughput-override, bounce-link, "
         "notify.");
    incident->tried = 1u << HEAL_ROUTE_AROUND;
    SAYS("Nothing else is left to try.");
    incident->view.closed = scene->world.now;
    assert_string_equal(outlook(scene, incident), "It is over.\n");
}

/* It is no remedy's fault: the disk is named, and what is tried again. */
static void test_what_a_disk_holds_back(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);

    incident->unsaved_at = scene->world.now - 5 * second;
    SAYS("Not begun, for the evidence could not be saved (see the disk of the state folder), and tried again "
         "every 10 s: route-around.");
    SAYS("Still to try: notify.");
    incident->tried = 1u << HEAL_NOTIFY;
    DOES_NOT_SAY("Nothing else is left to try.");
    incident->unsaved_at = scene->world.now - 10 * second;
    DOES_NOT_SAY("evidence");
    SAYS("Still to try: route-around.");
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, scene_make, scene_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_what_is_in_place),
        TEST(test_what_holds_it_back),
        TEST(test_storm_budget_and_cooldown),
        TEST(test_what_an_operator_took_back),
        TEST(test_what_is_left_and_what_is_not),
        TEST(test_what_a_disk_holds_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
