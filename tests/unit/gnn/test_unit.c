/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Every unit that this processor has: the product against the schoolbook's, and whole passes against those in
 * plain C, to the bit; and the fused product without an instruction for it. */
#include "base/random.h"
#include "gnn/lanes.h"
#include "gnn/pass_state.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 144, TRIALS = 15, VERTICES = 25, INPUTS_MOST = 12, WEIGHTS_MOST = 1 << 15 };

static float x[MOST * MOST], w[MOST * MOST], y[MOST * MOST], got[MOST * MOST], wanted[MOST * MOST];

static void fill(struct heal_random *random, float *value, size_t count) {
    for (size_t i = 0; i < count; i++)
        value[i] = (float)heal_random_normal(random);
}

/* The order of the sums is part of the promise. */
static void multiply_by_the_book(const struct heal_gnn_product *product) {
    for (size_t r = 0; r < product->rows; r++) {
        for (size_t c = 0; c < product->columns; c++) {
            float *to = product->y + r * product->y_row + c, sum = 0;

            for (size_t t = 0; t < product->terms; t++)
                sum = fmaf(product->x[r * product->x_row + t * product->x_term],
                           product->w[t * product->w_row + c], sum);
            sum = product->adds ? *to + sum : sum;
            *to = product->rectified && !(sum > 0) ? 0 : sum;
        }
    }
}

static void compare_product(const struct heal_gnn_unit *unit, struct heal_random *random) {
    bool turned = heal_random_next(random) % 2;
    struct heal_gnn_product product = {
        .rows = heal_random_next(random) % 60,
        .terms = 1 + heal_random_next(random) % 140,
        .columns = (1 + heal_random_next(random) % 9) * HEAL_BLOCK,
        .x = x,
        .x_row = turned ? 1 : MOST,
        .x_term = turned ? MOST : 1,
        .w = w,
        .w_row = MOST,
        .y = got,
        .y_row = MOST,
        .adds = heal_random_next(random) % 2,
        .rectified = heal_random_next(random) % 2,
    };

    fill(random, y, MOST * MOST);
    memcpy(got, y, sizeof got);
    memcpy(wanted, y, sizeof wanted);
    unit->multiply(&product);
    product.y = wanted;
    multiply_by_the_book(&product);
    for (size_t r = 0; r < product.rows; r++)
        assert_memory_equal(got + r * MOST, wanted + r * MOST, product.columns * sizeof *got);
}

static void products_are_the_schoolbooks(void **state) {
    struct heal_random random;

    (void)state;
    heal_random_init(&random, 3);
    fill(&random, x, MOST * MOST);
    fill(&random, w, MOST * MOST);
    for (size_t u = 0; u < heal_gnn_units_count; u++) {
        for (int trial = 0; trial < TRIALS && heal_gnn_units[u]->is_there(); trial++)
            compare_product(heal_gnn_units[u], &random);
    }
}

/* Of all sizes, from what underflows to what overflows; sums that cancel, and halves. */
static float any_number(struct heal_random *random) {
    uint32_t bits = heal_random_next(random);
    float number;

    memcpy(&number, &bits, sizeof number);
    return heal_random_next(random) % 4 == 0 ? (float)(int32_t)(bits % 16) - 8 : number;
}

static void fused_without_an_instruction(void **state) {
    struct heal_random random;

    (void)state;
    heal_random_init(&random, 4);
    for (int trial = 0; trial < 100000; trial++) {
        float a = any_number(&random), b = any_number(&random), c = any_number(&random);

        c = trial % 3 == 0 ? -a * b : trial % 3 == 1 ? a * b * 0x1p-24F : c;
        float one = heal_fused_one(a, b, c), other = fmaf(a, b, c);
        if (isnan(other))
            assert_true(isnan(one));
        else
            assert_memory_equal(&one, &other, sizeof one);
    }
    assert_true(isinf(heal_fused_one(INFINITY, 2, 1)));
    assert_true(heal_fused_one(0x1.fffffep127F, 2, -0x1.fffffep127F) == 0x1.fffffep127F);
}

