/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What is kept has no run, or no time, in common with what is learnt from. */
#include "toy_set.h"
#include "training/split.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct heal_split_plan plan_of(enum heal_split_by by, unsigned piece, unsigned pieces) {
    return (struct heal_split_plan){.by = by, .pieces = pieces, .piece = piece, .gap = HEAL_SPLIT_GAP_AUTO};
}

static bool has(const struct heal_gnn_choice *choice, uint32_t sample) {
    for (size_t i = 0; i < choice->count; i++)
        if (choice->sample[i] == sample)
            return true;
    return false;
}

static void runs_are_kept_whole_and_each_once(void **state) {
    unsigned kept[35] = {0};
    struct heal_dataset set;

    (void)state;
    toy_set_make(7, 5, 1, &set);
    for (unsigned piece = 1; piece <= 3; piece++) {
        const struct heal_split_plan plan = plan_of(HEAL_SPLIT_AUTO, piece, 3);
        struct heal_split split;

        assert_int_equal(heal_split_make(set.graphs, &plan, &split, NULL), 0);
        assert_int_equal(split.by, HEAL_SPLIT_RUN);
        assert_int_equal(split.runs, 7);
        assert_int_equal(split.kept.count, 5 * split.runs_kept);
        assert_int_equal(split.kept.count + split.learnt.count, 35);
        for (size_t i = 0; i < split.kept.count; i++) {
            uint32_t run = heal_gnn_dataset_sample(set.graphs, split.kept.sample[i]).run;

            kept[split.kept.sample[i]]++;
            for (size_t j = 0; j < split.learnt.count; j++)
                assert_int_not_equal(heal_gnn_dataset_sample(set.graphs, split.learnt.sample[j]).run, run);
        }
        heal_split_deinit(&split);
    }
    for (unsigned i = 0; i < 35; i++)
        assert_int_equal(kept[i], 1);
    heal_dataset_deinit(&set);
}

/* Two runs, of which each has a clock of its own: the middle of both is kept, and a gap around it. */
static void a_piece_of_each_runs_time_is_kept_apart(void **state) {
    struct heal_split_plan plan = plan_of(HEAL_SPLIT_AUTO, 2, 4);
    struct heal_dataset set;
    struct heal_split split;

    (void)state;
    toy_set_make(2, 40, 1, &set); /* at 0, 10 … 390: a piece is 97 or 98 long */
    plan.gap = 25;
    assert_int_equal(heal_split_make(set.graphs, &plan, &split, NULL), 0);
    assert_int_equal(split.by, HEAL_SPLIT_TIME);
    assert_int_equal(split.kept.count, 2 * 10);   /* 100 to 190 */
    assert_int_equal(split.learnt.count, 2 * 26); /* to 70, and from 220 on */
    assert_int_equal(split.left_out, 2 * 4);
    for (uint32_t run = 0; run < 2; run++) {
        assert_true(has(&split.learnt, run * 40 + 7) && !has(&split.learnt, run * 40 + 8));
        assert_true(has(&split.kept, run * 40 + 10) && has(&split.kept, run * 40 + 19));
        assert_true(has(&split.learnt, run * 40 + 22) && !has(&split.learnt, run * 40 + 21));
    }
    heal_split_deinit(&split);
    plan.gap = 0;
    assert_int_equal(heal_split_make(set.graphs, &plan, &split, NULL), 0);
    assert_int_equal(split.left_out, 0);
    heal_split_deinit(&split);
    heal_dataset_deinit(&set);
}

static void times_may_lie_anywhere(void **state) {
    static const int64_t most = INT64_C(1) << 53;
    struct heal_split_plan plan = plan_of(HEAL_SPLIT_TIME, 100, 100);
    struct heal_dataset set;
    struct heal_split split;

    (void)state;
    toy_set_make(0, 0, 1, &set);
    toy_set_add(&set, 7, -most, HEAL_GNN_HEALTHY);
    toy_set_add(&set, 7, 0, HEAL_GNN_HEALTHY);
    toy_set_add(&set, 7, most, HEAL_GNN_HEALTHY);
    assert_int_equal(heal_split_make(set.graphs, &plan, &split, NULL), 0);
    assert_int_equal(split.learnt.count, 2);
    assert_int_equal(split.kept.sample[0], 2);
    heal_split_deinit(&split);
    heal_dataset_deinit(&set);
}

static void refuses(const struct heal_dataset *set, struct heal_split_plan plan, const char *words) {
    struct heal_error error = {0};
    struct heal_split split;

    assert_int_equal(heal_split_make(set->graphs, &plan, &split, &error), -EINVAL);
    if (!strstr(error.what, words))
        fail_msg("'%s' has not '%s'", error.what, words);
}

static void what_cannot_be_cut_is_refused(void **state) {
    struct heal_split_plan bad_gap = plan_of(HEAL_SPLIT_TIME, 1, 2);
    struct heal_dataset set;

    (void)state;
    toy_set_make(1, 1, 1, &set);
    refuses(&set, plan_of(HEAL_SPLIT_RUN, 0, 5), "piece 0 of 5");
    refuses(&set, plan_of(HEAL_SPLIT_RUN, 6, 5), "piece 6 of 5");
    refuses(&set, plan_of(HEAL_SPLIT_RUN, 1, 1), "piece 1 of 1");
    refuses(&set, plan_of(HEAL_SPLIT_RUN, 1, 101), "piece 1 of 101");
    refuses(&set, plan_of(HEAL_SPLIT_RUN, 1, 5), "piece 1 leaves none to validate on");
    refuses(&set, plan_of(HEAL_SPLIT_RUN, 5, 5), "piece 5 leaves none to learn from");
    refuses(&set, plan_of(HEAL_SPLIT_TIME, 1, 5), "by time");
    bad_gap.gap = -2;
    refuses(&set, bad_gap, "a gap of -2");
    heal_dataset_deinit(&set);
    toy_set_make(0, 0, 1, &set);
    refuses(&set, plan_of(HEAL_SPLIT_AUTO, 5, 5), "0 graphs of 0 runs");
    heal_dataset_deinit(&set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_are_kept_whole_and_each_once),
        cmocka_unit_test(a_piece_of_each_runs_time_is_kept_apart),
        cmocka_unit_test(times_may_lie_anywhere),
        cmocka_unit_test(what_cannot_be_cut_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
