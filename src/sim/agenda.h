/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What is to happen, in the order of time, and of the same time in the order in which it was put down. Most
 * of it happens at few moments, so each moment has a list of its own, whose entries lie in memory one behind
 * the other, no longer than what they tell; the moments are in a binary heap. The agenda owns all of it.
 */
#ifndef HEAL_SIM_AGENDA_H
#define HEAL_SIM_AGENDA_H

#include "heal/event.h"

enum {
    HEAL_AGENDA_OPEN_BITS = 6,
    HEAL_AGENDA_OPEN = 1 << HEAL_AGENDA_OPEN_BITS, /**< moments that can be found by their time */
};

struct heal_agenda_entry {
    heal_us at; /**< HEAL_NEVER: there is none */
    unsigned node;
    const struct heal_event *event; /**< as long as its kind takes; NULL: the node's round is due */
};

struct heal_moment;
struct heal_sheet;

struct heal_agenda {
    size_t entries; /**< put down, and not taken yet */
    size_t moments, room;
    struct heal_moment **moment;                /**< the heap */
    struct heal_moment *open[HEAL_AGENDA_OPEN]; /**< by their time; others are not written to any more */
    uint64_t order;                             /**< moments ever begun */
    struct heal_moment *free_moments;
    struct heal_sheet *free_sheets, *read; /**< read: the entry that was taken last lies there */
    bool failed;                           /**< there was no memory for an entry */
};

/** Puts down a node's round. */
void heal_agenda_round(struct heal_agenda *agenda, heal_us at, unsigned node);
/** Puts down an event. @param event copied. */
void heal_agenda_post(struct heal_agenda *agenda, heal_us at, unsigned node, const struct heal_event *event);
/** Puts down a message on its way. @param message copied. */
void heal_agenda_send(struct heal_agenda *agenda, heal_us at, unsigned node,
                      const struct heal_message *message);
/** @return the first entry, which stays. */
struct heal_agenda_entry heal_agenda_next(const struct heal_agenda *agenda);
/** Takes the first entry out; there is one. Its event is there until the next one is taken. */
struct heal_agenda_entry heal_agenda_take(struct heal_agenda *agenda);
void heal_agenda_deinit(struct heal_agenda *agenda);

#endif
