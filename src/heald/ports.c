/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/ports.h"

#include "net/channel.h"
#include "net/probe.h"

#include <errno.h>
#include <string.h>

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

/* Makes room by forgetting the port that has been away longest. @return false if none is away. */
static bool make_room(struct heald_ports *ports) {
    struct heald_port *oldest = NULL;

    for (size_t i = 0; i < ports->count; i++) {
        struct heald_port *port = &ports->port[i];

        if (!port->present && (!oldest || port->seen < oldest->seen))
            oldest = port;
    }
    if (oldest)
        drop(ports, oldest);
    return oldest != NULL;
}

int heald_ports_add(struct heald_ports *ports, const struct heal_port_key *key, heal_us now) {
    struct heald_port *known = find(ports, key);

    if (known) {
        known->present = true;
        known->seen = now;
        return 0;
    }
    if (ports->count >= ports->most && !make_room(ports))
        return -ENOSPC;
    int r = ports->prober ? heal_prober_port_add(ports->prober, key) : 0;
    if (r == 0 && ports->channel)
        r = heal_channel_port_add(ports->channel, key);
    if (r < 0) {
        if (ports->prober)
            heal_prober_port_remove(ports->prober, key);
        return r;
    }
    ports->port[ports->count++] = (struct heald_port){.key = *key, .present = true, .seen = now};
    return 0;
}

void heald_ports_leave(struct heald_ports *ports, const struct heal_port_key *key) {
    struct heald_port *known = find(ports, key);

    if (known)
        known->present = false;
}

void heald_ports_remove_interface(struct heald_ports *ports, const char *ifname) {
    for (size_t i = ports->count; i-- > 0;)
        if (strncmp(ports->port[i].key.ifname, ifname, HEAL_IFNAME_MAX) == 0)
            drop(ports, &ports->port[i]);
}
