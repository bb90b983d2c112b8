/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "healctl/show_training.h"

#include "base/cleanup.h"

#include <string.h>

static const char *const roles[] = {"validation", "test"};
static const struct {
    const char *name, *words;
} networks[] = {
    {"float", "float"},
    {"int8",  "INT8" },
};

/* ---- how it was trained ---- */

static void line(const struct heal_page *page, const char *title, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void line(const struct heal_page *page, const char *title, const char *format, ...) {
    char text[HEAL_WORDS_MAX];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    heal_page_print(page, HEAL_BOLD, "%-13s", title);
    heal_page_print(page, HEAL_PLAIN, "%s", text);
    fputc('\n', page->out);
}

/* By time, a part of every run is learnt from and another kept. */
static void show_split(const struct heal_page *page, const json_t *split) {
    long long left_out = heal_field_integer(split, "graphs_left_out"),
              runs = heal_field_integer(split, "runs");
    long long kept = heal_field_integer(split, "runs_kept");
    const char *by = heal_field_text(split, "by", "-");

    line(page, "learnt from", "%lld graphs of %lld runs", heal_field_integer(split, "graphs_learnt"),
         strcmp(by, "run") == 0 ? runs - kept : runs);
    line(page, "validated on", "%lld graphs of %lld runs: piece %lld of %lld by %s",
         heal_field_integer(split, "graphs_kept"), kept, heal_field_integer(split, "piece"),
         heal_field_integer(split, "pieces"), by);
    if (left_out > 0)
        line(page, "left out", "%lld graphs in between, which have measured some of the same", left_out);
}

static void show_threshold(const struct heal_page *page, const json_t *threshold) {
    const json_t *within = json_object_get(threshold, "within");
    double logit = 0, rate;

    (void)heal_field_number(threshold, "logit", &logit);
    if (!heal_field_number(threshold, "fpr", &rate))
        line(page, "threshold", "%.3f, the best F1", logit);
    else
        line(page, "threshold",
             "%.3f: the next healthy port is a false alarm with %g %% at most (by this one %.3f to %.3f %%)",
             logit, 100 * rate, 100 * json_number_value(json_array_get(within, 0)),
             100 * json_number_value(json_array_get(within, 1)));
}

void heal_show_course(struct heal_page *page, const json_t *report) {
    double seconds = 0;
    char span[HEAL_SPAN_MAX];

    show_split(page, json_object_get(report, "split"));
    (void)heal_field_number(report, "train_s", &seconds);
    line(page, "network", "%lld features, %lld wide, %lld weights, seed %lld",
         heal_field_integer(report, "features"), heal_field_integer(report, "hidden"),
         heal_field_integer(report, "weights"), heal_field_integer(report, "seed"));
    line(page, "epochs", "%lld in %s; number %lld was kept", heal_field_integer(report, "epochs"),
         heal_span_format(seconds, span), heal_field_integer(report, "best_epoch"));
    show_threshold(page, json_object_get(report, "threshold"));
}

/* ---- how good it is ---- */

static void add_figures(struct heal_table *table, const char *role, const json_t *tried, size_t network) {
    static const char *const names[] = {"accuracy", "precision", "recall", "f1", "fpr"};
    const json_t *figures = json_object_get(tried, networks[network].name);

    if (!json_is_object(figures))
        return;
    heal_table_add(table, HEAL_PLAIN, "%s", role);
    heal_table_add(table, HEAL_PLAIN, "%s", networks[network].words);
    heal_table_add(table, HEAL_PLAIN, "%lld", heal_field_integer(tried, "vertices"));
    heal_table_add(table, HEAL_PLAIN, "%lld", heal_field_integer(tried, "sick"));
    for (size_t i = 0; i < HEAL_COUNT(names); i++)
        heal_table_add_number(table, figures, names[i], 1, 4, "");
    heal_table_add_number(table, json_object_get(figures, "calibration"), "error", 1, 4, "");
    heal_table_add(table, HEAL_PLAIN, "%lld", heal_field_integer(figures, "false_alarms"));
    heal_table_add(table, HEAL_PLAIN, "%lld", heal_field_integer(figures, "missed"));
}

static void show_figures(const struct heal_page *page, const json_t *report) {
    static const struct heal_column column[] = {
        {"set",       false},
        {"network",   false},
        {"vertices",  true },
        {"sick",      true },
        {"accuracy",  true },
        {"precision", true },
        {"recall",    true },
        {"F1",        true },
        {"FPR",       true },
        {"ECE",       true },
        {"false",     true },
        {"missed",    true },
    };
    struct heal_table table;

    heal_table_init(&table, page, column, HEAL_COUNT(column));
    for (size_t role = 0; role < HEAL_COUNT(roles); role++)
        for (size_t network = 0; network < HEAL_COUNT(networks); network++)
            add_figures(&table, roles[role], json_object_get(report, roles[role]), network);
    heal_table_print(&table, NULL);
}

static const json_t *figures_of(const json_t *tried) {
    const json_t *int8 = json_object_get(tried, "int8");

    return json_is_object(int8) ? int8 : json_object_get(tried, "float");
}

static void show_kinds(const struct heal_page *page, const json_t *figures) {
    static const struct heal_column column[] = {
        {"kind",   false},
        {"sick",   true },
        {"found",  true },
        {"recall", true },
    };
    json_t *kinds = json_object_get(figures, "by_kind"), *found;
    struct heal_table table;
    const char *kind;

    heal_table_init(&table, page, column, HEAL_COUNT(column));
    json_object_foreach(kinds, kind, found) {
        heal_table_add(&table, HEAL_PLAIN, "%s", kind);
        heal_table_add(&table, HEAL_PLAIN, "%lld", heal_field_integer(found, "sick"));
        heal_table_add(&table, HEAL_PLAIN, "%lld", heal_field_integer(found, "found"));
        heal_table_add_number(&table, found, "recall", 1, 4, "");
    }
    heal_table_print(&table, NULL);
}

static void show_chances(const struct heal_page *page, const json_t *figures) {
    static const struct heal_column column[] = {
        {"chance",   false},
        {"vertices", true },
        {"said",     true },
        {"are sick", true },
    };
    const json_t *bins = json_object_get(json_object_get(figures, "calibration"), "bins"), *bin;
    struct heal_table table;
    size_t i;

    heal_table_init(&table, page, column, HEAL_COUNT(column));
    json_array_foreach(bins, i, bin) {
        heal_table_add(&table, HEAL_PLAIN, "%zu–%zu %%", 10 * i, 10 * (i + 1));
        heal_table_add(&table, HEAL_PLAIN, "%lld", heal_field_integer(bin, "vertices"));
        heal_table_add_number(&table, bin, "said", 100, 1, "%");
        heal_table_add_number(&table, bin, "sick", 100, 1, "%");
    }
    heal_table_print(&table, NULL);
}

/* What is wrong with graphs: of a network with kinds. */
static void show_classes(const struct heal_page *page, const char *role, const json_t *figures) {
    static const struct heal_column column[] = {
        {"graphs that are", false},
        {"F1",              true },
    };
    const json_t *classes = json_object_get(figures, "classes");
    json_t *f1 = json_object_get(classes, "f1"), *value;
    const char *kind;
    struct heal_table table;
    double accuracy;

    if (!heal_field_number(classes, "accuracy", &accuracy))
        return;
    fprintf(page->out, "\n%s, what is wrong with a graph: %.4f are told right\n", role, accuracy);
    heal_table_init(&table, page, column, HEAL_COUNT(column));
    json_object_foreach(f1, kind, value) {
        heal_table_add(&table, HEAL_PLAIN, "%s", kind);
        heal_table_add_number(&table, f1, kind, 1, 4, "");
    }
    heal_table_print(&table, NULL);
}

static void show_flips(const struct heal_page *page, const json_t *report) {
    for (size_t role = 0; role < HEAL_COUNT(roles); role++) {
        const json_t *tried = json_object_get(report, roles[role]);

        if (json_object_get(tried, "flips"))
            fprintf(page->out, "%s: INT8 decides %lld of %lld vertices otherwise than float\n", roles[role],
                    heal_field_integer(tried, "flips"), heal_field_integer(tried, "vertices"));
    }
}

void heal_show_tried(struct heal_page *page, const json_t *report) {
    size_t last = HEAL_COUNT(roles) - 1;

    show_figures(page, report);
    show_flips(page, report);
    while (last > 0 && !json_object_get(report, roles[last]))
        last--;
    const json_t *figures = figures_of(json_object_get(report, roles[last]));
    fprintf(page->out, "\n%s, by kind\n", roles[last]);
    show_kinds(page, figures);
    show_classes(page, roles[last], figures);
    fprintf(page->out, "\n%s, by the chance that was said\n", roles[last]);
    show_chances(page, figures);
}
