/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The admin interface: what the daemon answers on its socket, in JSON. A table of routes for net/http.h whose
 * context is the daemon's view; it reads snapshots and hands on operators' orders, and changes nothing
 * itself. Times are seconds on the engine's clock; what is not known is null.
 */
#ifndef HEALD_API_H
#define HEALD_API_H

#include "heald/view.h"
#include "net/http.h"

/** Context: a `const struct heald_view *`. */
extern const struct heal_http_route heald_api_routes[];

/** Lets in whom the view's access does: to ask, by GET and HEAD, or to order. The server's guard. */
bool heald_api_guard(void *view, const struct heal_http_request *request, struct heal_http_reply *reply);

#endif
