/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "healctl/draw.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "healctl/page.h"

static const double year_10000 = 253402300800; /* as a Unix time */

/* The picture's clock begins a second before the earliest time that the daemon tells: its own has times of an
 * earlier boot below 0. */
struct clock {
    double zero;
};

static void earlier(const json_t *object, const char *name, double *zero) {
    double time;

    if (heal_field_number(object, name, &time))
        *zero = fmin(*zero, time);
}

static double earliest(const json_t *reply, double now) {
    static const char *const name[] = {"first_seen", "opened", "healed", "closed"};
    const json_t *incident, *step, *series, *point;
    size_t i, j, k;
    double zero = now;

    json_array_foreach(json_object_get(reply, "incidents"), i, incident) {
        for (j = 0; j < HEAL_COUNT(name); j++)
            earlier(incident, name[j], &zero);
        json_array_foreach(json_object_get(incident, "steps"), j, step) earlier(step, "started", &zero);
        json_array_foreach(json_object_get(incident, "series"), k, series) {
            point = json_array_get(json_array_get(json_object_get(series, "points"), 0), 0);
            if (json_is_number(point) && isfinite(json_number_value(point)))
                zero = fmin(zero, json_number_value(point));
        }
    }
    return zero;
}

/* Within what a picture's clock can hold: hundreds of years. */
static heal_us time_at(const struct clock *clock, double seconds) {
    double since = seconds - clock->zero;

    return since > 0 && since < 1e10 ? (heal_us)(since * 1e6) : 0;
}

static heal_us time_of(const struct clock *clock, const json_t *object, const char *name) {
    double seconds;

    return heal_field_number(object, name, &seconds) ? time_at(clock, seconds) : 0;
}

static float float_of(const json_t *object, const char *name, float otherwise) {
    double value;

    return heal_field_number(object, name, &value) && fabs(value) < 1e30 ? (float)value : otherwise;
}

static bool has_number(const json_t *object, const char *name) {
    double value;

    return heal_field_number(object, name, &value) && fabs(value) < 1e30;
}

static uint32_t count_of(const json_t *object, const char *name) {
    long long value = heal_field_integer(object, name);

    return value < 0 ? 0 : value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

#define TAKE_TEXT(to, object, name) heal_name_copy(to, sizeof(to), heal_field_text(object, name, ""))

static void take_ranks(const json_t *list, struct heal_incident_status *incident) {
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item) {
        struct heal_ranked ranked = {.confidence = float_of(item, "confidence", 0)};

        if (incident->ranks < HEAL_RANKED_MAX &&
            heal_diagnosis_parse(heal_field_text(item, "diagnosis", ""), &ranked.diagnosis) == 0)
            incident->ranked[incident->ranks++] = ranked;
    }
}

static void take_evidence(const json_t *list, struct heal_incident_status *incident) {
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item) {
        if (incident->evidences == HEAL_EVIDENCE_MAX)
            return;
        struct heal_evidence *evidence = &incident->evidence[incident->evidences++];
        TAKE_TEXT(evidence->what, item, "what");
        TAKE_TEXT(evidence->unit, item, "unit");
        evidence->seen = float_of(item, "seen", 0);
        evidence->has_normal = has_number(item, "normal");
        evidence->normal = float_of(item, "normal", 0);
        evidence->has_threshold = has_number(item, "threshold");
        evidence->threshold = float_of(item, "threshold", 0);
        evidence->samples = count_of(item, "samples");
        (void)heal_track_parse(heal_field_text(item, "track", ""), &evidence->track);
    }
}

static enum heal_step_state state_of(const char *name) {
    for (int i = 0; i < HEAL_STEP_STATES; i++)
        if (strcmp(heal_step_state_names[i], name) == 0)
            return (enum heal_step_state)i;
    return HEAL_STEP_PLANNED;
}

static void take_steps(const struct clock *clock, const json_t *list, struct heal_incident_status *incident) {
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item) {
        struct heal_step_status step = {
            .state = state_of(heal_field_text(item, "state", "")),
            .started = time_of(clock, item, "started"),
            .settled = time_of(clock, item, "settled"),
        };

        if (incident->steps == HEAL_STEPS_MAX ||
            heal_remedy_parse(heal_field_text(item, "remedy", ""), &step.remedy) < 0)
            continue;
        TAKE_TEXT(step.target, item, "target");
        TAKE_TEXT(step.changed, item, "changed");
        TAKE_TEXT(step.rule, item, "rule");
        TAKE_TEXT(step.outcome, item, "outcome");
        incident->step[incident->steps++] = step;
    }
}

