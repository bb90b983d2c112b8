/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Whether an order is right here: that what it names is there, and the operator's configuration lets heald
 * act on it. An order that was decoded is sound by itself (wire/helper_order.h); this is what only the helper
 * can know, from its own reading of files that are root's.
 */
#ifndef HEAL_HELPER_RIGHT_H
#define HEAL_HELPER_RIGHT_H

#include "config/config.h"
#include "wire/helper_order.h"

/**
 * Judges an ACT. What takes something back is right also where its interface has gone.
 * @param ret_words why not; constant text. @return 0; -ENODEV, -ENOENT: it is not there; -EPERM: not heald's.
 */
int heal_helper_right(const struct heal_config *config, const struct heal_helper_order *order,
                      const char **ret_words);

#endif
