/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/text.h"
#include "net/channel.h"
#include "net/link_socket.h"
#include "wire/message_codec.h"

#include <errno.h>
#include <event2/event.h>
#include <string.h>
#include <unistd.h>

enum { MESSAGES_PER_S = 100, BURST_S = 2 };

/* A neighbour that may speak, and how much it still may (a token bucket). */
struct peer {
    struct heal_port_key key;
    double tokens;
    heal_us filled;
};

struct channel_udp {
    struct heal_channel channel;
    struct heal_channel_config config;
    struct heal_channel_counters counters;
    heal_node_id own_id;
    int socket;
    struct event *readable;
    size_t peers;
    struct peer *peer;
};

static struct channel_udp *of(struct heal_channel *channel) {
    return (struct channel_udp *)channel;
}

static struct peer *find_peer(struct channel_udp *udp, const struct heal_port_key *key) {
    for (size_t i = 0; i < udp->peers; i++) {
        if (heal_port_key_equal(&udp->peer[i].key, key))
            return &udp->peer[i];
    }
    return NULL;
}

/* ---- in ---- */

static bool may_speak(const struct channel_udp *udp, struct peer *peer, heal_us now) {
    double most = (double)udp->config.messages_per_s * BURST_S;

    peer->tokens += (double)(now - peer->filled) / (double)HEAL_US_PER_S * udp->config.messages_per_s;
    peer->filled = now;
    if (peer->tokens > most)
        peer->tokens = most;
    if (peer->tokens < 1)
        return false;
    peer->tokens -= 1;
    return true;
}

static bool refuse(uint64_t *counter) {
    ++*counter;
    return false;
}

/* May a datagram be looked into? One that may not is counted by the reason. */
static bool may_enter(struct channel_udp *udp, const struct heal_datagram *datagram) {
    if (datagram->hop_limit != 255)
        return refuse(&udp->counters.wrong_hop_limit);
    /* Whoever may not bind the port of heald on the other node is not that heald. */
    if (datagram->from_port != udp->config.port)
        return refuse(&udp->counters.wrong_port);
    if (!heal_address_is_link_local(&datagram->from.peer))
        return refuse(&udp->counters.not_link_local);
    struct peer *peer = find_peer(udp, &datagram->from);
    if (!peer)
        return refuse(&udp->counters.stranger);
    if (!may_speak(udp, peer, heal_clock_now()))
        return refuse(&udp->counters.too_fast);
    return !datagram->truncated || refuse(&udp->counters.too_long);
}

static void take_datagram(void *context, const uint8_t *bytes, const struct heal_datagram *datagram) {
    struct channel_udp *udp = context;
    struct heal_message message;

    if (!may_enter(udp, datagram))
        return;
    if (heal_message_decode(bytes, datagram->length, &message, NULL) < 0) {
        udp->counters.malformed++;
        return;
    }
    /* Our own name from somebody else: a copied configuration, or a mirror. */
    if (message.from == udp->own_id) {
        udp->counters.own++;
        return;
    }
    udp->counters.received++;
    message.port = datagram->from;
    udp->config.on_message(udp->config.context, &message);
}

static void on_readable(evutil_socket_t fd, short what, void *context) {
    uint8_t bytes[HEAL_MESSAGE_BYTES_MAX];

    (void)what;
    heal_link_socket_drain((int)fd, bytes, sizeof bytes, take_datagram, context);
}

/* ---- out ---- */

static int send_one(struct channel_udp *udp, const struct heal_message *message) {
    uint8_t bytes[HEAL_MESSAGE_BYTES_MAX];

    int length = heal_message_encode(message, bytes, sizeof bytes);
    if (length < 0)
        return length;
    int r = heal_link_socket_send(udp->socket, &message->port, udp->config.port, bytes, (size_t)length);
    if (r == 0)
        udp->counters.sent++;
    return r;
}

