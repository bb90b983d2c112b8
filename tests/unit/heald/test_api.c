/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The admin interface's pages and orders, on a heald that is not there. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* cmocka wants the above first. */
#include <cmocka.h>
#include <jansson.h>

#include "cli/fake_heald.h"
#include "heald/access.h"
#include "heald/api.h"
#include "heald/api_json.h"
#include "heald/metrics.h"
#include "os/store.h"

static struct heal_http_peer asker;

static json_t *ask(enum heal_http_method method, const char *path, const char *query, const char *body,
                   int code) {
    struct heal_http_request request = {.method = method,
                                        .path = path,
                                        .query = query,
                                        .body = body,
                                        .body_length = strlen(body),
                                        .peer = asker};
    struct heal_http_reply reply = {0};
    json_error_t error;

    if (heald_api_guard(fake_heald_view(), &request, &reply))
        heal_http_answer(heald_api_routes, fake_heald_view(), &request, &reply, NULL);
    assert_int_equal(reply.code, code);
    assert_string_equal(reply.type, "application/json");
    json_t *page = json_loadb(reply.body, reply.length, 0, &error);
    assert_non_null(page);
    free(reply.body);
    return page;
}

static json_t *get(const char *path) {
    return ask(HEAL_HTTP_GET, path, "", "", 200);
}

/* Looks a value up by a path of names and indices, e.g. "links.0.features.rssi". */
static json_t *at(json_t *value, const char *path) {
    char name[64];

    while (*path) {
        size_t length = strcspn(path, ".");

        memcpy(name, path, length);
        name[length] = '\0';
        value =
            json_is_array(value) ? json_array_get(value, (size_t)atoi(name)) : json_object_get(value, name);
        path += length + (path[length] == '.');
    }
    assert_non_null(value);
    return value;
}

#define TEXT(path) json_string_value(at(page, path))
#define NUMBER(path) json_number_value(at(page, path))
#define INTEGER(path) json_integer_value(at(page, path))
#define NULL_AT(path) assert_true(json_is_null(at(page, path)))

static void test_status(void **state) {
    json_t *page = get("/v1/status");

    (void)state;
    assert_string_equal(TEXT("node"), "centre");
    assert_string_equal(TEXT("mode"), "act");
    assert_true(json_is_false(at(page, "paused")));
    NULL_AT("paused_until");
    NULL_AT("pause_reason");
    assert_int_equal(INTEGER("incidents_open"), 1);
    assert_float_equal(NUMBER("mttd"), 2.65, 1e-6);
    assert_int_equal(INTEGER("actions_total.restart-service.failed"), 1);
    assert_int_equal(INTEGER("incidents_total.link-loss"), 4);
    assert_int_equal(json_object_size(at(page, "suppressed_total")), 1);
    assert_int_equal(json_array_size(at(page, "parts")), HEALD_PARTS);
    assert_string_equal(TEXT("parts.3.words"), "no radio here; signal strength is not watched");
    assert_int_equal(json_array_size(at(page, "degraded")), 1);
    assert_string_equal(TEXT("degraded.0.condition"), "source-silent");
    assert_true(NUMBER("degraded.0.since") == 880);
    assert_non_null(strstr(TEXT("degraded.0.meaning"), "not diagnosed"));
    json_decref(page);
}

static void test_links_mask_what_is_not_known(void **state) {
    json_t *page = get("/v1/links");

    (void)state;
    assert_int_equal(json_array_size(at(page, "links")), 3);
    assert_string_equal(TEXT("links.0.neighbour"), "north");
    assert_string_equal(TEXT("links.0.peer"), "fe80::2");
    assert_true(NUMBER("links.0.loss_out") == 0.215);
    assert_true(NUMBER("links.0.features.rssi") == -61);
    NULL_AT("links.0.normal.link-age");
    assert_int_equal(INTEGER("links.0.incident"), 7);
    NULL_AT("links.1.features.rssi");
    NULL_AT("links.1.incident");
    NULL_AT("links.2.loss_in");
    NULL_AT("links.2.loss_out");
    NULL_AT("links.2.neighbour");
    json_decref(page);
}

