/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "net/probe.h"

#include "base/cleanup.h"
#include "net/kernel.h"
#include "net/prober.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum { INTERVAL_MIN_MS = 10 };

void heal_prober_arm(struct heal_prober *prober, struct event *timer, unsigned interval_ms) {
    double jitter = 0.9 + 0.2 * heal_random_uniform(&prober->random);
    long delay_us = (long)(interval_ms * 1000.0 * jitter);
    struct timeval delay = {.tv_sec = delay_us / 1000000, .tv_usec = delay_us % 1000000};

    event_add(timer, &delay);
}

struct heal_probe_port *heal_prober_find(struct heal_prober *prober, const struct heal_port_key *key) {
    for (size_t i = 0; i < prober->ports; i++) {
        if (heal_port_key_equal(&prober->port[i]->key, key))
            return prober->port[i];
    }
    return NULL;
}

static void take_datagram(void *context, const uint8_t *bytes, const struct heal_datagram *datagram) {
    struct heal_prober *prober = context;
    struct heal_probe_packet packet;

    if (datagram->truncated || heal_probe_packet_decode(bytes, datagram->length, &packet) < 0) {
        prober->counters.malformed++;
        return;
    }
    prober->counters.received++;
    switch (packet.kind) {
    case HEAL_PROBE_LINK:
        heal_probe_link_take(prober, datagram, &packet);
        return;
    case HEAL_PROBE_TRANSIT:
        heal_probe_answer(prober, datagram, &packet);
        return;
    case HEAL_PROBE_ANSWER:
        heal_probe_stream_take(prober, datagram, &packet);
        return;
    case HEAL_PROBE_KINDS:
        return;
    }
}

static void on_readable(evutil_socket_t fd, short what, void *context) {
    uint8_t bytes[HEAL_PROBE_BYTES_MAX];

    (void)what;
    heal_link_socket_drain((int)fd, bytes, sizeof bytes, take_datagram, context);
}

/* ---- ports ---- */

static void send_and_rearm(struct heal_probe_port *port, enum heal_probe_size size) {
    heal_probe_link_send(port, size);
    if (port->interval_ms[size] > 0)
        heal_prober_arm(port->prober, port->timer[size], port->interval_ms[size]);
}

static void on_small(evutil_socket_t fd, short what, void *context) {
    (void)fd;
    (void)what;
    send_and_rearm(context, HEAL_PROBE_SMALL);
}

static void on_full(evutil_socket_t fd, short what, void *context) {
    (void)fd;
    (void)what;
    send_and_rearm(context, HEAL_PROBE_FULL);
}

static void set_interval(struct heal_probe_port *port, enum heal_probe_size size, uint16_t interval_ms) {
    if (interval_ms > 0 && interval_ms < INTERVAL_MIN_MS)
        interval_ms = INTERVAL_MIN_MS;
    /* The same pace again must not put off the next probe. */
    if (port->interval_ms[size] == interval_ms)
        return;
    port->interval_ms[size] = interval_ms;
    event_del(port->timer[size]);
    if (interval_ms > 0)
        heal_prober_arm(port->prober, port->timer[size], interval_ms);
}

static void free_port(struct heal_probe_port *port) {
    for (unsigned size = 0; size < HEAL_PROBE_SIZES; size++) {
        if (port->timer[size])
            event_free(port->timer[size]);
    }
    free(port);
}

int heal_prober_port_add(struct heal_prober *prober, const struct heal_port_key *key) {
    if (!key->ifname[0] || !heal_address_is_link_local(&key->peer))
        return -EINVAL;
    if (heal_prober_find(prober, key))
        return 0;
    if (prober->ports == prober->config.ports_max)
        return -ENOSPC;
    struct heal_probe_port *port = calloc(1, sizeof *port);
    if (!port)
        return -ENOMEM;
    port->prober = prober;
    port->key = *key;
    /* Random for each: a neighbour that was forgotten and comes back has another account. */
    heal_account_init(&port->account, heal_random_next(&prober->random));
    port->timer[HEAL_PROBE_SMALL] = evtimer_new(prober->config.base, on_small, port);
    port->timer[HEAL_PROBE_FULL] = evtimer_new(prober->config.base, on_full, port);
    if (!port->timer[HEAL_PROBE_SMALL] || !port->timer[HEAL_PROBE_FULL]) {
        free_port(port);
        return -ENOMEM;
    }
    prober->port[prober->ports++] = port;
    set_interval(port, HEAL_PROBE_SMALL, prober->config.small_interval_ms);
    set_interval(port, HEAL_PROBE_FULL, prober->config.full_interval_ms);
    return 0;
}

