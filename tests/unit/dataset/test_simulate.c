/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Sets made by simulation: the same seed gives the same bytes, another one others; labels follow the rules of
 * docs/dataset.md. */
#include "dataset/simulate.h"
#include "dataset/trouble.h"
#include "sim/sim_state.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "as_text.h"

static void simulate(uint64_t seed, double missing, struct heal_dataset *ret_set) {
    const struct heal_simulation how = {
        .seed = seed, .snapshots = 70, .nodes_least = 4, .nodes_most = 12, .missing = missing};

    assert_int_equal(heal_simulate(&how, ret_set), 0);
}

static void a_seed_is_a_set(void **state) {
    struct heal_dataset set, same, other;

    (void)state;
    simulate(3, 0, &set);
    simulate(3, 0, &same);
    simulate(4, 0, &other);
    char *written = as_text(&set), *written_same = as_text(&same), *written_other = as_text(&other);
    assert_int_equal(heal_gnn_dataset_samples(set.graphs), 70);
    assert_string_equal(written, written_same);
    assert_string_not_equal(strchr(written, '#'), strchr(written_other, '#'));
    free(written);
    free(written_same);
    free(written_other);
    heal_dataset_deinit(&set);
    heal_dataset_deinit(&same);
    heal_dataset_deinit(&other);
}

static void check_sample(const struct heal_gnn_sample *sample, size_t count[3]) {
    for (uint32_t v = 0; v < sample->graph.vertices; v++) {
        count[sample->label[v]]++;
        assert_true(heal_gnn_degree(&sample->graph, v) <= 12);
        if (sample->label[v] == HEAL_GNN_SICK)
            assert_int_equal(heal_trouble_kinds[sample->vertex_kind[v]].truth, HEAL_TROUBLE_SICK);
    }
}

static void labels_are_of_all_kinds(void **state) {
    struct heal_dataset set;
    size_t count[3] = {0}, runs = 1;

    (void)state;
    simulate(5, 0, &set);
    for (size_t i = 0; i < heal_gnn_dataset_samples(set.graphs); i++) {
        struct heal_gnn_sample sample = heal_gnn_dataset_sample(set.graphs, i);

        check_sample(&sample, count);
        runs += i > 0 && sample.run != heal_gnn_dataset_sample(set.graphs, i - 1).run;
    }
    assert_int_equal(runs, 18); /* of four looks each */
    assert_true(count[HEAL_GNN_SICK] > 0 && count[HEAL_GNN_UNKNOWN] > 0);
    assert_true(count[HEAL_GNN_HEALTHY] > count[HEAL_GNN_SICK]);
    heal_dataset_deinit(&set);
}

static double share_missing(const struct heal_dataset *set) {
    size_t missing = 0, all = 0;

    for (size_t i = 0; i < heal_gnn_dataset_samples(set->graphs); i++) {
        struct heal_gnn_sample sample = heal_gnn_dataset_sample(set->graphs, i);

        for (size_t f = 0; f < (size_t)sample.graph.vertices * HEAL_FEATURES; f++, all++)
            missing += isnan(sample.feature[f]) ? 1 : 0;
    }
    return (double)missing / (double)all;
}

static void features_are_taken_out(void **state) {
    struct heal_dataset all, some;

    (void)state;
    simulate(6, 0, &all);
    simulate(6, 0.3, &some);
    double before = share_missing(&all), after = share_missing(&some);
    assert_true(before < 0.3);
    assert_true(fabs(after - before - (1 - before) * 0.3) < 0.08); /* the runs are not the same ones */
    heal_dataset_deinit(&all);
    heal_dataset_deinit(&some);
}

/* ---- the rules, one by one ---- */

static struct heal_sim *make_line(struct heal_sim_plan *plan) {
    struct heal_settings settings;
    struct heal_sim *sim;

    heal_drawn_settings(2, &settings);
    settings.mode = HEAL_MODE_OBSERVE;
    assert_int_equal(heal_sim_plan_draw(HEAL_SIM_LINE, 5, 1, plan), 0);
    const struct heal_sim_options options = {.settings = &settings, .seed = 1, .radio = true};
    assert_int_equal(heal_sim_new(plan, &options, &sim), 0);
    assert_int_equal(heal_sim_run(sim, 10 * HEAL_US_PER_S), 0);
    return sim;
}

/* What a port measures that nothing ails. */
static const float well[HEAL_FEATURES] = {-70, 25, 0, 3600, 1, 1e5F, 0.3F, 0.1F};
/* With one of its features otherwise. */
static const float *with(enum heal_feature feature, float value) {
    static float measured[HEAL_FEATURES];

    memcpy(measured, well, sizeof measured);
    measured[feature] = value;
    return measured;
}

/* The labels of the ports of n0-n1, n1-n0, n1-n2 … in the line n0 … n4, as letters. @param feature what each
 * measures */
