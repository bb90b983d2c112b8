/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What may be made of the network's word, beside what the thresholds say. */
#include "analyze/detector.h"
#include "analyze/explains.h"
#include "analyze/incidents.h"
#include "analyze/opinion.h"
#include "scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { ONE = 1024, THRESHOLD = 2 * ONE };

static const heal_us second = HEAL_US_PER_S;
static struct heal_judgement judgement;
static struct heal_symptoms symptoms;

/* The network acts, and has called the link to west sick for 3 s, by this node's own inputs, too. */
static int make(void **state) {
    int r = scene_make(state);
    struct scene *scene = *state;

    scene->world.judged = (struct heal_judged){
        .judgement = &judgement, .judgements = 1, .model = 1, .threshold = THRESHOLD, .mode = HEAL_MODE_ACT};
    judgement = (struct heal_judgement){.port = scene->port[WEST].key,
                                        .judged = true,
                                        .sick = true,
                                        .at = scene->world.now,
                                        .since = scene->world.now - 3 * second,
                                        .logit = THRESHOLD + ONE,
                                        .alone = THRESHOLD + 1};
    symptoms.count = 0;
    return r;
}

static size_t count(const struct scene *scene) {
    symptoms.count = 0;
    heal_detect_anomaly(&scene->world, &symptoms);
    return symptoms.count;
}

static void test_a_verdict_that_holds_is_an_anomaly(void **state) {
    struct scene *scene = *state;

    assert_int_equal(count(scene), 1);
    const struct heal_symptom *symptom = &symptoms.symptom[0];
    assert_int_equal(symptom->diagnosis, HEAL_ANOMALY);
    assert_true(heal_port_key_equal(&symptom->element.port, &scene->port[WEST].key));
    assert_true(symptom->since == judgement.since);
    assert_float_equal(symptom->confidence, 0.785F, 1e-3);
    assert_int_equal(symptom->evidences, 2);
    assert_float_equal(symptom->evidence[0].seen, heal_judgement_probability(THRESHOLD + ONE), 1e-6);
    judgement.logit = THRESHOLD + 100 * ONE;
    assert_int_equal(count(scene), 1);
    assert_float_equal(symptoms.symptom[0].confidence, 0.98F, 1e-3);
}

static void test_only_one_that_may_act_opens_anything(void **state) {
    struct scene *scene = *state;

    for (int mode = 0; mode < HEAL_MODES; mode++) {
        scene->world.judged.mode = (enum heal_mode)mode;
        assert_int_equal(count(scene), mode == HEAL_MODE_ACT);
    }
    scene->world.judged.judgements = 0; /* no model is at work */
    assert_int_equal(count(scene), 0);
}

static void test_what_is_no_anomaly(void **state) {
    struct scene *scene = *state;
    const struct heal_judgement whole = judgement;

    judgement.sick = false;
    assert_int_equal(count(scene), 0);
    judgement = whole;
    judgement.since = scene->world.now - second; /* one tick may be chance */
    assert_int_equal(count(scene), 0);
    judgement = whole;
    judgement.alone = THRESHOLD; /* a neighbour's word has made it */
    assert_int_equal(count(scene), 0);
    judgement = whole;
    judgement.at = scene->world.now - 4 * second; /* the network is stale */
    assert_int_equal(count(scene), 0);
    judgement = whole;
    judgement.judged = false;
    assert_int_equal(count(scene), 0);
    judgement = whole;
    strcpy(judgement.port.ifname, "mesh9");
    assert_int_equal(count(scene), 0);
    judgement = whole;
    scene->port[WEST].examined_since = scene->world.now; /* it may get a name yet */
    assert_int_equal(count(scene), 0);
    scene->port[WEST].vitals.examined = true;
    assert_int_equal(count(scene), 1);
}

static struct heal_symptom *find_latency(const struct scene *scene) {
    const struct heal_element element = {.kind = HEAL_ELEMENT_LINK,
                                         .node = scene->world.id,
                                         .other = scene->port[WEST].neighbour,
                                         .port = scene->port[WEST].key};

    symptoms.count = 0;
    heal_symptoms_add(&symptoms, HEAL_LINK_LATENCY, &element, 0.7F, scene->world.now);
    return &symptoms.symptom[0];
}

