/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "knowledge/calibration.h"

#include "heal/judgement.h"

#include <math.h>

static struct heal_calibration_bin *bin_of(struct heal_calibration *calibration, float chance) {
    int bin = (int)(chance * HEAL_CALIBRATION_BINS);
    return &calibration->bin[bin < HEAL_CALIBRATION_BINS ? bin : HEAL_CALIBRATION_BINS - 1];
}

void heal_calibration_add(struct heal_calibration *calibration, int32_t logit, bool sick) {
    float chance = heal_judgement_probability(logit);
    struct heal_calibration_bin *bin = bin_of(calibration, chance);
    bin->count++;
    bin->sick += sick;
    bin->chance += chance;
}

void heal_calibration_take_back(struct heal_calibration *calibration, int32_t logit, bool sick) {
    float chance = heal_judgement_probability(logit);
    struct heal_calibration_bin *bin = bin_of(calibration, chance);
    if (bin->count == 0)
        return;
    bin->count--;
    bin->sick -= sick && bin->sick > 0;
    bin->chance = bin->count > 0 ? bin->chance - chance : 0;
}

float heal_calibration_error(const struct heal_calibration *calibration) {
    float distance = 0;
    uint32_t count = 0;
    for (int i = 0; i < HEAL_CALIBRATION_BINS; i++) {
        distance += fabsf(calibration->bin[i].chance - (float)calibration->bin[i].sick);
        count += calibration->bin[i].count;
    }
    return count > 0 ? distance / (float)count : NAN;
}
