/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/objective.h"

#include "gnn/elementary.h"

#include <math.h>
#include <string.h>

static double mean(double sum, size_t count) {
    return count > 0 ? sum / (double)count : 0;
}

double heal_gnn_errors_mean(const struct heal_gnn_balance *balance, const struct heal_gnn_errors *errors) {
    return (double)balance->vertex * mean(errors->vertex, errors->vertices) +
           (double)balance->node * mean(errors->node, errors->nodes) +
           (double)balance->graph * mean(errors->graph, errors->graphs);
}

/* @return how many are known. */
static size_t ask_vertices(const struct heal_gnn_question *ask, struct heal_gnn_errors *errors,
                           struct heal_gnn_slopes *slopes) {
    const struct heal_gnn_batch *batch = ask->batch;
    size_t known = 0;
    float slope;

    for (uint32_t v = 0; v < batch->graph.vertices; v++) {
        if (slopes)
            slopes->sick[v] = 0;
        if (batch->label[v] == HEAL_GNN_UNKNOWN)
            continue;
        errors->vertex +=
            heal_gnn_loss_of(&ask->loss, ask->sick[v], batch->label[v] == HEAL_GNN_SICK, &slope);
        if (slopes)
            slopes->sick[v] = ask->balance.vertex * slope;
        known++;
    }
    errors->vertices += known;
    return known;
}

static bool is_known(const struct heal_gnn_node *node) {
    return node->vertex != UINT32_MAX && node->label != HEAL_GNN_UNKNOWN;
}

/* Of a node, its sickest vertex alone has to do with it. */
static void ask_nodes(const struct heal_gnn_question *ask, size_t vertices, struct heal_gnn_errors *errors,
                      struct heal_gnn_slopes *slopes) {
    const struct heal_gnn_batch *batch = ask->batch;
    size_t known = 0;
    float slope;

    heal_gnn_pool_nodes(batch->graph.vertices, batch->node, ask->sick, batch->label, batch->nodes, ask->node);
    for (uint32_t n = 0; n < batch->nodes; n++)
        known += is_known(&ask->node[n]);
    errors->nodes += known;
    for (uint32_t n = 0; n < batch->nodes; n++) {
        const struct heal_gnn_node *node = &ask->node[n];

        if (!is_known(node))
            continue;
        errors->node +=
            heal_gnn_loss_of(&ask->loss, ask->sick[node->vertex], node->label == HEAL_GNN_SICK, &slope);
        if (slopes)
            slopes->sick[node->vertex] += ask->balance.node * (float)vertices / (float)known * slope;
    }
}

/* A kind's logit passes its slope on to the vertices by their shares of the sum. */
static void pass_back(const struct heal_gnn_question *ask, uint32_t graph, const float *class_of,
                      const double *slope, struct heal_gnn_slopes *slopes) {
    const struct heal_gnn_batch *batch = ask->batch;

    for (uint32_t v = batch->begin[graph]; v < batch->begin[graph + 1]; v++) {
        for (unsigned k = 0; k < ask->kinds; k++) {
            size_t at = (size_t)v * ask->kinds + k;
            double share = heal_gnn_exponential((double)ask->kind[at] - (double)class_of[1 + k]);

            slopes->kind[at] = (float)(slope[1 + k] * share);
        }
    }
    slopes->normal += slope[0];
}

/* error = log of the sum of e^class, less the right class; its derivative: a class' probability, less 1 where
 * it is the right one. */
static double ask_graph(const struct heal_gnn_question *ask, uint32_t graph, double weight,
                        struct heal_gnn_slopes *slopes) {
    const struct heal_gnn_batch *batch = ask->batch;
    uint32_t begin = batch->begin[graph];
    float class_of[HEAL_GNN_KINDS_MAX + 1];
    double slope[HEAL_GNN_KINDS_MAX + 1], most = -INFINITY, sum = 0;

    heal_gnn_pool_classes(batch->begin[graph + 1] - begin, ask->kinds, ask->kind + (size_t)begin * ask->kinds,
                          ask->normal, class_of);
    for (unsigned c = 0; c <= ask->kinds; c++)
        most = fmax(most, (double)class_of[c]);
    for (unsigned c = 0; c <= ask->kinds; c++)
        sum += slope[c] = heal_gnn_exponential((double)class_of[c] - most);
    for (unsigned c = 0; c <= ask->kinds; c++)
        slope[c] = weight * (slope[c] / sum - (c == batch->kind[graph]));
    if (slopes)
        pass_back(ask, graph, class_of, slope, slopes);
    return most + heal_gnn_logarithm(sum - 1) - (double)class_of[batch->kind[graph]];
}

static void ask_graphs(const struct heal_gnn_question *ask, size_t vertices, struct heal_gnn_errors *errors,
                       struct heal_gnn_slopes *slopes) {
    const struct heal_gnn_batch *batch = ask->batch;
    size_t known = 0;

    for (uint32_t g = 0; g < batch->graphs; g++) /* all of whose vertices may have been left out */
        known += batch->begin[g + 1] > batch->begin[g];
    errors->graphs += known;
    for (uint32_t g = 0; g < batch->graphs; g++) {
        if (batch->begin[g + 1] > batch->begin[g])
            errors->graph +=
                ask_graph(ask, g, (double)ask->balance.graph * (double)vertices / (double)known, slopes);
    }
}

void heal_gnn_objective(const struct heal_gnn_question *question, struct heal_gnn_errors *errors,
                        struct heal_gnn_slopes *slopes) {
    size_t known = ask_vertices(question, errors, slopes);

    if (question->balance.node > 0)
        ask_nodes(question, known, errors, slopes);
    if (question->balance.graph > 0)
        ask_graphs(question, known, errors, slopes);
    else if (slopes && question->kinds > 0)
        memset(slopes->kind, 0,
               (size_t)question->batch->graph.vertices * question->kinds * sizeof *slopes->kind);
}
