/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What the heald of two neighbours tell each other, already decoded: the link's accounts and features each
 * second, the paths each of them uses, and the incidents of the neighbourhood. How it travels is the mesh
 * channel's business (net/channel.h).
 */
#ifndef HEAL_MESSAGE_H
#define HEAL_MESSAGE_H

#include "heal/reading.h"

enum {
    HEAL_FEATURES = 8,
    HEAL_MESSAGE_NEIGHBOURS_MAX = 16, /**< of the sender's neighbours, told in one message */
    HEAL_MESSAGE_PATHS_MAX = 24,
    HEAL_INCIDENT_HOPS = 3,        /**< how far the news of an incident travels */
    HEAL_STATE_MAX = 64,           /**< bytes of a state: the widest network that nodes compute together */
    HEAL_MESSAGE_VERTICES_MAX = 2, /**< networks at work at once: one judges, another is tried out */
};

/** The features of a port (house rule: missing is masked, never zero). */
enum heal_feature {
    HEAL_FEATURE_RSSI,       /**< dBm */
    HEAL_FEATURE_SNR,        /**< dB */
    HEAL_FEATURE_LOSS,       /**< 0 to 1, the worse direction */
    HEAL_FEATURE_LINK_AGE,   /**< s since the link came up, or back after an outage */
    HEAL_FEATURE_LATENCY,    /**< ms, round trip */
    HEAL_FEATURE_THROUGHPUT, /**< bit/s, both directions */
    HEAL_FEATURE_CPU,        /**< 0 to 1, of the node */
    HEAL_FEATURE_MEMORY,     /**< 0 to 1, of the node */
};
/** Their names, in this order; NULL past the last. */
extern const char *const heal_feature_names[HEAL_FEATURES + 1];

struct heal_features {
    float value[HEAL_FEATURES];
    uint8_t valid; /**< bit i: value[i] was measured */
};

/** One of the sender's neighbours, as the sender sees it. */
struct heal_neighbour_state {
    heal_node_id node;
    struct heal_address address; /**< its mesh address: where routed probes go */
    bool alive;                  /**< the sender hears it */
    bool sick; /**< the sender has an open incident on the link to it, or is not heard over there */
};

/** Once a round, over each link, to the node at its other end. */
struct heal_message_link {
    struct heal_link_account in; /**< what the sender received of what the addressee sent */
    struct heal_features features;
    struct heal_address address; /**< the sender's mesh address; zero: none */
    uint32_t mtu;                /**< of the sender's interface */
    float noise_dbm;             /**< 0: unknown */
    bool examining;              /**< the sender suspects the link: please probe faster, too */
    bool node_overloaded; /**< the sender has hardly any CPU left, or an open node-overload of its own */
    uint64_t paths_set;   /**< the addressee's set of paths that the sender has whole; 0: none */
    uint8_t neighbours;
    struct heal_neighbour_state neighbour[HEAL_MESSAGE_NEIGHBOURS_MAX];
};

/**
 * One end's part in a network that the mesh computes together (docs/network.md): its inputs of a tick, and
 * what the network's first layer made of them, of the other ports of its node, and of the addressee's inputs
 * as last told. It speaks of the sender's end of the very link that it comes over, and of no other.
 */
struct heal_message_vertex {
    uint64_t model;         /**< whose inputs and state these are: other models' numbers mean nothing to it */
    uint32_t tick;          /**< of the sender: of when the inputs are; never 0 */
    uint32_t heard;         /**< the addressee's tick whose inputs are in the state; 0: there is no state */
    uint8_t inputs, states; /**< how many there are */
    int8_t input[HEAL_FEATURES];
    int8_t state[HEAL_STATE_MAX];
};

/** The path that a destination's packets take from the sender: first its next hop, last the destination's
 * node. */
struct heal_path {
    struct heal_prefix destination;
    uint16_t metric; /**< UINT16_MAX: unreachable */
    uint8_t hops;    /**< 0: the sender itself */
    heal_node_id hop[HEAL_PATH_MAX];
};

/** A set of paths, or a part of it: all that the sender has. It counts when all parts are there. */
struct heal_message_paths {
    uint64_t set;  /**< another content, another number; 0: not numbered */
    uint8_t first; /**< so many paths of the set are in the parts before this one */
    uint8_t paths;
    bool more;   /**< this is not the last part */
    bool stands; /**< no part of the set: it was told before, and nothing of it has changed */
    struct heal_path path[HEAL_MESSAGE_PATHS_MAX];
};

/** News of an incident: enough for a node upstream to route around it, and for an end of the link to join it.
 */
struct heal_message_incident {
    uint64_t incident; /**< the owner's id for it */
    heal_node_id owner;
    char diagnosis[HEAL_NAME_MAX]; /**< slug */
    char remedy[HEAL_NAME_MAX];    /**< slug of what the owner does about it; empty: nothing yet */
    heal_node_id node;             /**< the sick node, or one end of the sick link */
    heal_node_id other;            /**< the other end; 0: the node itself is sick */
    char node_name[HEAL_NAME_MAX], other_name[HEAL_NAME_MAX]; /**< for people; empty: not known */
    float confidence;
    bool open;    /**< false: it is over */
    uint8_t hops; /**< travelled so far */
};

enum heal_message_kind {
    HEAL_MESSAGE_LINK,
    HEAL_MESSAGE_PATHS,
    HEAL_MESSAGE_INCIDENT,
    HEAL_MESSAGE_KINDS,
};

struct heal_message {
    enum heal_message_kind kind;
    struct heal_port_key port; /**< where it came in, or shall go out */
    heal_node_id from;
    char from_name[HEAL_NAME_MAX];
    union {
        struct { /* of HEAL_MESSAGE_LINK: */
            uint8_t vertices;
            struct heal_message_vertex vertex[HEAL_MESSAGE_VERTICES_MAX]; /**< each of another model */
            struct heal_message_link link;
        };
        struct heal_message_paths paths;
        struct heal_message_incident incident;
    };
};

#endif
