/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A witness of what the healds of a lab decide: it follows the decision traces that they write
 * (NODE/decisions in the lab's folder), whose times are on the clock of the lab's own measurements. It only
 * reads.
 */
#ifndef HEAL_TRIAL_WITNESS_H
#define HEAL_TRIAL_WITNESS_H

#include "lab/lab.h"

struct heal_witness;

/** A decision, and the node whose heald made it. */
struct heal_sighting {
    unsigned node;
    struct heal_decision decision;
};

/** @return 0 or -ENOMEM. The lab stays the caller's and must outlive the witness. */
int heal_witness_new(const struct heal_lab *lab, struct heal_witness **ret_witness);
/** Takes NULL. @return NULL. */
struct heal_witness *heal_witness_free(struct heal_witness *witness);

/** @return whether there is one more since the last call. Those of one node come in their order. */
bool heal_witness_next(struct heal_witness *witness, struct heal_sighting *ret_sighting);

/** Reads one line of a trace, without its newline. @return 0 or -EINVAL. */
int heal_sighting_parse(const char *line, struct heal_decision *ret_decision);

#endif
