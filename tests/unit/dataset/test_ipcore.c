/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The ipcore-faults tables become graphs, whose features know nothing of what is still to come, nor of how
 * far apart the rows are. */
#include "dataset/ipcore.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    MINUTES = 14,
    PORTS = 4,
    TEXT_MAX = 8192,
    DOWN = 0,
    LOSS_PACKETS = 1,
    LOST_IDLE = 3,
    IN_CHANGE = 4,
    PREFIXES = 6
};

/* Two routers, two links between them; the first port of each counts prefixes. */
static const char *const end[PORTS] = {"A+link-x", "A+link-y", "B+link-x", "B+link-y"};
static const char *const interface[PORTS] = {"A_Gi1", "A_Gi2", "B_Gi1", "B_Gi2"};

struct tables {
    char text[HEAL_IPCORE_FILES][TEXT_MAX];
    double value[HEAL_IPCORE_FILES][MINUTES][PORTS]; /* NaN: an empty field */
    const char *wrong[MINUTES];                      /* status, node and interface */
    int apart;                                       /* minutes between two rows */
};

static void set_up(struct tables *tables) {
    memset(tables, 0, sizeof *tables);
    tables->apart = 1;
    for (int t = 0; t < MINUTES; t++) {
        tables->wrong[t] = "0.0\t\t";
        for (int i = 0; i < PORTS; i++) {
            tables->value[HEAL_IPCORE_ADMIN][t][i] = 1;
            tables->value[HEAL_IPCORE_CPU][t][i] = i < 2 ? 40 : 50;
            for (int f = HEAL_IPCORE_IN; f <= HEAL_IPCORE_TX; f++)
                tables->value[f][t][i] = i % 2 == 0 ? 1000 : 2; /* the second link is idle */
            tables->value[HEAL_IPCORE_PREFIXES][t][i] = 7000;
        }
    }
}

__attribute__((format(printf, 2, 3))) static void add(char *text, const char *format, ...) {
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text + strlen(text), TEXT_MAX - strlen(text), format, arguments);
    va_end(arguments);
}

static void print_row(struct tables *tables, int file, int minute) {
    char *text = tables->text[file];

    add(text, "%d", minute);
    for (int i = 0; i < PORTS; i++) {
        double value = tables->value[file][minute][i];

        if ((file == HEAL_IPCORE_CPU || file == HEAL_IPCORE_PREFIXES) && i % 2 != 0)
            continue;
        if (isnan(value))
            add(text, "\t");
        else
            add(text, "\t%g", value);
    }
    add(text, "\t2020070410%02d00\n", minute * tables->apart);
}

static void print(struct tables *tables) {
    memset(tables->text, 0, sizeof tables->text);
    add(tables->text[HEAL_IPCORE_INTERFACES], "link_end\tinterface\n");
    add(tables->text[HEAL_IPCORE_FAILURE], "\tstatus\tnode\tinterface\toriginal_sp\tsp\ttimestamp\n");
    for (int i = 0; i < PORTS; i++)
        add(tables->text[HEAL_IPCORE_INTERFACES], "%s\t%s\n", end[i], interface[i]);
    for (int f = HEAL_IPCORE_ADMIN; f < HEAL_IPCORE_FILES; f++) {
        if (f == HEAL_IPCORE_CPU)
            add(tables->text[f], "\tA\tB");
        else if (f == HEAL_IPCORE_PREFIXES)
            add(tables->text[f], "\t%s\t%s", interface[0], interface[2]);
        else
            add(tables->text[f], "\t%s\t%s\t%s\t%s", end[0], end[1], end[2], end[3]);
        add(tables->text[f], "\ttimestamp\n");
    }
    for (int t = 0; t < MINUTES; t++) {
        add(tables->text[HEAL_IPCORE_FAILURE], "%d\t%s\t\t\t2020070410%02d00\n", t, tables->wrong[t],
            t * tables->apart);
        for (int f = HEAL_IPCORE_ADMIN; f < HEAL_IPCORE_FILES; f++)
            print_row(tables, f, t);
    }
}

