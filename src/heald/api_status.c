/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* /v1/status and /v1/feedback. */
#include <time.h>

#include "heald/api_json.h"
#include "heald/condition.h"
#include "heald/feature.h"

static json_t *mean(float sum, uint32_t count) {
    return count ? heald_json_float(sum / (float)count) : json_null();
}

static json_t *parts(const struct heald_view *view) {
    json_t *list = json_array();

    for (unsigned i = 0; i < HEALD_PARTS; i++) {
        const struct heald_part_status *part = &view->part[i];

        json_array_append_new(list, json_pack("{s:s, s:b, s:b, s:o}", "name",
                                              heald_part_name((enum heald_part)i), "wanted", part->wanted,
                                              "works", part->works, "words", heald_json_name(part->words)));
    }
    return list;
}

/* What holds now; as a rule nothing. */
static json_t *degraded(const struct heald_view *view) {
    json_t *list = json_array();

    for (unsigned i = 0; view->condition && i < HEALD_CONDITIONS; i++) {
        const struct heald_condition_rule *rule = heald_condition_rule((enum heald_condition)i);
        const struct heald_condition_status *status = &view->condition[i];

        if (status->holds)
            json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:s}", "condition", rule->name, "since",
                                                  heald_json_time(status->since), "words",
                                                  heald_json_name(status->words), "meaning", rule->meaning));
    }
    return list;
}

static json_t *incidents_by_diagnosis(const struct heal_engine_status *status) {
    json_t *object = json_object();

    for (unsigned i = 0; i < HEAL_DIAGNOSES; i++)
        if (status->incidents_total[i])
            json_object_set_new(object, heal_diagnosis_slug((enum heal_diagnosis)i),
                                json_integer(status->incidents_total[i]));
    return object;
}

static json_t *actions_by_remedy(const struct heal_engine_status *status) {
    json_t *object = json_object();

    for (unsigned i = 0; i < HEAL_REMEDIES; i++) {
        const uint32_t *count = status->actions_total[i];

        if (count[0] || count[1] || count[2])
            json_object_set_new(object, heal_remedy_slug((enum heal_remedy)i),
                                json_pack("{s:i, s:i, s:i}", "worked", (int)count[0], "failed", (int)count[1],
                                          "would", (int)count[2]));
    }
    return object;
}

static json_t *suppressed_by_reason(const struct heal_engine_status *status) {
    json_t *object = json_object();

    for (unsigned i = HEAL_NOT_SUPPRESSED + 1; i < HEAL_SUPPRESSIONS; i++)
        if (status->suppressed_total[i])
            json_object_set_new(object, heal_suppression_name((enum heal_suppression)i),
                                json_integer(status->suppressed_total[i]));
    return object;
}

static json_t *feedback_of(const struct heal_feedback_status *feedback) {
    return json_pack("{s:i, s:i, s:i, s:i, s:i, s:i, s:i}", "updates", (int)feedback->updates, "confirmed",
                     (int)feedback->confirmed, "refuted", (int)feedback->refuted, "missed",
                     (int)feedback->missed, "tightened", (int)feedback->tightened, "relaxed",
                     (int)feedback->relaxed, "strategies", (int)feedback->strategies);
}

static json_t *node_feature(const struct heal_engine_status *status, enum heal_feature feature) {
    return heald_feature_is_known(&status->node_features, feature)
               ? heald_json_float(status->node_features.value[feature])
               : json_null();
}

static json_t *loop(const struct heald_view *view) {
    const struct heald_lag *lag = view->lag;

    return json_pack("{s:o, s:o, s:I}", "lag_mean",
                     lag->count ? heald_json_number(lag->sum_s / (double)lag->count) : json_null(), "lag_max",
                     lag->count ? heald_json_number(lag->max_s) : json_null(), "events_dropped",
                     (json_int_t)view->counters->events_dropped);
}

/* How acting stands: the mode, and what holds it back. */
static json_t *standing(const struct heald_view *view, const struct heal_engine_status *status) {
    return json_pack("{s:s, s:b, s:b, s:o, s:o, s:b, s:i, s:o, s:I, s:o}", "mode",
                     heal_mode_name(status->mode), "ready", view->ready, "paused", status->paused,
                     "paused_until", status->paused ? heald_json_time(status->paused_until) : json_null(),
                     "pause_reason", heald_json_name(status->pause_reason), "storm", status->storm,
                     "leftovers", (int)status->leftovers, "reload_error", heald_json_name(view->reload_error),
                     "started_unix", (json_int_t)view->started_unix_s, "started",
                     heald_json_time(view->started));
}

json_t *heald_json_status(const struct heald_view *view) {
    struct heal_engine_status status;
    json_t *page = heald_json_page(view);

    if (!page)
        return NULL;
    heal_engine_status(view->engine, &status);
    json_object_update_new(page, standing(view, &status));
    json_object_update_new(
        page, json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:o}", "ports",
                        (json_int_t)status.ports, "neighbours_healthy", (json_int_t)status.neighbours_healthy,
                        "incidents_open", (json_int_t)status.incidents_open, "incidents_reported",
                        (json_int_t)status.incidents_reported, "routes", (json_int_t)status.routes, "rounds",
                        (json_int_t)status.rounds, "cpu", node_feature(&status, HEAL_FEATURE_CPU), "memory",
                        node_feature(&status, HEAL_FEATURE_MEMORY), "mttd",
                        mean(status.mttd_sum_s, status.mttd_count), "mttr",
                        mean(status.mttr_sum_s, status.mttr_count)));
    json_object_update_new(
        page, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "incidents_total",
                        incidents_by_diagnosis(&status), "actions_total", actions_by_remedy(&status),
                        "suppressed_total", suppressed_by_reason(&status), "feedback",
                        feedback_of(&status.feedback), "loop", loop(view), "network",
                        heald_json_networks(view, false), "parts", parts(view), "degraded", degraded(view)));
    return page;
}

json_t *heald_json_feedback(const struct heald_view *view) {
    struct heal_engine_status status;
    json_t *page = heald_json_page(view);

    heal_engine_status(view->engine, &status);
    if (page)
        json_object_update_new(page, feedback_of(&status.feedback));
    return page;
}