static void test_what_the_network_says(void **state) {
    json_t *page = get("/v1/network");

    (void)state;
    assert_string_equal(TEXT("network.state"), "at-work");
    assert_string_equal(TEXT("network.active.model"), "1f2e3d4c5b6a7988");
    assert_int_equal(INTEGER("network.active.judged"), 2);
    assert_int_equal(INTEGER("network.active.whole"), 1);
    assert_int_equal(INTEGER("network.active.sick"), 1);
    assert_string_equal(TEXT("network.active.ports.0.neighbour"), "north");
    assert_true(NUMBER("network.active.ports.0.probability") > 0.88 &&
                NUMBER("network.active.ports.0.probability") < 0.881);
    assert_true(NUMBER("network.active.ports.0.since") == 987);
    assert_int_equal(INTEGER("network.active.ports.0.lacked.stale"), 3);
    assert_string_equal(TEXT("network.active.ports.1.state"), "model");
    assert_string_equal(TEXT("network.active.ports.1.inputs"), "plain");
    NULL_AT("network.active.ports.1.since");
    NULL_AT("network.active.ports.2.probability");
    NULL_AT("network.shadow");
    json_decref(page);
}

static void test_nodes(void **state) {
    json_t *page = get("/v1/nodes");

    (void)state;
    assert_int_equal(json_array_size(at(page, "nodes")), 3);
    assert_true(json_is_true(at(page, "nodes.0.self")));
    assert_string_equal(TEXT("nodes.1.name"), "north");
    assert_int_equal(INTEGER("nodes.1.links_alive"), 1);
    assert_int_equal(INTEGER("nodes.1.incidents.0"), 7);
    assert_int_equal(json_array_size(at(page, "nodes.2.incidents")), 0);
    json_decref(page);
}

static void test_incidents(void **state) {
    json_t *page = get("/v1/incidents");

    (void)state;
    assert_int_equal(json_array_size(at(page, "incidents")), 3);
    assert_string_equal(TEXT("incidents.0.diagnosis"), "link-loss");
    assert_true(NUMBER("incidents.0.confidence") == 0.94);
    assert_string_equal(TEXT("incidents.0.owner"), "centre");
    assert_string_equal(TEXT("incidents.0.ranked.1.diagnosis"), "interference");
    assert_true(NUMBER("incidents.0.first_seen") == 985.5);
    NULL_AT("incidents.0.healed");
    NULL_AT("incidents.0.closed");
    NULL_AT("incidents.0.label");
    assert_true(json_is_true(at(page, "incidents.1.label")));
    assert_string_equal(TEXT("incidents.0.steps.0.state"), "holding");
    NULL_AT("incidents.0.evidence.1.threshold");
    NULL_AT("incidents.1.steps.1.outcome");
    assert_string_equal(TEXT("incidents.2.suppressed"), "confidence");
    assert_string_equal(TEXT("incidents.2.owner"), "east");
    /* What is not UTF-8 is made so; the page is still JSON. */
    assert_string_equal(TEXT("incidents.2.node"), "ev\"il?\n\x1b[31m");
    json_decref(page);
}

static void test_incident_by_number(void **state) {
    static const struct {
        const char *path;
        int code;
    } row[] = {
        {"/v1/incidents/999",                     404},
        {"/v1/incidents/x",                       400},
        {"/v1/incidents/0",                       400},
        {"/v1/incidents/-1",                      400},
        {"/v1/incidents/7x",                      400},
        {"/v1/incidents/99999999999999999999999", 400},
        {"/v1/explain/999",                       404},
        {"/v1/incidents/",                        404}
    };
    json_t *page = get("/v1/incidents/6");

    (void)state;
    assert_int_equal(INTEGER("id"), 6);
    assert_string_equal(TEXT("service"), "worker");
    json_decref(page);
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        page = ask(HEAL_HTTP_GET, row[i].path, "", "", row[i].code);
        assert_non_null(TEXT("error"));
        json_decref(page);
    }
}

