/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* A course on an easy set: the same for everybody, judged on what it has not seen; its report and picture. */
#include "toy_set.h"
#include "training/model.h"
#include "training/sheet.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RUNS = 10, GRAPHS = 16 };

static struct heal_course_settings settings_of(unsigned epochs) {
    struct heal_course_settings settings;

    heal_course_settings_init(&settings);
    settings.hidden = 16;
    settings.recipe.epochs = epochs;
    settings.recipe.adamw.rate = 2e-2F;
    return settings;
}

static void take(const struct heal_dataset *set, const struct heal_course_settings *settings,
                 struct heal_course *ret_course) {
    struct heal_error error = {0};

    if (heal_course_take(set->graphs, settings, NULL, ret_course, &error) < 0)
        fail_msg("%s", error.what);
}

static void it_learns_and_is_judged_on_what_it_has_not_seen(void **state) {
    const struct heal_course_settings settings = settings_of(30);
    struct heal_comparison test;
    struct heal_dataset set, other;
    struct heal_course course;
    struct heal_answers answers;

    (void)state;
    toy_set_make(RUNS, GRAPHS, 1, &set);
    toy_set_make(3, GRAPHS, 2, &other);
    take(&set, &settings, &course);
    assert_int_equal(course.split.by, HEAL_SPLIT_RUN);
    assert_int_equal(course.graphs_learnt, 8 * GRAPHS);
    assert_int_equal(course.kept.vertices, 2 * GRAPHS * TOY_VERTICES);
    assert_true(course.best >= 1 && course.best <= course.epochs && course.epochs <= 30);
    for (unsigned i = 0; i < course.epochs; i++)
        assert_true(course.point[course.best - 1].kept <= course.point[i].kept);

    const struct heal_asked asked = heal_course_asked(&course);
    uint32_t sample[3 * GRAPHS];
    for (uint32_t i = 0; i < 3 * GRAPHS; i++)
        sample[i] = i;
    assert_int_equal(
        heal_answers_ask(&asked, other.graphs, &(struct heal_gnn_choice){sample, 3 * GRAPHS}, &answers), 0);
    heal_comparison_make(&answers, &asked, course.threshold.logit, &test);
    heal_answers_deinit(&answers);
    print_message("    F1 %.3f kept, %.3f elsewhere, %zu flips\n",
                  heal_gnn_score_f1(&course.kept.integer.score), heal_gnn_score_f1(&test.integer.score),
                  test.flips);
    assert_true(heal_gnn_score_f1(&course.kept.integer.score) > 0.9);
    assert_true(heal_gnn_score_f1(&test.integer.score) > 0.9);
    heal_course_deinit(&course);
    heal_dataset_deinit(&set);
    heal_dataset_deinit(&other);
}

static void assert_same(const struct heal_course *a, const struct heal_course *b) {
    struct heal_gnn_layout layout;

    heal_gnn_layout_make(&a->shape, &layout);
    assert_memory_equal(a->weights, b->weights, layout.weights * sizeof *a->weights);
    assert_memory_equal(a->network, b->network, sizeof *a->network);
    assert_int_equal(a->threshold.logit, b->threshold.logit);
    assert_int_equal(a->epochs, b->epochs);
}

static void the_same_seed_gives_the_same_whatever_the_threads(void **state) {
    struct heal_course_settings settings = settings_of(3);
    struct heal_course one, many, other;
    struct heal_dataset set;

    (void)state;
    toy_set_make(RUNS, GRAPHS, 1, &set);
    settings.threads = 1;
    take(&set, &settings, &one);
    settings.threads = 5;
    take(&set, &settings, &many);
    assert_same(&one, &many);
    settings.recipe.seed = 2;
    take(&set, &settings, &other);
    assert_memory_not_equal(one.weights, other.weights, 100 * sizeof *one.weights);
    heal_course_deinit(&one);
    heal_course_deinit(&many);
    heal_course_deinit(&other);
    heal_dataset_deinit(&set);
}

static void it_ends_where_it_gets_no_better(void **state) {
    struct heal_course_settings settings = settings_of(400);
    struct heal_dataset set;
    struct heal_course course;

    (void)state;
    toy_set_make(2, 4, 1, &set); /* four graphs are soon known by heart */
    settings.split.pieces = settings.split.piece = 2;
    settings.recipe.patience = 10;
    take(&set, &settings, &course);
    assert_int_equal(course.epochs, course.best + 10);
    heal_course_deinit(&course);
    heal_dataset_deinit(&set);
}

