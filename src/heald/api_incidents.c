/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* /v1/incidents, /v1/actions, /v1/audit: what went wrong and what was done about it. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "heald/api_json.h"
#include "heald/choice.h"
#include "os/audit.h"
#include "os/store.h"

enum { HISTORY_MAX = 500 };

static json_t *ranked_of(const struct heal_incident_status *incident) {
    json_t *list = json_array();

    for (size_t i = 0; i < incident->ranks && i < HEAL_RANKED_MAX; i++)
        json_array_append_new(
            list, json_pack("{s:s, s:o}", "diagnosis", heal_diagnosis_slug(incident->ranked[i].diagnosis),
                            "confidence", heald_json_float(incident->ranked[i].confidence)));
    return list;
}

static json_t *evidence_of(const struct heal_incident_status *incident) {
    json_t *list = json_array();

    for (size_t i = 0; i < incident->evidences && i < HEAL_EVIDENCE_MAX; i++) {
        const struct heal_evidence *e = &incident->evidence[i];

        json_array_append_new(
            list, json_pack("{s:o, s:o, s:o, s:o, s:o, s:I, s:s?}", "what", heald_json_name(e->what), "unit",
                            heald_json_name(e->unit), "seen", heald_json_float(e->seen), "normal",
                            e->has_normal ? heald_json_float(e->normal) : json_null(), "threshold",
                            e->has_threshold ? heald_json_float(e->threshold) : json_null(), "samples",
                            (json_int_t)e->samples, "track", heal_track_name(e->track)));
    }
    return list;
}

/* How long ago something was, in seconds. */
static double age_s(const struct heald_found *found, heal_us time) {
    return ((double)found->now - (double)time) / 1e6;
}

/* A time on the clock of the page's `now`; below 0 for what was before this boot. */
static json_t *time_of(const struct heald_found *found, heal_us time) {
    return time == 0 ? json_null() : json_real((double)heald_now() / 1e6 - age_s(found, time));
}

double heald_found_unix(const struct heald_found *found, heal_us time) {
    return heald_unix_now() - age_s(found, time);
}

static json_t *unix_of(const struct heald_found *found, heal_us time) {
    return time == 0 ? json_null() : json_real(heald_found_unix(found, time));
}

static json_t *step_of(const struct heald_found *found, const struct heal_step_status *step) {
    return json_pack("{s:s, s:s, s:o, s:o, s:i, s:o, s:o, s:o, s:o}", "remedy",
                     heal_remedy_slug(step->remedy), "state", heal_step_state_name(step->state), "started",
                     time_of(found, step->started), "settled", time_of(found, step->settled), "commands",
                     (int)step->commands, "target", heald_json_name(step->target), "changed",
                     heald_json_name(step->changed), "rule", heald_json_name(step->rule), "outcome",
                     heald_json_name(step->outcome));
}

static json_t *steps_of(const struct heald_found *found) {
    const struct heal_incident_status *incident = &found->incident;
    json_t *list = json_array();

    for (size_t i = 0; i < incident->steps && i < HEAL_STEPS_MAX; i++)
        json_array_append_new(list, step_of(found, &incident->step[i]));
    return list;
}

/* What an incident is about: the same words in its own page and beside its steps. */
static json_t *subject_of(const struct heal_incident_status *incident) {
    const char *diagnosis = incident->ranks ? heal_diagnosis_slug(incident->ranked[0].diagnosis) : NULL;

    return json_pack("{s:s?, s:o, s:o, s:o, s:o, s:o}", "diagnosis", diagnosis, "node",
                     heald_json_name(incident->node), "other", heald_json_name(incident->other), "ifname",
                     heald_json_name(incident->ifname), "service", heald_json_name(incident->service), "mesh",
                     heald_json_name(incident->mesh));
}

bool heald_outlook(const struct heald_view *view, const struct heal_incident_status *incident,
                   char buffer[static HEALD_OUTLOOK_MAX]) {
    return incident->closed == 0 &&
           heal_engine_outlook(view->engine, incident->id, buffer, HEALD_OUTLOOK_MAX) == 0;
}

static json_t *suppressed_of(const struct heal_incident_status *incident) {
    const char *reason = heal_suppression_name(incident->suppressed);

    return reason ? json_string(reason) : json_null();
}