static void test_actions_and_knowledge(void **state) {
    json_t *page = get("/v1/actions");

    (void)state;
    assert_int_equal(json_array_size(at(page, "actions")), 4);
    assert_int_equal(INTEGER("actions.0.incident"), 7);
    assert_string_equal(TEXT("actions.0.diagnosis"), "link-loss");
    assert_string_equal(TEXT("actions.3.state"), "would");
    json_decref(page);
    page = get("/v1/thresholds");
    assert_true(NUMBER("thresholds.0.value") == 0.036);
    assert_string_equal(TEXT("thresholds.0.metric"), "loss");
    json_decref(page);
    page = get("/v1/strategies");
    assert_true(NUMBER("strategies.0.mttr") == 2.3);
    NULL_AT("strategies.1.mttr");
    json_decref(page);
    page = get("/v1/feedback");
    assert_int_equal(INTEGER("confirmed"), 4);
    json_decref(page);
}

static void test_audit_without_store(void **state) {
    json_t *page = get("/v1/audit");

    (void)state;
    assert_int_equal(json_array_size(at(page, "records")), 0);
    NULL_AT("chain");
    json_decref(page);
}

static void put(struct heal_store *store, enum heal_record_kind kind, const char *key, const char *value) {
    struct heal_record record = {.kind = kind};

    strcpy(record.key, key);
    strcpy(record.value, value);
    assert_int_equal(heal_store_put(store, &record, 0), 0);
}

static void test_audit_and_history_of_a_store(void **state) {
    char folder[] = "/tmp/heal-api-XXXXXX", path[64];
    struct heald_view *view = fake_heald_view();
    struct heal_store_options options = {.folder = mkdtemp(folder)};
    struct heal_incident_status old = {
        .id = 3, .node = "centre", .opened = 5, .closed = 9, .label = -1, .ranks = 1};
    char value[1400];

    (void)state;
    assert_int_equal(heal_store_open(&options, &view->store), 0);
    strcpy(((struct heal_config *)(uintptr_t)view->config)->state, folder);
    put(view->store, HEAL_RECORD_AUDIT, "", "act one");
    put(view->store, HEAL_RECORD_AUDIT, "", "act two");
    assert_int_equal(heal_incident_format(&old, value, sizeof value), 0);
    put(view->store, HEAL_RECORD_INCIDENT, "3", value);
    assert_int_equal(heal_store_commit(view->store, NULL, NULL), 0);

    json_t *page = heald_json_audit(view, 1, true);
    assert_int_equal(json_array_size(at(page, "records")), 1);
    assert_string_equal(TEXT("records.0.text"), "act two");
    assert_string_equal(TEXT("chain.verdict"), "whole");
    assert_int_equal(INTEGER("chain.records"), 2);
    json_decref(page);
    page = heald_json_incidents(view, true, true);
    assert_int_equal(json_array_size(at(page, "incidents")), 4);
    assert_int_equal(INTEGER("incidents.3.id"), 3);
    assert_int_equal(json_array_size(at(page, "incidents.3.series")), 0);
    assert_string_equal(TEXT("incidents.0.series.0.track"), TEXT("incidents.0.evidence.0.track"));
    assert_int_equal(json_array_size(at(page, "incidents.0.series.0.points")), 25);
    assert_int_equal(json_array_size(at(page, "incidents.0.series.0.points.0")), 3);
    json_decref(page);
    page = heald_json_incidents(view, true, false);
    assert_null(json_object_get(at(page, "incidents.0"), "series"));
    json_decref(page);
    struct heald_found found;
    assert_int_equal(heald_incident_find(view, 3, &found), 0);
    assert_int_equal(heald_incident_find(view, 4, &found), -ENOENT);

    view->store = heal_store_close(view->store);
    static const char *const file[] = {"heald.db", "heald.db-wal", "heald.db-shm", "heald.lock",
                                       "heald.db.lock"};
    for (size_t i = 0; i < sizeof file / sizeof file[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, file[i]);
        unlink(path);
    }
    rmdir(folder);
}

