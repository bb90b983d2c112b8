/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The faults in force in a lab: each is applied, measured to have taken hold, and undone. What a fault needs
 * to run (a relay, a timer) is this process's own and ends with it. The faults live in the air or are what a
 * node's own processes do: heald on the nodes cannot see the injection.
 */
#ifndef HEAL_FAULT_FAULTS_H
#define HEAL_FAULT_FAULTS_H

#include "fault/fault.h"
#include "lab/lab.h"

struct heal_faults;
struct heal_radios;

enum { HEAL_FAULTS_MAX = 32 /**< in force at a time */ };

/** A fault's effect as it was measured. */
struct heal_fault_measured {
    bool verified;  /**< it took hold; false: it did not, or nobody could tell */
    char what[120]; /**< in words, with figures: "20.3 % of 812 packets dropped" */
};

/** Makes an empty set for a lab, and starts the lab's radios if it has some. @return 0 or negative errno. */
int heal_faults_new(struct heal_lab *lab, uint64_t seed, struct heal_faults **ret_faults);
/** Undoes all, and frees. Takes NULL. @return NULL. */
struct heal_faults *heal_faults_free(struct heal_faults *faults);

/** @return the radios of the lab; NULL: it has none. */
struct heal_radios *heal_faults_radios(struct heal_faults *faults);

/** Applies a fault. @return its handle (0 and up), or a negative errno with words in @p error. */
int heal_faults_apply(struct heal_faults *faults, const struct heal_fault *fault, struct heal_error *error);
/** Says what it has done so far. @return 0, or -ENOENT: no such handle. */
int heal_faults_measure(struct heal_faults *faults, int handle, struct heal_fault_measured *ret_measured);
/** Undoes one, and does not wait: a carrier takes a moment to be seen, and what a delay holds goes on its way
 * while the set is ticked. @return 0 or negative errno. */
int heal_faults_undo(struct heal_faults *faults, int handle);
void heal_faults_undo_all(struct heal_faults *faults);
/** @return the handle's fault, or NULL. @param ret_since when it was applied (heal_lab_now); may be NULL.
 */
const struct heal_fault *heal_faults_at(const struct heal_faults *faults, int handle, heal_us *ret_since);
/** @return the next handle above @p after (-1: the first), or -ENOENT: there is none. */
int heal_faults_next(const struct heal_faults *faults, int after);
/** @return the last handle, or -ENOENT. Whoever undoes more than one begins with it: what a fault found when
 * it came, it leaves behind. */
int heal_faults_last(const struct heal_faults *faults);

/** Does what is due (flapping, radios, the rest of a delay): call it at least every 50 ms. */
void heal_faults_tick(struct heal_faults *faults);

#endif
