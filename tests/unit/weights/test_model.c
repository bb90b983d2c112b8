/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The public face: what is learnt is kept, read and judges the same; what makes no sense is refused. */
#include "heal/model.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { VERTICES = 8, GRAPHS = 60 };

static const struct heal_lesson_feature features[] = {
    {"load", false},
    {"age",  true }
};

/* A ring in which one vertex is loaded: it and those beside it are sick. */
static void make_ring(unsigned seed, float feature[2 * VERTICES], struct heal_model_edge edge[VERTICES],
                      uint8_t truth[VERTICES]) {
    for (uint32_t v = 0; v < VERTICES; v++) {
        edge[v] = (struct heal_model_edge){v, (v + 1) % VERTICES};
        feature[2 * v] = v == seed % VERTICES ? 5 : (float)((seed + v) % 3) / 3;
        feature[2 * v + 1] = (seed + v) % 5 == 0 ? NAN : (float)(100 * v);
        uint32_t beyond = (v + VERTICES - seed % VERTICES) % VERTICES;

        truth[v] = beyond <= 1 || beyond == VERTICES - 1 ? HEAL_LESSON_SICK : HEAL_LESSON_HEALTHY;
    }
}

static struct heal_lesson *make_lesson(unsigned graphs) {
    struct heal_lesson *lesson = heal_lesson_new(features, 2);

    assert_non_null(lesson);
    for (unsigned g = 0; g < graphs; g++) {
        float feature[2 * VERTICES];
        struct heal_model_edge edge[VERTICES];
        uint8_t truth[VERTICES];

        make_ring(g, feature, edge, truth);
        const struct heal_model_graph graph = {
            .vertices = VERTICES, .edges = VERTICES, .feature = feature, .edge = edge, .truth = truth};
        assert_int_equal(heal_lesson_add(lesson, &graph, NULL), 0);
    }
    return lesson;
}

static void what_is_learnt_is_kept_and_judges_the_same(void **state) {
    const struct heal_learning how = {.hidden = 16, .epochs = 40, .seed = 2};
    struct heal_lesson *lesson = make_lesson(GRAPHS);
    struct heal_model *model, *again, *read;
    struct heal_model_edge edge[VERTICES];
    float feature[2 * VERTICES];
    uint8_t truth[VERTICES], *bytes, *bytes_again;
    size_t length, length_again;
    unsigned right = 0;

    (void)state;
    assert_int_equal(heal_lesson_learn(lesson, &how, &model, NULL), 0);
    assert_int_equal(heal_lesson_learn(lesson, &how, &again, NULL), 0);
    assert_int_equal(heal_model_encode(model, &bytes, &length), 0);
    assert_int_equal(heal_model_encode(again, &bytes_again, &length_again), 0);
    assert_int_equal(length, length_again);
    assert_memory_equal(bytes, bytes_again, length);
    assert_int_equal(heal_model_decode(bytes, length, &read, NULL), 0);
    assert_int_equal(heal_model_features(read), 2);
    assert_true(heal_model_figure(read, "f1") > 0.5F && heal_model_figure(read, "fpr") < 0.5F);
    assert_true(isnan(heal_model_figure(read, "beauty")));
    make_ring(GRAPHS + 1, feature, edge, truth);
    const struct heal_model_graph graph = {
        .vertices = VERTICES, .edges = VERTICES, .feature = feature, .edge = edge};
    for (uint32_t v = 0; v < VERTICES; v++) {
        struct heal_model_verdict one, other;

        assert_int_equal(heal_model_judge(model, &graph, v, &one, NULL), 0);
        assert_int_equal(heal_model_judge(read, &graph, v, &other, NULL), 0);
        assert_true(one.logit == other.logit && one.sick == other.sick);
        right += one.sick == (truth[v] == HEAL_LESSON_SICK);
    }
    assert_true(right >= VERTICES - 1);
    free(bytes);
    free(bytes_again);
    heal_model_free(model);
    heal_model_free(again);
    heal_model_free(read);
    heal_lesson_free(lesson);
}

