/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What is to happen, in the order of time, and of the same time in the order in which it was put down: a
 * binary heap. An entry is a node's round, or an event on its way to a node, which the agenda owns.
 */
#ifndef HEAL_SIM_AGENDA_H
#define HEAL_SIM_AGENDA_H

#include "heal/event.h"

/** An event on its way. */
struct heal_letter {
    struct heal_letter *next; /**< in the list of those that are free */
    struct heal_event event;
};

struct heal_agenda_entry {
    heal_us at;
    uint64_t order;
    unsigned node;
    struct heal_letter *letter; /**< NULL: its round is due */
};

struct heal_agenda {
    size_t entries, room;
    struct heal_agenda_entry *entry;
    uint64_t order;
    struct heal_letter *free;
    bool failed; /**< there was no memory for an entry */
};

/** Puts down a node's round. */
void heal_agenda_round(struct heal_agenda *agenda, heal_us at, unsigned node);
/** Puts down an event. @param event copied. */
void heal_agenda_post(struct heal_agenda *agenda, heal_us at, unsigned node, const struct heal_event *event);
/** Puts down a message on its way. @param message copied. */
void heal_agenda_send(struct heal_agenda *agenda, heal_us at, unsigned node,
                      const struct heal_message *message);
/** @return when the first entry is due; HEAL_NEVER: there is none. */
heal_us heal_agenda_next(const struct heal_agenda *agenda);
/** Takes the first entry out. If it has a letter, that is given back afterwards. */
struct heal_agenda_entry heal_agenda_take(struct heal_agenda *agenda);
/** Takes NULL. */
void heal_agenda_give_back(struct heal_agenda *agenda, struct heal_letter *letter);
void heal_agenda_deinit(struct heal_agenda *agenda);

#endif