/* The second head: what is wrong with a graph, learnt, told in both, and kept in the model. */
static void kinds_of_graphs_are_learnt_too(void **state) {
    struct heal_course_settings settings = settings_of(30);
    struct heal_weights single, integer;
    struct heal_dataset set;
    struct heal_course course;

    (void)state;
    toy_set_make(RUNS, GRAPHS, 1, &set);
    settings.kinds = 1;
    settings.recipe.balance.graph = 1;
    take(&set, &settings, &course);
    assert_int_equal(course.kept.classes, 2);
    print_message("    %u of %zu graphs are told right\n", (unsigned)course.kept.integer_classes.right,
                  course.kept.graphs);
    assert_true(course.kept.integer_classes.right > course.kept.graphs * 9 / 10);
    assert_true(course.kept.class_flips <= 1);
    const struct heal_gnn_score *sick = &course.kept.single_classes.of[1];
    assert_int_equal(sick->right_alarms + sick->right_silences, course.kept.single_classes.right);

    const struct heal_course_origin origin = {.made = "by hand", .data = "", .kept_set = &set};
    assert_int_equal(heal_course_models(&course, &origin, &single, &integer, NULL), 0);
    assert_string_equal(integer.card.kind[0], "odd");
    assert_float_equal(*heal_card_figure(&integer.card, "class-accuracy"),
                       (float)course.kept.integer_classes.right / (float)course.kept.graphs, 1e-6);
    assert_null(heal_card_figure(&integer.card, "test.f1"));
    heal_weights_deinit(&single);
    heal_weights_deinit(&integer);
    heal_course_deinit(&course);
    heal_dataset_deinit(&set);
}

/* A model of a course says of any set what the course's network says. */
static void a_model_is_the_courses_network(void **state) {
    const struct heal_course_settings settings = settings_of(4);
    struct heal_comparison by_course, by_model;
    struct heal_weights single, integer;
    struct heal_dataset set;
    struct heal_course course;
    int32_t threshold;

    (void)state;
    toy_set_make(RUNS, GRAPHS, 1, &set);
    take(&set, &settings, &course);
    struct heal_asked asked = heal_course_asked(&course);
    assert_int_equal(heal_comparison_ask(&asked, set.graphs, course.threshold.logit, &by_course), 0);
    const struct heal_course_origin origin = {.made = "", .data = "", .kept_set = &set, .test = &by_course};
    assert_int_equal(heal_course_models(&course, &origin, &single, &integer, NULL), 0);
    asked = heal_model_asked(&integer, &threshold);
    assert_int_equal(threshold, course.threshold.logit);
    assert_int_equal(heal_comparison_ask(&asked, set.graphs, threshold, &by_model), 0);
    assert_memory_equal(&by_model.integer, &by_course.integer, sizeof by_model.integer);
    assert_false(by_model.single.known);
    assert_float_equal(*heal_card_figure(&single.card, "test.f1"), heal_gnn_score_f1(&by_course.single.score),
                       1e-6);
    heal_weights_deinit(&single);
    heal_weights_deinit(&integer);
    heal_course_deinit(&course);
    heal_dataset_deinit(&set);
}

static bool stop_at_five(void *context, uint32_t batch, uint32_t batches) {
    unsigned *asked = context;

    assert_int_equal(batch, (*asked)++);
    assert_int_equal(batches, 3 * RUNS * GRAPHS * 4 / 5 / 32);
    return batch < 5;
}

static void whoever_looks_on_can_end_it(void **state) {
    const struct heal_course_settings settings = settings_of(3);
    unsigned asked = 0;
    const struct heal_course_onlooker onlooker = {.goes_on = stop_at_five, .context = &asked};
    struct heal_dataset set;
    struct heal_course course;

    (void)state;
    toy_set_make(RUNS, GRAPHS, 1, &set);
    assert_int_equal(heal_course_take(set.graphs, &settings, &onlooker, &course, NULL), -ECANCELED);
    assert_int_equal(asked, 6);
    heal_dataset_deinit(&set);
}

