/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Shares of a game: as all orders say, one by one; to the last bit of the difference; fair by the axioms. */
#include "gnn/shapley.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PLAYERS = 6, COALITIONS = 1 << PLAYERS };

struct table {
    unsigned players, asked;
    int32_t outcome[COALITIONS];
};

static unsigned coalition_of(const uint8_t *present, unsigned players) {
    unsigned coalition = 0;

    for (unsigned i = 0; i < players; i++)
        coalition |= (unsigned)present[i] << i;
    return coalition;
}

static int32_t look_up(void *context, const uint8_t *present) {
    struct table *table = context;

    table->asked++;
    return table->outcome[coalition_of(present, table->players)];
}

static struct table random_table(unsigned players, uint64_t seed) {
    struct table table = {.players = players};
    struct heal_random random;

    heal_random_init(&random, seed);
    for (unsigned c = 0; c < 1U << players; c++)
        table.outcome[c] = (int32_t)(heal_random_next(&random) % 20001) - 10000;
    return table;
}

static struct heal_gnn_game game_of(struct table *table) {
    return (struct heal_gnn_game){.players = table->players, .outcome = look_up, .context = table};
}

/* What each brings, summed over all orders in which those who are not there yet can come. */
static void all_orders(const struct table *table, unsigned coalition, int64_t orders, int64_t *gained) {
    for (unsigned i = 0; i < table->players; i++) {
        unsigned joined = coalition | 1U << i, left = 0;
        int64_t ways = 1;

        if (joined == coalition)
            continue;
        for (unsigned k = 0; k < table->players; k++)
            left += !(joined >> k & 1);
        for (unsigned k = 2; k <= left; k++)
            ways *= k;
        gained[i] += orders * ways * (table->outcome[joined] - table->outcome[coalition]);
        all_orders(table, joined, orders, gained);
    }
}

static void shares_are_what_all_orders_say(void **state) {
    (void)state;
    for (unsigned players = 1; players <= PLAYERS; players++) {
        struct table table = random_table(players, players);
        const struct heal_gnn_game game = game_of(&table);
        struct heal_gnn_shares shares;
        int64_t gained[PLAYERS] = {0}, factorial = 1;

        for (unsigned k = 2; k <= players; k++)
            factorial *= k;
        all_orders(&table, 0, 1, gained);
        assert_int_equal(heal_gnn_shapley_exact(&game, &shares, NULL), 0);
        assert_int_equal(shares.unit, factorial);
        assert_int_equal(table.asked, 1U << players); /* each coalition once */
        for (unsigned i = 0; i < players; i++) {
            assert_int_equal(shares.share[i], gained[i]);
            assert_true(shares.error[i] == 0);
        }
    }
}

static int64_t sum_of(const struct heal_gnn_shares *shares) {
    int64_t sum = 0;

    for (unsigned i = 0; i < shares->players; i++)
        sum += shares->share[i];
    return sum;
}

static void they_sum_to_the_difference(void **state) {
    (void)state;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct table table = random_table(PLAYERS, seed);
        const struct heal_gnn_game game = game_of(&table);
        struct heal_gnn_shares shares;
        struct heal_random random;

        heal_random_init(&random, seed);
        assert_int_equal(heal_gnn_shapley_exact(&game, &shares, NULL), 0);
        assert_int_equal(shares.all, table.outcome[COALITIONS - 1]);
        assert_int_equal(shares.none, table.outcome[0]);
        assert_int_equal(sum_of(&shares), shares.unit * (shares.all - shares.none));
        assert_int_equal(heal_gnn_shapley_sample(&game, 37, &random, &shares, NULL), 0);
        assert_int_equal(shares.all, table.outcome[COALITIONS - 1]);
        assert_int_equal(shares.none, table.outcome[0]);
        assert_int_equal(sum_of(&shares), 37 * (shares.all - shares.none));
    }
}

/* Whoever changes nothing has no share; two who do the same have the same. */
static void shares_are_fair(void **state) {
    struct table table = random_table(PLAYERS, 7);
    const struct heal_gnn_game game = game_of(&table);
    struct heal_gnn_shares shares;

    (void)state;
    for (unsigned c = 0; c < COALITIONS; c++) { /* 2 is a dummy; 1 and 4 are alike */
        unsigned alike = c & ~(1U << 2);

        if (alike >> 4 & 1 && !(alike >> 1 & 1))
            alike ^= 1U << 1 | 1U << 4;
        table.outcome[c] = table.outcome[alike];
    }
    assert_int_equal(heal_gnn_shapley_exact(&game, &shares, NULL), 0);
    assert_int_equal(shares.share[2], 0);
    assert_int_equal(shares.share[1], shares.share[4]);
    assert_int_not_equal(shares.share[0], 0);
}

