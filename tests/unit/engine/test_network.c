/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* An engine is given a network, another, and none again; what it tells its neighbour meanwhile. */
#include "bench.h"
#include "engine/internal.h"
#include "engine/probation.h"
#include "toy_model.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const heal_us second = HEAL_US_PER_S;

static struct heal_message link_told(struct bench *bench) {
    struct heal_message none = {.kind = HEAL_MESSAGE_KINDS};

    bench_run(bench, second);
    for (size_t i = 0; i < bench->output.commands; i++)
        if (bench->output.command[i].kind == HEAL_COMMAND_SEND &&
            bench->output.command[i].message.kind == HEAL_MESSAGE_LINK)
            return bench->output.command[i].message;
    fail_msg("nothing was told");
    return none;
}

static void *memory_for(const struct bench *bench) {
    return test_malloc(heal_engine_network_bytes(bench->engine));
}

static void none_tells_nothing(void **state) {
    struct bench *bench = *state;
    struct heal_judgement judgement;
    uint64_t model;
    int32_t threshold;

    assert_int_equal(link_told(bench).vertices, 0);
    assert_false(heal_engine_network(bench->engine, HEAL_SLOT_ACTIVE, &model, &threshold));
    assert_false(heal_engine_judgement(bench->engine, HEAL_SLOT_ACTIVE, 0, &judgement));
}

static void one_is_replaced_and_taken_away_while_it_runs(void **state) {
    struct bench *bench = *state;
    struct heal_gnn_model *first = toy_model_new(1), *second_one = toy_model_new(2);
    void *memory = memory_for(bench), *other = memory_for(bench);
    struct heal_judgement judgement;
    uint64_t model = 0;
    int32_t threshold = 0;

    first->threshold = 77;
    bench_run(bench, 3 * second);
    assert_int_equal(heal_engine_set_network(bench->engine, HEAL_SLOT_ACTIVE, first, memory, NULL), 0);
    assert_int_equal(link_told(bench).vertices, 1);
    assert_int_equal(link_told(bench).vertex[0].model, first->id);
    assert_true(heal_engine_judgement(bench->engine, HEAL_SLOT_ACTIVE, 0, &judgement));
    assert_true(judgement.judged && strcmp(judgement.port.ifname, "mesh0") == 0);
    assert_true(heal_engine_network(bench->engine, HEAL_SLOT_ACTIVE, &model, &threshold));
    assert_int_equal(threshold, 77);
    assert_int_equal(heal_engine_set_network(bench->engine, HEAL_SLOT_ACTIVE, second_one, other, NULL), 0);
    test_free(memory);
    free(first);
    assert_false(heal_engine_judgement(bench->engine, HEAL_SLOT_ACTIVE, 0, &judgement));
    assert_int_equal(link_told(bench).vertex[0].model, second_one->id);
    assert_int_equal(heal_engine_set_network(bench->engine, HEAL_SLOT_ACTIVE, NULL, NULL, NULL), 0);
    test_free(other);
    free(second_one);
    assert_int_equal(link_told(bench).vertices, 0);
}

static void two_are_told_side_by_side(void **state) {
    struct bench *bench = *state;
    struct heal_gnn_model *active = toy_model_new(1), *shadow = toy_model_new(2);
    void *memory = memory_for(bench), *other = memory_for(bench);
    struct heal_error error;

    assert_int_equal(heal_engine_set_network(bench->engine, HEAL_SLOT_ACTIVE, active, memory, NULL), 0);
    assert_int_equal(heal_engine_set_network(bench->engine, HEAL_SLOT_SHADOW, active, other, &error),
                     -EINVAL);
    assert_string_equal(error.what, "the same model is at work already");
    assert_int_equal(heal_engine_set_network(bench->engine, HEAL_SLOT_SHADOW, shadow, other, NULL), 0);
    struct heal_message told = link_told(bench);
    assert_int_equal(told.vertices, 2);
    assert_int_equal(told.vertex[0].model, active->id);
    assert_int_equal(told.vertex[1].model, shadow->id);
    heal_engine_set_network(bench->engine, HEAL_SLOT_ACTIVE, NULL, NULL, NULL);
    heal_engine_set_network(bench->engine, HEAL_SLOT_SHADOW, NULL, NULL, NULL);
    test_free(memory);
    test_free(other);
    free(active);
    free(shadow);
}

