/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Probes between neighbours: sending them, and what each that comes in tells. */
#include "net/kernel.h"
#include "net/prober.h"

#include <string.h>

enum {
    SMALL_BYTES = 64,
    HEADS_BYTES = 48, /* IPv6 and UDP */
    HOPS_ON_LINK = 255,
};

static const heal_us pair_spacing_us = 900 * HEAL_US_PER_MS;
/* Looked at so late, our own counter has gone on too far for a pair. */
static const heal_us pair_lag_max_us = 5 * HEAL_US_PER_MS;
static const heal_us rtt_max_us = 10 * HEAL_US_PER_S;

/* The counters of an interface are those of a link only where one neighbour is on it. */
static bool is_alone(const struct heal_probe_port *port) {
    const struct heal_prober *prober = port->prober;
    unsigned count = 0;

    for (size_t i = 0; i < prober->ports; i++)
        count += strcmp(prober->port[i]->key.ifname, port->key.ifname) == 0;
    return count == 1;
}

static int read_counters(const struct heal_probe_port *port, uint64_t *ret_sent, uint64_t *ret_received) {
    int index = heal_link_socket_index(port->prober->socket, port->key.ifname);

    return index < 0 ? index : heal_kernel_counters(port->prober->netlink, index, ret_sent, ret_received);
}

static void put_pair(struct heal_probe_port *port, heal_us now, struct heal_probe_packet *packet) {
    uint64_t sent, received;

    if (now - port->paired < pair_spacing_us || !is_alone(port) || read_counters(port, &sent, &received) < 0)
        return;
    packet->link.has_pair = true;
    packet->link.pair_sent = sent + 1; /* the one that says so is counted, too */
    port->paired = now;
}

static size_t length_of(const struct heal_probe_port *port, enum heal_probe_size size) {
    if (size == HEAL_PROBE_SMALL)
        return SMALL_BYTES;
    int mtu = heal_link_socket_mtu(port->prober->socket, port->key.ifname);
    if (mtu < SMALL_BYTES + HEADS_BYTES)
        return SMALL_BYTES;
    size_t length = (size_t)mtu - HEADS_BYTES;
    return length < HEAL_PROBE_BYTES_MAX ? length : HEAL_PROBE_BYTES_MAX;
}

void heal_probe_link_send(struct heal_probe_port *port, enum heal_probe_size size) {
    struct heal_prober *prober = port->prober;
    struct heal_probe_packet packet = {.kind = HEAL_PROBE_LINK, .epoch = prober->epoch};
    uint8_t bytes[HEAL_PROBE_BYTES_MAX];
    size_t length = length_of(port, size);
    heal_us now = heal_clock_now();

    /* Numbered whether or not it leaves: what this node failed to send is lost to the neighbour, too. */
    port->sent[size]++;
    packet.link.size = size;
    packet.link.sent[HEAL_PROBE_SMALL] = port->sent[HEAL_PROBE_SMALL];
    packet.link.sent[HEAL_PROBE_FULL] = port->sent[HEAL_PROBE_FULL];
    if (size == HEAL_PROBE_SMALL)
        put_pair(port, now, &packet);
    if (port->has_echo && now - port->echo_arrived < rtt_max_us) {
        packet.link.has_echo = true;
        packet.link.echo_epoch = port->echo_epoch;
        packet.link.echo_time = port->echo_time;
        now = heal_clock_now();
        packet.link.echo_hold_us = (uint32_t)(now - port->echo_arrived);
    }
    packet.link.time = now;
    heal_probe_packet_encode(&packet, bytes, length);
    if (heal_link_socket_send(prober->socket, &port->key, prober->config.port, bytes, length) < 0)
        prober->counters.send_failed++;
    else
        prober->counters.sent++;
}

static void take_pair(struct heal_probe_port *port, const struct heal_datagram *datagram,
                      const struct heal_probe_packet *packet) {
    uint64_t sent, received;

    if (!packet->link.has_pair || !is_alone(port) || heal_clock_now() - datagram->arrived > pair_lag_max_us ||
        read_counters(port, &sent, &received) < 0)
        return;
    heal_account_pair(&port->account, packet->link.pair_sent, received);
}

/* The echo of a time of ours gives a round-trip time, once. */
static void take_echo(struct heal_probe_port *port, const struct heal_datagram *datagram,
                      const struct heal_probe_packet *packet) {
    heal_us sent = packet->link.echo_time, hold = packet->link.echo_hold_us;

    if (!packet->link.has_echo || packet->link.echo_epoch != port->prober->epoch || sent <= port->answered ||
        sent > datagram->arrived || datagram->arrived - sent > rtt_max_us || hold > datagram->arrived - sent)
        return;
    port->answered = sent;
    port->rtt_us[port->rtts++ % HEAL_PROBER_RTTS] = (uint32_t)(datagram->arrived - sent - hold);
}

static void meet_stranger(struct heal_prober *prober, const struct heal_datagram *datagram) {
    prober->counters.stranger++;
    if (prober->config.on_stranger &&
        heal_strangers_meet(&prober->strangers, &datagram->from, heal_clock_now()))
        prober->config.on_stranger(prober->config.context, &datagram->from);
}

void heal_probe_link_take(struct heal_prober *prober, const struct heal_datagram *datagram,
                          const struct heal_probe_packet *packet) {
    struct heal_account_probe probe = {
        .epoch = packet->epoch,
        .size = packet->link.size,
        .sent = {packet->link.sent[HEAL_PROBE_SMALL], packet->link.sent[HEAL_PROBE_FULL]}
    };

    if (datagram->hop_limit != HOPS_ON_LINK) {
        prober->counters.wrong_hop_limit++;
        return;
    }
    if (datagram->from_port != prober->config.port) {
        prober->counters.wrong_port++;
        return;
    }
    if (!heal_address_is_link_local(&datagram->from.peer)) {
        prober->counters.not_link_local++;
        return;
    }
    struct heal_probe_port *port = heal_prober_find(prober, &datagram->from);
    if (!port) {
        meet_stranger(prober, datagram);
        return;
    }
    if (heal_account_take(&port->account, datagram->arrived, &probe) != HEAL_ACCOUNT_COUNTED) {
        prober->counters.duplicate++;
        return;
    }
    port->has_echo = true;
    port->echo_epoch = packet->epoch;
    port->echo_time = packet->link.time;
    port->echo_arrived = datagram->arrived;
    take_pair(port, datagram, packet);
    take_echo(port, datagram, packet);
}
