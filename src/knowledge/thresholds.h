/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Adaptive thresholds: each metric's limit moves between the bounds of the settings, down (tighter) when
 * trouble was missed or found late, up (looser) when an alarm proved false.
 */
#ifndef HEAL_KNOWLEDGE_THRESHOLDS_H
#define HEAL_KNOWLEDGE_THRESHOLDS_H

#include "heal/status.h"

struct heal_thresholds {
    struct heal_threshold_status of[HEAL_METRICS];
};

/** Sets the start values and bounds. */
void heal_thresholds_init(struct heal_thresholds *thresholds, const struct heal_settings *settings);

/** Takes new bounds; what was learned stays, as far as the bounds let it. */
void heal_thresholds_configure(struct heal_thresholds *thresholds, const struct heal_settings *settings);

/** Each multiplies a limit (by @p factor below or above 1) within its bounds. @return whether it moved. */
bool heal_thresholds_tighten(struct heal_thresholds *thresholds, enum heal_metric metric, float factor);
bool heal_thresholds_relax(struct heal_thresholds *thresholds, enum heal_metric metric, float factor);

/** @return the metric whose threshold decides about a diagnosis. */
enum heal_metric heal_thresholds_metric_of(enum heal_diagnosis diagnosis);

/** The text of a record's value, and back. @return 0 or negative errno. */
int heal_threshold_format(const struct heal_threshold_status *threshold, char *buffer, size_t size);
int heal_threshold_parse(struct heal_thresholds *thresholds, const char *key, const char *value);

#endif
