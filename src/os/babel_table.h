/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What babeld has said so far: its lines made into readings. babeld may know two neighbours by one address on
 * one interface: after `flush interface` the old one stays, unreachable, until its hellos have aged. The
 * newest is the one that counts; the lines of the other are passed over.
 */
#ifndef HEAL_OS_BABEL_TABLE_H
#define HEAL_OS_BABEL_TABLE_H

#include "os/seen.h"
#include "wire/babel_text.h"

enum { HEAL_BABEL_INTERFACES_MAX = 64, HEAL_BABEL_NEIGHBOURS_MAX = 256 };

struct heal_babel_owner {
    struct heal_port_key port;
    uint16_t cost;
    char id[sizeof(((struct heal_babel_line *)0)->id)];
};

struct heal_babel_table {
    struct heal_seen seen;
    size_t owners, interfaces;
    struct heal_babel_owner owner[HEAL_BABEL_NEIGHBOURS_MAX];
    struct heal_babel_interface interface[HEAL_BABEL_INTERFACES_MAX];
};

void heal_babel_table_init(struct heal_babel_table *table);
void heal_babel_table_deinit(struct heal_babel_table *table);

/** A dump begins: what it does not mention has vanished when it ends. */
void heal_babel_table_begin(struct heal_babel_table *table);
void heal_babel_table_end(struct heal_babel_table *table, const struct heal_reading_sink *sink);

void heal_babel_table_take(struct heal_babel_table *table, const struct heal_babel_line *line,
                           const struct heal_reading_sink *sink);

#endif
