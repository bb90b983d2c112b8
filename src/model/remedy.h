/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What a remedy is to the step machine: a row of functions. plan/ has one file a remedy and the table of
 * them; execute/ drives whatever the row says. What a remedy does about the trouble is heal_remedy_effect.
 * All work on the world and put their commands in its output.
 */
#ifndef HEAL_MODEL_REMEDY_H
#define HEAL_MODEL_REMEDY_H

#include "base/text.h"
#include "model/world.h"

enum heal_verdict {
    HEAL_VERDICT_PENDING,
    HEAL_VERDICT_WORKED,
    HEAL_VERDICT_FAILED,
    HEAL_VERDICT_IDLE, /**< in place, and there was nothing yet that it could have changed: of that nothing is
                          learned */
};

/** Whom a remedy takes away: they are counted against min_healthy_neighbours. */
enum heal_isolation {
    HEAL_ISOLATES_NOBODY,
    HEAL_ISOLATES_NEIGHBOUR, /**< the one that the incident is about, which is not healthy anyway */
    HEAL_ISOLATES_INTERFACE, /**< all behind it, at least for a moment */
};

/** Somebody else has changed what a step had put in place: how far it is left to him. */
enum heal_takeover {
    HEAL_TAKEOVER_NONE,     /**< nothing of that kind is seen */
    HEAL_TAKEOVER_STEP,     /**< the step is over; perhaps it was no person: other remedies may follow */
    HEAL_TAKEOVER_INCIDENT, /**< a person has done it: nothing more is done about the trouble */
};

/** With whose steps its place is one: what one of them takes back, the others would lose. */
enum heal_sharing {
    HEAL_SHARES_NOTHING,   /**< each has its own, or nothing stays in place */
    HEAL_SHARES_INTERFACE, /**< with all on the same interface, whoever is behind it */
    HEAL_SHARES_PLACE,     /**< with those about the same neighbour or service */
};

/** How traffic is led away from the interface that a remedy takes away, if only for a moment, before it does;
 * or, where the remedy leads it away itself, how that is hastened. */
struct heal_drain {
    /** Notes in the step, aimed by then, what will be set, and what it was: that goes on record. */
    void (*aim)(const struct heal_world *world, struct heal_step *step);
    /** Orders that. @return 0 or -ENOSPC: to be called again. */
    int (*begin)(struct heal_world *world, struct heal_incident *incident, struct heal_step *step);
    /** Each round from then on, but for when the remedy acts. */
    void (*tend)(struct heal_world *world, struct heal_incident *incident, struct heal_step *step);
    /** @return whether all that can be led away is. */
    bool (*is_done)(const struct heal_world *world, const struct heal_incident *incident,
                    const struct heal_step *step);
    /** As heal_remedy_rule's undo. */
    int (*undo)(struct heal_world *world, struct heal_incident *incident, struct heal_step *step);
    /** From its begin on it is in place for so long, if the remedy is; 0: until that works. */
    heal_us stays_us;
};

struct heal_remedy_rule {
    enum heal_remedy remedy;
    heal_us timeout;  /**< verified by then, or it failed */
    float risk;       /**< 0 to 1: what it may cost by itself; weighs against it in the choice */
    heal_us patience; /**< does harm itself: only when the trouble has not gone for so long, in spite of all
                         others */
    bool holds;       /**< stays in place while the trouble lasts, and is undone after */
    heal_us hold_us;  /**< trouble must be gone at least so long first: longer where the remedy hides it */
    heal_us most_us;  /**< it has done its work after so long in place, and is taken back; 0: no limit */
    heal_us doubt_us; /**< in place, it is given up when its check fails for so long; 0: 2 s */
    enum heal_isolation isolates;
    enum heal_sharing shares;
    /** What it takes away, or makes others avoid, is drained first; NULL: nothing. */
    const struct heal_drain *drain;
    bool upstream;          /**< also for a node that only sends through what is sick */
    const char *idle_words; /**< in place, but there is nothing to be done yet; NULL: that cannot be */
    /** @return whether it can be done here at all. */
    bool (*applies)(const struct heal_world *world, const struct heal_incident *incident);
    /**
     * Names in the step what will be done to what, and what undoing takes (port, service, MTU), and orders
     * nothing: that goes on record before the first act, so that a heald that is killed between the two knows
     * at its next start what to take back. NULL where undoing takes no name, and the act needs none.
     * @return 0 or a negative errno: there is nothing to act on.
     */
    int (*aim)(const struct heal_world *world, const struct heal_incident *incident, struct heal_step *step);
    /** Orders the acts, on what was aimed at. @return 0 or a negative errno: nothing was ordered. */
    int (*act)(struct heal_world *world, struct heal_incident *incident, struct heal_step *step);
    enum heal_verdict (*verify)(const struct heal_world *world, const struct heal_incident *incident,
                                const struct heal_step *step);
    /** @return whether nothing suffers from the trouble any more, once it has worked; NULL: that it works
     * says so. */
    bool (*eases)(const struct heal_world *world, const struct heal_incident *incident);
    /** Each round while it is checked and, but for pauses, while it is in place; may be NULL. */
    void (*tend)(struct heal_world *world, struct heal_incident *incident, struct heal_step *step);
    /**
     * Looks whether somebody else has changed what the step had put in place, once it was seen there; says in
     * @p words what. Each round, while it is checked and while it is in place; NULL: it cannot be seen.
     */
    enum heal_takeover (*taken_over)(struct heal_world *world, struct heal_incident *incident,
                                     struct heal_step *step, struct heal_text *words);
    /**
     * Takes it back; NULL where there is nothing to take back. Harmless where nothing was done, or where an
     * operator has changed it since: an earlier run may have ended between the record and the act (unsure).
     * @return 0, or to be called again: -ENOSPC, not all of it was ordered, for the output is full; -EAGAIN,
     * it cannot be done yet, or would do harm for a moment.
     */
    int (*undo)(struct heal_world *world, struct heal_incident *incident, struct heal_step *step);
    /**
     * Brings to its end what an earlier run was killed in the middle of, where it cannot be taken back and
     * must not stay half done; NULL: what is half done does no harm.
     * @return 0 or a negative errno: to be called again later.
     */
    int (*recover)(struct heal_world *world, struct heal_incident *incident, struct heal_step *step);
};

/** @return whether people hear of it, and no more. */
static inline bool heal_remedy_only_tells(enum heal_remedy remedy) {
    return heal_remedy_effect(remedy) == HEAL_EFFECT_TELLS;
}

/** @return how long the trouble must be gone before what is in place is taken back. */
static inline heal_us heal_remedy_hold(const struct heal_remedy_rule *rule,
                                       const struct heal_incident *incident) {
    /* Its owner has waited for all: half a cure would only do harm. */
    if (incident->owner_done)
        return 0;
    /* What comes back is held for twice as long each time, whatever the remedy begins with. */
    heal_us least = rule->hold_us << incident->hold_doublings;
    return incident->hold_us < least ? least : incident->hold_us;
}

#endif