static const char *labels(const struct heal_sim *sim, const struct heal_dataset_trouble *trouble,
                          const float *feature) {
    static char text[9];
    size_t at = 0;

    for (unsigned i = 0; i < sim->nodes; i++)
        for (unsigned p = 0; p < sim->node[i].ports; p++)
            text[at++] = "hsu"[heal_trouble_label(trouble, sim, i, &sim->node[i].port[p], feature)];
    text[at] = '\0';
    return text;
}

/* @param first, then: the labels 5 s after it began, and 20 s after. */
static void expect(const char *kind, size_t row, const float *feature, const char *first, const char *then) {
    struct heal_sim_plan plan = {0};
    struct heal_sim *sim = make_line(&plan);
    struct heal_dataset_trouble trouble = {.kind = heal_trouble_find(kind)};
    const struct heal_trouble_kind *is = &heal_trouble_kinds[trouble.kind];

    trouble.of = (struct heal_drawn_case){
        .fault = is->own ? is->own : heal_drawn_fault_of(is->diagnosis, (unsigned)row),
        .link = 1, /* n1-n2 */
        .node = 2,
        .target = 0,
        .ways = HEAL_DRAWN_BOTH,
        .how_bad = 0.5,
        .and = 0.5};
    assert_string_equal(labels(sim, &trouble, feature), "hhhhhhhh");
    heal_trouble_begin(sim, &trouble);
    for (int i = 1; i <= 20; i++) {
        assert_int_equal(heal_sim_run(sim, HEAL_US_PER_S), 0);
        heal_trouble_tick(sim, &trouble);
        if (i == 5)
            assert_string_equal(labels(sim, &trouble, feature), first);
    }
    assert_string_equal(labels(sim, &trouble, feature), then);
    heal_sim_free(sim);
    heal_sim_plan_deinit(&plan);
}

static void labels_follow_the_rules(void **state) {
    (void)state;
    expect("link-loss", 0, well, "hhuuhhhh", "hhsshhhh");     /* both ends of the link */
    expect("node-overload", 0, well, "hhhuuhhh", "hhhsshhh"); /* all ports of the node */
    expect("node-overload", 1, well, "hhuuuuhh", "hhsssshh"); /* its links are slow, too */
    expect("cascade", 0, well, "hhuuuuhh", "hhsssshh");
    expect("neighbour-lost", 2, well, "hhuuuuhh", "hhsssshh");
    expect("routes-lost", 0, well, "hhhuuhhh", "hhhuuhhh"); /* nothing shows, ever */
    expect("busy", 0, well, "hhhhhhhh", "hhhhhhhh");
    expect("reboot", 0, well, "hhuuuuhh", "hhhhhhhh"); /* it passes */
    expect("recovered", 0, well, "hhuuhhhh", "hhhhhhhh");
}

static void what_cannot_show_is_unknown(void **state) {
    (void)state;
    expect("memory-leak", 0, with(HEAL_FEATURE_MEMORY, 0.5F), "hhhuuhhh", "hhhuuhhh");
    expect("memory-leak", 0, with(HEAL_FEATURE_MEMORY, 0.7F), "hhhuuhhh", "hhhsshhh");
    expect("weak-signal", 0, with(HEAL_FEATURE_SNR, 4), "hhuuhhhh", "hhsshhhh");
    expect("weak-signal", 0, with(HEAL_FEATURE_SNR, 20), "hhuuhhhh",
           "hhuuhhhh"); /* the end that hears well */
    expect("interference", 0, with(HEAL_FEATURE_LOSS, 0.5F), "hhuuhhhh", "hhsshhhh");
    expect("link-loss", 0, with(HEAL_FEATURE_LOSS, NAN), "hhuuhhhh",
           "hhuuhhhh"); /* nobody counts over there */
    expect("node-overload", 0, with(HEAL_FEATURE_LOSS, NAN), "hhhuuhhh", "hhhuuhhh");
}

/* Neighbours are 65 m apart: within 70 m of n2 there are n1 and n3, and so the links n0-n1 … n3-n4. */
static void a_region_is_all_links_with_an_end_in_it(void **state) {
    struct heal_sim_plan plan = {0};
    struct heal_sim *sim = make_line(&plan);
    struct heal_dataset_trouble trouble = {.kind = heal_trouble_find("regional-interference"), .from = 1};

    (void)state;
    trouble.of =
        (struct heal_drawn_case){.fault = heal_drawn_fault_of(HEAL_INTERFERENCE, 1), .node = 2, .and = 70};
    const float *noisy = with(HEAL_FEATURE_SNR, 3);
    assert_string_equal(labels(sim, &trouble, noisy), "ssssssss");
    trouble.of.and = 10;
    assert_string_equal(labels(sim, &trouble, noisy), "hhsssshh");
    assert_string_equal(labels(sim, &trouble, well), "hhuuuuhh"); /* enough of the signal is left */
    heal_sim_free(sim);
    heal_sim_plan_deinit(&plan);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_seed_is_a_set),
        cmocka_unit_test(labels_are_of_all_kinds),
        cmocka_unit_test(features_are_taken_out),
        cmocka_unit_test(labels_follow_the_rules),
        cmocka_unit_test(what_cannot_show_is_unknown),
        cmocka_unit_test(a_region_is_all_links_with_an_end_in_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
