/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Writing markup from templates. The template is ours and goes out as it is; whatever fills it in is text and
 * is escaped, without exception: a name cannot become markup.
 */
#ifndef HEAL_PICTURE_MARKUP_H
#define HEAL_PICTURE_MARKUP_H

#include <stdio.h>

/**
 * Writes a template, filled in. It knows %s (escaped; what is no UTF-8, a control character or one that turns
 * the direction of writing becomes U+FFFD), %d, %zu, %llu, %.Nf with N from 0 to 9 (0 where it is not finite)
 * and %%, and stops short at anything else.
 */
void heal_markup_add(FILE *out, const char *template, ...) __attribute__((format(printf, 2, 3)));

#endif
