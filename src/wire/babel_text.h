/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The lines of babeld's local socket, e.g. "change neighbour ID address LL if IF reach ffff … cost 256".
 * Pure: one line in, one decoded line out. Fields that are not known are passed over, so that another version
 * of babeld can be read; fields that a reading needs must be there.
 */
#ifndef HEAL_WIRE_BABEL_TEXT_H
#define HEAL_WIRE_BABEL_TEXT_H

#include "heal/error.h"
#include "heal/reading.h"

enum heal_babel_kind {
    HEAL_BABEL_OTHER, /**< greeting, or an object that heald has no use for */
    HEAL_BABEL_OK,    /**< ends a reply */
    HEAL_BABEL_BAD,   /**< ends a reply: the command was not understood */
    HEAL_BABEL_NO,    /**< ends a reply: refused; `text` may say why */
    HEAL_BABEL_NEIGHBOUR,
    HEAL_BABEL_ROUTE, /**< also what this node exports (xroute): `via` is zero */
    HEAL_BABEL_INTERFACE,
};

enum heal_babel_verb { HEAL_BABEL_ADD, HEAL_BABEL_CHANGE, HEAL_BABEL_FLUSH };

struct heal_babel_interface {
    char ifname[HEAL_IFNAME_MAX];
    bool up;
};

struct heal_babel_line {
    enum heal_babel_kind kind;
    enum heal_babel_verb verb;
    char id[HEAL_ADDRESS_TEXT * 2]; /**< babeld's own name of the object; cut if longer */
    union {
        struct heal_reading_neighbour neighbour;
        struct heal_reading_route route;
        struct heal_babel_interface interface;
        char text[80];
    };
};

/**
 * Reads one line (its newline, if any, does not count).
 * @param ret_line untouched on failure. @param error may be NULL; has the column. @return 0 or -EINVAL.
 */
int heal_babel_line_parse(const char *line, size_t length, struct heal_babel_line *ret_line,
                          struct heal_error *error);

/** @return true for a line that ends a reply. */
bool heal_babel_line_is_reply(const struct heal_babel_line *line);

#endif
