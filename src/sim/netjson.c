/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* A plan from a NetJSON NetworkGraph (http://netjson.org/rfc.html, section 4). */
#include "sim/plan.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

struct reading {
    struct heal_sim_plan *plan;
    struct heal_error *error;
    json_t *index;            /* from a node's id to its number */
    json_t *linked;           /* the links so far, "a b" with a < b: true */
    unsigned placed, located; /* nodes that said where they stand: in metres, in degrees */
};

static void drop(json_t **json) {
    json_decref(*json);
}

static int wrong(const struct reading *reading, const char *list, size_t at, const char *what,
                 const char *text) {
    return heal_error_set(reading->error, -EINVAL, 0, 0, "%s[%zu]: %s%s%.60s%s", list, at, what,
                          text ? " \"" : "", text ? text : "", text ? "\"" : "");
}

/* C0, DEL, and C1, which UTF-8 writes as c2 80 to c2 9f. */
static bool has_control(const char *text) {
    for (const unsigned char *at = (const unsigned char *)text; *at; at++)
        if (*at < 0x20 || *at == 0x7f || (at[0] == 0xc2 && at[1] < 0xa0))
            return true;
    return false;
}

/* A name is for people, files and interfaces; and scripts have to say it. */
static bool is_name(const char *text) {
    return text[0] != '\0' && strlen(text) < HEAL_NAME_MAX && strpbrk(text, " \"#->") == NULL &&
           !has_control(text);
}

static const char *name_of(const json_t *node) {
    const char *label = json_string_value(json_object_get(node, "label"));
    return label && is_name(label) ? label : json_string_value(json_object_get(node, "id"));
}

static bool read_pair(const json_t *properties, const char *one, const char *two, double *ret_one,
                      double *ret_two) {
    const json_t *a = json_object_get(properties, one), *b = json_object_get(properties, two);
    if (!json_is_number(a) || !json_is_number(b))
        return false;
    *ret_one = json_number_value(a);
    *ret_two = json_number_value(b);
    return true;
}

/* @return whether it is a place on earth; a mesh across the 180th meridian is better given in metres. */
static bool read_location(const json_t *properties, double *ret_lon, double *ret_lat) {
    double lon, lat;
    if (!read_pair(properties, "lon", "lat", &lon, &lat) || fabs(lon) > 180 || fabs(lat) > 90)
        return false;
    *ret_lon = lon;
    *ret_lat = lat;
    return true;
}

/* The equirectangular projection about the mean: from degrees to metres. */
static void lay_out(struct heal_sim_plan *plan) {
    const double metre_a_radian = 6371e3; /* the earth's mean radius */
    double lon = 0, lat = 0;
    for (unsigned i = 0; i < plan->places; i++) {
        lon += plan->place[i].x_m / plan->places;
        lat += plan->place[i].y_m / plan->places;
    }
    for (unsigned i = 0; i < plan->places; i++) {
        struct heal_sim_place *place = &plan->place[i];
        place->x_m = (place->x_m - lon) * M_PI / 180 * cos(lat * M_PI / 180) * metre_a_radian;
        place->y_m = (place->y_m - lat) * M_PI / 180 * metre_a_radian;
    }
}

static int read_node(struct reading *reading, size_t at, const json_t *node) {
    const char *id = json_string_value(json_object_get(node, "id"));
    const json_t *properties = json_object_get(node, "properties");
    bool metres, degrees;
    double x, y;
    char name[HEAL_NAME_MAX];
    struct heal_text text;
    if (!id || id[0] == '\0')
        return wrong(reading, "nodes", at, "has no \"id\"", NULL);
    if (json_object_get(reading->index, id))
        return wrong(reading, "nodes", at, "an earlier one has the same id", id);
    heal_text_init(&text, name, sizeof name);
    heal_text_add(&text, "%s", name_of(node));
    if (!is_name(name) || text.cut) {
        heal_text_init(&text, name, sizeof name); /* it has one that nobody can say: it gets one */
        heal_text_add(&text, "n%zu", at);
    }
    x = y = 0;
    metres = read_pair(properties, "x", "y", &x, &y);
    degrees = !metres && read_location(properties, &x, &y);
    int r = heal_sim_plan_add_place(reading->plan, name, x, y);
    if (r == -E2BIG)
        return heal_error_set(reading->error, r, 0, 0, "more than %d nodes", HEAL_SIM_NODES_MAX);
    if (r < 0 || json_object_set_new(reading->index, id, json_integer(r)) < 0)
        return heal_error_set(reading->error, -ENOMEM, 0, 0, "no memory");
    reading->placed += metres;
    reading->located += degrees;
    return 0;
}

static int find_end(struct reading *reading, size_t at, const json_t *link, const char *key,
                    unsigned *ret_node) {
    const char *id = json_string_value(json_object_get(link, key));
    if (!id)
        return wrong(reading, "links", at, "has no", key);
    const json_t *node = json_object_get(reading->index, id);
    if (!node)
        return wrong(reading, "links", at, "there is no node", id);
    *ret_node = (unsigned)json_integer_value(node);
    return 0;
}

static int read_link(struct reading *reading, size_t at, const json_t *link) {
    unsigned a = 0, b = 0;
    char both[32];
    struct heal_text text;
    int r = find_end(reading, at, link, "source", &a);
    r = r < 0 ? r : find_end(reading, at, link, "target", &b);
    if (r < 0)
        return r;
    if (a == b)
        return wrong(reading, "links", at, "leads from a node to itself", NULL);
    heal_text_init(&text, both, sizeof both);
    heal_text_add(&text, "%u %u", a < b ? a : b, a < b ? b : a);
    if (json_object_get(reading->linked, both))
        return 0; /* the other direction of it */
    if (json_object_set_new(reading->linked, both, json_true()) < 0 ||
        heal_sim_plan_add_edge(reading->plan, a, b) < 0)
        return heal_error_set(reading->error, -ENOMEM, 0, 0, "no memory");
    return 0;
}

static int read_list(struct reading *reading, const json_t *graph, const char *key,
                     int (*read)(struct reading *, size_t, const json_t *)) {
    const json_t *list = json_object_get(graph, key);
    int r = 0;
    if (!json_is_array(list))
        return heal_error_set(reading->error, -EINVAL, 0, 0, "\"%s\" is no list", key);
    for (size_t i = 0; r == 0 && i < json_array_size(list); i++)
        r = read(reading, i, json_array_get(list, i));
    return r;
}

/* The nodes' names are how scripts speak of them. */
static int check_names(const struct reading *reading) {
    HEAL_CLEANUP(drop) json_t *names = json_object();
    for (unsigned i = 0; i < reading->plan->places; i++) {
        const char *name = reading->plan->place[i].name;
        if (json_object_get(names, name))
            return wrong(reading, "nodes", i, "an earlier one has the same label", name);
        if (json_object_set_new(names, name, json_true()) < 0)
            return heal_error_set(reading->error, -ENOMEM, 0, 0, "no memory");
    }
    return 0;
}

static int read_graph(struct reading *reading, const json_t *graph) {
    const char *type = json_string_value(json_object_get(graph, "type"));
    if (!type || strcmp(type, "NetworkGraph") != 0)
        return heal_error_set(reading->error, -EINVAL, 0, 0, "its \"type\" is not \"NetworkGraph\"");
    int r = read_list(reading, graph, "nodes", read_node);
    r = r < 0 ? r : read_list(reading, graph, "links", read_link);
    r = r < 0 ? r : check_names(reading);
    if (r < 0)
        return r;
    if (reading->plan->places < 2)
        return heal_error_set(reading->error, -EINVAL, 0, 0, "fewer than two nodes");
    if (heal_sim_plan_degree(reading->plan) > HEAL_SIM_DEGREE_MAX)
        return heal_error_set(reading->error, -E2BIG, 0, 0, "a node has more than %d links",
                              HEAL_SIM_DEGREE_MAX);
    if (reading->located == reading->plan->places)
        lay_out(reading->plan);
    else if (reading->placed < reading->plan->places)
        heal_sim_plan_arrange(reading->plan);
    return 0;
}

int heal_sim_plan_parse(const char *json, size_t length, struct heal_sim_plan *ret_plan,
                        struct heal_error *error) {
    json_error_t at;
    HEAL_CLEANUP(drop) json_t *graph = json_loadb(json, length, JSON_REJECT_DUPLICATES, &at);
    HEAL_CLEANUP(drop) json_t *index = json_object();
    HEAL_CLEANUP(drop) json_t *linked = json_object();
    struct reading reading = {.plan = ret_plan, .error = error, .index = index, .linked = linked};
    if (!graph)
        return heal_error_set(error, -EINVAL, at.line, at.column, "%s", at.text);
    int r = read_graph(&reading, graph);
    if (r < 0)
        heal_sim_plan_deinit(ret_plan);
    return r;
}
