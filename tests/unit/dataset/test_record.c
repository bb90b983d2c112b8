/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What a lab's nodes and its fault injector answer becomes labelled graphs. */
#include "dataset/record.h"
#include "dataset/trouble.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Nodes a, b and c in a line; c says nothing. @param faults a JSON array. @param memory of all nodes */
static int look(struct heal_recorder *recorder, double now_s, const char *faults, double memory) {
    char status[1024], pages[2048];
    struct heal_error error = {.code = 0};
    json_t *status_json, *pages_json;

    snprintf(status, sizeof status,
             "{\"now\": %.1f, \"started\": 100.0, \"faults\": %s, "
             "\"nodes\": [{\"name\": \"a\"}, {\"name\": \"b\"}, {\"name\": \"c\"}]}",
             now_s, faults);
    snprintf(pages, sizeof pages,
             "[{\"links\": [{\"neighbour\": \"b\", \"features\": {\"loss\": 0.25, \"rssi\": null, "
             "\"link-age\": -1, "
             "\"memory\": %g}}]},"
             " {\"links\": [{\"neighbour\": \"a\", \"features\": {\"loss\": 0, \"memory\": %g}},"
             "              {\"neighbour\": \"c\", \"features\": {\"latency\": 3, \"memory\": %g}}]}, null]",
             memory, memory, memory);
    status_json = json_loads(status, 0, NULL);
    pages_json = json_loads(pages, 0, NULL);
    assert_non_null(status_json);
    assert_non_null(pages_json);
    int r = heal_recorder_look(recorder, status_json, pages_json, &error);
    json_decref(status_json);
    json_decref(pages_json);
    return r;
}

static struct heal_gnn_sample last(const struct heal_recorder *recorder) {
    return heal_gnn_dataset_sample(recorder->set.graphs, heal_gnn_dataset_samples(recorder->set.graphs) - 1);
}

/* The labels of a-b, b-a, b-c after a look, as letters. */
static const char *labels(struct heal_recorder *recorder, double now_s, const char *faults, double memory) {
    static char text[4];

    assert_int_equal(look(recorder, now_s, faults, memory), 0);
    for (unsigned i = 0; i < 3; i++)
        text[i] = "hsu"[last(recorder).label[i]];
    return text;
}

static void takes_what_is_measured(void **state) {
    struct heal_recorder recorder;

    (void)state;
    assert_int_equal(heal_recorder_init(&recorder), 0);
    assert_int_equal(look(&recorder, 130.5, "[]", 0.5), 0);
    struct heal_gnn_sample sample = last(&recorder);
    assert_int_equal(sample.graph.vertices, 3);
    assert_int_equal(sample.run, 100);
    assert_int_equal(sample.time, 130500);
    assert_string_equal(recorder.set.kind[sample.kind], "normal");
    assert_int_equal(heal_gnn_degree(&sample.graph, 1), 2); /* the link's other end, and b's other port */
    assert_int_equal(heal_gnn_degree(&sample.graph, 2), 1);
    assert_true(sample.feature[HEAL_FEATURE_LOSS] == 0.25f);
    assert_true(isnan(sample.feature[HEAL_FEATURE_RSSI]));
    assert_true(isnan(sample.feature[HEAL_FEATURE_LINK_AGE])); /* no age is below 0 */
    assert_true(sample.feature[2 * HEAL_FEATURES + HEAL_FEATURE_LATENCY] == 3);
    heal_recorder_deinit(&recorder);
}

#define LOSS                                                                                                 \
    "[{\"handle\": 3, \"diagnosis\": \"link-loss\", \"since\": 130.0, \"sick\": [[\"a\", \"b\"], [\"b\", "   \
    "\"a\"]]}]"
#define LEAK                                                                                                 \
    "[{\"handle\": 4, \"diagnosis\": \"memory-leak\", \"since\": 130.0, \"sick\": [[\"b\", \"a\"], [\"b\", " \
    "\"c\"]]}]"
#define LOST                                                                                                 \
    "[{\"handle\": 5, \"diagnosis\": \"routes-lost\", \"since\": 130.0, \"sick\": [[\"b\", \"a\"], [\"b\", " \
    "\"c\"]]}]"

#define IDLE                                                                                                 \
    "[{\"handle\": 6, \"diagnosis\": \"rate-limited\", \"verified\": false, \"since\": 130.0, \"sick\": "    \
    "[[\"b\", \"a\"]]}]"

static void labels_follow_the_injector(void **state) {
    struct heal_recorder recorder;

    (void)state;
    assert_int_equal(heal_recorder_init(&recorder), 0);
    assert_string_equal(labels(&recorder, 129, "[]", 0.5), "hhh");
    assert_string_equal(labels(&recorder, 133, LOSS, 0.5), "uuh");
    assert_string_equal(labels(&recorder, 139, LOSS, 0.5), "ssh");
    assert_string_equal(recorder.set.kind[last(&recorder).vertex_kind[0]], "link-loss");
    assert_string_equal(recorder.set.kind[last(&recorder).kind], "link-loss");
    assert_string_equal(labels(&recorder, 141, "[]", 0.5), "uuh"); /* its end is seen late, too */
    assert_string_equal(labels(&recorder, 148, "[]", 0.5), "uuh");
    assert_string_equal(labels(&recorder, 150, "[]", 0.5), "hhh");
    assert_string_equal(labels(&recorder, 170, LEAK, 0.5), "huu");
    assert_string_equal(labels(&recorder, 172, LEAK, 0.7), "hss");
    assert_string_equal(labels(&recorder, 173, "[]", 0.7), "huu");
    assert_string_equal(labels(&recorder, 189, "[]", 0.7), "huu"); /* nobody has given it back */
    assert_string_equal(labels(&recorder, 189, "[]", 0.5), "hhh");
    assert_string_equal(labels(&recorder, 190, LOST, 0.5), "huu"); /* nothing of it is in the features */
    (void)labels(&recorder, 191, "[]", 0.5);
    assert_string_equal(labels(&recorder, 220, IDLE, 0.5), "huh"); /* nothing was there to hold back */
    heal_recorder_deinit(&recorder);
}

static void what_is_no_answer_is_refused(void **state) {
    static const char *const wrong[] = {"{}", "[]", "{\"now\": 1, \"started\": 0, \"nodes\": []}",
                                        "{\"now\": -1, \"started\": 0, \"nodes\": [], \"faults\": []}"};
    struct heal_recorder recorder;
    json_t *pages = json_array();

    (void)state;
    assert_int_equal(heal_recorder_init(&recorder), 0);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        json_t *status = json_loads(wrong[i], 0, NULL);
        struct heal_error error = {.code = 0};

        assert_non_null(status);
        assert_int_equal(heal_recorder_look(&recorder, status, pages, &error), -EINVAL);
        assert_int_not_equal(error.what[0], '\0');
        json_decref(status);
    }
    json_decref(pages);
    heal_recorder_deinit(&recorder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_what_is_measured),
        cmocka_unit_test(labels_follow_the_injector),
        cmocka_unit_test(what_is_no_answer_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
