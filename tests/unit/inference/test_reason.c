/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Why a verdict is what it is: the shares are of the very verdict that was passed, whatever it rests on, and
 * sum to what it differs from that of a port with nothing measured, and of one without neighbours. */
#include "gnn/vicinity.h"
#include "inference/reason.h"
#include "pair.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const heal_us second = HEAL_US_PER_S;

static struct heal_reason reason_of(struct pair_node *node, unsigned port) {
    struct heal_reason reason;

    assert_int_equal(heal_inference_reason(node->inference, &node->world, &node->port[port].key, &reason), 0);
    assert_int_equal(reason.known, 1);
    return reason;
}

/* Single precision has 24 bits, and logits here less than 17. */
static void check_sums(const struct heal_reason *reason) {
    double features = 0, neighbours = (double)reason->others;

    for (unsigned i = 0; i < HEAL_FEATURES; i++)
        features += (double)reason->share[i];
    for (unsigned i = 0; i < reason->shown; i++)
        neighbours += (double)reason->neighbour[i].share;
    assert_true(fabs(features - ((double)reason->logit - reason->unmeasured)) < 0.05);
    assert_true(fabs(neighbours - ((double)reason->logit - reason->alone)) < 0.05);
}

/* Words that came since the tick are no part of what was judged. */
static void run(struct pair *pair, unsigned times) {
    pair_run(pair, times);
    pair_tick(&pair->a, second);
    pair_tick(&pair->b, second);
}

/* All ports of a node. */
static void check(struct pair_node *node) {
    for (unsigned i = 0; i < node->world.ports; i++) {
        struct heal_reason reason = reason_of(node, i);

        assert_int_equal(reason.logit, pair_judged(node, i)->logit);
        check_sums(&reason);
    }
}

static void shares_are_of_the_verdict_and_sum_to_it(void **state) {
    struct pair *pair = *state;
    unsigned other_ends = 0;

    run(pair, 4);
    assert_int_equal(pair_judged(&pair->a, PAIR_LINK)->state, HEAL_TOLD_FRESH);
    check(&pair->a);
    check(&pair->b);
    struct heal_reason reason = reason_of(&pair->a, PAIR_LINK);
    assert_int_equal(reason.shown, PAIR_PORTS); /* the three other ports and the other end */
    assert_true(reason.logit != reason.unmeasured && reason.logit != reason.alone && reason.others == 0);
    for (unsigned i = 0; i < reason.shown; i++) {
        other_ends += reason.neighbour[i].other_end;
        assert_int_equal(reason.neighbour[i].node == pair->a.port[PAIR_LINK].neighbour,
                         reason.neighbour[i].other_end);
        assert_true(reason.neighbour[i].error == 0);
        assert_true(i == 0 || fabsf(reason.neighbour[i].share) <= fabsf(reason.neighbour[i - 1].share));
    }
    assert_int_equal(other_ends, 1);
}

/* What is measured now is not what an answer to an earlier tick rests on. */
static void it_shows_the_features_that_were_judged(void **state) {
    struct pair *pair = *state;
    float then = pair->a.port[PAIR_LINK].features.value[HEAL_FEATURE_LOSS];

    pair_run(pair, 3);
    pair_set_features(&pair->a, 99);
    pair_tick(&pair->a, second);
    assert_int_equal(pair_judged(&pair->a, PAIR_LINK)->state, HEAL_TOLD_FRESH);
    struct heal_reason reason = reason_of(&pair->a, PAIR_LINK);
    assert_true(reason.seen.value[HEAL_FEATURE_LOSS] == then);
    check(&pair->a);
}

static void what_is_missing_has_no_share(void **state) {
    struct pair *pair = *state;

    for (unsigned i = 0; i < PAIR_PORTS; i++)
        pair->a.port[i].features.valid = 0xff & ~(1u << HEAL_FEATURE_SNR | 1u << HEAL_FEATURE_CPU);
    run(pair, 3);
    struct heal_reason reason = reason_of(&pair->a, PAIR_LINK);
    assert_true(reason.share[HEAL_FEATURE_SNR] == 0 && reason.share[HEAL_FEATURE_CPU] == 0);
    assert_true(reason.share[HEAL_FEATURE_RSSI] != 0);
    check(&pair->a);
    pair->a.port[PAIR_LINK].features.valid = 0;
    run(pair, 3);
    reason = reason_of(&pair->a, PAIR_LINK);
    assert_int_equal(reason.logit, reason.unmeasured);
}