static void one_that_cannot_be_told_leaves_the_other(void **state) {
    struct bench *bench = *state;
    struct heal_gnn_model *good = toy_model_new(1), *bad = toy_model_new(2);
    void *memory = memory_for(bench);
    struct heal_error error;

    bad->network.shape.inputs = 7;
    assert_int_equal(heal_engine_set_network(bench->engine, HEAL_SLOT_ACTIVE, good, memory, NULL), 0);
    assert_int_equal(heal_engine_set_network(bench->engine, HEAL_SLOT_ACTIVE, bad, NULL, &error), -EINVAL);
    assert_int_equal(link_told(bench).vertex[0].model, good->id);
    heal_engine_set_network(bench->engine, HEAL_SLOT_ACTIVE, NULL, NULL, NULL);
    test_free(memory);
    free(good);
    free(bad);
}

static void count(void *context, bool begins) {
    unsigned *calls = context;

    calls[begins ? 0 : 1]++;
}

static void who_watches_hears_of_each_tick(void **state) {
    struct bench *bench = *state;
    struct heal_gnn_model *model = toy_model_new(1);
    void *memory = memory_for(bench);
    unsigned calls[2] = {0};

    heal_engine_time_networks(bench->engine, count, calls);
    bench_run(bench, 2 * second);
    assert_int_equal(calls[0], 0);
    heal_engine_set_network(bench->engine, HEAL_SLOT_ACTIVE, model, memory, NULL);
    bench_run(bench, 5 * second);
    assert_int_equal(calls[1], 5);
    heal_engine_set_network(bench->engine, HEAL_SLOT_ACTIVE, NULL, NULL, NULL);
    test_free(memory);
    free(model);
}

/* ---- why it says so ---- */

static const struct heal_network_verdict *newest(const struct bench *bench) {
    const struct heal_verdicts *verdicts = &heal_engine_probation(bench->engine)->verdicts;

    assert_true(verdicts->count > 0);
    return &verdicts->of[verdicts->count - 1];
}

/* Whatever this one says is above its threshold. */
static struct heal_gnn_model *alarmed(struct bench *bench, void *memory) {
    struct heal_gnn_model *model = toy_model_new(1);

    assert_non_null(model);
    model->threshold = -1000000;
    bench_run(bench, 10 * second);
    assert_int_equal(heal_engine_set_network(bench->engine, HEAL_SLOT_ACTIVE, model, memory, NULL), 0);
    return model;
}

static void an_alarm_has_its_reason(void **state) {
    struct bench *bench = *state;
    void *memory = memory_for(bench);
    struct heal_gnn_model *model = alarmed(bench, memory);
    struct heal_judgement judgement;
    char text[4096];
    double sum = 0;

    bench_run(bench, second);
    const struct heal_network_verdict *verdict = newest(bench);
    const struct heal_reason *why = &verdict->why;
    assert_true(heal_engine_judgement(bench->engine, HEAL_SLOT_ACTIVE, 0, &judgement));
    assert_int_equal(why->known, 1);
    assert_int_equal(why->logit, judgement.logit);
    assert_true(why->logit != why->unmeasured);
    for (unsigned i = 0; i < HEAL_FEATURES; i++)
        sum += (double)why->share[i];
    assert_true(fabs(sum - ((double)why->logit - why->unmeasured)) < 0.05);
    unsigned most = heal_reason_weightiest(why);
    assert_int_equal(heal_engine_probation(bench->engine)->merit[HEAL_SLOT_ACTIVE].weightiest[most], 1);
    int length = heal_engine_verdict_explain(bench->engine, verdict->id, text, sizeof text);
    assert_int_equal(length, strlen(text));
    assert_non_null(strstr(text, "the link to an unknown node (interface mesh0) is sick, with a chance of "));
    assert_non_null(strstr(text, "\n    latency     "));
    assert_non_null(strstr(text, "What was true: nobody knows yet."));
    assert_int_equal(heal_engine_verdict_explain(bench->engine, 77, text, sizeof text), -ENOENT);
    bench_run(bench, 30 * second);
    assert_true(newest(bench)->id == verdict->id &&
                newest(bench)->why.logit >= newest(bench)->logit - HEAL_LOGIT_ONE);
    heal_engine_set_network(bench->engine, HEAL_SLOT_ACTIVE, NULL, NULL, NULL);
    test_free(memory);
    free(model);
}

