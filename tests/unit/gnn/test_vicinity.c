/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Why a verdict is what it is: what a vicinity says is what the whole graph says, and its shares are those of
 * the whole graph's verdicts, with inputs missing and with neighbours taken out. */
#include "gnn/quantise.h"
#include "gnn/vicinity.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { INPUTS = 8, HIDDEN = 32, VERTICES = 24, EDGES_MAX = 128, HUB = 20 };

struct mesh {
    uint32_t vertices, edges;
    struct heal_gnn_edge edge[EDGES_MAX];
    uint32_t first[VERTICES + 1], neighbour[2 * EDGES_MAX], spare[2 * EDGES_MAX + VERTICES];
    struct heal_gnn_graph graph;
    int8_t input[VERTICES * INPUTS], state[VERTICES * HIDDEN];
    int32_t logit[VERTICES];
};

static struct heal_gnn_integer network;
static struct mesh mesh;
static _Alignas(HEAL_GNN_STATE_ALIGNMENT) char memory[1 << 16];

static int set_up(void **state) {
    const struct heal_gnn_ranges ranges = {
        .input = 6, .mean = {{3, 6, 6}, {2, 4}},
             .h1 = 4, .h2 = 4, .gate_hidden = 3, .u = 3, .p = 3
    };
    static float weights[16384];
    struct heal_gnn_shape shape;
    struct heal_gnn_layout layout;
    struct heal_random random;

    (void)state;
    heal_random_init(&random, 4);
    heal_gnn_shape_default(INPUTS, HIDDEN, 0, &shape);
    heal_gnn_layout_make(&shape, &layout);
    for (uint32_t w = 0; w < layout.weights; w++)
        weights[w] = (float)(heal_random_uniform(&random) - 0.5) * 0.6F;
    assert_int_equal(heal_gnn_quantise(&shape, weights, &ranges, &network, NULL), 0);
    return 0;
}

static void build(struct mesh *built) {
    assert_int_equal(heal_gnn_graph_build(built->vertices, built->edge, built->edges, built->first,
                                          built->neighbour, built->spare, &built->graph, NULL),
                     0);
}

static void run(struct mesh *whole) {
    heal_gnn_integer_run(&network, &whole->graph, whole->input, whole->state, whole->logit);
}

/* Some ring with chords, triangles among them; from vertex HUB on, all are joined with HUB alone. */
static int make_mesh(void **state) {
    struct heal_random random;

    (void)state;
    heal_random_init(&random, 6);
    mesh.vertices = VERTICES;
    mesh.edges = 0;
    for (uint32_t v = 0; v < HUB; v++) {
        mesh.edge[mesh.edges++] = (struct heal_gnn_edge){v, (v + 1) % HUB};
        if (v % 3 == 0)
            mesh.edge[mesh.edges++] = (struct heal_gnn_edge){v, (v + 2) % HUB};
        if (v % 5 == 0)
            mesh.edge[mesh.edges++] = (struct heal_gnn_edge){v, (v + 9) % HUB};
    }
    for (uint32_t v = HUB + 1; v < VERTICES - 1; v++) /* the last one is alone */
        mesh.edge[mesh.edges++] = (struct heal_gnn_edge){HUB, v};
    for (size_t i = 0; i < sizeof mesh.input; i++)
        mesh.input[i] = (int8_t)((int)(heal_random_next(&random) % 160) - 80);
    build(&mesh);
    run(&mesh);
    return 0;
}

static struct heal_gnn_vicinity vicinity_of(const struct mesh *whole, uint32_t vertex) {
    struct heal_gnn_vicinity vicinity;

    assert_in_range(heal_gnn_vicinity_bytes(&network, &whole->graph, vertex), 1, sizeof memory);
    assert_int_equal(
        heal_gnn_vicinity_init(&network, &whole->graph, vertex, whole->input, memory, &vicinity, NULL), 0);
    return vicinity;
}

static void says_what_the_whole_graph_says(void **state) {
    (void)state;
    for (uint32_t v = 0; v < VERTICES; v++) {
        struct heal_gnn_vicinity vicinity = vicinity_of(&mesh, v);

        assert_int_equal(heal_gnn_vicinity_verdict(&vicinity), mesh.logit[v]);
    }
}