static int parse(const struct tables *tables, struct heal_dataset *ret_set, struct heal_ipcore_mesh *ret_mesh,
                 struct heal_error *error) {
    struct heal_table_text file[HEAL_IPCORE_FILES];

    for (int i = 0; i < HEAL_IPCORE_FILES; i++)
        file[i] = (struct heal_table_text){.text = tables->text[i], .length = strlen(tables->text[i])};
    return heal_ipcore_parse(file, ret_set, ret_mesh, error);
}

static void take(struct tables *tables, struct heal_dataset *ret_set) {
    struct heal_ipcore_mesh mesh;
    struct heal_error error = {.code = 0};

    print(tables);
    if (parse(tables, ret_set, &mesh, &error) < 0)
        fail_msg("%d:%d: %s", error.line, error.column, error.what);
}

static float feature(const struct heal_dataset *set, size_t minute, unsigned port, unsigned which) {
    struct heal_gnn_sample sample = heal_gnn_dataset_sample(set->graphs, minute);

    return sample.feature[port * HEAL_IPCORE_INPUTS + which];
}

static struct tables tables;

static void the_mesh_is_that_of_the_ports(void **state) {
    struct heal_ipcore_mesh mesh;
    struct heal_dataset set;

    (void)state;
    set_up(&tables);
    print(&tables);
    assert_int_equal(parse(&tables, &set, &mesh, NULL), 0);
    assert_int_equal(mesh.routers, 2);
    assert_int_equal(mesh.ports, PORTS);
    assert_int_equal(mesh.port[0].peer, 2);
    assert_int_equal(mesh.port[3].peer, 1);
    assert_int_equal(mesh.port[0].twin, 2);
    struct heal_gnn_sample sample = heal_gnn_dataset_sample(set.graphs, 0);
    assert_int_equal(sample.graph.vertices, PORTS);
    assert_int_equal(sample.graph.first[PORTS], 2 * 4); /* two links, and two pairs of ports of a router */
    assert_int_equal(sample.run, 20200704);
    assert_int_equal(sample.time, 1593856800); /* 2020-07-04 10:00 */
    assert_int_equal(heal_gnn_dataset_sample(set.graphs, 3).time, 1593856800 + 180);
    heal_dataset_deinit(&set);
}

static void a_change_shows_and_what_is_usual_does_not(void **state) {
    struct heal_dataset set;

    (void)state;
    set_up(&tables);
    for (int t = 0; t < MINUTES; t++)
        tables.value[HEAL_IPCORE_RX][t][2] = 900; /* B loses a tenth of it all the time */
    tables.value[HEAL_IPCORE_IN][12][2] = 505;
    tables.value[HEAL_IPCORE_IN][12][3] = 1.95; /* three keep-alives in a minute */
    tables.value[HEAL_IPCORE_ADMIN][12][1] = 0;
    tables.value[HEAL_IPCORE_PREFIXES][12][0] = 0;
    take(&tables, &set);
    assert_float_equal(feature(&set, 0, 2, LOSS_PACKETS), asinh(300 * 100.0 / 1010), 1e-5);
    assert_float_equal(feature(&set, 1, 2, LOSS_PACKETS), 0, 1e-6);
    assert_float_equal(feature(&set, 12, 2, IN_CHANGE), asinh(100 * -495.0 / 1010), 1e-5);
    assert_float_equal(feature(&set, 12, 3, LOST_IDLE), 3, 1e-4);
    assert_float_equal(feature(&set, 12, 1, DOWN), 1, 0);
    assert_float_equal(feature(&set, 12, 0, PREFIXES), asinh(-7000), 1e-4);
    assert_float_equal(feature(&set, 12, 2, PREFIXES + 5), asinh(-7000), 1e-4); /* its twin's */
    assert_true(isnan(feature(&set, 12, 1, PREFIXES)));
    assert_float_equal(feature(&set, 13, 2, IN_CHANGE), 0, 1e-6); /* the median has not moved */
    heal_dataset_deinit(&set);
}