static void test_orders(void **state) {
    struct heal_event_operator *order = fake_heald_order();

    (void)state;
    json_decref(ask(HEAL_HTTP_POST, "/v1/mode", "", "{\"mode\": \"warn\"}", 200));
    assert_int_equal(order->verb, HEAL_OPERATOR_MODE);
    assert_string_equal(order->argument, "warn");
    json_decref(ask(HEAL_HTTP_POST, "/v1/pause", "", "{\"reason\": \"new mast\", \"for\": 90.5}", 200));
    assert_int_equal(order->verb, HEAL_OPERATOR_PAUSE);
    assert_int_equal(order->number, 91);
    assert_string_equal(order->argument, "new mast");
    json_decref(ask(HEAL_HTTP_POST, "/v1/pause", "", "{\"reason\": \"x\", \"for\": null}", 200));
    assert_int_equal(order->number, 0);
    json_decref(ask(HEAL_HTTP_POST, "/v1/resume", "", "", 200));
    assert_int_equal(order->verb, HEAL_OPERATOR_RESUME);
    json_decref(
        ask(HEAL_HTTP_POST, "/v1/label", "", "{\"incident\": 6, \"label\": false, \"note\": \"test\"}", 200));
    assert_int_equal(order->verb, HEAL_OPERATOR_LABEL);
    assert_int_equal(order->incident, 6);
    assert_int_equal(order->number, 0);
    json_decref(ask(HEAL_HTTP_POST, "/v1/undo", "", "{\"incident\": 7}", 200));
    assert_int_equal(order->verb, HEAL_OPERATOR_UNDO);
    assert_int_equal(order->incident, 7);
    json_decref(ask(HEAL_HTTP_POST, "/v1/undo", "", "{\"incident\": 6}", 409)); /* that one is over */
    json_decref(ask(HEAL_HTTP_POST, "/v1/undo", "", "{\"incident\": 999}", 404));
    json_decref(ask(HEAL_HTTP_POST, "/v1/missed", "", "{\"diagnosis\": \"link-flap\"}", 200));
    assert_string_equal(order->argument, "link-flap");
}

static void test_detector(void **state) {
    json_t *page = get("/v1/detector");

    (void)state;
    assert_string_equal(TEXT("mode"), "act");
    assert_int_equal(json_array_size(at(page, "models")), 2);
    assert_string_equal(TEXT("models.0.model"), "5eed0123456789ab");
    assert_int_equal(INTEGER("models.0.confusion.right-alarm"), 41);
    assert_float_equal(NUMBER("models.0.shares.precision.low"), 0.90006, 1e-4);
    assert_int_equal(INTEGER("models.0.shares.recall.trials"), 33);
    assert_true(json_is_true(at(page, "models.0.threshold.conformal")));
    assert_float_equal(NUMBER("models.0.threshold.logit"), 1229 / 1024.0, 1e-6);
    assert_float_equal(NUMBER("models.0.drift.6.outside.value"), 0.02, 1e-6);
    NULL_AT("models.0.drift.0.moved");
    assert_true(json_is_true(at(page, "models.0.gate.passed")));
    assert_string_equal(TEXT("models.1.gate.reason"), "few-alarms");
    NULL_AT("models.1.shares.precision.value");
    json_decref(page);
    page = get("/v1/verdicts");
    assert_int_equal(json_array_size(at(page, "verdicts")), 3);
    assert_int_equal(INTEGER("verdicts.2.incident"), 7);
    assert_string_equal(TEXT("verdicts.2.neighbour"), "north");
    assert_float_equal(NUMBER("verdicts.2.chance"), 0.9526, 1e-4);
    assert_true(json_is_false(at(page, "verdicts.1.alarm")));
    NULL_AT("verdicts.1.chance"); /* nobody knows of which port */
    json_decref(page);
}

