/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/pool.h"

#include "gnn/dataset.h"
#include "gnn/elementary.h"
#include "gnn/integer.h"

#include <math.h>

enum {
    POWER_RANGE = 16, /* e^-16 of 2^24 is 2: beyond it nothing counts */
    POWER_STEP = POWER_RANGE * HEAL_GNN_LOGIT_ONE / HEAL_GNN_POWERS,
    ONE_BITS = 24,
    LOGARITHM_BITS = ONE_BITS - 6, /* of a mantissa, those below the table's place in it */
    LN2 = 11629080,                /* in 2^-24 */
};

_Static_assert(1 << (ONE_BITS - LOGARITHM_BITS) == HEAL_GNN_LOGARITHMS,
               "a mantissa's first bits are a place");

static void take_vertex(struct heal_gnn_node *node, uint32_t vertex, const float *logit,
                        const uint8_t *label) {
    if (node->vertex == UINT32_MAX || logit[vertex] > logit[node->vertex])
        node->vertex = vertex;
    if (label[vertex] == HEAL_GNN_SICK || node->label == HEAL_GNN_HEALTHY)
        node->label = label[vertex];
}

void heal_gnn_pool_nodes(uint32_t vertices, const uint32_t *node, const float *logit, const uint8_t *label,
                         uint32_t nodes, struct heal_gnn_node *ret_node) {
    for (uint32_t n = 0; n < nodes; n++)
        ret_node[n] = (struct heal_gnn_node){.vertex = UINT32_MAX, .label = HEAL_GNN_HEALTHY};
    for (uint32_t v = 0; v < vertices; v++)
        take_vertex(&ret_node[node[v]], v, logit, label);
}

/* Less the largest, so that no exponential is too large. */
void heal_gnn_pool_classes(uint32_t vertices, unsigned kinds, const float *kind, float normal,
                           float *ret_class) {
    ret_class[0] = normal;
    for (unsigned k = 0; k < kinds; k++) {
        float most = -INFINITY;
        double sum = 0;

        for (uint32_t v = 0; v < vertices; v++)
            most = fmaxf(most, kind[(size_t)v * kinds + k]);
        for (uint32_t v = 0; v < vertices; v++)
            sum += heal_gnn_exponential((double)kind[(size_t)v * kinds + k] - (double)most);
        ret_class[1 + k] = most + (float)heal_gnn_logarithm(sum - 1);
    }
}

/* ---- in integers ---- */

void heal_gnn_tables_make(struct heal_gnn_tables *ret_tables) {
    const double one = 1 << ONE_BITS;

    for (int i = 0; i <= HEAL_GNN_POWERS; i++)
        ret_tables->power[i] =
            (uint32_t)lround(one * heal_gnn_exponential(-(double)POWER_RANGE * i / HEAL_GNN_POWERS));
    for (int i = 0; i <= HEAL_GNN_LOGARITHMS; i++)
        ret_tables->logarithm[i] =
            (uint32_t)lround(one * heal_gnn_logarithm((double)i / HEAL_GNN_LOGARITHMS));
}

/* e^-x in 2^-24, between two steps of the table along the straight line. */
static uint32_t power_of(const struct heal_gnn_tables *tables, int64_t x) {
    if (x >= POWER_RANGE * HEAL_GNN_LOGIT_ONE)
        return 0;
    uint32_t at = (uint32_t)x / POWER_STEP, beyond = (uint32_t)x % POWER_STEP;
    uint32_t fall = tables->power[at] - tables->power[at + 1];
    return tables->power[at] - (fall * beyond + POWER_STEP / 2) / POWER_STEP;
}

/* ln of a sum in 2^-24, of at least 1, in 1 / HEAL_GNN_LOGIT_ONE: 2^k m with m in [1, 2). */
static int64_t logarithm_of(const struct heal_gnn_tables *tables, uint64_t sum) {
    int k = 63 - __builtin_clzll(sum) - ONE_BITS;
    uint32_t mantissa = (uint32_t)(sum >> k) - (1U << ONE_BITS);
    uint32_t at = mantissa >> LOGARITHM_BITS, beyond = mantissa & ((1U << LOGARITHM_BITS) - 1);
    uint64_t rise = tables->logarithm[at + 1] - tables->logarithm[at];
    int64_t fine = (int64_t)k * LN2 + tables->logarithm[at] + (int64_t)(rise * beyond >> LOGARITHM_BITS);
    const int64_t unit = (1 << ONE_BITS) / HEAL_GNN_LOGIT_ONE;

    return (fine + unit / 2) / unit;
}

static int32_t pool_kind(const struct heal_gnn_tables *tables, uint32_t vertices, unsigned kinds,
                         const int32_t *kind) {
    int32_t most = INT32_MIN;
    uint64_t sum = 0;

    for (uint32_t v = 0; v < vertices; v++)
        most = kind[(size_t)v * kinds] > most ? kind[(size_t)v * kinds] : most;
    for (uint32_t v = 0; v < vertices; v++)
        sum += power_of(tables, (int64_t)most - kind[(size_t)v * kinds]);
    int64_t pooled = vertices > 0 ? most + logarithm_of(tables, sum) : most;
    return (int32_t)(pooled > INT32_MAX ? INT32_MAX : pooled);
}

void heal_gnn_pool_integer(const struct heal_gnn_tables *tables, uint32_t vertices, unsigned kinds,
                           const int32_t *kind, int32_t normal, int32_t *ret_class) {
    ret_class[0] = normal;
    for (unsigned k = 0; k < kinds; k++)
        ret_class[1 + k] = pool_kind(tables, vertices, kinds, kind + k);
}
