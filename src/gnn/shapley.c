/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/shapley.h"

#include <errno.h>
#include <math.h>

static int64_t factorial(unsigned n) {
    int64_t product = 1;

    for (unsigned i = 2; i <= n; i++)
        product *= i;
    return product;
}

/* The orders in which @p before given players come first, then a given one, then the others. */
static int64_t orders_of(unsigned players, unsigned before) {
    return factorial(before) * factorial(players - 1 - before);
}

/* One coalition's outcome counts for those in it, who have joined the rest of it, and against those who are
 * not, whom it lacks. The weights of one player sum to 2 n!: with 32-bit outcomes 64 bits hold it to n = 12.
 */
static void count_coalition(struct heal_gnn_shares *shares, const uint8_t *present, int32_t outcome) {
    unsigned members = 0;

    for (unsigned i = 0; i < shares->players; i++)
        members += present[i];
    int64_t gained = members > 0 ? orders_of(shares->players, members - 1) * outcome : 0;
    int64_t lacked = members < shares->players ? orders_of(shares->players, members) * outcome : 0;
    for (unsigned i = 0; i < shares->players; i++)
        shares->share[i] += present[i] ? gained : -lacked;
}

int heal_gnn_shapley_exact(const struct heal_gnn_game *game, struct heal_gnn_shares *ret_shares,
                           struct heal_error *error) {
    uint8_t present[HEAL_GNN_PLAYERS_EXACT] = {0};

    if (game->players > HEAL_GNN_PLAYERS_EXACT)
        return heal_error_set(error, -EINVAL, 0, 0, "%u are too many to try all coalitions: at most %d",
                              game->players, HEAL_GNN_PLAYERS_EXACT);
    *ret_shares = (struct heal_gnn_shares){.players = game->players, .unit = factorial(game->players)};
    for (uint32_t coalition = 0; coalition < 1U << game->players; coalition++) {
        for (unsigned i = 0; i < game->players; i++)
            present[i] = coalition >> i & 1;
        int32_t outcome = game->outcome(game->context, present);
        count_coalition(ret_shares, present, outcome);
        ret_shares->none = coalition == 0 ? outcome : ret_shares->none;
        ret_shares->all = outcome; /* the last one is all of them */
    }
    return 0;
}

/* They come one after another. @param squares of what each has brought, over all orders */
static void play(const struct heal_gnn_game *game, const uint32_t *order, struct heal_gnn_shares *shares,
                 double *squares) {
    uint8_t present[HEAL_GNN_PLAYERS_MAX] = {0};
    int64_t before = shares->none;

    for (unsigned i = 0; i < game->players; i++) {
        present[order[i]] = 1;
        int64_t after = i + 1 < game->players ? game->outcome(game->context, present) : shares->all;
        shares->share[order[i]] += after - before;
        squares[order[i]] += (double)(after - before) * (double)(after - before);
        before = after;
    }
}

int heal_gnn_shapley_sample(const struct heal_gnn_game *game, unsigned orders, struct heal_random *random,
                            struct heal_gnn_shares *ret_shares, struct heal_error *error) {
    uint8_t present[HEAL_GNN_PLAYERS_MAX] = {0};
    uint32_t order[HEAL_GNN_PLAYERS_MAX];
    double squares[HEAL_GNN_PLAYERS_MAX] = {0};

    if (game->players > HEAL_GNN_PLAYERS_MAX)
        return heal_error_set(error, -EINVAL, 0, 0, "%u are too many to draw orders of: at most %d",
                              game->players, HEAL_GNN_PLAYERS_MAX);
    if (orders < 2 || orders > HEAL_GNN_ORDERS_MAX)
        return heal_error_set(error, -EINVAL, 0, 0, "%u orders: it must be 2 to %d", orders,
                              HEAL_GNN_ORDERS_MAX);
    *ret_shares = (struct heal_gnn_shares){.players = game->players, .unit = orders};
    ret_shares->none = game->outcome(game->context, present);
    for (unsigned i = 0; i < game->players; i++) {
        present[i] = 1;
        order[i] = i;
    }
    ret_shares->all = game->outcome(game->context, present);
    for (unsigned k = 0; k < orders; k++) {
        heal_random_shuffle(random, order, game->players);
        play(game, order, ret_shares, squares);
    }
    for (unsigned i = 0; i < game->players; i++) {
        double mean = heal_gnn_share(ret_shares, i);
        double variance = (squares[i] / orders - mean * mean) * orders / (orders - 1);

        ret_shares->error[i] = variance > 0 ? sqrt(variance / orders) : 0;
    }
    return 0;
}
