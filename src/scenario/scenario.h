/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Scenarios: scripts in plain sentences about a mesh in virtual time, one sentence a line (docs/simulate.md).
 * A script is read as a whole before any of it happens. It reads no files by itself and prints to where it is
 * told; what happens can be followed by a watcher.
 */
#ifndef HEAL_SCENARIO_SCENARIO_H
#define HEAL_SCENARIO_SCENARIO_H

#include "sim/sim.h"

#include <stdio.h>

/** Who follows a run. Every function may be NULL. */
struct heal_scenario_watcher {
    void *context;
    /** The mesh is there; it is valid until heal_scenario_run returns. */
    void (*made)(void *context, const struct heal_sim *sim);
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
    const char *name;                     /**< of the script, for messages: "FILE:LINE: …" */
    const struct heal_settings *settings; /**< of every node, but for the services; copied */
    uint64_t seed;
    FILE *out; /**< what came of expectations; NULL: nowhere */
    FILE *err; /**< what is wrong */
    struct heal_scenario_watcher watcher;
    /** Reads a file that the script names. @return its text, which the caller frees, or NULL. May be NULL. */
    char *(*load)(const char *script, const char *file, size_t *ret_length);
};

struct heal_scenario_result {
    unsigned expectations, failures; /**< failures: also sentences that are none */
    double seconds;                  /**< of virtual time */
    unsigned acts;                   /**< all nodes', on the world */
};

/**
 * Reads a script, and if it is sound lets it happen.
 * @return 0 if every expectation held; 1 if one did not, or the script is not sound: said on `err`; -ENOMEM.
 */
int heal_scenario_run(const char *script, size_t length, const struct heal_scenario_options *options,
                      struct heal_scenario_result *ret_result);

/** Only reads a script. @return how many things are wrong with it: said on `err`. */
unsigned heal_scenario_check(const char *script, size_t length, const struct heal_scenario_options *options);

/** @return the @p index-th sentence that a script may have, as a pattern with placeholders in capitals; NULL
 * past the last. */
const char *heal_scenario_sentence(size_t index);

#endif
