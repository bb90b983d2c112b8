/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "dataset/record.h"

#include "base/text.h"
#include "dataset/ports.h"
#include "dataset/trouble.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PORTS_MAX = 4096 };

static const double unseen_s = (double)HEAL_TROUBLE_UNSEEN_US / 1e6;

/* A port by the names of its node and of its neighbour, which the answers own. */
struct port {
    unsigned at; /* the node's place */
    const char *node, *neighbour;
};

struct look {
    const json_t *status;
    double now_s;
    size_t ports;
    struct port port[PORTS_MAX];
    unsigned node[PORTS_MAX];
    uint32_t peer[PORTS_MAX];
};

int heal_recorder_init(struct heal_recorder *recorder) {
    *recorder = (struct heal_recorder){.faults = json_array(), .over = json_array()};
    heal_draft_init(&recorder->draft, HEAL_FEATURES);
    int r = heal_dataset_init(&recorder->set, heal_port_features, HEAL_FEATURES);
    heal_name_copy(recorder->set.time, sizeof recorder->set.time, "ms");
    for (unsigned i = 0; i < heal_trouble_kinds_count; i++)
        heal_dataset_kind(&recorder->set, heal_trouble_kinds[i].name);
    return r < 0 || !recorder->faults || !recorder->over ? -ENOMEM : 0;
}

void heal_recorder_deinit(struct heal_recorder *recorder) {
    heal_dataset_deinit(&recorder->set);
    heal_draft_deinit(&recorder->draft);
    json_decref(recorder->faults);
    json_decref(recorder->over);
    recorder->faults = recorder->over = NULL;
}

static const char *text_of(const json_t *object, const char *name) {
    const char *text = json_string_value(json_object_get(object, name));

    return text ? text : "";
}

/* ---- what is true ---- */

static bool is_among(const json_t *ports, const struct port *port) {
    const json_t *ends;
    size_t i;

    json_array_foreach(ports, i, ends) {
        const char *node = json_string_value(json_array_get(ends, 0));
        const char *neighbour = json_string_value(json_array_get(ends, 1));

        if (node && neighbour && strcmp(node, port->node) == 0 && strcmp(neighbour, port->neighbour) == 0)
            return true;
    }
    return false;
}

/* What a fault in force makes of a port that it concerns. */
static enum heal_gnn_label label_by(const json_t *fault, double now_s, const float *feature,
                                    unsigned *ret_kind) {
    unsigned kind = heal_trouble_find(text_of(fault, "diagnosis"));
    bool fresh = now_s - json_number_value(json_object_get(fault, "since")) < unseen_s;

    /* A narrow link through which nobody sends much, say. */
    bool idle = json_is_false(json_object_get(fault, "verified"));

    if (kind == heal_trouble_kinds_count || heal_trouble_kinds[kind].truth != HEAL_TROUBLE_SICK || fresh ||
        idle || !heal_trouble_shows(kind, feature))
        return HEAL_GNN_UNKNOWN;
    *ret_kind = kind;
    return HEAL_GNN_SICK;
}

static bool is_over(const json_t *fault, double now_s) {
    return now_s - json_number_value(json_object_get(fault, "gone")) >= unseen_s;
}

/* A leak that has been stopped gives nothing back. */
static bool is_leak(const json_t *fault) {
    return strcmp(text_of(fault, "diagnosis"), "memory-leak") == 0;
}

static bool leaves_full(const json_t *fault, const float *feature) {
    return is_leak(fault) && heal_trouble_shows(heal_trouble_find("memory-leak"), feature);
}

static enum heal_gnn_label label_of(const struct heal_recorder *recorder, const struct look *look,
                                    const struct port *port, const float *feature, unsigned *ret_kind) {
    enum heal_gnn_label label = HEAL_GNN_HEALTHY;
    const json_t *fault;
    size_t i;

    json_array_foreach(recorder->over, i, fault) {
        bool lasts = !is_over(fault, look->now_s) || leaves_full(fault, feature);

        if (lasts && is_among(json_object_get(fault, "sick"), port))
            label = HEAL_GNN_UNKNOWN;
    }
    json_array_foreach(recorder->faults, i, fault) {
        if (!is_among(json_object_get(fault, "sick"), port))
            continue;
        label = label_by(fault, look->now_s, feature, ret_kind);
        if (label == HEAL_GNN_SICK)
            return label;
    }
    return label;
}

static const json_t *find_fault(const json_t *faults, const json_t *handle) {
    const json_t *fault;
    size_t i;

    json_array_foreach(faults, i, fault) {
        if (json_equal(json_object_get(fault, "handle"), handle))
            return fault;
    }
    return NULL;
}

/* What was in force and is not any more is remembered for a while: its end is seen late, as its beginning is.
 */
