/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "monitor/intake.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "model/output.h"
#include "model/way.h"
#include "monitor/intake_mesh.h"
#include "monitor/intake_node.h"

#include <math.h>
#include <string.h>

/* An outage that swallowed fewer probes than this in a row may as well be chance. */
enum { OUTAGE_PROBES_MIN = 6 };
/* One that ends so soon after the interface came up is the interface's, and was noted when that went down. */
static const heal_us up_again_us = 2500 * HEAL_US_PER_MS;

/* A stranger that was heard for so long, with breaks of so much at most, is a neighbour: probes come every
 * half second, and forging them for that long buys no more than being one would. */
static const heal_us established_after_us = 30 * HEAL_US_PER_S;
enum { BREAK_MS = 3000 };
/* A port that the routing daemon does not know, and of which nothing has been read for so long, is no more:
 * its interface is gone. What there was to say about that has been said. */
static const heal_us gone_after_us = 600 * HEAL_US_PER_S;

static void note_outage(struct heal_world *world, struct heal_port *port) {
    memmove(&port->outage_at[1], &port->outage_at[0], (HEAL_OUTAGES_KEPT - 1) * sizeof port->outage_at[0]);
    port->outage_at[0] = world->now;
}

static void take_account(struct heal_world *world, struct heal_port *port, enum heal_direction direction,
                         const struct heal_link_account *account) {
    struct heal_history *history = direction == HEAL_IN ? &port->in : &port->out;
    const struct heal_sample *before = heal_history_newest(history);
    uint32_t swallowed = account->outage_lost[HEAL_PROBE_SMALL] + account->outage_lost[HEAL_PROBE_FULL];
    bool comparable = before != NULL && before->account.epoch == account->epoch;
    bool of_interface = port->down_at != 0 && world->now - port->since < up_again_us;
    if (comparable && !of_interface && account->outages != port->outages_seen[direction] &&
        swallowed - port->outage_lost_seen[direction] >= OUTAGE_PROBES_MIN)
        note_outage(world, port);
    port->outages_seen[direction] = account->outages;
    port->outage_lost_seen[direction] = swallowed;
    heal_history_add(history, world->now, account);
}

/* An interface went down or lost its carrier: known at once, whatever the probes say. */
static void take_carrier(struct heal_world *world, struct heal_port *port, bool up, bool carrier) {
    bool worked = port->up && port->carrier, works = up && carrier;
    if (worked && !works) {
        note_outage(world, port);
        port->down_at = world->now;
        world->urgent = true;
    }
    if (!worked && works)
        port->since = world->now;
    port->up = up;
    port->carrier = carrier;
}

static void take_bytes(struct heal_world *world, struct heal_port *port,
                       const struct heal_reading_link *link) {
    heal_us span = world->now - port->bytes_at;
    bool comparable = port->bytes_at != 0 && span > 0 && link->tx_bytes >= port->tx_bytes &&
                      link->rx_bytes >= port->rx_bytes;
    if (comparable && span < 100 * HEAL_US_PER_MS)
        return; /* too short to make a rate of */
    if (comparable) {
        uint64_t moved = link->tx_bytes - port->tx_bytes + (link->rx_bytes - port->rx_bytes);
        port->throughput = (float)((double)moved * 8e6 / (double)span);
    }
    port->tx_bytes = link->tx_bytes;
    port->rx_bytes = link->rx_bytes;
    port->bytes_at = world->now;
}

static void take_link(struct heal_world *world, const struct heal_reading *reading) {
    const struct heal_reading_link *link = &reading->link;
    for (size_t i = 0; i < world->ports; i++) {
        struct heal_port *port = &world->port[i];
        if (strcmp(port->key.ifname, link->ifname) != 0)
            continue;
        take_carrier(world, port, link->present && link->up, link->present && link->carrier);
        if (!link->present)
            continue;
        port->mtu = link->mtu;
        take_bytes(world, port, link);
    }
}

/* What a radio can hear. What else a driver says, or a neighbour, would spoil what is normal for good. */
static bool is_level(float dbm) {
    return dbm > -150 && dbm < 50;
}

