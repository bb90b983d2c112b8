/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The course of an incident along a time axis: bars for what lasts, marks for what happens. The timeline has
 * many on one axis, a card one on its own.
 */
#ifndef HEAL_PICTURE_LANE_H
#define HEAL_PICTURE_LANE_H

#include "picture/axis.h"
#include "picture/picture.h"

enum { HEAL_LANE_HEIGHT = 36, HEAL_TICKS_HEIGHT = 14 };

/** Draws the @p index-th incident into an open SVG of HEAL_LANE_HEIGHT. */
void heal_lane_write(FILE *out, const struct heal_picture *picture, size_t index,
                     const struct heal_axis *axis);

/** Writes times from its detection on along its axis, some @p apart per cent of the width apart, with their
 * feet at @p y. */
void heal_lane_ticks(FILE *out, const struct heal_picture_incident *incident, const struct heal_axis *axis,
                     double apart, int y);

/** Makes the axis of an incident alone: from before it began to show until its end. */
void heal_lane_axis(const struct heal_picture *picture, const struct heal_picture_incident *incident,
                    struct heal_axis *axis);

#endif
