/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The part of the metrics page about the network on probation. */
#include <math.h>

#include "engine/probation.h"
#include "heald/metrics_parts.h"

static void mode(struct heal_exposition *x, const struct heal_probation *probation) {
    heal_exposition_family(x, "heald_detector_mode", HEAL_EXPOSITION_GAUGE,
                           "1 for the mode that a detector is in.");
    for (unsigned i = 0; i < HEAL_MODES; i++) {
        const struct heal_exposition_label label[] = {
            {"detector", "gnn"                            },
            {"mode",     heal_mode_name((enum heal_mode)i)},
            {NULL,       NULL                             }
        };

        heal_exposition_sample(x, probation->mode == (enum heal_mode)i, label);
    }
}

typedef void each_model(struct heal_exposition *x, const struct heald_view *view, enum heal_slot slot);

static void confusion(struct heal_exposition *x, const struct heald_view *view, enum heal_slot slot) {
    const struct heal_merit *merit = &heal_engine_probation(view->engine)->merit[slot];

    for (unsigned i = 0; i < HEAL_CELLS; i++) {
        const struct heal_exposition_label label[] = {
            {"detector", "gnn"                },
            {"slot",     heal_slot_names[slot]},
            {"cell",     heal_cell_names[i]   },
            {NULL,       NULL                 }
        };

        heal_exposition_sample(x, merit->judged[i], label);
    }
}

static void threshold(struct heal_exposition *x, const struct heald_view *view, enum heal_slot slot) {
    const struct heal_exposition_label label[] = {
        {"detector", "gnn"                },
        {"slot",     heal_slot_names[slot]},
        {NULL,       NULL                 }
    };
    const struct heal_merit *merit = &heal_engine_probation(view->engine)->merit[slot];

    heal_exposition_sample(x, (double)merit->in_force / HEAL_LOGIT_ONE, label);
}

static void precision(struct heal_exposition *x, const struct heald_view *view, enum heal_slot slot) {
    const struct heal_merit *merit = &heal_engine_probation(view->engine)->merit[slot];
    const struct heal_share share = heal_confusion_precision(&merit->confusion);
    const struct {
        const char *name;
        float value;
    } bound[] = {
        {"low",  share.interval.low },
        {"high", share.interval.high}
    };

    for (unsigned i = 0; i < 2; i++) {
        const struct heal_exposition_label label[] = {
            {"detector", "gnn"                },
            {"slot",     heal_slot_names[slot]},
            {"bound",    bound[i].name        },
            {NULL,       NULL                 }
        };

        heal_exposition_sample(x, (double)bound[i].value, label);
    }
}

static void drift(struct heal_exposition *x, const struct heald_view *view, enum heal_slot slot) {
    const struct heal_merit *merit = &heal_engine_probation(view->engine)->merit[slot];

    for (unsigned i = 0; i < HEAL_FEATURES; i++) {
        struct heal_drift_figure figure =
            heal_drift_figure(&merit->drift, &merit->training, (enum heal_feature)i);
        const struct {
            const char *name;
            float value;
        } kind[] = {
            {"outside", figure.outside.value},
            {"moved",   figure.moved        },
            {"trained", figure.trained      }
        };

        for (unsigned k = 0; k < 3; k++) {
            const struct heal_exposition_label label[] = {
                {"detector", "gnn"                },
                {"slot",     heal_slot_names[slot]},
                {"feature",  heal_feature_names[i]},
                {"kind",     kind[k].name         },
                {NULL,       NULL                 }
            };

            if (isfinite(kind[k].value))
                heal_exposition_sample(x, (double)kind[k].value, label);
        }
    }
}

static void reason(struct heal_exposition *x, const struct heald_view *view, enum heal_slot slot) {
    const struct heal_probation *probation = heal_engine_probation(view->engine);
    const struct heal_verdicts *verdicts = &probation->verdicts;
    const struct heal_reason *why = NULL;

    for (size_t i = verdicts->count; i > 0 && !why; i--)
        if (verdicts->of[i - 1].model == probation->merit[slot].model && verdicts->of[i - 1].why.known)
            why = &verdicts->of[i - 1].why;
    for (unsigned part = 0; why && part < HEAL_REASON_PARTS; part++) {
        const struct heal_exposition_label label[] = {
            {"detector", "gnn"                      },
            {"slot",     heal_slot_names[slot]      },
            {"part",     heal_reason_part_name(part)},
            {NULL,       NULL                       }
        };

        heal_exposition_sample(x, (double)heal_reason_part(why, part) / HEAL_LOGIT_ONE, label);
    }
}

static void weightiest(struct heal_exposition *x, const struct heald_view *view, enum heal_slot slot) {
    const struct heal_merit *merit = &heal_engine_probation(view->engine)->merit[slot];

    for (unsigned part = 0; part < HEAL_REASON_PARTS; part++) {
        const struct heal_exposition_label label[] = {
            {"detector", "gnn"                      },
            {"slot",     heal_slot_names[slot]      },
            {"part",     heal_reason_part_name(part)},
            {NULL,       NULL                       }
        };

        heal_exposition_sample(x, merit->weightiest[part], label);
    }
}

static void of_models(struct heal_exposition *x, const struct heald_view *view, each_model *each) {
    for (unsigned slot = 0; slot < HEAL_SLOTS; slot++)
        if (heal_engine_probation(view->engine)->merit[slot].model != 0)
            each(x, view, (enum heal_slot)slot);
}

void heald_metrics_detector(struct heal_exposition *x, const struct heald_view *view) {
    mode(x, heal_engine_probation(view->engine));
    heal_exposition_family(x, "heald_detector_confusion_total", HEAL_EXPOSITION_COUNTER,
                           "Verdicts and watches that were judged, by what they turned out to be.");
    of_models(x, view, confusion);
    heal_exposition_family(x, "heald_detector_threshold", HEAL_EXPOSITION_GAUGE,
                           "The logit above which a model raises an alarm.");
    of_models(x, view, threshold);
    heal_exposition_family(x, "heald_detector_precision_ratio", HEAL_EXPOSITION_GAUGE,
                           "Between what a model's precision lies, at 95 % on each end.");
    of_models(x, view, precision);
    heal_exposition_family(x, "heald_detector_drift", HEAL_EXPOSITION_GAUGE,
                           "How far a model's inputs are from what it knows, by feature and kind.");
    of_models(x, view, drift);
    heal_exposition_family(
        x, "heald_detector_reason_logits", HEAL_EXPOSITION_GAUGE,
        "What each feature of the port, and its neighbours together, had to do with the newest "
        "alarm: Shapley values of its logit.");
    of_models(x, view, reason);
    heal_exposition_family(x, "heald_detector_reasons_total", HEAL_EXPOSITION_COUNTER,
                           "Reasons of alarms that were worked out, by the part that spoke most for sick.");
    of_models(x, view, weightiest);
}