static enum heal_role role_of(const char *name) {
    for (int i = HEAL_ROLE_OWNER; i <= HEAL_ROLE_UPSTREAM; i++)
        if (strcmp(heal_role_name((enum heal_role)i), name) == 0)
            return (enum heal_role)i;
    return HEAL_ROLE_OWNER;
}

static enum heal_suppression suppression_of(const char *name) {
    for (int i = HEAL_NOT_SUPPRESSED + 1; i < HEAL_SUPPRESSIONS; i++)
        if (strcmp(heal_suppression_name((enum heal_suppression)i), name) == 0)
            return (enum heal_suppression)i;
    return HEAL_NOT_SUPPRESSED;
}

static void take_status(const struct clock *clock, const json_t *json, struct heal_incident_status *status) {
    const json_t *label = json_object_get(json, "label");
    long long id = heal_field_integer(json, "id");

    status->id = id > 0 ? (uint64_t)id : 0;
    status->role = role_of(heal_field_text(json, "role", ""));
    TAKE_TEXT(status->node, json, "node");
    TAKE_TEXT(status->other, json, "other");
    TAKE_TEXT(status->ifname, json, "ifname");
    TAKE_TEXT(status->service, json, "service");
    TAKE_TEXT(status->mesh, json, "mesh");
    status->first_seen = time_of(clock, json, "first_seen");
    status->opened = time_of(clock, json, "opened");
    status->diagnosed = time_of(clock, json, "diagnosed");
    status->healed = time_of(clock, json, "healed");
    status->closed = time_of(clock, json, "closed");
    status->refuted = heal_field_true(json, "refuted");
    status->withdrawn = heal_field_true(json, "withdrawn");
    status->on_trial = heal_field_true(json, "on_trial");
    status->label = (int8_t)(json_is_boolean(label) ? json_is_true(label) : -1);
    status->suppressed = suppression_of(heal_field_text(json, "suppressed", ""));
    long long cut_off = heal_field_integer(json, "cut_off");
    status->cut_off = (uint16_t)(cut_off > 0 && cut_off <= UINT16_MAX ? cut_off : 0);
    TAKE_TEXT(status->others, json, "others");
    take_ranks(json_object_get(json, "ranked"), status);
    take_evidence(json_object_get(json, "evidence"), status);
    take_steps(clock, json_object_get(json, "steps"), status);
}

static bool take_point(const struct clock *clock, const json_t *json, struct heal_series_point *ret_point) {
    double number[3];

    for (size_t i = 0; i < HEAL_COUNT(number); i++) {
        const json_t *part = json_array_get(json, i);

        number[i] = json_number_value(part);
        if (!json_is_number(part) || !(fabs(number[i]) < 1e30))
            return false;
    }
    *ret_point = (struct heal_series_point){time_at(clock, number[0]), (float)number[1], (float)number[2]};
    return true;
}

static void take_series(const struct clock *clock, const json_t *list,
                        struct heal_picture_incident *incident) {
    const json_t *item, *point;
    size_t i, j;

    json_array_foreach(list, i, item) {
        struct heal_series *series = &incident->of[incident->series];
        enum heal_track track;

        if (incident->series == HEAL_SERIES_MAX ||
            heal_track_parse(heal_field_text(item, "track", ""), &track) < 0)
            continue;
        heal_series_init(series, track);
        json_array_foreach(json_object_get(item, "points"), j, point) {
            if (series->count < HEAL_SERIES_POINTS && take_point(clock, point, &series->point[series->count]))
                series->count++;
        }
        series->until = time_of(clock, item, "until");
        incident->series++;
    }
}

