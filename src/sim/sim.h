/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A mesh in virtual time: one engine a node, lossy links between them, a routing daemon that sees only what
 * babeld would see, and faults of the kinds that the lab has. One thread, no clock, no I/O: the same plan,
 * settings and seed give the same run, to the byte.
 *
 * Time goes from event to event (agenda.h). A direction of a link is brought up to date only when somebody
 * looks at it (air.h), so whoever changes what a link is like says so first: heal_sim_disturb.
 */
#ifndef HEAL_SIM_SIM_H
#define HEAL_SIM_SIM_H

#include "base/random.h"
#include "heal/engine.h"
#include "heal/settings.h"
#include "heal/status.h"
#include "model/account.h"
#include "radio/physics.h"
#include "sim/agenda.h"
#include "sim/arena.h"
#include "sim/plan.h"

/** When a mesh begins: later than 0, which means "not yet". */
#define HEAL_SIM_START_US HEAL_US_PER_S

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
    bool gateway; /**< of a mesh below IP */
    enum heal_gateway_mode gateway_mode;
    bool bounce_cures; /**< its links' trouble goes away with a bounce */
    bool bounce_hurts; /**< a bounce makes its links' trouble worse */
    double cpu_base;
    struct heal_sim_service service[HEAL_SIM_SERVICES];
    struct heal_random random;
    unsigned acts[HEAL_COMMAND_KINDS];
};

/** Who looks on. */
struct heal_sim_ear {
    void *context;
    /** A node's engine has decided something; may be NULL. */
    void (*decided)(void *context, unsigned node, const struct heal_decision *decision);
    /** It acts on the world; may be NULL. */
    void (*acts)(void *context, unsigned node, const struct heal_command *command);
};

struct heal_sim {
    unsigned nodes, links;
    struct heal_sim_node *node;
    struct heal_sim_link *link;
    heal_us now;
    bool routes_dirty;
    heal_us routes_at;
    struct heal_sim_routing *routing; /**< sim/routing.h */
    struct heal_arena engines;
    struct heal_agenda agenda;
    struct heal_sim_ear ear;
    unsigned loops; /**< times that a packet would have gone in a circle */
    uint64_t steps; /**< of all engines */
    struct heal_event event;
    struct heal_output output;
};

struct heal_sim_options {
    const struct heal_settings *settings; /**< of every node; copied */
    uint64_t seed;
    bool radio; /**< all links have radios (heal_radio_default); else nothing is lost unless it is made to be
                 */
    bool idle;  /**< all workers are still to be started */
};

/** @param plan copied. @return 0, -ENOMEM, or -EINVAL for settings that no engine takes. */
int heal_sim_new(const struct heal_sim_plan *plan, const struct heal_sim_options *options,
                 struct heal_sim **ret_sim);
/** Takes NULL. @return NULL. */
struct heal_sim *heal_sim_free(struct heal_sim *sim);

/** Lets so much time pass. @return 0, or -ENOMEM: something was lost, now or before; time has passed, but
 * what was still to happen has not. */
int heal_sim_run(struct heal_sim *sim, heal_us span);

/** The mesh address of a node, and back. */
struct heal_address heal_sim_address(unsigned node);
unsigned heal_sim_node_at(const struct heal_address *address);
/** @return its index, or -1. */
int heal_sim_find_node(const struct heal_sim *sim, const char *name);
/** @return the index of the link between two nodes, or -1. */
int heal_sim_find_link(const struct heal_sim *sim, unsigned a, unsigned b);

/** Says that a link is about to be changed: what came before is reckoned with what it was like. @return it.
 */
struct heal_sim_link *heal_sim_disturb(struct heal_sim *sim, unsigned link);
/** As above. @return the direction of the link that leads from @p from to the other end. */
struct heal_sim_direction *heal_sim_disturb_direction(struct heal_sim *sim, unsigned link, unsigned from);
/** Takes away all that was done to a link. */
void heal_sim_mend(struct heal_sim *sim, unsigned link);

/** Stops a node with all that runs on it, or lets it go on. */
void heal_sim_pause(struct heal_sim *sim, unsigned node, bool paused);
/** Takes the routing daemon's routes out of a node's kernel, which the daemon does not notice. */
void heal_sim_lose_routes(struct heal_sim *sim, unsigned node);
/** Puts a route that drops what goes to @p to into a node's kernel, or takes it out. */
void heal_sim_blackhole(struct heal_sim *sim, unsigned node, unsigned to, bool present);
/** Tells a node's engine something as an operator. */
void heal_sim_say(struct heal_sim *sim, unsigned node, const struct heal_event_operator *said);

/** @return the share of full-size packets from @p from that reach @p to now, along the kernels' routes; -1
 * for a loop. */
double heal_sim_delivery(struct heal_sim *sim, unsigned from, unsigned to);
/** The same for packets of a size, at a time of the second that has been reckoned. */
double heal_sim_delivery_at(struct heal_sim *sim, unsigned from, unsigned to, enum heal_probe_size size,
                            heal_us at);
/** @return whether a packet from @p from to @p to would cross the link now. */
bool heal_sim_crosses(const struct heal_sim *sim, unsigned from, unsigned to, unsigned link);

/** @return the way from a node to a destination, or NULL: it knows none. */
struct heal_sim_way *heal_sim_way(const struct heal_sim *sim, unsigned node, unsigned to);

#endif
