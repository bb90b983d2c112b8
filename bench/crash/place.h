/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What is in place on a node, as its kernel tells of it, beside what its heald says of it. What is in place
 * and nobody's is forgotten.
 */
#ifndef CRASH_PLACE_H
#define CRASH_PLACE_H

#include "lab/lab.h"

struct crash_place {
    unsigned routes;     /**< of heald's protocol */
    unsigned clamped;    /**< interfaces whose MTU is not as the lab set it */
    unsigned throttlers; /**< processes that stop a service for part of the time */
    bool quarantine;     /**< heald's nftables table */
};

/** Looks at a node. @return false: it could not be looked at. */
bool crash_place_look(struct heal_lab *lab, unsigned node, struct crash_place *ret_place);

/** @return whether nothing is in place. */
bool crash_place_is_bare(const struct crash_place *place);

/**
 * Asks a heald whether each thing in place belongs to a step of its own that is not over, and whether nothing
 * of an earlier run is left to be taken back. @param why what is not so. @return 1, 0, or a negative errno:
 * it did not answer.
 */
int crash_place_is_claimed(const struct crash_place *place, const char *socket, char *why, size_t size);

#endif