static void test_orders_about_the_network(void **state) {
    struct heal_event_operator *order = fake_heald_order();

    (void)state;
    json_decref(ask(HEAL_HTTP_POST, "/v1/detector", "", "{\"mode\": \"act\"}", 200));
    assert_int_equal(order->verb, HEAL_OPERATOR_DETECTOR);
    assert_int_equal(order->number, 0);
    json_decref(ask(HEAL_HTTP_POST, "/v1/detector", "", "{\"mode\": \"warn\", \"force\": true}", 200));
    assert_int_equal(order->number, 1);
    json_decref(
        ask(HEAL_HTTP_POST, "/v1/verdict", "", "{\"verdict\": 1, \"label\": true, \"note\": \"y\"}", 200));
    assert_int_equal(order->verb, HEAL_OPERATOR_VERDICT);
    assert_int_equal(order->incident, 1);
    assert_int_equal(order->number, 1);
    json_decref(ask(HEAL_HTTP_POST, "/v1/truth", "",
                    "{\"neighbour\": \"north\", \"diagnosis\": \"link-flap\", \"begins\": true}", 200));
    assert_int_equal(order->verb, HEAL_OPERATOR_TRUTH);
    assert_string_equal(order->argument, "north link-flap");
    json_decref(ask(HEAL_HTTP_POST, "/v1/truth", "", "{\"neighbour\": \"north\", \"begins\": false}", 200));
    assert_int_equal(order->number, 0);
    assert_string_equal(order->argument, "north");
}

static void test_a_fault_too_many_is_refused(void **state) {
    (void)state;
    fake_heald_set_deaf(true);
    json_t *page = ask(HEAL_HTTP_POST, "/v1/truth", "", "{\"neighbour\": \"north\", \"begins\": true}", 409);
    assert_non_null(strstr(TEXT("error"), "too many faults at once"));
    json_decref(page);
    json_decref(ask(HEAL_HTTP_POST, "/v1/truth", "", "{\"neighbour\": \"north\", \"begins\": false}", 200));
    fake_heald_set_deaf(false);
}

static void test_a_shadow_must_have_earned_it(void **state) {
    struct heal_event_operator *order = fake_heald_order();

    (void)state;
    json_t *page = ask(HEAL_HTTP_POST, "/v1/activate", "", "{\"model\": \"cafe\"}", 409);
    assert_non_null(strstr(TEXT("error"), "0 of its alarms were judged; 30 are wanted"));
    json_decref(page);
    page = ask(HEAL_HTTP_POST, "/v1/activate", "", "{\"model\": \"beef\", \"force\": true}", 409);
    assert_non_null(strstr(TEXT("error"), "no model beef is in the shadow"));
    json_decref(page);
    json_decref(ask(HEAL_HTTP_POST, "/v1/activate", "", "{\"model\": \"soup\"}", 400));
    json_decref(ask(HEAL_HTTP_POST, "/v1/activate", "", "{\"model\": \"cafe\", \"force\": true}", 200));
    assert_int_equal(order->verb, HEAL_OPERATOR_ACTIVATE);
    assert_int_equal(order->number, 1);
    assert_string_equal(order->argument, "cafe");
}

/* Without a model nothing is earned, and nothing can be forced. */
static void test_the_network_must_have_earned_it(void **state) {
    (void)state;
    fake_heald_set_empty(true);
    json_t *page = ask(HEAL_HTTP_POST, "/v1/detector", "", "{\"mode\": \"act\", \"force\": true}", 409);
    assert_non_null(strstr(TEXT("error"), "it has not earned that: there is no model"));
    json_decref(page);
    json_decref(ask(HEAL_HTTP_POST, "/v1/detector", "", "{\"mode\": \"warn\"}", 200));
    fake_heald_set_empty(false);
}

