/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The network's probation: what each model has shown, and what it has said. */
#include <math.h>
#include <string.h>

#include "base/cleanup.h"
#include "healctl/show.h"

/* "97.06 % of 34 (86.76 to 99.40 %)": a share with its interval. */
static void add_share(struct heal_table *table, const json_t *share) {
    double value, low, high;

    if (!heal_field_number(share, "value", &value) || !heal_field_number(share, "low", &low) ||
        !heal_field_number(share, "high", &high)) {
        heal_table_add(table, HEAL_DIM, "-");
        return;
    }
    heal_table_add(table, HEAL_PLAIN, "%.2f %% of %lld (%.2f to %.2f %%)", 100 * value,
                   heal_field_integer(share, "trials"), 100 * low, 100 * high);
}

typedef void add_cell(struct heal_table *table, const json_t *model);

static void add_threshold(struct heal_table *table, const json_t *model) {
    const json_t *threshold = json_object_get(model, "threshold");
    double logit;

    if (!heal_field_number(threshold, "logit", &logit))
        heal_table_add(table, HEAL_DIM, "-");
    else
        heal_table_add(table, HEAL_PLAIN, "%.3f, a chance of %.1f %% (%s)", logit, 100 / (1 + exp(-logit)),
                       heal_field_true(threshold, "conformal") ? "calibrated here" : "of its file");
}

static void add_promise(struct heal_table *table, const json_t *model) {
    const json_t *threshold = json_object_get(model, "threshold");
    double rate = 0, low = 0, high = 0;

    (void)heal_field_number(threshold, "rate", &rate);
    (void)heal_field_number(threshold, "realised_low", &low);
    (void)heal_field_number(threshold, "realised_high", &high);
    if (heal_field_true(threshold, "conformal"))
        heal_table_add(table, HEAL_PLAIN, "at most %.2f %% (this one %.2f to %.2f %%)", 100 * rate, 100 * low,
                       100 * high);
    else
        heal_table_add(table, HEAL_WARN, "none yet: %lld of %lld watches",
                       heal_field_integer(threshold, "scores"), heal_field_integer(threshold, "needed"));
}

static void add_cells(struct heal_table *table, const json_t *model) {
    const json_t *cell = json_object_get(model, "confusion");

    heal_table_add(table, HEAL_PLAIN, "%lld right, %lld false, %lld missed, %lld right silences",
                   heal_field_integer(cell, "right-alarm"), heal_field_integer(cell, "false-alarm"),
                   heal_field_integer(cell, "missed"), heal_field_integer(cell, "right-silence"));
}

static void add_precision(struct heal_table *table, const json_t *model) {
    add_share(table, json_object_get(json_object_get(model, "shares"), "precision"));
}

static void add_recall(struct heal_table *table, const json_t *model) {
    add_share(table, json_object_get(json_object_get(model, "shares"), "recall"));
}

static void add_false_rate(struct heal_table *table, const json_t *model) {
    add_share(table, json_object_get(json_object_get(model, "shares"), "false_positive_rate"));
}

static void add_recent(struct heal_table *table, const json_t *model) {
    add_share(table, json_object_get(model, "recent"));
}

static void add_calibration(struct heal_table *table, const json_t *model) {
    heal_table_add_number(table, json_object_get(model, "calibration"), "error", 1, 3, "");
}

static void add_gate(struct heal_table *table, const json_t *model) {
    const json_t *gate = json_object_get(model, "gate");
    bool passed = heal_field_true(gate, "passed");

    heal_table_add(table, passed ? HEAL_GOOD : HEAL_WARN, "%s: %s", passed ? "passed" : "not passed",
                   heal_field_text(gate, "words", "-"));
}

static void add_model(struct heal_table *table, const json_t *model) {
    heal_table_add_text(table, HEAL_PLAIN, model, "model");
}

