/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The orbit-mesh text becomes graphs; the real one, where it is there, becomes all of its snapshots. */
#include "dataset/orbit.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NODES "N 0 1 2 3 4 5 6 7 8\nN 1 -1 .5 3 4 5 6 7 8\nN 0 1 2 3 4 5 6 7 8\n"

static void reads_snapshots(void **state) {
    static const char text[] = "# a remark\nS antenna 0 126 3 4\n" NODES "E 0,1 1,0 2,1 1,2\n"
                               "S normal -15 130 3 0\n" NODES "E \n";
    struct heal_dataset set;
    struct heal_error error;

    (void)state;
    assert_int_equal(heal_orbit_init(&set), 0);
    assert_int_equal(heal_orbit_parse(text, sizeof text - 1, &set, &error), 0);
    assert_int_equal(heal_gnn_dataset_samples(set.graphs), 2);
    struct heal_gnn_sample sample = heal_gnn_dataset_sample(set.graphs, 0);
    assert_int_equal(sample.graph.vertices, 3);
    assert_int_equal(heal_gnn_degree(&sample.graph, 1), 2); /* either direction makes the edge, once */
    assert_int_equal(sample.time, 126);
    assert_int_equal(sample.label[1], HEAL_GNN_SICK);
    assert_string_equal(set.kind[sample.vertex_kind[1]], "antenna");
    assert_true(sample.feature[HEAL_ORBIT_INPUTS] == -1 && sample.feature[HEAL_ORBIT_INPUTS + 1] == 0.5f);
    sample = heal_gnn_dataset_sample(set.graphs, 1);
    assert_string_equal(set.kind[sample.kind], "normal");
    assert_int_equal(heal_gnn_degree(&sample.graph, 0), 0);
    heal_dataset_deinit(&set);
}

static void refuse(const char *wrong, int line, const char *what) {
    struct heal_dataset set;
    struct heal_error error = {.code = 0};

    assert_int_equal(heal_orbit_init(&set), 0);
    assert_int_equal(heal_orbit_parse(wrong, strlen(wrong), &set, &error), -EINVAL);
    if (!strstr(error.what, what) || error.line != line)
        fail_msg("line %d: %s, not line %d: %s", error.line, error.what, line, what);
    heal_dataset_deinit(&set);
}

static void what_is_wrong_is_refused(void **state) {
    (void)state;
    refuse("", 0, "no snapshot");
    refuse("X\n", 1, "S, N or E");
    refuse("N 0 1 2 3 4 5 6 7 8\n", 1, "no node");
    refuse("E 0,1\n", 1, "no edges");
    refuse("S k 0 x 3 4\n", 1, "the time");
    refuse("S k 0 1 65 4\n", 1, "the number of nodes");
    refuse("S k 0 1 3 4\nN 2 1 2 3 4 5 6 7 8\n", 2, "the label");
    refuse("S k 0 1 3 4\nN 0 1 2 3 4 5 6 7\n", 2, "is missing");
    refuse("S k 0 1 3 4\nN 0 1 2 3 4 5 6 7 nan\n", 2, "finite");
    refuse("S k 0 1 3 4\n" NODES "N 0 1 2 3 4 5 6 7 8\n", 5, "no node");
    refuse("S k 0 1 3 4\n" NODES "E 0,3\n", 5, "no edge");
    refuse("S k 0 1 3 4\n" NODES "E 1,1\n", 5, "no edge");
    refuse("S k 0 1 3 4\n" NODES "E 0,1,2\n", 5, "no edge");
    refuse("S k 0 1 4 4\n" NODES "E 0,1\n", 5, "nodes are missing");
    refuse("S k 0 1 3 4\n" NODES, 4, "has no edges");
    refuse("S k 0 1 3 4\nS k 0 1 3 4\n", 2, "has no edges");
}

/* The project's trials were made on these: 2000 snapshots of 29 nodes, 40 % of them normal. */
static void the_real_text_is_read(void **state) {
    const char *folder = getenv("HEAL_DATA");
    struct heal_dataset set;
    struct heal_error error;
    char path[4096];
    size_t normal = 0;

    (void)state;
    snprintf(path, sizeof path, "%s/orbit-mesh/mesh_train.txt", folder ? folder : "../shared/data");
    assert_int_equal(heal_orbit_init(&set), 0);
    if (heal_orbit_load(path, &set, &error) == -ENOENT) {
        heal_dataset_deinit(&set);
        print_message("skipped: there is no %s (HEAL_DATA)\n", path);
        skip();
    }
    assert_int_equal(heal_gnn_dataset_samples(set.graphs), 2000);
    assert_int_equal(set.kinds, 5);
    for (size_t i = 0; i < 2000; i++) {
        struct heal_gnn_sample sample = heal_gnn_dataset_sample(set.graphs, i);

        assert_int_equal(sample.graph.vertices, 29);
        normal += strcmp(set.kind[sample.kind], "normal") == 0;
    }
    assert_in_range(normal, 740, 860);
    heal_dataset_deinit(&set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_snapshots),
        cmocka_unit_test(what_is_wrong_is_refused),
        cmocka_unit_test(the_real_text_is_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
