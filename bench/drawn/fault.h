/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What can befall a drawn mesh, as a table: each row is a kind of trouble, how bad it may be, and its true
 * name. The truth follows from what is done to the mesh, by what docs/diagnoses/ says that the names mean,
 * and from nothing that an engine says.
 */
#ifndef BENCH_DRAWN_FAULT_H
#define BENCH_DRAWN_FAULT_H

#include "sim/sim.h"

struct drawn_case;

/** Where a kind of trouble may be. */
enum drawn_place {
    DRAWN_LINK,
    DRAWN_REGION, /**< a link, and all that is around one of its ends */
    DRAWN_NODE,
    DRAWN_RELAY, /**< a node with two links at least */
};

struct drawn_range {
    double least, most;
    const char *unit; /**< in the listing; NULL: there is nothing to draw */
};

struct drawn_fault {
    enum heal_diagnosis truth;
    const char *what; /**< in words, for the listing */
    enum drawn_place place;
    bool radio; /**< there have to be radios; else there may be */
    struct drawn_range how_bad, and;
    void (*prepare)(struct heal_sim *sim,
                    const struct drawn_case *of); /**< before the mesh begins; or NULL */
    void (*inject)(struct heal_sim *sim, const struct drawn_case *of);
    const char *why; /**< it has this name and no other */
};

extern const struct drawn_fault drawn_faults[];
extern const size_t drawn_faults_count;

/** @return how many rows there are of a true name. */
unsigned drawn_faults_of(enum heal_diagnosis truth);
/** @return the @p index-th of them. */
const struct drawn_fault *drawn_fault_of(enum heal_diagnosis truth, unsigned index);

#endif