static json_t *times_of(const struct heald_found *found) {
    const struct heal_incident_status *incident = &found->incident;

    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "first_seen",
                     time_of(found, incident->first_seen), "opened", time_of(found, incident->opened),
                     "diagnosed", time_of(found, incident->diagnosed), "healed",
                     time_of(found, incident->healed), "closed", time_of(found, incident->closed),
                     "first_seen_unix", unix_of(found, incident->first_seen), "opened_unix",
                     unix_of(found, incident->opened), "diagnosed_unix", unix_of(found, incident->diagnosed),
                     "healed_unix", unix_of(found, incident->healed), "closed_unix",
                     unix_of(found, incident->closed));
}

/* What its first diagnosis was, where that is not its present one. */
static const char *opened_as(const struct heal_incident_status *incident) {
    return incident->diagnosed > incident->opened ? heal_diagnosis_slug(incident->opened_as) : NULL;
}

static json_t *choices_of(const struct heald_view *view, const struct heald_found *found) {
    struct heald_choice choice;
    json_t *list = json_array();

    for (size_t i = 0; heald_choice(view, found, i, &choice); i++)
        json_array_append_new(list, json_pack("{s:s, s:s}", "order", choice.order, "words", choice.words));
    return list;
}

json_t *heald_json_incident(const struct heald_view *view, const struct heald_found *found) {
    const struct heal_incident_status *incident = &found->incident;
    char next[HEALD_OUTLOOK_MAX];
    json_t *page = json_pack(
        "{s:I, s:s, s:o, s:o, s:b, s:b, s:b, s:o, s:s?, s:o}", "id", (json_int_t)incident->id, "role",
        heal_role_name(incident->role), "owner", heald_json_node(view, incident->owner), "confidence",
        incident->ranks ? heald_json_float(incident->ranked[0].confidence) : json_null(), "refuted",
        incident->refuted, "withdrawn", incident->withdrawn, "on_trial", incident->on_trial, "label",
        incident->label < 0 ? json_null() : json_boolean(incident->label), "opened_as", opened_as(incident),
        "choices", choices_of(view, found));

    if (!page)
        return NULL;
    json_object_update_new(page, subject_of(incident));
    json_object_update_new(page, times_of(found));
    json_object_update_new(page,
                           json_pack("{s:o, s:o, s:o, s:o, s:i, s:s?, s:s?}", "ranked", ranked_of(incident),
                                     "evidence", evidence_of(incident), "steps", steps_of(found),
                                     "suppressed", suppressed_of(incident), "cut_off", (int)incident->cut_off,
                                     "others", incident->others[0] != '\0' ? incident->others : NULL, "next",
                                     heald_outlook(view, incident, next) ? next : NULL));
    return page;
}

/* Points as [time, least, greatest]. */
static json_t *points_of(const struct heald_found *found, const struct heal_series *series) {
    json_t *list = json_array();

    for (size_t i = 0; i < series->count; i++)
        json_array_append_new(list, json_pack("[o, o, o]", time_of(found, series->point[i].time),
                                              heald_json_float(series->point[i].low),
                                              heald_json_float(series->point[i].high)));
    return list;
}

json_t *heald_json_series(const struct heald_view *view, const struct heald_found *found) {
    struct heal_series series[HEAL_SERIES_MAX];
    size_t count = heal_engine_incident_series(view->engine, found->incident.id, series);
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:s, s:o, s:o}", "track", heal_track_name(series[i].track),
                                              "until", time_of(found, series[i].until), "points",
                                              points_of(found, &series[i])));
    return list;
}

bool heald_incident_is_current(const struct heald_view *view, uint64_t id) {
    struct heal_incident_status incident;

    return heal_engine_incident_find(view->engine, id, &incident);
}

/* Of an incident in the store only the record's own time is on the wall clock: it was kept when it was
 * closed. */
static int read_entry(const struct heal_store_entry *entry, struct heald_found *ret_found) {
    int r = heal_incident_parse(entry->record.value, &ret_found->incident, NULL);
    heal_us kept = ret_found->incident.closed != 0 ? ret_found->incident.closed : ret_found->incident.opened;
    double age = heald_unix_now() - (double)entry->updated_us / 1e6;

    ret_found->now = kept + (age > 0 ? (heal_us)(age * 1e6) : 0);
    return r;
}

