/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A mesh in virtual time: one engine a node, lossy links between them, a distance-vector routing daemon that
 * sees only what babeld would see, and faults of the kinds that the lab has. The same seed, the same run.
 */
#ifndef HEAL_SIM_MESH_H
#define HEAL_SIM_MESH_H

#include "base/random.h"
#include "heal/engine.h"
#include "heal/settings.h"
#include "heal/status.h"
#include "model/account.h"

#include <stdio.h>

enum { SIM_NODES_MAX = 64, SIM_LINKS_MAX = 160, SIM_PORTS_MAX = 12, SIM_SERVICES = 2 };

/** What is done to one direction of a link. */
struct sim_direction {
    double loss, loss_full; /**< share of small and of full-size packets lost */
    double delay_ms;        /**< one way, above the normal .5 ms */
    double noise_db;        /**< above the normal floor, at the receiver */
    bool dead;
};

struct sim_link {
    int node[2];
    bool radio;
    bool carrier;
    heal_us flap_down, flap_period;    /**< 0: does not flap */
    struct sim_direction direction[2]; /**< [0]: from node[0] to node[1] */
};

/** One end of a link, as the shell of the node has it. */
struct sim_port {
    int link, side, peer; /**< side: this node is link.node[side] */
    struct heal_port_key key;
    struct heal_account account; /**< of what comes in */
    uint32_t sent[HEAL_PROBE_SIZES];
    double due[HEAL_PROBE_SIZES]; /**< probes owed, fractions kept */
    struct heal_command_pace pace;
    uint64_t tx_packets, rx_packets;
    uint32_t rtt_count;
    double rtt_min_ms;
    uint32_t mtu;
    uint16_t cost_add; /**< by heald's LINK_COST */
    bool babel_up;     /**< babeld hears the neighbour */
    heal_us heard;     /**< babeld's last hello */
    bool quarantined;
    struct {
        struct heal_command_transit order;
        double due;
        uint32_t sent, arrived;
    } transit[2];
};

struct sim_service {
    char name[HEAL_NAME_MAX];
    bool running, stopped; /**< stopped: in order */
    uint32_t pid;
    double rss, growth; /**< bytes, and bytes a second */
    double cpu, shed;   /**< wanted share of the node; what heald lets it have (0: all) */
    heal_us back_at;    /**< a restart under way */
};

struct sim_route {
    int destination, via; /**< node, port index; -1: none */
    uint32_t metric;
};

struct sim_node {
    char name[HEAL_NAME_MAX];
    struct heal_engine *engine;
    int ports;
    struct sim_port port[SIM_PORTS_MAX];
    struct heal_address address;
    bool forwarding, paused;
    double cpu_base;
    struct sim_service service[SIM_SERVICES];
    int babel[SIM_NODES_MAX]; /**< port that babeld has chosen for a destination; -1: none */
    uint32_t metric[SIM_NODES_MAX];
    bool kernel[SIM_NODES_MAX]; /**< the kernel has babeld's route */
    int detour[SIM_NODES_MAX];  /**< port of heald's override; -1: none */
    uint32_t detour_metric[SIM_NODES_MAX];
    bool blackhole[SIM_NODES_MAX];
    bool bounce_cures; /**< its links' trouble goes away with a bounce */
    unsigned acts[HEAL_COMMAND_KINDS];
};

struct sim_mesh {
    int nodes, links;
    struct sim_node node[SIM_NODES_MAX];
    struct sim_link link[SIM_LINKS_MAX];
    heal_us now;
    struct heal_random random;
    bool routes_dirty;
    heal_us routes_at;
    FILE *trace;    /**< decisions of all nodes, if wanted */
    unsigned loops; /**< times that a packet would have gone in a circle */
    struct heal_output output;
    struct sim_letter *letters;
};

struct sim_mesh *sim_mesh_new(uint64_t seed);
struct sim_mesh *sim_mesh_free(struct sim_mesh *mesh);

/** @return the node's index. @param settings copied. */
int sim_mesh_node(struct sim_mesh *mesh, const char *name, const struct heal_settings *settings);
/** @return the link's index. */
int sim_mesh_link(struct sim_mesh *mesh, int a, int b, bool radio);
/** A ring of @p count nodes n0 …; with @p chords, as the lab's: n1-n5, n3-n7. */
void sim_mesh_ring(struct sim_mesh *mesh, int count, bool chords, bool radio,
                   const struct heal_settings *settings);

/** Lets so much time pass. */
void sim_mesh_run(struct sim_mesh *mesh, heal_us span);

int sim_mesh_find_node(const struct sim_mesh *mesh, const char *name);
int sim_mesh_find_link(const struct sim_mesh *mesh, int a, int b);
/** @return the direction of the link that leads from @p from to the other end. */
struct sim_direction *sim_mesh_direction(struct sim_mesh *mesh, int link, int from);

/** @return the share of full-size packets from @p from that reach @p to now, along the kernels' routes; -1
 * for a loop. */
double sim_mesh_delivery(struct sim_mesh *mesh, int from, int to);

/** @return whether a packet from @p from to @p to would cross the link now. */
bool sim_mesh_crosses(const struct sim_mesh *mesh, int from, int to, int link);

/** Tells a node's engine something as an operator. */
void sim_mesh_operator(struct sim_mesh *mesh, int node, const struct heal_event_operator *said);

#endif
