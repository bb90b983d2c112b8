/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "sim/agenda.h"

#include <stdlib.h>
#include <string.h>

static bool is_before(const struct heal_agenda_entry *a, const struct heal_agenda_entry *b) {
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void put(struct heal_agenda *agenda, struct heal_agenda_entry entry) {
    if (agenda->entries == agenda->room) {
        size_t room = agenda->room ? agenda->room * 2 : 256;
        struct heal_agenda_entry *larger = realloc(agenda->entry, room * sizeof *larger);
        if (!larger) {
            heal_agenda_give_back(agenda, entry.letter);
            agenda->failed = true;
            return;
        }
        agenda->entry = larger;
        agenda->room = room;
    }
    entry.order = agenda->order++;
    size_t at = agenda->entries++;
    for (; at > 0 && is_before(&entry, &agenda->entry[(at - 1) / 2]); at = (at - 1) / 2)
        agenda->entry[at] = agenda->entry[(at - 1) / 2];
    agenda->entry[at] = entry;
}

void heal_agenda_round(struct heal_agenda *agenda, heal_us at, unsigned node) {
    put(agenda, (struct heal_agenda_entry){.at = at, .node = node});
}

/* An event is as large as the largest message; most are a sixth of that. */
static size_t bytes_of(const struct heal_event *event) {
    if (event->kind == HEAL_EVENT_READING)
        return offsetof(struct heal_event, reading) + sizeof event->reading;
    if (event->kind == HEAL_EVENT_RESULT)
        return offsetof(struct heal_event, result) + sizeof event->result;
    if (event->kind != HEAL_EVENT_MESSAGE)
        return sizeof *event;
    switch (event->message.kind) {
    case HEAL_MESSAGE_LINK:
        return offsetof(struct heal_event, message.link) + sizeof event->message.link;
    case HEAL_MESSAGE_INCIDENT:
        return offsetof(struct heal_event, message.incident) + sizeof event->message.incident;
    case HEAL_MESSAGE_PATHS:
        return offsetof(struct heal_event, message.paths.path) +
               event->message.paths.paths * sizeof event->message.paths.path[0];
    case HEAL_MESSAGE_KINDS:
        break;
    }
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

void heal_agenda_post(struct heal_agenda *agenda, heal_us at, unsigned node, const struct heal_event *event) {
    struct heal_letter *letter = letter_take(agenda);
    if (!letter) {
        agenda->failed = true;
        return;
    }
    memcpy(&letter->event, event, bytes_of(event));
    put(agenda, (struct heal_agenda_entry){.at = at, .node = node, .letter = letter});
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