/* One row a figure, one column a model. */
static void figures(struct heal_page *page, const json_t *models) {
    static const struct {
        const char *name;
        add_cell *add;
    } row[] = {
        {"model",                            add_model      },
        {"threshold (logit)",                add_threshold  },
        {"promised false alarms",            add_promise    },
        {"alarms and watches",               add_cells      },
        {"precision",                        add_precision  },
        {"recall",                           add_recall     },
        {"false alarms, of healthy watches", add_false_rate },
        {"precision of the last alarms",     add_recent     },
        {"calibration error",                add_calibration},
        {"gate",                             add_gate       },
    };
    struct heal_column column[HEAL_COLUMNS_MAX] = {
        {"FIGURE", false}
    };
    struct heal_table table;
    const json_t *model;
    size_t count = 1, i;

    json_array_foreach(models, i, model) {
        if (count < HEAL_COLUMNS_MAX)
            column[count++] = (struct heal_column){heal_field_text(model, "slot", "-"), false};
    }
    heal_table_init(&table, page, column, count);
    for (size_t r = 0; r < HEAL_COUNT(row); r++) {
        heal_table_add(&table, HEAL_PLAIN, "%s", row[r].name);
        for (size_t m = 0; m + 1 < count; m++)
            row[r].add(&table, json_array_get(models, m));
    }
    heal_table_print(&table, NULL);
}

static void diagnoses(struct heal_page *page, const json_t *model) {
    static const struct heal_column column[] = {
        {"DIAGNOSIS", false},
        {"RECALL",    false},
    };
    struct heal_table table;
    const json_t *row;
    size_t i;

    heal_table_init(&table, page, column, HEAL_COUNT(column));
    json_array_foreach(json_object_get(model, "diagnoses"), i, row) {
        heal_table_add_text(&table, HEAL_PLAIN, row, "diagnosis");
        add_share(&table, json_object_get(row, "recall"));
    }
    heal_table_print(&table, "no trouble was found or missed so far");
}

static void reliability(struct heal_page *page, const json_t *model) {
    static const struct heal_column column[] = {
        {"CHANCE", true},
        {"TIMES",  true},
        {"SAID",   true},
        {"SICK",   true},
    };
    struct heal_table table;
    const json_t *bin;
    size_t i;

    heal_table_init(&table, page, column, HEAL_COUNT(column));
    json_array_foreach(json_object_get(json_object_get(model, "calibration"), "bins"), i, bin) {
        double from = 0, to = 0;

        if (heal_field_integer(bin, "count") == 0)
            continue;
        (void)heal_field_number(bin, "from", &from);
        (void)heal_field_number(bin, "to", &to);
        heal_table_add(&table, HEAL_PLAIN, "%.0f to %.0f %%", 100 * from, 100 * to);
        heal_table_add_number(&table, bin, "count", 1, 0, "");
        heal_table_add_number(&table, bin, "said", 100, 1, "%");
        heal_table_add_number(&table, bin, "sick", 100, 1, "%");
    }
    heal_table_print(&table, "nothing was judged so far");
}

static void drift(struct heal_page *page, const json_t *model) {
    static const struct heal_column column[] = {
        {"FEATURE", false},
        {"SAMPLES", true },
        {"MISSING", true },
        {"OUTSIDE", true },
        {"MOVED",   true },
        {"TRAINED", true },
    };
    struct heal_table table;
    const json_t *row;
    size_t i;

    heal_table_init(&table, page, column, HEAL_COUNT(column));
    json_array_foreach(json_object_get(model, "drift"), i, row) {
        heal_table_add_text(&table, HEAL_PLAIN, row, "feature");
        heal_table_add_number(&table, row, "samples", 1, 0, "");
        heal_table_add_number(&table, row, "missing", 100, 1, "%");
        heal_table_add_number(&table, json_object_get(row, "outside"), "value", 100, 1, "%");
        heal_table_add_number(&table, row, "moved", 1, 3, "");
        heal_table_add_number(&table, row, "trained", 1, 3, "");
    }
    heal_table_print(&table, NULL);
}

static void tables(struct heal_page *page, const json_t *model) {
    fputc('\n', page->out);
    heal_page_print(page, HEAL_BOLD, "The %s model", heal_field_text(model, "slot", "-"));
    fputc('\n', page->out);
    diagnoses(page, model);
    fputc('\n', page->out);
    reliability(page, model);
    fputc('\n', page->out);
    drift(page, model);
}

