/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Readings: what the sources saw, raw, as the engine takes it in. A source reports totals, not rates, where
 * it can: a lost round then costs nothing. A field that a source cannot know is marked as not there, never
 * filled in.
 */
#ifndef HEAL_READING_H
#define HEAL_READING_H

#include "heal/types.h"

/** The two sizes of link probes. */
enum heal_probe_size {
    HEAL_PROBE_SMALL, /**< 64 bytes of payload: what hellos look like */
    HEAL_PROBE_FULL,  /**< fills the interface's MTU: what bulk traffic looks like */
    HEAL_PROBE_SIZES,
};

/**
 * The receiver's account of one direction of a link: numbered probes, and the paired interface counters
 * (RFC 6374, 2.3, direct loss measurement). All are totals since the account began; `epoch` changes when
 * either end starts anew, and totals of different epochs are never subtracted.
 */
struct heal_link_account {
    uint32_t epoch;
    uint32_t expected[HEAL_PROBE_SIZES]; /**< probes the sequence numbers say were sent */
    uint32_t received[HEAL_PROBE_SIZES]; /**< of these, arrived */
    uint32_t outages; /**< times that nothing came through for 300 ms and more, then came again */
    uint32_t outage_lost[HEAL_PROBE_SIZES]; /**< probes lost inside these outages */
    uint32_t silence_ms;                    /**< since the last arrival; UINT32_MAX: nothing ever arrived */
    uint64_t pair_sent;                     /**< packets the sender's interface had sent … */
    uint64_t pair_received; /**< … when the receiver's had received this many (0 and 0: never paired) */
};

/** A network interface (rtnetlink). */
struct heal_reading_link {
    char ifname[HEAL_IFNAME_MAX];
    bool present; /**< false: the interface is gone; nothing below counts */
    bool up;      /**< administratively up (IFF_UP) */
    bool carrier; /**< IFF_LOWER_UP */
    uint32_t mtu;
    uint64_t tx_packets, rx_packets, tx_bytes, rx_bytes;
};

/** A radio's view of one neighbour. */
struct heal_reading_radio {
    struct heal_port_key port;
    float rssi_dbm;
    float noise_dbm;
    bool has_noise; /**< many drivers do not report a true noise floor */
};

/** What a radio's driver counts of one neighbour: totals since it has met it. */
struct heal_reading_station {
    struct heal_port_key port;
    uint32_t tx_packets;    /**< unicast, each counted once */
    uint32_t tx_retries;    /**< further attempts, which 802.11 hides from all above it */
    uint32_t tx_failed;     /**< given up after the last attempt */
    uint32_t expected_kbit; /**< per second, as the rate control sees it; 0: not told */
    uint32_t airtime;       /**< the airtime link metric of 802.11s, 0.01 TU; 0: not told */
    uint32_t frequency_mhz; /**< of the interface's channel; 0: not told */
    uint32_t power_mbm;     /**< the interface's transmit power, hundredths of a dBm; 0: not told */
};

/** This node (procfs, PSI). */
struct heal_reading_node {
    float cpu;    /**< share of the node's capacity in use, 0 to 1 (or a little above) */
    float memory; /**< share of the node's memory in use, 0 to 1 */
    uint64_t memory_used_bytes, memory_total_bytes;
    float cpu_pressure; /**< PSI some avg10, 0 to 1; below 0: this kernel has none */
    bool forwarding;    /**< net.ipv6.conf.all.forwarding */
    bool forwarding4;   /**< net.ipv4.ip_forward */
};

/** A watched service. */
struct heal_reading_service {
    char name[HEAL_NAME_MAX];
    bool running;
    bool stopped; /**< not running, and nobody wants it to: it was stopped in order */
    uint32_t pid; /**< 0 where not running, or where its processes cannot be seen */
    float cpu;    /**< share of the node's capacity, 0 to 1 */
    uint64_t rss_bytes;
};

/** What a node of a mesh below IP is to those who look for a way out of it. */
enum heal_gateway_mode {
    HEAL_GATEWAY_OFF,
    HEAL_GATEWAY_CLIENT,
    HEAL_GATEWAY_SERVER, /**< it offers one */
    HEAL_GATEWAY_MODES,
};

/** A mesh that routes below IP (batman-adv), as this node has it set. */
struct heal_reading_mesh {
    char ifname[HEAL_IFNAME_MAX];
    enum heal_gateway_mode gateway;
    uint32_t originator_ms; /**< between two of this node's announcements */
    uint32_t chosen_ms;     /**< since the gateway that this node has chosen was heard of; UINT32_MAX: none is
                               chosen */
    struct heal_address chosen; /**< its link-local address, as that of a neighbour would be; zero: none */
    uint8_t gateways;           /**< others that are heard of */
    bool by_throughput;         /**< BATMAN V; else BATMAN IV, which counts what arrives */
};