static int note_faults(struct heal_recorder *recorder, const struct look *look) {
    const json_t *present = json_object_get(look->status, "faults"), *fault;
    json_t *still = json_array(), *copy = json_deep_copy(present);
    size_t i;

    json_array_foreach(recorder->over, i, fault) {
        if (!is_over(fault, look->now_s) || is_leak(fault))
            json_array_append(still, (json_t *)fault);
    }
    json_array_foreach(recorder->faults, i, fault) {
        if (!find_fault(present, json_object_get(fault, "handle")))
            json_array_append_new(still, json_pack("{s:O?, s:O?, s:f}", "sick",
                                                   json_object_get(fault, "sick"), "diagnosis",
                                                   json_object_get(fault, "diagnosis"), "gone", look->now_s));
    }
    if (!still || !copy) {
        json_decref(still);
        json_decref(copy);
        return -ENOMEM;
    }
    json_decref(recorder->over);
    json_decref(recorder->faults);
    recorder->over = still;
    recorder->faults = copy;
    return 0;
}

/* ---- what is seen ---- */

static void take_features(const json_t *link, float *feature) {
    const json_t *features = json_object_get(link, "features");

    for (unsigned i = 0; i < HEAL_FEATURES; i++) {
        const json_t *value = json_object_get(features, heal_port_features[i].name);
        float measured = (float)json_number_value(value);

        if (json_is_number(value) && isfinite(measured) &&
            (measured >= 0 || !heal_port_features[i].logarithm))
            feature[i] = measured;
    }
}

static int take_links(struct heal_recorder *recorder, struct look *look, unsigned at, const char *node,
                      const json_t *page) {
    const json_t *link;
    size_t i;

    json_array_foreach(json_object_get(page, "links"), i, link) {
        if (look->ports == PORTS_MAX)
            return 0;
        struct port *port = &look->port[look->ports];
        *port = (struct port){.at = at, .node = node, .neighbour = text_of(link, "neighbour")};
        float *feature = heal_draft_vertex(&recorder->draft, HEAL_GNN_HEALTHY, 0);
        if (!feature)
            return -ENOMEM;
        unsigned kind = 0;
        take_features(link, feature);
        enum heal_gnn_label label = label_of(recorder, look, port, feature, &kind);
        recorder->draft.label[look->ports] = (uint8_t)label;
        recorder->draft.kind[look->ports] = (uint8_t)kind;
        look->node[look->ports++] = at;
    }
    return 0;
}

static int join_ports(struct heal_recorder *recorder, struct look *look) {
    for (size_t i = 0; i < look->ports; i++) {
        look->peer[i] = UINT32_MAX;
        for (size_t j = 0; j < look->ports; j++)
            if (look->port[i].at != look->port[j].at &&
                strcmp(look->port[i].node, look->port[j].neighbour) == 0 &&
                strcmp(look->port[i].neighbour, look->port[j].node) == 0)
                look->peer[i] = (uint32_t)j;
    }
    return heal_ports_join(&recorder->draft, look->node, look->peer);
}

static int add_look(struct heal_recorder *recorder, struct look *look, const json_t *page,
                    struct heal_error *error) {
    const json_t *nodes = json_object_get(look->status, "nodes"), *node;
    struct heal_gnn_snapshot *head = &recorder->draft.head;
    int r = note_faults(recorder, look);
    size_t i;

    heal_draft_clear(&recorder->draft);
    head->time = (int64_t)(look->now_s * 1e3);
    head->run = (uint32_t)json_number_value(json_object_get(look->status, "started"));
    json_array_foreach(nodes, i, node) {
        r = r < 0 ? r
                  : take_links(recorder, look, (unsigned)i, text_of(node, "name"), json_array_get(page, i));
    }
    const json_t *first = json_array_get(recorder->faults, 0);
    unsigned kind = first ? heal_trouble_find(text_of(first, "diagnosis")) : heal_trouble_kinds_count;
    head->kind = (uint8_t)(kind < heal_trouble_kinds_count ? kind : heal_trouble_find("normal"));
    r = r < 0 ? r : join_ports(recorder, look);
    if (r < 0)
        return heal_error_set(error, r, 0, 0, "%s", strerror(-r));
    return head->vertices == 0 ? 0 : heal_draft_add(&recorder->draft, recorder->set.graphs, error);
}

int heal_recorder_look(struct heal_recorder *recorder, const json_t *status, const json_t *page,
                       struct heal_error *error) {
    static const double time_most_s = 1e9;
    double now_s = json_number_value(json_object_get(status, "now"));
    double started_s = json_number_value(json_object_get(status, "started"));

    if (!json_is_array(json_object_get(status, "nodes")) ||
        !json_is_array(json_object_get(status, "faults")) || !(now_s >= 0 && now_s < time_most_s) ||
        !(started_s >= 0 && started_s < time_most_s))
        return heal_error_set(error, -EINVAL, 0, 0, "the lab's answer cannot be understood");
    struct look *look = calloc(1, sizeof *look);
    if (!look)
        return heal_error_set(error, -ENOMEM, 0, 0, "%s", strerror(ENOMEM));
    look->status = status;
    look->now_s = now_s;
    int r = add_look(recorder, look, page, error);
    free(look);
    return r;
}
