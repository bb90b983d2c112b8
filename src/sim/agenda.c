/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "sim/agenda.h"

#include <stdlib.h>
#include <string.h>

static bool is_before(const struct heal_agenda_entry *a, const struct heal_agenda_entry *b) {
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

/* @return false: there was no memory, and the letter is given back. */
static bool put(struct heal_agenda *agenda, struct heal_agenda_entry entry) {
    if (agenda->entries == agenda->room) {
        size_t room = agenda->room ? agenda->room * 2 : 256;
        struct heal_agenda_entry *larger = realloc(agenda->entry, room * sizeof *larger);
        if (!larger) {
            heal_agenda_give_back(agenda, entry.letter);
            agenda->failed = true;
            return false;
        }
        agenda->entry = larger;
        agenda->room = room;
    }
    entry.order = agenda->order++;
    size_t at = agenda->entries++;
    for (; at > 0 && is_before(&entry, &agenda->entry[(at - 1) / 2]); at = (at - 1) / 2)
        agenda->entry[at] = agenda->entry[(at - 1) / 2];
    agenda->entry[at] = entry;
    return true;
}

void heal_agenda_round(struct heal_agenda *agenda, heal_us at, unsigned node) {
    (void)put(agenda, (struct heal_agenda_entry){.at = at, .node = node});
}

/* A message has room for the most neighbours and paths that are told at once; most are a sixth of that. */
static size_t message_bytes(const struct heal_message *message) {
    switch (message->kind) {
    case HEAL_MESSAGE_LINK:
        return offsetof(struct heal_message, link.neighbour) +
               message->link.neighbours * sizeof message->link.neighbour[0];
    case HEAL_MESSAGE_INCIDENT:
        return offsetof(struct heal_message, incident) + sizeof message->incident;
    case HEAL_MESSAGE_PATHS:
        return offsetof(struct heal_message, paths.path) +
               message->paths.paths * sizeof message->paths.path[0];
    case HEAL_MESSAGE_KINDS:
        break;
    }
    return sizeof *message;
}

static size_t event_bytes(const struct heal_event *event) {
    if (event->kind == HEAL_EVENT_READING)
        return offsetof(struct heal_event, reading) + sizeof event->reading;
    if (event->kind == HEAL_EVENT_RESULT)
        return offsetof(struct heal_event, result) + sizeof event->result;
    return sizeof *event;
}

static struct heal_letter *letter_take(struct heal_agenda *agenda) {
    struct heal_letter *letter = agenda->free;
    if (!letter)
        return calloc(1, sizeof *letter);
    agenda->free = letter->next;
    return letter;
}

void heal_agenda_give_back(struct heal_agenda *agenda, struct heal_letter *letter) {
    if (!letter)
        return;
    letter->next = agenda->free;
    agenda->free = letter;
}

/* @return the letter of an entry that has been put down, to be written; NULL: there was no memory. */
static struct heal_event *post(struct heal_agenda *agenda, heal_us at, unsigned node) {
    struct heal_letter *letter = letter_take(agenda);
    if (!letter) {
        agenda->failed = true;
        return NULL;
    }
    return put(agenda, (struct heal_agenda_entry){.at = at, .node = node, .letter = letter}) ? &letter->event
                                                                                             : NULL;
}

void heal_agenda_post(struct heal_agenda *agenda, heal_us at, unsigned node, const struct heal_event *event) {
    struct heal_event *copy = post(agenda, at, node);
    if (copy)
        memcpy(copy, event, event_bytes(event));
}

void heal_agenda_send(struct heal_agenda *agenda, heal_us at, unsigned node,
                      const struct heal_message *message) {
    struct heal_event *copy = post(agenda, at, node);
    if (!copy)
        return;
    copy->kind = HEAL_EVENT_MESSAGE;
    memcpy(&copy->message, message, message_bytes(message));
}

heal_us heal_agenda_next(const struct heal_agenda *agenda) {
    return agenda->entries > 0 ? agenda->entry[0].at : HEAL_NEVER;
}

struct heal_agenda_entry heal_agenda_take(struct heal_agenda *agenda) {
    struct heal_agenda_entry first = agenda->entry[0], last = agenda->entry[--agenda->entries];
    size_t at = 0;
    for (size_t child = 1; child < agenda->entries; child = 2 * at + 1) {
        child += child + 1 < agenda->entries && is_before(&agenda->entry[child + 1], &agenda->entry[child]);
        if (!is_before(&agenda->entry[child], &last))
            break;
        agenda->entry[at] = agenda->entry[child];
        at = child;
    }
    agenda->entry[at] = last;
    return first;
}

void heal_agenda_deinit(struct heal_agenda *agenda) {
    for (size_t i = 0; i < agenda->entries; i++)
        heal_agenda_give_back(agenda, agenda->entry[i].letter);
    while (agenda->free) {
        struct heal_letter *letter = agenda->free;
        agenda->free = letter->next;
        free(letter);
    }
    free(agenda->entry);
    *agenda = (struct heal_agenda){0};
}
