/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A topology: which nodes a lab has, which links join them, and what traffic flows, as plain data of fixed
 * size. It comes from a YAML file, or is the built-in ring of eight nodes with two chords. Nodes, links and
 * flows are named by their index everywhere else. Nothing here does I/O.
 */
#ifndef HEAL_LAB_TOPOLOGY_H
#define HEAL_LAB_TOPOLOGY_H

#include "heal/error.h"
#include "heal/types.h"
#include "radio/physics.h"

enum {
    HEAL_LAB_NODES_MAX = 64,
    HEAL_LAB_LINKS_MAX = 256,
    HEAL_LAB_FLOWS_MAX = 64,
    HEAL_LAB_SERVICES_MAX = 4, /**< a node */
};

/** The name of the built-in topology, and so of the lab that nobody gave another one. */
#define HEAL_LAB_DEFAULT_NAME "ring8"

/** A node. Its neighbours call the interface to it by its name, so that is at most 15 bytes long. */
struct heal_topology_node {
    char name[HEAL_IFNAME_MAX];
    double x_m, y_m; /**< where it stands */
    unsigned services;
    char service[HEAL_LAB_SERVICES_MAX][HEAL_NAME_MAX];
};

struct heal_topology_link {
    unsigned a, b;           /**< nodes */
    bool has_radio;          /**< else ideal: all that is sent arrives */
    struct heal_radio radio; /**< the distance comes from the positions of the ends */
};

/** The two directions of a link. */
enum heal_lab_direction { HEAL_LAB_A_TO_B, HEAL_LAB_B_TO_A, HEAL_LAB_DIRECTIONS };

/** Packets a second from one node to another, measured end to end. */
struct heal_topology_flow {
    unsigned from, to;
    unsigned rate;                    /**< packets/s */
    unsigned size_bytes, large_bytes; /**< UDP payload of a small and of a large packet */
    double large_share;               /**< of the packets that are large, 0 to 1 */
};

struct heal_topology {
    char name[HEAL_NAME_MAX];
    bool babeld_alone; /**< no heald on the nodes */
    unsigned nodes, links, flows;
    struct heal_topology_node node[HEAL_LAB_NODES_MAX];
    struct heal_topology_link link[HEAL_LAB_LINKS_MAX];
    struct heal_topology_flow flow[HEAL_LAB_FLOWS_MAX];
};

/** The built-in topology: n0 to n7 in a ring with the chords n1-n5 and n3-n7, and four flows. */
void heal_topology_init(struct heal_topology *topology);

/**
 * Reads a topology from YAML text (docs/lab.md). Large: the caller has it on the heap or static to a test.
 * @return 0; -EINVAL, -EFBIG or -ENOMEM with @p error filled in and @p ret_topology untouched.
 */
int heal_topology_parse(const char *text, size_t length, struct heal_topology *ret_topology,
                        struct heal_error *error);

/** @return the node's index, or -ENOENT. */
int heal_topology_node_find(const struct heal_topology *topology, const char *name);
/** @return the index of the link between two nodes, whichever is its a, or -ENOENT. */
int heal_topology_link_find(const struct heal_topology *topology, unsigned node, unsigned other);
/** Finds a link by its name, "n1-n5" or "n5-n1". @return its index, or -ENOENT. */
int heal_topology_link_named(const struct heal_topology *topology, const char *name);

enum heal_lab_direction heal_lab_opposite(enum heal_lab_direction direction);
/** @return the node at which a direction of a link arrives. */
unsigned heal_topology_receiver(const struct heal_topology *topology, unsigned link,
                                enum heal_lab_direction direction);
/** @return how far apart the ends of a link are, in metres. */
double heal_topology_distance(const struct heal_topology *topology, unsigned link);

/**
 * Counts the hops from @p from to every node along the fewest links.
 * @param ret_hops HEAL_LAB_NODES_MAX of them; UINT_MAX where there is no way.
 */
void heal_topology_hops(const struct heal_topology *topology, unsigned from, unsigned *ret_hops);

/** The routed mesh address of a node, fd00:6865:616c::N with N counted from 1. */
struct heal_address heal_topology_address(unsigned node);
/** The link-local address of @p node's end of a link, fe80::N:L, both counted from 1. */
struct heal_address heal_topology_link_address(unsigned node, unsigned link);

#endif