/* Paths that do not fit in one message go in two, and so on. */
static int send_split(struct channel_udp *udp, const struct heal_message *message) {
    struct heal_message part = *message;
    int r = send_one(udp, message);

    if (r != -EMSGSIZE || message->kind != HEAL_MESSAGE_PATHS || message->paths.paths < 2)
        return r;
    uint8_t first = message->paths.paths / 2;
    part.paths.paths = first;
    part.paths.more = true;
    r = send_split(udp, &part);
    if (r < 0)
        return r;
    part.paths.first = (uint8_t)(message->paths.first + first);
    part.paths.paths = (uint8_t)(message->paths.paths - first);
    part.paths.more = message->paths.more;
    memcpy(part.paths.path, message->paths.path + first, part.paths.paths * sizeof part.paths.path[0]);
    return send_split(udp, &part);
}

static int udp_send(struct heal_channel *channel, const struct heal_message *message) {
    struct channel_udp *udp = of(channel);
    struct heal_message signed_message = *message;

    if (!find_peer(udp, &message->port))
        return -ENOENT;
    signed_message.from = udp->own_id;
    heal_name_copy(signed_message.from_name, sizeof signed_message.from_name, udp->config.node);
    int r = send_split(udp, &signed_message);
    if (r < 0)
        udp->counters.send_failed++;
    return r;
}

/* ---- ports ---- */

static int udp_port_add(struct heal_channel *channel, const struct heal_port_key *key) {
    struct channel_udp *udp = of(channel);

    if (find_peer(udp, key))
        return 0;
    if (udp->peers == udp->config.ports_max)
        return -ENOSPC;
    udp->peer[udp->peers++] = (struct peer){
        .key = *key, .tokens = udp->config.messages_per_s * BURST_S, .filled = heal_clock_now()};
    return 0;
}

static int udp_port_remove(struct heal_channel *channel, const struct heal_port_key *key) {
    struct channel_udp *udp = of(channel);
    struct peer *peer = find_peer(udp, key);

    if (!peer)
        return -ENOENT;
    *peer = udp->peer[--udp->peers];
    return 0;
}

static void udp_counters(const struct heal_channel *channel, struct heal_channel_counters *ret_counters) {
    *ret_counters = ((const struct channel_udp *)channel)->counters;
}

/* ---- life ---- */

static struct channel_udp *free_udp(struct channel_udp *udp) {
    if (!udp)
        return NULL;
    if (udp->readable)
        event_free(udp->readable);
    if (udp->socket >= 0)
        close(udp->socket);
    free(udp->peer);
    free(udp);
    return NULL;
}

static void free_udp_pointer(struct channel_udp **udp) {
    free_udp(*udp);
}

static struct heal_channel *udp_free(struct heal_channel *channel) {
    free_udp(of(channel));
    return NULL;
}

static const struct heal_channel_operations operations = {
    .send = udp_send,
    .port_add = udp_port_add,
    .port_remove = udp_port_remove,
    .counters = udp_counters,
    .free = udp_free,
};

int heal_channel_udp_new(const struct heal_channel_config *config, struct heal_channel **ret_channel) {
    HEAL_CLEANUP(free_udp_pointer) struct channel_udp *udp = NULL;

    if (!config->node[0] || !config->on_message || config->ports_max == 0)
        return -EINVAL;
    udp = calloc(1, sizeof *udp);
    if (!udp)
        return -ENOMEM;
    udp->channel.operations = &operations;
    udp->config = *config;
    if (udp->config.messages_per_s == 0)
        udp->config.messages_per_s = MESSAGES_PER_S;
    udp->own_id = heal_node_id_of(config->node);
    udp->socket = heal_link_socket_open(config->port);
    if (udp->socket < 0)
        return udp->socket; // NOLINT(clang-analyzer-unix.Malloc): it does not know cleanup by scope
    udp->peer = calloc(config->ports_max, sizeof *udp->peer);
    udp->readable = event_new(config->base, udp->socket, EV_READ | EV_PERSIST, on_readable, udp);
    if (!udp->peer || !udp->readable || event_add(udp->readable, NULL) < 0)
        return -ENOMEM;
    *ret_channel = &udp->channel;
    udp = NULL;
    return 0;
}
