/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* /v1/detector: the network's probation. */
#include "heald/api_json.h"

#include <math.h>

#include "base/number.h"
#include "base/text.h"
#include "engine/probation.h"

static json_t *share(const struct heal_share *share) {
    return json_pack("{s:I, s:I, s:o, s:o, s:o}", "hits", (json_int_t)share->hits, "trials",
                     (json_int_t)share->trials, "value", heald_json_float(heal_share_value(share)), "low",
                     heald_json_float(share->interval.low), "high", heald_json_float(share->interval.high));
}

static json_t *shares(const struct heal_confusion *confusion) {
    const struct heal_share precision = heal_confusion_precision(confusion),
                            recall = heal_confusion_recall(confusion, HEAL_DIAGNOSES_AND_UNNAMED),
                            false_rate = heal_confusion_false_rate(confusion);

    return json_pack("{s:o, s:o, s:o}", "precision", share(&precision), "recall", share(&recall),
                     "false_positive_rate", share(&false_rate));
}

static json_t *cells(const struct heal_confusion *confusion) {
    json_t *object = json_object();

    for (unsigned i = 0; i < HEAL_CELLS; i++)
        json_object_set_new(object, heal_cell_names[i], json_integer((json_int_t)confusion->cell[i]));
    return object;
}

static json_t *by_diagnosis(const struct heal_confusion *confusion) {
    json_t *list = json_array();

    for (unsigned i = 0; i < HEAL_DIAGNOSES_AND_UNNAMED; i++) {
        const struct heal_share recall = heal_confusion_recall(confusion, i);

        if (recall.trials == 0)
            continue;
        json_array_append_new(list, json_pack("{s:o, s:o}", "diagnosis",
                                              i < HEAL_DIAGNOSES
                                                  ? json_string(heal_diagnosis_slug((enum heal_diagnosis)i))
                                                  : json_null(),
                                              "recall", share(&recall)));
    }
    return list;
}

static json_t *calibration(const struct heal_calibration *calibration) {
    json_t *bins = json_array();

    for (unsigned i = 0; i < HEAL_CALIBRATION_BINS; i++) {
        const struct heal_calibration_bin *bin = &calibration->bin[i];
        float count = (float)bin->count;

        json_array_append_new(bins, json_pack("{s:f, s:f, s:I, s:o, s:o}", "from", i / 10.0, "to",
                                              (i + 1) / 10.0, "count", (json_int_t)bin->count, "said",
                                              heald_json_float(bin->chance / count), "sick",
                                              heald_json_float((float)bin->sick / count)));
    }
    return json_pack("{s:o, s:o}", "error", heald_json_float(heal_calibration_error(calibration)), "bins",
                     bins);
}

static json_t *drift(const struct heal_merit *merit) {
    json_t *list = json_array();

    for (unsigned i = 0; i < HEAL_FEATURES; i++) {
        struct heal_drift_figure figure =
            heal_drift_figure(&merit->drift, &merit->training, (enum heal_feature)i);

        json_array_append_new(list, json_pack("{s:s, s:I, s:o, s:{s:o, s:o, s:o}, s:o, s:o}", "feature",
                                              heal_feature_names[i], "samples", (json_int_t)figure.samples,
                                              "missing", heald_json_float(figure.missing), "outside", "value",
                                              heald_json_float(figure.outside.value), "low",
                                              heald_json_float(figure.outside.interval.low), "high",
                                              heald_json_float(figure.outside.interval.high), "moved",
                                              heald_json_float(figure.moved), "trained",
                                              heald_json_float(figure.trained)));
    }
    return list;
}

static json_t *threshold(const struct heal_merit *merit, float rate) {
    struct heal_conformal_bound bound = heal_conformal_bound(&merit->conformal, rate);

    return json_pack("{s:o, s:o, s:b, s:I, s:I, s:o, s:o, s:o}", "logit", heald_json_logit(merit->in_force),
                     "of_file", heald_json_logit(merit->threshold), "conformal", (int)bound.known, "scores",
                     (json_int_t)bound.scores, "needed", (json_int_t)bound.needed, "rate",
                     heald_json_float(bound.rate), "realised_low", heald_json_float(bound.realised.low),
                     "realised_high", heald_json_float(bound.realised.high));
}

static json_t *gate(enum heal_gate gate, const char *words) {
    return json_pack("{s:b, s:s, s:s}", "passed", (int)(gate == HEAL_GATE_PASSED), "reason",
                     heal_gate_names[gate], "words", words);
}

