/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What each player of a game has to do with its outcome: the Shapley value (L. S. Shapley, "A Value for
 * n-Person Games", 1953), as it is used to explain what a model says (S. Lundberg, S.-I. Lee, "A Unified
 * Approach to Interpreting Model Predictions", 2017). A player's share is what the outcome gains when he
 * joins, averaged over all orders in which the players can come. Pure functions; they keep nothing.
 *
 * Outcomes are integers, and shares are fractions with one denominator: they sum to the difference between
 * the outcome with all players and the one with none without any rounding, exact or sampled.
 */
#ifndef HEAL_GNN_SHAPLEY_H
#define HEAL_GNN_SHAPLEY_H

#include "base/random.h"
#include "heal/error.h"

#include <stdint.h>

enum {
    HEAL_GNN_PLAYERS_EXACT = 12, /**< with more, their shares would not fit into 64 bits */
    HEAL_GNN_PLAYERS_MAX = 256,
    HEAL_GNN_ORDERS_MAX = 1 << 20,
};

struct heal_gnn_game {
    unsigned players;
    /** @param present [players], 1: takes part; 0: does not @return the outcome */
    int32_t (*outcome)(void *context, const uint8_t *present);
    void *context;
};

struct heal_gnn_shares {
    unsigned players;
    int32_t all, none;                   /**< the outcomes with all players, and with none */
    int64_t unit;                        /**< shares are in 1 / unit; they sum to unit * (all - none) */
    int64_t share[HEAL_GNN_PLAYERS_MAX]; /**< [players] */
    double
        error[HEAL_GNN_PLAYERS_MAX]; /**< [players]: one standard error, in outcomes; 0 where it is exact */
};

/** @return a share, in outcomes. @param player below the number of players */
static inline double heal_gnn_share(const struct heal_gnn_shares *shares, unsigned player) {
    return (double)shares->share[player] / (double)shares->unit;
}

/** Asks for the outcome of every coalition, once. @return 0, or -EINVAL with words: more than
 * HEAL_GNN_PLAYERS_EXACT players. */
int heal_gnn_shapley_exact(const struct heal_gnn_game *game, struct heal_gnn_shares *ret_shares,
                           struct heal_error *error);

/**
 * Draws orders in which the players come (J. Castro, D. Gómez, J. Tejada, "Polynomial Calculation of the
 * Shapley Value Based on Sampling", 2009): without bias, with an error that halves with four times the
 * orders.
 * @param orders 2 to HEAL_GNN_ORDERS_MAX
 * @return 0, or -EINVAL with words: more than HEAL_GNN_PLAYERS_MAX players, or no such number of orders
 */
int heal_gnn_shapley_sample(const struct heal_gnn_game *game, unsigned orders, struct heal_random *random,
                            struct heal_gnn_shares *ret_shares, struct heal_error *error);

#endif
