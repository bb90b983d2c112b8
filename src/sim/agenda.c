/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "sim/agenda.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* An entry as it lies in memory, its event behind it. */
struct item {
    uint32_t node, bytes; /* bytes of the event; 0: a round */
};

/* A piece of memory for entries. */
struct heal_sheet {
    struct heal_sheet *next;
    size_t used;
    _Alignas(max_align_t) unsigned char memory[8192];
};

struct heal_moment {
    heal_us at;
    uint64_t order;
    struct heal_sheet *first, *last;
    size_t taken;             /* bytes of the first sheet */
    struct heal_moment *next; /* of those that are free */
};

enum { UNIT = sizeof(struct item) };
_Static_assert(UNIT % _Alignof(struct heal_event) == 0 && sizeof(struct heal_event) % UNIT == 0 &&
                   UNIT + sizeof(struct heal_event) <= sizeof((struct heal_sheet *)0)->memory,
               "any event fits on a sheet, and lies there as its type wants");

/* ---- sheets ---- */

static struct heal_sheet *add_sheet(struct heal_agenda *agenda, struct heal_moment *moment) {
    struct heal_sheet *sheet = agenda->free_sheets;
    if (sheet)
        agenda->free_sheets = sheet->next;
    else
        sheet = malloc(sizeof *sheet);
    if (!sheet)
        return NULL;
    sheet->next = NULL;
    sheet->used = 0;
    if (moment->last)
        moment->last->next = sheet;
    else
        moment->first = sheet;
    moment->last = sheet;
    return sheet;
}

static void give_back(struct heal_agenda *agenda, struct heal_sheet *sheet) {
    sheet->next = agenda->free_sheets;
    agenda->free_sheets = sheet;
}

/* ---- moments ---- */