static void take_radio(struct heal_world *world, const struct heal_reading *reading) {
    const struct heal_reading_radio *radio = &reading->radio;
    struct heal_port *port = heal_world_port(world, &radio->port);
    bool sane = is_level(radio->rssi_dbm) && (!radio->has_noise || is_level(radio->noise_dbm));
    if (!port || !sane)
        return;
    port->has_radio = true;
    port->has_noise = radio->has_noise;
    port->rssi_dbm = radio->rssi_dbm;
    port->noise_dbm = radio->noise_dbm;
    port->radio_at = world->now;
}

/* Without room to stop the probes through it, which go out by themselves, the port stays. */
static void forget(struct heal_world *world, struct heal_port *port) {
    char peer[HEAL_ADDRESS_TEXT];
    for (size_t i = 0; i < HEAL_TRANSITS_MAX; i++) {
        if (port->transit[i].target == 0)
            continue;
        if (!heal_output_transit(world, port, &port->transit[i], 0))
            return;
        port->transit[i] = (struct heal_transit){.loss = -1};
    }
    if (port->known)
        heal_output_decide(world, HEAL_DECISION_OBSERVATION, 0, "forgotten=%s peer=%s", port->key.ifname,
                           heal_address_format(&port->key.peer, peer));
    heal_world_port_forget(world, port);
}

void heal_intake_forget_gone(struct heal_world *world) {
    for (size_t i = world->ports; i-- > 0;) {
        struct heal_port *port = &world->port[i];
        heal_us read = port->in_at > port->peer_at ? port->in_at : port->peer_at;
        if (port->known && !port->routed && world->now - read > gone_after_us &&
            world->now - port->since > gone_after_us)
            forget(world, port);
    }
}

/* The port works, for somebody is heard on it; the interface's own reading follows. */
static void become_known(const struct heal_world *world, struct heal_port *port) {
    if (port->known)
        return;
    port->known = port->up = port->carrier = true;
    port->since = world->now;
}

static void take_neighbour(struct heal_world *world, const struct heal_reading *reading) {
    const struct heal_reading_neighbour *neighbour = &reading->neighbour;
    struct heal_port *port = neighbour->present && !neighbour->forgotten
                                 ? heal_world_port_make(world, &neighbour->port)
                                 : heal_world_port(world, &neighbour->port);
    if (!port)
        return;
    if (neighbour->forgotten) {
        forget(world, port);
        return;
    }
    if (neighbour->present)
        become_known(world, port);
    port->routed = neighbour->present;
    port->established = port->established || neighbour->present;
    port->reach = neighbour->reach;
    port->rxcost = neighbour->rxcost;
    port->cost = neighbour->present ? neighbour->cost : UINT16_MAX;
}

static void note_heard(const struct heal_world *world, struct heal_port *port, uint32_t silence_ms) {
    if (silence_ms > BREAK_MS)
        port->heard_since = 0;
    else if (port->heard_since == 0)
        port->heard_since = world->now;
    if (port->heard_since != 0 && world->now - port->heard_since >= established_after_us)
        port->established = true;
}

static void take_probe(struct heal_world *world, const struct heal_reading *reading) {
    const struct heal_reading_probe *probe = &reading->probe;
    struct heal_port *port = heal_world_port_make(world, &probe->port);
    if (!port)
        return;
    if (probe->in.silence_ms != UINT32_MAX)
        become_known(world, port);
    port->in_at = world->now;
    note_heard(world, port, probe->in.silence_ms);
    take_account(world, port, HEAL_IN, &probe->in);
    port->rtt_next = (uint8_t)((port->rtt_next + 1u) % HEAL_COUNT(port->rtt_recent_ms));
    port->rtt_recent_ms[port->rtt_next] = probe->rtt_count > 0 ? (float)probe->rtt_min_us / 1000.0f : 0;
}

static void take_transit(struct heal_world *world, const struct heal_reading *reading) {
    const struct heal_reading_transit *seen = &reading->transit;
    struct heal_port *port = heal_world_port(world, &seen->via);
    for (size_t i = 0; port != NULL && i < HEAL_TRANSITS_MAX; i++) {
        struct heal_transit *transit = &port->transit[i];
        if (transit->target != seen->target_node || transit->target == 0)
            continue;
        if (transit->epoch != seen->epoch) {
            transit->epoch = seen->epoch;
            transit->sent_mark = seen->sent;
            transit->arrived_mark = seen->arrived;
            transit->mark = world->now;
            transit->loss = -1;
        }
        transit->sent = seen->sent;
        transit->arrived = seen->arrived;
    }
}

