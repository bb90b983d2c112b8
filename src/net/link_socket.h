/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A UDP socket for talk between neighbours: hop limit 255 out, and with every datagram that comes in where
 * it came from, by which interface, with which hop limit and when. It never fragments. Values only; the
 * caller closes the descriptor.
 */
#ifndef HEAL_NET_LINK_SOCKET_H
#define HEAL_NET_LINK_SOCKET_H

#include "heal/types.h"

#include <netinet/in.h>

/** A datagram that came in. */
struct heal_datagram {
    struct heal_port_key from; /**< the interface it came in by, and its source address */
    struct heal_address to;    /**< its destination address */
    uint16_t from_port;
    int hop_limit;   /**< -1: unknown */
    heal_us arrived; /**< on the clock of base/clock.h, from the kernel's receive timestamp */
    size_t length;
    bool truncated;
};

/** @return a descriptor (not blocking), or a negative errno. */
int heal_link_socket_open(uint16_t port);

/** Sends to a neighbour over its port's interface. @return 0 or a negative errno. */
int heal_link_socket_send(int socket, const struct heal_port_key *to, uint16_t port, const void *data,
                          size_t length);

/** Sends from one of our addresses as the kernel routes, with the hop limit of ordinary traffic. */
int heal_link_socket_send_routed(int socket, const struct heal_address *from, const struct heal_address *to,
                                 uint16_t port, const void *data, size_t length);

/**
 * Takes in what has come, but so much and no more at a time: a flood must not keep the loop from its other
 * work. @param buffer of @p size bytes for one datagram.
 */
void heal_link_socket_drain(int socket, void *buffer, size_t size,
                            void (*take)(void *context, const uint8_t *bytes,
                                         const struct heal_datagram *datagram),
                            void *context);

/** @return the interface's MTU, or a negative errno. */
int heal_link_socket_mtu(int socket, const char *ifname);
/** @return the interface's index, or a negative errno. */
int heal_link_socket_index(int socket, const char *ifname);

#endif
