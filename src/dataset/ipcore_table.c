/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The tables as they are: names, places, values. */
#include "base/number.h"
#include "base/text.h"
#include "dataset/ipcore_parts.h"
#include "dataset/scan.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MAX = 128, NOT_WANTED = -1, IS_STAMP = -2 };

static int no_memory(struct heal_error *error) {
    return heal_error_set(error, -ENOMEM, 0, 0, "%s", strerror(ENOMEM));
}

/* ---- the ports ---- */

/* @return its number, or -1. */
static int find_router(const struct heal_ipcore_mesh *mesh, const char *name, size_t length) {
    for (int i = 0; i < mesh->routers; i++)
        if (strlen(mesh->router[i]) == length && strncmp(mesh->router[i], name, length) == 0)
            return i;
    return -1;
}

static int find_port(const struct heal_ipcore_mesh *mesh, const char *name) {
    for (int i = 0; i < mesh->ports; i++)
        if (strcmp(mesh->port[i].end, name) == 0 || strcmp(mesh->port[i].interface, name) == 0)
            return i;
    return -1;
}

static int read_port(struct heal_scan *scan, struct heal_ipcore_mesh *mesh, struct heal_error *error) {
    struct heal_ipcore_port port = {.peer = -1, .twin = -1};
    const char *field = heal_scan_field(scan);
    size_t router = field ? strcspn(field, "+") : 0;

    if (router == 0 || field[router] == '\0' || find_port(mesh, field) >= 0)
        return heal_scan_refuse(scan, error, "the end of a link is ROUTER+LINK, each once");
    heal_name_copy(port.end, sizeof port.end, field);
    field = heal_scan_field(scan);
    if (!field || strncmp(field, port.end, router) != 0 || field[router] != '_' ||
        find_port(mesh, field) >= 0)
        return heal_scan_refuse(scan, error, "its interface is ROUTER_NAME, each once");
    heal_name_copy(port.interface, sizeof port.interface, field);
    if (mesh->ports == HEAL_IPCORE_PORTS_MAX)
        return heal_scan_refuse(scan, error, "there are at most %d ports", HEAL_IPCORE_PORTS_MAX);
    int at = find_router(mesh, port.end, router);
    if (at < 0) {
        at = mesh->routers++;
        memcpy(mesh->router[at], port.end, router);
    }
    port.router = (uint8_t)at;
    mesh->port[mesh->ports++] = port;
    return heal_scan_over(scan, error);
}

static const char *link_of(const struct heal_ipcore_port *port) {
    return strchr(port->end, '+');
}

static void pair_ports(struct heal_ipcore_mesh *mesh) {
    for (unsigned i = 0; i < mesh->ports; i++) {
        for (unsigned j = 0; j < mesh->ports; j++) {
            struct heal_ipcore_port *port = &mesh->port[i], *other = &mesh->port[j];

            if (port->router == other->router)
                continue;
            if (strcmp(link_of(port), link_of(other)) == 0)
                port->peer = (int8_t)j;
            if (strcmp(strrchr(port->interface, '_'), strrchr(other->interface, '_')) == 0 && port->twin < 0)
                port->twin = (int8_t)j;
        }
    }
}

int heal_ipcore_read_mesh(const struct heal_table_text *text, struct heal_ipcore_mesh *ret_mesh,
                          struct heal_error *error) {
    struct heal_ipcore_mesh mesh = {0};
    struct heal_scan scan;
    int r = 0;

    heal_scan_init(&scan, text->text, text->length, '\t');
    bool headed = heal_scan_line(&scan);
    while (headed && r == 0 && heal_scan_line(&scan))
        r = read_port(&scan, &mesh, error);
    if (r == 0 && mesh.ports == 0)
        r = heal_scan_refuse(&scan, error, "there are no ports");
    if (r < 0)
        return r;
    pair_ports(&mesh);
    *ret_mesh = mesh;
    return 0;
}

/* ---- columns ---- */

struct columns {
    size_t count;
    int is[COLUMNS_MAX]; /* which port or router it is about, or one of the above */
};

static int read_columns(struct heal_scan *scan, int (*find)(const void *of, const char *name), const void *of,
                        struct columns *ret_columns, struct heal_error *error) {
    const char *field;
    bool stamped = false;

    heal_scan_line(scan);
    for (ret_columns->count = 0; (field = heal_scan_field(scan)); ret_columns->count++) {
        if (ret_columns->count == COLUMNS_MAX)
            return heal_scan_refuse(scan, error, "there are at most %d columns", COLUMNS_MAX);
        bool stamp = strcmp(field, "timestamp") == 0;
        ret_columns->is[ret_columns->count] = stamp ? IS_STAMP : find(of, field);
        stamped = stamped || stamp;
    }
    return stamped ? 0 : heal_scan_refuse(scan, error, "there is no column `timestamp`");
}

