/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* An engine is given a network, another, and none again; what it tells its neighbour meanwhile. */
#include "bench.h"
#include "toy_model.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
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

    heal_engine_watch_networks(bench->engine, count, calls);
    bench_run(bench, 2 * second);
    assert_int_equal(calls[0], 0);
    heal_engine_set_network(bench->engine, HEAL_SLOT_ACTIVE, model, memory, NULL);
    bench_run(bench, 5 * second);
    assert_int_equal(calls[1], 5);
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
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
