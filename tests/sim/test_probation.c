/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Networks on probation in a mesh: one that sees what is wrong earns the right to act, also from the shadow
 * of another; one with random weights does not, and forced, loses it again by itself. */
#include "engine/probation.h"
#include "scenario/network.h"
#include "sim/hand.h"
#include "sim/sim_state.h"
#include "toy_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { NODES = 6, FAULTS = 45, NODE = 0, SAMPLES = 120, GOOD = 0x600d, BLIND = 0xb11d };
static const heal_us second = HEAL_US_PER_S, minute = 60 * HEAL_US_PER_S;

struct fixture {
    struct heal_sim *sim;
    struct heal_gnn_model *active, *shadow;
    void *memory;
};

static struct heal_gnn_model *calls_late(float limit_ms, uint64_t id) {
    struct heal_gnn_model *model = NULL;

    assert_int_equal(heal_scenario_network_new(limit_ms, &model), 0);
    model->id = id;
    return model;
}

/* A watch of a minute in place of an hour: else as it comes. */
static void make(struct fixture *f, uint64_t seed) {
    struct heal_sim_plan plan = {0};
    struct heal_settings settings;
    const struct heal_sim_options options = {.settings = &settings, .seed = seed, .model = f->active};

    heal_settings_init(&settings);
    settings.ports_max = 8;
    settings.detector.watch_us = minute;
    assert_int_equal(heal_sim_plan_draw(HEAL_SIM_RING, NODES, seed, &plan), 0);
    assert_int_equal(heal_sim_new(&plan, &options, &f->sim), 0);
    heal_sim_plan_deinit(&plan);
    assert_int_equal(heal_sim_run(f->sim, 20 * second), 0);
}

static int set_up(void **state) {
    *state = test_calloc(1, sizeof(struct fixture));
    return 0;
}

static int tear_down(void **state) {
    struct fixture *f = *state;

    heal_sim_free(f->sim);
    free(f->active);
    free(f->shadow);
    free(f->memory);
    test_free(f);
    return 0;
}

static const struct heal_probation *probation(const struct fixture *f) {
    return heal_engine_probation(f->sim->node[NODE].engine);
}

static void order(struct fixture *f, enum heal_operator_verb verb, const char *argument, bool forced) {
    struct heal_event_operator said = {.verb = verb, .number = forced};

    snprintf(said.argument, sizeof said.argument, "%s", argument);
    heal_hand_say(f->sim, NODE, &said);
}

/* Now on the one link of the node, now on the other: packets are late for 20 s. */
static void make_late(struct fixture *f, unsigned times) {
    for (unsigned i = 0; i < times; i++) {
        unsigned link = (unsigned)heal_sim_find_link(f->sim, NODE, i % 2 ? NODES - 1 : 1);
        struct heal_sim_link *late = heal_sim_disturb(f->sim, link);

        for (unsigned side = 0; side < 2; side++)
            late->direction[side].delay_ms = 40;
        heal_sim_run(f->sim, 20 * second);
        heal_sim_mend(f->sim, link);
        heal_sim_run(f->sim, 100 * second);
    }
}

/* Of the good one's alarms the round trip is the reason, and all of it: its weights look at nothing else. */
static void check_reasons(const struct fixture *f) {
    const struct heal_verdicts *verdicts = &probation(f)->verdicts;
    unsigned checked = 0;

    for (size_t i = 0; i < verdicts->count; i++) {
        const struct heal_reason *why = &verdicts->of[i].why;

        if (!why->known || verdicts->of[i].model != GOOD)
            continue;
        checked++;
        assert_true(why->share[HEAL_FEATURE_LATENCY] == (float)(why->logit - why->unmeasured));
        assert_int_equal(why->alone, why->logit);
        assert_true(why->logit > verdicts->of[i].threshold);
        assert_true(why->seen.value[HEAL_FEATURE_LATENCY] > 15);
    }
    assert_true(checked > FAULTS / 2);
}

