/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * How this heald acts: through its helper, or, in a dry run, not at all. It keeps the connection, says what
 * the helper may do and when it has gone, and has it take back what an earlier run left behind.
 */
#ifndef HEALD_ACTING_H
#define HEALD_ACTING_H

#include "heald/dispatch.h"
#include "heald/privilege.h"
#include "heald/sources.h"

struct heal_helper;

struct heald_acting {
    struct heald_sources *sources;
    struct heal_helper *helper; /**< NULL before it is opened */
    char no_helper[120];        /**< why there never was one; empty: there was */
    bool alone;                 /**< its helper was started here, and nobody starts another */
    bool dry_run;
};

/** Connects to the helper. @param sources its first members filled in. @return 0 or -ENOMEM. */
int heald_acting_open(struct heald_acting *acting, struct heald_sources *sources,
                      const struct heald_privilege *privilege);

/** Ends the connection, and with it a helper that was started here; before the executor is closed. */
void heald_acting_close(struct heald_acting *acting);

/** @return a new executor for what is open and allowed, or NULL without memory. */
struct heal_executor *heald_acting_executor(struct heald_acting *acting, bool dry_run);

/** Has undone what an earlier run left in the system; each is logged and goes to the audit. */
void heald_acting_sweep(struct heald_acting *acting, struct heald_dispatch *dispatch);

#endif
