/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The words of routing.interface-parameters: pairs of a keyword and its value, as babeld(8) has them below
 * "Interface configuration". heald flushes an interface before it gives it back with them, so a word that
 * babeld refuses would lose the interface. One table stands behind it; nothing here is kept.
 */
#ifndef HEAL_CONFIG_PARAMETERS_H
#define HEAL_CONFIG_PARAMETERS_H

#include <stddef.h>

/**
 * @param text words with one blank between them. @param why filled in with what is wrong, else untouched.
 * @return 0 or -EINVAL.
 */
int heal_parameters_check(const char *text, char *why, size_t size);

#endif
