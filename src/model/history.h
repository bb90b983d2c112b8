/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The recent past of one direction of a link: a ring of its accounts, from which the loss over any span is a
 * difference of totals. A lost report costs nothing: the next one carries the same totals on.
 */
#ifndef HEAL_MODEL_HISTORY_H
#define HEAL_MODEL_HISTORY_H

#include "heal/reading.h"

enum {
    HEAL_HISTORY_SAMPLES = 48,
    HEAL_PAIRS_IN_FLIGHT = 2, /**< packets that may be on their way when two counters are read */
};

struct heal_sample {
    heal_us time;
    uint32_t lossy; /**< accounts that told of loss, all since the epoch began up to this one; wraps */
    struct heal_link_account account;
};

struct heal_history {
    uint16_t count, newest;
    struct heal_sample sample[HEAL_HISTORY_SAMPLES];
};

/** What happened to the packets of one direction within a span. Losses inside outages are set apart. */
struct heal_window {
    heal_us span;                    /**< 0: nothing is known about it */
    uint32_t sent[HEAL_PROBE_SIZES]; /**< probes, without those that an outage swallowed */
    uint32_t lost[HEAL_PROBE_SIZES]; /**< of these */
    uint32_t swallowed;              /**< probes lost inside outages, both sizes */
    uint32_t outages;
    uint64_t pair_sent, pair_lost; /**< by paired counters, outages included */
    uint16_t reports, lossy;       /**< accounts within the span, and those of them that told of loss */
};

/** Adds an account; one of another epoch starts the history anew. */
void heal_history_add(struct heal_history *history, heal_us now, const struct heal_link_account *account);

/** @return the newest account, or NULL. */
const struct heal_sample *heal_history_newest(const struct heal_history *history);

/** @return what happened between the last account at or before @p since (or the oldest) and the newest. */
struct heal_window heal_history_window(const struct heal_history *history, heal_us since);

/**
 * As above, without the stretch of at most @p stretch in which most was lost: what is left of a burst is
 * nothing, of loss that goes on nearly all. `reports` and `lossy` are of the whole.
 */
struct heal_window heal_history_window_without_worst(const struct heal_history *history, heal_us since,
                                                     heal_us stretch);

#endif