static void what_cannot_be_learnt_is_refused(void **state) {
    static const struct heal_lesson_feature unnamed[] = {
        {"a name of more than thirty-one letters", false}
    };
    static const struct heal_lesson_feature none[][2] = {
        {{"", false},    {"b", false}},
        {{"a", false},   {"a", false}},
        {{"a,b", false}, {"c", false}},
        {{"a:b", false}, {"c", false}},
    };
    struct heal_lesson *lesson = make_lesson(1);
    const float feature[4] = {0, 0, 1, INFINITY};
    const struct heal_model_edge loop = {1, 1}, edge = {0, 1};
    const uint8_t truth[2] = {HEAL_LESSON_HEALTHY, HEAL_LESSON_HEALTHY};
    struct heal_model_graph graph = {.vertices = 2, .edges = 1, .feature = feature, .edge = &edge};
    struct heal_model *model = NULL;
    struct heal_error error;

    (void)state;
    assert_null(heal_lesson_new(features, 0));
    assert_null(heal_lesson_new(unnamed, 1));
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        assert_null(heal_lesson_new(none[i], 2));
    assert_int_equal(heal_lesson_add(lesson, &graph, &error), -EINVAL);
    assert_non_null(strstr(error.what, "without its truth"));
    graph.truth = truth;
    assert_int_equal(heal_lesson_add(lesson, &graph, &error), -EINVAL); /* an infinite feature */
    graph.edge = &loop;
    assert_int_equal(heal_lesson_add(lesson, &graph, &error), -EINVAL);
    assert_int_equal(heal_lesson_learn(lesson, &(struct heal_learning){.hidden = 7}, &model, &error),
                     -EINVAL);
    assert_int_equal(heal_lesson_learn(lesson, &(struct heal_learning){.hidden = 300}, &model, &error),
                     -EINVAL);
    assert_int_equal(heal_lesson_learn(lesson, &(struct heal_learning){.hidden = 256}, &model, &error),
                     -EINVAL); /* at once: not after the work */
    assert_non_null(strstr(error.what, "more than there is room for"));
    heal_lesson_free(lesson);
    lesson = heal_lesson_new(features, 2);
    assert_non_null(lesson);
    assert_int_equal(heal_lesson_learn(lesson, &(struct heal_learning){.hidden = 8}, &model, &error),
                     -EINVAL);
    assert_null(model);
    heal_lesson_free(lesson);
}

static void what_cannot_be_judged_is_refused(void **state) {
    const struct heal_learning how = {.hidden = 4, .epochs = 1};
    struct heal_lesson *lesson = make_lesson(1); /* too few to keep some back: no figures */
    const float feature[4] = {0, 0, 1, 1};
    const struct heal_model_edge twice[2] = {
        {0, 1},
        {1, 0}
    };
    struct heal_model_graph graph = {.vertices = 2, .edges = 2, .feature = feature, .edge = twice};
    struct heal_model_verdict verdict;
    struct heal_model *model;
    struct heal_error error;

    (void)state;
    assert_int_equal(heal_lesson_learn(lesson, &how, &model, NULL), 0);
    assert_true(isnan(heal_model_figure(model, "f1")));
    assert_int_equal(heal_model_judge(model, &graph, 2, &verdict, &error), -EINVAL);
    assert_non_null(strstr(error.what, "there is no vertex 2"));
    assert_int_equal(heal_model_judge(model, &graph, 0, &verdict, &error), -EINVAL);
    assert_int_equal(error.line, 2); /* the second edge */
    heal_model_free(model);
    heal_lesson_free(lesson);
    assert_int_equal(heal_model_decode((const uint8_t *)"{}", 2, &model, &error), -EINVAL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_learnt_is_kept_and_judges_the_same),
        cmocka_unit_test(what_cannot_be_learnt_is_refused),
        cmocka_unit_test(what_cannot_be_judged_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
