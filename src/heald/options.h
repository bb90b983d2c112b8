/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * heald's command line: one table from which the parser, the help and the environment (HEALD_…) are made.
 * A flag wins over its variable.
 */
#ifndef HEALD_OPTIONS_H
#define HEALD_OPTIONS_H

#include "os/config_files.h"

#include <stdio.h>

enum {
    HEALD_EXIT_OK = 0,
    HEALD_EXIT_FAILED = 1,
    HEALD_EXIT_UNKNOWN = 2,
    HEALD_EXIT_USAGE = 64,
    HEALD_EXIT_INTERNAL = 70
};

struct heald_options {
    const char *config; /**< NULL: none is there, defaults */
    const char *conf_dir, *policy_dir;
    const char *replay, *decisions, *record;
    bool dry_run, check, sweep, help, version, manual;
    struct heal_config_beside beside;
};

/** Reads them. @return 0, or HEALD_EXIT_USAGE after a message on standard error. */
int heald_options_read(int argc, char *const argv[], struct heald_options *ret_options);

/** @return where the configuration is. */
struct heal_config_places heald_options_places(const struct heald_options *options);

void heald_options_help(FILE *file);

/** Writes the manual page, heald(8), from the tables of the options and of the configuration. */
int heald_options_manual(FILE *file);

#endif
