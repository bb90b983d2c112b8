/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The receiver's account of one direction of a link, kept from the numbers that probes carry. Each probe says
 * how many of either size its sender has sent so far, so that what was sent is known exactly although only
 * one size, or one probe in ten, gets through. Probes that come late or out of order count once; what is sent
 * again counts nothing; a sender that begins anew begins a new account. Pure: the caller has the clock.
 */
#ifndef HEAL_MODEL_ACCOUNT_H
#define HEAL_MODEL_ACCOUNT_H

#include "heal/reading.h"

enum {
    HEAL_ACCOUNT_WINDOW = 64,     /**< so far behind the newest a late probe still counts */
    HEAL_ACCOUNT_BELIEVED = 3,    /**< so many probes in a row, and none of the present sender among them,
                                       make a new sender: one that anybody can forge does not */
    HEAL_ACCOUNT_OUTAGE_MS = 300, /**< nothing came for so long … */
    HEAL_ACCOUNT_OUTAGE_LOST = 4, /**< … and so many probes were lost meanwhile: at a slow pace one lost probe
                                       makes a long gap, and is no outage */
};

/** What a probe says of itself. */
struct heal_account_probe {
    uint32_t epoch; /**< the sender's, random at its start */
    enum heal_probe_size size;
    uint32_t sent[HEAL_PROBE_SIZES]; /**< by the sender so far, this one included: its own is its number */
};

enum heal_account_result {
    HEAL_ACCOUNT_COUNTED,
    HEAL_ACCOUNT_DUPLICATE,
    HEAL_ACCOUNT_OLD, /**< too late, or of another epoch, from before a restart or not believed yet */
};

struct heal_account {
    uint32_t own_epoch, peer_epoch;
    uint32_t other_epoch; /**< of the latest probes that do not go on where the account stands … */
    unsigned others;      /**< … and how many of them came in a row */
    bool begun;
    heal_us arrived; /**< the last probe */
    struct heal_account_numbers {
        uint32_t base, highest;
        uint64_t window; /**< bit i: highest - i arrived */
        uint32_t lost;   /**< when the last probe had arrived */
    } numbers[HEAL_PROBE_SIZES];
    struct heal_link_account totals; /**< all but the silence */
};

/** @param own_epoch random at this end's start. */
void heal_account_init(struct heal_account *account, uint32_t own_epoch);

/** Takes a probe that arrived at @p now. */
enum heal_account_result heal_account_take(struct heal_account *account, heal_us now,
                                           const struct heal_account_probe *probe);

/** Notes a pair of interface totals: @p sent of the sender when the receiver's were @p received. */
void heal_account_pair(struct heal_account *account, uint64_t sent, uint64_t received);

/** The account as it stands at @p now. */
void heal_account_read(const struct heal_account *account, heal_us now,
                       struct heal_link_account *ret_account);

#endif
