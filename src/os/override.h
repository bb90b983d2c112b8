/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Override routes that have lost their guardian: heald's marks in the kernel's main table, found and taken
 * back without configuration, records or event loop. For when heald is not running; while it is, its engine
 * keeps them in order (plan/detour.h).
 */
#ifndef HEAL_OS_OVERRIDE_H
#define HEAL_OS_OVERRIDE_H

#include "heal/command.h"

/** Told of each route: @p code 0, or the negative errno for which it is still there. */
typedef void heal_override_told(void *context, const struct heal_command_route *route, int code);

/**
 * Deletes each route of heald's protocol, IPv4 and IPv6, in the main table. Of any metric: one that has to
 * win over a stray route has another than the usual two.
 * @return 0, also where there was none; or a negative errno: of looking, or of a route that stays.
 */
int heal_overrides_remove(heal_override_told *told, void *context);

#endif
