/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The state of a mesh in virtual time, all of it: for the parts of the simulation, which each keep theirs in
 * it, and for who sets or looks at what sim.h has no words for. Of a link it changes only after
 * heal_sim_disturb; who only runs a mesh does not need it.
 */
#ifndef HEAL_SIM_SIM_STATE_H
#define HEAL_SIM_SIM_STATE_H

#include "base/random.h"
#include "model/account.h"
#include "radio/physics.h"
#include "sim/agenda.h"
#include "sim/arena.h"
#include "sim/sim.h"

enum {
    HEAL_SIM_SERVICES = 2, /**< of every node: worker, babeld */
    HEAL_SIM_BABELD = 1,   /**< which of them routes */
    HEAL_SIM_TRANSITS = 2, /**< nodes beyond a neighbour that are probed through it */
    HEAL_SIM_ROUTED_MAX = 64,
    /**< in a mesh of no more nodes each has a route to each; in a larger one, to
         what is near, and to so many gateways as are below */
    HEAL_SIM_GATEWAYS = 16,
    HEAL_SIM_BABEL_METRIC = 1024, /**< of the routing daemon's routes in the kernel */
};

/** What is done to one direction of a link, and how it stands. */
struct heal_sim_direction {
    double loss, loss_full; /**< share of small and of full-size packets lost */
    double delay_ms;        /**< one way, above the normal half of a millisecond */
    double noise_db;        /**< above the normal floor, at the receiver */
    double fade_db; /**< that the radio at the receiver hears the other worse; nothing is lost by it */
    double retries; /**< share of the attempts that fail and are made again; nothing is lost by it */
    bool dead;
    double owed; /**< packets of the background traffic, fractions kept */
    uint64_t packets;
    double loss_now[HEAL_PROBE_SIZES]; /**< what follows from all of it, in the link's second */
};

struct heal_sim_link {
    unsigned node[2], port[2]; /**< [0], [1]: its ends */
    bool radio, carrier;
    heal_us flap_down, flap_period; /**< 0: does not flap */
    double distance_m;
    double traffic; /**< background packets a second, each way; every other one full-size */
    struct heal_radio_fading fading;
    heal_us reckoned; /**< all that happened before is in the accounts */
    bool changed;     /**< what it loses is to be worked out anew */
    struct heal_random random;
    struct heal_sim_direction direction[2]; /**< [0]: from node[0] to node[1] */
};

/** One end of a link, as the shell of the node has it. */
struct heal_sim_port {
    unsigned link, side, peer; /**< side: this node is link.node[side]; peer: the node at the other end */
    struct heal_port_key key;
    struct heal_account account; /**< of what comes in */
    uint32_t sent[HEAL_PROBE_SIZES];
    heal_us probe_at[HEAL_PROBE_SIZES]; /**< the next ones */
    struct heal_command_pace pace;
    uint64_t tx_packets, rx_packets;
    double retries; /**< made, of a radio */
    uint32_t rtt_count;
    double rtt_min_ms;
    uint32_t mtu;
    uint32_t mtu_by_hand;  /**< without heald's doing */
    uint16_t cost_add;     /**< by heald's LINK_COST */
    uint16_t cost_by_hand; /**< what somebody has given it above the normal cost */
    uint32_t cost;         /**< babeld's, of both ends, as the ways were last found */
    bool down;             /**< somebody has taken the interface down */
    heal_us bounced_until; /**< down meanwhile, to come up by itself */
    bool quarantined;
    bool babel_up; /**< babeld hears the neighbour */
    heal_us heard; /**< babeld's last hello */
    int told_cost; /**< of the neighbour, as the engine was told it; -1: never */
    struct heal_sim_transit {
        struct heal_command_transit order;
        heal_us probe_at;
        uint32_t sent, arrived;
    } transit[HEAL_SIM_TRANSITS];
};

struct heal_sim_service {
    char name[HEAL_NAME_MAX];
    bool running, stopped; /**< stopped: in order */
    uint32_t pid;
    double rss, growth; /**< bytes, and bytes a second */
    double cpu, shed;   /**< wanted share of the node; what heald lets it have (0: all) */
    heal_us grown, back_at;
    unsigned falls; /**< it dies again so many times, right after a restart */
};

/** A destination, as a node's routing daemon and kernel have it. */
struct heal_sim_way {
    unsigned to;
    int babel; /**< the port that babeld has chosen; -1: none */
    uint32_t metric;
    bool kernel; /**< the kernel has babeld's route */
    int detour;  /**< port of heald's override; -1: none */
    uint32_t detour_metric;
    int hand; /**< port of a route that somebody has put there; -1: none */
    bool blackhole;
    int told_via;   /**< the one installed that the engine was told of */
    uint32_t *told; /**< metrics and refmetrics that it was told, by port; owned */
};

struct heal_sim_node {
    char name[HEAL_NAME_MAX];
    double x_m, y_m;
    struct heal_engine *engine;
    unsigned ports, ways;
    struct heal_sim_port *port;
    struct heal_sim_way *way; /**< in the order of `to` */
    heal_us round_at;         /**< what the agenda has */
    bool forwarding, paused, told_itself;
    bool bare;    /**< it forwards, and has no heald: nobody there probes, answers or tells anything */
    bool gateway; /**< of a mesh below IP */
    enum heal_gateway_mode gateway_mode;
    bool bounce_cures; /**< its links' trouble goes away with a bounce */
    bool bounce_hurts; /**< a bounce makes its links' trouble worse */
    double cpu_base;
    struct heal_sim_service service[HEAL_SIM_SERVICES];
    struct heal_random random;
    unsigned acts[HEAL_COMMAND_KINDS];
};

struct heal_sim {
    unsigned nodes, links;
    struct heal_sim_node *node;
    struct heal_sim_link *link;
    heal_us now;
    bool routes_dirty;
    heal_us routes_at;
    struct heal_sim_routing *routing; /**< sim/routing.h */
    struct heal_arena engines, networks;
    struct heal_agenda agenda;
    struct heal_sim_ear ear;
    unsigned loops; /**< times that a packet would have gone in a circle */
    uint64_t steps; /**< of all engines */
    struct heal_event event;
    struct heal_output output;
};

/** @return the way from a node to a destination, or NULL: it knows none. */
struct heal_sim_way *heal_sim_way(const struct heal_sim *sim, unsigned node, unsigned to);

#endif
