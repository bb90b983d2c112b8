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

/** The forms that a map may have: its width over its height. */
enum heal_form { HEAL_FORM_BLOCK, HEAL_FORM_WIDE, HEAL_FORM_STRIP, HEAL_FORMS };
extern const double heal_form_ratio[HEAL_FORMS];

/**
 * Finds a place for each node, in proportion.
 * @param ret_form the flattest form that has room. @param ret_spot as many as the picture has nodes; the
 * caller frees them. @return 0 or -ENOMEM.
 */
int heal_layout_make(const struct heal_picture *picture, enum heal_form *ret_form,
                     struct heal_spot **ret_spot);

/** @return the index of the node called @p name, or SIZE_MAX. */
size_t heal_layout_index(const struct heal_picture *picture, const char *name);

#endif
