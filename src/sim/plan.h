/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A plan: which nodes a simulated mesh has, where they stand, and which of them are linked. It is drawn up by
 * a shape, or read from a NetJSON NetworkGraph, and then a simulation is made of it. Nodes and links are
 * named by their index everywhere else. The plan owns its arrays.
 */
#ifndef HEAL_SIM_PLAN_H
#define HEAL_SIM_PLAN_H

#include "heal/error.h"
#include "heal/types.h"

enum {
    HEAL_SIM_NODES_MAX = 16384,
    HEAL_SIM_DEGREE_MAX = 63, /**< links of one node: what an engine has room for */
};

/** Where a node stands. */
struct heal_sim_place {
    char name[HEAL_NAME_MAX];
    double x_m, y_m;
};

struct heal_sim_edge {
    unsigned a, b; /**< places */
};

struct heal_sim_plan {
    unsigned places, edges, places_room, edges_room;
    struct heal_sim_place *place;
    struct heal_sim_edge *edge;
};

enum heal_sim_shape {
    HEAL_SIM_RING,
    HEAL_SIM_LINE,
    HEAL_SIM_STAR,   /**< all are linked to the first */
    HEAL_SIM_GRID,   /**< as square as it can be; four neighbours */
    HEAL_SIM_RANDOM, /**< a random geometric graph: all within reach are linked, and all are connected */
    HEAL_SIM_SHAPES,
};
/** Their words, in this order; NULL past the last. */
extern const char *const heal_sim_shape_names[HEAL_SIM_SHAPES + 1];

/** @return how few nodes a shape may have. */
unsigned heal_sim_shape_least(enum heal_sim_shape shape);
/** @return how many it may have. */
unsigned heal_sim_shape_most(enum heal_sim_shape shape);

/**
 * Draws up a mesh of nodes n0, n1 …, neighbours some 65 m apart.
 * @param ret_plan empty (all zero) before. @param seed of the random shape.
 * @return 0, -EINVAL for a number of nodes that the shape cannot have, or -ENOMEM.
 */
int heal_sim_plan_draw(enum heal_sim_shape shape, unsigned count, uint64_t seed,
                       struct heal_sim_plan *ret_plan);

/**
 * Reads a NetJSON NetworkGraph (draft-netjson, "NetworkGraph"): nodes with `id`, `label` and perhaps
 * `properties.x` and `.y` in metres, or `.lon` and `.lat` in degrees; links with `source` and `target`, in
 * one direction or both. Unless all have a place of one kind, they stand on a circle.
 * @param ret_plan empty before, and again after a failure.
 * @return 0; -EINVAL, -E2BIG or -ENOMEM with @p error filled in.
 */
int heal_sim_plan_parse(const char *json, size_t length, struct heal_sim_plan *ret_plan,
                        struct heal_error *error);

/** Adds a node. @return its index, -E2BIG or -ENOMEM. */
int heal_sim_plan_add_place(struct heal_sim_plan *plan, const char *name, double x_m, double y_m);
/** Links two nodes, which are not linked yet. @return the link's index or -ENOMEM. */
int heal_sim_plan_add_edge(struct heal_sim_plan *plan, unsigned a, unsigned b);
/** Puts all on a circle, neighbours in their order 65 m apart. */
void heal_sim_plan_arrange(struct heal_sim_plan *plan);
/** @return how many links the node with the most has. */
unsigned heal_sim_plan_degree(const struct heal_sim_plan *plan);
/** Frees the arrays and leaves an empty plan. */
void heal_sim_plan_deinit(struct heal_sim_plan *plan);

#endif
