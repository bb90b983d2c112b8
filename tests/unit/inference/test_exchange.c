/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What two nodes tell each other of a network, what of it is believed, and how far it goes. */
#include "base/random.h"
#include "inference/inference.h"
#include "pair.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const heal_us second = HEAL_US_PER_S;

/* ---- models ---- */

static void models_that_cannot_be_told_are_refused(void **state) {
    struct pair *f = *state;
    struct heal_error error;

    assert_int_equal(heal_inference_check(f->model, &error), 0);
    f->model->network.shape.hidden = HEAL_STATE_MAX + 2;
    assert_int_equal(heal_inference_check(f->model, &error), -EINVAL);
    assert_string_equal(error.what, "the model's states have 66 bytes; 64 can be told");
    f->model->network.shape.hidden = HEAL_STATE_MAX;
    f->model->scaling.feature[2].name[0] = 'm';
    assert_int_equal(heal_inference_check(f->model, &error), -EINVAL);
    assert_string_equal(error.what, "the model's input 3 is moss, not loss");
    f->model->scaling.feature[2].name[0] = 'l';
    f->model->scaling.inputs = f->model->network.shape.inputs = 7;
    assert_int_equal(heal_inference_check(f->model, &error), -EINVAL);
    assert_string_equal(error.what, "the model has 7 inputs; a port has 8 features");
    f->model->scaling.inputs = f->model->network.shape.inputs = 8;
    f->model->id = 0;
    assert_int_equal(heal_inference_check(f->model, &error), -EINVAL);
}

/* ---- ticks ---- */

static void nothing_is_told_before_the_first_tick(void **state) {
    struct pair *f = *state;
    struct heal_message message;

    assert_false(pair_word_of(&f->a, &message));
    pair_tick(&f->a, second);
    assert_true(pair_word_of(&f->a, &message));
    assert_int_equal(message.vertex[0].heard, 0);
    assert_int_equal(message.vertex[0].states, 0);
    assert_int_equal(message.vertex[0].model, TOY_MODEL_ID + 1);
}

static void ticks_are_no_faster_than_a_second(void **state) {
    struct pair *f = *state;
    const struct heal_inference *inference = f->a.inference;

    assert_true(heal_inference_tick(f->a.inference, &f->a.world));
    f->a.world.now += second / 4;
    assert_false(heal_inference_tick(f->a.inference, &f->a.world));
    f->a.world.now += second * 7 / 10; /* a round may come early by a little */
    assert_true(heal_inference_tick(f->a.inference, &f->a.world));
    assert_ptr_equal(heal_inference_model(inference), f->model);
}

static void strangers_are_no_vertices(void **state) {
    struct pair *f = *state;
    const struct heal_judgement *judgement;
    struct heal_message message;

    f->a.port[PAIR_LINK].established = false;
    f->a.port[1].known = false;
    pair_tick(&f->a, second);
    assert_int_equal(heal_inference_judgements(f->a.inference, &judgement), PAIR_PORTS - 2);
    assert_false(pair_word_of(&f->a, &message));
}

/* Who takes its place brings its verdict along. */
static void a_port_in_anothers_place_keeps_its_verdict(void **state) {
    struct pair *f = *state;
    const unsigned last = PAIR_PORTS - 1;

    pair_tick(&f->a, second);
    const struct heal_judgement was = *pair_judged(&f->a, last);
    assert_true(was.lacked[HEAL_TOLD_NONE] == 1);
    f->a.port[1] = f->a.port[last];
    f->a.world.ports = last;
    pair_tick(&f->a, second);
    const struct heal_judgement *is = pair_judged(&f->a, 1);
    assert_true(heal_port_key_equal(&is->port, &was.port));
    assert_int_equal(is->lacked[HEAL_TOLD_NONE], 2);
}

static void a_port_that_is_gone_has_no_verdict(void **state) {
    struct pair *f = *state;
    const struct heal_judgement *judgement;

    pair_run(f, 3);
    f->a.world.ports--;
    pair_tick(&f->a, second);
    assert_int_equal(heal_inference_judgements(f->a.inference, &judgement), PAIR_PORTS - 1);
    assert_true(heal_port_key_equal(&pair_judged(&f->a, PAIR_LINK)->port, &f->a.port[PAIR_LINK].key));
}

/* ---- what is used of the other end ---- */