static void take_route(struct heal_world *world, const struct heal_reading *reading) {
    const struct heal_reading_route *route = &reading->route;
    bool own = route->present && route->via.ifname[0] == '\0' && route->prefix.length == 128;
    heal_severed_take_route(world, route);
    if (own && heal_address_is_zero(&world->address))
        world->address = route->prefix.address;
}

static void take_fib(struct heal_world *world, const struct heal_reading *reading) {
    const struct heal_reading_fib *fib = &reading->fib;
    heal_rib_take_fib(&world->rib, fib);
    const struct heal_port *way = heal_way_of_kernel(world, &fib->prefix);
    world->pressing = world->pressing || (way && heal_way_returns(world, way, &fib->prefix));
    if (!fib->present || fib->type == HEAL_FIB_BLACKHOLE)
        world->urgent = true;
}

static void take_daemon(struct heal_world *world, const struct heal_reading *reading) {
    world->daemon_silent = !reading->daemon.answers;
}

/* In the order of enum heal_reading_kind. */
static void (*const take[HEAL_READING_KINDS])(struct heal_world *, const struct heal_reading *) = {
    [HEAL_READING_LINK] = take_link,
    [HEAL_READING_RADIO] = take_radio,
    [HEAL_READING_NODE] = heal_intake_node,
    [HEAL_READING_SERVICE] = heal_intake_service,
    [HEAL_READING_NEIGHBOUR] = take_neighbour,
    [HEAL_READING_ROUTE] = take_route,
    [HEAL_READING_FIB] = take_fib,
    [HEAL_READING_PROBE] = take_probe,
    [HEAL_READING_TRANSIT] = take_transit,
    [HEAL_READING_STATION] = heal_intake_station,
    [HEAL_READING_MESH] = heal_intake_mesh,
    [HEAL_READING_HARD] = heal_intake_hard,
    [HEAL_READING_RELAY] = heal_intake_relay,
    [HEAL_READING_DAEMON] = take_daemon,
};

void heal_intake_reading(struct heal_world *world, const struct heal_reading *reading) {
    if ((unsigned)reading->kind < HEAL_READING_KINDS)
        take[reading->kind](world, reading);
}

/* Does the peer hear nothing lately? In a moment it will take this end for lost; after that there is time. */
static bool tells_of_silence(const struct heal_world *world, const struct heal_message_link *link) {
    float silence_s = (float)link->in.silence_ms / 1000.0f, limit = world->threshold[HEAL_METRIC_SILENCE];
    return link->examining && silence_s > limit / 2 && silence_s < 2 * limit;
}

/* Of the room for neighbours only what is used; most have a few. */
static size_t link_bytes(const struct heal_message_link *link) {
    return offsetof(struct heal_message_link, neighbour) + link->neighbours * sizeof link->neighbour[0];
}

void heal_intake_peer(struct heal_world *world, const struct heal_message *message) {
    struct heal_port *port = heal_world_port_make(world, &message->port);
    if (!port)
        return;
    become_known(world, port);
    port->established = true;
    port->neighbour = message->from;
    heal_name_copy(port->neighbour_name, sizeof port->neighbour_name, message->from_name);
    bool asks = message->link.examining && !port->peer.examining;
    if (asks || tells_of_silence(world, &message->link))
        world->urgent = true; /* both ends should look at the same time */
    memcpy(&port->peer, &message->link, link_bytes(&message->link));
    port->peer_at = world->now;
    float noise_dbm = port->peer.noise_dbm, snr_db = port->peer.features.value[HEAL_FEATURE_SNR];
    if (!is_level(noise_dbm) || !is_level(noise_dbm + snr_db))
        port->peer.features.valid &= (uint8_t) ~(1u << HEAL_FEATURE_SNR);
    take_account(world, port, HEAL_OUT, &message->link.in);
}
