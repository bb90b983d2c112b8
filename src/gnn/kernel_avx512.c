/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* AVX-512 with VNNI: one instruction for four products and their sum, sixty-four values at once. */
#include "gnn/kernel_ymm.h"

#include "gnn/kernel_gather.h"

#define ZMM __attribute__((target("avx2,avx512f,avx512bw,avx512vl,avx512vnni")))
#define ZMM_INLINE                                                                                           \
    static inline __attribute__((always_inline, target("avx2,avx512f,avx512bw,avx512vl,avx512vnni")))

/* A tile has twenty-four sums: six rows of sixty-four outputs, or twelve of thirty-two. */
enum { TALL = 12, LANES = 16, LIFTED = HEAL_GNN_SUMMANDS_MAX };

static bool is_there(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("avx512f") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512vnni");
}

/* ---- what is taken of the neighbours, where all channels of one fit into a vector ---- */

enum {
    HALF_LINE = HEAL_GNN_LINE / 2,
    CACHED = 1 << 20 /* bytes that are near enough without being asked for */
};

/* Whatever a term may take: the largest, the least, and sums in sixteen bits of the first half of the
 * channels and of the second. */
struct taken {
    __m512i most, least, low, high;
};

/* A mask of the bytes of a span: nothing beyond them is touched. */
ZMM_INLINE __mmask64 span_mask(size_t from, size_t count) {
    return (count >= HEAL_GNN_LINE ? ~UINT64_C(0) : (UINT64_C(1) << count) - 1) << from;
}

ZMM_INLINE void widen(__m512i value, bool wide, __m512i *ret_low, __m512i *ret_high) {
    *ret_low = _mm512_cvtepi8_epi16(_mm512_castsi512_si256(value));
    if (wide)
        *ret_high = _mm512_cvtepi8_epi16(_mm512_extracti64x4_epi64(value, 1));
}

/* What is known of a layer before its vertices are looked at. */
struct manner {
    bool whole; /* a row is as long as a vector */
    bool wide;  /* sums of the second half are wanted, too */
    bool least; /* and the least */
    bool far;   /* rows are to be asked of memory before they are needed */
};

ZMM_INLINE __m512i row_of(const struct heal_gnn_gathering *gathering, struct manner manner, uint32_t vertex) {
    const int8_t *from = gathering->source + vertex * gathering->channels;

    return manner.whole ? _mm512_loadu_si512(from)
                        : _mm512_maskz_loadu_epi8(span_mask(0, gathering->channels), from);
}

ZMM_INLINE struct taken take_all(const struct heal_gnn_gathering *gathering, struct manner manner,
                                 uint32_t begin, uint32_t end) {
    const struct heal_gnn_graph *graph = gathering->graph;
    const uint32_t *neighbour = graph->neighbour;
    const size_t ahead = end + HEAL_GNN_AHEAD <= graph->first[graph->vertices] ? HEAL_GNN_AHEAD : 0;
    __m512i value = row_of(gathering, manner, neighbour[begin]), low, high = value;
    struct taken taken = {.most = value, .least = value};

    widen(value, manner.wide, &taken.low, &taken.high);
#pragma GCC unroll 4
    for (size_t i = begin + 1; i < end; i++) {
        value = row_of(gathering, manner, neighbour[i]);
        if (manner.far)
            __builtin_prefetch(gathering->source + neighbour[i + ahead] * gathering->channels);
        widen(value, manner.wide, &low, &high);
        taken.most = _mm512_max_epi8(taken.most, value);
        taken.low = _mm512_add_epi16(taken.low, low);
        if (manner.least)
            taken.least = _mm512_min_epi8(taken.least, value);
        if (manner.wide)
            taken.high = _mm512_add_epi16(taken.high, high);
    }
    return taken;
}

/* As heal_gnn_step_apply has it for shifts to the left. */
ZMM_INLINE __m256i mean_of(__m512i sum, struct heal_gnn_step step) {
    const int16_t most = (int16_t)(INT16_MAX >> -step.shift);

    sum = _mm512_min_epi16(_mm512_max_epi16(sum, _mm512_set1_epi16((int16_t)-most)), _mm512_set1_epi16(most));
    sum = _mm512_sll_epi16(sum, _mm_cvtsi32_si128(-step.shift));
    sum = _mm512_mulhrs_epi16(sum, _mm512_set1_epi16(step.multiplier));
    sum = _mm512_mulhrs_epi16(sum, _mm512_set1_epi16((int16_t)(1 << (15 - step.rest))));
    return _mm256_max_epi8(_mm512_cvtsepi16_epi8(sum), _mm256_set1_epi8(-HEAL_GNN_MOST));
}

