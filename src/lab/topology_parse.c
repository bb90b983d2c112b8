/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The topology's YAML: one function a kind of entry, all with the place of what is wrong. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "config/quantity.h"
#include "config/yaml.h"
#include "lab/topology.h"

static const char *const top_keys[] = {"name", "babeld-alone", "radio", "nodes", "links", "traffic", NULL};
static const char *const node_keys[] = {"name", "x", "y", "services", NULL};
static const char *const link_keys[] = {"a", "b", "radio", NULL};
static const char *const radio_keys[] = {"power", "frequency", "noise", "exponent", NULL};
static const char *const flow_keys[] = {"from", "to", "rate", "size", "large-size", "large-share", NULL};

enum { RATE_MAX = 10000, PAYLOAD_MIN = 32, PAYLOAD_MAX = 1452, SHOWN = HEAL_YAML_SHOWN_MAX };

/** What the reader carries along. */
struct reading {
    struct heal_topology *topology;
    struct heal_radio radio; /* what a link's radio is unless it says otherwise */
    struct heal_error *error;
};

static int refuse(struct reading *reading, const struct heal_yaml_node *at, const char *what,
                  const char *text) {
    char shown[SHOWN];

    return heal_error_set(reading->error, -EINVAL, at->line, at->column, "%s%s%s%s", what, text ? " '" : "",
                          text ? heal_yaml_show(text, shown) : "", text ? "'" : "");
}

static int want_scalar(struct reading *reading, const struct heal_yaml_node *node, const char *what) {
    return heal_yaml_want(node, HEAL_YAML_SCALAR, what, reading->error);
}

/* A name of a file, an interface and a part of a link's name at once. */
static bool is_name(const char *text, size_t size) {
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

    return length > 0 && length < size && !text[length] && text[0] != '-' && strcmp(text, "lo") != 0 &&
           strcmp(text, "all") != 0 && strcmp(text, "default") != 0;
}

static int read_name(struct reading *reading, const struct heal_yaml_node *node, const char *what, char *name,
                     size_t size) {
    int r = want_scalar(reading, node, what);

    if (r < 0)
        return r;
    if (!is_name(node->text, size))
        return heal_error_set(reading->error, -EINVAL, node->line, node->column,
                              "%s: letters, digits, _ and -, at most %zu of them, and no reserved name", what,
                              size - 1);
    heal_name_copy(name, size, node->text);
    return 0;
}

static int read_number(struct reading *reading, const struct heal_yaml_node *node, double least, double most,
                       double *ret_number) {
    const char *what = node->key->text;
    const char *digits;
    double number;
    int r = want_scalar(reading, node, what);

    if (r < 0)
        return r;
    digits = node->text[0] == '-' ? node->text + 1 : node->text;
    if (heal_number_parse(digits, &number) < 0)
        return refuse(reading, node, "expected a number, not", node->text);
    number = digits == node->text ? number : -number;
    if (number < least || number > most)
        return heal_error_set(reading->error, -EINVAL, node->line, node->column, "%s: from %g to %g", what,
                              least, most);
    *ret_number = number;
    return 0;
}

static int read_count(struct reading *reading, const struct heal_yaml_node *node, unsigned least,
                      unsigned most, unsigned *ret_count) {
    double number;
    int r = read_number(reading, node, least, most, &number);

    if (r < 0)
        return r;
    if (number != (double)(unsigned)number)
        return refuse(reading, node, "expected a whole number, not", node->text);
    *ret_count = (unsigned)number;
    return 0;
}

static int read_bool(struct reading *reading, const struct heal_yaml_node *node, bool *ret_value) {
    int r = want_scalar(reading, node, node->key->text);

    if (r < 0)
        return r;
    if (strcmp(node->text, "true") != 0 && strcmp(node->text, "false") != 0)
        return refuse(reading, node, "expected true or false, not", node->text);
    *ret_value = node->text[0] == 't';
    return 0;
}

/* A node that was defined above, by its name. */
static int read_node_name(struct reading *reading, const struct heal_yaml_node *node, unsigned *ret_node) {
    const struct heal_topology *topology = reading->topology;
    const char *names[HEAL_LAB_NODES_MAX + 1] = {NULL};
    const char *nearest;
    char shown[SHOWN];
    int found;
    int r = want_scalar(reading, node, node->key->text);

    if (r < 0)
        return r;
    found = heal_topology_node_find(topology, node->text);
    if (found >= 0) {
        *ret_node = (unsigned)found;
        return 0;
    }
    for (unsigned i = 0; i < topology->nodes; i++)
        names[i] = topology->node[i].name;
    nearest = heal_name_nearest(node->text, names);
    return heal_error_set(reading->error, -EINVAL, node->line, node->column, "no node '%s'%s%s%s",
                          heal_yaml_show(node->text, shown), nearest ? "; did you mean '" : "",
                          nearest ? nearest : "", nearest ? "'?" : "");
}

