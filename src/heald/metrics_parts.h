/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** The larger parts of the metrics page, one a subject; each writes its families from the view. */
#ifndef HEALD_METRICS_PARTS_H
#define HEALD_METRICS_PARTS_H

#include "heald/view.h"
#include "wire/exposition.h"

void heald_metrics_incidents(struct heal_exposition *page, const struct heald_view *view);
void heald_metrics_actions(struct heal_exposition *page, const struct heald_view *view);
void heald_metrics_detector(struct heal_exposition *page, const struct heald_view *view);
void heald_metrics_knowledge(struct heal_exposition *page, const struct heald_view *view);
void heald_metrics_ports(struct heal_exposition *page, const struct heald_view *view);
void heald_metrics_network(struct heal_exposition *page, const struct heald_view *view);
void heald_metrics_loop(struct heal_exposition *page, const struct heald_view *view);
void heald_metrics_store(struct heal_exposition *page, const struct heald_view *view);

#endif
