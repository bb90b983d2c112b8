/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* A network in integers: as its original says, to the bit the same everywhere, at any degree. */
#include "gnn/fixed.h"
#include "gnn/pass.h"
#include "gnn/quantise.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { INPUTS = 8, HIDDEN = 32, SAMPLES = 40, VERTICES = 20, DEGREE = 500 };

struct fixture {
    struct heal_gnn_dataset *dataset;
    uint32_t sample[SAMPLES];
    struct heal_gnn_shape shape;
    struct heal_gnn_scaling scaling;
    struct heal_gnn_ranges ranges;
    struct heal_gnn_integer network;
    float weights[16384];
};

static struct fixture f;

/* Nearly normal, and without libm, which is not the same everywhere. */
static double bell(struct heal_random *random) {
    double sum = 0;

    for (int i = 0; i < 12; i++)
        sum += heal_random_uniform(random);
    return sum - 6;
}

static void add_sample(struct heal_random *random, uint32_t index) {
    struct heal_gnn_edge edge[2 * VERTICES];
    float feature[VERTICES * INPUTS];
    uint8_t label[VERTICES] = {0};
    uint32_t edges = 0;

    for (uint32_t v = 0; v < VERTICES; v++) {
        edge[edges++] = (struct heal_gnn_edge){v, (v + 1) % VERTICES};
        if (v % 4 == 0)
            edge[edges++] = (struct heal_gnn_edge){v, (v + 7) % VERTICES};
    }
    for (size_t i = 0; i < (size_t)VERTICES * INPUTS; i++)
        feature[i] = (float)(bell(random) * (double)(1 + i % INPUTS));
    const struct heal_gnn_snapshot snapshot = {
        .vertices = VERTICES, .edges = edges, .feature = feature, .label = label, .edge = edge};
    f.sample[index] = index;
    assert_int_equal(heal_gnn_dataset_add(f.dataset, &snapshot, NULL), 0);
}

/* A network that nobody has trained: even weights, as they are at the beginning. */
static int set_up(void **state) {
    struct heal_random random;
    struct heal_gnn_layout layout;
    const struct heal_gnn_choice all = {.sample = f.sample, .count = SAMPLES};

    (void)state;
    heal_random_init(&random, 9);
    f.dataset = heal_gnn_dataset_new(NULL, INPUTS);
    for (uint32_t i = 0; i < SAMPLES; i++)
        add_sample(&random, i);
    heal_gnn_scaling_fit(f.dataset, f.sample, SAMPLES, &f.scaling);
    heal_gnn_shape_default(INPUTS, HIDDEN, 3, &f.shape);
    heal_gnn_layout_make(&f.shape, &layout);
    for (uint32_t w = 0; w < layout.weights; w++)
        f.weights[w] = (float)(heal_random_uniform(&random) - 0.5) * 0.6F;
    assert_int_equal(
        heal_gnn_ranges_measure(f.dataset, &all, &f.shape, &f.scaling, f.weights, 0.9999, &f.ranges), 0);
    assert_int_equal(heal_gnn_quantise(&f.shape, f.weights, &f.ranges, &f.network, NULL), 0);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    f.dataset = heal_gnn_dataset_free(f.dataset);
    return 0;
}

static void run(const struct heal_gnn_batch *batch, int32_t *logit) {
    int8_t input[VERTICES * INPUTS], state[VERTICES * HIDDEN];

    for (size_t v = 0; v < VERTICES; v++)
        heal_gnn_integer_input(&f.network, batch->input + v * INPUTS, input + v * INPUTS);
    heal_gnn_integer_run(&f.network, &batch->graph, input, state, logit);
}

