/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Takes back what an earlier heald left in the kernel, as far as that can be known without configuration and
 * store: override routes and quarantines. For a heald that was killed and cannot start again: its routes are
 * better than the routing daemon's, and would lead traffic astray as soon as the mesh changes. Costs, MTUs
 * and throttles are left to the next start.
 */
#ifndef HEALD_SWEEP_H
#define HEALD_SWEEP_H

#include <stdio.h>

/**
 * Sweeps, with a line on @p out for each thing taken back and one on standard error for each that was not.
 * Does nothing while a heald is running here.
 * @param socket the admin socket at which one would answer, besides its claim (net/claim.h); may be empty.
 * @param user that one would run as, besides root.
 * @return HEALD_EXIT_OK, also where nothing was left; HEALD_EXIT_FAILED: a heald is running;
 * HEALD_EXIT_UNKNOWN: something could not be taken back, or not be looked for.
 */
int heald_sweep(const char *socket, const char *user, FILE *out);

#endif