static void refuses(const struct heal_dataset *set, const struct heal_course_settings *settings,
                    const char *words) {
    struct heal_error error = {0};
    struct heal_course course;

    assert_int_equal(heal_course_take(set->graphs, settings, NULL, &course, &error), -EINVAL);
    if (!strstr(error.what, words))
        fail_msg("'%s' has not '%s'", error.what, words);
}

static void what_nothing_can_be_learnt_from_is_refused(void **state) {
    struct heal_course_settings settings = settings_of(1);
    struct heal_dataset set;

    (void)state;
    toy_set_make(RUNS, 2, 1, &set);
    settings.recipe.dropout_of_256 = 256;
    refuses(&set, &settings, "left out: 256, 38 and 38 of 256");
    settings = settings_of(0);
    refuses(&set, &settings, "no epochs");
    settings = settings_of(1);
    settings.hidden = 7;
    refuses(&set, &settings, "a hidden width of 7");
    settings.hidden = 16;
    settings.rate = 0.001F;
    refuses(&set, &settings, "a rate of 0.001 needs 999");
    heal_dataset_deinit(&set);

    settings = settings_of(1);
    toy_set_make(0, 0, 1, &set);
    for (uint32_t run = 0; run < 5; run++)
        toy_set_add(&set, run, 0, run < 4 ? HEAL_GNN_SICK : HEAL_GNN_UNKNOWN);
    refuses(&set, &settings, "of none of their 8 vertices the truth is known");
    settings.split.piece = 1;
    refuses(&set, &settings, "8 sick and 0 healthy vertices to validate on");
    heal_dataset_deinit(&set);
}

/* ---- what is said of it ---- */

static char *draw(const struct heal_sheet *sheet) {
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    heal_sheet_write(sheet, out);
    fclose(out);
    return text;
}

static void it_is_reported_and_drawn(void **state) {
    const struct heal_course_settings settings = settings_of(4);
    struct heal_dataset set;
    struct heal_course course;

    (void)state;
    toy_set_make(RUNS, GRAPHS, 1, &set);
    take(&set, &settings, &course);
    struct heal_sheet sheet = {
        .title = "<rings>", .course = &course, .tried = {{"kept", &set, &course.kept}}, .sets = 1};
    json_t *report = heal_report_course(&course), *tried = heal_report_tried(&sheet.tried[0]);
    assert_non_null(report);
    assert_non_null(tried);
    assert_int_equal(json_array_size(json_object_get(report, "curve")), 4);
    const json_t *int8 = json_object_get(tried, "int8"), *kinds = json_object_get(int8, "by_kind");
    assert_float_equal(json_number_value(json_object_get(int8, "f1")),
                       heal_gnn_score_f1(&course.kept.integer.score), 1e-12);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(kinds, "odd"), "sick")) +
                         json_integer_value(json_object_get(json_object_get(kinds, "even"), "sick")),
                     course.kept.sick);
    assert_int_equal(json_array_size(json_object_get(json_object_get(int8, "calibration"), "bins")), 10);
    json_decref(report);
    json_decref(tried);

    char *text = draw(&sheet);
    assert_non_null(strstr(text, "&lt;rings&gt;"));
    assert_non_null(strstr(text, "learnt from 128 graphs, validated on 32 (piece 5 of 5 by run)"));
    assert_non_null(strstr(text, ">even<"));
    assert_null(strstr(text, "nan"));
    free(text);
    sheet.course = NULL; /* as of a model's file */
    text = draw(&sheet);
    assert_null(strstr(text, "polyline"));
    free(text);
    heal_course_deinit(&course);
    heal_dataset_deinit(&set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_learns_and_is_judged_on_what_it_has_not_seen),
        cmocka_unit_test(the_same_seed_gives_the_same_whatever_the_threads),
        cmocka_unit_test(it_ends_where_it_gets_no_better),
        cmocka_unit_test(kinds_of_graphs_are_learnt_too),
        cmocka_unit_test(a_model_is_the_courses_network),
        cmocka_unit_test(whoever_looks_on_can_end_it),
        cmocka_unit_test(what_nothing_can_be_learnt_from_is_refused),
        cmocka_unit_test(it_is_reported_and_drawn),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
