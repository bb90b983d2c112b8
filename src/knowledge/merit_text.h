/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What a model has shown, as the values of a few records, and back. All of it together is one state: the
 * parts are written together.
 */
#ifndef HEAL_KNOWLEDGE_MERIT_TEXT_H
#define HEAL_KNOWLEDGE_MERIT_TEXT_H

#include "knowledge/merit.h"

/** The parts, a record each. */
enum heal_merit_part {
    HEAL_MERIT_COUNTS,  /**< confusion and calibration */
    HEAL_MERIT_SEEN,    /**< the features now … */
    HEAL_MERIT_TRUSTED, /**< … and when it was let act */
    HEAL_MERIT_SCORES,  /**< the older half of the scores … */
    HEAL_MERIT_SCORES_NEWER,
    HEAL_MERIT_RIVAL, /**< of a shadow: whose it is, and what that one had counted when it began */
    HEAL_MERIT_PARTS,
};

/** Writes the key, "0123456789abcdef/counts", and the value of a part. @return 0 or -ENOSPC. */
int heal_merit_format(const struct heal_merit *merit, enum heal_merit_part part, char *key, size_t key_size,
                      char *value, size_t value_size);

/** Reads which model's a key is. @return 0 or -EINVAL. */
int heal_merit_parse_key(const char *key, uint64_t *ret_model, enum heal_merit_part *ret_part);

/** Takes the value of a part into a record; the older half of the scores comes first. @return 0, or -EINVAL
 * with nothing changed. */
int heal_merit_parse(struct heal_merit *merit, enum heal_merit_part part, const char *value);

#endif
