/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A real mesh of three nodes for tests, a - b - c, in network namespaces of this process's own user
 * namespace. Each link runs through a fourth namespace, the air, where faults are: no node sees them. Sockets
 * stay in the namespace in which they were made, so that one process can be all the nodes.
 */
#ifndef HEAL_TESTS_NET_MESH_H
#define HEAL_TESTS_NET_MESH_H

#include "heal/types.h"

struct event_base;

enum mesh_node { MESH_A, MESH_B, MESH_C, MESH_AIR, MESH_NODES };

/* The link-local address of node N is fe80::N on each of its interfaces, its mesh address fd00::N; its
 * interface towards M is called toM. */

/** Makes all of it. @return NULL, or why it cannot be had here. */
const char *mesh_open(void);

/** Enters a node: sockets are now made there. */
void mesh_enter(enum mesh_node node);

/** Runs a shell command in a node. @return its exit code. */
int mesh_run(enum mesh_node node, const char *format, ...) __attribute__((format(printf, 2, 3)));

/**
 * Puts a fault, a rule of nftables ("" for none), on all that goes out from a node by an interface. What it
 * shall count, it counts with `counter name lost`.
 */
void mesh_fault(const char *from, const char *to, const char *rule);

/** @return the packets that `counter name lost` has counted so far. */
unsigned long mesh_lost(void);

/** @return the port of @p node towards @p neighbour ("a", "b", "c"). */
struct heal_port_key mesh_port(const char *neighbour);
struct heal_address mesh_address(const char *node);

/** Runs the loop until @p happened says so. @return false if that takes too long. */
bool mesh_wait(struct event_base *base, bool (*happened)(void));

#endif