static int draw_incidents(struct heal_picture *picture, const struct clock *clock, const json_t *reply) {
    const json_t *json;
    size_t i;
    int r = 0;

    json_array_foreach(json_object_get(reply, "incidents"), i, json) {
        struct heal_picture_incident incident = {.series = 0};

        take_status(clock, json, &incident.status);
        TAKE_TEXT(incident.at, reply, "node");
        TAKE_TEXT(incident.next, json, "next");
        take_series(clock, json_object_get(json, "series"), &incident);
        r = incident.status.opened != 0 ? heal_picture_add_incident(picture, &incident) : 0;
        if (r < 0)
            return r;
    }
    return 0;
}

static enum heal_picture_link_state link_state_of(const json_t *link) {
    if (!heal_field_true(link, "up"))
        return HEAL_PICTURE_DOWN;
    if (!heal_field_true(link, "hears"))
        return HEAL_PICTURE_SILENT;
    return heal_field_true(link, "examined") ? HEAL_PICTURE_EXAMINED : HEAL_PICTURE_UP;
}

static int draw_links(struct heal_picture *picture, const char *self, const json_t *reply) {
    const json_t *json;
    size_t i;

    json_array_foreach(json_object_get(reply, "links"), i, json) {
        struct heal_picture_node neighbour = {.self = false};
        struct heal_picture_link link = {
            .state = link_state_of(json),
            .loss_to_a = float_of(json, "loss_in", -1),
            .loss_to_b = float_of(json, "loss_out", -1),
            .latency_ms = float_of(json_object_get(json, "features"), "latency", -1),
        };

        heal_name_copy(neighbour.name, sizeof neighbour.name,
                       heal_field_text(json, "neighbour", heal_field_text(json, "peer", "?")));
        heal_name_copy(link.a, sizeof link.a, self);
        heal_name_copy(link.b, sizeof link.b, neighbour.name);
        int r = heal_picture_add_node(picture, &neighbour);
        if (r == 0)
            r = heal_picture_add_link(picture, &link);
        if (r < 0)
            return r;
    }
    return 0;
}

/* A page is kept and sent on: it says whose it is, and of which day. */
static void name_page(struct heal_picture *picture, const char *node, double now_unix) {
    time_t seconds = (time_t)now_unix;
    struct heal_text text;
    struct tm day;
    char date[32];

    heal_text_init(&text, picture->title, sizeof picture->title);
    heal_text_add(&text, "%s: mesh and incidents", node);
    if (now_unix > 0 && gmtime_r(&seconds, &day) && strftime(date, sizeof date, "%Y-%m-%d", &day) > 0)
        heal_text_add(&text, ", %s (UTC)", date);
}

/* What explains that nothing is done: the mode, a pause, what works only in part. */
static void describe_standing(struct heal_picture *picture, const json_t *status) {
    const json_t *condition;
    struct heal_text text;
    size_t i;

    if (!status)
        return;
    heal_text_init(&text, picture->subtitle, sizeof picture->subtitle);
    heal_text_add(&text, "mode %s", heal_field_text(status, "mode", "not known"));
    if (heal_field_true(status, "paused"))
        heal_text_add(&text, "; paused: %s", heal_field_text(status, "pause_reason", "no reason given"));
    json_array_foreach(json_object_get(status, "degraded"), i, condition) heal_text_add(
        &text, "%s%s", i > 0 ? ", " : "; degraded: ", heal_field_text(condition, "condition", "?"));
}

int heal_draw(struct heal_picture *picture, const struct heal_drawn *drawn) {
    struct heal_picture_node self = {.self = true};
    struct clock clock = {0};
    double now = 0, now_unix = 0;

    (void)heal_field_number(drawn->incidents, "now", &now);
    clock.zero = earliest(drawn->incidents, now) - 1;
    picture->now = time_at(&clock, now);
    (void)heal_field_number(drawn->incidents, "now_unix", &now_unix);
    if (!(now_unix > 0 && now_unix < year_10000))
        now_unix = 0; /* no time of day: the page goes without */
    else
        picture->unix_at_zero = now_unix - (now - clock.zero);
    TAKE_TEXT(self.name, drawn->incidents, "node");
    name_page(picture, self.name, now_unix);
    describe_standing(picture, drawn->status);
    int r = heal_picture_add_node(picture, &self);
    if (r == 0)
        r = draw_links(picture, self.name, drawn->links);
    if (r == 0)
        r = draw_incidents(picture, &clock, drawn->incidents);
    return r;
}