/** An interface that such a mesh runs over, as it is set there. */
struct heal_reading_hard {
    char ifname[HEAL_IFNAME_MAX];
    uint32_t elp_ms;        /**< BATMAN V: between two probes of a neighbour; 0: not told */
    uint32_t override_kbit; /**< BATMAN V: what counts in place of what is measured; 0: nothing does */
    bool has_penalty, has_override; /**< this kernel lets them be set */
    uint8_t penalty;                /**< of 255: how much worse all that comes through here is made */
};

/** What a neighbour in such a mesh passes on for this node. */
struct heal_reading_relay {
    struct heal_port_key port;
    uint16_t destinations; /**< nodes beyond it, to which the mesh goes through it */
    uint16_t alone;        /**< of these, such as it knows no other way to */
    bool direct;           /**< what is for the neighbour itself goes straight to it, and it is there */
    uint16_t returned; /**< nodes, itself among them, that have come back to it since the last such reading
                          from another neighbour: their way flaps between the two */
};

/** The routing daemon's view of a neighbour. `present` false: it was flushed, and may come back. */
struct heal_reading_neighbour {
    struct heal_port_key port;
    bool present;
    bool forgotten; /**< not the daemon's word: there is no such port any more, and nothing will be read of it
                     */
    uint16_t reach; /**< hello history, newest bit highest (RFC 8966, A.1) */
    uint16_t rxcost, txcost, cost;
};

/** A route that the routing daemon knows. `present` false: it was flushed. */
struct heal_reading_route {
    struct heal_prefix prefix;
    struct heal_port_key via; /**< zero for a route that this node itself exports */
    bool present, installed;
    uint16_t metric, refmetric; /**< refmetric: the metric that the next hop announced */
};

/** What kind of kernel route. */
enum heal_fib_type {
    HEAL_FIB_UNICAST,
    HEAL_FIB_BLACKHOLE, /**< blackhole, unreachable, prohibit: says "drop" */
    HEAL_FIB_LOCAL,     /**< an address of this node */
};

/** A route in the kernel's main or local table. `present` false: it was deleted. */
struct heal_reading_fib {
    struct heal_prefix prefix;
    struct heal_port_key via; /**< zero unless unicast through a gateway */
    enum heal_fib_type type;
    uint8_t protocol; /**< rtm_protocol: 42 babel, HEAL_ROUTE_PROTOCOL ours */
    uint32_t metric;
    bool present;
};

/** Round-trip times seen on a port since the last round. */
struct heal_reading_probe {
    struct heal_port_key port;
    uint32_t sent[HEAL_PROBE_SIZES]; /**< totals */
    struct heal_link_account in;     /**< this end's account of what the neighbour sends */
    uint32_t rtt_count;              /**< answers since the last round; 0: the two below mean nothing */
    uint32_t rtt_min_us, rtt_median_us;
};

/**
 * A routed probe's account: probes sent through neighbour `via` to a node one hop beyond it (or, with a zero
 * `via`, as the kernel routes), and how many of them that node says arrived. Totals since `epoch`.
 */
struct heal_reading_transit {
    struct heal_port_key via;
    struct heal_address target;
    heal_node_id target_node;
    uint32_t epoch, sent, arrived;
    uint32_t answer_age_ms; /**< since the last answer; UINT32_MAX: never */
};

/** Whether the routing daemon answers: what it has told so far may be old, and nothing can be asked of it. */
struct heal_reading_daemon {
    bool answers;
};

enum heal_reading_kind {
    HEAL_READING_LINK,
    HEAL_READING_RADIO,
    HEAL_READING_NODE,
    HEAL_READING_SERVICE,
    HEAL_READING_NEIGHBOUR,
    HEAL_READING_ROUTE,
    HEAL_READING_FIB,
    HEAL_READING_PROBE,
    HEAL_READING_TRANSIT,
    HEAL_READING_STATION,
    HEAL_READING_MESH,
    HEAL_READING_HARD,
    HEAL_READING_RELAY,
    HEAL_READING_DAEMON,
    HEAL_READING_KINDS,
};

struct heal_reading {
    enum heal_reading_kind kind;
    union {
        struct heal_reading_link link;
        struct heal_reading_radio radio;
        struct heal_reading_node node;
        struct heal_reading_service service;
        struct heal_reading_neighbour neighbour;
        struct heal_reading_route route;
        struct heal_reading_fib fib;
        struct heal_reading_probe probe;
        struct heal_reading_transit transit;
        struct heal_reading_station station;
        struct heal_reading_mesh mesh;
        struct heal_reading_hard hard;
        struct heal_reading_relay relay;
        struct heal_reading_daemon daemon;
    };
};

#endif