static json_t *gate_of(const struct heal_probation *probation, enum heal_slot slot,
                       const struct heal_gate_setting *setting) {
    const struct heal_merit *active = &probation->merit[HEAL_SLOT_ACTIVE];
    char words[HEAL_PROBATION_WORDS];
    struct heal_text text;

    heal_text_init(&text, words, sizeof words);
    enum heal_gate answer = slot == HEAL_SLOT_ACTIVE ? heal_gate_check(active, setting, &text)
                                                     : heal_gate_compare(&probation->merit[HEAL_SLOT_SHADOW],
                                                                         active, setting, &text);
    return gate(answer, words);
}

static json_t *model(const struct heald_view *view, enum heal_slot slot) {
    const struct heal_probation *probation = heal_engine_probation(view->engine);
    const struct heal_detector_setting *setting = &view->config->settings.detector;
    const struct heal_merit *merit = &probation->merit[slot];
    const struct heal_share recent = heal_judging_recent(
        &probation->verdicts, merit->model, slot == HEAL_SLOT_ACTIVE ? probation->acts_since : 0);

    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "slot", heal_slot_names[slot],
                     "model", heald_json_model(merit->model), "threshold",
                     threshold(merit, setting->false_rate), "confusion", cells(&merit->confusion), "shares",
                     shares(&merit->confusion), "recent", share(&recent), "diagnoses",
                     by_diagnosis(&merit->confusion), "calibration", calibration(&merit->calibration),
                     "drift", drift(merit), "gate", gate_of(probation, slot, &setting->gate));
}

json_t *heald_json_detector(const struct heald_view *view) {
    const struct heal_probation *probation = heal_engine_probation(view->engine);
    const struct heal_detector_setting *setting = &view->config->settings.detector;
    json_t *page = heald_json_page(view), *models = json_array();

    for (unsigned slot = 0; slot < HEAL_SLOTS; slot++)
        if (probation->merit[slot].model != 0)
            json_array_append_new(models, model(view, (enum heal_slot)slot));
    json_object_set_new(page, "mode", json_string(heal_mode_name(probation->mode)));
    json_object_set_new(page, "wanted", json_string(heal_mode_name(probation->wanted)));
    json_object_set_new(page, "forced", json_boolean(probation->forced));
    json_object_set_new(page, "fell",
                        probation->fell == HEAL_GATE_PASSED ? json_null()
                                                            : json_string(heal_gate_names[probation->fell]));
    json_object_set_new(page, "words", heald_json_name(probation->words));
    json_object_set_new(page, "watch", heald_json_time(setting->watch_us));
    json_object_set_new(page, "models", models);
    return page;
}

static bool may_activate(const struct heald_view *view, const struct heal_event_operator *order,
                         struct heal_text *words) {
    const struct heal_probation *probation = heal_engine_probation(view->engine);
    const struct heal_merit *shadow = &probation->merit[HEAL_SLOT_SHADOW];
    uint64_t model = 0;

    if (heal_number_parse_u64(order->argument, 16, &model) < 0 || shadow->model != model) {
        heal_text_add(words, "no model %.16s is in the shadow", order->argument);
        return false;
    }
    return heal_gate_compare(shadow, &probation->merit[HEAL_SLOT_ACTIVE],
                             &view->config->settings.detector.gate, words) == HEAL_GATE_PASSED ||
           order->number == 1;
}

bool heald_detector_may(const struct heald_view *view, const struct heal_event_operator *order,
                        char words[static HEALD_WORDS_MAX]) {
    const struct heal_merit *active = &heal_engine_probation(view->engine)->merit[HEAL_SLOT_ACTIVE];
    struct heal_text text;

    heal_text_init(&text, words, HEALD_WORDS_MAX);
    if (order->verb == HEAL_OPERATOR_ACTIVATE)
        return may_activate(view, order, &text);
    if (strcmp(order->argument, heal_mode_name(HEAL_MODE_ACT)) != 0)
        return true;
    enum heal_gate answer = heal_gate_check(active, &view->config->settings.detector.gate, &text);
    return answer == HEAL_GATE_PASSED || (answer != HEAL_GATE_NO_MODEL && order->number == 1);
}

bool heald_detector_can_be_told(const struct heald_view *view) {
    return heal_engine_can_be_told(view->engine);
}