static void sick_ports_follow_from_what_was_wrong(void **state) {
    static const char *const wrong[MINUTES] = {[3] = "3.0\tB\t",
                                               [4] = "4.0\tA\tGigabitEthernet2",
                                               [6] = "6.0\tB\tGigabitEthernet1",
                                               [8] = "1.0\tA\t"};
    static const uint8_t sick[MINUTES] = {[3] = 0xc, [4] = 0x2, [6] = 0x4};
    struct heal_dataset set;

    (void)state;
    set_up(&tables);
    for (int t = 0; t < MINUTES; t++)
        tables.wrong[t] = wrong[t] ? wrong[t] : tables.wrong[t];
    take(&tables, &set);
    for (size_t t = 0; t < MINUTES; t++) {
        struct heal_gnn_sample sample = heal_gnn_dataset_sample(set.graphs, t);

        assert_int_equal(sample.kind, !wrong[t] ? 0 : wrong[t][0] == '6' ? 5 : wrong[t][0] - '0');
        for (unsigned i = 0; i < PORTS; i++)
            assert_int_equal(sample.label[i], (sick[t] >> i & 1) != 0 ? HEAL_GNN_SICK : HEAL_GNN_HEALTHY);
    }
    struct heal_gnn_sample sample = heal_gnn_dataset_sample(set.graphs, 3);
    assert_string_equal(set.kind[sample.vertex_kind[2]], "node-down");
    assert_string_equal(set.kind[5], "loss-delay");
    assert_true(sample.node[0] == 0 && sample.node[1] == 0 && sample.node[2] == 1 && sample.node[3] == 1);
    heal_dataset_deinit(&set);
}

/* What a minute's features are was settled in that minute. */
static void features_do_not_see_what_comes(void **state) {
    struct heal_dataset before, after;

    (void)state;
    set_up(&tables);
    take(&tables, &before);
    for (int f = HEAL_IPCORE_ADMIN; f < HEAL_IPCORE_FILES; f++)
        for (int i = 0; i < PORTS; i++)
            tables.value[f][9][i] = 3;
    take(&tables, &after);
    for (size_t t = 0; t < 9; t++)
        assert_memory_equal(heal_gnn_dataset_sample(before.graphs, t).feature,
                            heal_gnn_dataset_sample(after.graphs, t).feature,
                            PORTS * HEAL_IPCORE_INPUTS * sizeof(float));
    heal_dataset_deinit(&before);
    heal_dataset_deinit(&after);
}

static void features_do_not_see_the_clock(void **state) {
    struct heal_dataset near, far;

    (void)state;
    set_up(&tables);
    tables.value[HEAL_IPCORE_IN][7][2] = 10;
    take(&tables, &near);
    tables.apart = 4;
    take(&tables, &far);
    for (size_t t = 0; t < MINUTES; t++)
        assert_memory_equal(heal_gnn_dataset_sample(near.graphs, t).feature,
                            heal_gnn_dataset_sample(far.graphs, t).feature,
                            PORTS * HEAL_IPCORE_INPUTS * sizeof(float));
    heal_dataset_deinit(&near);
    heal_dataset_deinit(&far);
}

/* Where a value is missing the last one stands; before the first, 0. */
static void gaps_are_filled(void **state) {
    struct heal_dataset set;

    (void)state;
    set_up(&tables);
    tables.value[HEAL_IPCORE_ADMIN][0][0] = tables.value[HEAL_IPCORE_ADMIN][5][0] = NAN;
    take(&tables, &set);
    assert_float_equal(feature(&set, 0, 0, DOWN), 1, 0);
    assert_float_equal(feature(&set, 5, 0, DOWN), 0, 0);
    heal_dataset_deinit(&set);
}