/* Outcomes as far apart as 32 bits can be, and as many players as are allowed. */
static int32_t extreme(void *context, const uint8_t *present) {
    const unsigned *wanted = context;

    return present[*wanted] ? INT32_MAX : INT32_MIN;
}

static void nothing_overflows(void **state) {
    unsigned decides = 3;
    const struct heal_gnn_game game = {
        .players = HEAL_GNN_PLAYERS_EXACT, .outcome = extreme, .context = &decides};
    struct heal_gnn_shares shares;

    (void)state;
    assert_int_equal(heal_gnn_shapley_exact(&game, &shares, NULL), 0);
    for (unsigned i = 0; i < HEAL_GNN_PLAYERS_EXACT; i++)
        assert_true(shares.share[i] == (i == decides ? shares.unit * ((int64_t)INT32_MAX - INT32_MIN) : 0));
}

static void nobody_has_no_share(void **state) {
    struct table table = random_table(0, 1);
    const struct heal_gnn_game game = game_of(&table);
    struct heal_gnn_shares shares;

    (void)state;
    assert_int_equal(heal_gnn_shapley_exact(&game, &shares, NULL), 0);
    assert_int_equal(shares.players, 0);
    assert_int_equal(shares.all, table.outcome[0]);
    assert_int_equal(shares.none, table.outcome[0]);
}

/* Over many drawings, a sampled share is off by its stated error: no more, no less. */
static void a_sample_is_as_wrong_as_it_says(void **state) {
    enum { DRAWINGS = 400, ORDERS = 50 };
    struct table table = random_table(PLAYERS, 11);
    const struct heal_gnn_game game = game_of(&table);
    struct heal_gnn_shares exact, sampled;
    struct heal_random random;
    double off = 0, said = 0;

    (void)state;
    heal_random_init(&random, 5);
    assert_int_equal(heal_gnn_shapley_exact(&game, &exact, NULL), 0);
    for (int d = 0; d < DRAWINGS; d++) {
        assert_int_equal(heal_gnn_shapley_sample(&game, ORDERS, &random, &sampled, NULL), 0);
        for (unsigned i = 0; i < PLAYERS; i++) {
            off += pow(heal_gnn_share(&sampled, i) - heal_gnn_share(&exact, i), 2);
            said += pow(sampled.error[i], 2);
        }
    }
    print_message("    off by %.3f of what it says\n", sqrt(off / said));
    assert_true(sqrt(off / said) > 0.93 && sqrt(off / said) < 1.07);
}

static void the_same_seed_draws_the_same(void **state) {
    struct table table = random_table(PLAYERS, 3);
    const struct heal_gnn_game game = game_of(&table);
    struct heal_gnn_shares shares, again;
    struct heal_random random;

    (void)state;
    heal_random_init(&random, 8);
    assert_int_equal(heal_gnn_shapley_sample(&game, 20, &random, &shares, NULL), 0);
    heal_random_init(&random, 8);
    assert_int_equal(heal_gnn_shapley_sample(&game, 20, &random, &again, NULL), 0);
    assert_memory_equal(shares.share, again.share, PLAYERS * sizeof shares.share[0]);
    assert_memory_equal(shares.error, again.error, PLAYERS * sizeof shares.error[0]);
}

static void what_cannot_be_played_is_refused(void **state) {
    struct table table = random_table(PLAYERS, 3);
    struct heal_gnn_game game = game_of(&table);
    struct heal_gnn_shares shares = {.players = 77};
    struct heal_random random;
    struct heal_error error;

    (void)state;
    heal_random_init(&random, 8);
    assert_int_equal(heal_gnn_shapley_sample(&game, 1, &random, &shares, &error), -EINVAL);
    assert_string_equal(error.what, "1 orders: it must be 2 to 1048576");
    game.players = 13;
    assert_int_equal(heal_gnn_shapley_exact(&game, &shares, &error), -EINVAL);
    assert_string_equal(error.what, "13 are too many to try all coalitions: at most 12");
    game.players = 257;
    assert_int_equal(heal_gnn_shapley_sample(&game, 20, &random, &shares, &error), -EINVAL);
    assert_string_equal(error.what, "257 are too many to draw orders of: at most 256");
    assert_int_equal(shares.players, 77);
    assert_int_equal(table.asked, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_are_what_all_orders_say),
        cmocka_unit_test(they_sum_to_the_difference),
        cmocka_unit_test(shares_are_fair),
        cmocka_unit_test(nothing_overflows),
        cmocka_unit_test(nobody_has_no_share),
        cmocka_unit_test(a_sample_is_as_wrong_as_it_says),
        cmocka_unit_test(the_same_seed_draws_the_same),
        cmocka_unit_test(what_cannot_be_played_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
