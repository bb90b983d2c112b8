/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** Completions for shells, from the table of verbs. */
#ifndef HEAL_HEALCTL_COMPLETION_H
#define HEAL_HEALCTL_COMPLETION_H

#include <stdio.h>

void heal_completion_bash(FILE *out);
void heal_completion_zsh(FILE *out);
void heal_completion_fish(FILE *out);

#endif