static void says_what_its_original_says(void **state) {
    struct heal_gnn_pass *pass = heal_gnn_pass_new(&f.shape, VERTICES);
    struct heal_gnn_batch batch;
    double off = 0, spread = 0, sum = 0;

    (void)state;
    assert_int_equal(heal_gnn_batch_init(&batch, f.dataset, &f.scaling, 1), 0);
    for (uint32_t i = 0; i < SAMPLES; i++) {
        int32_t logit[VERTICES];

        heal_gnn_batch_fill(&batch, &i, 1, NULL, NULL);
        heal_gnn_pass_forward(pass, &batch.graph, batch.input, f.weights, NULL);
        run(&batch, logit);
        for (int v = 0; v < VERTICES; v++) {
            double wanted = (double)heal_gnn_pass_sick(pass)[v];

            off += pow((double)logit[v] / HEAL_GNN_LOGIT_ONE - wanted, 2);
            spread += wanted * wanted;
            sum += wanted;
        }
    }
    spread -= sum * sum / (SAMPLES * VERTICES);
    print_message("    off by %.4f of their spread\n", sqrt(off / spread));
    assert_true(sqrt(off / spread) < 0.06); /* a step in 127 at each of six places, and weights as coarse */
    heal_gnn_batch_deinit(&batch);
    heal_gnn_pass_free(pass);
}

/* FNV-1a over all logits: one number for every processor, compiler and order of bytes. */
static void is_the_same_to_the_bit_everywhere(void **state) {
    struct heal_gnn_batch batch;
    uint32_t hash = 2166136261U;

    (void)state;
    assert_int_equal(heal_gnn_batch_init(&batch, f.dataset, &f.scaling, 1), 0);
    for (uint32_t i = 0; i < SAMPLES; i++) {
        int32_t logit[VERTICES];

        heal_gnn_batch_fill(&batch, &i, 1, NULL, NULL);
        run(&batch, logit);
        for (int v = 0; v < VERTICES; v++) {
            for (unsigned byte = 0; byte < 4; byte++)
                hash = (hash ^ ((uint32_t)logit[v] >> 8 * byte & 0xff)) * 16777619U;
        }
    }
    heal_gnn_batch_deinit(&batch);
    assert_int_equal(hash, 0xb4bc36f8);
}

/* What is known of a neighbourhood does not grow with it: many of a kind say what one says. */
static void many_alike_say_what_one_says(void **state) {
    enum { MOST = DEGREE + 1 };
    static struct heal_gnn_edge edge[DEGREE];
    static uint32_t first[MOST + 1], neighbour[2 * DEGREE], spare[2 * DEGREE + MOST];
    static int8_t input[MOST * INPUTS], states[MOST * HIDDEN];
    static int32_t many[MOST], one[MOST];
    struct heal_gnn_graph graph;

    (void)state;
    for (uint32_t i = 0; i < DEGREE; i++)
        edge[i] = (struct heal_gnn_edge){0, i + 1};
    for (int i = 0; i < MOST * INPUTS; i++)
        input[i] = (int8_t)(i < INPUTS ? 20 * (i - 4) : 127 - 30 * (i % INPUTS)); /* all leaves alike */
    assert_int_equal(heal_gnn_graph_build(MOST, edge, DEGREE, first, neighbour, spare, &graph, NULL), 0);
    heal_gnn_integer_run(&f.network, &graph, input, states, many);
    assert_int_equal(heal_gnn_graph_build(2, edge, 1, first, neighbour, spare, &graph, NULL), 0);
    heal_gnn_integer_run(&f.network, &graph, input, states, one);
    assert_int_equal(many[0], one[0]);
    assert_int_equal(many[DEGREE], one[1]);
}

static void one_alone_has_a_verdict(void **state) {
    const uint32_t first[2] = {0, 0};
    const struct heal_gnn_graph graph = {.vertices = 1, .first = first};
    int8_t input[INPUTS] = {1, 2, 3}, states[HIDDEN];
    int32_t logit = INT32_MIN, kind[3] = {INT32_MIN, INT32_MIN, INT32_MIN};

    (void)state;
    heal_gnn_integer_run(&f.network, &graph, input, states, &logit);
    assert_int_equal(heal_gnn_integer_verdict(&f.network, &graph, 0, states, kind), logit);
    for (int k = 0; k < 3; k++)
        assert_int_not_equal(kind[k], INT32_MIN);
}