/* What one term takes of every vertex. Channels are where they are in a row, and stored as far ahead. */
struct plan {
    enum heal_gnn_aggregate aggregate;
    size_t from, width;
    __mmask64 mask;
    const struct heal_gnn_step *step; /* by degree */
};

/* A mean of so many, or by such a step, that sixteen bits may not be enough. */
static __attribute__((noinline)) void take_long(const struct heal_gnn_gathering *gathering, uint32_t vertex,
                                                unsigned term, const struct plan *plan, int8_t *taken) {
    const struct heal_gnn_graph *graph = gathering->graph;
    uint32_t degree = heal_gnn_degree(graph, vertex);

    heal_gnn_take(&(struct heal_gnn_taking){.aggregate = plan->aggregate,
                                            .step = heal_gnn_mean_step(gathering, term, degree),
                                            .neighbour = graph->neighbour + graph->first[vertex],
                                            .degree = degree,
                                            .source = gathering->source + plan->from,
                                            .channels = gathering->channels,
                                            .width = plan->width},
                  taken);
}

ZMM_INLINE void give_mean(const struct heal_gnn_gathering *gathering, uint32_t vertex, unsigned term,
                          const struct plan *plan, const struct taken *taken, bool wide, int8_t *at) {
    uint32_t degree = heal_gnn_degree(gathering->graph, vertex);

    if (degree >= HEAL_GNN_DEGREES || plan->step[degree].shift > 0) {
        take_long(gathering, vertex, term, plan, at);
        return;
    }
    _mm256_mask_storeu_epi8(at - plan->from, (__mmask32)plan->mask, mean_of(taken->low, plan->step[degree]));
    if (wide)
        _mm256_mask_storeu_epi8(at - plan->from + HALF_LINE, (__mmask32)(plan->mask >> HALF_LINE),
                                mean_of(taken->high, plan->step[degree]));
}

/* One vertex that has neighbours. @return behind what it took */
ZMM_INLINE int8_t *gather_row(const struct heal_gnn_gathering *gathering, struct manner manner,
                              const struct plan *plan, unsigned terms, uint32_t vertex, int8_t *at) {
    const uint32_t *first = gathering->graph->first;
    const struct taken taken = take_all(gathering, manner, first[vertex], first[vertex + 1]);

    for (unsigned t = 0; t < terms; at += plan[t++].width) {
        if (plan[t].aggregate == HEAL_GNN_MEAN)
            give_mean(gathering, vertex, t, &plan[t], &taken, manner.wide, at);
        else
            _mm512_mask_storeu_epi8(at - plan[t].from, plan[t].mask,
                                    plan[t].aggregate == HEAL_GNN_LEAST ? taken.least : taken.most);
    }
    return at;
}

ZMM_INLINE void gather_rows(const struct heal_gnn_gathering *gathering, struct manner manner,
                            const struct plan *plan, unsigned terms, struct heal_gnn_rows summands) {
    const struct heal_gnn_graph *graph = gathering->graph;
    const size_t channels = gathering->channels, inputs = gathering->network->layer[gathering->layer].inputs;

    for (uint32_t i = 0; i < gathering->span.count; i++) {
        uint32_t vertex = gathering->span.from + i;
        int8_t *row = summands.value + i * summands.stride, *at = row + channels;

        _mm512_storeu_si512(row, row_of(gathering, manner, vertex));
        if (heal_gnn_degree(graph, vertex) > 0)
            at = gather_row(gathering, manner, plan, terms, vertex, at);
        if (at < row + inputs)
            memset(at, 0, (size_t)(row + inputs - at));
    }
}