static void a_state_answers_inputs_that_were_told(void **state) {
    struct pair *f = *state;

    pair_run(f, 1);
    pair_tick(&f->a, second);
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->input, HEAL_TOLD_FRESH);
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->state, HEAL_TOLD_NONE);
    pair_run(f, 2);
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->state, HEAL_TOLD_FRESH);
    assert_int_equal(pair_judged(&f->a, 1)->state, HEAL_TOLD_NONE);
    assert_false(pair_judged(&f->a, PAIR_LINK)->whole); /* the other neighbours have told nothing */
    assert_true(pair_judged(&f->a, PAIR_LINK)->tick < f->a.world.now / 100000);
}

static void what_is_old_is_left_out(void **state) {
    struct pair *f = *state;

    pair_run(f, 4);
    uint32_t missed = pair_judged(&f->a, PAIR_LINK)->lacked[HEAL_TOLD_STALE];
    for (unsigned i = 0; i < 3; i++) {
        pair_tick(&f->a, second);
        assert_int_equal(pair_judged(&f->a, PAIR_LINK)->state, HEAL_TOLD_FRESH);
    }
    pair_tick(&f->a, second);
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->input, HEAL_TOLD_STALE);
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->state, HEAL_TOLD_STALE);
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->other_tick, 0);
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->lacked[HEAL_TOLD_STALE], missed + 1);
}

/* The neighbour goes on telling, and hears nothing; at last it is not heard either. */
static void an_answer_to_long_ago_is_late(void **state) {
    struct pair *f = *state;

    pair_run(f, 4);
    for (unsigned i = 0; i < 3; i++) {
        pair_tick(&f->a, second);
        pair_tick(&f->b, second);
        pair_tell(&f->b, &f->a);
    }
    pair_tick(&f->a, second);
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->state, HEAL_TOLD_FRESH);
    pair_tick(&f->a, second);
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->state, HEAL_TOLD_LATE);
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->input, HEAL_TOLD_FRESH);
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->lacked[HEAL_TOLD_LATE], 1);
}

/* Who has heard nothing for long has no state to tell. */
static void there_is_no_state_of_what_is_old(void **state) {
    struct pair *f = *state;

    pair_run(f, 4);
    for (unsigned i = 0; i < 5; i++) {
        pair_tick(&f->a, second);
        pair_tick(&f->b, second);
        pair_tell(&f->b, &f->a);
    }
    pair_tick(&f->a, second);
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->state, HEAL_TOLD_NONE);
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->input, HEAL_TOLD_FRESH);
}

static void another_models_numbers_mean_nothing(void **state) {
    struct pair *f = *state;
    struct heal_message message;

    pair_run(f, 3);
    assert_true(pair_word_of(&f->b, &message));
    message.vertex[0].model++;
    for (unsigned i = 0; i < 5; i++) {
        pair_hear(&f->a, &message);
        pair_tick(&f->a, second);
    }
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->state, HEAL_TOLD_MODEL);
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->input, HEAL_TOLD_MODEL);
    /* what every heald tells is of use all the same */
    int32_t without = pair_judged(&f->a, PAIR_LINK)->logit;
    f->a.port[PAIR_LINK].peer_at = f->a.world.now;
    f->a.port[PAIR_LINK].peer.features = f->b.port[PAIR_LINK].features;
    pair_hear(&f->a, &message);
    pair_tick(&f->a, second);
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->input, HEAL_TOLD_PLAIN);
    assert_int_not_equal(pair_judged(&f->a, PAIR_LINK)->logit, without);
}

static void one_of_two_models_is_found(void **state) {
    struct pair *f = *state;
    struct heal_message message;

    pair_run(f, 2);
    pair_tick(&f->b, second);
    assert_true(pair_word_of(&f->b, &message));
    message.vertex[1] = message.vertex[0];
    message.vertex[0].model++;
    message.vertices = 2;
    pair_hear(&f->a, &message);
    pair_tick(&f->a, second);
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->state, HEAL_TOLD_FRESH);
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->other_tick, message.vertex[1].tick);
}

static void messages_may_overtake_each_other(void **state) {
    struct pair *f = *state;
    struct heal_message older, newer;

    pair_run(f, 3);
    assert_true(pair_word_of(&f->b, &older));
    pair_tick(&f->b, second);
    assert_true(pair_word_of(&f->b, &newer));
    pair_hear(&f->a, &newer);
    pair_hear(&f->a, &older);
    pair_tick(&f->a, second);
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->other_tick, newer.vertex[0].tick);
}