static void test_wrong_orders(void **state) {
    static const struct {
        const char *path, *body, *message;
        int code;
    } row[] = {
        {"/v1/mode",     "",                                                               "mode",                         400},
        {"/v1/mode",     "{",                                                              "not JSON",                     400},
        {"/v1/mode",     "[]",                                                             "must be a JSON object",        400},
        {"/v1/mode",     "{\"mode\": \"atc\"}",                                            "observe, warn or act",         400},
        {"/v1/mode",     "{\"mode\": 3}",                                                  "must be a string",             400},
        {"/v1/mode",     "{\"mode\": \"act\", \"mode\": \"warn\"}",                        "duplicate",                    400},
        {"/v1/mode",     "{\"mdoe\": \"act\"}",                                            "did you mean \"mode\"",        400},
        {"/v1/mode",     "{\"mode\": \"act\\u0000\"}",                                     "",                             400},
        {"/v1/pause",    "{}",                                                             "must say why",                 400},
        {"/v1/pause",    "{\"reason\": \"\"}",                                             "must say why",                 400},
        {"/v1/pause",    "{\"reason\": \"a\\nb\"}",                                        "control character",            400},
        {"/v1/pause",    "{\"reason\": \"x\", \"for\": -1}",                               "must be seconds",              400},
        {"/v1/pause",    "{\"reason\": \"x\", \"for\": 1e300}",                            "must be seconds",              400},
        {"/v1/pause",    "{\"reason\": \"x\", \"for\": \"1h\"}",                           "must be seconds",              400},
        {"/v1/resume",   "{\"now\": true}",                                                "no field \"now\"",             400},
        {"/v1/label",    "{\"label\": true}",                                              "must be an incident's number", 400},
        {"/v1/label",    "{\"incident\": 6}",                                              "must be true or false",        400},
        {"/v1/label",    "{\"incident\": 999, \"label\": true}",                           "no incident 999",              404},
        {"/v1/missed",   "{\"diagnosis\": \"link-los\"}",                                  "did you mean link-loss",       400},
        {"/v1/missed",   "{}",                                                             "should have been diagnosed",   400},
        {"/v1/detector", "{\"mode\": \"fly\"}",                                            "observe, warn or act",         400},
        {"/v1/detector", "{\"mode\": \"act\", \"force\": 1}",                              "must be true or false",        400},
        {"/v1/verdict",  "{\"verdict\": \"v1\", \"label\": true}",                         "must be a verdict's number",   400},
        {"/v1/verdict",  "{\"verdict\": 99, \"label\": true}",                             "no verdict 99",                404},
        {"/v1/verdict",  "{\"verdict\": 2, \"label\": true}",                              "or its model is gone",         404},
        {"/v1/truth",    "{\"neighbour\": \"a b\", \"begins\": true}",                     "must be a node's name",        400},
        {"/v1/truth",    "{\"neighbour\": \"a\"}",                                         "must be true or false",        400},
        {"/v1/truth",    "{\"neighbour\": \"a\", \"begins\": true, \"diagnosis\": \"x\"}", "no diagnosis",                 400},
    };
    struct heal_event_operator *order = fake_heald_order();
    char body[400];

    (void)state;
    order->verb = HEAL_OPERATOR_VERBS;
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        json_t *page = ask(HEAL_HTTP_POST, row[i].path, "", row[i].body, row[i].code);

        assert_non_null(strstr(TEXT("error"), row[i].message));
        json_decref(page);
    }
    memset(body, 'r', sizeof body);
    memcpy(body, "{\"reason\":\"", 11);
    strcpy(body + sizeof body - 3, "\"}");
    json_t *page = ask(HEAL_HTTP_POST, "/v1/pause", "", body, 400);
    assert_non_null(strstr(TEXT("error"), "longer than"));
    json_decref(page);
    assert_int_equal(order->verb, HEAL_OPERATOR_VERBS);
    fake_heald_set_answer(-ENOBUFS);
    json_decref(ask(HEAL_HTTP_POST, "/v1/resume", "", "{}", 503));
    fake_heald_set_answer(0);
}

static void test_empty_node(void **state) {
    static const char *const path[] = {"/v1/status",    "/v1/nodes",    "/v1/links",      "/v1/network",
                                       "/v1/incidents", "/v1/actions",  "/v1/thresholds", "/v1/strategies",
                                       "/v1/feedback",  "/v1/detector", "/v1/verdicts"};

    (void)state;
    fake_heald_set_empty(true);
    for (size_t i = 0; i < sizeof path / sizeof path[0]; i++)
        json_decref(get(path[i]));
    json_t *page = get("/v1/status");
    NULL_AT("mttd");
    NULL_AT("cpu");
    json_decref(page);
    fake_heald_set_empty(false);
}

