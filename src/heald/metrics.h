/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The metrics listener: `/metrics` in Prometheus's text format, `/live` and `/ready`. A table of routes for
 * net/http.h whose context is the daemon's view. A value that is not known has no series.
 */
#ifndef HEALD_METRICS_H
#define HEALD_METRICS_H

#include "heald/view.h"
#include "net/http.h"

/** Context: a `const struct heald_view *`. */
extern const struct heal_http_route heald_metrics_routes[];

#endif
