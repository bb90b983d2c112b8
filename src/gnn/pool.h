/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * From vertices to what they are part of. A node is as sick as the sickest of its vertices. What is wrong
 * with a graph is one of kinds + 1 classes: that nothing is has a logit of its own, which is learnt; a kind's
 * is the logarithm of the sum of the exponentials of its vertices' logits, so that many vertices that suspect
 * it speak as loudly as one that is sure. Pure functions; they keep nothing. In integers and in single
 * precision the results are the same to the bit on every machine.
 */
#ifndef HEAL_GNN_POOL_H
#define HEAL_GNN_POOL_H

#include <stddef.h>
#include <stdint.h>

/** What a node's vertices say of it. */
struct heal_gnn_node {
    uint32_t vertex; /**< the sickest, the first of equals; UINT32_MAX: it has none */
    uint8_t label;   /**< of enum heal_gnn_label: sick where a vertex is, else unknown where one is */
};

/**
 * @param node [vertices]: below @p nodes @param logit [vertices]: of being sick
 * @param label [vertices] @param ret_node [nodes]
 */
void heal_gnn_pool_nodes(uint32_t vertices, const uint32_t *node, const float *logit, const uint8_t *label,
                         uint32_t nodes, struct heal_gnn_node *ret_node);

/** A graph's classes. @param kind vertices by kinds @param normal the logit of class 0
 * @param ret_class [1 + kinds]: logits */
void heal_gnn_pool_classes(uint32_t vertices, unsigned kinds, const float *kind, float normal,
                           float *ret_class);

enum {
    HEAL_GNN_POWERS = 256,    /**< steps of e^-x over x from 0 to 16 */
    HEAL_GNN_LOGARITHMS = 64, /**< steps of ln x over x from 1 to 2 */
};

/** Tables for the same in integers. */
struct heal_gnn_tables {
    uint32_t power[HEAL_GNN_POWERS + 1];         /**< in 2^-24 */
    uint32_t logarithm[HEAL_GNN_LOGARITHMS + 1]; /**< in 2^-24 */
};

void heal_gnn_tables_make(struct heal_gnn_tables *ret_tables);

/**
 * The same in integers, within a thousandth: logits are in 1 / HEAL_GNN_LOGIT_ONE (integer.h). The order of
 * the vertices does not matter.
 */
void heal_gnn_pool_integer(const struct heal_gnn_tables *tables, uint32_t vertices, unsigned kinds,
                           const int32_t *kind, int32_t normal, int32_t *ret_class);

#endif
