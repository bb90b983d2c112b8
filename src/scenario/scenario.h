/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Scenarios: scripts in plain sentences about a mesh in virtual time, one sentence a line (docs/simulate.md).
 * A script is read as a whole, and all that it names is looked up in its mesh, before any of it happens. It
 * reads no files by itself and prints to where it is told; what happens can be followed by a watcher.
 */
#ifndef HEAL_SCENARIO_SCENARIO_H
#define HEAL_SCENARIO_SCENARIO_H

#include "sim/sim.h"

#include <stdio.h>

/** Who follows a run. Every function may be NULL. */
struct heal_scenario_watcher {
    void *context;
    /** The script is sound, and its mesh is about to be made; large ones take a while. */
    void (*making)(void *context, const struct heal_sim_plan *plan, const struct heal_settings *settings);
    /** A sentence that does something to the mesh or orders something is about to come true. */
    void (*befalls)(void *context, const struct heal_sim *sim, const char *sentence);
    /** A second has passed. */
    void (*second)(void *context, const struct heal_sim *sim);
    /** It is over; the mesh is as it was left. */
    void (*ended)(void *context, const struct heal_sim *sim);
    /** A node's engine has decided something. */
    void (*decided)(void *context, const struct heal_sim *sim, unsigned node,
                    const struct heal_decision *decision);
};

struct heal_scenario_options {
    const char *name;                     /**< of the script, for messages: "FILE:LINE:COLUMN: …" */
    const struct heal_settings *settings; /**< of every node, but for the services; copied */
    uint64_t seed;
    FILE *out; /**< what came of expectations; NULL: nowhere */
    FILE *err; /**< what is wrong */
    struct heal_scenario_watcher watcher;
    /** Reads a file that the script names. @return its text, which the caller frees, or NULL. May be NULL. */
    char *(*load)(const char *script, const char *file, size_t *ret_length);
};

/** How long a mesh lives before the first sentence about it: its nodes learn what is normal. */
extern const heal_us heal_scenario_settles_us;

/** What came of a script. */
enum heal_scenario_outcome {
    HEAL_SCENARIO_HELD,    /**< all that it expects came true */
    HEAL_SCENARIO_FAILED,  /**< something did not, or what must hold in every script did not */
    HEAL_SCENARIO_REFUSED, /**< it is not sound, and nothing of it has happened */
};

struct heal_scenario_result {
    unsigned expectations, failures; /**< failures: also what must hold in every script, and did not */
    unsigned unmet; /**< expectations that did not come true; those after them were not tried */
    double seconds; /**< of virtual time */
    unsigned acts;  /**< all nodes', on the world */
};

/**
 * Reads a script, and if it is sound lets it happen.
 * @return an outcome; what is wrong is said on `err`; or -ENOMEM.
 */
int heal_scenario_run(const char *script, size_t length, const struct heal_scenario_options *options,
                      struct heal_scenario_result *ret_result);

/** Only reads a script, and looks up what it names. @return how many things are wrong with it: said on `err`.
 */
unsigned heal_scenario_check(const char *script, size_t length, const struct heal_scenario_options *options);

/** @return the @p index-th sentence that a script may have, as a pattern with placeholders in capitals; NULL
 * past the last. */
const char *heal_scenario_sentence(size_t index);

#endif
