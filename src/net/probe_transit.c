/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Streams of routed probes to nodes beyond a neighbour. */
#include "net/kernel.h"
#include "net/prober.h"
#include "wire/udp6_frame.h"

#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    SMALL_BYTES = 64,
    /* 1280 with its heads: what every IPv6 link must carry (RFC 8200, 5). A hole for larger ones is for the
     * probes between neighbours to find; on a path, they could not tell a hole from a smaller MTU. */
    LARGE_BYTES = HEAL_MTU_MIN - HEAL_UDP6_HEAD_BYTES,
    HOPS = 64,
    INTERVAL_MIN_MS = 10,
};

/* Probes younger than this may still be on their way there, or their answers back. */
static const heal_us settle_us = 300 * HEAL_US_PER_MS;

static bool is_routed(const struct heal_probe_stream *stream) {
    return stream->order.via.ifname[0] == '\0';
}

static int send_past_routes(struct heal_prober *prober, const struct heal_probe_stream *stream,
                            uint8_t *packet, size_t length) {
    const struct heal_port_key *via = &stream->order.via;
    struct heal_udp6_frame frame = {.from = prober->config.address,
                                    .to = stream->order.target,
                                    .port = prober->config.port,
                                    .hop_limit = HOPS};
    struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IPV6)};
    struct heal_mac mac;

    int index = heal_link_socket_index(prober->socket, via->ifname);
    int r = index < 0 ? index : heal_kernel_mac(prober->netlink, index, &via->peer, &mac);
    if (r < 0)
        return r;
    if (mac.length > sizeof to.sll_addr)
        return -ENOTSUP;
    to.sll_ifindex = index;
    to.sll_halen = mac.length;
    memcpy(to.sll_addr, mac.byte, mac.length);
    size_t total = heal_udp6_frame_encode(&frame, packet, length);
    ssize_t sent = sendto(prober->frame_socket, packet, total, 0, (const struct sockaddr *)&to, sizeof to);
    return sent < 0 ? -errno : 0;
}

static void send_probe(struct heal_probe_stream *stream) {
    struct heal_prober *prober = stream->prober;
    struct heal_probe_packet packet = {.kind = HEAL_PROBE_TRANSIT, .epoch = stream->epoch};
    uint8_t buffer[HEAL_UDP6_HEAD_BYTES + LARGE_BYTES], *payload = buffer + HEAL_UDP6_HEAD_BYTES;
    size_t length = stream->sent % 2 ? LARGE_BYTES : SMALL_BYTES;

    packet.transit.number = ++stream->sent;
    stream->sent_at[stream->sent % HEAL_PROBER_RECENT] = heal_clock_now();
    heal_probe_packet_encode(&packet, payload, length);
    int r = is_routed(stream)
                ? heal_link_socket_send_routed(prober->socket, &prober->config.address, &stream->order.target,
                                               prober->config.port, payload, length)
                : send_past_routes(prober, stream, buffer, length);
    if (r < 0)
        prober->counters.send_failed++;
    else
        prober->counters.sent++;
}

static void on_time(evutil_socket_t fd, short what, void *context) {
    struct heal_probe_stream *stream = context;

    (void)fd;
    (void)what;
    send_probe(stream);
    heal_prober_arm(stream->prober, stream->timer, stream->order.interval_ms);
}

/* ---- orders ---- */

static size_t find_stream(const struct heal_prober *prober, const struct heal_command_transit *order) {
    size_t at = 0;

    while (at < prober->streams && !(heal_port_key_equal(&prober->stream[at]->order.via, &order->via) &&
                                     heal_address_equal(&prober->stream[at]->order.target, &order->target)))
        at++;
    return at;
}

static void free_stream(struct heal_probe_stream *stream) {
    if (stream->timer)
        event_free(stream->timer);
    free(stream);
}

static int stop_stream(struct heal_prober *prober, size_t at) {
    if (at == prober->streams)
        return -ENOENT;
    free_stream(prober->stream[at]);
    prober->stream[at] = prober->stream[--prober->streams];
    return 0;
}

void heal_probe_streams_free(struct heal_prober *prober) {
    while (prober->streams > 0)
        stop_stream(prober, 0);
}

static bool is_ipv4(const struct heal_address *address) {
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

    return memcmp(address->byte, mapped, sizeof mapped) == 0;
}