static void needs_no_more_memory_than_it_says(void **state) {
    (void)state;
    for (uint32_t v = 0; v < VERTICES; v++) {
        size_t bytes = heal_gnn_vicinity_bytes(&network, &mesh.graph, v);
        size_t room = (bytes + HEAL_GNN_STATE_ALIGNMENT - 1) / HEAL_GNN_STATE_ALIGNMENT;
        char *exact = aligned_alloc(HEAL_GNN_STATE_ALIGNMENT, room * HEAL_GNN_STATE_ALIGNMENT);
        struct heal_gnn_vicinity vicinity;

        assert_non_null(exact);
        memset(exact, 0x5a, room * HEAL_GNN_STATE_ALIGNMENT);
        assert_int_equal(heal_gnn_vicinity_init(&network, &mesh.graph, v, mesh.input, exact, &vicinity, NULL),
                         0);
        assert_int_equal(heal_gnn_vicinity_verdict(&vicinity), mesh.logit[v]);
        for (size_t i = bytes; i < room * HEAL_GNN_STATE_ALIGNMENT; i++)
            assert_int_equal(exact[i], 0x5a);
        free(exact);
    }
}

/* ---- games on the whole graph, the slow way ---- */

struct slow {
    uint32_t vertex;
    bool of_features;
};

static int32_t without_features(uint32_t vertex, const uint8_t *present) {
    static struct mesh masked;

    masked = mesh;
    masked.graph.first = masked.first;
    masked.graph.neighbour = masked.neighbour;
    for (unsigned i = 0; i < INPUTS; i++)
        masked.input[vertex * INPUTS + i] = present[i] ? mesh.input[vertex * INPUTS + i] : 0;
    run(&masked);
    return masked.logit[vertex];
}

static bool is_left_out(uint32_t vertex, const uint8_t *present, uint32_t sought) {
    for (uint32_t i = mesh.first[vertex]; i < mesh.first[vertex + 1]; i++) {
        if (mesh.neighbour[i] == sought)
            return !present[i - mesh.first[vertex]];
    }
    return false;
}

static int32_t without_neighbours(uint32_t vertex, const uint8_t *present) {
    static struct mesh rest;

    rest = mesh;
    rest.edges = 0;
    for (uint32_t i = 0; i < mesh.edges; i++) {
        if (!is_left_out(vertex, present, mesh.edge[i].a) && !is_left_out(vertex, present, mesh.edge[i].b))
            rest.edge[rest.edges++] = mesh.edge[i];
    }
    build(&rest);
    run(&rest);
    return rest.logit[vertex];
}

static int32_t slowly(void *context, const uint8_t *present) {
    const struct slow *slow = context;

    return slow->of_features ? without_features(slow->vertex, present)
                             : without_neighbours(slow->vertex, present);
}

static void expect_slow_shares(uint32_t vertex, bool of_features, const struct heal_gnn_shares *shares) {
    struct slow slow = {.vertex = vertex, .of_features = of_features};
    const struct heal_gnn_game game = {.players = shares->players, .outcome = slowly, .context = &slow};
    struct heal_gnn_shares wanted;
    int64_t sum = 0;

    assert_int_equal(heal_gnn_shapley_exact(&game, &wanted, NULL), 0);
    assert_int_equal(shares->all, mesh.logit[vertex]);
    assert_int_equal(shares->none, wanted.none);
    assert_int_equal(shares->unit, wanted.unit);
    for (unsigned i = 0; i < shares->players; i++) {
        assert_int_equal(shares->share[i], wanted.share[i]);
        sum += shares->share[i];
    }
    assert_int_equal(sum, shares->unit * ((int64_t)shares->all - shares->none));
}

static void features_have_their_shares(void **state) {
    (void)state;
    for (uint32_t v = 0; v < VERTICES; v += 3) {
        struct heal_gnn_vicinity vicinity = vicinity_of(&mesh, v);
        struct heal_gnn_shares shares;

        assert_int_equal(heal_gnn_vicinity_features(&vicinity, &shares, NULL), 0);
        assert_int_equal(shares.players, INPUTS);
        expect_slow_shares(v, true, &shares);
        assert_int_equal(heal_gnn_vicinity_verdict(&vicinity), mesh.logit[v]); /* nothing is left masked */
    }
}

static void neighbours_have_theirs(void **state) {
    (void)state;
    for (uint32_t v = 0; v < VERTICES; v++) {
        struct heal_gnn_vicinity vicinity = vicinity_of(&mesh, v);
        struct heal_gnn_shares shares;

        assert_int_equal(heal_gnn_vicinity_neighbours(&vicinity, 2, NULL, &shares, NULL), 0);
        assert_int_equal(shares.players, heal_gnn_degree(&mesh.graph, v));
        expect_slow_shares(v, false, &shares);
    }
}

