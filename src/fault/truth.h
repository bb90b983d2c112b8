/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What is true of a lab while a fault is in force: what ails it, by the names of the diagnoses, and which
 * ends of links are sick. By what was done, never by what a heald says of it. Pure functions.
 */
#ifndef HEAL_FAULT_TRUTH_H
#define HEAL_FAULT_TRUTH_H

#include "fault/fault.h"
#include "heal/settings.h"

/** @return what docs/diagnoses/ calls it. */
enum heal_diagnosis heal_fault_truth(const struct heal_fault *fault);

/** @return whether what heald measures of links shows it. */
bool heal_fault_shows(const struct heal_fault *fault);

/** @return whether a node's end of a link is sick by it: both ends of a sick link, all of a sick node's, and
 * the other ends, too, of the links that a node's trouble takes away; both ends of a radio's link with one of
 * them in the noise. */
bool heal_fault_ails(const struct heal_fault *fault, const struct heal_topology *topology, unsigned link,
                     unsigned node);

#endif
