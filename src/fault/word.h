/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The parts that the words of a fault are made of (a link, a node, a share …): how each is read from text,
 * written, and what it may be. Only for fault.c, check.c and parse.c.
 */
#ifndef HEAL_FAULT_WORD_H
#define HEAL_FAULT_WORD_H

#include "base/text.h"
#include "fault/fault.h"

enum heal_fault_word {
    HEAL_WORD_END, /* past the last */
    HEAL_WORD_LINK,
    HEAL_WORD_LINK_BOTH, /* no direction to be had */
    HEAL_WORD_NODE,
    HEAL_WORD_OTHER,
    HEAL_WORD_SERVICE,
    HEAL_WORD_SIDES,
    HEAL_WORD_SHARE,
    HEAL_WORD_BYTES,
    HEAL_WORD_BITS_PER_S,
    HEAL_WORD_BYTES_PER_S,
    HEAL_WORD_TIME,
    HEAL_WORD_JITTER, /* may be missing */
    HEAL_WORD_DOWN,
    HEAL_WORD_EVERY,
    HEAL_WORD_PLACE,
    HEAL_WORD_RADIUS,
    HEAL_WORD_RISE,
    HEAL_WORD_OFF,
    HEAL_WORDS,
};

enum { HEAL_FAULT_WORDS = 4 };

struct heal_fault_row {
    const char *name, *usage, *summary;
    enum heal_fault_word word[HEAL_FAULT_WORDS];
};

extern const struct heal_fault_row heal_fault_rows[HEAL_FAULT_KINDS];

/** @return what is wrong with the part of a fault that a word is, with those before it right; NULL: nothing.
 */
const char *heal_fault_wrong(const struct heal_fault *fault, enum heal_fault_word word,
                             const struct heal_topology *topology);

#endif