ZMM static void gather(const struct heal_gnn_gathering *gathering, struct heal_gnn_rows ret_summands) {
    const struct heal_gnn_layer *layer = &gathering->network->shape.layer[gathering->layer];
    const bool far = gathering->graph->vertices * gathering->channels > CACHED;
    struct plan plan[HEAL_GNN_TERMS_MAX];
    bool wide = false, least = false;

    if (gathering->channels > HEAL_GNN_LINE) {
        heal_gnn_avx2_gather(gathering, ret_summands);
        return;
    }
    for (unsigned t = 0; t < layer->terms; t++) {
        const struct heal_gnn_term *term = &layer->term[t];

        plan[t] = (struct plan){.aggregate = term->aggregate,
                                .from = term->from,
                                .width = term->width,
                                .mask = span_mask(term->from, term->width),
                                .step = gathering->network->mean_of[gathering->layer][t]};
        wide = wide || (term->aggregate == HEAL_GNN_MEAN && term->from + term->width > HALF_LINE);
        least = least || term->aggregate == HEAL_GNN_LEAST;
    }
    if (wide)
        gather_rows(gathering, (struct manner){.wide = true, .least = true, .far = true}, plan, layer->terms,
                    ret_summands);
    else if (gathering->channels == HEAL_GNN_LINE && !least)
        gather_rows(gathering, (struct manner){.whole = true, .far = true}, plan, layer->terms, ret_summands);
    else if (far)
        gather_rows(gathering, (struct manner){.least = true, .far = true}, plan, layer->terms, ret_summands);
    else
        gather_rows(gathering, (struct manner){.least = true}, plan, layer->terms, ret_summands);
}

/* ---- sums of products ---- */

/* The instruction takes inputs without a sign: 128 more of each, which the lifted start takes back. */
ZMM_INLINE void lift(const int8_t *input, size_t count, int8_t *ret_lifted) {
    for (size_t i = 0; i < count; i += HEAL_GNN_LINE)
        _mm512_store_si512(ret_lifted + i,
                           _mm512_xor_si512(_mm512_loadu_si512(input + i), _mm512_set1_epi8(INT8_MIN)));
}

/* How the sums of a block become values; in the order in which packing leaves them. */
struct ending {
    __m512i shift[4], multiplier[2], low, rest;
};

/* Thirty-two numbers, as sixteen bits. */
ZMM_INLINE __m512i packed(const int32_t *number) {
    return _mm512_packs_epi32(_mm512_loadu_si512(number), _mm512_loadu_si512(number + LANES));
}

ZMM_INLINE struct ending ending_of(const struct heal_gnn_integer *network, const struct heal_gnn_dense *dense,
                                   unsigned output, int wide, bool rectified) {
    const int32_t *shift = network->shift + dense->output + output;
    const int32_t *multiplier = network->multiplier + dense->output + output;
    struct ending ending = {.low = _mm512_set1_epi8(rectified ? 0 : -HEAL_GNN_MOST),
                            .rest = _mm512_set1_epi16((int16_t)(1 << (15 - dense->rest)))};

#pragma GCC unroll 4
    for (int c = 0; c < wide; c++)
        ending.shift[c] = _mm512_loadu_si512(shift + c * LANES);
    ending.multiplier[0] = packed(multiplier);
    if (wide == 4)
        ending.multiplier[1] = packed(multiplier + (ptrdiff_t)2 * LANES);
    return ending;
}

/* Thirty-two sums, as sixteen bits. */
ZMM_INLINE __m512i scaled(const struct ending *ending, const __m512i *sum, int half) {
    __m512i value = _mm512_packs_epi32(_mm512_srav_epi32(sum[2 * half], ending->shift[2 * half]),
                                       _mm512_srav_epi32(sum[2 * half + 1], ending->shift[2 * half + 1]));

    return _mm512_mulhrs_epi16(_mm512_mulhrs_epi16(value, ending->multiplier[half]), ending->rest);
}

ZMM_INLINE void end(const struct ending *ending, const __m512i *sum, int wide, int8_t *ret_value) {
    __m512i first = scaled(ending, sum, 0), second = wide == 4 ? scaled(ending, sum, 1) : first;
    __m512i value = _mm512_max_epi8(_mm512_packs_epi16(first, second), ending->low);

    /* Fours lie as 0 4 8 12 1 5 9 13 …; of two vectors, 8 and 12 are 0 and 4 again. */
    value = _mm512_permutexvar_epi32(_mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15),
                                     value);
    if (wide == 4)
        _mm512_storeu_si512(ret_value, value);
    else
        _mm256_storeu_si256((__m256i *)ret_value, _mm512_castsi512_si256(value));
}

