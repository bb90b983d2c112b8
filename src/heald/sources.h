/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * All that tells this node something: links, routing daemon, node, services, radio, probes, the neighbours'
 * messages. Each is opened if it can be; one that cannot be says so in words, and the rest works. It hands
 * every reading and message on as an event, and learns the ports on the way.
 */
#ifndef HEALD_SOURCES_H
#define HEALD_SOURCES_H

#include "heald/parts.h"
#include "heald/ports.h"
#include "os/babel.h"
#include "os/batadv.h"
#include "os/netlink.h"
#include "os/procfs.h"
#include "os/radio.h"
#include "os/service.h"

struct heal_helper;

struct heald_sources {
    struct event_base *base;
    const struct heal_config *config;
    struct heald_parts *parts;
    void (*take)(void *context, const struct heal_event *event);
    void *context;
    struct heal_helper *helper; /**< asked for what heald may not open itself */
    struct heald_ports ports;   /**< with the prober and the channel */
    struct heal_netlink *netlink;
    struct heal_babel *babel;
    struct heal_batadv *batadv;
    struct heal_procfs *procfs;
    struct heal_services *services;
    struct heal_radio_source *radio;
    uint64_t ports_refused;
    heal_us stranger_refused; /**< it was last said that one was */
    bool helper_lacks;        /**< while it is told that there was nobody to connect to the routing daemon */
    struct heal_event event;  /**< the one that is being handed on */
};

/**
 * Opens what can be opened; readings may come at once.
 * @param sources the first six members filled in, the rest zero.
 */
void heald_sources_open(struct heald_sources *sources);
void heald_sources_close(struct heald_sources *sources);

/** Reads all that is read once a round. */
void heald_sources_collect(struct heald_sources *sources, heal_us now);

/** Takes the services from the configuration anew. */
void heald_sources_reload(struct heald_sources *sources);

#endif
