/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Snapshots as JSON, one function a page of the admin interface. Each returns a new reference that the caller
 * owns, or NULL without memory. A number that is not known is null.
 */
#ifndef HEALD_API_JSON_H
#define HEALD_API_JSON_H

#include <jansson.h>

#include "heald/view.h"

json_t *heald_json_status(const struct heald_view *view);
json_t *heald_json_nodes(const struct heald_view *view);
json_t *heald_json_links(const struct heald_view *view);
json_t *heald_json_thresholds(const struct heald_view *view);
json_t *heald_json_strategies(const struct heald_view *view);
json_t *heald_json_feedback(const struct heald_view *view);
/** The network's probation: its mode, and what each model has shown. */
json_t *heald_json_detector(const struct heald_view *view);
/** What the network has said, the newest first. */
json_t *heald_json_verdicts(const struct heald_view *view);
/** One of its verdicts, with why it says so; NULL: there is none of this number. */
json_t *heald_json_verdict(const struct heald_view *view, uint64_t id);
enum { HEALD_WORDS_MAX = 200 };
/** @return whether a verdict can be judged: it is there, and its model runs. */
bool heald_detector_has_verdict(const struct heald_view *view, uint64_t id);
/** @return whether one more fault can be told of. */
bool heald_detector_can_be_told(const struct heald_view *view);
/** @return whether an order for the network's mode, or to activate its shadow, would be taken. @param words
 * else why not */
bool heald_detector_may(const struct heald_view *view, const struct heal_event_operator *order,
                        char words[static HEALD_WORDS_MAX]);

/** What the network says of each port. */
json_t *heald_json_network(const struct heald_view *view);
/** {"state", "active", "shadow"}: how each network stands, or null; @param ports with what it says of each */
json_t *heald_json_networks(const struct heald_view *view, bool ports);

/** @param all also those that only the store remembers. @param series with what their evidence did over time.
 */
json_t *heald_json_incidents(const struct heald_view *view, bool all, bool series);

enum { HEALD_OUTLOOK_MAX = 1024 };

/** An incident, and the present on the clock that its times are of: that of an earlier boot stood elsewhere.
 */
struct heald_found {
    struct heal_incident_status incident;
    heal_us now;
};

/** @return one of the incident's times on the wall clock, in seconds since 1970. */
double heald_found_unix(const struct heald_found *found, heal_us time);

/** What comes next for an incident, in words. @return whether it is open, and the engine has it. */
bool heald_outlook(const struct heald_view *view, const struct heal_incident_status *incident,
                   char buffer[static HEALD_OUTLOOK_MAX]);

json_t *heald_json_incident(const struct heald_view *view, const struct heald_found *found);
/** What its evidence did over time; empty where only the store remembers it. */
json_t *heald_json_series(const struct heald_view *view, const struct heald_found *found);
json_t *heald_json_actions(const struct heald_view *view);

/** The newest @p limit records of the audit; with @p verify, whether its chain is whole. */
json_t *heald_json_audit(const struct heald_view *view, size_t limit, bool verify);

/** @return whether the engine itself has the incident. */
bool heald_incident_is_current(const struct heald_view *view, uint64_t id);

/** Finds an incident in the engine or in the store. @return 0 or -ENOENT. */
int heald_incident_find(const struct heald_view *view, uint64_t id, struct heald_found *ret_found);

/* The words that the pages above share. */

/** @return a number, or null where it is not one. */
json_t *heald_json_number(double value);
/** A float with the digits that it has, not those of its neighbour among the doubles. */
json_t *heald_json_float(float value);
/** Seconds; null for 0 and HEAL_NEVER. */
json_t *heald_json_time(heal_us time);
/** A name, or null if it is empty; what is not UTF-8 becomes question marks. */
json_t *heald_json_name(const char *name);
/** A node's name where it is known, else its id in hexadecimal; null for 0. */
json_t *heald_json_node(const struct heald_view *view, heal_node_id node);
/** A logit, or a share of one, given in 1 / HEAL_LOGIT_ONE. */
json_t *heald_json_logit(double units);
/** A model's number in hexadecimal; null for 0. */
json_t *heald_json_model(uint64_t id);
/** {"version", "node", "now"}: how every page begins. */
json_t *heald_json_page(const struct heald_view *view);

#endif
