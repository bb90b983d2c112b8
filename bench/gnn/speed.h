/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * How fast a network in integers is, on one processor: the default shape of 8 inputs and 64 hidden channels
 * on a grid whose ends are joined, each vertex with the 8 around it, numbered row by row.
 */
#ifndef HEAL_BENCH_SPEED_H
#define HEAL_BENCH_SPEED_H

#include "gnn/integer.h"

enum { SPEED_INPUTS = 8, SPEED_HIDDEN = 64, SPEED_DEGREE = 8, SPEED_SIZES = 4 };

/** The grids: so many rows of so many columns. */
struct speed_grid {
    uint32_t rows, columns;
};
extern const struct speed_grid speed_grids[SPEED_SIZES];

/** One size, by the medians of many runs. */
struct speed_row {
    uint32_t vertices;
    double us;         /**< a vertex, from its inputs in single precision to its logit */
    double network_us; /**< of this, the network's, from inputs of eight bits */
    double peak_share; /**< of what the multipliers can do, measured in turns with it, both in this thread's
                          own time; the products are those of real weights; 0: not known */
};

/** Makes the network, of even random weights. @return 0 or -1. */
int speed_network(struct heal_gnn_integer *ret_network);

/** @return 0 or -1: out of memory */
int speed_measure(const struct heal_gnn_integer *network, struct speed_grid grid, struct speed_row *ret_row);

/** A node's tick: 16 ports, each beside the 15 others and a far end, whose state came by message: from the
 * inputs in single precision to 16 logits. */
struct speed_node {
    double p99_us;      /**< one tick after another */
    double cold_p99_us; /**< after something else has filled the caches, as it is once a second */
};
/** @return 0 or -1: out of memory */
int speed_measure_node(const struct heal_gnn_integer *network, struct speed_node *ret_node);

/** How many products of eight bits a second this kernel's vector unit can add up, without any memory. @return
 * 0: not known */
double speed_peak(const struct heal_gnn_kernel *kernel);

double speed_now_s(void);
/** This thread's own time: what other programs take of the processor is not in it. */
double speed_busy_s(void);

#endif
