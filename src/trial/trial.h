/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A trial: one fault in both twins at the same time, from its coming to the quiet after it, with the clock
 * running: when was it detected, was it called by its right name, when did the harm end, what was lost with
 * heald and what without.
 */
#ifndef HEAL_TRIAL_TRIAL_H
#define HEAL_TRIAL_TRIAL_H

#include "trial/findings.h"
#include "trial/harm.h"
#include "trial/twin.h"

struct heal_trial {
    const char *fault;             /**< in words, fault/fault.h */
    const char *story;             /**< the same for people */
    enum heal_diagnosis diagnosis; /**< the right one */
    enum heal_harm_kind harm;
    bool hard; /**< nothing passes any more, or does not run: to be seen within 2 s, else 10 */
};

/** How long things are given. */
struct heal_trial_pace {
    heal_us least, most; /**< the fault stays at least so long; at most, if it is not healed before */
    heal_us healed_for;  /**< … and until the harm has been over for so long */
    heal_us after_least; /**< after it is taken out, what is lost is counted on for so long … */
    heal_us after_most;  /**< … and until all incidents are closed and all routes back, at most so long */
};

struct heal_trial_result {
    bool verified; /**< the fault was measured to have taken hold, on both sides */
    char measured[120];
    bool harmed; /**< the harm was seen at all, on the side with heald */
    bool detected, right, healed;
    double detect_s, heal_s;       /**< heal_s: from detection to the end of the harm */
    double held_s;                 /**< how long the fault stayed */
    enum heal_diagnosis diagnosis; /**< if detected */
    char remedy[HEAL_NAME_MAX];    /**< the first that was carried out; "": none */
    uint64_t lost[HEAL_TWINS], sent[HEAL_TWINS];
    unsigned acts, acts_elsewhere, incidents_elsewhere;
    bool calm_again; /**< at the end nothing was left of it */
};

enum heal_trial_news {
    HEAL_TRIAL_FAULT_IN,
    HEAL_TRIAL_SIGHTING, /**< of a heald; `sighting` and `findings` say what */
    HEAL_TRIAL_HEALED,
    HEAL_TRIAL_FAULT_OUT,
    HEAL_TRIAL_CALM,
};

/** Who is told as it happens. */
struct heal_trial_ear {
    void (*hear)(void *context, enum heal_trial_news news, double after_s,
                 enum heal_findings_news findings_news, const struct heal_sighting *sighting);
    bool (*go_on)(void *context); /**< false: stop as soon as can be */
    void *context;
};

/**
 * Runs a trial. @param ear its functions may be NULL.
 * @return 0; -EINTR if the ear said stop; or a negative errno with @p error: the fault could not be applied.
 */
int heal_trial_run(struct heal_twin *twin, struct heal_witness *witness, const struct heal_trial *trial,
                   const struct heal_trial_pace *pace, const struct heal_trial_ear *ear,
                   struct heal_trial_result *ret_result, struct heal_error *error);

/** Sums over trials: packets lost without heald for each lost with it. 0: nothing was lost without. */
double heal_trial_lost_ratio(const struct heal_trial_result *results, size_t count);

#endif
