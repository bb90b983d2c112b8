/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The inside of the prober, which its files share: probe.c (life, ports, readings), probe_link.c (probes
 * between neighbours), probe_transit.c (streams of routed probes), probe_answer.c (answers to others').
 */
#ifndef HEAL_NET_PROBER_H
#define HEAL_NET_PROBER_H

#include "base/clock.h"
#include "base/random.h"
#include "model/account.h"
#include "net/link_socket.h"
#include "net/probe.h"
#include "net/strangers.h"
#include "wire/probe_packet.h"

#include <event2/event.h>

enum {
    HEAL_PROBER_RTTS = 64,     /**< round-trip times kept of one round */
    HEAL_PROBER_STREAMS = 128, /**< of routed probes */
    HEAL_PROBER_SENDERS = 64,  /**< others' streams that are answered at a time */
    HEAL_PROBER_RECENT = 64,   /**< routed probes whose sending time is remembered */
};

struct heal_probe_port {
    struct heal_prober *prober;
    struct heal_port_key key;
    struct heal_account account;
    uint32_t sent[HEAL_PROBE_SIZES];
    uint16_t interval_ms[HEAL_PROBE_SIZES];
    struct event *timer[HEAL_PROBE_SIZES];
    bool has_echo;
    uint32_t echo_epoch; /**< the neighbour's */
    heal_us echo_time;   /**< on its clock */
    heal_us echo_arrived;
    heal_us answered; /**< the newest of our sending times that gave a round-trip time */
    uint32_t rtts;
    uint32_t rtt_us[HEAL_PROBER_RTTS];
    heal_us paired; /**< when a probe last carried our counter */
};

/** A stream of routed probes. */
struct heal_probe_stream {
    struct heal_prober *prober;
    struct heal_command_transit order;
    uint32_t epoch, sent, arrived;
    uint32_t settled; /**< of those sent, the ones that had their time to be answered */
    heal_us answered; /**< 0: never */
    heal_us sent_at[HEAL_PROBER_RECENT];
    struct event *timer;
};

/** Somebody else's stream, as it arrives here. */
struct heal_probe_sender {
    struct heal_address address;
    uint32_t epoch, highest, arrived;
    uint64_t window;
    heal_us heard; /**< 0: the place is free */
};

struct heal_prober {
    struct heal_prober_config config;
    struct heal_prober_counters counters;
    struct heal_random random;
    uint32_t epoch;
    int socket, netlink;
    int frame_socket; /**< -1: none was given yet */
    struct event *readable;
    size_t ports, streams;
    struct heal_probe_port **port;
    struct heal_probe_stream *stream[HEAL_PROBER_STREAMS];
    struct heal_probe_sender sender[HEAL_PROBER_SENDERS];
    struct heal_strangers strangers;
    double answers; /**< that may still be given: a token bucket */
    heal_us answers_filled;
};

/** Starts a timer for about so long: a tenth more or less, so that probers do not march in step. */
void heal_prober_arm(struct heal_prober *prober, struct event *timer, unsigned interval_ms);

struct heal_probe_port *heal_prober_find(struct heal_prober *prober, const struct heal_port_key *key);

void heal_probe_link_send(struct heal_probe_port *port, enum heal_probe_size size);
void heal_probe_link_take(struct heal_prober *prober, const struct heal_datagram *datagram,
                          const struct heal_probe_packet *packet);

void heal_probe_stream_take(struct heal_prober *prober, const struct heal_datagram *datagram,
                            const struct heal_probe_packet *packet);
void heal_probe_streams_free(struct heal_prober *prober);

void heal_probe_answer(struct heal_prober *prober, const struct heal_datagram *datagram,
                       const struct heal_probe_packet *packet);

#endif