/* An input that is the mean, missing or not, has nothing to do with the verdict. */
static void what_is_missing_has_no_share(void **state) {
    struct heal_gnn_shares shares;

    (void)state;
    mesh.input[4 * INPUTS + 2] = 0;
    struct heal_gnn_vicinity vicinity = vicinity_of(&mesh, 4);
    assert_int_equal(heal_gnn_vicinity_features(&vicinity, &shares, NULL), 0);
    assert_int_equal(shares.share[2], 0);
    make_mesh(NULL);
}

/* Two leaves with the same inputs are the same to a hub; both have half of what they bring. */
static void alike_neighbours_have_alike_shares(void **state) {
    struct heal_gnn_shares shares;

    (void)state;
    memcpy(mesh.input + (HUB + 2) * INPUTS, mesh.input + (HUB + 1) * INPUTS, INPUTS);
    struct heal_gnn_vicinity vicinity = vicinity_of(&mesh, HUB);
    assert_int_equal(heal_gnn_vicinity_neighbours(&vicinity, 2, NULL, &shares, NULL), 0);
    assert_int_equal(shares.players, 2);
    assert_int_equal(shares.share[0], shares.share[1]);
    make_mesh(NULL);
}

/* ---- what other machines have told ---- */

static void what_is_told_is_not_worked_out(void **state) {
    struct heal_gnn_vicinity vicinity = vicinity_of(&mesh, 0);
    uint32_t degree = heal_gnn_degree(&mesh.graph, 0);
    struct heal_gnn_shares shares;

    (void)state;
    for (uint32_t k = 0; k < degree; k++) /* the truth */
        heal_gnn_vicinity_tell(&vicinity, k, mesh.state + (size_t)mesh.neighbour[k] * HIDDEN);
    assert_int_equal(heal_gnn_vicinity_verdict(&vicinity), mesh.logit[0]);
    assert_int_equal(heal_gnn_vicinity_features(&vicinity, &shares, NULL), 0);
    assert_int_equal(shares.all, mesh.logit[0]);

    /* With no input of its own, but the states as they were told. */
    static struct mesh masked;
    masked = mesh;
    masked.graph.first = masked.first;
    masked.graph.neighbour = masked.neighbour;
    memset(masked.input, 0, INPUTS);
    heal_gnn_integer_state(&network, &masked.graph, 0, masked.input, masked.state);
    assert_int_equal(shares.none, heal_gnn_integer_verdict(&network, &masked.graph, 0, masked.state, NULL));
}

/* Only inputs are known of it: the first layer has it, the second has not. */
static void a_state_that_nobody_told_is_left_out(void **state) {
    struct heal_gnn_vicinity vicinity = vicinity_of(&mesh, HUB);
    const uint32_t first[] = {0, 1, 1}, neighbour[] = {1};
    const struct heal_gnn_graph one = {.vertices = 2, .first = first, .neighbour = neighbour};
    int8_t states[2 * HIDDEN];

    (void)state;
    heal_gnn_vicinity_tell(&vicinity, 0, NULL);
    memcpy(states, mesh.state + HUB * HIDDEN, HIDDEN);
    memcpy(states + HIDDEN, mesh.state + (HUB + 2) * HIDDEN, HIDDEN);
    assert_int_equal(heal_gnn_vicinity_verdict(&vicinity),
                     heal_gnn_integer_verdict(&network, &one, 0, states, NULL));
}

/* ---- degrees ---- */

struct star {
    uint32_t leaves;
    struct heal_gnn_edge *edge;
    uint32_t *first, *neighbour, *spare;
    int8_t *input;
    struct heal_gnn_graph graph;
};

static struct star make_star(uint32_t leaves) {
    struct star star = {.leaves = leaves,
                        .edge = calloc(leaves, sizeof *star.edge),
                        .first = calloc(leaves + 2, sizeof *star.first),
                        .neighbour = calloc(2 * (size_t)leaves, sizeof *star.neighbour),
                        .spare = calloc(3 * (size_t)leaves + 1, sizeof *star.spare),
                        .input = calloc(leaves + 1, INPUTS)};

    assert_true(star.edge && star.first && star.neighbour && star.spare && star.input);
    for (uint32_t i = 0; i < leaves; i++)
        star.edge[i] = (struct heal_gnn_edge){0, i + 1};
    for (size_t i = 0; i < (leaves + 1) * (size_t)INPUTS; i++)
        star.input[i] = (int8_t)(i * 37 % 121 - 60);
    assert_int_equal(heal_gnn_graph_build(leaves + 1, star.edge, leaves, star.first, star.neighbour,
                                          star.spare, &star.graph, NULL),
                     0);
    return star;
}

static void free_star(struct star *star) {
    free(star->edge);
    free(star->first);
    free(star->neighbour);
    free(star->spare);
    free(star->input);
}

