/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/api.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/number.h"
#include "base/text.h"
#include "engine/probation.h"
#include "heald/access.h"
#include "heald/api_json.h"
#include "heald/api_model.h"
#include "heald/api_order.h"
#include "heald/choice.h"

enum { AUDIT_LIMIT = 100, AUDIT_LIMIT_MAX = 10000, EXPLAIN_MAX = 8192 };

/* 15 digits: microseconds of years, and 0.1 stays 0.1. */
static void reply_json(struct heal_http_reply *reply, json_t *take_page) {
    char *text = take_page ? json_dumps(take_page, JSON_INDENT(1) | JSON_REAL_PRECISION(15)) : NULL;

    json_decref(take_page);
    if (!text) {
        heal_http_reply_error(reply, 500, "no memory for the answer");
        return;
    }
    size_t length = strlen(text);
    text[length] = '\n'; /* in place of the NUL: the reply counts its bytes */
    *reply =
        (struct heal_http_reply){.code = 200, .type = "application/json", .body = text, .length = length + 1};
}

/* Pages without arguments: a route's number is the page's place here. */
enum page { STATUS, NODES, LINKS, NETWORK, ACTIONS, THRESHOLDS, STRATEGIES, FEEDBACK, DETECTOR, VERDICTS };

static json_t *(*const pages[])(const struct heald_view *view) = {
    [STATUS] = heald_json_status,         [NODES] = heald_json_nodes,
    [LINKS] = heald_json_links,           [NETWORK] = heald_json_network,
    [ACTIONS] = heald_json_actions,       [THRESHOLDS] = heald_json_thresholds,
    [STRATEGIES] = heald_json_strategies, [FEEDBACK] = heald_json_feedback,
    [DETECTOR] = heald_json_detector,     [VERDICTS] = heald_json_verdicts,
};

static void answer_page(void *view, const struct heal_http_request *request, struct heal_http_reply *reply) {
    reply_json(reply, pages[request->number](view));
}

/* @return the value of a query's field, as a number of at most @p most; @p otherwise if it is not there, or
 * no number. */
static unsigned long query_number(const char *query, const char *name, unsigned long otherwise,
                                  unsigned long most) {
    size_t length = strlen(name);

    for (const char *at = query; at && *at; at = strchr(at, '&')) {
        at += *at == '&';
        if (strncmp(at, name, length) == 0 && at[length] == '=' && at[length + 1] >= '0' &&
            at[length + 1] <= '9') {
            unsigned long value = strtoul(at + length + 1, NULL, 10);

            return value < most ? value : most;
        }
    }
    return otherwise;
}

static void answer_incidents(void *view, const struct heal_http_request *request,
                             struct heal_http_reply *reply) {
    bool all = query_number(request->query, "all", 0, 1) == 1;
    bool series = query_number(request->query, "series", 0, 1) == 1;

    reply_json(reply, heald_json_incidents(view, all, series));
}

static void answer_audit(void *view, const struct heal_http_request *request, struct heal_http_reply *reply) {
    size_t limit = query_number(request->query, "limit", AUDIT_LIMIT, AUDIT_LIMIT_MAX);

    reply_json(reply, heald_json_audit(view, limit, query_number(request->query, "verify", 1, 1) == 1));
}

/* Finds the incident that a path's last segment names, or answers what is wrong with it. */
static int find_incident(const struct heald_view *view, const char *text, struct heal_http_reply *reply,
                         struct heald_found *ret_found) {
    uint64_t id = 0;

    if (heal_number_parse_u64(text, 10, &id) < 0 || id == 0) {
        heal_http_reply_error(reply, 400, "'%.40s' is not an incident's number", text);
        return -EINVAL;
    }
    if (heald_incident_find(view, id, ret_found) < 0) {
        heal_http_reply_error(reply, 404, "no incident %llu", (unsigned long long)id);
        return -ENOENT;
    }
    return 0;
}

static void answer_incident(void *view, const struct heal_http_request *request,
                            struct heal_http_reply *reply) {
    struct heald_found found;

    if (find_incident(view, request->argument, reply, &found) < 0)
        return;
    json_t *page = heald_json_page(view);
    if (page) {
        json_object_update_new(page, heald_json_incident(view, &found));
        json_object_set_new(page, "series", heald_json_series(view, &found));
    }
    reply_json(reply, page);
}

