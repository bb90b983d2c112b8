/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The two listeners: the admin socket and the metrics. One that cannot be opened says so, and heald goes on;
 * but where somebody else answers at the admin socket, an operator would talk to that one.
 */
#ifndef HEALD_SERVE_H
#define HEALD_SERVE_H

#include "heald/parts.h"

struct event_base;
struct heal_http;

struct heald_serve {
    struct heal_http *api, *metrics;
    heal_us due; /**< when to look again */
};

/**
 * @param view must outlive the listeners.
 * @return 0, or -EADDRINUSE: a living process has the admin socket, and this heald is without.
 */
int heald_serve_open(struct heald_serve *serve, struct event_base *base, struct heald_view *view,
                     struct heald_parts *parts);
/** Every 10 s: where the admin socket's file is not its own any more, or could not be made before, makes it
 * anew. */
void heald_serve_look(struct heald_serve *serve, struct event_base *base, struct heald_view *view,
                      struct heald_parts *parts);
void heald_serve_close(struct heald_serve *serve);

#endif
