/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * One node whose heald is killed again and again: when, what it had promised until then, what its database
 * says once it is dead, and whether the next run finds all that was half done. The lab starts it again.
 */
#ifndef CRASH_VICTIM_H
#define CRASH_VICTIM_H

#include "base/random.h"
#include "disk.h"
#include "lab/lab.h"
#include "promises.h"

/** When it is killed: in the middle of what. */
enum crash_phase {
    CRASH_AT_START,
    CRASH_AT_INTENT,
    CRASH_AT_ACT,
    CRASH_AT_VERIFY,
    CRASH_AT_HOLD,
    CRASH_AT_UNDO,
    CRASH_ANYWHERE,
    CRASH_PHASES,
};

/** What all victims together have come to. */
struct crash_tally {
    unsigned wanted; /**< kills */
    unsigned kills, lost, forgotten, corrupt;
    unsigned phase[CRASH_PHASES];         /**< kills that hit what they were meant to */
    unsigned under_way[HEAL_STEP_STATES]; /**< steps at the kills, by state */
    size_t promises;
};

struct crash_victim {
    struct heal_lab *lab;
    unsigned node;
    const char *name;
    char state[HEAL_LAB_PATH_MAX], socket[HEAL_LAB_PATH_MAX], log[HEAL_LAB_PATH_MAX];
    long log_read; /**< how far its log has been looked through */
    bool up, judged, hit, paused, warned;
    enum crash_phase phase;
    heal_us since;                       /**< it is up, or down */
    heal_us doomed, talk_due, judge_due; /**< doomed: when it is killed; HEAL_NEVER: not known yet */
    unsigned label, missed, undone;
    char why[240]; /**< why it is not judged well yet */
    struct crash_promises promises;
    struct crash_steps steps;
};

void crash_victim_init(struct crash_victim *victim, struct heal_lab *lab, unsigned node);

/** Watches its log for what it is to be killed in, kills it at the instant, and looks at its database then.
 * It takes no time as long as nobody is killed: between any two of the things below all victims are watched.
 */
void crash_victim_watch(struct crash_victim *victim, struct heal_random *random, struct crash_tally *tally);

/** Does what is due: talks to it, judges it, sees whether it is up again. */
void crash_victim_tick(struct crash_victim *victim, struct heal_random *random, struct crash_tally *tally);

/** Judges it for the last time, when nothing is wrong in the mesh any more.
 * @return whether nothing is in place and nothing half done. */
bool crash_victim_is_at_peace(struct crash_victim *victim);

const char *crash_phase_name(enum crash_phase phase);

#endif
