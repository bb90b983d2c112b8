/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Verdicts of the network, one an alarm: what it said of which port, what would have been done, and what
 * turned out to be true. Trouble that it said nothing of is one, too, without an alarm. Plain data.
 */
#ifndef HEAL_VERDICT_H
#define HEAL_VERDICT_H

#include "heal/reason.h"
#include "heal/settings.h"

enum {
    HEAL_LOGIT_ONE = 1024, /**< a logit of 1; logits are whole numbers of it */
    HEAL_WOULD_MAX = 80,
    /** Trouble that has no diagnosis: somebody says that there was some. */
    HEAL_DIAGNOSIS_UNNAMED = HEAL_DIAGNOSES,
    HEAL_DIAGNOSES_AND_UNNAMED,
};

enum heal_truth {
    HEAL_TRUTH_OPEN, /**< nobody knows yet */
    HEAL_TRUTH_TRUE, /**< there was trouble */
    HEAL_TRUTH_FALSE,
    HEAL_TRUTH_UNKNOWN, /**< and nobody will, unless somebody says so: it counts as neither */
    HEAL_TRUTHS,
};
/** "open", "true", "false", "unknown"; NULL past the last. */
extern const char *const heal_truth_names[HEAL_TRUTHS + 1];

/** Who says so; the word of a later one stands above that of those before it. */
enum heal_witness {
    HEAL_WITNESS_NONE,
    HEAL_WITNESS_SILENCE,  /**< nothing else has found anything there for so long */
    HEAL_WITNESS_INCIDENT, /**< of the thresholds: it was confirmed, or refuted */
    HEAL_WITNESS_INJECTOR, /**< who has made the fault */
    HEAL_WITNESS_OPERATOR,
    HEAL_WITNESSES,
};
/** "none", "silence", "incident", "injector", "operator"; NULL past the last. */
extern const char *const heal_witness_names[HEAL_WITNESSES + 1];

struct heal_network_verdict {
    uint64_t id;    /**< rises; never used twice on a node */
    uint64_t model; /**< which one said it */
    bool shadow;    /**< it was beside the active one then */
    bool alarm;     /**< false: the trouble was missed */
    struct heal_port_key port;
    heal_node_id neighbour; /**< 0: not known */
    int32_t logit;          /**< the largest so far; in 1 / HEAL_LOGIT_ONE, as the next */
    int32_t threshold;      /**< it was above this, or without an alarm not */
    heal_us begun;
    heal_us last;        /**< it was last above */
    bool over;           /**< it is not any more */
    bool earlier;        /**< of an earlier run, whose clock may have been another; not kept */
    enum heal_mode mode; /**< of the detector, when it began */
    enum heal_truth truth;
    enum heal_witness witness;
    uint64_t incident;          /**< that told the truth; 0: none did */
    uint8_t diagnosis;          /**< of the trouble, or HEAL_DIAGNOSIS_UNNAMED */
    bool first;                 /**< the first alarm about its trouble: it was found by this one */
    bool again;                 /**< not the first false alarm of its port in this watch */
    char would[HEAL_WOULD_MAX]; /**< what would be, or was, done about it, in words */
    struct heal_reason why; /**< when its logit was largest, to a logit; of one without an alarm not known */
};

/** Who knows what nodes are called. @p name_of @return the name, or NULL: it is not known */
struct heal_name_book {
    const char *(*name_of)(const void *context, heal_node_id node);
    const void *context;
};

/**
 * Says in plain words what the network said, why, and what was true. @return the length written (always
 * terminated; cut where it does not fit).
 */
size_t heal_verdict_explain(const struct heal_network_verdict *verdict, const struct heal_name_book *names,
                            heal_us now, char *buffer, size_t size);

/** A verdict as a record's value, and back. The key is its id. @return 0 or negative errno. */
int heal_verdict_format(const struct heal_network_verdict *verdict, char *buffer, size_t size);
int heal_verdict_parse(const char *text, struct heal_network_verdict *ret_verdict);

#endif
