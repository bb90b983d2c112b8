/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Writing the output of a step: commands with tickets, and lines of the decision trace.
 */
#ifndef HEAL_MODEL_OUTPUT_H
#define HEAL_MODEL_OUTPUT_H

#include "model/world.h"

/**
 * Adds a command, cleared, of @p kind and on behalf of @p incident (0: none).
 * @return it, to be filled in; NULL when the step's output is full (the caller tries again next round).
 */
struct heal_command *heal_output_command(struct heal_world *world, enum heal_command_kind kind,
                                         uint64_t incident);

/** As heal_output_command, and gives the command the next ticket. */
struct heal_command *heal_output_order(struct heal_world *world, enum heal_command_kind kind,
                                       uint64_t incident);

/** As heal_output_order, for an act of a step: the step waits for its answer. */
struct heal_command *heal_output_act(struct heal_world *world, enum heal_command_kind kind, uint64_t incident,
                                     struct heal_step *step);

/** Orders the stream of probes through a port to begin, or with an interval of 0 to stop. @return false: the
 * output is full. */
bool heal_output_transit(struct heal_world *world, const struct heal_port *port,
                         const struct heal_transit *transit, uint16_t interval_ms);

/** Adds a line of the trace; one too many is counted. */
void heal_output_decide(struct heal_world *world, enum heal_decision_kind kind, uint64_t incident,
                        const char *format, ...) __attribute__((format(printf, 4, 5)));

/** Says and counts why nothing is done about the incident, once for as long as the reason is the same. */
void heal_output_suppress(struct heal_world *world, struct heal_incident *incident,
                          enum heal_suppression reason);

/** Reports a change that is not heald's: in the incident, the trace and the audit; once for the same words.
 */
void heal_output_others(struct heal_world *world, struct heal_incident *incident, const char *words);

/** Orders a record to be kept. @return its ticket; 0 when the output is full. */
uint32_t heal_output_store(struct heal_world *world, enum heal_record_kind kind, uint64_t incident,
                           const char *key, const char *value);

#endif
