/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What became of a detector's verdicts: the confusion matrix, and which diagnoses it has found and missed.
 * Alarms and watches (a port, watched for a span) are the matrix's units; whole incidents are those of recall
 * by diagnosis, however many ports have raised an alarm about one. Plain counts; the caller owns them.
 */
#ifndef HEAL_KNOWLEDGE_CONFUSION_H
#define HEAL_KNOWLEDGE_CONFUSION_H

#include "base/statistics.h"
#include "heal/verdict.h"

enum heal_cell {
    HEAL_CELL_RIGHT_ALARM,
    HEAL_CELL_FALSE_ALARM,
    HEAL_CELL_MISSED,
    HEAL_CELL_RIGHT_SILENCE,
    HEAL_CELLS,
};
/** Their names, "right-alarm" and so on; NULL past the last. */
extern const char *const heal_cell_names[HEAL_CELLS + 1];

struct heal_found {
    uint32_t found, missed;
};

struct heal_confusion {
    uint32_t cell[HEAL_CELLS];
    struct heal_found incidents[HEAL_DIAGNOSES_AND_UNNAMED];
};

/** A share with what it rests on, and what it speaks for (heal_share_interval: Wilson). */
struct heal_share {
    uint32_t hits, trials;
    struct heal_interval interval;
};

/** @return the hits over the trials: NaN where there were none. */
float heal_share_value(const struct heal_share *share);

/** Of the alarms, those that were right. */
struct heal_share heal_confusion_precision(const struct heal_confusion *confusion);
/** Of the incidents of a diagnosis, those that an alarm told of. @param diagnosis below
 * HEAL_DIAGNOSES_AND_UNNAMED; that number itself: of all. */
struct heal_share heal_confusion_recall(const struct heal_confusion *confusion, unsigned diagnosis);
/** Of the healthy watches, those with an alarm. */
struct heal_share heal_confusion_false_rate(const struct heal_confusion *confusion);

#endif
