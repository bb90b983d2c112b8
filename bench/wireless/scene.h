/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What happens in the air of a case: a diamond of four nodes, 0 to 3 by way of 1 or 2, the way past 2 always
 * the worse one, and the changes that make it sick. The same air is written for two meshes that stand too
 * far apart to hear each other: radios 0 to 3 are the mesh with heald, 4 to 7 the one without.
 */
#ifndef BENCH_WIRELESS_SCENE_H
#define BENCH_WIRELESS_SCENE_H

#include <stdbool.h>
#include <stdio.h>

enum scene_mesh { SCENE_WITH, SCENE_ALONE, SCENE_MESHES };

enum { SCENE_NODES = 4, SCENE_CHANGES_MAX = 6 };

enum scene_kind {
    SCENE_END,    /**< no more changes */
    SCENE_LOSS,   /**< a and b lose `value` of their attempts, 0 to 1 */
    SCENE_FLAP,   /**< as LOSS, but for `period_s` only, then not, and so on */
    SCENE_SILENT, /**< a is dead */
    SCENE_UPLINK, /**< a loses its way out of the mesh; nothing changes in the air */
    SCENE_LEAVE,  /**< a walks away from all others, `value` metres a second */
};

struct scene_change {
    double at_s; /**< after the fault */
    enum scene_kind kind;
    unsigned a, b;
    double value, period_s;
};

/** Writes the air at a moment, as medium.h reads it. @param after_s since the fault; negative: before it.
 * @param changes ends with SCENE_END or after SCENE_CHANGES_MAX. */
void scene_write(FILE *out, const struct scene_change *changes, double after_s);

/** @return the node that loses its uplink between the two moments, the later one included; or -1. */
int scene_uplink_lost(const struct scene_change *changes, double before_s, double after_s);

/** @return whether the air at one moment may differ from that at the other, a later one. */
bool scene_differs(const struct scene_change *changes, double before_s, double after_s);

#endif
