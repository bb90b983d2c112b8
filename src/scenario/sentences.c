/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* All sentences that a script may have; docs/simulate.md has the same table in words. */
#include "scenario/scenario_parts.h"

#include "base/cleanup.h"

static const struct sentence_row *const tables[] = {
    heal_sentences_mesh,      heal_sentences_links,  heal_sentences_nodes,
    heal_sentences_operators, heal_sentences_expect,
};

const struct sentence_row *heal_sentence_row(size_t index) {
    for (size_t i = 0; i < HEAL_COUNT(tables); i++)
        for (const struct sentence_row *row = tables[i]; row->pattern; row++)
            if (index-- == 0)
                return row;
    return NULL;
}
