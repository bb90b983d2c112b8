/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What this kernel and host can give heald (`healctl probe`): a look at each thing, without changing any.
 */
#ifndef HEAL_OS_HOST_H
#define HEAL_OS_HOST_H

#include "config/config.h"

struct heal_host_item {
    const char *name; /**< e.g. "nftables" */
    const char *what; /**< what heald uses it for */
    bool available;
    char why[400]; /**< why not, or a detail; may be empty */
};

/**
 * Calls @p each for every thing that heald wants with this configuration. It forks, and may take half a
 * second when a daemon does not answer: not for the daemon's loop.
 */
void heal_probe_host(const struct heal_config *config,
                     void (*each)(void *context, const struct heal_host_item *item), void *context);

#endif