void heal_show_detector(struct heal_page *page, const json_t *reply) {
    const json_t *models = json_object_get(reply, "models"), *model;
    const char *words = heal_field_text(reply, "words", NULL);
    size_t i;

    heal_page_print(page, HEAL_PLAIN, "the network is in mode %s%s%s%s", heal_field_text(reply, "mode", "-"),
                    heal_field_true(reply, "forced") ? " (forced)" : "", words ? ": " : "",
                    words ? words : "");
    fputc('\n', page->out);
    if (json_array_size(models) == 0) {
        heal_page_print(page, HEAL_WARN, "there is no model: the thresholds judge alone");
        fputc('\n', page->out);
        return;
    }
    figures(page, models);
    json_array_foreach(models, i, model) {
        tables(page, model);
    }
}

/* What speaks for sick, in logits. */
struct part {
    const char *name;
    double share;
};

/* Puts a part where it belongs among the weightiest two; one that speaks against it is none of them. */
static void weigh(struct part weightiest[static 2], const char *name, double share) {
    if (share < 0.05 || share <= weightiest[1].share)
        return;
    weightiest[1] = (struct part){name, share};
    if (share > weightiest[0].share) {
        weightiest[1] = weightiest[0];
        weightiest[0] = (struct part){name, share};
    }
}

static void add_why(struct heal_table *table, const json_t *verdict) {
    const json_t *why = json_object_get(verdict, "why"), *feature;
    struct part weightiest[2] = {
        {NULL, 0}
    };
    double share = 0, alone = 0;
    size_t i;

    json_array_foreach(json_object_get(why, "features"), i, feature) {
        if (heal_field_number(feature, "share", &share))
            weigh(weightiest, heal_field_text(feature, "feature", "-"), share);
    }
    if (heal_field_number(why, "logit", &share) && heal_field_number(why, "alone", &alone))
        weigh(weightiest, "neighbours", share - alone);
    if (!weightiest[0].name)
        heal_table_add(table, HEAL_DIM, "-");
    else if (!weightiest[1].name)
        heal_table_add(table, HEAL_PLAIN, "%s %+.1f", weightiest[0].name, weightiest[0].share);
    else
        heal_table_add(table, HEAL_PLAIN, "%s %+.1f, %s %+.1f", weightiest[0].name, weightiest[0].share,
                       weightiest[1].name, weightiest[1].share);
}

void heal_show_verdicts(struct heal_page *page, const json_t *reply) {
    static const struct heal_column column[] = {
        {"VERDICT",   true },
        {"SINCE",     true },
        {"SLOT",      false},
        {"PORT",      false},
        {"TO",        false},
        {"CHANCE",    true },
        {"WHY",       false},
        {"MODE",      false},
        {"TRUTH",     false},
        {"BY",        false},
        {"INCIDENT",  true },
        {"DIAGNOSIS", false},
        {"WOULD BE",  false},
    };
    struct heal_table table;
    const json_t *verdict;
    size_t i;

    heal_table_init(&table, page, column, HEAL_COUNT(column));
    json_array_foreach(json_object_get(reply, "verdicts"), i, verdict) {
        const char *truth = heal_field_text(verdict, "truth", "-"),
                   *witness = heal_field_text(verdict, "witness", "-");
        bool missed = !heal_field_true(verdict, "alarm") && strcmp(truth, "true") == 0;

        heal_table_add(&table, HEAL_PLAIN, "v%lld", heal_field_integer(verdict, "id"));
        heal_table_add_age(&table, verdict, "begun");
        heal_table_add_text(&table, HEAL_PLAIN, verdict, "slot");
        heal_table_add_text(&table, HEAL_PLAIN, verdict, "ifname");
        heal_table_add_text(&table, HEAL_PLAIN, verdict, "neighbour");
        heal_table_add_number(&table, verdict, "chance", 100, 1, "%");
        add_why(&table, verdict);
        heal_table_add_text(&table, HEAL_PLAIN, verdict, "mode");
        heal_table_add(&table, strcmp(truth, "false") == 0 || missed ? HEAL_BAD : HEAL_PLAIN, "%s",
                       missed                       ? "missed"
                       : strcmp(truth, "open") == 0 ? "not known yet"
                                                    : truth);
        heal_table_add(&table, HEAL_DIM, "%s", strcmp(witness, "none") == 0 ? "-" : witness);
        heal_table_add_number(&table, verdict, "incident", 1, 0, "");
        heal_table_add_text(&table, HEAL_PLAIN, verdict, "diagnosis");
        heal_table_add_text(&table, HEAL_PLAIN, verdict, "would");
    }
    heal_table_print(&table, "the network has raised no alarm so far");
}
