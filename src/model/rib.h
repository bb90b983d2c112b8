/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Routes: what the routing daemon knows, and what the kernel has. Bounded tables, owned by the world.
 */
#ifndef HEAL_MODEL_RIB_H
#define HEAL_MODEL_RIB_H

#include "heal/command.h"

enum { HEAL_BABEL_PROTOCOL = 42 }; /**< rtm_protocol of babeld's routes */
enum { HEAL_ROUTES_MAX = 512, HEAL_FIB_MAX = 512 };

struct heal_rib {
    size_t routes, fibs;
    size_t ours; /**< of the kernel's routes, those of heald's protocol */
    struct heal_reading_route route[HEAL_ROUTES_MAX];
    struct heal_reading_fib fib[HEAL_FIB_MAX];
    bool fib_told;       /**< that it is incomplete has been said */
    bool fib_incomplete; /**< one of the kernel's that matters did not fit: what the table lacks may be there
                          */
    uint32_t revision;   /**< counts changes of either table */
};

/** Each takes in one reading: adds, replaces or removes. A full table takes no more. */
void heal_rib_take_route(struct heal_rib *rib, const struct heal_reading_route *reading);
void heal_rib_take_fib(struct heal_rib *rib, const struct heal_reading_fib *reading);

/** @return the daemon's installed route to @p prefix, or NULL. */
const struct heal_reading_route *heal_rib_installed(const struct heal_rib *rib,
                                                    const struct heal_prefix *prefix);

/** @return the kernel's unicast route to @p prefix through @p via (NULL: any) by @p protocol (0: any), or
 * NULL; of several the one with the least metric. */
const struct heal_reading_fib *heal_rib_unicast(const struct heal_rib *rib, const struct heal_prefix *prefix,
                                                const struct heal_port_key *via, uint8_t protocol);

/** @return the kernel's unicast route to @p prefix that is not of heald's making, or NULL. */
const struct heal_reading_fib *heal_rib_foreign(const struct heal_rib *rib, const struct heal_prefix *prefix);

/** @return a kernel's unicast route to @p prefix that is neither heald's nor the routing daemon's, and wins
 * over an override of heald's; or NULL. */
const struct heal_reading_fib *heal_rib_by_hand(const struct heal_rib *rib, const struct heal_prefix *prefix);

/** @return whether the kernel has a default route, IPv4 or IPv6, that does not go out through @p ifname. */
bool heal_rib_has_default(const struct heal_rib *rib, const char *ifname);

/** @return a kernel route, not of the daemon's making, that drops what goes to @p prefix, the one that the
 * kernel prefers; or NULL. */
const struct heal_reading_fib *heal_rib_blackhole(const struct heal_rib *rib,
                                                  const struct heal_prefix *prefix);

#endif
