/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* /v1/verdicts: what the network has said, and why. */
#include "engine/probation.h"
#include "heal/judgement.h"
#include "heald/api_json.h"

/* Of each feature its share, whether it was measured or not: a missing one's is 0. */
static json_t *features(const struct heal_reason *why) {
    json_t *list = json_array();

    for (unsigned i = 0; i < HEAL_FEATURES; i++)
        json_array_append_new(
            list,
            json_pack("{s:s, s:o, s:o, s:o}", "feature", heal_feature_names[i], "seen",
                      why->seen.valid >> i & 1 ? heald_json_float(why->seen.value[i]) : json_null(), "normal",
                      why->normal.valid >> i & 1 ? heald_json_float(why->normal.value[i]) : json_null(),
                      "share", heald_json_logit((double)why->share[i])));
    return list;
}

static json_t *neighbours(const struct heald_view *view, const struct heal_reason *why) {
    json_t *list = json_array();

    for (unsigned i = 0; i < why->shown && i < HEAL_REASON_NEIGHBOURS_MAX; i++)
        json_array_append_new(list, json_pack("{s:o, s:b, s:o, s:o}", "node",
                                              heald_json_node(view, why->neighbour[i].node), "other_end",
                                              (int)why->neighbour[i].other_end, "share",
                                              heald_json_logit((double)why->neighbour[i].share), "error",
                                              heald_json_logit((double)why->neighbour[i].error)));
    return list;
}

static json_t *why(const struct heald_view *view, const struct heal_reason *why) {
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "at", heald_json_time(why->at), "logit",
                     heald_json_logit(why->logit), "unmeasured", heald_json_logit(why->unmeasured), "alone",
                     heald_json_logit(why->alone), "features", features(why), "neighbours",
                     neighbours(view, why), "others", heald_json_logit((double)why->others));
}

static json_t *verdict(const struct heald_view *view, const struct heal_network_verdict *verdict) {
    char peer[HEAL_ADDRESS_TEXT];
    bool named = verdict->diagnosis < HEAL_DIAGNOSES;
    bool looked =
        verdict->port.ifname[0] != '\0'; /* that trouble was missed somewhere, says nothing of a port */
    json_t *object = json_pack(
        "{s:I, s:s, s:o, s:b, s:o, s:s, s:o, s:o, s:o, s:o}", "id", (json_int_t)verdict->id, "slot",
        heal_slot_names[verdict->shadow ? HEAL_SLOT_SHADOW : HEAL_SLOT_ACTIVE], "model",
        heald_json_model(verdict->model), "alarm", (int)verdict->alarm, "ifname",
        heald_json_name(verdict->port.ifname), "peer", heal_address_format(&verdict->port.peer, peer),
        "neighbour", heald_json_node(view, verdict->neighbour), "logit",
        looked ? heald_json_logit(verdict->logit) : json_null(), "chance",
        looked ? heald_json_float(heal_judgement_probability(verdict->logit)) : json_null(), "threshold",
        heald_json_logit(verdict->threshold));

    json_object_set_new(object, "begun", heald_json_time(verdict->begun));
    json_object_set_new(object, "last", heald_json_time(verdict->last));
    json_object_set_new(object, "over", json_boolean(verdict->over));
    json_object_set_new(object, "mode", json_string(heal_mode_name(verdict->mode)));
    json_object_set_new(object, "truth", json_string(heal_truth_names[verdict->truth]));
    json_object_set_new(object, "witness", json_string(heal_witness_names[verdict->witness]));
    json_object_set_new(object, "incident",
                        verdict->incident ? json_integer((json_int_t)verdict->incident) : json_null());
    json_object_set_new(object, "diagnosis",
                        named ? json_string(heal_diagnosis_slug((enum heal_diagnosis)verdict->diagnosis))
                              : json_null());
    json_object_set_new(object, "would", heald_json_name(verdict->would));
    json_object_set_new(object, "why", verdict->why.known ? why(view, &verdict->why) : json_null());
    return object;
}

json_t *heald_json_verdicts(const struct heald_view *view) {
    const struct heal_verdicts *verdicts = &heal_engine_probation(view->engine)->verdicts;
    json_t *page = heald_json_page(view), *list = json_array();

    for (size_t i = verdicts->count; i > 0; i--)
        json_array_append_new(list, verdict(view, &verdicts->of[i - 1]));
    json_object_set_new(page, "verdicts", list);
    return page;
}

static const struct heal_network_verdict *find(const struct heald_view *view, uint64_t id) {
    return heal_verdicts_find_const(&heal_engine_probation(view->engine)->verdicts, id);
}

json_t *heald_json_verdict(const struct heald_view *view, uint64_t id) {
    const struct heal_network_verdict *found = find(view, id);
    json_t *page = found ? heald_json_page(view) : NULL;

    if (page)
        json_object_update_new(page, verdict(view, found));
    return page;
}

bool heald_detector_has_verdict(const struct heald_view *view, uint64_t id) {
    const struct heal_network_verdict *found = find(view, id);

    return found && heal_probation_slot(heal_engine_probation(view->engine), found->model) != HEAL_SLOTS;
}
