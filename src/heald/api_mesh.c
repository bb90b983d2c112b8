/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* /v1/nodes and /v1/links: the mesh as this node sees it. */
#include <string.h>

#include "heald/api_json.h"
#include "heald/feature.h"

static json_t *features_of(const struct heal_features *features) {
    json_t *object = json_object();

    for (unsigned i = 0; i < HEAL_FEATURES; i++)
        json_object_set_new(object, heal_feature_names[i],
                            heald_feature_is_known(features, i) ? heald_json_float(features->value[i])
                                                                : json_null());
    return object;
}

/* A share that was measured; below zero it was not. */
static json_t *share(float value) {
    return value >= 0 ? heald_json_float(value) : json_null();
}

/* @return the incident that concerns the port, the oldest that is open; null without one. */
static json_t *incident_of_port(const struct heald_view *view, const struct heal_port_status *port) {
    struct heal_incident_status incident;

    for (size_t i = 0; heal_engine_incident(view->engine, i, &incident); i++) {
        bool named = port->neighbour_name[0] && (strcmp(incident.node, port->neighbour_name) == 0 ||
                                                 strcmp(incident.other, port->neighbour_name) == 0);

        if (incident.closed == 0 && incident.ifname[0] && strcmp(incident.ifname, port->key.ifname) == 0 &&
            (named || !port->neighbour_name[0]))
            return json_integer((json_int_t)incident.id);
    }
    return json_null();
}

static json_t *link_of(const struct heald_view *view, const struct heal_port_status *port) {
    char address[HEAL_ADDRESS_TEXT];

    return json_pack(
        "{s:o, s:s, s:o, s:b, s:b, s:b, s:i, s:o, s:o, s:o, s:o, s:o}", "ifname",
        heald_json_name(port->key.ifname), "peer", heal_address_format(&port->key.peer, address), "neighbour",
        port->neighbour_name[0] ? heald_json_name(port->neighbour_name)
                                : heald_json_node(view, port->neighbour),
        "up", port->up, "hears", port->hears, "examined", port->examined, "cost", (int)port->cost, "loss_in",
        share(port->loss_in), "loss_out", share(port->loss_out), "incident", incident_of_port(view, port),
        "features", features_of(&port->features), "normal", features_of(&port->normal));
}

json_t *heald_json_links(const struct heald_view *view) {
    struct heal_port_status port;
    json_t *page = heald_json_page(view), *list = json_array();

    for (size_t i = 0; heal_engine_port(view->engine, i, &port); i++)
        json_array_append_new(list, link_of(view, &port));
    json_object_set_new(page, "links", list);
    return page;
}

/* @return the open incidents that name the node. */
static json_t *incidents_of(const struct heald_view *view, const char *node) {
    struct heal_incident_status incident;
    json_t *list = json_array();

    for (size_t i = 0; heal_engine_incident(view->engine, i, &incident); i++)
        if (incident.closed == 0 && (strcmp(incident.node, node) == 0 || strcmp(incident.other, node) == 0))
            json_array_append_new(list, json_integer((json_int_t)incident.id));
    return list;
}

static bool is_same_node(const struct heal_port_status *a, const struct heal_port_status *b) {
    return a->neighbour == b->neighbour && strcmp(a->neighbour_name, b->neighbour_name) == 0;
}

/* A neighbour, once, however many links lead to it; null where an earlier port named it already. */
static json_t *neighbour_of(const struct heald_view *view, size_t index,
                            const struct heal_port_status *port) {
    struct heal_port_status other;
    int links = 0, heard = 0;

    for (size_t i = 0; heal_engine_port(view->engine, i, &other); i++) {
        if (!is_same_node(&other, port))
            continue;
        if (i < index)
            return NULL;
        links++;
        heard += other.up && other.hears;
    }
    return json_pack("{s:o, s:b, s:i, s:i, s:o}", "name",
                     port->neighbour_name[0] ? heald_json_name(port->neighbour_name)
                                             : heald_json_node(view, port->neighbour),
                     "self", 0, "links", links, "links_alive", heard, "incidents",
                     incidents_of(view, port->neighbour_name));
}

json_t *heald_json_nodes(const struct heald_view *view) {
    struct heal_engine_status status;
    struct heal_port_status port;
    json_t *page = heald_json_page(view), *list = json_array();

    heal_engine_status(view->engine, &status);
    json_array_append_new(list, json_pack("{s:o, s:b, s:I, s:o}", "name", heald_json_name(status.node),
                                          "self", 1, "links", (json_int_t)status.ports, "incidents",
                                          incidents_of(view, status.node)));
    for (size_t i = 0; heal_engine_port(view->engine, i, &port); i++) {
        json_t *node = port.neighbour || port.neighbour_name[0] ? neighbour_of(view, i, &port) : NULL;

        if (node)
            json_array_append_new(list, node);
    }
    json_object_set_new(page, "nodes", list);
    return page;
}