int heald_incident_find(const struct heald_view *view, uint64_t id, struct heald_found *ret_found) {
    struct heald_found found;
    struct heal_store_entry entry;
    char key[24];

    if (heal_engine_incident_find(view->engine, id, &found.incident)) {
        found.now = heald_now();
        *ret_found = found;
        return 0;
    }
    snprintf(key, sizeof key, "%" PRIu64, id);
    if (!view->store || heal_store_find(view->store, HEAL_RECORD_INCIDENT, key, &entry) < 0 ||
        read_entry(&entry, &found) < 0)
        return -ENOENT;
    *ret_found = found;
    return 0;
}

/* A list in the making: what each incident adds to it. */
struct listing {
    const struct heald_view *view;
    void (*add)(const struct heald_view *view, const struct heald_found *found, json_t *list);
    json_t *list;
};

static bool add_from_history(void *context, const struct heal_store_entry *entry) {
    const struct listing *listing = context;
    struct heald_found found;

    if (read_entry(entry, &found) == 0 && !heald_incident_is_current(listing->view, found.incident.id))
        listing->add(listing->view, &found, listing->list);
    return true;
}

/* Goes through the engine's incidents and, with @p all, those that only the store remembers. */
static json_t *list_incidents(struct listing *listing, bool all) {
    const struct heal_store_query query = {.limit = HISTORY_MAX};
    struct heald_found found = {.now = heald_now()};

    listing->list = json_array();
    for (size_t i = 0; heal_engine_incident(listing->view->engine, i, &found.incident); i++)
        listing->add(listing->view, &found, listing->list);
    if (all && listing->view->store)
        heal_store_incidents(listing->view->store, &query, add_from_history, listing);
    return listing->list;
}

static void add_incident(const struct heald_view *view, const struct heald_found *found, json_t *list) {
    json_array_append_new(list, heald_json_incident(view, found));
}

static void add_incident_and_series(const struct heald_view *view, const struct heald_found *found,
                                    json_t *list) {
    json_t *incident = heald_json_incident(view, found);

    json_object_set_new(incident, "series", heald_json_series(view, found));
    json_array_append_new(list, incident);
}

json_t *heald_json_incidents(const struct heald_view *view, bool all, bool series) {
    struct listing listing = {.view = view, .add = series ? add_incident_and_series : add_incident};
    json_t *page = heald_json_page(view);

    json_object_set_new(page, "incidents", list_incidents(&listing, all));
    return page;
}

static void add_actions(const struct heald_view *view, const struct heald_found *found, json_t *list) {
    const struct heal_incident_status *incident = &found->incident;

    (void)view;
    for (size_t j = 0; j < incident->steps && j < HEAL_STEPS_MAX; j++) {
        json_t *step = step_of(found, &incident->step[j]);

        json_object_set_new(step, "incident", json_integer((json_int_t)incident->id));
        json_object_update_new(step, subject_of(incident));
        json_array_append_new(list, step);
    }
}

json_t *heald_json_actions(const struct heald_view *view) {
    struct listing listing = {.view = view, .add = add_actions};
    json_t *page = heald_json_page(view);

    json_object_set_new(page, "actions", list_incidents(&listing, true));
    return page;
}

static bool add_audit(void *context, const struct heal_store_audit *audit) {
    json_array_append_new(context, json_pack("{s:I, s:f, s:s, s:o}", "sequence", (json_int_t)audit->sequence,
                                             "time_unix", (double)audit->time_us / 1e6, "hash", audit->hash,
                                             "text", heald_json_name(audit->text)));
    return true;
}

static json_t *verdict_of(const struct heald_view *view) {
    struct heal_audit_report report = {0};
    char path[HEAL_CONFIG_PATH_MAX + 16];

    snprintf(path, sizeof path, "%s/heald.db", view->config->state);
    int r = heal_audit_verify(path, &report);
    return json_pack("{s:s, s:I, s:I, s:I, s:o, s:o, s:o}", "verdict",
                     r == 0   ? "whole"
                     : r == 1 ? "broken"
                              : "unknown",
                     "records", (json_int_t)report.records, "first", (json_int_t)report.first, "last",
                     (json_int_t)report.last, "broken",
                     report.broken ? json_integer((json_int_t)report.broken) : json_null(), "head",
                     heald_json_name(report.head), "words", heald_json_name(report.words));
}

json_t *heald_json_audit(const struct heald_view *view, size_t limit, bool verify) {
    json_t *page = heald_json_page(view), *list = json_array();

    if (view->store)
        heal_store_audits(view->store, 0, limit, add_audit, list);
    json_object_set_new(page, "records", list);
    json_object_set_new(page, "chain", verify && view->store ? verdict_of(view) : json_null());
    return page;
}
