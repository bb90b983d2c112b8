/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What a lab is inside: shared by those that make one up (lab.c, lab_run.c, the keeper, the nodes, their
 * files and ways, the traffic), and by nobody else. The process that opened the lab owns all of it; the
 * keeper and the nodes' inits have the copy that fork gave them, and read only what was there then.
 */
#ifndef HEAL_LAB_STATE_H
#define HEAL_LAB_STATE_H

#include "lab/lab.h"

enum { HEAL_LAB_SPAWNED_MAX = 256 };

struct heal_traffic;

/** A node as its lab's owner reaches it. */
struct heal_lab_node {
    int init;          /**< pidfd of its init, which stands for its namespaces */
    int network;       /**< its network namespace */
    int routes;        /**< a netlink socket in that */
    int command;       /**< to its init */
    unsigned sequence; /**< of the last command */
};

struct heal_lab {
    struct heal_topology topology;
    char folder[HEAL_LAB_PATH_MAX];
    char heald[HEAL_LAB_PATH_MAX], worker[HEAL_LAB_PATH_MAX];
    bool with_heald, with_user; /**< with_user: in a user namespace of its own */
    enum heal_mode mode;
    char *heald_extra;
    unsigned uid, gid; /**< of the owner, outside */
    pid_t keeper;
    int keeper_fd; /**< its pidfd */
    int lifeline;  /**< a socket to the keeper, which ends when this does */
    struct heal_lab_node node[HEAL_LAB_NODES_MAX];
    int spawned[HEAL_LAB_SPAWNED_MAX]; /**< pidfds of children, to reap at the end if nobody has; -1: free */
    heal_us started;                   /**< when the daemons were */
    struct heal_traffic *traffic;      /**< NULL: never started */
};

/** Writes a node's files: heald.yaml, babeld.conf, the folder of heald's state. @return 0 or negative errno.
 */
int heal_lab_write_files(const struct heal_lab *lab, unsigned node);

/** Ends the traffic, if there is some, and forgets what was counted. */
void heal_traffic_free(struct heal_lab *lab);

/** Sends a command to every node's init at once. @return the first that failed, or 0. */
int heal_lab_command_all(struct heal_lab *lab, int kind);

#endif