/* Demands that the map has all of the @p keys (NULL after the last). */
static int want_present(struct reading *reading, const struct heal_yaml_node *map, const char *const *keys) {
    for (; *keys; keys++)
        if (!heal_yaml_get(map, *keys))
            return refuse(reading, map, "has no", *keys);
    return 0;
}

static int read_services(struct reading *reading, const struct heal_yaml_node *list,
                         struct heal_topology_node *node) {
    int r = heal_yaml_want(list, HEAL_YAML_LIST, "services", reading->error);

    for (const struct heal_yaml_node *item = heal_yaml_first(list); r == 0 && item; item = item->next) {
        if (node->services == HEAL_LAB_SERVICES_MAX)
            return heal_error_set(reading->error, -EFBIG, item->line, item->column,
                                  "at most %d services a node", HEAL_LAB_SERVICES_MAX);
        r = read_name(reading, item, "service", node->service[node->services], HEAL_NAME_MAX);
        for (unsigned i = 0; r == 0 && i < node->services; i++)
            if (strcmp(node->service[i], node->service[node->services]) == 0)
                return refuse(reading, item, "this node already has a service", item->text);
        node->services++;
    }
    return r;
}

static int read_node(struct reading *reading, const struct heal_yaml_node *map) {
    static const char *const must[] = {"name", NULL};
    struct heal_topology *topology = reading->topology;
    struct heal_topology_node *node = &topology->node[topology->nodes];
    int r = heal_yaml_want(map, HEAL_YAML_MAP, "node", reading->error);

    if (r == 0)
        r = heal_yaml_want_keys(map, node_keys, "nodes", reading->error);
    if (r == 0)
        r = want_present(reading, map, must);
    for (const struct heal_yaml_node *value = heal_yaml_first(map); r == 0 && value; value = value->next) {
        if (strcmp(value->key->text, "name") == 0)
            r = read_name(reading, value, "node", node->name, sizeof node->name);
        else if (strcmp(value->key->text, "x") == 0)
            r = read_number(reading, value, -1e6, 1e6, &node->x_m);
        else if (strcmp(value->key->text, "y") == 0)
            r = read_number(reading, value, -1e6, 1e6, &node->y_m);
        else
            r = read_services(reading, value, node);
    }
    if (r == 0 && heal_topology_node_find(topology, node->name) >= 0)
        return refuse(reading, map, "there is already a node", node->name);
    topology->nodes++;
    return r;
}

static int read_radio(struct reading *reading, const struct heal_yaml_node *map, struct heal_radio *radio) {
    int r = heal_yaml_want(map, HEAL_YAML_MAP, "radio", reading->error);

    if (r == 0)
        r = heal_yaml_want_keys(map, radio_keys, "radio", reading->error);
    for (const struct heal_yaml_node *value = heal_yaml_first(map); r == 0 && value; value = value->next) {
        if (strcmp(value->key->text, "power") == 0)
            r = read_number(reading, value, -50, 60, &radio->power_dbm);
        else if (strcmp(value->key->text, "frequency") == 0)
            r = read_number(reading, value, 30, 100000, &radio->frequency_mhz);
        else if (strcmp(value->key->text, "noise") == 0)
            r = read_number(reading, value, -150, 0, &radio->noise_dbm);
        else
            r = read_number(reading, value, 1, 8, &radio->exponent);
    }
    return r;
}

static int read_link(struct reading *reading, const struct heal_yaml_node *map) {
    static const char *const must[] = {"a", "b", NULL};
    struct heal_topology *topology = reading->topology;
    struct heal_topology_link *link = &topology->link[topology->links];
    int r = heal_yaml_want(map, HEAL_YAML_MAP, "link", reading->error);

    if (r == 0)
        r = heal_yaml_want_keys(map, link_keys, "links", reading->error);
    if (r == 0)
        r = want_present(reading, map, must);
    link->radio = reading->radio;
    for (const struct heal_yaml_node *value = heal_yaml_first(map); r == 0 && value; value = value->next) {
        if (strcmp(value->key->text, "radio") == 0) {
            link->has_radio = true;
            r = read_radio(reading, value, &link->radio);
        } else {
            r = read_node_name(reading, value, strcmp(value->key->text, "a") == 0 ? &link->a : &link->b);
        }
    }
    if (r == 0 && link->a == link->b)
        return refuse(reading, map, "a link joins two nodes, not a node to itself", NULL);
    if (r == 0 && heal_topology_link_find(topology, link->a, link->b) >= 0)
        return refuse(reading, map, "these nodes already have a link", NULL);
    topology->links++;
    return r;
}

