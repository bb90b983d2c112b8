/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The rule of truth (docs/detector.md): which verdicts of a model were right. Alarms are held against trouble
 * that somebody else knows of: an operator, who has made the fault, or an incident of the thresholds. An
 * incident that rests on the network's own word says nothing here.
 */
#ifndef HEAL_KNOWLEDGE_JUDGING_H
#define HEAL_KNOWLEDGE_JUDGING_H

#include "knowledge/merit.h"

/** An alarm may tell of trouble so long before the thresholds do; one that nobody else can explain for so
 * long was false. */
static const heal_us HEAL_JUDGING_PATIENCE_US = 600 * HEAL_US_PER_S;
/** An alarm that was not heard for so long is over. */
static const heal_us HEAL_JUDGING_OVER_US = 30 * HEAL_US_PER_S;
/** What was said so long after the trouble was gone is still about it: features lag behind. */
static const heal_us HEAL_JUDGING_GRACE_US = 120 * HEAL_US_PER_S;

enum { HEAL_JUDGING_RECENT = 64 /**< alarms that live precision is of */ };

/** Trouble that is over, by somebody's word; or that there was none. */
struct heal_trouble {
    bool is_true;
    enum heal_witness witness;
    uint64_t incident; /**< 0: none */
    uint8_t diagnosis; /**< or HEAL_DIAGNOSIS_UNNAMED */
    heal_us begun, ended;
    size_t ports;
    struct heal_port_key port[HEAL_PORTS_MAX]; /**< where it could be seen */
};

/** All of a model's verdicts, and what judges them. */
struct heal_docket {
    struct heal_merit *merit;
    struct heal_verdicts *verdicts;
    struct heal_merit_choice choice;
};

/**
 * Holds the model's alarms against the trouble. Trouble that no alarm has told of, though the model has
 * looked at one of its ports meanwhile, becomes a verdict without an alarm.
 */
void heal_judging_trouble(const struct heal_docket *docket, const struct heal_trouble *trouble);

/** Ends the alarms that were not heard for a while, and judges those that have waited long enough; once a
 * round. */
void heal_judging_time(const struct heal_docket *docket, heal_us now);

/** Nobody has looked for a while: alarms that nobody has judged before are over, and their truth is not
 * known.
 */
void heal_judging_gap(const struct heal_docket *docket);

/** An operator's word on one verdict. @return whether it changes anything. */
bool heal_judging_label(const struct heal_docket *docket, struct heal_network_verdict *verdict, bool is_true);

/** An operator's word that there was trouble, nobody knows where. */
void heal_judging_missed(const struct heal_docket *docket, uint8_t diagnosis, heal_us now);

/** The precision of the model's last HEAL_JUDGING_RECENT judged alarms from id @p since on. */
struct heal_share heal_judging_recent(const struct heal_verdicts *verdicts, uint64_t model, uint64_t since);

#endif