/* After a boot its clock counts from below. */
static void a_neighbour_that_has_booted_is_heard_again(void **state) {
    struct pair *f = *state;

    pair_run(f, 3);
    f->b.world.now = 20 * second;
    f->b.inference = heal_inference_init(f->b.memory, PAIR_PORTS, f->model);
    pair_run(f, 6);
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->state, HEAL_TOLD_FRESH);
    assert_in_range(pair_judged(&f->a, PAIR_LINK)->other_tick, 200, 270);
}

static void two_ticks_of_one_neighbour_make_no_whole(void **state) {
    struct pair *f = *state;
    struct heal_message message;

    f->a.world.ports = 2; /* both lead to b */
    for (unsigned i = 0; i < 4; i++) {
        pair_run(f, 1);
        assert_true(pair_word_of(&f->b, &message));
        message.port = f->a.port[1].key;
        heal_inference_take(f->a.inference, &f->a.world, &message);
    }
    pair_tick(&f->a, second);
    assert_true(pair_judged(&f->a, PAIR_LINK)->whole);
    pair_run(f, 1); /* over the other link nothing came */
    pair_tick(&f->a, second);
    assert_false(pair_judged(&f->a, PAIR_LINK)->whole);
    f->a.port[1].established = false; /* what it told last is of no tick of this graph's */
    pair_run(f, 3);
    pair_tick(&f->a, second);
    assert_true(pair_judged(&f->a, PAIR_LINK)->whole);
}

/* ---- verdicts ---- */

/* Three ticks in a row that it is not above, or it goes on. */
static void sick_is_who_was_not_well_for_long_enough(void **state) {
    struct pair *f = *state;
    const struct heal_judgement *judgement;

    heal_inference_set_threshold(f->a.inference, INT32_MAX);
    pair_run(f, 2);
    judgement = pair_judged(&f->a, PAIR_LINK);
    assert_true(!judgement->sick && judgement->since == 0);
    heal_inference_set_threshold(f->a.inference, INT32_MIN);
    pair_run(f, 1);
    heal_us since = f->a.world.now;
    assert_true(judgement->sick && judgement->since == since && judgement->below == 0);
    assert_true(judgement->sway_low <= judgement->logit && judgement->logit <= judgement->sway_high);
    heal_inference_set_threshold(f->a.inference, INT32_MAX);
    pair_run(f, 2);
    assert_true(judgement->sick && judgement->since == since && judgement->below == 2);
    heal_inference_set_threshold(f->a.inference, INT32_MIN);
    pair_run(f, 1);
    heal_inference_set_threshold(f->a.inference, INT32_MAX);
    pair_run(f, 2);
    assert_true(judgement->sick && judgement->since == since);
    pair_run(f, 1);
    assert_true(!judgement->sick && judgement->since == 0);
    pair_run(f, 300);
    assert_int_equal(judgement->below, UINT8_MAX);
}

/* A verdict is whole where its own other end has answered, too. */
static void without_the_other_ends_state_nothing_is_whole(void **state) {
    struct pair *f = *state;
    struct heal_message message;

    f->a.world.ports = 1;
    pair_run(f, 3);
    pair_tick(&f->a, second);
    assert_true(pair_judged(&f->a, PAIR_LINK)->whole);
    pair_run(f, 1);
    assert_true(pair_word_of(&f->b, &message));
    message.vertex[0].tick++;
    message.vertex[0].heard = message.vertex[0].states = 0; /* it has heard nothing */
    pair_hear(&f->a, &message);
    pair_tick(&f->a, second);
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->input, HEAL_TOLD_FRESH);
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->state, HEAL_TOLD_NONE);
    assert_false(pair_judged(&f->a, PAIR_LINK)->whole);
}

static void other_features_are_not_taken(void **state) {
    struct pair *f = *state;
    struct heal_message message;

    pair_tick(&f->a, second);
    pair_tick(&f->b, second);
    assert_true(pair_word_of(&f->b, &message));
    message.vertex[0].inputs = HEAL_FEATURES - 1;
    pair_hear(&f->a, &message);
    pair_tick(&f->a, second);
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->input, HEAL_TOLD_NONE);
}

/* ---- liars ---- */

static void lie(struct pair *f, struct heal_message *ret_message) {
    pair_run(f, 3);
    pair_tick(&f->a, second);
    pair_tick(&f->b, second);
    assert_true(pair_word_of(&f->b, ret_message));
    assert_int_equal(ret_message->vertex[0].states, HEAL_STATE_MAX);
}

