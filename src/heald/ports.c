/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/ports.h"

#include "net/channel.h"
#include "net/probe.h"

#include <errno.h>
#include <string.h>

/* What one link may fill with strangers: enough for a radio's neighbourhood without a routing daemon, and
 * never more than half the table. */
enum { STRANGERS_OF_INTERFACE = 8 };
/* A neighbour of the daemon's that is away may be out of power or order, and comes back; but what it left
 * open must not stay for ever. */
static const heal_us stranger_silent_us = 60 * HEAL_US_PER_S, away_us = 3600 * HEAL_US_PER_S;

static struct heald_port *find(struct heald_ports *ports, const struct heal_port_key *key) {
    for (size_t i = 0; i < ports->count; i++)
        if (heal_port_key_equal(&ports->port[i].key, key))
            return &ports->port[i];
    return NULL;
}

static void drop(struct heald_ports *ports, struct heald_port *port) {
    if (ports->prober)
        heal_prober_port_remove(ports->prober, &port->key);
    if (ports->channel)
        heal_channel_port_remove(ports->channel, &port->key);
    *port = ports->port[--ports->count];
}

static void forget(struct heald_ports *ports, struct heald_port *port) {
    struct heal_port_key key = port->key;

    drop(ports, port);
    if (ports->on_forgotten)
        ports->on_forgotten(ports->context, &key);
}

static struct heald_port *longest_silent(struct heald_ports *ports, bool stranger) {
    struct heald_port *oldest = NULL;

    for (size_t i = 0; i < ports->count; i++) {
        struct heald_port *port = &ports->port[i];

        if (!port->present && port->stranger == stranger && (!oldest || port->seen < oldest->seen))
            oldest = port;
    }
    return oldest;
}

/* @return false where nobody gives way. */
static bool make_room(struct heald_ports *ports, bool for_stranger) {
    struct heald_port *victim = for_stranger ? NULL : longest_silent(ports, true);

    if (!victim)
        victim = longest_silent(ports, false);
    if (victim)
        forget(ports, victim);
    return victim != NULL;
}

static int insert(struct heald_ports *ports, const struct heald_port *port) {
    if (ports->count >= ports->most && !make_room(ports, port->stranger))
        return -ENOSPC;
    int r = ports->prober ? heal_prober_port_add(ports->prober, &port->key) : 0;
    if (r == 0 && ports->channel)
        r = heal_channel_port_add(ports->channel, &port->key);
    if (r < 0) {
        if (ports->prober)
            heal_prober_port_remove(ports->prober, &port->key);
        return r;
    }
    ports->port[ports->count++] = *port;
    return 0;
}

int heald_ports_add(struct heald_ports *ports, const struct heal_port_key *key, heal_us now) {
    struct heald_port *known = find(ports, key), port = {.key = *key, .present = true, .seen = now};

    if (!known)
        return insert(ports, &port);
    *known = port;
    return 0;
}

static bool has_its_share(const struct heald_ports *ports, const char *ifname) {
    size_t share = ports->most / 2 < STRANGERS_OF_INTERFACE ? ports->most / 2 : STRANGERS_OF_INTERFACE;
    size_t strangers = 0;

    for (size_t i = 0; i < ports->count; i++)
        strangers +=
            ports->port[i].stranger && strncmp(ports->port[i].key.ifname, ifname, HEAL_IFNAME_MAX) == 0;
    return strangers >= (share > 0 ? share : 1);
}

int heald_ports_meet(struct heald_ports *ports, const struct heal_port_key *key, heal_us now) {
    struct heald_port port = {.key = *key, .stranger = true, .seen = now};

    if (find(ports, key))
        return 0;
    return has_its_share(ports, key->ifname) ? -EDQUOT : insert(ports, &port);
}

void heald_ports_leave(struct heald_ports *ports, const struct heal_port_key *key) {
    struct heald_port *known = find(ports, key);

    if (known)
        known->present = false;
}

void heald_ports_hear(struct heald_ports *ports, const struct heal_port_key *key, heal_us at) {
    struct heald_port *known = find(ports, key);

    if (known && at > known->seen)
        known->seen = at;
}

void heald_ports_age(struct heald_ports *ports, heal_us now) {
    for (size_t i = ports->count; i-- > 0;) {
        struct heald_port *port = &ports->port[i];
        heal_us limit = port->stranger ? stranger_silent_us : away_us;

        if (!port->present && now > port->seen && now - port->seen >= limit)
            forget(ports, port);
    }
}

void heald_ports_remove_interface(struct heald_ports *ports, const char *ifname) {
    for (size_t i = ports->count; i-- > 0;) {
        struct heald_port *port = &ports->port[i];

        if (strncmp(port->key.ifname, ifname, HEAL_IFNAME_MAX) != 0)
            continue;
        if (port->stranger)
            forget(ports, port);
        else
            drop(ports, port);
    }
}
