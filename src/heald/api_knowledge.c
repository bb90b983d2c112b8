/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* /v1/thresholds and /v1/strategies: what the loop has learned. */
#include "heald/api_json.h"

json_t *heald_json_thresholds(const struct heald_view *view) {
    struct heal_threshold_status t;
    json_t *page = heald_json_page(view), *list = json_array();

    for (size_t i = 0; heal_engine_threshold(view->engine, i, &t); i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:I, s:I}", "metric",
                                              heal_metric_name(t.metric), "unit", heal_metric_unit(t.metric),
                                              "value", heald_json_float(t.value), "start",
                                              heald_json_float(t.start), "min", heald_json_float(t.min),
                                              "max", heald_json_float(t.max), "tightened",
                                              (json_int_t)t.tightened, "relaxed", (json_int_t)t.relaxed));
    json_object_set_new(page, "thresholds", list);
    return page;
}

json_t *heald_json_strategies(const struct heald_view *view) {
    struct heal_strategy_status s;
    json_t *page = heald_json_page(view), *list = json_array();

    for (size_t i = 0; heal_engine_strategy(view->engine, i, &s); i++)
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:I, s:I, s:o, s:o}", "diagnosis", heal_diagnosis_slug(s.diagnosis),
                            "remedy", heal_remedy_slug(s.remedy), "tried", (json_int_t)s.tried, "worked",
                            (json_int_t)s.worked, "success", heald_json_float(s.success), "mttr",
                            s.worked ? heald_json_float(s.mttr_s) : json_null()));
    json_object_set_new(page, "strategies", list);
    return page;
}
