/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What the text options may hold: names, paths, units and listen addresses go into file names, command lines
 * and sockets later, so that what could be taken for something else there is refused here.
 */
#ifndef HEAL_CONFIG_TEXT_VALUE_H
#define HEAL_CONFIG_TEXT_VALUE_H

#include <stdbool.h>

/** Letters, digits, `.`, `_`, `-`; the first a letter or digit. */
bool heal_text_value_is_name(const char *text);
/** Absolute, no `..` in it, no control characters. */
bool heal_text_value_is_path(const char *text);
/** What systemd.unit(5) lets a name hold; never an option of systemctl. */
bool heal_text_value_is_unit(const char *text);
/** Words for a line that a daemon reads: no line break, no quote, nothing but one blank between two words. */
bool heal_text_value_is_words(const char *text);
/** "ADDRESS:PORT", an IPv6 address in brackets. */
bool heal_text_value_is_listen(const char *text);

#endif
