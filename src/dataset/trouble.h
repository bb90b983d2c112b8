/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What befalls a simulated mesh that a data set is made of, as a table of kinds: the faults of drawn/fault.h
 * that show in a port's eight features, a few more, those that do not show there, and what looks like trouble
 * and is none. From what was done, and when, follows which ports are sick, by the rules of docs/dataset.md;
 * what an engine says has no part in it.
 */
#ifndef HEAL_DATASET_TROUBLE_H
#define HEAL_DATASET_TROUBLE_H

#include "drawn/case.h"
#include "gnn/dataset.h"
#include "heal/message.h"

enum heal_trouble_truth {
    HEAL_TROUBLE_SICK,
    HEAL_TROUBLE_UNSEEN, /**< sick, and nothing of it is in the features: labelled unknown */
    HEAL_TROUBLE_NORMAL, /**< healthy, but for the moments of a change */
    HEAL_TROUBLE_TRUTHS,
};

struct heal_trouble_kind {
    const char *name;
    enum heal_trouble_truth truth;
    const struct heal_drawn_fault *own; /**< what is done; NULL: a row of heal_drawn_faults */
    enum heal_diagnosis diagnosis;      /**< whose row that is */
    enum heal_drawn_place only;         /**< and only one at such a place, if `chosen` */
    bool chosen;
    bool works;     /**< it works a node so hard that no processor time is left */
    unsigned often; /**< how often it is drawn, of its truth; 0 is 1 */
    /** whether a port's features can tell of it, [HEAL_FEATURES]; NULL: they can */
    bool (*shows)(const float *feature);
    void (*mend)(struct heal_sim *sim, const struct heal_drawn_case *of); /**< it passes; NULL: it stays */
};

/** Those that sick vertices have come first. */
extern const struct heal_trouble_kind heal_trouble_kinds[];
extern const unsigned heal_trouble_kinds_count;

/** What is seen of a trouble comes with the next rounds, and in full when the port has been examined. */
#define HEAL_TROUBLE_UNSEEN_US (8 * HEAL_US_PER_S)

/** @return the kind called @p name, or heal_trouble_kinds_count. */
unsigned heal_trouble_find(const char *name);
/** @return whether a kind can be known of a port at all by now. @param feature [HEAL_FEATURES], as measured;
 * NaN: not measured */
bool heal_trouble_shows(unsigned kind, const float *feature);

/** One that is to befall a mesh, or has. */
struct heal_dataset_trouble {
    unsigned kind;
    struct heal_drawn_case of;
    heal_us from, until; /**< until: HEAL_NEVER where it stays */
};

/** Draws a kind, a place and how bad it is. The mesh has its links' radios. @return false: that kind cannot
 * be there. */
bool heal_trouble_draw(const struct heal_sim *sim, const struct heal_sim_plan *plan,
                       struct heal_random *random, struct heal_dataset_trouble *ret_trouble);
/** Lets it begin now. */
void heal_trouble_begin(struct heal_sim *sim, struct heal_dataset_trouble *trouble);
/** Lets it pass, if its time is over. */
void heal_trouble_tick(struct heal_sim *sim, struct heal_dataset_trouble *trouble);

/** @return whether a port is at its place, at any time. */
bool heal_trouble_covers(const struct heal_dataset_trouble *trouble, const struct heal_sim *sim,
                         unsigned node, const struct heal_sim_port *port);
/** @return what is true of a port now, as far as this trouble goes. @param feature [HEAL_FEATURES], as
 * measured; NaN: not measured */
enum heal_gnn_label heal_trouble_label(const struct heal_dataset_trouble *trouble, const struct heal_sim *sim,
                                       unsigned node, const struct heal_sim_port *port, const float *feature);

#endif
