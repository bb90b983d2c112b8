/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* /v1/network: what the mesh's network says of this node's ports, and on what that rests. */
#include "engine/probation.h"
#include "heald/api_json.h"
#include "heald/network_state.h"

static json_t *probability(int32_t logit) {
    return heald_json_float(heal_judgement_probability(logit));
}

/* The neighbour's name, by the port. */
static json_t *neighbour_of(const struct heald_view *view, const struct heal_port_key *key) {
    struct heal_port_status port;

    for (size_t i = 0; heal_engine_port(view->engine, i, &port); i++)
        if (heal_port_key_equal(&port.key, key) && port.neighbour_name[0])
            return heald_json_name(port.neighbour_name);
    return json_null();
}

static json_t *lacked_of(const struct heal_judgement *judgement) {
    json_t *object = json_object();

    for (unsigned i = HEAL_TOLD_FRESH + 1; i < HEAL_TOLDS; i++)
        if (judgement->lacked[i] > 0)
            json_object_set_new(object, heal_told_names[i], json_integer(judgement->lacked[i]));
    return object;
}

static json_t *port_of(const struct heald_view *view, const struct heal_judgement *judgement) {
    char address[HEAL_ADDRESS_TEXT];

    return json_pack("{s:o, s:s, s:o, s:b, s:b, s:b, s:o, s:o, s:o, s:o, s:I, s:s, s:s, s:o}", "ifname",
                     heald_json_name(judgement->port.ifname), "peer",
                     heal_address_format(&judgement->port.peer, address), "neighbour",
                     neighbour_of(view, &judgement->port), "judged", judgement->judged, "sick",
                     judgement->sick, "whole", judgement->whole, "since",
                     judgement->since != 0 ? heald_json_time(judgement->since) : json_null(), "probability",
                     judgement->judged ? probability(judgement->logit) : json_null(), "alone",
                     judgement->judged ? probability(judgement->alone) : json_null(), "logit",
                     judgement->judged ? heald_json_logit(judgement->logit) : json_null(), "tick",
                     (json_int_t)judgement->tick, "inputs", heal_told_names[judgement->input], "state",
                     heal_told_names[judgement->state], "lacked", lacked_of(judgement));
}

static json_t *slot_of(const struct heald_view *view, enum heal_slot slot, bool ports) {
    struct heal_judgement judgement;
    uint64_t model;
    int32_t threshold;
    int judged = 0, whole = 0, sick = 0;
    json_t *list = json_array();

    if (!heal_engine_network(view->engine, slot, &model, &threshold)) {
        json_decref(list);
        return json_null();
    }
    for (size_t i = 0; heal_engine_judgement(view->engine, slot, i, &judgement); i++) {
        judged += judgement.judged;
        whole += judgement.judged && judgement.whole;
        sick += judgement.sick;
        if (ports)
            json_array_append_new(list, port_of(view, &judgement));
    }
    json_t *object = json_pack("{s:o, s:o, s:i, s:i, s:i}", "model", heald_json_model(model), "threshold",
                               probability(threshold), "judged", judged, "whole", whole, "sick", sick);
    if (ports)
        json_object_set(object, "ports", list);
    json_decref(list);
    return object;
}

json_t *heald_json_networks(const struct heald_view *view, bool ports) {
    enum heald_network_state state = heald_network_state(view, heald_now());

    return json_pack("{s:s, s:s, s:o, s:o}", "state", heald_network_state_names[state], "mode",
                     heal_mode_name(heal_engine_probation(view->engine)->mode), "active",
                     slot_of(view, HEAL_SLOT_ACTIVE, ports), "shadow",
                     slot_of(view, HEAL_SLOT_SHADOW, ports));
}

json_t *heald_json_network(const struct heald_view *view) {
    json_t *page = heald_json_page(view);

    if (page)
        json_object_set_new(page, "network", heald_json_networks(view, true));
    return page;
}