static void assert_may(struct heal_http_peer peer, bool reads, bool acts) {
    static const char *const body = "{\"mode\": \"warn\"}";

    asker = peer;
    json_t *page = ask(HEAL_HTTP_GET, "/v1/status", "", "", reads ? 200 : 403);
    if (!reads)
        assert_non_null(strstr(TEXT("error"), "may ask (admin.read-group, read-all); you are uid"));
    json_decref(page);
    page = ask(HEAL_HTTP_POST, "/v1/mode", "", body, acts ? 200 : 403);
    if (!acts)
        assert_non_null(strstr(TEXT("error"), "may give orders (admin.act-group); you are uid"));
    json_decref(page);
    asker = (struct heal_http_peer){.uid = 0};
}

/* Asking and ordering are apart, each for a group of its own. */
static void test_who_may_do_what(void **state) {
    const struct heal_http_peer nobody =
                                    {
                                        .uid = -1
    },
                                stranger = {(int64_t)geteuid() + 4711, 1, 1, {70}},
                                own = {.uid = (int64_t)geteuid()}, root = {.uid = 0},
                                reader = {(int64_t)geteuid() + 4711, 1, 2, {70, 71}},
                                operator_ = {(int64_t)geteuid() + 4711, 1, 3, {70, 73, 72}};
    struct heald_access *access = fake_heald_access();

    (void)state;
    *access = (struct heald_access){
        .config = fake_heald_view()->config, .reads = true, .acts = true, .read_group = 71, .act_group = 72};
    assert_may(nobody, false, false);
    assert_may(stranger, false, false);
    assert_may(own, true, true);
    assert_may(root, true, true);
    assert_may(reader, true, false);
    assert_may(operator_, true, true);
    access->read_all = true;
    assert_may(stranger, true, false);
    assert_may(nobody, false, false);
    *access = (struct heald_access){.config = fake_heald_view()->config};
    assert_may(reader, false, false); /* there are no such groups */
    assert_may(operator_, false, false);
}

/* Of this node's own incidents: the one that it hears of as one upstream is older, and another's. */
static void test_metrics_tell_the_age_of_the_oldest_incident(void **state) {
    struct heal_http_request request = {.method = HEAL_HTTP_GET, .path = "/metrics", .query = "", .body = ""};
    struct heal_http_reply reply;

    (void)state;
    heal_http_answer(heald_metrics_routes, fake_heald_view(), &request, &reply, NULL);
    assert_int_equal(reply.code, 200);
    assert_non_null(strstr(reply.body, "\nheald_incident_oldest_seconds 11.75\n"));
    assert_non_null(strstr(reply.body, "\nheald_reloads_failed_total "));
    assert_non_null(strstr(reply.body, "\nheald_leftover_steps "));
    free(reply.body);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_status),
        cmocka_unit_test(test_links_mask_what_is_not_known),
        cmocka_unit_test(test_what_the_network_says),
        cmocka_unit_test(test_nodes),
        cmocka_unit_test(test_incidents),
        cmocka_unit_test(test_incident_by_number),
        cmocka_unit_test(test_actions_and_knowledge),
        cmocka_unit_test(test_audit_without_store),
        cmocka_unit_test(test_audit_and_history_of_a_store),
        cmocka_unit_test(test_orders),
        cmocka_unit_test(test_detector),
        cmocka_unit_test(test_orders_about_the_network),
        cmocka_unit_test(test_a_fault_too_many_is_refused),
        cmocka_unit_test(test_a_shadow_must_have_earned_it),
        cmocka_unit_test(test_the_network_must_have_earned_it),
        cmocka_unit_test(test_wrong_orders),
        cmocka_unit_test(test_who_may_do_what),
        cmocka_unit_test(test_empty_node),
        cmocka_unit_test(test_metrics_tell_the_age_of_the_oldest_incident),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