int heal_prober_port_remove(struct heal_prober *prober, const struct heal_port_key *key) {
    for (size_t i = 0; i < prober->ports; i++) {
        if (heal_port_key_equal(&prober->port[i]->key, key)) {
            free_port(prober->port[i]);
            prober->port[i] = prober->port[--prober->ports];
            return 0;
        }
    }
    return -ENOENT;
}

int heal_prober_pace(struct heal_prober *prober, const struct heal_command_pace *pace) {
    struct heal_probe_port *port = heal_prober_find(prober, &pace->port);

    if (!port)
        return -ENOENT;
    set_interval(port, HEAL_PROBE_SMALL, pace->small_interval_ms);
    set_interval(port, HEAL_PROBE_FULL, pace->full_interval_ms);
    return 0;
}

/* ---- readings ---- */

static int compare_u32(const void *a, const void *b) {
    uint32_t x, y;

    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

bool heal_prober_read(struct heal_prober *prober, size_t index, struct heal_reading_probe *ret_reading) {
    if (index >= prober->ports)
        return false;
    struct heal_probe_port *port = prober->port[index];
    size_t kept = port->rtts < HEAL_PROBER_RTTS ? port->rtts : HEAL_PROBER_RTTS;

    *ret_reading = (struct heal_reading_probe){
        .port = port->key,
        .sent = {port->sent[HEAL_PROBE_SMALL], port->sent[HEAL_PROBE_FULL]},
        .rtt_count = port->rtts
    };
    heal_account_read(&port->account, heal_clock_now(), &ret_reading->in);
    if (kept > 0) {
        qsort(port->rtt_us, kept, sizeof port->rtt_us[0], compare_u32);
        ret_reading->rtt_min_us = port->rtt_us[0];
        ret_reading->rtt_median_us = port->rtt_us[kept / 2];
    }
    port->rtts = 0;
    return true;
}

void heal_prober_counters(const struct heal_prober *prober, struct heal_prober_counters *ret_counters) {
    *ret_counters = prober->counters;
}

/* ---- life ---- */

struct heal_prober *heal_prober_free(struct heal_prober *prober) {
    if (!prober)
        return NULL;
    heal_probe_streams_free(prober);
    for (size_t i = 0; i < prober->ports; i++)
        free_port(prober->port[i]);
    free(prober->port);
    if (prober->readable)
        event_free(prober->readable);
    int descriptors[] = {prober->socket, prober->netlink, prober->frame_socket};
    for (size_t i = 0; i < HEAL_COUNT(descriptors); i++) {
        if (descriptors[i] >= 0)
            close(descriptors[i]);
    }
    free(prober);
    return NULL;
}

static void free_prober_pointer(struct heal_prober **prober) {
    heal_prober_free(*prober);
}

static int open_sockets(struct heal_prober *prober) {
    prober->socket = heal_link_socket_open(prober->config.port);
    if (prober->socket < 0)
        return prober->socket;
    prober->netlink = heal_kernel_open();
    return prober->netlink < 0 ? prober->netlink : 0;
}

int heal_prober_new(const struct heal_prober_config *config, struct heal_prober **ret_prober) {
    HEAL_CLEANUP(free_prober_pointer) struct heal_prober *prober = calloc(1, sizeof *prober);
    uint64_t seed = 0;

    if (!prober)
        return -ENOMEM;
    prober->config = *config;
    prober->socket = prober->netlink = prober->frame_socket = -1;
    /* A random epoch tells this run from the one before; should there be no random numbers, the clock does.
     */
    if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) != (ssize_t)sizeof seed)
        seed = heal_clock_now();
    heal_random_init(&prober->random, seed);
    prober->epoch = heal_random_next(&prober->random);
    int r = open_sockets(prober);
    if (r < 0)
        return r;
    prober->port = calloc(config->ports_max ? config->ports_max : 1, sizeof(struct heal_probe_port *));
    prober->readable = event_new(config->base, prober->socket, EV_READ | EV_PERSIST, on_readable, prober);
    if (!prober->port || !prober->readable || event_add(prober->readable, NULL) < 0)
        return -ENOMEM;
    *ret_prober = prober;
    prober = NULL;
    return 0;
}
