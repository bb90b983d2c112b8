/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Where the nodes of a mesh go on a map: at their positions where all are known, else where the links draw
 * them. The same mesh gives the same map.
 */
#ifndef HEAL_PICTURE_LAYOUT_H
#define HEAL_PICTURE_LAYOUT_H

#include "picture/picture.h"

/** A place on the map: shares of its width from the left and of its height from the top, 0 to 1. */
struct heal_spot {
    double x, y;
};

/**
 * Finds a place for each node.
 * @param ratio the map's width over its height: positions keep their proportions.
 * @param ret_spot as many as the picture has nodes; the caller frees them. @return 0 or -ENOMEM.
 */
int heal_layout_make(const struct heal_picture *picture, double ratio, struct heal_spot **ret_spot);

/** @return the index of the node called @p name, or SIZE_MAX. */
size_t heal_layout_index(const struct heal_picture *picture, const char *name);

#endif
