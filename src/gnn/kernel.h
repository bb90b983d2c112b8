/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Who does the work of a network in integers: the same four things, once in plain C and once for each vector
 * unit that is worth it. All give the same bits. A kernel keeps nothing; what it works on is its caller's.
 *
 * Work comes in tiles: what belongs to a vertex is a row of eight-bit values. Rows begin a stride apart, a
 * multiple of HEAL_GNN_LINE, and may be read and written to its end.
 */
#ifndef HEAL_GNN_KERNEL_H
#define HEAL_GNN_KERNEL_H

#include "gnn/integer.h"

#include <stdbool.h>

enum {
    HEAL_GNN_LINE = 64,
    HEAL_GNN_TILE = 24, /**< vertices: a multiple of as many as any kernel takes at once */
};

struct heal_gnn_rows {
    int8_t *value;
    size_t stride;
};

/** Four neighbouring inputs: what a dot product takes at a time. */
static inline int32_t heal_gnn_group_at(const int8_t *input) {
    int32_t group;

    __builtin_memcpy(&group, input, sizeof group);
    return group;
}

/** What the vertices of a span take in: their own channels, and their neighbours'. */
struct heal_gnn_gathering {
    const struct heal_gnn_integer *network;
    unsigned layer; /**< 0 or 1 */
    const struct heal_gnn_graph *graph;
    struct heal_gnn_span span; /**< at most HEAL_GNN_TILE */
    const int8_t *source;      /**< of all vertices, without gaps */
    size_t channels;           /**< of each */
};

struct heal_gnn_kernel {
    const char *name;
    bool (*is_there)(void);
    /** Fills a row a vertex: its own channels, what each term takes, and 0 up to the layer's inputs. */
    void (*gather)(const struct heal_gnn_gathering *gathering, struct heal_gnn_rows ret_summands);
    /** @param rectified what is below 0 becomes 0 @param ret_values dense->outputs a row */
    void (*multiply)(const struct heal_gnn_integer *network, const struct heal_gnn_dense *dense,
                     bool rectified, size_t rows, struct heal_gnn_rows input,
                     struct heal_gnn_rows ret_values);
    /** @param weight [inputs] @param inputs a multiple of HEAL_GNN_LANES @param ret_sum [rows] */
    void (*sum)(size_t rows, struct heal_gnn_rows input, const int8_t *weight, size_t inputs,
                int32_t *ret_sum);
    /** Scales values in place by a step, but a row by its own multiplier. @param count of a row, a multiple
     * of HEAL_GNN_LANES @param step shift at most 0 */
    void (*scale)(size_t rows, struct heal_gnn_rows values, size_t count, const int16_t *multiplier,
                  struct heal_gnn_step step);
};

/** Those of this kind of processor, the best first; the last, in plain C, is everywhere. */
extern const struct heal_gnn_kernel *const heal_gnn_kernels[];
extern const size_t heal_gnn_kernels_count;

/** @return the first that this processor has. */
const struct heal_gnn_kernel *heal_gnn_kernel_best(void);

extern const struct heal_gnn_kernel heal_gnn_kernel_portable;
extern const struct heal_gnn_kernel heal_gnn_kernel_sse41, heal_gnn_kernel_avx2, heal_gnn_kernel_avxvnni,
    heal_gnn_kernel_avx512;                                                        /* x86-64 */
extern const struct heal_gnn_kernel heal_gnn_kernel_neon, heal_gnn_kernel_dotprod; /* ARM */

#endif