static int check_order(struct heal_prober *prober, const struct heal_command_transit *order) {
    const struct heal_address *own = &prober->config.address;

    if (is_ipv4(&order->target) || is_ipv4(own))
        return -EAFNOSUPPORT;
    if (heal_address_is_zero(own))
        return -EADDRNOTAVAIL;
    if (heal_address_is_zero(&order->target) || heal_address_is_link_local(&order->target))
        return -EINVAL;
    return order->via.ifname[0] && prober->frame_socket < 0 ? -EPERM : 0;
}

static int start_stream(struct heal_prober *prober, const struct heal_command_transit *order) {
    if (prober->streams == HEAL_PROBER_STREAMS)
        return -ENOSPC;
    struct heal_probe_stream *stream = calloc(1, sizeof *stream);
    if (!stream)
        return -ENOMEM;
    stream->prober = prober;
    stream->order = *order;
    stream->epoch = heal_random_next(&prober->random);
    stream->timer = evtimer_new(prober->config.base, on_time, stream);
    if (!stream->timer) {
        free_stream(stream);
        return -ENOMEM;
    }
    prober->stream[prober->streams++] = stream;
    heal_prober_arm(prober, stream->timer, order->interval_ms);
    return 0;
}

void heal_prober_give_frame_socket(struct heal_prober *prober, int take_socket) {
    if (prober->frame_socket >= 0)
        close(prober->frame_socket);
    prober->frame_socket = take_socket;
}

bool heal_prober_has_frame_socket(const struct heal_prober *prober) {
    return prober->frame_socket >= 0;
}

int heal_prober_transit(struct heal_prober *prober, const struct heal_command_transit *transit) {
    struct heal_command_transit order = *transit;
    size_t at = find_stream(prober, transit);

    if (order.interval_ms == 0)
        return stop_stream(prober, at);
    if (order.interval_ms < INTERVAL_MIN_MS)
        order.interval_ms = INTERVAL_MIN_MS;
    int r = check_order(prober, &order);
    if (r < 0)
        return r;
    if (at == prober->streams)
        return start_stream(prober, &order);
    if (prober->stream[at]->order.interval_ms != order.interval_ms)
        heal_prober_arm(prober, prober->stream[at]->timer, order.interval_ms);
    prober->stream[at]->order = order;
    return 0;
}

/* ---- answers and readings ---- */

void heal_probe_stream_take(struct heal_prober *prober, const struct heal_datagram *datagram,
                            const struct heal_probe_packet *packet) {
    for (size_t i = 0; i < prober->streams; i++) {
        struct heal_probe_stream *stream = prober->stream[i];

        if (stream->epoch != packet->epoch ||
            !heal_address_equal(&stream->order.target, &datagram->from.peer))
            continue;
        if (packet->transit.number > stream->sent || packet->transit.arrived > packet->transit.number)
            break;
        stream->answered = datagram->arrived;
        if (packet->transit.arrived > stream->arrived)
            stream->arrived = packet->transit.arrived;
        if (packet->transit.number > stream->settled)
            stream->settled = packet->transit.number;
        return;
    }
    prober->counters.routed_refused++;
}

static void settle(struct heal_probe_stream *stream, heal_us now) {
    while (stream->settled < stream->sent &&
           (stream->sent - stream->settled > HEAL_PROBER_RECENT ||
            now - stream->sent_at[(stream->settled + 1) % HEAL_PROBER_RECENT] >= settle_us))
        stream->settled++;
}

bool heal_prober_read_transit(struct heal_prober *prober, size_t index,
                              struct heal_reading_transit *ret_reading) {
    if (index >= prober->streams)
        return false;
    struct heal_probe_stream *stream = prober->stream[index];
    heal_us now = heal_clock_now();
    heal_us age_ms = now > stream->answered ? (now - stream->answered) / HEAL_US_PER_MS : 0;

    settle(stream, now);
    *ret_reading = (struct heal_reading_transit){.via = stream->order.via,
                                                 .target = stream->order.target,
                                                 .target_node = stream->order.target_node,
                                                 .epoch = stream->epoch,
                                                 .sent = stream->settled,
                                                 .arrived = stream->arrived};
    ret_reading->answer_age_ms = stream->answered == 0 || age_ms > UINT32_MAX ? UINT32_MAX : (uint32_t)age_ms;
    return true;
}