static void check_refused(struct pair *f, struct heal_message *message) {
    uint32_t before = pair_judged(&f->a, PAIR_LINK)->lacked[HEAL_TOLD_REFUSED];

    pair_hear(&f->a, message);
    pair_tick(&f->a, second);
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->state, HEAL_TOLD_REFUSED);
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->lacked[HEAL_TOLD_REFUSED], before + 1);
}

static void no_state_is_below_zero(void **state) {
    struct pair *f = *state;
    struct heal_message message;

    lie(f, &message);
    message.vertex[0].state[63] = -1;
    check_refused(f, &message);
}

static void a_state_has_its_models_width(void **state) {
    struct pair *f = *state;
    struct heal_message message;

    lie(f, &message);
    message.vertex[0].states = 62;
    check_refused(f, &message);
}

/* Of a network that takes nothing of neighbours into a state there is one state that an end with these inputs
 * can have. */
static void a_state_that_cannot_be_is_made_up(void **state) {
    struct pair *f = *state;
    struct heal_gnn_integer *network = &f->model->network;
    const struct heal_gnn_dense *layer = &network->layer[0];
    size_t own = (size_t)HEAL_FEATURES * layer->outputs;
    struct heal_message message;

    memset(network->weight + layer->weight + own, 0, (size_t)layer->inputs * layer->outputs - own);
    assert_int_equal(heal_gnn_integer_prepare(network, NULL), 0);
    lie(f, &message);
    pair_hear(&f->a, &message);
    pair_tick(&f->a, second);
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->state, HEAL_TOLD_FRESH);
    lie(f, &message);
    message.vertex[0].state[17]++;
    check_refused(f, &message);
}

/* When the next tick comes anybody can guess: what is told of it before is looked at then by nobody. */
static void a_tick_that_is_to_come_has_no_answer(void **state) {
    struct pair *f = *state;
    struct heal_message message;

    lie(f, &message);
    message.vertex[0].state[63] = -1;
    message.vertex[0].heard = (uint32_t)((f->a.world.now + second) / (100 * HEAL_US_PER_MS)) + 1;
    pair_hear(&f->a, &message);
    pair_tick(&f->a, second);
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->tick, message.vertex[0].heard);
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->state, HEAL_TOLD_NONE);
}

static void inputs_are_cut_where_every_honest_ones_are(void **state) {
    struct pair *f = *state;
    struct heal_message message;
    unsigned least = 0;

    for (int i = 0; i < HEAL_FEATURES; i++)
        f->b.port[PAIR_LINK].features.value[i] = -1e9F;
    lie(f, &message);
    pair_hear(&f->a, &message);
    pair_tick(&f->a, second);
    int32_t honest = pair_judged(&f->a, PAIR_LINK)->logit;
    lie(f, &message);
    for (int i = 0; i < HEAL_FEATURES; i++) {
        bool is_least = message.vertex[0].input[i] == -INT8_MAX;

        least += is_least;
        message.vertex[0].input[i] = is_least ? INT8_MIN : message.vertex[0].input[i];
    }
    assert_true(least > 3);
    pair_hear(&f->a, &message);
    pair_tick(&f->a, second);
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->state, HEAL_TOLD_FRESH);
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->logit, honest);
}

static void a_stranger_does_not_speak_for_the_other_end(void **state) {
    struct pair *f = *state;
    struct heal_message message;

    lie(f, &message);
    message.from = heal_node_id_of("c");
    uint32_t before = pair_judged(&f->a, PAIR_LINK)->lacked[HEAL_TOLD_REFUSED];
    pair_hear(&f->a, &message);
    pair_tick(&f->a, second);
    assert_int_equal(pair_judged(&f->a, PAIR_LINK)->lacked[HEAL_TOLD_REFUSED], before + 1);
    assert_int_not_equal(pair_judged(&f->a, PAIR_LINK)->state, HEAL_TOLD_FRESH);
    assert_int_not_equal(pair_judged(&f->a, PAIR_LINK)->input, HEAL_TOLD_FRESH);
}

static void tell_anything(struct pair *f, struct heal_random *random, struct heal_message *message) {
    struct heal_message_vertex *vertex = &message->vertex[0];

    for (unsigned i = 0; i < HEAL_FEATURES; i++)
        vertex->input[i] = (int8_t)heal_random_next(random);
    for (unsigned i = 0; i < HEAL_STATE_MAX; i++)
        if (heal_random_next(random) % 3 != 0)
            vertex->state[i] = (int8_t)(heal_random_next(random) % 20);
    pair_hear(&f->a, message);
}

