/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The parts of the page, a function each; picture/write.c puts them together. All of them write to @p out,
 * whose errors are found in the end.
 */
#ifndef HEAL_PICTURE_PARTS_H
#define HEAL_PICTURE_PARTS_H

#include "picture/picture.h"

/** The shapes that marks are drawn with, once a page. */
void heal_shapes_write(FILE *out);

/** The mesh. @return 0 or -ENOMEM. */
int heal_map_write(FILE *out, const struct heal_picture *picture);

/** When what happened, a lane a place. @return 0 or -ENOMEM. */
int heal_timeline_write(FILE *out, const struct heal_picture *picture);

/** What is to be said of the @p index-th incident. */
void heal_card_write(FILE *out, const struct heal_picture *picture, size_t index);

/** One line of an incident's evidence, as a plot over time where there is a series, else as a scale. */
void heal_plot_write(FILE *out, const struct heal_picture *picture,
                     const struct heal_picture_incident *incident, const struct heal_evidence *evidence);

/** The style sheet and the script (page.css, page.js), as they are. */
extern const char heal_page_css[], heal_page_js[];

#endif
