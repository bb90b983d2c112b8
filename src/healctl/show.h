/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** The daemon's pages as people read them: one function a page. Whatever the reply holds, they only print. */
#ifndef HEAL_HEALCTL_SHOW_H
#define HEAL_HEALCTL_SHOW_H

#include "healctl/page.h"

void heal_show_status(struct heal_page *page, const json_t *reply);
void heal_show_nodes(struct heal_page *page, const json_t *reply);
void heal_show_links(struct heal_page *page, const json_t *reply);
void heal_show_network(struct heal_page *page, const json_t *reply);
void heal_show_incidents_open(struct heal_page *page, const json_t *reply);
void heal_show_incidents_all(struct heal_page *page, const json_t *reply);
void heal_show_incident(struct heal_page *page, const json_t *reply);
void heal_show_actions(struct heal_page *page, const json_t *reply);
void heal_show_audit(struct heal_page *page, const json_t *reply);
void heal_show_thresholds(struct heal_page *page, const json_t *reply);
void heal_show_strategies(struct heal_page *page, const json_t *reply);
void heal_show_feedback(struct heal_page *page, const json_t *reply);
void heal_show_detector(struct heal_page *page, const json_t *reply);
void heal_show_verdicts(struct heal_page *page, const json_t *reply);

/* What who holds a lab says (control/server.h). */
void heal_show_lab(struct heal_page *page, const json_t *reply);
void heal_show_lab_faults(struct heal_page *page, const json_t *reply);
/** A fault that was just brought in. */
void heal_show_lab_fault(struct heal_page *page, const json_t *reply);
/** @param running an array. */
void heal_show_lab_list(struct heal_page *page, const json_t *running);

/** A step's remedy, with the service that it is done to: a cell. */
void heal_show_remedy(struct heal_table *table, const json_t *step, const char *indent);
/** @return whether an incident is not closed yet. */
bool heal_show_is_open(const json_t *incident);
/** @return a step's state in words. */
const char *heal_show_state(const json_t *step);

/** "centre–north (wlan0)", or the service: what an incident or a step is about. */
void heal_show_subject(const json_t *incident, char *buffer, size_t size);

#endif