/* Ten are sampled; what all their coalitions say is within a few of the stated errors. */
static void many_neighbours_are_sampled(void **state) {
    struct star star = make_star(10);
    struct heal_gnn_vicinity vicinity;
    struct heal_gnn_shares sampled, shares;
    struct heal_random random;
    int64_t sum = 0;

    (void)state;
    heal_random_init(&random, 3);
    assert_in_range(heal_gnn_vicinity_bytes(&network, &star.graph, 0), 1, sizeof memory);
    assert_int_equal(heal_gnn_vicinity_init(&network, &star.graph, 0, star.input, memory, &vicinity, NULL),
                     0);
    assert_int_equal(heal_gnn_vicinity_neighbours(&vicinity, 200, &random, &sampled, NULL), 0);
    heal_random_init(&random, 4);
    assert_int_equal(heal_gnn_vicinity_neighbours(&vicinity, 4000, &random, &shares, NULL), 0);
    for (unsigned i = 0; i < 10; i++) {
        double off = heal_gnn_share(&sampled, i) - heal_gnn_share(&shares, i);

        assert_true(sampled.error[i] > 0 && shares.error[i] < sampled.error[i]);
        assert_true(off < 5 * sampled.error[i] && off > -5 * sampled.error[i]);
        sum += sampled.share[i];
    }
    assert_int_equal(sum, 200 * ((int64_t)sampled.all - sampled.none));
    free_star(&star);
}

/* A hub of a million is judged, and so is a leaf of it; the hub itself is not explained, in words. */
static void a_million_neighbours(void **state) {
    struct star star = make_star(1000000);
    struct heal_gnn_vicinity vicinity;
    struct heal_error error;

    (void)state;
    assert_int_equal(heal_gnn_vicinity_bytes(&network, &star.graph, 0), 0);
    assert_int_equal(heal_gnn_vicinity_init(&network, &star.graph, 0, star.input, NULL, &vicinity, &error),
                     -EINVAL);
    assert_string_equal(error.what, "vertex 0 has 1000000 neighbours: at most 256 are explained");
    size_t bytes = heal_gnn_vicinity_bytes(&network, &star.graph, 77), line = HEAL_GNN_STATE_ALIGNMENT;
    void *room = aligned_alloc(line, (bytes + line - 1) / line * line);
    int8_t *states = calloc(star.graph.vertices, HIDDEN);
    int32_t *logit = calloc(star.graph.vertices, sizeof *logit);
    assert_true(room && states && logit);
    heal_gnn_integer_run(&network, &star.graph, star.input, states, logit);
    assert_int_equal(heal_gnn_vicinity_init(&network, &star.graph, 77, star.input, room, &vicinity, NULL), 0);
    assert_int_equal(heal_gnn_vicinity_verdict(&vicinity), logit[77]);
    free(logit);
    free(states);
    free(room);
    free_star(&star);
}

static void what_is_not_there_is_refused(void **state) {
    const struct heal_gnn_graph empty = {.vertices = 0, .first = (const uint32_t[]){0}};
    struct heal_gnn_vicinity vicinity;
    struct heal_error error;

    (void)state;
    assert_int_equal(heal_gnn_vicinity_bytes(&network, &mesh.graph, VERTICES), 0);
    assert_int_equal(
        heal_gnn_vicinity_init(&network, &mesh.graph, VERTICES, mesh.input, memory, &vicinity, &error),
        -EINVAL);
    assert_string_equal(error.what, "there is no vertex 24: there are 24");
    assert_int_equal(heal_gnn_vicinity_init(&network, &empty, 0, NULL, memory, &vicinity, &error), -EINVAL);
    assert_string_equal(error.what, "there is no vertex 0: there are 0");
    heal_gnn_integer_run(&network, &empty, NULL, NULL, NULL); /* nobody is there: nothing is touched */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(says_what_the_whole_graph_says, make_mesh),
        cmocka_unit_test_setup(needs_no_more_memory_than_it_says, make_mesh),
        cmocka_unit_test_setup(features_have_their_shares, make_mesh),
        cmocka_unit_test_setup(neighbours_have_theirs, make_mesh),
        cmocka_unit_test_setup(what_is_missing_has_no_share, make_mesh),
        cmocka_unit_test_setup(alike_neighbours_have_alike_shares, make_mesh),
        cmocka_unit_test_setup(what_is_told_is_not_worked_out, make_mesh),
        cmocka_unit_test_setup(a_state_that_nobody_told_is_left_out, make_mesh),
        cmocka_unit_test_setup(what_is_not_there_is_refused, make_mesh),
        cmocka_unit_test(many_neighbours_are_sampled),
        cmocka_unit_test(a_million_neighbours),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
