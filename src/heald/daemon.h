/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The daemon: the event loop around one engine. At the engine's deadline it collects a round of readings and
 * feeds them; what happens between rounds is fed as it comes; what the engine orders is dispatched.
 *
 * An orderly stop (SIGTERM, SIGINT) takes back all that is in place, for nothing may stay without its
 * guardian: it writes down that nothing is in place any more, unless some of it could not be taken back.
 * After kill -9 the next start undoes what is left: routes when the engine sees them in the kernel,
 * quarantines and throttles by the executor's sweep, costs and MTUs by the steps in the store. Where there is
 * no next start, sweep.h takes back the worst.
 */
#ifndef HEALD_DAEMON_H
#define HEALD_DAEMON_H

#include "heald/options.h"
#include "heald/privilege.h"
#include "heald/view.h"

struct heald;

/**
 * Makes a daemon that is not running yet.
 * @param privilege as it was given up; its helper is the daemon's from now on. @return NULL, after it was
 * logged why, with @p ret_exit.
 */
struct heald *heald_new(const struct heald_options *options, const struct heal_config *config,
                        const struct heald_privilege *privilege, int *ret_exit);

/** Frees; takes NULL. @return NULL. */
struct heald *heald_free(struct heald *daemon);

/** Runs until a signal ends it. @return an exit code. */
int heald_run(struct heald *daemon);

/** Lets an event happen: now, or after what is happening now. @return 0 or -ENOBUFS. */
int heald_feed(struct heald *daemon, const struct heal_event *event);

#endif
