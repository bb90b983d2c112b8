/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The tables of the event log: how each kind of reading, message, record … is spelled as `name=value` pairs
 * (base/field.h). docs/replay.md lists them.
 */
#ifndef HEAL_WIRE_FIELDS_H
#define HEAL_WIRE_FIELDS_H

#include "base/field.h"
#include "heal/event.h"

/** One kind: its word in the log, and the fields, whose offsets count from the struct of that kind. */
struct heal_wire_kind {
    const char *word;
    const struct heal_field *fields;
};

extern const struct heal_wire_kind heal_wire_readings[HEAL_READING_KINDS]; /**< from the union's member */
extern const struct heal_wire_kind heal_wire_messages[HEAL_MESSAGE_KINDS]; /**< from struct heal_message */
extern const struct heal_wire_kind heal_wire_others[HEAL_EVENT_KINDS]; /**< result, operator, restore … */
extern const struct heal_field heal_wire_record[];
extern const char *const heal_wire_record_kinds[];

/** The fields of a struct heal_link_account that is the member @p in_ of a struct. */
#define HEAL_WIRE_ACCOUNT_FIELDS(struct_, in_)                                                               \
    HEAL_FIELD_OF(U32, "epoch", struct_, in_.epoch),                                                         \
        HEAL_FIELD_OF(U32, "expected.small", struct_, in_.expected[HEAL_PROBE_SMALL]),                       \
        HEAL_FIELD_OF(U32, "expected.full", struct_, in_.expected[HEAL_PROBE_FULL]),                         \
        HEAL_FIELD_OF(U32, "received.small", struct_, in_.received[HEAL_PROBE_SMALL]),                       \
        HEAL_FIELD_OF(U32, "received.full", struct_, in_.received[HEAL_PROBE_FULL]),                         \
        HEAL_FIELD_OF(U32, "outages", struct_, in_.outages),                                                 \
        HEAL_FIELD_OF(U32, "outage-lost.small", struct_, in_.outage_lost[HEAL_PROBE_SMALL]),                 \
        HEAL_FIELD_OF(U32, "outage-lost.full", struct_, in_.outage_lost[HEAL_PROBE_FULL]),                   \
        HEAL_FIELD_OF(U32, "silence", struct_, in_.silence_ms),                                              \
        HEAL_FIELD_OF(U64, "pair-sent", struct_, in_.pair_sent),                                             \
        HEAL_FIELD_OF(U64, "pair-received", struct_, in_.pair_received)

#endif
