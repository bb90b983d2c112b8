/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "knowledge/confusion.h"

#include <math.h>

const char *const heal_cell_names[HEAL_CELLS + 1] = {
    [HEAL_CELL_RIGHT_ALARM] = "right-alarm",
    [HEAL_CELL_FALSE_ALARM] = "false-alarm",
    [HEAL_CELL_MISSED] = "missed",
    [HEAL_CELL_RIGHT_SILENCE] = "right-silence",
};

static struct heal_share share_of(uint32_t hits, uint32_t others) {
    return (struct heal_share){.hits = hits,
                               .trials = hits + others,
                               .interval = heal_share_interval(hits, (uint64_t)hits + others)};
}

float heal_share_value(const struct heal_share *share) {
    return share->trials > 0 ? (float)share->hits / (float)share->trials : NAN;
}

struct heal_share heal_confusion_precision(const struct heal_confusion *confusion) {
    return share_of(confusion->cell[HEAL_CELL_RIGHT_ALARM], confusion->cell[HEAL_CELL_FALSE_ALARM]);
}

struct heal_share heal_confusion_recall(const struct heal_confusion *confusion, unsigned diagnosis) {
    struct heal_found all = {0};
    for (unsigned i = 0; i < HEAL_DIAGNOSES_AND_UNNAMED; i++) {
        if (diagnosis != i && diagnosis != HEAL_DIAGNOSES_AND_UNNAMED)
            continue;
        all.found += confusion->incidents[i].found;
        all.missed += confusion->incidents[i].missed;
    }
    return share_of(all.found, all.missed);
}

struct heal_share heal_confusion_false_rate(const struct heal_confusion *confusion) {
    return share_of(confusion->cell[HEAL_CELL_FALSE_ALARM], confusion->cell[HEAL_CELL_RIGHT_SILENCE]);
}
