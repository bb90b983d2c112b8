/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What can befall a drawn mesh, as a table: each row is a kind of trouble, how bad it may be, and its true
 * name. The truth follows from what is done to the mesh, by what docs/diagnoses/ says that the names mean,
 * and from nothing that an engine says.
 */
#ifndef HEAL_DRAWN_FAULT_H
#define HEAL_DRAWN_FAULT_H

#include "sim/sim.h"

struct heal_drawn_case;

/** Where a kind of trouble may be. */
enum heal_drawn_place {
    HEAL_DRAWN_LINK,
    HEAL_DRAWN_REGION, /**< a link, and all that is around one of its ends */
    HEAL_DRAWN_NODE,
    HEAL_DRAWN_RELAY, /**< a node with two links at least */
};

struct heal_drawn_range {
    double least, most;
    const char *unit; /**< in the listing; NULL: there is nothing to draw */
};

struct heal_drawn_fault {
    enum heal_diagnosis truth;
    const char *what; /**< in words, for the listing */
    enum heal_drawn_place place;
    bool radio;   /**< there have to be radios; else there may be */
    bool spreads; /**< of a node: all its links suffer, too */
    struct heal_drawn_range how_bad, and;
    void (*prepare)(struct heal_sim *sim,
                    const struct heal_drawn_case *of); /**< before the mesh begins; or NULL */
    void (*inject)(struct heal_sim *sim, const struct heal_drawn_case *of);
    const char *why; /**< it has this name and no other */
};

extern const struct heal_drawn_fault heal_drawn_faults[];
extern const size_t heal_drawn_faults_count;

/** @return how many rows there are of a true name. */
unsigned heal_drawn_faults_of(enum heal_diagnosis truth);
/** @return the @p index-th of them. */
const struct heal_drawn_fault *heal_drawn_fault_of(enum heal_diagnosis truth, unsigned index);

#endif
