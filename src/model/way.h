/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Ways through the mesh: which nodes a packet passes from here to a destination, from the paths that the
 * neighbours tell. A way that is not known is never taken for a safe one.
 */
#ifndef HEAL_MODEL_WAY_H
#define HEAL_MODEL_WAY_H

#include "model/world.h"

/** What to keep away from: a node, or (with `other`) the link between two. */
struct heal_obstacle {
    heal_node_id node, other;
};

struct heal_obstacle heal_obstacle_of(const struct heal_element *element);

/** @return whether the way from here through @p port to @p destination meets the obstacle; an unknown way
 * counts as not meeting it beyond the first hop. */
bool heal_way_meets(const struct heal_world *world, const struct heal_port *port,
                    const struct heal_prefix *destination, const struct heal_obstacle *obstacle);

/** As the above, of a way whose first node is @p neighbour, which goes on by @p rest. */
bool heal_way_path_meets(const struct heal_world *world, heal_node_id neighbour, const struct heal_path *rest,
                         const struct heal_obstacle *obstacle);

/** @return whether the way from here through @p port, by the neighbour's word, comes back here. */
bool heal_way_returns(const struct heal_world *world, const struct heal_port *port,
                      const struct heal_prefix *destination);

/** @return whether a neighbour that tells its paths has its way from here, or tells none: what it has told
 * the routing daemon is an echo then. */
bool heal_way_is_echo(const struct heal_world *world, const struct heal_port *port,
                      const struct heal_prefix *destination);

/**
 * @return whether the way through @p port is known to reach @p destination without coming back here and
 * without meeting the obstacle: the neighbour's own word (path vector, as in RFC 4271, 9.1.2), or, where its
 * heald is silent, the routing daemon's feasibility condition (RFC 8966, 3.5.1).
 */
bool heal_way_is_safe(const struct heal_world *world, const struct heal_port *port,
                      const struct heal_prefix *destination, const struct heal_obstacle *obstacle);

/** @return whether the neighbour's metric is below this node's (RFC 8966, 3.5.1): then its own way cannot
 * lead through here, whatever others do at the same moment. */
bool heal_way_is_feasible(const struct heal_world *world, const struct heal_port *port,
                          const struct heal_prefix *destination);

/** @return the metric of the way through @p port; UINT32_MAX where none is known. */
uint32_t heal_way_metric(const struct heal_world *world, const struct heal_port *port,
                         const struct heal_prefix *destination);

/** @return the port that the kernel uses for @p destination, overrides counted, or NULL. */
const struct heal_port *heal_way_of_kernel(const struct heal_world *world,
                                           const struct heal_prefix *destination);

/** Fills in this node's own path to @p destination: a detour counts as soon as it is announced. @return false
 * where it has none. */
bool heal_way_path(const struct heal_world *world, const struct heal_prefix *destination,
                   struct heal_path *ret_path);

#endif
