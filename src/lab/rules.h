/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What is done to each direction of each link of a lab, by owner: nftables statements in the air, each with a
 * counter of its own. Every owner sets its own and knows nothing of the others'; a direction's chain is
 * written anew from the rules of all of them, in one atomic step, in the order in which the owners came;
 * those that pass packets on themselves (`fwd to`) come last. What a rule has counted lives as long as the
 * rule does, however often the chain is written.
 */
#ifndef HEAL_LAB_RULES_H
#define HEAL_LAB_RULES_H

#include "lab/lab.h"

struct heal_rules;

/** Whose a rule is. 0: nobody, who has none. */
struct heal_rules_owner {
    uint64_t number;
};

/** What one of an owner's rules has counted, over all the directions that have such a rule. */
struct heal_rules_count {
    uint64_t packets;
    unsigned directions, counting; /**< counting: those in which it has counted at least one */
};

/** Makes an empty set for a lab. @return 0 or negative errno. */
int heal_rules_new(struct heal_lab *lab, struct heal_rules **ret_rules);
/** Forgets them; what is in the air stays there. Takes NULL. @return NULL. */
struct heal_rules *heal_rules_free(struct heal_rules *rules);

/** @return an owner that has not been before. */
struct heal_rules_owner heal_rules_own(struct heal_rules *rules);

/** Sets what an owner does to a direction: statements, one a line; "": nothing. @return 0 or negative errno;
 * then all is as before. */
int heal_rules_set(struct heal_rules *rules, struct heal_rules_owner owner, unsigned link,
                   enum heal_lab_direction direction, const char *text);
/** Takes back all that an owner does anywhere. @return the first failure, or 0. */
int heal_rules_clear(struct heal_rules *rules, struct heal_rules_owner owner);

/** Sums what an owner's rules in a direction have counted since they were set. @return 0 or negative errno.
 */
int heal_rules_counted(struct heal_rules *rules, struct heal_rules_owner owner, unsigned link,
                       enum heal_lab_direction direction, uint64_t *ret_packets);
/**
 * Sums over the directions what the first @p count of an owner's rules in each have counted, all at one time.
 * @param ret_counts one a rule. @return 0 or negative errno.
 */
int heal_rules_count(struct heal_rules *rules, struct heal_rules_owner owner, unsigned count,
                     struct heal_rules_count *ret_counts);

#endif
