/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The findings of a trial: what the healds of a mesh have said and done about a fault, gathered from what the
 * witness saw, and judged against where the fault really is. Fixed memory; no I/O.
 */
#ifndef HEAL_TRIAL_FINDINGS_H
#define HEAL_TRIAL_FINDINGS_H

#include "heal/settings.h"
#include "trial/scope.h"
#include "trial/witness.h"

enum { HEAL_FINDINGS_INCIDENTS_MAX = 64 };

/** An incident as one node sees it. */
struct heal_finding {
    unsigned observer;
    uint64_t incident;
    bool right_place, open;
};

struct heal_findings {
    const struct heal_topology *topology;
    struct heal_scope scope;
    heal_us since;                 /**< earlier sightings are of earlier faults */
    heal_us detected;              /**< the first incident in the right place; 0: none yet */
    heal_us diagnosed;             /**< when the first of them got its first name; 0: none has yet */
    enum heal_diagnosis diagnosis; /**< that name */
    char remedy[HEAL_NAME_MAX];    /**< the first that was carried out; "": none yet */
    unsigned acts, acts_elsewhere; /**< steps begun; of these, about a place where there is no fault, or an
                                      incident that nobody has opened */
    unsigned incidents_elsewhere;  /**< false alarms */
    unsigned findings;
    struct heal_finding finding[HEAL_FINDINGS_INCIDENTS_MAX];
};

enum heal_findings_news {
    HEAL_FINDINGS_NOTHING,
    HEAL_FINDINGS_DETECTED,
    HEAL_FINDINGS_DIAGNOSED, /**< the first time */
    HEAL_FINDINGS_ACTS,      /**< a remedy, in the right place */
    HEAL_FINDINGS_ASTRAY,    /**< a remedy, where there is no fault */
    HEAL_FINDINGS_OUTCOME,
};

void heal_findings_init(struct heal_findings *findings, const struct heal_topology *topology,
                        const struct heal_fault *fault, heal_us since);

/** Takes one sighting. @return what is new by it. */
enum heal_findings_news heal_findings_take(struct heal_findings *findings,
                                           const struct heal_sighting *sighting);

/** @return whether an incident that was opened since the fault came is still open. */
bool heal_findings_open(const struct heal_findings *findings);

/** Copies the value of a decision's name=value pair. @return false if it has none of that name. */
bool heal_decision_value(const struct heal_decision *decision, const char *name, char *ret_value,
                         size_t size);

#endif
