/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/seen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct heal_seen_entry {
    bool marked; /* mentioned in the present resync */
    struct heal_reading reading;
};

void heal_seen_init(struct heal_seen *seen) {
    *seen = (struct heal_seen){0};
}

void heal_seen_deinit(struct heal_seen *seen) {
    free(seen->entry);
    *seen = (struct heal_seen){0};
}

static int compare_port(const struct heal_port_key *a, const struct heal_port_key *b) {
    int difference = strncmp(a->ifname, b->ifname, sizeof(a->ifname));
    return difference ? difference : memcmp(&a->peer, &b->peer, sizeof(a->peer));
}

static int compare_prefix(const struct heal_prefix *a, const struct heal_prefix *b) {
    int difference = memcmp(&a->address, &b->address, sizeof(a->address));
    return difference ? difference : a->length - b->length;
}

static int compare_fib(const struct heal_reading_fib *a, const struct heal_reading_fib *b) {
    int difference = compare_prefix(&a->prefix, &b->prefix);
    if (!difference) {
        difference = (a->metric > b->metric) - (a->metric < b->metric);
    }
    if (!difference) {
        difference = a->protocol - b->protocol;
    }
    if (!difference) {
        difference = (a->type > b->type) - (a->type < b->type);
    }
    return difference ? difference : compare_port(&a->via, &b->via);
}

/* By what a reading is about, not by what it says. */
static int compare(const struct heal_reading *a, const struct heal_reading *b) {
    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    if (a->kind == HEAL_READING_FIB) {
        return compare_fib(&a->fib, &b->fib);
    }
    if (a->kind == HEAL_READING_ROUTE) {
        int difference = compare_prefix(&a->route.prefix, &b->route.prefix);
        return difference ? difference : compare_port(&a->route.via, &b->route.via);
    }
    if (a->kind == HEAL_READING_NEIGHBOUR) {
        return compare_port(&a->neighbour.port, &b->neighbour.port);
    }
    return strncmp(a->link.ifname, b->link.ifname, sizeof(a->link.ifname));
}

static bool *presence(struct heal_reading *reading) {
    if (reading->kind == HEAL_READING_FIB) {
        return &reading->fib.present;
    }
    if (reading->kind == HEAL_READING_ROUTE) {
        return &reading->route.present;
    }
    return reading->kind == HEAL_READING_NEIGHBOUR ? &reading->neighbour.present : &reading->link.present;
}

/* Whether two readings of the same key say the same. Field by field: padding says nothing. */
static bool says_the_same(const struct heal_reading *a, const struct heal_reading *b) {
    if (a->kind == HEAL_READING_FIB) {
        return true; /* all but `present` is key */
    }
    if (a->kind == HEAL_READING_ROUTE) {
        return a->route.installed == b->route.installed && a->route.metric == b->route.metric &&
               a->route.refmetric == b->route.refmetric;
    }
    if (a->kind == HEAL_READING_NEIGHBOUR) {
        return a->neighbour.reach == b->neighbour.reach && a->neighbour.rxcost == b->neighbour.rxcost &&
               a->neighbour.txcost == b->neighbour.txcost && a->neighbour.cost == b->neighbour.cost;
    }
    return false; /* counters: always news */
}

/* Where it is, or where it would have to be. */
static size_t find(const struct heal_seen *seen, const struct heal_reading *reading, bool *ret_found) {
    size_t low = 0, high = seen->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int difference = compare(&seen->entry[middle].reading, reading);
        if (difference == 0) {
            *ret_found = true;
            return middle;
        }
        if (difference < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *ret_found = false;
    return low;
}

static int make_room(struct heal_seen *seen, size_t at) {
    if (seen->count == HEAL_SEEN_MAX) {
        seen->dropped++;
        return -ENOSPC;
    }
    if (seen->count == seen->capacity) {
        size_t capacity = seen->capacity ? seen->capacity * 2 : 16;
        struct heal_seen_entry *entry = realloc(seen->entry, capacity * sizeof(*entry));
        if (!entry) {
            return -ENOMEM;
        }
        seen->entry = entry;
        seen->capacity = capacity;
    }
    memmove(&seen->entry[at + 1], &seen->entry[at], (seen->count - at) * sizeof(*seen->entry));
    seen->count++;
    return 0;
}

static void take_out(struct heal_seen *seen, size_t at) {
    seen->count--;
    memmove(&seen->entry[at], &seen->entry[at + 1], (seen->count - at) * sizeof(*seen->entry));
}

/* Takes an entry out and says that it is gone. */
static void vanish(struct heal_seen *seen, size_t at, const struct heal_reading_sink *sink) {
    struct heal_reading gone = seen->entry[at].reading;
    *presence(&gone) = false;
    take_out(seen, at);
    sink->take(sink->context, &gone);
}

int heal_seen_report(struct heal_seen *seen, const struct heal_reading *reading,
                     const struct heal_reading_sink *sink) {
    struct heal_reading copy = *reading;
    bool found, present = *presence(&copy);
    size_t at = find(seen, reading, &found);
    if (!present) {
        if (found) {
            take_out(seen, at);
            sink->take(sink->context, reading);
        }
        return 0;
    }
    if (!found) {
        int r = make_room(seen, at);
        if (r < 0) {
            return r;
        }
    }
    bool news = !found || !says_the_same(&seen->entry[at].reading, reading);
    seen->entry[at] = (struct heal_seen_entry){.marked = true, .reading = *reading};
    if (news) {
        sink->take(sink->context, reading);
    }
    return 0;
}

void heal_seen_begin(struct heal_seen *seen) {
    seen->syncing = true;
    for (size_t i = 0; i < seen->count; i++) {
        seen->entry[i].marked = false;
    }
}

void heal_seen_end(struct heal_seen *seen, const struct heal_reading_sink *sink) {
    if (!seen->syncing) {
        return;
    }
    seen->syncing = false;
    for (size_t i = seen->count; i-- > 0;) {
        if (!seen->entry[i].marked) {
            vanish(seen, i, sink);
        }
    }
}

void heal_seen_forget(struct heal_seen *seen,
                      bool (*match)(const struct heal_reading *known, const void *argument),
                      const void *argument, const struct heal_reading_sink *sink) {
    for (size_t i = seen->count; i-- > 0;) {
        if (match(&seen->entry[i].reading, argument)) {
            vanish(seen, i, sink);
        }
    }
}