/* When it was, on the clocks of people; and that a dry run has only said what it would do. */
static void add_frame(struct heal_text *text, const struct heald_view *view,
                      const struct heald_found *found) {
    time_t opened = (time_t)heald_found_unix(found, found->incident.opened);
    struct tm parts;
    char words[40];

    if (gmtime_r(&opened, &parts) && strftime(words, sizeof words, "%F %T", &parts) > 0)
        heal_text_add(text, "\nDetected at %s UTC.\n", words);
    if (view->dry_run)
        heal_text_add(text, "This is a dry run: nothing of it was carried out.\n");
}

/* What can be ordered about it, as one would type it. */
static void add_choices(struct heal_text *text, const struct heald_view *view,
                        const struct heald_found *found) {
    struct heald_choice choice;

    for (size_t i = 0; heald_choice(view, found, i, &choice); i++)
        heal_text_add(text, "%s  %s\n      %s.\n", i == 0 ? "\nWhat you can order:\n" : "", choice.order,
                      choice.words);
}

/* Finds the verdict that a path's last segment names, with a v before its number or, @p bare, without; or
 * answers what is wrong with it. @return its number, or 0. */
static uint64_t find_verdict(const struct heald_view *view, const char *text, bool bare,
                             struct heal_http_reply *reply) {
    const char *number = text + (text[0] == 'v' || !bare);
    uint64_t id = 0;

    if (heal_number_parse_u64(number, 10, &id) < 0 || id == 0) {
        heal_http_reply_error(reply, 400, "'%.40s' is not a verdict's number", text);
        return 0;
    }
    if (heal_verdicts_find_const(&heal_engine_probation(view->engine)->verdicts, id))
        return id;
    heal_http_reply_error(reply, 404, "no verdict %llu", (unsigned long long)id);
    return 0;
}

static void answer_verdict(void *view, const struct heal_http_request *request,
                           struct heal_http_reply *reply) {
    uint64_t id = find_verdict(view, request->argument, true, reply);

    if (id != 0)
        reply_json(reply, heald_json_verdict(view, id));
}

static void add_verdict_choices(struct heal_text *text, const struct heald_view *view, uint64_t id) {
    unsigned long long number = id;

    if (!heald_detector_has_verdict(view, id))
        return;
    heal_text_add(text,
                  "\nWhat you can order:\n"
                  "  healctl label v%llu true\n      says that there was trouble, and stands above all other "
                  "witnesses.\n"
                  "  healctl label v%llu false\n      says that there was none.\n",
                  number, number);
    if (heal_engine_probation(view->engine)->mode != HEAL_MODE_OBSERVE)
        heal_text_add(text, "  healctl mode observe --detector gnn\n      has nothing made of the network's "
                            "word any more.\n");
}

static void explain_verdict(const struct heald_view *view, const char *argument,
                            struct heal_http_reply *reply) {
    uint64_t id = find_verdict(view, argument, false, reply);
    char text[EXPLAIN_MAX];
    int length = id != 0 ? heal_engine_verdict_explain(view->engine, id, text, sizeof text) : -ENOENT;
    struct heal_text more;

    if (length < 0)
        return;
    heal_text_init(&more, text + length, sizeof text - (size_t)length);
    add_verdict_choices(&more, view, id);
    heal_http_reply_text(reply, 200, "text/plain; charset=utf-8", text, (size_t)length + more.length);
}

/* What the network has said of the link of an incident, and why. */
static void add_verdict(struct heal_text *text, const struct heald_view *view,
                        const struct heald_found *found) {
    uint64_t id = heal_engine_incident_verdict(view->engine, found->incident.id);
    char words[EXPLAIN_MAX];

    if (id != 0 && heal_engine_verdict_explain(view->engine, id, words, sizeof words) >= 0)
        heal_text_add(text, "\nWhat the network says of it:\n%s", words);
}

