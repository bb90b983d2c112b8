/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "knowledge/gate.h"

const char *const heal_gate_names[HEAL_GATES + 1] = {
    [HEAL_GATE_PASSED] = "passed",         [HEAL_GATE_NO_MODEL] = "no-model",
    [HEAL_GATE_FEW_ALARMS] = "few-alarms", [HEAL_GATE_FEW_WATCHES] = "few-watches",
    [HEAL_GATE_PRECISION] = "precision",   [HEAL_GATE_RECALL] = "recall",
    [HEAL_GATE_MOVED] = "moved",           [HEAL_GATE_OUTSIDE] = "outside",
};

/* How long it has been tried. */
static enum heal_gate check_counts(const struct heal_merit *merit, const struct heal_gate_setting *setting,
                                   struct heal_text *words) {
    struct heal_share precision = heal_confusion_precision(&merit->confusion);
    struct heal_share false_rate = heal_confusion_false_rate(&merit->confusion);
    if (merit->model == 0) {
        heal_text_add(words, "there is no model");
        return HEAL_GATE_NO_MODEL;
    }
    if (precision.trials < setting->alarms) {
        heal_text_add(words, "%u of its alarms were judged; %u are wanted", precision.trials,
                      setting->alarms);
        return HEAL_GATE_FEW_ALARMS;
    }
    if (false_rate.trials < setting->watches) {
        heal_text_add(words, "it has looked at %u healthy watches; %u are wanted", false_rate.trials,
                      setting->watches);
        return HEAL_GATE_FEW_WATCHES;
    }
    return HEAL_GATE_PASSED;
}

enum heal_gate heal_gate_check(const struct heal_merit *merit, const struct heal_gate_setting *setting,
                               struct heal_text *words) {
    struct heal_share precision = heal_confusion_precision(&merit->confusion);
    enum heal_gate counts = check_counts(merit, setting, words);
    if (counts != HEAL_GATE_PASSED)
        return counts;
    bool passes = precision.interval.low >= setting->precision;
    heal_text_add(words, "%u of its %u alarms were right, a precision of at least %.3f; %.3f is wanted",
                  precision.hits, precision.trials, (double)precision.interval.low,
                  (double)setting->precision);
    return passes ? HEAL_GATE_PASSED : HEAL_GATE_PRECISION;
}

/* NaN is no figure, and exceeds nothing. */
static enum heal_gate keep_inputs(const struct heal_merit *merit, const struct heal_gate_setting *setting,
                                  struct heal_text *words) {
    for (int i = 0; i < HEAL_FEATURES; i++) {
        struct heal_drift_figure figure =
            heal_drift_figure(&merit->drift, &merit->training, (enum heal_feature)i);
        if (figure.moved > setting->moved) {
            heal_text_add(words, "%s has moved by %.2f since it was let act; at most %.2f",
                          heal_feature_names[i], (double)figure.moved, (double)setting->moved);
            return HEAL_GATE_MOVED;
        }
        if (figure.samples >= HEAL_DRIFT_SAMPLES_LEAST && figure.outside.interval.low > setting->outside) {
            heal_text_add(words, "%.1f %% of %s lies outside of what it has learned from; at most %.1f %%",
                          100 * (double)figure.outside.value, heal_feature_names[i],
                          100 * (double)setting->outside);
            return HEAL_GATE_OUTSIDE;
        }
    }
    return HEAL_GATE_PASSED;
}

enum heal_gate heal_gate_keep(const struct heal_merit *merit, const struct heal_share *recent,
                              const struct heal_gate_setting *setting, struct heal_text *words) {
    if (merit->model == 0) {
        heal_text_add(words, "there is no model");
        return HEAL_GATE_NO_MODEL;
    }
    if (recent->trials < HEAL_GATE_KEEP_LEAST || recent->interval.high >= setting->keep_precision)
        return keep_inputs(merit, setting, words);
    heal_text_add(words, "%u of its last %u alarms were right, a precision of at most %.3f; %.3f is wanted",
                  recent->hits, recent->trials, (double)recent->interval.high,
                  (double)setting->keep_precision);
    return HEAL_GATE_PRECISION;
}

static struct heal_confusion since(const struct heal_confusion *now, const struct heal_confusion *before) {
    struct heal_confusion shown = *now;
    for (int i = 0; i < HEAL_CELLS; i++)
        shown.cell[i] -= before->cell[i] < shown.cell[i] ? before->cell[i] : shown.cell[i];
    for (int i = 0; i < HEAL_DIAGNOSES_AND_UNNAMED; i++) {
        struct heal_found *incidents = &shown.incidents[i];
        const struct heal_found *then = &before->incidents[i];
        incidents->found -= then->found < incidents->found ? then->found : incidents->found;
        incidents->missed -= then->missed < incidents->missed ? then->missed : incidents->missed;
    }
    return shown;
}

enum heal_gate heal_gate_compare(const struct heal_merit *shadow, const struct heal_merit *active,
                                 const struct heal_gate_setting *setting, struct heal_text *words) {
    enum heal_gate counts = check_counts(shadow, setting, words);
    if (counts != HEAL_GATE_PASSED || active->model == 0)
        return counts;
    const struct heal_confusion rival = since(&active->confusion, &shadow->rival.before);
    struct heal_share ours = heal_confusion_precision(&shadow->confusion),
                      theirs = heal_confusion_precision(&rival);
    if (ours.interval.low < theirs.interval.low) {
        heal_text_add(words, "its precision is at least %.3f, the active one's in the same time %.3f",
                      (double)ours.interval.low, (double)theirs.interval.low);
        return HEAL_GATE_PRECISION;
    }
    ours = heal_confusion_recall(&shadow->confusion, HEAL_DIAGNOSES_AND_UNNAMED);
    theirs = heal_confusion_recall(&rival, HEAL_DIAGNOSES_AND_UNNAMED);
    if (ours.interval.low < theirs.interval.low) {
        heal_text_add(words, "its recall is at least %.3f, the active one's in the same time %.3f",
                      (double)ours.interval.low, (double)theirs.interval.low);
        return HEAL_GATE_RECALL;
    }
    heal_text_add(words, "it is no worse than the active one in the same time");
    return HEAL_GATE_PASSED;
}