static int read_flow(struct reading *reading, const struct heal_yaml_node *map) {
    static const char *const must[] = {"from", "to", NULL};
    struct heal_topology_flow *flow = &reading->topology->flow[reading->topology->flows];
    int r = heal_yaml_want(map, HEAL_YAML_MAP, "flow", reading->error);

    if (r == 0)
        r = heal_yaml_want_keys(map, flow_keys, "traffic", reading->error);
    if (r == 0)
        r = want_present(reading, map, must);
    *flow = (struct heal_topology_flow){.rate = 200, .size_bytes = 200, .large_bytes = 1400};
    for (const struct heal_yaml_node *value = heal_yaml_first(map); r == 0 && value; value = value->next) {
        if (strcmp(value->key->text, "from") == 0)
            r = read_node_name(reading, value, &flow->from);
        else if (strcmp(value->key->text, "to") == 0)
            r = read_node_name(reading, value, &flow->to);
        else if (strcmp(value->key->text, "rate") == 0)
            r = read_count(reading, value, 1, RATE_MAX, &flow->rate);
        else if (strcmp(value->key->text, "size") == 0)
            r = read_count(reading, value, PAYLOAD_MIN, PAYLOAD_MAX, &flow->size_bytes);
        else if (strcmp(value->key->text, "large-size") == 0)
            r = read_count(reading, value, PAYLOAD_MIN, PAYLOAD_MAX, &flow->large_bytes);
        else
            r = read_number(reading, value, 0, 1, &flow->large_share);
    }
    if (r == 0 && flow->from == flow->to)
        return refuse(reading, map, "traffic flows from one node to another", NULL);
    reading->topology->flows++;
    return r;
}

static int read_list(struct reading *reading, const struct heal_yaml_node *list, const char *what,
                     unsigned most, int (*read_item)(struct reading *, const struct heal_yaml_node *)) {
    unsigned count = 0;
    int r;

    if (!list)
        return 0;
    r = heal_yaml_want(list, HEAL_YAML_LIST, what, reading->error);
    for (const struct heal_yaml_node *item = heal_yaml_first(list); r == 0 && item; item = item->next) {
        if (count++ == most)
            return heal_error_set(reading->error, -EFBIG, item->line, item->column, "%s: at most %u", what,
                                  most);
        r = read_item(reading, item);
    }
    return r;
}

/* In the order in which one refers to the other, wherever they stand in the file. */
static int read_top(struct reading *reading, const struct heal_yaml_node *root) {
    struct heal_topology *topology = reading->topology;
    const struct heal_yaml_node *value;
    int r = heal_yaml_want(root, HEAL_YAML_MAP, "a topology", reading->error);

    if (r == 0)
        r = heal_yaml_want_keys(root, top_keys, "", reading->error);
    if (r == 0 && (value = heal_yaml_get(root, "name")))
        r = read_name(reading, value, "name", topology->name, sizeof topology->name);
    if (r == 0 && (value = heal_yaml_get(root, "babeld-alone")))
        r = read_bool(reading, value, &topology->babeld_alone);
    if (r == 0 && (value = heal_yaml_get(root, "radio")))
        r = read_radio(reading, value, &reading->radio);
    if (r == 0)
        r = read_list(reading, heal_yaml_get(root, "nodes"), "nodes", HEAL_LAB_NODES_MAX, read_node);
    if (r == 0 && topology->nodes == 0)
        return refuse(reading, root, "has no nodes", NULL);
    if (r == 0)
        r = read_list(reading, heal_yaml_get(root, "links"), "links", HEAL_LAB_LINKS_MAX, read_link);
    if (r == 0)
        r = read_list(reading, heal_yaml_get(root, "traffic"), "traffic", HEAL_LAB_FLOWS_MAX, read_flow);
    return r;
}

int heal_topology_parse(const char *text, size_t length, struct heal_topology *ret_topology,
                        struct heal_error *error) {
    HEAL_CLEANUP(heal_yaml_free_pointer) struct heal_yaml *yaml = NULL;
    HEAL_CLEANUP(heal_free_pointer) struct heal_topology *topology = calloc(1, sizeof *topology);
    struct reading reading = {.topology = topology, .radio = heal_radio_default, .error = error};
    int r;

    if (!topology)
        return heal_error_set(error, -ENOMEM, 0, 0, "out of memory");
    r = heal_yaml_parse(text, length, &yaml, error);
    if (r < 0)
        return r; // NOLINT(clang-analyzer-unix.Malloc): it does not know cleanup by scope
    if (!yaml->root)
        return heal_error_set(error, -EINVAL, 1, 1, "the file is empty: it should list nodes and links");
    heal_name_copy(topology->name, sizeof topology->name, "lab");
    r = read_top(&reading, yaml->root);
    if (r < 0)
        return r;
    *ret_topology = *topology;
    return 0;
}
