/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A time axis: from a point in time to its place, in per cent of the width. Long stretches in which nothing
 * happened are cut out, so that seconds can be seen within days.
 */
#ifndef HEAL_PICTURE_AXIS_H
#define HEAL_PICTURE_AXIS_H

#include "heal/types.h"

enum { HEAL_AXIS_PIECES_MAX = 6 };

/** A stretch without a cut. */
struct heal_axis_piece {
    heal_us from, to;
    double left, right; /**< per cent */
};

struct heal_axis {
    size_t pieces;
    struct heal_axis_piece piece[HEAL_AXIS_PIECES_MAX];
};

/** A stretch in which something happened. */
struct heal_axis_span {
    heal_us from, to;
};

/** @param span is sorted by this. Without any, the axis is a second long. */
void heal_axis_init(struct heal_axis *axis, struct heal_axis_span *span, size_t spans);

/** @return the place of @p time: 0 to 100. What is in a cut is at the cut. */
double heal_axis_at(const struct heal_axis *axis, heal_us time);

/** @return a step of at least @p least for marks on an axis: 1, 2, 5, 10, 15, 30 of seconds, minutes … */
heal_us heal_axis_step(heal_us least);

#endif
