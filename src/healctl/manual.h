/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** The manual page in man(7) macros, from the table of verbs. */
#ifndef HEAL_HEALCTL_MANUAL_H
#define HEAL_HEALCTL_MANUAL_H

#include <stdio.h>

/** Writes healctl(1). @return 0 or -ENOMEM. */
int heal_manual_healctl(FILE *out);

#endif