static void show(const struct fixture *f) {
    for (unsigned slot = 0; slot < HEAL_SLOTS; slot++) {
        const struct heal_merit *merit = &probation(f)->merit[slot];
        const struct heal_share precision = heal_confusion_precision(&merit->confusion);

        print_message("%s: %u right, %u false, %u missed, %u right silences; precision at least %.3f\n",
                      heal_slot_names[slot], merit->confusion.cell[HEAL_CELL_RIGHT_ALARM],
                      merit->confusion.cell[HEAL_CELL_FALSE_ALARM], merit->confusion.cell[HEAL_CELL_MISSED],
                      merit->confusion.cell[HEAL_CELL_RIGHT_SILENCE], (double)precision.interval.low);
    }
}

static void a_good_one_earns_it_from_the_shadow_of_a_blind_one(void **state) {
    struct fixture *f = *state;

    f->active = calls_late(500, BLIND); /* it sees nothing of 40 ms */
    f->shadow = calls_late(15, GOOD);
    make(f, 3);
    f->memory = malloc(heal_engine_network_bytes(f->sim->node[NODE].engine));
    assert_int_equal(
        heal_engine_set_network(f->sim->node[NODE].engine, HEAL_SLOT_SHADOW, f->shadow, f->memory, NULL), 0);
    make_late(f, FAULTS / 3);
    order(f, HEAL_OPERATOR_ACTIVATE, "600d", false);
    assert_int_equal(probation(f)->merit[HEAL_SLOT_SHADOW].model, GOOD); /* it is too early */
    make_late(f, FAULTS - FAULTS / 3);
    check_reasons(f);
    heal_sim_run(f->sim, 100 * minute);
    show(f);
    order(f, HEAL_OPERATOR_DETECTOR, "act", false);
    assert_int_equal(probation(f)->mode, HEAL_MODE_OBSERVE); /* the blind one has earned nothing */
    order(f, HEAL_OPERATOR_ACTIVATE, "600d", false);
    assert_int_equal(probation(f)->merit[HEAL_SLOT_ACTIVE].model, GOOD);
    order(f, HEAL_OPERATOR_DETECTOR, "act", false);
    assert_int_equal(probation(f)->mode, HEAL_MODE_ACT);
    assert_false(probation(f)->forced);
    make_late(f, 3);
    heal_sim_run(f->sim, 15 * minute);
    assert_int_equal(probation(f)->mode, HEAL_MODE_ACT);
    show(f);
}

static int by_size(const void *a, const void *b) {
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

    return (x > y) - (x < y);
}

/* A threshold in the middle of what it says, so that it calls as often as it does not. */
static int32_t middle(const struct fixture *f) {
    int32_t logit[SAMPLES] = {0};

    for (unsigned i = 0; i < SAMPLES; i++) {
        struct heal_judgement judgement = {.logit = 0};

        heal_sim_run(f->sim, second);
        (void)heal_engine_judgement(f->sim->node[NODE].engine, HEAL_SLOT_ACTIVE, i % 2, &judgement);
        logit[i] = judgement.logit;
    }
    qsort(logit, SAMPLES, sizeof *logit, by_size);
    return logit[SAMPLES / 2];
}

static void a_random_one_is_refused_and_forced_falls(void **state) {
    struct fixture *f = *state;

    f->active = toy_model_new(7);
    assert_non_null(f->active);
    make(f, 4);
    f->active->threshold = middle(f);
    f->sim = heal_sim_free(f->sim);
    make(f, 4);
    order(f, HEAL_OPERATOR_DETECTOR, "act", false);
    assert_int_equal(probation(f)->mode, HEAL_MODE_OBSERVE);
    order(f, HEAL_OPERATOR_DETECTOR, "act", true);
    assert_int_equal(probation(f)->mode, HEAL_MODE_ACT);
    for (unsigned i = 0; i < 240 && probation(f)->mode == HEAL_MODE_ACT; i++)
        heal_sim_run(f->sim, minute);
    show(f);
    print_message("it fell after %.0f minutes: %s\n", (double)f->sim->now / 60e6, probation(f)->words);
    assert_int_equal(probation(f)->mode, HEAL_MODE_OBSERVE);
    assert_int_equal(probation(f)->fell, HEAL_GATE_PRECISION);
    heal_sim_run(f->sim, 30 * minute);
    assert_int_equal(probation(f)->mode, HEAL_MODE_OBSERVE); /* and stays there */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_good_one_earns_it_from_the_shadow_of_a_blind_one),
        TEST(a_random_one_is_refused_and_forced_falls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
