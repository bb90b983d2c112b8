/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The decision trace as text: what a running heald writes with --decisions and what a replay prints. Both
 * come from here, so that they are the same to the byte.
 */
#ifndef HEALD_TRACE_H
#define HEALD_TRACE_H

#include "heal/engine.h"

#include <stdio.h>

/** Writes a step's decisions, a line each. */
void heald_trace_write(FILE *file, const struct heal_output *output);

#endif
