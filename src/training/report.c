/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "training/report.h"

#include <math.h>

static json_t *number(double value) {
    return isfinite(value) ? json_real(value) : json_null();
}

static double share(uint64_t part, uint64_t whole) {
    return whole > 0 ? (double)part / (double)whole : (double)NAN;
}

static json_t *calibration_of(const struct heal_calibration *calibration) {
    json_t *bins = json_array();

    for (unsigned i = 0; i < HEAL_CALIBRATION_BINS; i++) {
        uint32_t count = calibration->bin[i].count;

        json_array_append_new(bins, json_pack("{s:I, s:o, s:o}", "vertices", (json_int_t)count, "said",
                                              number((double)calibration->bin[i].chance / count), "sick",
                                              number(share(calibration->bin[i].sick, count))));
    }
    return json_pack("{s:o, s:o}", "error", number((double)heal_calibration_error(calibration)), "bins",
                     bins);
}

static json_t *kinds_of(const struct heal_figures *figures, const struct heal_dataset *set) {
    json_t *kinds = json_object();

    for (unsigned k = 0; k < set->kinds; k++) {
        uint64_t sick = figures->found[k] + figures->missed[k];

        if (sick > 0)
            json_object_set_new(kinds, set->kind[k],
                                json_pack("{s:I, s:I, s:f}", "sick", (json_int_t)sick, "found",
                                          (json_int_t)figures->found[k], "recall",
                                          share(figures->found[k], sick)));
    }
    return kinds;
}

static json_t *figures_of(const struct heal_figures *figures, const struct heal_dataset *set) {
    const struct heal_gnn_score *score = &figures->score;

    if (!figures->known)
        return json_null();
    return json_pack("{s:f, s:f, s:f, s:f, s:f, s:I, s:I, s:I, s:I, s:o, s:o}", "accuracy",
                     heal_gnn_score_accuracy(score), "precision", heal_gnn_score_precision(score), "recall",
                     heal_gnn_score_recall(score), "f1", heal_gnn_score_f1(score), "fpr",
                     heal_gnn_score_false_rate(score), "right_alarms", (json_int_t)score->right_alarms,
                     "false_alarms", (json_int_t)score->false_alarms, "missed", (json_int_t)score->missed,
                     "right_silences", (json_int_t)score->right_silences, "by_kind", kinds_of(figures, set),
                     "calibration", calibration_of(&figures->calibration));
}

static json_t *classes_of(const struct heal_classes *classes, const struct heal_tried *tried) {
    json_t *f1 = json_object();

    for (unsigned c = 0; c < tried->comparison->classes; c++) {
        const struct heal_gnn_score *of = &classes->of[c];
        bool asked = of->right_alarms + of->false_alarms + of->missed > 0;

        json_object_set_new(f1, tried->set->kind[c], number(asked ? heal_gnn_score_f1(of) : (double)NAN));
    }
    return json_pack("{s:o, s:o}", "accuracy", number(share(classes->right, tried->comparison->graphs)), "f1",
                     f1);
}

static void add_classes(json_t *report, const struct heal_tried *tried) {
    const struct heal_comparison *comparison = tried->comparison;

    if (comparison->single.known)
        json_object_set_new(json_object_get(report, "float"), "classes",
                            classes_of(&comparison->single_classes, tried));
    if (comparison->integer.known)
        json_object_set_new(json_object_get(report, "int8"), "classes",
                            classes_of(&comparison->integer_classes, tried));
    if (comparison->single.known && comparison->integer.known)
        json_object_set_new(report, "class_flips", json_integer((json_int_t)comparison->class_flips));
}

json_t *heal_report_tried(const struct heal_tried *tried) {
    const struct heal_comparison *comparison = tried->comparison;
    json_t *report = json_pack(
        "{s:s, s:I, s:I, s:I, s:I, s:o, s:o}", "set", tried->name, "graphs", (json_int_t)comparison->graphs,
        "vertices", (json_int_t)comparison->vertices, "sick", (json_int_t)comparison->sick, "unknown",
        (json_int_t)comparison->unknown, "float", figures_of(&comparison->single, tried->set), "int8",
        figures_of(&comparison->integer, tried->set));

    if (comparison->single.known && comparison->integer.known)
        json_object_set_new(report, "flips", json_integer((json_int_t)comparison->flips));
    if (comparison->classes > 0)
        add_classes(report, tried);
    return report;
}

static json_t *split_of(const struct heal_course *course) {
    return json_pack("{s:s, s:i, s:i, s:I, s:I, s:I, s:I, s:I}", "by",
                     course->split.by == HEAL_SPLIT_RUN ? "run" : "time", "piece",
                     (int)course->settings.split.piece, "pieces", (int)course->settings.split.pieces, "runs",
                     (json_int_t)course->split.runs, "runs_kept", (json_int_t)course->split.runs_kept,
                     "graphs_learnt", (json_int_t)course->graphs_learnt, "graphs_kept",
                     (json_int_t)course->graphs_kept, "graphs_left_out", (json_int_t)course->split.left_out);
}

static json_t *threshold_of(const struct heal_threshold *threshold) {
    double logit = (double)threshold->logit / HEAL_GNN_LOGIT_ONE;

    if (!threshold->bound.known)
        return json_pack("{s:f, s:s}", "logit", logit, "by", "f1");
    return json_pack("{s:f, s:s, s:f, s:[f, f]}", "logit", logit, "by", "fpr", "fpr",
                     (double)threshold->bound.rate, "within", (double)threshold->bound.realised.low,
                     (double)threshold->bound.realised.high);
}

static json_t *curve_of(const struct heal_course *course) {
    json_t *curve = json_array();

    for (unsigned i = 0; i < course->epochs; i++)
        json_array_append_new(curve,
                              json_pack("{s:o, s:o}", "learnt", number((double)course->point[i].learnt),
                                        "validated", number((double)course->point[i].kept)));
    return curve;
}

json_t *heal_report_course(const struct heal_course *course) {
    struct heal_gnn_layout layout;

    heal_gnn_layout_make(&course->shape, &layout);
    return json_pack("{s:i, s:i, s:i, s:I, s:o, s:o, s:i, s:i, s:o}", "features", (int)course->shape.inputs,
                     "hidden", (int)course->shape.hidden, "weights", (int)layout.weights, "seed",
                     (json_int_t)course->settings.recipe.seed, "split", split_of(course), "threshold",
                     threshold_of(&course->threshold), "epochs", (int)course->epochs, "best_epoch",
                     (int)course->best, "curve", curve_of(course));
}
