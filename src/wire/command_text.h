/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Commands as text: one line each, for logs and for traces that tests compare.
 */
#ifndef HEAL_WIRE_COMMAND_TEXT_H
#define HEAL_WIRE_COMMAND_TEXT_H

#include "heal/command.h"

enum { HEAL_COMMAND_LINE_MAX = 8192 };

/**
 * Writes "KIND ticket=… incident=… name=value …" without a newline; of SEND, the kind of message follows as
 * message=… . @return its length (less than @p size), -ENOSPC, or -EINVAL for a value that has no text (NaN).
 */
int heal_command_format(const struct heal_command *command, char *buffer, size_t size);

#endif
