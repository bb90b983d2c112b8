/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What one model has shown on this node: its counts, its calibration, the scores by which its threshold is
 * chosen, its inputs' drift, and the watches that are under way. A watch is one port, looked at for a span
 * without a break: where nothing was wrong and nothing was said, it is one right silence. Plain data; the
 * caller owns it.
 */
#ifndef HEAL_KNOWLEDGE_MERIT_H
#define HEAL_KNOWLEDGE_MERIT_H

#include "knowledge/calibration.h"
#include "knowledge/conformal.h"
#include "knowledge/confusion.h"
#include "knowledge/drift.h"
#include "knowledge/verdicts.h"

struct heal_watch {
    struct heal_port_key port; /**< zero: a free place */
    heal_us begun, last;       /**< the watch; the last look */
    heal_us drift_at;          /**< its features were last counted */
    int32_t peak;              /**< the largest logit of the watch */
    bool troubled;             /**< something was wrong, or was said: it will be no silence */
    heal_us trouble_at;        /**< a symptom or an incident was last there; 0: never */
    heal_us false_at;          /**< when its last false alarm began; 0: never */
    uint64_t alarm;            /**< the verdict that is not over; 0: none */
};

/** The active model beside a shadow, and its counts when the two began to run side by side. */
struct heal_rival {
    uint64_t model; /**< 0: there was none */
    struct heal_confusion before;
};

struct heal_merit {
    uint64_t model; /**< 0: there is none */
    bool shadow;
    int32_t threshold; /**< of its file, until there are scores enough */
    int32_t in_force;  /**< a logit above it is an alarm */
    struct heal_drift_training training;
    struct heal_confusion confusion;
    struct heal_calibration calibration;
    struct heal_conformal conformal;
    struct heal_drift drift;
    struct heal_rival rival;     /**< of a shadow */
    uint32_t judged[HEAL_CELLS]; /**< into which cells something came in this run; never taken back */
    uint32_t weightiest[HEAL_REASON_PARTS]; /**< reasons of this run, by what weighed most in them */
    bool unkept;                            /**< has changed since it was last kept */
    struct heal_watch watch[HEAL_PORTS_MAX];
};

/** One look at one port, after the model has judged it. */
struct heal_look {
    heal_us now;
    struct heal_port_key port;
    heal_node_id neighbour;
    struct heal_features features;
    int32_t logit;
    bool trouble;        /**< the thresholds see something there, or are looking into it */
    enum heal_mode mode; /**< of the detector */
};

/** What an operator has chosen. */
struct heal_merit_choice {
    heal_us watch;    /**< how long one lasts; above 0 */
    float false_rate; /**< of healthy watches, so many may have an alarm */
};

/** What somebody says of a verdict. */
struct heal_word {
    enum heal_truth truth;
    enum heal_witness witness;
    uint64_t incident; /**< 0: none */
    uint8_t diagnosis; /**< or HEAL_DIAGNOSIS_UNNAMED */
    bool first;        /**< of the alarms about this trouble, or the one that says that there was none */
};

/** Chooses the threshold in force anew: after the choice, or the threshold of the file, has changed. */
void heal_merit_settle(struct heal_merit *merit, const struct heal_merit_choice *choice);

/**
 * Takes one look at a port in.
 * @return the verdict that it began, valid until the next is made, for its `would` to be filled in; or NULL.
 */
struct heal_network_verdict *heal_merit_look(struct heal_merit *merit, struct heal_verdicts *verdicts,
                                             const struct heal_merit_choice *choice,
                                             const struct heal_look *look);

/** Gives a verdict of this model another truth: what was counted for the old one is taken back. What a weaker
 * witness says of what a stronger one has judged changes nothing. @return whether it did. */
bool heal_merit_judge(struct heal_merit *merit, struct heal_verdicts *verdicts,
                      struct heal_network_verdict *verdict, const struct heal_merit_choice *choice,
                      const struct heal_word *word);

/** @return the watch of a port, or NULL: it was not looked at, or so long ago that another has the place. */
const struct heal_watch *heal_merit_watch(const struct heal_merit *merit, const struct heal_port_key *port);

#endif
