/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A report as one picture (SVG) that needs nothing else: how learning went, whether chances mean what they
 * say, the figures, and what was found of each kind.
 */
#ifndef HEAL_TRAINING_SHEET_H
#define HEAL_TRAINING_SHEET_H

#include "training/report.h"

#include <stdio.h>

enum { HEAL_SHEET_SETS_MAX = 2 };

struct heal_sheet {
    const char *title;
    const struct heal_course *course; /**< NULL: a network from a file, whose learning is not known */
    struct heal_tried tried[HEAL_SHEET_SETS_MAX];
    unsigned sets; /**< at least 1; the last one's kinds and chances are drawn */
};

/** Errors of @p out are its owner's to find. */
void heal_sheet_write(const struct heal_sheet *sheet, FILE *out);

#endif