static void what_is_no_number_is_refused(void **state) {
    static struct heal_gnn_integer network;
    const struct heal_gnn_choice none = {.count = 0};
    struct heal_gnn_ranges ranges;
    struct heal_error error;
    float weight = f.weights[17];

    (void)state;
    f.weights[17] = NAN;
    assert_int_equal(heal_gnn_quantise(&f.shape, f.weights, &f.ranges, &network, &error), -EINVAL);
    assert_string_equal(error.what, "weight 17 is no number");
    f.weights[17] = weight;
    assert_int_equal(heal_gnn_ranges_measure(f.dataset, &none, &f.shape, &f.scaling, f.weights, 1, &ranges),
                     -EINVAL);
}

/* ---- fixed point ---- */

static void factors_are_near_what_they_stand_for(void **state) {
    static const double values[] = {1, 0.5, 0.75, 1e-3, 3.14159, 1e-9, 1000, 0.999999};

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        struct heal_gnn_factor factor = heal_gnn_factor_of(values[i]);
        double value = ldexp(factor.m, -(int)factor.shift);

        assert_true(fabs(value - values[i]) <= values[i] * 1e-8);
    }
    assert_int_equal(heal_gnn_scale(1000, heal_gnn_factor_of(0)), 0);
}

static int8_t by(double factor, uint32_t divisor, int32_t value) {
    return heal_gnn_step_apply(value, heal_gnn_step_of(heal_gnn_factor_of(factor), divisor));
}

static void steps_are_near_what_they_stand_for(void **state) {
    static const double values[] = {1, 0.5, 1.9, 3.14159, 0.013, 0.999999};
    static const uint32_t divisors[] = {1, 2, 3, 8, 63, 500, 100000, 1000000};

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        for (size_t d = 0; d < sizeof divisors / sizeof divisors[0]; d++) {
            double wanted = values[i] / divisors[d];
            struct heal_gnn_step step = heal_gnn_step_of(heal_gnn_factor_of(values[i]), divisors[d]);
            double value = ldexp(step.multiplier, -(15 + step.rest + step.shift));

            assert_true(wanted < ldexp(1, -32) || fabs(value - wanted) <= wanted * ldexp(1, -15));
            assert_in_range(step.shift + HEAL_GNN_STEP_LEFT, 0, HEAL_GNN_STEP_LEFT + HEAL_GNN_STEP_RIGHT);
        }
    }
    assert_int_equal(heal_gnn_step_of(heal_gnn_factor_of(0), 3).multiplier, 0);
    assert_int_equal(heal_gnn_step_of(heal_gnn_factor_of(1e-9), 1000).multiplier, 0);
    assert_int_equal(by(1000, 1, 1), 127);
    assert_int_equal(by(1000, 1, -1), -127);
}

static void halves_are_rounded_up(void **state) {
    (void)state;
    assert_int_equal(heal_gnn_scale(3, heal_gnn_factor_of(0.5)), 2);
    assert_int_equal(heal_gnn_scale(-3, heal_gnn_factor_of(0.5)), -1);
    assert_int_equal(by(0.5, 1, 3), 2);
    assert_int_equal(by(0.5, 1, -3), -1);
    assert_int_equal(by(0.5, 1, -4), -2);
    assert_int_equal(by(1, 2, 7), 4);
    assert_int_equal(by(1, 2, -7), -3);
    assert_int_equal(by(1, 3, -9), -3);
}

static void a_mean_of_many_is_what_one_of_them_is(void **state) {
    static const uint32_t degrees[] = {1, 2, 3, 8, 256, 257, 500, 100000, 1000000};

    (void)state;
    for (size_t d = 0; d < sizeof degrees / sizeof degrees[0]; d++) {
        for (int value = -127; value <= 127; value++)
            assert_int_equal(by(1, degrees[d], value * (int32_t)degrees[d]), value);
    }
    assert_int_equal(by(1, 1, 128), 127); /* what is beyond is cut */
    assert_int_equal(by(1, 1, -1000), -127);
    for (int power = 0; power < 7; power++) { /* those before the last that fits, and behind it */
        int last = 127 >> power;

        assert_int_equal(by(1 << power, 1, last), last << power);
        assert_int_equal(by(1 << power, 1, last + 1), 127);
        assert_int_equal(by(1 << power, 1, -last - 1), -127);
    }
}