/* Adds four products each to sixteen sums. Not _mm512_dpbusd_epi32: gcc 12 moves sums in and out of memory
 * around it, which takes twice as long as the products. */
ZMM_INLINE void add_products(__m512i *sum, __m512i lifted, __m512i weight) {
    __asm__("vpdpbusd %2, %1, %0" : "+v"(*sum) : "v"(lifted), "v"(weight));
}

/* So many rows of so many vectors of outputs. */
ZMM_INLINE void multiply_tile(const struct heal_gnn_integer *network, const struct heal_gnn_dense *dense,
                              unsigned output, int tall, int wide, bool rectified, const int8_t *lifted,
                              struct heal_gnn_rows values) {
    const int8_t *weight = network->weight + dense->weight + (size_t)output * HEAL_GNN_GROUP;
    const size_t step = (size_t)dense->outputs * HEAL_GNN_GROUP, inputs = dense->inputs;
    __m512i sum[TALL][4];

#pragma GCC unroll 12
    for (int r = 0; r < tall; r++)
#pragma GCC unroll 4
        for (int c = 0; c < wide; c++)
            sum[r][c] = _mm512_loadu_si512(network->lifted + dense->output + output + c * LANES);
    for (size_t i = 0; i < inputs; i += HEAL_GNN_GROUP, weight += step) {
        __m512i column[4];

#pragma GCC unroll 4
        for (int c = 0; c < wide; c++)
            column[c] = _mm512_loadu_si512(weight + c * HEAL_GNN_LINE);
#pragma GCC unroll 12
        for (int r = 0; r < tall; r++) {
            __m512i group = _mm512_set1_epi32(heal_gnn_group_at(lifted + r * LIFTED + i));

#pragma GCC unroll 4
            for (int c = 0; c < wide; c++)
                add_products(&sum[r][c], group, column[c]);
        }
    }
    /* Not before, where it would want the sums' registers. */
    const struct ending ending = ending_of(network, dense, output, wide, rectified);
#pragma GCC unroll 12
    for (int r = 0; r < tall; r++)
        end(&ending, sum[r], wide, values.value + (size_t)r * values.stride + output);
}

/* Twelve rows, or one. */
ZMM_INLINE void multiply_rows(const struct heal_gnn_integer *network, const struct heal_gnn_dense *dense,
                              bool rectified, int tall, struct heal_gnn_rows input,
                              struct heal_gnn_rows values) {
    _Alignas(HEAL_GNN_LINE) int8_t lifted[TALL * LIFTED];
    const int at_once = tall == TALL ? TALL / 2 : 1;
    unsigned o = 0;

    for (int r = 0; r < tall; r++)
        lift(input.value + (size_t)r * input.stride, dense->inputs, lifted + r * LIFTED);
    for (; o + 4 * LANES <= dense->outputs; o += 4 * LANES) {
        for (int r = 0; r < tall; r += at_once) {
            struct heal_gnn_rows to = {values.value + (size_t)r * values.stride, values.stride};

            multiply_tile(network, dense, o, at_once, 4, rectified, lifted + r * LIFTED, to);
        }
    }
    if (o < dense->outputs)
        multiply_tile(network, dense, o, tall, 2, rectified, lifted, values);
}

ZMM static void multiply(const struct heal_gnn_integer *network, const struct heal_gnn_dense *dense,
                         bool rectified, size_t rows, struct heal_gnn_rows input,
                         struct heal_gnn_rows values) {
    size_t r = 0;

    for (; r + TALL <= rows;
         r += TALL, input.value += TALL * input.stride, values.value += TALL * values.stride)
        multiply_rows(network, dense, rectified, TALL, input, values);
    for (; r < rows; r++, input.value += input.stride, values.value += values.stride)
        multiply_rows(network, dense, rectified, 1, input, values);
}

const struct heal_gnn_kernel heal_gnn_kernel_avx512 = {
    .name = "avx512",
    .is_there = is_there,
    .gather = gather,
    .multiply = multiply,
    .sum = heal_gnn_avx2_sum,
    .scale = heal_gnn_avx2_scale,
};