static int parse_stamp(const struct heal_scan *scan, const char *field, int64_t *ret_stamp,
                       struct heal_error *error) {
    if (strlen(field) != strlen("YYYYMMDDhhmmss") || heal_number_parse_i64(field, ret_stamp) < 0 ||
        *ret_stamp < 0)
        return heal_scan_refuse(scan, error, "a timestamp is YYYYMMDDhhmmss, not \"%s\"", field);
    return 0;
}

/* ---- what was wrong ---- */

enum { STATUS, ROUTER, INTERFACE };

static int find_word(const void *of, const char *name) {
    const char *const *words = of;

    for (int i = 0; words[i]; i++)
        if (strcmp(words[i], name) == 0)
            return i;
    return NOT_WANTED;
}

static int take_status(const struct heal_scan *scan, const char *field, struct heal_ipcore_minute *minute,
                       struct heal_error *error) {
    float status;

    if (heal_number_parse_float(field, &status) < 0 || status < 0 || status >= HEAL_IPCORE_STATUSES ||
        status != floorf(status))
        return heal_scan_refuse(scan, error, "the status is a whole number from 0 to %d, not \"%s\"",
                                HEAL_IPCORE_STATUSES - 1, field);
    minute->status = (uint8_t)status;
    return 0;
}

/* "GigabitEthernet7" of a router is its port ROUTER_Gi7. */
static int port_called(const struct heal_ipcore_mesh *mesh, int router, const char *name) {
    for (int i = 0; router >= 0 && i < mesh->ports; i++) {
        const struct heal_ipcore_port *port = &mesh->port[i];
        const char *own = strrchr(port->interface, '_') + 1;

        if (port->router == router && strncmp(own, name, strcspn(own, "0123456789")) == 0 &&
            strcmp(own + strcspn(own, "0123456789"), name + strcspn(name, "0123456789")) == 0)
            return i;
    }
    return -1;
}

static int read_minute(struct heal_scan *scan, const struct columns *columns,
                       const struct heal_ipcore_mesh *mesh, struct heal_ipcore_minute *minute,
                       struct heal_error *error) {
    const char *field;
    int r = 0;

    *minute = (struct heal_ipcore_minute){.router = -1, .port = -1};
    for (size_t i = 0; r == 0 && i < columns->count; i++) {
        if (!(field = heal_scan_field(scan)))
            return heal_scan_refuse(scan, error, "the row is too short");
        if (columns->is[i] == IS_STAMP)
            r = parse_stamp(scan, field, &minute->stamp, error);
        else if (columns->is[i] == STATUS)
            r = take_status(scan, field, minute, error);
        else if (columns->is[i] == ROUTER)
            minute->router = (int8_t)find_router(mesh, field, strlen(field));
        else if (columns->is[i] == INTERFACE)
            minute->port = (int8_t)port_called(mesh, minute->router, field);
    }
    return r < 0 ? r : heal_scan_over(scan, error);
}

static struct heal_ipcore_minute *new_minute(struct heal_ipcore_minutes *minutes) {
    if (minutes->count == minutes->room) {
        size_t room = minutes->room ? 2 * minutes->room : 1024;
        struct heal_ipcore_minute *larger = realloc(minutes->minute, room * sizeof *larger);

        if (!larger)
            return NULL;
        minutes->minute = larger;
        minutes->room = room;
    }
    return &minutes->minute[minutes->count++];
}

static int by_stamp(const void *a, const void *b) {
    int64_t left = ((const struct heal_ipcore_minute *)a)->stamp,
            right = ((const struct heal_ipcore_minute *)b)->stamp;

    return (left > right) - (left < right);
}

static void sort_out(struct heal_ipcore_minutes *minutes) {
    size_t kept = 0;

    qsort(minutes->minute, minutes->count, sizeof *minutes->minute, by_stamp);
    for (size_t i = 0; i < minutes->count; i++)
        if (kept == 0 || minutes->minute[i].stamp != minutes->minute[kept - 1].stamp)
            minutes->minute[kept++] = minutes->minute[i];
    minutes->count = kept;
}