/* Whatever b tells of its end, honestly or not: what a says of its ports stays where a says that it stays,
 * what it says alone stays as it is, and so does all that it tells others. */
static void a_liar_goes_so_far_and_no_farther(void **state) {
    struct pair *f = *state;
    struct heal_random random;
    struct heal_message message;
    struct heal_message_vertex honest[PAIR_PORTS], told;
    unsigned used = 0, moved = 0;

    heal_inference_set_threshold(f->a.inference,
                                 INT32_MIN); /* all are sick, so that it says how far it goes */
    heal_random_init(&random, 3);
    for (unsigned i = 0; i < 200; i++) {
        lie(f, &message);
        f->a.world.now += second;
        for (unsigned p = 1; p < PAIR_PORTS; p++)
            assert_true(heal_inference_tell(f->a.inference, &f->a.port[p], &honest[p]));
        const struct heal_judgement before = *pair_judged(&f->a, PAIR_LINK);
        tell_anything(f, &random, &message);
        heal_inference_tick(f->a.inference, &f->a.world);
        const struct heal_judgement *now = pair_judged(&f->a, PAIR_LINK);
        assert_in_range(now->logit + (1 << 30), now->sway_low + (1 << 30), now->sway_high + (1 << 30));
        assert_int_equal(now->alone, before.alone);
        if (now->state == HEAL_TOLD_FRESH) /* nothing else is another: a had said before how far it goes */
            assert_in_range(now->logit + (1 << 30), before.sway_low + (1 << 30),
                            before.sway_high + (1 << 30));
        used += now->state == HEAL_TOLD_FRESH;
        moved += now->logit != before.logit;
        for (unsigned p = 1; p < PAIR_PORTS; p++) {
            assert_true(heal_inference_tell(f->a.inference, &f->a.port[p], &told));
            assert_memory_equal(told.state, honest[p].state, HEAL_STATE_MAX);
        }
    }
    print_message("    %u lies of 200 passed as a state, %u moved a verdict\n", used, moved);
    assert_true(moved > 150);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(models_that_cannot_be_told_are_refused, pair_set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_told_before_the_first_tick, pair_set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown(ticks_are_no_faster_than_a_second, pair_set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown(strangers_are_no_vertices, pair_set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown(a_port_that_is_gone_has_no_verdict, pair_set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown(a_port_in_anothers_place_keeps_its_verdict, pair_set_up,
                                        pair_tear_down),
        cmocka_unit_test_setup_teardown(a_state_answers_inputs_that_were_told, pair_set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown(what_is_old_is_left_out, pair_set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown(an_answer_to_long_ago_is_late, pair_set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown(there_is_no_state_of_what_is_old, pair_set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown(another_models_numbers_mean_nothing, pair_set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown(one_of_two_models_is_found, pair_set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown(messages_may_overtake_each_other, pair_set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown(a_neighbour_that_has_booted_is_heard_again, pair_set_up,
                                        pair_tear_down),
        cmocka_unit_test_setup_teardown(two_ticks_of_one_neighbour_make_no_whole, pair_set_up,
                                        pair_tear_down),
        cmocka_unit_test_setup_teardown(sick_is_who_was_not_well_for_long_enough, pair_set_up,
                                        pair_tear_down),
        cmocka_unit_test_setup_teardown(without_the_other_ends_state_nothing_is_whole, pair_set_up,
                                        pair_tear_down),
        cmocka_unit_test_setup_teardown(other_features_are_not_taken, pair_set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown(no_state_is_below_zero, pair_set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown(a_state_has_its_models_width, pair_set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown(a_state_that_cannot_be_is_made_up, pair_set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown(a_tick_that_is_to_come_has_no_answer, pair_set_up, pair_tear_down),
        cmocka_unit_test_setup_teardown(inputs_are_cut_where_every_honest_ones_are, pair_set_up,
                                        pair_tear_down),
        cmocka_unit_test_setup_teardown(a_stranger_does_not_speak_for_the_other_end, pair_set_up,
                                        pair_tear_down),
        cmocka_unit_test_setup_teardown(a_liar_goes_so_far_and_no_farther, pair_set_up, pair_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