static void answer_explain(void *context, const struct heal_http_request *request,
                           struct heal_http_reply *reply) {
    const struct heald_view *view = context;
    struct heald_found found;
    char text[EXPLAIN_MAX], next[HEALD_OUTLOOK_MAX];
    struct heal_text more;

    if (request->argument[0] == 'v') {
        explain_verdict(view, request->argument, reply);
        return;
    }
    if (find_incident(view, request->argument, reply, &found) < 0)
        return;
    size_t length = heal_incident_explain(&found.incident, found.now, text, sizeof text);
    heal_text_init(&more, text + length, sizeof text - length);
    add_verdict(&more, view, &found);
    if (heald_outlook(view, &found.incident, next))
        heal_text_add(&more, "\nWhat comes next:\n%s", next);
    add_choices(&more, view, &found);
    add_frame(&more, view, &found);
    heal_http_reply_text(reply, 200, "text/plain; charset=utf-8", text, length + more.length);
}

bool heald_api_guard(void *context, const struct heal_http_request *request, struct heal_http_reply *reply) {
    const struct heald_view *view = context;
    bool asks = request->method == HEAL_HTTP_GET || request->method == HEAL_HTTP_HEAD;
    char words[240];

    if (asks ? heald_access_may_read(view->access, &request->peer)
             : heald_access_may_act(view->access, &request->peer))
        return true;
    heal_http_reply_error(reply, 403, "%s; you are uid %lld: try with sudo",
                          heald_access_words(view->access, !asks, words, sizeof words),
                          (long long)request->peer.uid);
    return false;
}

/* An order about a verdict: is it still there to be judged? */
static bool is_about_a_verdict(const struct heald_view *view, uint64_t id, struct heal_http_reply *reply) {
    if (heald_detector_has_verdict(view, id))
        return true;
    heal_http_reply_error(reply, 404, "no verdict %llu, or its model is gone", (unsigned long long)id);
    return false;
}

/* An order for the network's mode, or that its shadow takes its place: has it earned that? */
static bool is_earned(const struct heald_view *view, const struct heal_event_operator *event,
                      struct heal_http_reply *reply) {
    char words[HEALD_WORDS_MAX];

    if (heald_detector_may(view, event, words))
        return true;
    heal_http_reply_error(reply, 409,
                          "it has not earned that: %s. `healctl model eval --live` shows how far it is; "
                          "--force goes past the gate",
                          words);
    return false;
}

/* The word of who makes faults: is there room for it? */
static bool is_heard(const struct heald_view *view, const struct heal_event_operator *event,
                     struct heal_http_reply *reply) {
    if (event->number == 0 || heald_detector_can_be_told(view))
        return true;
    heal_http_reply_error(reply, 409, "too many faults at once: none is taken before another has ended");
    return false;
}

/* An order about an incident: is it one that the order can be about? If not, the reply says why. */
static bool is_about_something(const struct heald_view *view, const struct heal_event_operator *event,
                               struct heal_http_reply *reply) {
    unsigned long long id = event->incident;
    struct heald_found found;

    if (heald_incident_find(view, id, &found) < 0)
        heal_http_reply_error(reply, 404, "no incident %llu", id);
    else if (!heald_incident_is_current(view, id))
        heal_http_reply_error(reply, 409,
                              "incident %llu is of an earlier run, which can no longer learn from it", id);
    else if (event->verb == HEAL_OPERATOR_UNDO && found.incident.closed != 0)
        heal_http_reply_error(reply, 409, "incident %llu is over: nothing is in place for it", id);
    else
        return true;
    return false;
}

/* The route's number is the verb. */
static void take_order(void *context, const struct heal_http_request *request,
                       struct heal_http_reply *reply) {
    const struct heald_view *view = context;
    enum heal_operator_verb verb = (enum heal_operator_verb)request->number;
    struct heal_event_operator event;
    struct heal_error error = {0};

    if (heald_order_parse(verb, request->body, request->body_length, &event, &error) < 0) {
        heal_http_reply_error(reply, 400, "%s", error.what);
        return;
    }
    if ((verb == HEAL_OPERATOR_DETECTOR || verb == HEAL_OPERATOR_ACTIVATE) && !is_earned(view, &event, reply))
        return;
    if (verb == HEAL_OPERATOR_TRUTH && !is_heard(view, &event, reply))
        return;
    if (verb == HEAL_OPERATOR_VERDICT && !is_about_a_verdict(view, event.incident, reply))
        return;
    if (verb != HEAL_OPERATOR_VERDICT && event.incident != 0 && !is_about_something(view, &event, reply))
        return;
    int r = heald_operator(view->daemon, &event, &request->peer);
    if (r == -ENOBUFS)
        heal_http_reply_error(reply, 503, "too much is waiting to be done; try again");
    else if (r == -ESHUTDOWN)
        heal_http_reply_error(reply, 503, "heald is being stopped");
    else if (r == -EINVAL)
        heal_http_reply_error(reply, 400, "refused: %s", strerror(-r));
    else if (r < 0)
        heal_http_reply_error(reply, 503, "taken, but not written (%s): it is lost when heald ends",
                              strerror(-r));
    else
        reply_json(reply, json_pack("{s:b}", "ok", 1));
}

