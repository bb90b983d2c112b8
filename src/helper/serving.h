/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The helper at work: it serves one daemon over one connection, and ends with it. However that ends, nothing
 * stays that needs a guardian: throttles are lifted, override routes and quarantines taken back, unless
 * another heald works on this network. It decides nothing by itself; it remembers nothing but what is under
 * way.
 */
#ifndef HEAL_HELPER_SERVING_H
#define HEAL_HELPER_SERVING_H

#include "os/config_files.h"

#include <sys/types.h>

struct heal_serving_options {
    int socket;                              /**< the connection; taken over */
    const struct heal_config_places *places; /**< where the configuration is */
    struct heal_config *config;              /**< as it was read; read anew when the daemon says so */
};

/** Reads the configuration and checks whose files it is. @return 0 or a negative errno, with @p ret_words. */
int heal_serving_configure(const struct heal_config_places *places, struct heal_config *ret_config,
                           char *ret_words, size_t size);

/** Serves until the daemon or a SIGTERM ends it, and takes back what must not stay. @return 0, or a negative
 * errno: it could not begin, or something could not be taken back. */
int heal_serving_run(const struct heal_serving_options *options);

#endif
