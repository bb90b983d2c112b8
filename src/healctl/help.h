/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** Help for people at a terminal, made from the table of verbs. */
#ifndef HEAL_HEALCTL_HELP_H
#define HEAL_HEALCTL_HELP_H

#include <stdio.h>

#include "healctl/verb.h"

/** All verbs, a line each. */
void heal_help_overview(FILE *out);

/** One verb: synopsis, text, options. */
void heal_help_verb(FILE *out, const struct heal_verb *verb);

/** The verbs of a group ("config"). */
void heal_help_group(FILE *out, const char *group);

/** "usage: healctl VERB …", one line. */
void heal_help_usage(FILE *out, const struct heal_verb *verb);

#endif