static void test_a_second_opinion(void **state) {
    struct scene *scene = *state;
    const struct heal_symptom *finding = find_latency(scene);

    heal_opinion_add(&scene->world, &symptoms);
    assert_float_equal(finding->confidence, 0.8F, 1e-6); /* a third of the doubt is gone */
    assert_int_equal(finding->evidences, 1);
    judgement.sick = false;
    find_latency(scene);
    heal_opinion_add(&scene->world, &symptoms);
    assert_float_equal(finding->confidence, 0.7F, 1e-6); /* it cannot talk a finding down */
    assert_int_equal(finding->evidences, 1);
    judgement.sick = true;
    scene->world.judged.mode = HEAL_MODE_WARN;
    find_latency(scene);
    heal_opinion_add(&scene->world, &symptoms);
    assert_float_equal(finding->confidence, 0.7F, 1e-6);
    assert_int_equal(finding->evidences, 1); /* people may read it */
    scene->world.judged.mode = HEAL_MODE_OBSERVE;
    find_latency(scene);
    heal_opinion_add(&scene->world, &symptoms);
    assert_float_equal(finding->confidence, 0.7F, 1e-6);
    assert_int_equal(finding->evidences, 0);
}

static void test_what_has_a_name_explains_it(void **state) {
    struct scene *scene = *state;
    const struct heal_element far = {.kind = HEAL_ELEMENT_NODE, .node = scene->port[WEST].neighbour};
    const struct heal_element other = {.kind = HEAL_ELEMENT_NODE, .node = scene->port[EAST].neighbour};

    find_latency(scene);
    heal_detect_anomaly(&scene->world, &symptoms);
    assert_int_equal(symptoms.count, 2);
    assert_ptr_equal(heal_explains(&scene->world, &symptoms, 1), &symptoms.symptom[0]);
    assert_null(heal_explains(&scene->world, &symptoms, 0));
    symptoms.count = 0;
    heal_symptoms_add(&symptoms, HEAL_NODE_OVERLOAD, &far, 0.9F, scene->world.now);
    heal_detect_anomaly(&scene->world, &symptoms);
    assert_ptr_equal(heal_explains(&scene->world, &symptoms, 1), &symptoms.symptom[0]);
    symptoms.count = 0;
    heal_symptoms_add(&symptoms, HEAL_NODE_OVERLOAD, &other, 0.9F, scene->world.now);
    heal_detect_anomaly(&scene->world, &symptoms);
    assert_null(heal_explains(&scene->world, &symptoms, 1));
}

/* It would confirm itself: what the thresholds have seen for a moment would last because the network says so.
 */
static void test_it_does_not_keep_up_what_the_thresholds_began(void **state) {
    struct scene *scene = *state;
    struct heal_incident *incident = scene_link_incident(scene, HEAL_LINK_LOSS);

    heal_incidents_update(&scene->world);
    assert_true(incident->gone_since == scene->world.now);
    assert_int_equal(heal_incident_diagnosis(incident), HEAL_LINK_LOSS);
    assert_int_equal(incident->view.ranked[1].diagnosis, HEAL_ANOMALY); /* people may read it */
}

static void test_it_opens_and_keeps_its_own(void **state) {
    struct scene *scene = *state;

    heal_incidents_update(&scene->world);
    struct heal_incident *incident = &scene->world.incident[0];
    assert_true(heal_incident_is_open(incident));
    assert_int_equal(heal_incident_diagnosis(incident), HEAL_ANOMALY);
    assert_true(heal_world_port_is_sick(&scene->world, &scene->port[WEST]));
    assert_false(heal_world_port_is_named(&scene->world, &scene->port[WEST]));
    scene->world.now += second;
    judgement.at = scene->world.now;
    heal_incidents_update(&scene->world);
    assert_int_equal(incident->gone_since, 0);
    judgement.sick = false;
    scene->world.now += second;
    heal_incidents_update(&scene->world);
    assert_true(incident->gone_since == scene->world.now);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, scene_unmake)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(test_a_verdict_that_holds_is_an_anomaly),
        TEST(test_only_one_that_may_act_opens_anything),
        TEST(test_what_is_no_anomaly),
        TEST(test_a_second_opinion),
        TEST(test_what_has_a_name_explains_it),
        TEST(test_it_does_not_keep_up_what_the_thresholds_began),
        TEST(test_it_opens_and_keeps_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
