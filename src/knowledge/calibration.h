/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Whether a probability means what it says: of the watches that were called sick with a chance of 70 to 80 %,
 * are 70 to 80 % sick? A table of ten bins (A. H. Murphy and R. L. Winkler 1977), and the mean distance of
 * the two, weighted by how many there are: the expected calibration error (M. P. Naeini, G. F. Cooper and M.
 * Hauskrecht 2015). Plain counts; the caller owns them.
 */
#ifndef HEAL_KNOWLEDGE_CALIBRATION_H
#define HEAL_KNOWLEDGE_CALIBRATION_H

#include "heal/verdict.h"

enum { HEAL_CALIBRATION_BINS = 10 };

struct heal_calibration {
    struct heal_calibration_bin {
        uint32_t count, sick;
        float chance; /**< the sum of what was said */
    } bin[HEAL_CALIBRATION_BINS];
};

/** Counts a logit, in 1 / HEAL_LOGIT_ONE, with what turned out to be true. */
void heal_calibration_add(struct heal_calibration *calibration, int32_t logit, bool sick);
/** Takes one back that was added, because its truth is another than was thought. */
void heal_calibration_take_back(struct heal_calibration *calibration, int32_t logit, bool sick);

/** @return the expected calibration error, 0 to 1; NaN where there is nothing to tell it by. */
float heal_calibration_error(const struct heal_calibration *calibration);

#endif