/* ---- numbers from elsewhere ---- */

static void expect_refusal(const struct heal_gnn_integer *network, const char *what) {
    static struct heal_gnn_integer copy;
    struct heal_error error;

    copy = *network;
    assert_int_equal(heal_gnn_integer_prepare(&copy, &error), -EINVAL);
    assert_string_equal(error.what, what);
}

static void numbers_out_of_range_are_refused(void **state) {
    static struct heal_gnn_integer network;

    (void)state;
    network = f.network;
    assert_int_equal(heal_gnn_integer_prepare(&network, NULL), 0);
    network.weight[3] = -128;
    expect_refusal(&network, "weight 3 is -128: at least -127");
    network = f.network;
    network.bias[1] = INT32_MIN;
    expect_refusal(&network, "output 2 has a bias of -2147483648: at most 2^30");
    network = f.network;
    network.multiplier[0] = 1 << 15;
    network.shift[0] = 2;
    expect_refusal(&network, "output 1 is scaled by 32768 / 2^2: no factor");
    network = f.network;
    network.logit[0].shift = 63;
    network.logit[0].m = 7;
    expect_refusal(&network, "a logit is scaled by 7 / 2^63: no factor");
    network = f.network;
    network.head.rest = 0;
    expect_refusal(&network, "a rest of 0 bits: 1 to 7");
    network = f.network;
    network.gated = (struct heal_gnn_step){.multiplier = 5, .shift = 1};
    expect_refusal(&network, "the gate is scaled by 5 / 2^(15 + 1): no factor");
    network = f.network;
    network.input_scale = NAN;
    expect_refusal(&network, "inputs are scaled by no number above 0");
}

static void what_has_no_room_is_refused(void **state) {
    static struct heal_gnn_integer network;
    struct heal_gnn_shape shape = {
        .inputs = 8, .hidden = 256, .layer = {{0}, {2, {{HEAL_GNN_MEAN, 0, 256}, {HEAL_GNN_LEAST, 0, 256}}}}
    };
    struct heal_error error;

    (void)state;
    network.weights = 7;
    assert_int_equal(heal_gnn_integer_lay(&shape, &network, &error), -EINVAL);
    assert_string_equal(error.what, "264448 weights are more than there is room for");
    assert_int_equal(network.weights, 7);
    shape.hidden = 3;
    assert_int_equal(heal_gnn_integer_lay(&shape, &network, &error), -EINVAL);
}

static void inputs_are_cut_to_their_range(void **state) {
    const float input[INPUTS] = {0, 1e30F, -1e30F, INFINITY, -INFINITY, NAN, 6.0F, -6.0F};
    int8_t cut[INPUTS];

    (void)state;
    heal_gnn_integer_input(&f.network, input, cut);
    assert_int_equal(cut[0], 0);
    assert_int_equal(cut[1], 127);
    assert_int_equal(cut[2], -127);
    assert_int_equal(cut[3], 127);
    assert_int_equal(cut[4], -127);
    assert_int_equal(cut[5], 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_its_original_says),
        cmocka_unit_test(is_the_same_to_the_bit_everywhere),
        cmocka_unit_test(many_alike_say_what_one_says),
        cmocka_unit_test(one_alone_has_a_verdict),
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(factors_are_near_what_they_stand_for),
        cmocka_unit_test(steps_are_near_what_they_stand_for),
        cmocka_unit_test(halves_are_rounded_up),
        cmocka_unit_test(a_mean_of_many_is_what_one_of_them_is),
        cmocka_unit_test(numbers_out_of_range_are_refused),
        cmocka_unit_test(what_has_no_room_is_refused),
        cmocka_unit_test(inputs_are_cut_to_their_range),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