static void take_model(void *context, const struct heal_http_request *request,
                       struct heal_http_reply *reply) {
    const struct heald_view *view = context;
    struct heal_error error = {0};
    char *bytes = NULL;
    size_t length = 0;
    int r = heald_model_parse(request->body, request->body_length, &bytes, &length, &error);

    if (r == 0)
        r = heald_shadow(view->daemon, bytes, length, &request->peer, &error);
    free(bytes);
    if (r == -EINVAL && error.column > 0)
        heal_http_reply_error(reply, 400, "byte %d: %s", error.column, error.what);
    else if (r < 0)
        heal_http_reply_error(reply, r == -EINVAL ? 400 : r == -EROFS ? 409 : 503, "%s", error.what);
    else
        reply_json(reply, json_pack("{s:b}", "ok", 1));
}

const struct heal_http_route heald_api_routes[] = {
    {HEAL_HTTP_GET,  "/v1/status",      answer_page,      STATUS                },
    {HEAL_HTTP_GET,  "/v1/nodes",       answer_page,      NODES                 },
    {HEAL_HTTP_GET,  "/v1/links",       answer_page,      LINKS                 },
    {HEAL_HTTP_GET,  "/v1/network",     answer_page,      NETWORK               },
    {HEAL_HTTP_GET,  "/v1/incidents",   answer_incidents, 0                     },
    {HEAL_HTTP_GET,  "/v1/incidents/*", answer_incident,  0                     },
    {HEAL_HTTP_GET,  "/v1/explain/*",   answer_explain,   0                     },
    {HEAL_HTTP_GET,  "/v1/actions",     answer_page,      ACTIONS               },
    {HEAL_HTTP_GET,  "/v1/audit",       answer_audit,     0                     },
    {HEAL_HTTP_GET,  "/v1/thresholds",  answer_page,      THRESHOLDS            },
    {HEAL_HTTP_GET,  "/v1/strategies",  answer_page,      STRATEGIES            },
    {HEAL_HTTP_GET,  "/v1/feedback",    answer_page,      FEEDBACK              },
    {HEAL_HTTP_GET,  "/v1/detector",    answer_page,      DETECTOR              },
    {HEAL_HTTP_GET,  "/v1/verdicts",    answer_page,      VERDICTS              },
    {HEAL_HTTP_GET,  "/v1/verdicts/*",  answer_verdict,   0                     },
    {HEAL_HTTP_POST, "/v1/mode",        take_order,       HEAL_OPERATOR_MODE    },
    {HEAL_HTTP_POST, "/v1/pause",       take_order,       HEAL_OPERATOR_PAUSE   },
    {HEAL_HTTP_POST, "/v1/resume",      take_order,       HEAL_OPERATOR_RESUME  },
    {HEAL_HTTP_POST, "/v1/label",       take_order,       HEAL_OPERATOR_LABEL   },
    {HEAL_HTTP_POST, "/v1/missed",      take_order,       HEAL_OPERATOR_MISSED  },
    {HEAL_HTTP_POST, "/v1/undo",        take_order,       HEAL_OPERATOR_UNDO    },
    {HEAL_HTTP_POST, "/v1/detector",    take_order,       HEAL_OPERATOR_DETECTOR},
    {HEAL_HTTP_POST, "/v1/verdict",     take_order,       HEAL_OPERATOR_VERDICT },
    {HEAL_HTTP_POST, "/v1/activate",    take_order,       HEAL_OPERATOR_ACTIVATE},
    {HEAL_HTTP_POST, "/v1/truth",       take_order,       HEAL_OPERATOR_TRUTH   },
    {HEAL_HTTP_POST, "/v1/shadow",      take_model,       0                     },
    {HEAL_HTTP_GET,  NULL,              NULL,             0                     },
};
