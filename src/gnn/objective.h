/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What learning makes small: how wrong a network is on the vertices, on the nodes and on what is wrong with
 * the graphs of a batch, and what each logit has to do with it. Pure functions; they keep nothing.
 */
#ifndef HEAL_GNN_OBJECTIVE_H
#define HEAL_GNN_OBJECTIVE_H

#include "gnn/batch.h"
#include "gnn/loss.h"
#include "gnn/pool.h"

/** What the mean error of a vertex, of a node and of a graph count for; 0: nothing. */
struct heal_gnn_balance {
    float vertex, node; /**< binary, as struct heal_gnn_loss has it */
    float graph;        /**< the cross-entropy of its classes */
};

/** Sums, and of how many: what is unknown is left out. */
struct heal_gnn_errors {
    double vertex, node, graph;
    size_t vertices, nodes, graphs;
};

/** @return all together, as the balance says. */
double heal_gnn_errors_mean(const struct heal_gnn_balance *balance, const struct heal_gnn_errors *errors);

/** What is asked, of a batch after a way forward. */
struct heal_gnn_question {
    struct heal_gnn_loss loss;
    struct heal_gnn_balance balance;
    const struct heal_gnn_batch *batch;
    const float *sick; /**< [vertices]: logits */
    const float *kind; /**< vertices by kinds: logits */
    unsigned kinds;
    float normal;               /**< the logit of class 0 */
    struct heal_gnn_node *node; /**< [batch->nodes], for the work */
};

/**
 * Derivatives, by each logit, of the mean error of the batch times its known vertices: what parts of a batch
 * have found can be added up, and divided by the vertices of all.
 */
struct heal_gnn_slopes {
    float *sick;   /**< [vertices] */
    float *kind;   /**< vertices by kinds */
    double normal; /**< is added to */
};

/** @param errors are added to @param slopes NULL: nobody asks */
void heal_gnn_objective(const struct heal_gnn_question *question, struct heal_gnn_errors *errors,
                        struct heal_gnn_slopes *slopes);

#endif