static bool is_before(const struct heal_moment *a, const struct heal_moment *b) {
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

/* D. E. Knuth's multiplicative hashing, by 2^64 over the golden ratio: its uppermost bits. */
static struct heal_moment **place_of(struct heal_agenda *agenda, heal_us at) {
    return &agenda->open[(uint64_t)at * UINT64_C(0x9e3779b97f4a7c15) >> (64 - HEAL_AGENDA_OPEN_BITS)];
}

static bool grow(struct heal_agenda *agenda) {
    size_t room = agenda->room ? agenda->room * 2 : 256;
    struct heal_moment **larger = realloc(agenda->moment, room * sizeof(void *));
    if (!larger)
        return false;
    agenda->moment = larger;
    agenda->room = room;
    return true;
}

/* @return one with a sheet; NULL: there was no memory. */
static struct heal_moment *moment_new(struct heal_agenda *agenda, heal_us at) {
    struct heal_moment *moment = agenda->free_moments;
    if (moment)
        agenda->free_moments = moment->next;
    else
        moment = malloc(sizeof *moment);
    if (!moment)
        return NULL;
    *moment = (struct heal_moment){.at = at, .order = agenda->order++};
    if (add_sheet(agenda, moment))
        return moment;
    free(moment);
    return NULL;
}

static void rise(struct heal_agenda *agenda, struct heal_moment *moment) {
    size_t at = agenda->moments++;
    for (; at > 0 && is_before(moment, agenda->moment[(at - 1) / 2]); at = (at - 1) / 2)
        agenda->moment[at] = agenda->moment[(at - 1) / 2];
    agenda->moment[at] = moment;
}

/* @return the moment to write to. One that another has displaced from its place is older than that one, and
 * so is all that it holds: where both are of the same time it comes first. NULL: there was no memory. */
static struct heal_moment *moment_at(struct heal_agenda *agenda, heal_us at) {
    struct heal_moment **place = place_of(agenda, at);
    struct heal_moment *open = *place;
    if (open && open->at == at)
        return open;
    struct heal_moment *moment =
        agenda->moments < agenda->room || grow(agenda) ? moment_new(agenda, at) : NULL;
    if (!moment)
        return NULL;
    rise(agenda, moment);
    *place = moment;
    return moment;
}

/* The first one is over. */
static void close_first(struct heal_agenda *agenda) {
    struct heal_moment *first = agenda->moment[0], *last = agenda->moment[--agenda->moments];
    size_t at = 0;
    for (size_t child = 1; child < agenda->moments; child = 2 * at + 1) {
        child += child + 1 < agenda->moments && is_before(agenda->moment[child + 1], agenda->moment[child]);
        if (!is_before(agenda->moment[child], last))
            break;
        agenda->moment[at] = agenda->moment[child];
        at = child;
    }
    agenda->moment[at] = last;
    struct heal_moment **place = place_of(agenda, first->at);
    if (*place == first)
        *place = NULL;
    first->next = agenda->free_moments;
    agenda->free_moments = first;
}

/* ---- entries ---- */

/* What an entry takes of a sheet, with so many bytes of an event. */
static size_t room_of(size_t bytes) {
    return UNIT + (bytes + UNIT - 1) / UNIT * UNIT;
}

/* @return room for an event of so many bytes; NULL: there was no memory. */
static void *put(struct heal_agenda *agenda, heal_us at, unsigned node, size_t bytes) {
    size_t wanted = room_of(bytes);
    struct heal_moment *moment = moment_at(agenda, at);
    struct heal_sheet *sheet = moment ? moment->last : NULL;
    if (sheet && sizeof sheet->memory - sheet->used < wanted)
        sheet = add_sheet(agenda, moment);
    if (!sheet) {
        agenda->failed = true;
        return NULL;
    }
    struct item *item = (struct item *)(sheet->memory + sheet->used);
    *item = (struct item){.node = node, .bytes = (uint32_t)bytes};
    sheet->used += wanted;
    agenda->entries++;
    return item + 1;
}

void heal_agenda_round(struct heal_agenda *agenda, heal_us at, unsigned node) {
    (void)put(agenda, at, node, 0);
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

void heal_agenda_post(struct heal_agenda *agenda, heal_us at, unsigned node, const struct heal_event *event) {
    size_t bytes = event_bytes(event);
    void *copy = put(agenda, at, node, bytes);
    if (copy)
        memcpy(copy, event, bytes);
}

void heal_agenda_send(struct heal_agenda *agenda, heal_us at, unsigned node,
                      const struct heal_message *message) {
    size_t bytes = message_bytes(message);
    struct heal_event *copy = put(agenda, at, node, offsetof(struct heal_event, message) + bytes);
    if (!copy)
        return;
    copy->kind = HEAL_EVENT_MESSAGE;
    memcpy(&copy->message, message, bytes);
}

struct heal_agenda_entry heal_agenda_next(const struct heal_agenda *agenda) {
    if (agenda->moments == 0)
        return (struct heal_agenda_entry){.at = HEAL_NEVER};
    const struct heal_moment *first = agenda->moment[0];
    const struct item *item = (const struct item *)(first->first->memory + first->taken);
    return (struct heal_agenda_entry){
        .at = first->at,
        .node = item->node,
        .event = item->bytes ? (const struct heal_event *)(item + 1) : NULL,
    };
}

struct heal_agenda_entry heal_agenda_take(struct heal_agenda *agenda) {
    struct heal_agenda_entry entry = heal_agenda_next(agenda);
    struct heal_moment *first = agenda->moment[0];
    struct heal_sheet *sheet = first->first;
    const struct item *item = (const struct item *)(sheet->memory + first->taken);
    if (agenda->read)
        give_back(agenda, agenda->read);
    agenda->read = NULL;
    agenda->entries--;
    first->taken += room_of(item->bytes);
    if (first->taken < sheet->used)
        return entry;
    agenda->read = sheet;
    first->first = sheet->next;
    first->taken = 0;
    if (!first->first)
        close_first(agenda);
    return entry;
}

static void free_sheets(struct heal_sheet *sheet) {
    while (sheet) {
        struct heal_sheet *next = sheet->next;
        free(sheet);
        sheet = next;
    }
}

void heal_agenda_deinit(struct heal_agenda *agenda) {
    for (size_t i = 0; i < agenda->moments; i++) {
        free_sheets(agenda->moment[i]->first);
        free(agenda->moment[i]);
    }
    free_sheets(agenda->free_sheets);
    free(agenda->read);
    while (agenda->free_moments) {
        struct heal_moment *moment = agenda->free_moments;
        agenda->free_moments = moment->next;
        free(moment);
    }
    free(agenda->moment);
    *agenda = (struct heal_agenda){0};
}
