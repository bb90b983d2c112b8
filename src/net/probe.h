/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The prober: numbered probes over every link, both ways, and routed probes to nodes beyond a neighbour. One
 * UDP socket and a few timers on the caller's event loop; it yields accounts and round-trip times as
 * readings and never judges them. Single-threaded: all calls and callbacks on the loop's thread.
 *
 * Each port sends small probes (64 bytes of payload) and full ones (they fill the interface's MTU and are
 * never fragmented), each size at a pace of its own. A probe carries its number, the totals sent of both
 * sizes (so that what was sent is known even where only one size gets through), and an echo of the last probe
 * that came in with the time it was held. Accepted are only probes with hop limit 255 from link-local
 * addresses (RFC 5082), so that nobody who is not on the link can forge one.
 *
 * About once a second a small probe carries the sender's interface counter of packets sent, itself included;
 * the receiver notes its own counter of packets received beside it (RFC 6374, 2.3). Both are totals: what is
 * in flight, queued, or arrives between the probe and the look at the counter is an error of a few packets
 * once, not once a round. The counters count all that the interface carries, so that pairs are made only
 * where exactly one neighbour is known on an interface (a point-to-point link).
 */
#ifndef HEAL_NET_PROBE_H
#define HEAL_NET_PROBE_H

#include "heal/command.h"
#include "heal/reading.h"

struct event_base;
struct heal_prober;

struct heal_prober_config {
    struct event_base *base;
    uint16_t port;                                /**< UDP, the same on every node */
    uint16_t small_interval_ms, full_interval_ms; /**< the pace of a new port; 0: none of that size */
    size_t ports_max;
    struct heal_address address; /**< this node's mesh address; zero: it sends no routed probes */
    /** A neighbour that is no port yet has sent valid probes for some time (net/strangers.h). May be NULL. */
    void (*on_stranger)(void *context, const struct heal_port_key *key);
    void *context;
};

/** What did not become part of an account, by reason. */
struct heal_prober_counters {
    uint64_t sent, send_failed;
    uint64_t received;
    uint64_t malformed, wrong_hop_limit, wrong_port, not_link_local, stranger, duplicate, routed_refused;
};

/** @return 0, -ENOMEM, -EADDRINUSE or another negative errno of the socket. */
int heal_prober_new(const struct heal_prober_config *config, struct heal_prober **ret_prober);
/** Takes NULL. @return NULL. */
struct heal_prober *heal_prober_free(struct heal_prober *prober);

/** Starts to probe a neighbour. @return 0 (also if it is there), -ENOSPC, -EINVAL or -ENOMEM. */
int heal_prober_port_add(struct heal_prober *prober, const struct heal_port_key *key);
/** Stops, and forgets its account. @return 0 or -ENOENT. */
int heal_prober_port_remove(struct heal_prober *prober, const struct heal_port_key *key);

/** HEAL_COMMAND_PACE. An interval of 0 stops that size; less than 10 ms counts as 10. @return 0 or -ENOENT.
 */
int heal_prober_pace(struct heal_prober *prober, const struct heal_command_pace *pace);

/**
 * HEAL_COMMAND_TRANSIT: starts, changes or (interval 0) stops a stream of routed probes, half of them small
 * and half of 1280 bytes, the size that every IPv6 link must carry. With a `via` they are handed to that
 * neighbour's MAC address past the kernel's routes, which takes a frame socket.
 * @return 0; -EPERM: it has none; -EAFNOSUPPORT for an IPv4 target; -EADDRNOTAVAIL without an address of our
 * own; -ENOSPC; -ENOENT if there is nothing to stop.
 */
int heal_prober_transit(struct heal_prober *prober, const struct heal_command_transit *transit);

/** Gives the prober a frame socket (frame_socket.h), which is its own from now on; one that it had is closed.
 */
void heal_prober_give_frame_socket(struct heal_prober *prober, int take_socket);
bool heal_prober_has_frame_socket(const struct heal_prober *prober);

/** A round's reading; begins the next round of round-trip times. @return false past the last port. */
bool heal_prober_read(struct heal_prober *prober, size_t index, struct heal_reading_probe *ret_reading);
/** @return false past the last stream. */
bool heal_prober_read_transit(struct heal_prober *prober, size_t index,
                              struct heal_reading_transit *ret_reading);

void heal_prober_counters(const struct heal_prober *prober, struct heal_prober_counters *ret_counters);

#endif
