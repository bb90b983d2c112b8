/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The engine: one node's MAPE-K loop as a pure function of what happened. It does no I/O, has no clock, no
 * thread and no global state; after heal_engine_new it allocates nothing.
 *
 *     for each event:  heal_engine_step(engine, now, &event, &output), then carry out output.command[]
 *     and at the latest at heal_engine_next_deadline(engine): a round of readings, then HEAL_EVENT_ROUND
 */
#ifndef HEAL_ENGINE_H
#define HEAL_ENGINE_H

#include "heal/event.h"

struct heal_engine;
struct heal_settings; /* heal/settings.h */

enum heal_mode {
    HEAL_MODE_OBSERVE, /**< nothing is done; what would be done is recorded */
    HEAL_MODE_WARN,    /**< people are told, nothing else is done */
    HEAL_MODE_ACT,
    HEAL_MODES,
};

/** The kinds of decision, in the order in which the loop makes them. */
enum heal_decision_kind {
    HEAL_DECISION_OBSERVATION, /**< something left its normal range */
    HEAL_DECISION_SYMPTOM,
    HEAL_DECISION_INCIDENT, /**< opened, joined, changed, closed */
    HEAL_DECISION_DIAGNOSIS,
    HEAL_DECISION_PLAN,       /**< which remedy, and by which rule */
    HEAL_DECISION_SUPPRESSED, /**< why nothing is done */
    HEAL_DECISION_COMMAND,    /**< an act was ordered (or, in observe, would have been) */
    HEAL_DECISION_OUTCOME,
    HEAL_DECISION_FEEDBACK, /**< a threshold or a strategy changed */
    HEAL_DECISION_KINDS,
};

/** One line of the decision trace. */
struct heal_decision {
    heal_us time;
    enum heal_decision_kind kind;
    uint64_t incident; /**< 0: none */
    char text[240];    /**< name=value pairs; no time in it, no address of memory: the same every time */
};

enum { HEAL_OUTPUT_COMMANDS = 128, HEAL_OUTPUT_DECISIONS = 64 };

/** What a step wants done and what it decided. The caller's memory; a step empties it first. */
struct heal_output {
    size_t commands, decisions;
    size_t decisions_dropped; /**< did not fit; counted, never silent */
    struct heal_command command[HEAL_OUTPUT_COMMANDS];
    struct heal_decision decision[HEAL_OUTPUT_DECISIONS];
};

/**
 * Makes an engine for the node called @p node.
 * @param settings copied. @param seed of its random choices (Thompson sampling).
 * @return 0, -ENOMEM, or -EINVAL for an empty name.
 */
int heal_engine_new(const char *node, const struct heal_settings *settings, uint64_t seed,
                    struct heal_engine **ret_engine);

/** Frees; takes NULL. @return NULL. */
struct heal_engine *heal_engine_free(struct heal_engine *engine);

/** @return the bytes of an engine with these settings, a multiple of any type's alignment: all that it ever
 * needs. */
size_t heal_engine_bytes(const struct heal_settings *settings);

/**
 * As heal_engine_new, for whoever has many and places them himself.
 * @param memory heal_engine_bytes() of it, zeroed and aligned for any type; the caller's, and released by the
 * caller: such an engine is not given to heal_engine_free.
 * @return 0, or -EINVAL for an empty name or no ports.
 */
int heal_engine_place(void *memory, const char *node, const struct heal_settings *settings, uint64_t seed,
                      struct heal_engine **ret_engine);

/**
 * Writes down that all that was in place has been taken back, as whoever runs the engine does before he
 * stops: its steps are over, its incidents closed. The output holds STORE commands only; no step follows.
 * @return whether that was all; else the output was full, and it is to be called again.
 */
bool heal_engine_retire(struct heal_engine *engine, heal_us now, struct heal_output *output);

/** Where a network may be (docs/network.md). */
enum heal_slot {
    HEAL_SLOT_ACTIVE, /**< its verdicts count */
    HEAL_SLOT_SHADOW, /**< it is tried out: its verdicts are only looked at */
    HEAL_SLOTS,
};
/** "active", "shadow"; NULL past the last. */
extern const char *const heal_slot_names[HEAL_SLOTS + 1];
struct heal_gnn_model; /* gnn/model.h */

/** @return the bytes that a network of this engine needs, a multiple of any type's alignment. */
size_t heal_engine_network_bytes(const struct heal_engine *engine);

/**
 * Gives the engine a network in place of the one that it has, or takes that away. What was worked out before
 * is forgotten.
 * @param model NULL: none. @param memory heal_engine_network_bytes() of it, aligned for any type. Both stay
 * the caller's, and must last until the network is replaced or the engine is no more.
 * The operator's word (HEAL_OPERATOR_ACTIVATE) moves the shadow's to the active place, with its memory.
 * @return 0; or -EINVAL with words for a model that nodes cannot compute together: the old one stays.
 */
int heal_engine_set_network(struct heal_engine *engine, enum heal_slot slot,
                            const struct heal_gnn_model *model, void *memory, struct heal_error *error);

/**
 * Says when the networks begin to judge, and when they have, for who wants to know how long they take: the
 * library has no clock. What the reasons of alarms take is not in it. @param hear called within steps, and
 * only there; NULL: nobody asks. Not each beginning has an end: most rounds judge nothing anew.
 */
void heal_engine_time_networks(struct heal_engine *engine, void (*hear)(void *context, bool begins),
                               void *context);

/** Takes new settings as a whole; thresholds, strategies and open incidents stay. */
void heal_engine_configure(struct heal_engine *engine, const struct heal_settings *settings);

/**
 * Lets one event happen. @p now never runs backwards: an earlier time counts as the latest one seen.
 * @param ret_output emptied, then filled.
 */
void heal_engine_step(struct heal_engine *engine, heal_us now, const struct heal_event *event,
                      struct heal_output *ret_output);

/** @return when the next round of readings is wanted. */
heal_us heal_engine_next_deadline(const struct heal_engine *engine);

/** @return a decision's kind as the trace spells it. */
const char *heal_decision_name(enum heal_decision_kind kind);

/** Writes "SECONDS.MICROSECONDS KIND incident=ID text" without a newline. @return its length or -ENOSPC. */
int heal_decision_format(const struct heal_decision *decision, char *buffer, size_t size);

/** @return the mode's name. */
const char *heal_mode_name(enum heal_mode mode);
/** All of them, with a NULL at the end. */
extern const char *const heal_mode_names[HEAL_MODES + 1];

#endif
