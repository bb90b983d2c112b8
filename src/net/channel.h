/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The mesh channel: how the heald of neighbours talk. A table of functions, so that mutual TLS can take the
 * place of the plain transport without anybody noticing. A channel keeps no message: what cannot be sent now
 * is lost (the next round says it again). Messages that arrive have been decoded, range-checked and tied to
 * the port they came in by; who may say what is for the engine to judge.
 */
#ifndef HEAL_NET_CHANNEL_H
#define HEAL_NET_CHANNEL_H

#include "heal/message.h"

struct event_base;
struct heal_channel;

struct heal_channel_config {
    struct event_base *base;
    uint16_t port;            /**< UDP, the same on every node */
    char node[HEAL_NAME_MAX]; /**< this node's name: the `from` of all it sends */
    size_t ports_max;
    unsigned messages_per_s; /**< taken from one peer; 0: 100. Twice as many may come in a burst. */
    void (*on_message)(void *context, const struct heal_message *message);
    void *context;
};

/** What went through, and what did not, by reason. */
struct heal_channel_counters {
    uint64_t sent, send_failed, received;
    uint64_t wrong_hop_limit, wrong_port, not_link_local, stranger, too_fast, too_long, malformed, own;
};

struct heal_channel_operations {
    int (*send)(struct heal_channel *channel, const struct heal_message *message);
    int (*port_add)(struct heal_channel *channel, const struct heal_port_key *key);
    int (*port_remove)(struct heal_channel *channel, const struct heal_port_key *key);
    void (*counters)(const struct heal_channel *channel, struct heal_channel_counters *ret_counters);
    struct heal_channel *(*free)(struct heal_channel *channel);
};

/** The head of every kind of channel. */
struct heal_channel {
    const struct heal_channel_operations *operations;
};

/**
 * Plain datagrams over link-local addresses with hop limit 255 (RFC 5082): nobody beyond the link can speak,
 * anybody on it can. For the lab and for links that are encrypted below.
 * @return 0, -ENOMEM, -EINVAL for a configuration without name or callback, or an errno of the socket.
 */
int heal_channel_udp_new(const struct heal_channel_config *config, struct heal_channel **ret_channel);

/** Sends to the neighbour of message->port. `from` is filled in here. @return 0, -ENOENT if that is no port,
 * -EMSGSIZE, or an errno of the socket. */
static inline int heal_channel_send(struct heal_channel *channel, const struct heal_message *message) {
    return channel->operations->send(channel, message);
}

/** Only ports that were added can speak and be spoken to. @return 0 (also if it is there) or -ENOSPC. */
static inline int heal_channel_port_add(struct heal_channel *channel, const struct heal_port_key *key) {
    return channel->operations->port_add(channel, key);
}

/** @return 0 or -ENOENT. */
static inline int heal_channel_port_remove(struct heal_channel *channel, const struct heal_port_key *key) {
    return channel->operations->port_remove(channel, key);
}

static inline void heal_channel_counters(const struct heal_channel *channel,
                                         struct heal_channel_counters *ret_counters) {
    channel->operations->counters(channel, ret_counters);
}

/** Takes NULL. @return NULL. */
static inline struct heal_channel *heal_channel_free(struct heal_channel *channel) {
    return channel ? channel->operations->free(channel) : NULL;
}

#endif
