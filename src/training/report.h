/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A course, and how good its network is, as JSON (docs/training.md says what is in it). Pure functions of
 * their arguments.
 */
#ifndef HEAL_TRAINING_REPORT_H
#define HEAL_TRAINING_REPORT_H

#include "training/course.h"

#include <jansson.h>

/** A set that a network was tried on. */
struct heal_tried {
    const char *name;               /**< as people call it: its file */
    const struct heal_dataset *set; /**< its kinds */
    const struct heal_comparison *comparison;
};

/** @return NULL: out of memory. */
json_t *heal_report_tried(const struct heal_tried *tried);

/** All but how good it is: what was learnt from, the epochs, the threshold. @return NULL: out of memory. */
json_t *heal_report_course(const struct heal_course *course);

#endif
