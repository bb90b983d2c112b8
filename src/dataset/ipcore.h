/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The ipcore-faults tables: counters of a routed network's interfaces, a row a minute, with what was wrong in
 * it. Each minute becomes a graph: a vertex is a port, joined to the ports of its router and to its link's
 * other end; the graph's kind is what was wrong, and those ports are sick that it was wrong with. Features
 * are what a node could reckon as the minutes come: a value against the median of the ten rows before, never
 * one that is still to come, and never how long it is since the last row, which would tell the experiment's
 * plan.
 */
#ifndef HEAL_DATASET_IPCORE_H
#define HEAL_DATASET_IPCORE_H

#include "dataset/dataset.h"
#include "dataset/folder.h"

enum {
    HEAL_IPCORE_INPUTS = 12,
    HEAL_IPCORE_STATUSES = 7, /**< that the tables tell apart */
    HEAL_IPCORE_KINDS = 6,    /**< of graphs: the same, but delay counts as loss */
    HEAL_IPCORE_PORTS_MAX = 64,
    HEAL_IPCORE_NAME_MAX = 64,
    HEAL_IPCORE_MINUTES_MAX = 1 << 20,
};

/** The files of a set. */
enum heal_ipcore_file {
    HEAL_IPCORE_INTERFACES, /**< both names of each port */
    HEAL_IPCORE_FAILURE,    /**< what was wrong, and where */
    HEAL_IPCORE_ADMIN,
    HEAL_IPCORE_CPU,
    HEAL_IPCORE_IN,
    HEAL_IPCORE_OUT,
    HEAL_IPCORE_RX,
    HEAL_IPCORE_TX,
    HEAL_IPCORE_PREFIXES,
    HEAL_IPCORE_FILES,
};

/** The ports, in the order of the vertices. */
struct heal_ipcore_mesh {
    uint8_t routers, ports;
    char router[HEAL_IPCORE_PORTS_MAX][HEAL_IPCORE_NAME_MAX];
    struct heal_ipcore_port {
        char end[HEAL_IPCORE_NAME_MAX];       /**< ROUTER+link-NAME: both ends of a link have its name */
        char interface[HEAL_IPCORE_NAME_MAX]; /**< ROUTER_GiN */
        uint8_t router;
        int8_t peer; /**< the link's other end; -1: it leads out */
        int8_t twin; /**< another router's port of the same number; -1: none */
    } port[HEAL_IPCORE_PORTS_MAX];
};

/**
 * Reads the tables of a set.
 * @param file [HEAL_IPCORE_FILES]
 * @param ret_set the caller's to deinit; times are seconds since 1970, and a day is a run
 * @return 0, -ENOMEM, or -EINVAL; the words name the file that the place is in.
 */
int heal_ipcore_parse(const struct heal_table_text *file, struct heal_dataset *ret_set,
                      struct heal_ipcore_mesh *ret_mesh, struct heal_error *error);
/** As above, from a folder. @return also what opening and reading a file may fail with. */
int heal_ipcore_load(const char *folder, struct heal_dataset *ret_set, struct heal_ipcore_mesh *ret_mesh,
                     struct heal_error *error);

#endif
