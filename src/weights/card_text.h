/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** A model's card as the texts of a file's metadata, and back. */
#ifndef HEAL_WEIGHTS_CARD_TEXT_H
#define HEAL_WEIGHTS_CARD_TEXT_H

#include "base/text.h"
#include "weights/card.h"
#include "weights/safetensors.h"

enum { HEAL_CARD_ENTRIES_MAX = 24 + HEAL_CARD_FIGURES_MAX, HEAL_CARD_TEXT_MAX = 1 << 14 };

/** Reads a file's metadata. Every text must be known, and once. @return 0, or -EINVAL with words and the
 * byte. */
int heal_card_parse(const struct heal_safetensors *file, struct heal_card *ret_card,
                    struct heal_error *error);

/** As above, of a file of another program: what it says goes into @p card, which is not checked.
 * @param others end with NULL: texts that mean something else there */
int heal_card_parse_some(const struct heal_safetensors *file, const char *const *others,
                         struct heal_card *card, struct heal_error *error);

/** A card's texts, which point into themselves: not to be copied. */
struct heal_card_texts {
    size_t entries;
    struct heal_entry_draft entry[HEAL_CARD_ENTRIES_MAX];
    char name[HEAL_CARD_FIGURES_MAX][HEAL_SAFETENSORS_NAME_MAX];
    char text[HEAL_CARD_TEXT_MAX];
};

/** Writes a card that was checked. @return 0 or -E2BIG. */
int heal_card_format(const struct heal_card *card, struct heal_card_texts *ret_texts);

/** The table that both are made of: one row a text, in the order in which they are read and written. What is
 * needed to read a row stands above it. */
struct heal_card_row {
    const char *name;
    bool needed;
    /** @return 0, or -EINVAL with words about the value. */
    int (*parse)(const char *value, struct heal_card *card, struct heal_error *error);
    /** Adds the value; nothing where it is not said. */
    void (*format)(const struct heal_card *card, struct heal_text *text);
};
enum { HEAL_CARD_SHAPE_ROWS = 8 };
/** The first rows: what the network looks like. */
extern const struct heal_card_row heal_card_shape_rows[HEAL_CARD_SHAPE_ROWS];
/** @return the row, or NULL beyond the last. */
const struct heal_card_row *heal_card_row_at(size_t index);

#endif
