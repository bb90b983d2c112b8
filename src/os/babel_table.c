/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/babel_table.h"

#include <string.h>

void heal_babel_table_init(struct heal_babel_table *table) {
    *table = (struct heal_babel_table){0};
    heal_seen_init(&table->seen);
}

void heal_babel_table_deinit(struct heal_babel_table *table) {
    heal_seen_deinit(&table->seen);
}

void heal_babel_table_begin(struct heal_babel_table *table) {
    table->owners = table->interfaces = 0;
    heal_seen_begin(&table->seen);
}

void heal_babel_table_end(struct heal_babel_table *table, const struct heal_reading_sink *sink) {
    heal_seen_end(&table->seen, sink);
}

static void take_interface(struct heal_babel_table *table, const struct heal_babel_line *line) {
    size_t i = 0;
    while (i < table->interfaces && strcmp(table->interface[i].ifname, line->interface.ifname) != 0) {
        i++;
    }
    if (line->verb == HEAL_BABEL_FLUSH) {
        if (i < table->interfaces) {
            table->interface[i] = table->interface[--table->interfaces];
        }
    } else if (i < HEAL_BABEL_INTERFACES_MAX) {
        table->interface[i] = line->interface;
        table->interfaces += i == table->interfaces;
    }
}

/* Whether this line's neighbour is the one that counts on its port; notes it if so. */
static bool take_ownership(struct heal_babel_table *table, const struct heal_babel_line *line) {
    const struct heal_reading_neighbour *neighbour = &line->neighbour;
    struct heal_babel_owner *owner = table->owner, *end = table->owner + table->owners;
    while (owner < end && !heal_port_key_equal(&owner->port, &neighbour->port)) {
        owner++;
    }
    bool known = owner < end, same = known && strcmp(owner->id, line->id) == 0;
    if (line->verb == HEAL_BABEL_FLUSH) {
        if (same) {
            *owner = table->owner[--table->owners];
        }
        return same;
    }
    /* A dump lists the newest first, and both with `add`. */
    bool older = line->verb == HEAL_BABEL_CHANGE || table->seen.syncing;
    if (known && !same && older && owner->cost <= neighbour->cost) {
        return false;
    }
    if (!known) {
        if (table->owners == HEAL_BABEL_NEIGHBOURS_MAX) {
            return false;
        }
        table->owners++;
    }
    *owner = (struct heal_babel_owner){.port = neighbour->port, .cost = neighbour->cost};
    memcpy(owner->id, line->id, sizeof(owner->id));
    return true;
}

void heal_babel_table_take(struct heal_babel_table *table, const struct heal_babel_line *line,
                           const struct heal_reading_sink *sink) {
    struct heal_reading reading = {0};
    if (line->kind == HEAL_BABEL_INTERFACE) {
        take_interface(table, line);
    } else if (line->kind == HEAL_BABEL_ROUTE) {
        reading.kind = HEAL_READING_ROUTE;
        reading.route = line->route;
        heal_seen_report(&table->seen, &reading, sink);
    } else if (line->kind == HEAL_BABEL_NEIGHBOUR && take_ownership(table, line)) {
        reading.kind = HEAL_READING_NEIGHBOUR;
        reading.neighbour = line->neighbour;
        heal_seen_report(&table->seen, &reading, sink);
    }
}