/* The word of the other end is late, then old, and before all that there was none. */
static void they_are_of_what_is_left_of_it(void **state) {
    struct pair *pair = *state;

    pair_tick(&pair->a, second);
    pair_tick(&pair->b, second);
    assert_int_equal(pair_judged(&pair->a, PAIR_LINK)->state, HEAL_TOLD_NONE);
    check(&pair->a);
    pair_tell(&pair->b, &pair->a);
    pair_tick(&pair->a, second);
    assert_int_equal(pair_judged(&pair->a, PAIR_LINK)->input, HEAL_TOLD_FRESH);
    assert_int_equal(pair_judged(&pair->a, PAIR_LINK)->state, HEAL_TOLD_NONE);
    check(&pair->a);
    run(pair, 3);
    for (unsigned i = 0; i < 5; i++) {
        pair_tick(&pair->a, second);
        check(&pair->a);
    }
    assert_int_equal(pair_judged(&pair->a, PAIR_LINK)->state, HEAL_TOLD_STALE);
    pair->a.port[PAIR_LINK].peer_at = pair->a.world.now + second;
    pair->a.port[PAIR_LINK].peer.features = pair->b.port[PAIR_LINK].features;
    pair_tick(&pair->a, second);
    assert_int_equal(pair_judged(&pair->a, PAIR_LINK)->input, HEAL_TOLD_PLAIN);
    check(&pair->a);
}

static void one_alone_has_no_neighbours(void **state) {
    struct pair *pair = *state;

    pair->a.world.ports = 1;
    pair_tick(&pair->a, second);
    struct heal_reason reason = reason_of(&pair->a, PAIR_LINK);
    assert_int_equal(reason.shown, 0);
    assert_int_equal(reason.alone, reason.logit);
    check(&pair->a);
}

/* With eight neighbours all coalitions are asked for; beyond that orders are drawn, and the error is told. */
static void many_neighbours_are_sampled_and_it_says_how_well(void **state) {
    struct pair *pair = *state;

    pair->a.world.ports = HEAL_GNN_NEIGHBOURS_EXACT;
    run(pair, 3);
    struct heal_reason exact = reason_of(&pair->a, PAIR_LINK);
    assert_int_equal(exact.shown, HEAL_GNN_NEIGHBOURS_EXACT);
    for (unsigned i = 0; i < exact.shown; i++)
        assert_true(exact.neighbour[i].error == 0);
    pair->a.world.ports = PAIR_PORTS_MAX;
    run(pair, 3);
    struct heal_reason sampled = reason_of(&pair->a, PAIR_LINK);
    assert_int_equal(sampled.shown, HEAL_REASON_NEIGHBOURS_MAX);
    assert_true(sampled.neighbour[0].error > 0 &&
                sampled.neighbour[0].error < fabsf(sampled.neighbour[0].share));
    assert_true(sampled.others != 0);
    check(&pair->a);
    struct heal_reason again = reason_of(&pair->a, PAIR_LINK);
    for (unsigned i = 0; i < again.shown; i++)
        assert_true(again.neighbour[i].share == sampled.neighbour[i].share);
}

static void to_look_changes_nothing(void **state) {
    struct pair *pair = *state, *other;
    void *another = NULL;

    assert_int_equal(pair_set_up(&another), 0);
    other = another;
    for (unsigned i = 0; i < 4; i++) {
        run(pair, 1);
        run(other, 1);
        check(&pair->a);
        for (unsigned port = 0; port < PAIR_PORTS; port++)
            assert_int_equal(pair_judged(&pair->a, port)->logit, pair_judged(&other->a, port)->logit);
    }
    pair_tear_down(&another);
}

static void what_was_not_judged_has_no_reason(void **state) {
    struct pair *pair = *state;
    struct heal_reason reason = {.at = 7};

    assert_int_equal(heal_inference_reason(pair->a.inference, &pair->a.world, &pair->a.port[1].key, &reason),
                     -ENOENT);
    run(pair, 2);
    pair->a.world.ports = 1; /* it went away after the tick */
    assert_int_equal(heal_inference_reason(pair->a.inference, &pair->a.world, &pair->a.port[1].key, &reason),
                     -ENOENT);
    assert_int_equal(reason.at, 7);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, pair_set_up, pair_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(shares_are_of_the_verdict_and_sum_to_it),
        TEST(it_shows_the_features_that_were_judged),
        TEST(what_is_missing_has_no_share),
        TEST(they_are_of_what_is_left_of_it),
        TEST(one_alone_has_no_neighbours),
        TEST(many_neighbours_are_sampled_and_it_says_how_well),
        TEST(to_look_changes_nothing),
        TEST(what_was_not_judged_has_no_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
