/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "model/rib.h"

#include <string.h>

static bool same_route(const struct heal_reading_route *a, const struct heal_reading_route *b) {
    return heal_prefix_equal(&a->prefix, &b->prefix) && heal_port_key_equal(&a->via, &b->via);
}

/* @return the place of a route that is not installed, or HEAL_ROUTES_MAX. */
static size_t find_spare(const struct heal_rib *rib) {
    size_t i = 0;
    while (i < rib->routes && rib->route[i].installed)
        i++;
    return i < rib->routes ? i : HEAL_ROUTES_MAX;
}

void heal_rib_take_route(struct heal_rib *rib, const struct heal_reading_route *reading) {
    size_t i = 0;
    while (i < rib->routes && !same_route(&rib->route[i], reading))
        i++;
    rib->revision++;
    if (!reading->present) {
        if (i < rib->routes)
            rib->route[i] = rib->route[--rib->routes];
        return;
    }
    /* Those in use count most: of a node with many neighbours not all that could be used find room. */
    if (i == HEAL_ROUTES_MAX && reading->installed)
        i = find_spare(rib);
    if (i == HEAL_ROUTES_MAX)
        return;
    rib->route[i] = *reading;
    if (i == rib->routes)
        rib->routes++;
}

static size_t is_ours(const struct heal_reading_fib *fib) {
    return fib->protocol == HEAL_ROUTE_PROTOCOL;
}

static bool same_fib(const struct heal_reading_fib *a, const struct heal_reading_fib *b) {
    return a->type == b->type && a->protocol == b->protocol && a->metric == b->metric &&
           heal_prefix_equal(&a->prefix, &b->prefix) && heal_port_key_equal(&a->via, &b->via);
}

static bool is_default(const struct heal_prefix *prefix) {
    return prefix->length == 0 || (prefix->length == 96 && heal_address_is_mapped(&prefix->address));
}

/* Is the kernel's route one to know of: the daemon's, ours, one that drops, a way out of the mesh, or to
 * where the daemon has one? The others of a node that is a router in other nets, too, are many. */
static bool matters(const struct heal_rib *rib, const struct heal_reading_fib *fib) {
    if (fib->protocol == HEAL_BABEL_PROTOCOL || fib->protocol == HEAL_ROUTE_PROTOCOL ||
        fib->type != HEAL_FIB_UNICAST || is_default(&fib->prefix))
        return true;
    for (size_t i = 0; i < rib->routes; i++)
        if (heal_prefix_equal(&rib->route[i].prefix, &fib->prefix))
            return true;
    return false;
}

/* @return the place of one that does not matter, or HEAL_FIB_MAX. */
static size_t find_idle(const struct heal_rib *rib) {
    size_t i = 0;
    while (i < rib->fibs && matters(rib, &rib->fib[i]))
        i++;
    return i < rib->fibs ? i : HEAL_FIB_MAX;
}

void heal_rib_take_fib(struct heal_rib *rib, const struct heal_reading_fib *reading) {
    size_t i = 0;
    while (i < rib->fibs && !same_fib(&rib->fib[i], reading))
        i++;
    rib->revision++;
    if (!reading->present) {
        if (i == rib->fibs)
            return;
        rib->ours -= is_ours(&rib->fib[i]);
        rib->fib[i] = rib->fib[--rib->fibs];
        return;
    }
    if (i == HEAL_FIB_MAX && !matters(rib, reading))
        return;
    if (i == HEAL_FIB_MAX)
        i = find_idle(rib);
    if (i == HEAL_FIB_MAX) {
        rib->fib_incomplete = true;
        return;
    }
    if (i < rib->fibs)
        rib->ours -= is_ours(&rib->fib[i]);
    rib->ours += is_ours(reading);
    rib->fib[i] = *reading;
    if (i == rib->fibs)
        rib->fibs++;
}

const struct heal_reading_route *heal_rib_installed(const struct heal_rib *rib,
                                                    const struct heal_prefix *prefix) {
    for (size_t i = 0; i < rib->routes; i++) {
        const struct heal_reading_route *route = &rib->route[i];
        if (route->installed && route->via.ifname[0] != '\0' && heal_prefix_equal(&route->prefix, prefix))
            return route;
    }
    return NULL;
}

const struct heal_reading_fib *heal_rib_unicast(const struct heal_rib *rib, const struct heal_prefix *prefix,
                                                const struct heal_port_key *via, uint8_t protocol) {
    const struct heal_reading_fib *best = NULL;
    for (size_t i = 0; i < rib->fibs; i++) {
        const struct heal_reading_fib *fib = &rib->fib[i];
        bool fits = fib->type == HEAL_FIB_UNICAST && heal_prefix_equal(&fib->prefix, prefix) &&
                    (protocol == 0 || fib->protocol == protocol) &&
                    (!via || heal_port_key_equal(&fib->via, via));
        if (fits && (!best || fib->metric < best->metric))
            best = fib;
    }
    return best;
}

const struct heal_reading_fib *heal_rib_foreign(const struct heal_rib *rib,
                                                const struct heal_prefix *prefix) {
    for (size_t i = 0; i < rib->fibs; i++) {
        const struct heal_reading_fib *fib = &rib->fib[i];
        if (fib->type == HEAL_FIB_UNICAST && fib->protocol != HEAL_ROUTE_PROTOCOL &&
            heal_prefix_equal(&fib->prefix, prefix))
            return fib;
    }
    return NULL;
}

const struct heal_reading_fib *heal_rib_by_hand(const struct heal_rib *rib,
                                                const struct heal_prefix *prefix) {
    enum { KERNEL_PROTOCOL = 2 }; /* it makes its own for what is on a link */
    for (size_t i = 0; i < rib->fibs; i++) {
        const struct heal_reading_fib *fib = &rib->fib[i];
        bool somebody = fib->protocol != HEAL_ROUTE_PROTOCOL && fib->protocol != HEAL_BABEL_PROTOCOL &&
                        fib->protocol != KERNEL_PROTOCOL;
        if (somebody && fib->type == HEAL_FIB_UNICAST && fib->metric < HEAL_ROUTE_METRIC &&
            heal_prefix_equal(&fib->prefix, prefix))
            return fib;
    }
    return NULL;
}

const struct heal_reading_fib *heal_rib_blackhole(const struct heal_rib *rib,
                                                  const struct heal_prefix *prefix) {
    const struct heal_reading_fib *first = NULL;
    for (size_t i = 0; i < rib->fibs; i++) {
        const struct heal_reading_fib *fib = &rib->fib[i];
        bool fits = fib->type == HEAL_FIB_BLACKHOLE && fib->protocol != HEAL_BABEL_PROTOCOL &&
                    heal_prefix_equal(&fib->prefix, prefix);
        if (fits && (!first || fib->metric < first->metric))
            first = fib;
    }
    return first;
}

bool heal_rib_has_default(const struct heal_rib *rib, const char *ifname) {
    for (size_t i = 0; i < rib->fibs; i++) {
        const struct heal_reading_fib *fib = &rib->fib[i];
        if (fib->type == HEAL_FIB_UNICAST && fib->protocol != HEAL_ROUTE_PROTOCOL &&
            is_default(&fib->prefix) && strcmp(fib->via.ifname, ifname) != 0)
            return true;
    }
    return false;
}
