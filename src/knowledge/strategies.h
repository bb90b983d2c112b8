/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Strategies: for each diagnosis and remedy, how often it was tried, how often it worked and how long repair
 * took; and the choice among them by Thompson sampling (W. R. Thompson 1933): draw each one's success from
 * its Beta record, discount by time to repair and risk, take the best.
 */
#ifndef HEAL_KNOWLEDGE_STRATEGIES_H
#define HEAL_KNOWLEDGE_STRATEGIES_H

#include "base/random.h"
#include "heal/status.h"

struct heal_strategy {
    uint32_t tried, worked;
    float mttr_sum_s;
};

struct heal_strategies {
    struct heal_strategy of[HEAL_DIAGNOSES][HEAL_REMEDIES];
};

void heal_strategies_record(struct heal_strategies *strategies, enum heal_diagnosis diagnosis,
                            enum heal_remedy remedy, bool worked, float mttr_s);

/**
 * Draws a score.
 * @param rank the remedy's place in the operator's policy, from 0: the prior falls with it.
 * @param risk 0 to 1.
 */
float heal_strategies_draw(const struct heal_strategies *strategies, struct heal_random *random,
                           enum heal_diagnosis diagnosis, enum heal_remedy remedy, unsigned rank, float risk);

/** @return the record as people see it. @p rank as above. */
struct heal_strategy_status heal_strategies_status(const struct heal_strategies *strategies,
                                                   enum heal_diagnosis diagnosis, enum heal_remedy remedy,
                                                   unsigned rank);

/** The text of a record's key and value, and back. @return 0 or negative errno. */
int heal_strategy_format(const struct heal_strategies *strategies, enum heal_diagnosis diagnosis,
                         enum heal_remedy remedy, char *key, size_t key_size, char *value, size_t value_size);
int heal_strategy_parse(struct heal_strategies *strategies, const char *key, const char *value);

#endif
