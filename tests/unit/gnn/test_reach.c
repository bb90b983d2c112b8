/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* How far a network can be led: no farther than is said, and where nothing is free, exactly to what it says.
 */
#include "base/random.h"
#include "gnn/quantise.h"
#include "gnn/reach.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { INPUTS = 8, HIDDEN = 16, VERTICES = 12, MOST = 127, ROUNDS = 500 };

struct fixture {
    struct heal_gnn_integer network;
    struct heal_gnn_graph graph;
    uint32_t first[VERTICES + 1], neighbour[8 * VERTICES], spare[16 * VERTICES];
    struct heal_random random;
    int8_t input[VERTICES * INPUTS], state[VERTICES * HIDDEN];
};

static struct fixture f;

static int8_t any(int least, int most) {
    return (int8_t)(least + (int)(heal_random_next(&f.random) % (unsigned)(most - least + 1)));
}

static int set_up(void **state) {
    const struct heal_gnn_ranges ranges = {
        .input = 6, .mean = {{6, 6, 6, 6}, {6, 6, 6, 6}},
             .h1 = 8, .h2 = 8, .gate_hidden = 8, .u = 8, .p = 8
    };
    static float weights[8192];
    struct heal_gnn_shape shape;
    struct heal_gnn_layout layout;
    struct heal_gnn_edge edge[2 * VERTICES];
    uint32_t edges = 0;

    (void)state;
    heal_random_init(&f.random, 4);
    heal_gnn_shape_default(INPUTS, HIDDEN, 0, &shape);
    heal_gnn_layout_make(&shape, &layout);
    for (uint32_t w = 0; w < layout.weights; w++)
        weights[w] = (float)(heal_random_uniform(&f.random) - 0.5);
    /* What nobody here sees leads less than what is known: else there is next to nothing to say. */
    for (unsigned t = 0; t < shape.layer[0].terms; t++)
        for (uint32_t w = 0; w < (uint32_t)shape.layer[0].term[t].width * HIDDEN; w++)
            weights[layout.layer[0].term[t] + w] *= 0.1F;
    assert_int_equal(heal_gnn_quantise(&shape, weights, &ranges, &f.network, NULL), 0);
    for (uint32_t v = 0; v < VERTICES; v++) {
        edge[edges++] = (struct heal_gnn_edge){v, (v + 1) % VERTICES};
        if (v % 3 == 0)
            edge[edges++] = (struct heal_gnn_edge){v, (v + 5) % VERTICES};
    }
    return heal_gnn_graph_build(VERTICES, edge, edges, f.first, f.neighbour, f.spare, &f.graph, NULL);
}

static void fill(void) {
    for (size_t i = 0; i < sizeof f.input; i++)
        f.input[i] = any(-MOST, MOST);
    for (uint32_t v = 0; v < VERTICES; v++)
        heal_gnn_integer_state(&f.network, &f.graph, v, f.input, f.state + (size_t)v * HIDDEN);
}

static void where_nothing_is_free_there_is_one_answer(void **state) {
    int8_t low[HIDDEN], high[HIDDEN];
    int32_t least, most;

    (void)state;
    for (unsigned round = 0; round < 20; round++) {
        fill();
        for (uint32_t v = 0; v < VERTICES; v++) {
            heal_gnn_reach_state_in(&f.network, &f.graph, v, f.input, f.input, low, high);
            assert_memory_equal(low, f.state + (size_t)v * HIDDEN, HIDDEN);
            assert_memory_equal(high, low, HIDDEN);
            heal_gnn_reach_verdict(&f.network, &f.graph, v, f.state, f.state, &least, &most);
            assert_int_equal(least, heal_gnn_integer_verdict(&f.network, &f.graph, v, f.state, NULL));
            assert_int_equal(most, least);
        }
    }
}

/* Of one vertex the state may be anything; what any state leads to lies within, and not all of it is one. */
static void no_state_of_one_leads_out(void **state) {
    int8_t low[sizeof f.state], high[sizeof f.state];
    int32_t least, most, seen_least = INT32_MAX, seen_most = INT32_MIN;
    uint32_t vertex = 4, liar = f.neighbour[f.first[4]];

    (void)state;
    fill();
    memcpy(low, f.state, sizeof low);
    memcpy(high, f.state, sizeof high);
    memset(low + (size_t)liar * HIDDEN, 0, HIDDEN);
    memset(high + (size_t)liar * HIDDEN, MOST, HIDDEN);
    heal_gnn_reach_verdict(&f.network, &f.graph, vertex, low, high, &least, &most);
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (size_t c = 0; c < HIDDEN; c++)
            f.state[(size_t)liar * HIDDEN + c] = round % 2 == 0 ? any(0, MOST) : (int8_t)(any(0, 1) * MOST);
        int32_t logit = heal_gnn_integer_verdict(&f.network, &f.graph, vertex, f.state, NULL);
        seen_least = logit < seen_least ? logit : seen_least;
        seen_most = logit > seen_most ? logit : seen_most;
    }
    print_message("    %d to %d is said, %d to %d was seen\n", least, most, seen_least, seen_most);
    assert_true(least <= seen_least && seen_most <= most && seen_least < seen_most);
}

/* Whatever else a vertex has for neighbours, and however many. */
static void no_neighbourhood_leads_out(void **state) {
    int8_t low[HIDDEN], high[HIDDEN];
    unsigned narrow = 0;

    (void)state;
    for (unsigned round = 0; round < ROUNDS; round++) {
        uint32_t vertex = heal_random_next(&f.random) % VERTICES, known = f.neighbour[f.first[vertex]];

        fill();
        heal_gnn_reach_state(&f.network, f.input + (size_t)vertex * INPUTS, f.input + (size_t)known * INPUTS,
                             MOST, low, high);
        for (size_t c = 0; c < HIDDEN; c++) {
            assert_in_range(f.state[(size_t)vertex * HIDDEN + c], low[c], high[c]);
            narrow += low[c] > 0 || high[c] < MOST;
        }
    }
    print_message("    %u of %u channels are not free\n", narrow, ROUNDS * HIDDEN);
    assert_true(narrow > ROUNDS); /* it says something */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_nothing_is_free_there_is_one_answer),
        cmocka_unit_test(no_state_of_one_leads_out),
        cmocka_unit_test(no_neighbourhood_leads_out),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
