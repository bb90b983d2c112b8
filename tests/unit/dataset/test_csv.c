/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What is exported as tables imports as the same set, to the byte; wrong tables are refused with file and
 * place. */
#include "dataset/csv.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "as_text.h"

static const char text[] =
    "heald-dataset 1\nmade by hand, with a comma\ntime ms\nfeature loss\nfeature link-age log\n"
    "kind normal\nkind link-loss\n"
    "# graph RUN TIME KIND VERTICES EDGES; v LABEL FEATURES; n NODES; e VERTEX NEIGHBOURS\n"
    "graph 0 21 link-loss 4 3\nv healthy 0 3.5\nv link-loss 0.2 -\nv unknown - 1e+06\n"
    "v normal 16777216 0\nn 0 0 3 3\ne 0 1 3\ne 2 3\n"
    "graph 7 -3 normal 1 0\nv healthy - -\nend 2\n";

static void comes_back_to_the_byte(void **state) {
    char folder[] = "/tmp/heald-csv-XXXXXX", path[64];
    struct heal_dataset set, back;
    struct heal_error error = {.code = 0};

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(heal_dataset_parse(text, sizeof text - 1, &set, NULL), 0);
    assert_int_equal(heal_csv_export(&set, folder, &error), 0);
    if (heal_csv_load(folder, &back, &error) < 0)
        fail_msg("%d:%d: %s", error.line, error.column, error.what);
    char *written = as_text(&back);
    assert_string_equal(written, text);
    free(written);
    heal_dataset_deinit(&set);
    heal_dataset_deinit(&back);
    for (int i = 0; i < HEAL_CSV_FILES; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, heal_csv_names[i]);
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(rmdir(folder), 0);
}

static const char *const right[HEAL_CSV_FILES] = {
    [HEAL_CSV_SET] = "thing,value\ntime,s\nfeature,x\nlog-feature,y\nkind,k\n",
    [HEAL_CSV_GRAPHS] = "graph,run,time,kind\n0,0,0,k\n1,1,9,k\n",
    [HEAL_CSV_VERTICES] = "graph,vertex,label,kind,x,y\n0,0,healthy,,1,2\n0,1,sick,k,,2\n1,0,unknown,,1,\n",
    [HEAL_CSV_EDGES] = "graph,a,b\n0,0,1\n",
};

static int parse_with(enum heal_csv_file file, const char *other, struct heal_dataset *ret_set,
                      struct heal_error *error) {
    struct heal_table_text tables[HEAL_CSV_FILES];

    for (int i = 0; i < HEAL_CSV_FILES; i++) {
        const char *is = i == (int)file ? other : right[i];

        tables[i] = (struct heal_table_text){.text = is, .length = strlen(is)};
    }
    return heal_csv_parse(tables, ret_set, error);
}

static void refuse(enum heal_csv_file file, const char *wrong, int line, const char *what) {
    struct heal_dataset set;
    struct heal_error error = {.code = 0};

    assert_int_equal(parse_with(file, wrong, &set, &error), -EINVAL);
    if (!strstr(error.what, what) || !strstr(error.what, ".csv: ") || error.line != line)
        fail_msg("line %d: %s, not line %d: %s", error.line, error.what, line, what);
}

static void what_is_wrong_is_refused(void **state) {
    struct heal_dataset set;

    (void)state;
    assert_int_equal(parse_with(HEAL_CSV_FILES, NULL, &set, NULL), 0);
    heal_dataset_deinit(&set);
    refuse(HEAL_CSV_SET, "", 0, "set.csv: there are no features");
    refuse(HEAL_CSV_SET, "thing,value\nfeature,x\nfeature,x\nkind,k\n", 3, "there already");
    refuse(HEAL_CSV_SET, "thing,value\nkind,healthy\n", 2, "other than the labels");
    refuse(HEAL_CSV_SET, "thing,value\nkind,k\nkind,k\n", 3, "there already");
    refuse(HEAL_CSV_SET, "thing,value\ncolour,red\n", 2, "a thing is");
    refuse(HEAL_CSV_SET, "thing,value\ntime,s,s\n", 2, "goes on");
    refuse(HEAL_CSV_GRAPHS, "graph,run,time,kind\n", 1, "there is no graph");
    refuse(HEAL_CSV_GRAPHS, "graph,run,time,kind\n0,0,0,z\n", 2, "no such kind");
    refuse(HEAL_CSV_GRAPHS, "graph,run,time,kind\n0,0,x,k\n", 2, "the time");
    refuse(HEAL_CSV_GRAPHS, "graph,run,time,kind\n0,0,0,k\n0,0,0,k\n", 3, "that graph was there");
    refuse(HEAL_CSV_GRAPHS, "graph,run,time,kind\n1,0,0,k\n0,0,0,k\n", 2, "no vertices");
    refuse(HEAL_CSV_VERTICES, "graph,vertex,label,kind,x,y\n0,1,healthy,,1,2\n", 2, "the vertex");
    refuse(HEAL_CSV_VERTICES, "graph,vertex,label,kind,x,y\n0,0,ill,,1,2\n", 2, "a label is");
    refuse(HEAL_CSV_VERTICES, "graph,vertex,label,kind,x,y\n0,0,sick,,1,2\n", 2, "no such kind");
    refuse(HEAL_CSV_VERTICES, "graph,vertex,label,kind,x,y\n0,0,healthy,,nan,2\n", 2, "finite");
    refuse(HEAL_CSV_VERTICES, "graph,vertex,label,kind,x,y\n0,0,healthy,,1,-2\n", 2, "logarithm");
    refuse(HEAL_CSV_VERTICES, "graph,vertex,label,kind,x,y\n0,0,healthy,,1\n", 2, "missing");
    refuse(HEAL_CSV_VERTICES,
           "graph,vertex,label,kind,x,y\n0,0,healthy,,1,2\n0,1,healthy,,1,2\n1,0,healthy,,1,2\n"
           "2,0,healthy,,1,2\n",
           5, "no such graph");
    refuse(HEAL_CSV_VERTICES, "graph,vertex,node,label,kind,x,y\n0,0,-1,healthy,,1,2\n", 2, "the node");
    refuse(HEAL_CSV_VERTICES,
           "graph,vertex,node,label,kind,x,y\n0,0,0,healthy,,1,2\n0,1,2,healthy,,1,2\n"
           "1,0,0,healthy,,1,2\n",
           0, "vertex 1 is of node 2");
    refuse(HEAL_CSV_EDGES, "graph,a,b\n0,0,2\n", 2, "an end");
    refuse(HEAL_CSV_EDGES, "graph,a,b\n0,1,1\n", 2, "once");
    refuse(HEAL_CSV_EDGES, "graph,a,b\n0,1,0\n", 2, "once");
    refuse(HEAL_CSV_EDGES, "graph,a,b\n0,0,1\n0,0,1\n", 3, "once");
    refuse(HEAL_CSV_EDGES, "graph,a,b\n1,0,1\n", 2, "an end");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_back_to_the_byte),
        cmocka_unit_test(what_is_wrong_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
