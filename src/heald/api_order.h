/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Operators' orders: JSON bodies of the admin interface as events for the engine. A body that is not exactly
 * what is wanted is refused with a message that says what is.
 */
#ifndef HEALD_API_ORDER_H
#define HEALD_API_ORDER_H

#include <stddef.h>

#include "heal/error.h"
#include "heal/event.h"

/**
 * Reads the body that goes with @p verb.
 * @param ret_order untouched on failure. @return 0 or -EINVAL with the reason in @p error.
 */
int heald_order_parse(enum heal_operator_verb verb, const char *body, size_t length,
                      struct heal_event_operator *ret_order, struct heal_error *error);

#endif