static void refuse(enum heal_ipcore_file file, const char *wrong, int line, const char *what) {
    struct heal_ipcore_mesh mesh;
    struct heal_dataset set;
    struct heal_error error = {.code = 0};

    set_up(&tables);
    print(&tables);
    snprintf(tables.text[file], TEXT_MAX, "%s", wrong);
    assert_int_equal(parse(&tables, &set, &mesh, &error), -EINVAL);
    if (!strstr(error.what, what) || error.line != line)
        fail_msg("line %d: %s, not line %d: %s", error.line, error.what, line, what);
}

static void what_is_wrong_is_refused(void **state) {
    (void)state;
    refuse(HEAL_IPCORE_INTERFACES, "", 0, "interfaces.tsv: there are no ports");
    refuse(HEAL_IPCORE_INTERFACES, "a\tb\nA-x\tA_Gi1\n", 2, "ROUTER+LINK");
    refuse(HEAL_IPCORE_INTERFACES, "a\tb\nA+x\tB_Gi1\n", 2, "ROUTER_NAME");
    refuse(HEAL_IPCORE_INTERFACES, "a\tb\nA+x\tA_Gi1\nA+x\tA_Gi2\n", 3, "each once");
    refuse(HEAL_IPCORE_FAILURE, "\tstatus\n0\t0.0\n", 1, "failure.tsv: there is no column `timestamp`");
    refuse(HEAL_IPCORE_FAILURE, "status\ttimestamp\n7\t20200704100000\n", 2, "the status");
    refuse(HEAL_IPCORE_FAILURE, "status\ttimestamp\n0\t2020070410\n", 2, "YYYYMMDDhhmmss");
    refuse(HEAL_IPCORE_FAILURE, "status\ttimestamp\n3\t20200704100000\n", 2, "which of the ports");
    refuse(HEAL_IPCORE_FAILURE, "status\ttimestamp\n", 1, "no minutes");
    refuse(HEAL_IPCORE_RX, "A+link-x\ttimestamp\ninf\t20200704100000\n", 2,
           "rx-pps.tsv: a value is a finite");
    refuse(HEAL_IPCORE_RX, "A+link-x\ttimestamp\n1\t20200704100000\n", 2, "nothing of A_Gi2");
    refuse(HEAL_IPCORE_RX, "A+link-x\ttimestamp\n1\t20200704100000\t\n", 2, "goes on");
}

/* The training week, where it is there: 5969 minutes of 22 ports. */
static void the_real_tables_are_read(void **state) {
    const char *folder = getenv("HEAL_DATA");
    struct heal_ipcore_mesh mesh;
    struct heal_dataset set;
    struct heal_error error = {.code = 0};
    char path[4096];
    size_t of_kind[HEAL_IPCORE_KINDS] = {0};

    (void)state;
    snprintf(path, sizeof path, "%s/ipcore-faults", folder ? folder : "../shared/data");
    int r = heal_ipcore_load(path, &set, &mesh, &error);
    if (r == -ENOENT) {
        print_message("skipped: %s: %s (HEAL_DATA)\n", path, error.what);
        skip();
    }
    if (r < 0)
        fail_msg("%d:%d: %s", error.line, error.column, error.what);
    assert_int_equal(mesh.routers, 5);
    assert_int_equal(mesh.ports, 22);
    assert_int_equal(heal_gnn_dataset_samples(set.graphs), 5969);
    for (size_t i = 0; i < 5969; i++)
        of_kind[heal_gnn_dataset_sample(set.graphs, i).kind]++;
    assert_int_equal(of_kind[0], 3870);
    assert_int_equal(of_kind[1], 95);
    assert_int_equal(of_kind[2], 191);
    assert_int_equal(of_kind[3], 55);
    heal_dataset_deinit(&set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_mesh_is_that_of_the_ports),
        cmocka_unit_test(a_change_shows_and_what_is_usual_does_not),
        cmocka_unit_test(sick_ports_follow_from_what_was_wrong),
        cmocka_unit_test(features_do_not_see_what_comes),
        cmocka_unit_test(features_do_not_see_the_clock),
        cmocka_unit_test(gaps_are_filled),
        cmocka_unit_test(what_is_wrong_is_refused),
        cmocka_unit_test(the_real_tables_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