/* All links look new then. */
static void nothing_is_made_of_what_it_says_at_the_start(void **state) {
    struct bench *bench = *state;
    void *memory = memory_for(bench);
    struct heal_gnn_model *model = toy_model_new(1);
    struct heal_judgement judgement;

    assert_non_null(model);
    model->threshold = -1000000;
    assert_int_equal(heal_engine_set_network(bench->engine, HEAL_SLOT_ACTIVE, model, memory, NULL), 0);
    bench_run(bench, 8 * second);
    assert_true(heal_engine_judgement(bench->engine, HEAL_SLOT_ACTIVE, 0, &judgement) && judgement.sick);
    assert_int_equal(heal_engine_probation(bench->engine)->verdicts.count, 0);
    assert_int_equal(bench->engine->world.judged.judgements, 0);
    bench_run(bench, 4 * second);
    assert_int_equal(heal_engine_probation(bench->engine)->verdicts.count, 1);
    assert_int_equal(bench->engine->world.judged.judgements, 1);
    heal_engine_set_network(bench->engine, HEAL_SLOT_ACTIVE, NULL, NULL, NULL);
    test_free(memory);
    free(model);
}

static void a_later_run_knows_it_still(void **state) {
    struct bench *bench = *state;
    void *memory = memory_for(bench), *other = NULL;
    struct heal_gnn_model *model = alarmed(bench, memory);

    bench_run(bench, 2 * second);
    assert_int_equal(bench_make(&other), 0);
    struct bench *later = other;
    bench_restore(later, HEAL_RECORD_VERDICT, "1", bench_kept(bench, HEAL_RECORD_VERDICT, "1"));
    const struct heal_reason *was = &newest(bench)->why, *is = &newest(later)->why;
    assert_int_equal(is->known, 1);
    assert_int_equal(is->at, was->at);
    assert_int_equal(is->logit, was->logit);
    assert_int_equal(is->alone, was->alone);
    assert_int_equal(is->seen.valid, was->seen.valid);
    for (unsigned i = 0; i < HEAL_FEATURES; i++)
        assert_true(is->share[i] == was->share[i] &&
                    (!(was->seen.valid >> i & 1) || is->seen.value[i] == was->seen.value[i]));
    assert_int_equal(is->shown, was->shown);
    for (unsigned i = 0; i < is->shown; i++)
        assert_true(is->neighbour[i].node == was->neighbour[i].node &&
                    is->neighbour[i].share == was->neighbour[i].share);
    bench_unmake(&other);
    heal_engine_set_network(bench->engine, HEAL_SLOT_ACTIVE, NULL, NULL, NULL);
    test_free(memory);
    free(model);
}

/* Its incident's explanation finds it: by its place and time at first, and once it is judged by its number.
 */
static void an_incident_knows_what_the_network_says_of_it(void **state) {
    struct bench *bench = *state;
    void *memory = memory_for(bench);
    struct heal_gnn_model *model = alarmed(bench, memory);
    struct heal_incident_status incident;

    bench_run(bench, second);
    uint64_t verdict = newest(bench)->id;
    assert_int_equal(heal_engine_incident_verdict(bench->engine, 1), 0);
    bench->lost_of_ten = 5;
    bench_run(bench, 20 * second);
    assert_true(heal_engine_incident(bench->engine, 0, &incident));
    assert_int_equal(heal_engine_incident_verdict(bench->engine, incident.id), verdict);
    bench->lost_of_ten = 0;
    bench_run(bench, 60 * second);
    assert_int_equal(newest(bench)->incident, incident.id);
    assert_int_equal(heal_engine_incident_verdict(bench->engine, incident.id), verdict);
    assert_int_equal(heal_engine_incident_verdict(bench->engine, incident.id + 1), 0);
    heal_engine_set_network(bench->engine, HEAL_SLOT_ACTIVE, NULL, NULL, NULL);
    test_free(memory);
    free(model);
}

