/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Thresholds and figures, against what can be counted by hand. */
#include "toy_set.h"
#include "training/figures.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MANY = 999 };

static const struct heal_gnn_shape shape;
static const float weights[1];
static const struct heal_asked both = {
    .shape = &shape, .weights = weights, .network = (const void *)weights /* nobody looks into it */};

static struct heal_answer answer_of(int32_t logit, bool sick, uint8_t kind) {
    return (struct heal_answer){
        .logit = (float)logit / HEAL_GNN_LOGIT_ONE, .integer = logit, .sick = sick, .kind = kind};
}

static void the_best_f1_is_chosen_between_two_logits(void **state) {
    struct heal_answer answer[] = {answer_of(-900, false, 0), answer_of(-10, true, 1),
                                   answer_of(-13, false, 0), answer_of(500, true, 0),
                                   answer_of(-2000, true, 0)};
    const struct heal_answers answers = {.graphs = 1, .count = 5, .sick = 3, .answer = answer};
    struct heal_threshold threshold;
    struct heal_comparison made;

    (void)state;
    assert_int_equal(heal_threshold_choose(&answers, 0, &threshold, NULL), 0);
    assert_int_equal(threshold.logit, -12); /* of 2 of 3 sick ones, none wrong: F1 .8; with all, .75 */
    assert_false(threshold.bound.known);
    answer[3].logit = -1; /* single precision says otherwise than the integers */
    heal_comparison_make(&answers, &both, threshold.logit, &made);
    assert_int_equal(made.integer.score.right_alarms, 2);
    assert_int_equal(made.integer.score.missed, 1);
    assert_int_equal(made.integer.score.right_silences, 2);
    assert_int_equal(made.single.score.right_alarms, 1);
    assert_int_equal(made.flips, 1);
    assert_int_equal(made.integer.found[0], 1);
    assert_int_equal(made.integer.missed[0], 1);
    assert_int_equal(made.integer.found[1], 1);
    assert_int_equal(made.integer.calibration.bin[4].count, 2); /* -10 and -13: nearly even */
    assert_int_equal(made.integer.calibration.bin[4].sick, 1);
    assert_int_equal(made.vertices, 5);
}

static void only_who_was_asked_has_figures(void **state) {
    struct heal_answer answer[] = {answer_of(5, true, 0), answer_of(-5, false, 0)};
    const struct heal_answers answers = {.count = 2, .sick = 1, .answer = answer};
    struct heal_asked asked = both;
    struct heal_comparison made;

    (void)state;
    answer[0].logit = answer[1].logit = NAN;
    asked.weights = NULL;
    heal_comparison_make(&answers, &asked, 0, &made);
    assert_true(!made.single.known && made.integer.known);
    assert_int_equal(made.single.score.missed + made.single.score.right_silences, 0);
    assert_int_equal(made.integer.score.right_alarms, 1);
    assert_int_equal(made.flips, 0);
}

/* Where all are to be called, the threshold is below the least. */
static void all_may_be_sick_as_far_as_it_goes(void **state) {
    struct heal_answer answer[] = {answer_of(-100, true, 0), answer_of(-50, false, 0)};
    const struct heal_answers answers = {.count = 2, .sick = 1, .answer = answer};
    struct heal_threshold threshold;

    (void)state;
    assert_int_equal(heal_threshold_choose(&answers, 0, &threshold, NULL), 0);
    assert_int_equal(threshold.logit, -101);
}

/* Healthy logits 1 to 999: of 1,000 that could be next, 5 may lie above the 995th. */
static void a_rate_of_false_alarms_is_promised(void **state) {
    struct heal_answer answer[MANY + 1];
    const struct heal_answers answers = {.count = MANY + 1, .sick = 1, .answer = answer};
    struct heal_threshold threshold;
    struct heal_comparison made;

    (void)state;
    for (int i = 0; i < MANY; i++)
        answer[i] = answer_of(MANY - i, false, 0);
    answer[MANY] = answer_of(5000, true, 0);
    assert_int_equal(heal_threshold_choose(&answers, 0.005F, &threshold, NULL), 0);
    assert_int_equal(threshold.logit, 995);
    assert_true(threshold.bound.known);
    assert_int_equal(threshold.bound.scores, MANY);
    assert_true(threshold.bound.realised.low < 0.005F && threshold.bound.realised.high > 0.005F);
    heal_comparison_make(&answers, &both, threshold.logit, &made);
    assert_int_equal(made.integer.score.false_alarms, 4);
}

static void refuses(size_t count, size_t sick, float rate, const char *words) {
    struct heal_answer *answer = calloc(count + 1, sizeof *answer);
    const struct heal_answers answers = {
        .graphs = 2, .count = count, .sick = sick, .unknown = 9, .answer = answer};
    struct heal_threshold threshold;
    struct heal_error error = {0};

    for (size_t i = 0; i < sick; i++)
        answer[i].sick = true;
    assert_int_equal(heal_threshold_choose(&answers, rate, &threshold, &error), -EINVAL);
    if (!strstr(error.what, words))
        fail_msg("'%s' has not '%s'", error.what, words);
    free(answer);
}

static void what_no_threshold_can_be_chosen_by_is_refused(void **state) {
    (void)state;
    refuses(0, 0, 0, "2 graphs to validate on, and of none of their 9 vertices the truth is known");
    refuses(5, 0, 0, "0 sick and 5 healthy vertices to validate on: both are needed");
    refuses(5, 5, 0, "5 sick and 0 healthy");
    refuses(199, 1, 0.005F, "198 healthy vertices to validate on: a rate of 0.005 needs 199");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_f1_is_chosen_between_two_logits),
        cmocka_unit_test(only_who_was_asked_has_figures),
        cmocka_unit_test(all_may_be_sick_as_far_as_it_goes),
        cmocka_unit_test(a_rate_of_false_alarms_is_promised),
        cmocka_unit_test(what_no_threshold_can_be_chosen_by_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
