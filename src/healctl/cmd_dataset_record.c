/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* `dataset record`: looks at a lab again and again. */
#include <signal.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/text.h"
#include "config/quantity.h"
#include "dataset/record.h"
#include "healctl/client.h"
#include "healctl/cmd.h"
#include "healctl/cmd_dataset.h"
#include "healctl/lab_client.h"

enum { TIMEOUT_MS = 30000, EVERY_S = 2 };

/* What each node's heald says of its links; null where none answers, which is no news of a lab with faults.
 */
static json_t *ask_nodes(const struct heal_call *call, const json_t *status) {
    json_t *pages = json_array();
    const json_t *node;
    size_t i;

    json_array_foreach(json_object_get(status, "nodes"), i, node) {
        const char *socket = json_string_value(json_object_get(node, "socket"));
        const char *state = json_string_value(json_object_get(node, "state"));
        struct heal_call asked = *call;
        json_t *page = NULL;

        asked.socket = socket;
        if (socket && state && strcmp(state, "up") == 0)
            heal_client_ask_json(&asked, "/v1/links", NULL, &page);
        json_array_append_new(pages, page ? page : json_null());
    }
    return pages;
}

static int look(const struct heal_call *call, struct heal_recorder *recorder) {
    struct heal_error error = {.code = 0};
    json_t *status = NULL;
    int code = heal_lab_client_ask(call, HEAL_CONTROL_STATUS, NULL, TIMEOUT_MS, &status);

    if (code == HEAL_EXIT_OK) {
        json_t *pages = ask_nodes(call, status);

        if (heal_recorder_look(recorder, status, pages, &error) < 0)
            code = heal_call_fail(call, HEAL_EXIT_FAILED, "%s", error.what);
        json_decref(pages);
    }
    json_decref(status);
    return code;
}

/* @return whether it is time to end: somebody wants that. */
static bool rest(const sigset_t *ends) {
    const struct timespec pause = {.tv_sec = EVERY_S};

    return sigtimedwait(ends, NULL, &pause) > 0;
}

static int read_span(const struct heal_call *call, heal_us *ret_span) {
    const char *text = heal_call_option(call, "--for");

    *ret_span = HEAL_NEVER;
    if (!text || heal_duration_parse(text, ret_span) == 0)
        return HEAL_EXIT_OK;
    return heal_call_fail(call, HEAL_EXIT_USAGE, "--for is a time, such as 30s");
}

static int record(const struct heal_call *call, heal_us span, struct heal_recorder *recorder) {
    heal_us begun = heal_clock_now();
    sigset_t ends;
    int code;

    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    do
        code = look(call, recorder);
    while (code == HEAL_EXIT_OK && (span == HEAL_NEVER || heal_clock_now() - begun < span) && !rest(&ends));
    sigprocmask(SIG_UNBLOCK, &ends, NULL);
    return code;
}

/* What was recorded until a lab ended is kept. */
int heal_cmd_dataset_record(const struct heal_call *call) {
    const char *path = heal_call_option(call, "--out");
    struct heal_recorder recorder;
    heal_us span;

    if (!path)
        return heal_call_fail(call, HEAL_EXIT_USAGE, "--out says where it goes; - is the standard output");
    int code = read_span(call, &span);
    if (code != HEAL_EXIT_OK)
        return code;
    if (heal_recorder_init(&recorder) < 0) {
        heal_recorder_deinit(&recorder);
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "no memory");
    }
    heal_name_copy(recorder.set.made, sizeof recorder.set.made, "healctl dataset record");
    code = record(call, span, &recorder);
    if (heal_gnn_dataset_samples(recorder.set.graphs) > 0) {
        int saved = heal_cmd_dataset_save(call, &recorder.set, path);

        code = saved != HEAL_EXIT_OK ? saved : code;
    }
    heal_recorder_deinit(&recorder);
    return code;
}