/* What the detectors of incidents read: whose it is, and what may be made of it. */
static void the_detectors_are_shown_what_it_says(void **state) {
    struct bench *bench = *state;
    struct heal_gnn_model *active = toy_model_new(1), *shadow = toy_model_new(2);
    void *memory = memory_for(bench), *other = memory_for(bench);
    const struct heal_judged *judged = &bench->engine->world.judged;
    uint64_t model = 0;
    int32_t threshold = 0;
    char number[20];

    active->threshold = 77;
    shadow->threshold = 88;
    bench_run(bench, 11 * second); /* nothing is made of it while all links are new to heald */
    heal_engine_set_network(bench->engine, HEAL_SLOT_ACTIVE, active, memory, NULL);
    heal_engine_set_network(bench->engine, HEAL_SLOT_SHADOW, shadow, other, NULL);
    bench_run(bench, 2 * second);
    assert_true(judged->model == active->id && judged->threshold == 77 && judged->judgements == 1);
    assert_int_equal(judged->mode, HEAL_MODE_OBSERVE);
    bench_operator(bench, HEAL_OPERATOR_DETECTOR, 0, 1, "act");
    for (int32_t i = 0; i < 300; i++)
        heal_conformal_add(&bench->engine->probation.merit[HEAL_SLOT_SHADOW].conformal, 5000 + i);
    heal_engine_configure(bench->engine, &bench->settings);
    bench_run(bench, 2 * second);
    assert_int_equal(judged->mode, HEAL_MODE_ACT);
    assert_true(heal_engine_network(bench->engine, HEAL_SLOT_SHADOW, &model, &threshold));
    assert_int_equal(threshold, 5299); /* it is calibrated */
    snprintf(number, sizeof number, "%llx", (unsigned long long)shadow->id);
    bench_operator(bench, HEAL_OPERATOR_ACTIVATE, 0, 1, number);
    assert_true(judged->model == shadow->id && judged->threshold == 5299);
    assert_non_null(strstr(bench_kept(bench, HEAL_RECORD_ORDER, "detector"), "mode=observe wanted=act"));
    assert_false(heal_engine_network(bench->engine, HEAL_SLOT_SHADOW, &model, &threshold));
    bench_run(bench, 2 * second);
    assert_int_equal(judged->mode, HEAL_MODE_OBSERVE); /* it has earned nothing */
    heal_engine_set_network(bench->engine, HEAL_SLOT_ACTIVE, NULL, NULL, NULL);
    assert_true(judged->model == 0 && judged->judgements == 0);
    test_free(memory);
    test_free(other);
    free(active);
    free(shadow);
}

/* After a gap nothing is known that could be judged. */
static void nothing_is_judged_after_a_gap(void **state) {
    struct bench *bench = *state;
    struct heal_gnn_model *model = toy_model_new(1);
    void *memory = memory_for(bench);
    unsigned calls[2] = {0};

    heal_engine_set_network(bench->engine, HEAL_SLOT_ACTIVE, model, memory, NULL);
    bench_run(bench, 5 * second);
    heal_engine_time_networks(bench->engine, count, calls);
    bench->now += 600 * second;
    bench_run(bench, 2 * second);
    assert_int_equal(calls[0], 0);
    bench_run(bench, 5 * second);
    assert_true(calls[1] > 0);
    heal_engine_set_network(bench->engine, HEAL_SLOT_ACTIVE, NULL, NULL, NULL);
    test_free(memory);
    free(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(none_tells_nothing, bench_make, bench_unmake),
        cmocka_unit_test_setup_teardown(one_is_replaced_and_taken_away_while_it_runs, bench_make,
                                        bench_unmake),
        cmocka_unit_test_setup_teardown(two_are_told_side_by_side, bench_make, bench_unmake),
        cmocka_unit_test_setup_teardown(one_that_cannot_be_told_leaves_the_other, bench_make, bench_unmake),
        cmocka_unit_test_setup_teardown(who_watches_hears_of_each_tick, bench_make, bench_unmake),
        cmocka_unit_test_setup_teardown(the_detectors_are_shown_what_it_says, bench_make, bench_unmake),
        cmocka_unit_test_setup_teardown(nothing_is_judged_after_a_gap, bench_make, bench_unmake),
        cmocka_unit_test_setup_teardown(an_alarm_has_its_reason, bench_make, bench_unmake),
        cmocka_unit_test_setup_teardown(nothing_is_made_of_what_it_says_at_the_start, bench_make,
                                        bench_unmake),
        cmocka_unit_test_setup_teardown(a_later_run_knows_it_still, bench_make, bench_unmake),
        cmocka_unit_test_setup_teardown(an_incident_knows_what_the_network_says_of_it, bench_make,
                                        bench_unmake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