/* ---- whole passes ---- */

struct outcome {
    float sick[VERTICES], kind[VERTICES * HEAL_GNN_KINDS_MAX], gradient[WEIGHTS_MOST];
};

static struct heal_gnn_graph any_graph(struct heal_random *random) {
    enum { EDGES_MOST = VERTICES * (VERTICES - 1) / 2 };
    static struct heal_gnn_edge edge[EDGES_MOST];
    static uint32_t first[VERTICES + 1], neighbour[2 * EDGES_MOST], spare[2 * EDGES_MOST + VERTICES];
    struct heal_gnn_graph graph;
    uint32_t edges = 0;

    for (uint32_t a = 1; a < VERTICES; a++) { /* the first is alone */
        for (uint32_t b = a + 1; b < VERTICES; b++) {
            edge[edges] = (struct heal_gnn_edge){a, b};
            edges += heal_random_next(random) % 3 == 0;
        }
    }
    assert_int_equal(heal_gnn_graph_build(VERTICES, edge, edges, first, neighbour, spare, &graph, NULL), 0);
    return graph;
}

static void run(const struct heal_gnn_unit *unit, const struct heal_gnn_shape *shape,
                const struct heal_gnn_graph *graph, bool drops, struct outcome *ret_outcome) {
    struct heal_gnn_dropout dropout = {.of_256 = 40};
    struct heal_gnn_pass *pass = heal_gnn_pass_new(shape, VERTICES);

    assert_non_null(pass);
    pass->unit = unit;
    heal_random_init(&dropout.random, 5);
    memset(ret_outcome, 0, sizeof *ret_outcome);
    heal_gnn_pass_forward(pass, graph, x, w, drops ? &dropout : NULL);
    memcpy(ret_outcome->sick, heal_gnn_pass_sick(pass), sizeof ret_outcome->sick);
    memcpy(ret_outcome->kind, heal_gnn_pass_kind(pass),
           (size_t)VERTICES * shape->kinds * sizeof *ret_outcome->kind);
    heal_gnn_pass_backward(pass, y, shape->kinds > 0 ? y + VERTICES : NULL, ret_outcome->gradient);
    heal_gnn_pass_free(pass);
}

static void passes_are_the_same_to_the_bit(void **state) {
    static const uint16_t sizes[][3] = {
        {8,  64, 0},
        {5,  12, 3},
        {12, 50, 5},
        {1,  2,  1}
    };
    static struct outcome plain, other;
    struct heal_gnn_shape shape;
    struct heal_random random;

    (void)state;
    heal_random_init(&random, 6);
    for (size_t size = 0; size < sizeof sizes / sizeof sizes[0]; size++) {
        struct heal_gnn_graph graph = any_graph(&random);

        heal_gnn_shape_default(sizes[size][0], sizes[size][1], sizes[size][2], &shape);
        shape.layer[1].term[1].aggregate = size % 2 ? HEAL_GNN_LEAST : HEAL_GNN_LARGEST;
        fill(&random, x, VERTICES * INPUTS_MOST);
        fill(&random, w, MOST * MOST);
        fill(&random, y, VERTICES * (1 + HEAL_GNN_KINDS_MAX));
        for (size_t u = 0; u < heal_gnn_units_count; u++) {
            if (!heal_gnn_units[u]->is_there())
                continue;
            run(&heal_gnn_unit_plain, &shape, &graph, size > 0, &plain);
            run(heal_gnn_units[u], &shape, &graph, size > 0, &other);
            assert_memory_equal(&plain, &other, sizeof plain);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_are_the_schoolbooks),
        cmocka_unit_test(fused_without_an_instruction),
        cmocka_unit_test(passes_are_the_same_to_the_bit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