int heal_ipcore_read_minutes(const struct heal_table_text *text, const struct heal_ipcore_mesh *mesh,
                             struct heal_ipcore_minutes *minutes, struct heal_error *error) {
    static const char *const words[] = {"status", "node", "interface", NULL};
    struct columns columns;
    struct heal_scan scan;

    heal_scan_init(&scan, text->text, text->length, '\t');
    int r = read_columns(&scan, find_word, words, &columns, error);
    while (r == 0 && heal_scan_line(&scan)) {
        if (minutes->count == HEAL_IPCORE_MINUTES_MAX)
            return heal_scan_refuse(&scan, error, "there are at most %d minutes", HEAL_IPCORE_MINUTES_MAX);
        struct heal_ipcore_minute *minute = new_minute(minutes);
        r = minute ? read_minute(&scan, &columns, mesh, minute, error) : no_memory(error);
        if (r == 0 &&
            ((minute->status == 3 && minute->router < 0) || (minute->status > 3 && minute->port < 0)))
            r = heal_scan_refuse(&scan, error, "it does not say which of the ports were sick");
    }
    if (r == 0 && minutes->count == 0)
        r = heal_scan_refuse(&scan, error, "there are no minutes");
    if (r == 0)
        sort_out(minutes);
    return r;
}

/* ---- values ---- */

static int find_place(const void *of, const char *name) {
    const struct heal_ipcore_mesh *mesh = of;
    int port = find_port(mesh, name), router = find_router(mesh, name, strlen(name));

    return port >= 0 ? port : router >= 0 ? HEAL_IPCORE_PORTS_MAX + router : NOT_WANTED;
}

static void put_value(struct heal_ipcore_tables *tables, float *value, int place, size_t minute, float seen) {
    const struct heal_ipcore_mesh *mesh = &tables->mesh;

    for (int i = 0; i < mesh->ports; i++)
        if (i == place || HEAL_IPCORE_PORTS_MAX + mesh->port[i].router == place)
            value[(size_t)i * tables->minutes.count + minute] = seen;
}

/* A row of a minute that nobody speaks of is left out. */
static int read_row(struct heal_scan *scan, const struct columns *columns, struct heal_ipcore_tables *tables,
                    float *value, struct heal_error *error) {
    static const struct heal_gnn_feature any = {.name = "a value"};
    float seen[COLUMNS_MAX];
    struct heal_ipcore_minute key = {0};
    int r = 0;

    for (size_t i = 0; r == 0 && i < columns->count; i++) {
        if (columns->is[i] != IS_STAMP) {
            r = heal_scan_value(scan, &any, &seen[i], error);
            continue;
        }
        const char *field = heal_scan_field(scan);
        r = field ? parse_stamp(scan, field, &key.stamp, error)
                  : heal_scan_refuse(scan, error, "the row is too short");
    }
    r = r < 0 ? r : heal_scan_over(scan, error);
    const struct heal_ipcore_minute *found =
        r < 0 ? NULL : bsearch(&key, tables->minutes.minute, tables->minutes.count, sizeof key, by_stamp);
    for (size_t i = 0; found && i < columns->count; i++)
        if (columns->is[i] >= 0)
            put_value(tables, value, columns->is[i], (size_t)(found - tables->minutes.minute), seen[i]);
    return r;
}

/* Where a value is missing the last one stands; before the first, 0. @return false: there is none, and all
 * stay missing. */
static bool fill_gaps(float *value, size_t minutes) {
    float last = 0;
    size_t first = 0;

    while (first < minutes && isnan(value[first]))
        first++;
    for (size_t t = 0; first < minutes && t < minutes; t++) {
        last = isnan(value[t]) ? last : value[t];
        value[t] = last;
    }
    return first < minutes;
}

int heal_ipcore_read_values(enum heal_ipcore_file file, const struct heal_table_text *text,
                            struct heal_ipcore_tables *tables, struct heal_error *error) {
    size_t count = tables->minutes.count * tables->mesh.ports;
    float *value = calloc(count, sizeof *value);
    struct columns columns;
    struct heal_scan scan;

    if (!value)
        return no_memory(error);
    tables->value[file] = value;
    for (size_t i = 0; i < count; i++)
        value[i] = NAN;
    heal_scan_init(&scan, text->text, text->length, '\t');
    int r = read_columns(&scan, find_place, &tables->mesh, &columns, error);
    while (r == 0 && heal_scan_line(&scan))
        r = read_row(&scan, &columns, tables, value, error);
    for (unsigned i = 0; r == 0 && i < tables->mesh.ports; i++)
        if (!fill_gaps(value + i * tables->minutes.count, tables->minutes.count) &&
            file != HEAL_IPCORE_PREFIXES)
            r = heal_scan_refuse(&scan, error, "it says nothing of %s", tables->mesh.port[i].interface);
    return r;
}
