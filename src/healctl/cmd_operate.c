/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The verbs that tell the daemon what to do. */
#include <string.h>

#include "base/number.h"
#include "config/quantity.h"
#include "heal/settings.h"
#include "healctl/client.h"
#include "healctl/cmd.h"

static void show_mode(struct heal_page *page, const json_t *reply) {
    fprintf(page->out, "%s\n", heal_field_text(reply, "mode", "?"));
}

/* The network is the only detector that has a mode of its own. */
static int detector_mode(const struct heal_call *call, const char *detector, bool force) {
    char done[80];

    if (strcmp(detector, "gnn") != 0)
        return heal_call_fail(call, HEAL_EXIT_USAGE, "no detector '%s' has a mode; gnn has", detector);
    if (call->arguments == 0)
        return heal_client_page(call, "/v1/detector", show_mode);
    snprintf(done, sizeof done, "the network's mode is now %s%s", call->argument[0],
             force ? ", by force" : "");
    return heal_client_order(call, "/v1/detector",
                             json_pack("{s:s, s:b}", "mode", call->argument[0], "force", (int)force), done);
}

int heal_cmd_mode(const struct heal_call *call) {
    const char *detector = heal_call_option(call, "--detector");
    bool force = heal_call_option(call, "--force") != NULL;
    char done[80];

    if (detector)
        return detector_mode(call, detector, force);
    if (force)
        return heal_call_fail(call, HEAL_EXIT_USAGE, "--force is for a detector's mode: --detector gnn");
    if (call->arguments == 0)
        return heal_client_page(call, "/v1/status", show_mode);
    snprintf(done, sizeof done, "the mode is now %s", call->argument[0]);
    return heal_client_order(call, "/v1/mode", json_pack("{s:s}", "mode", call->argument[0]), done);
}

int heal_cmd_pause(const struct heal_call *call) {
    const char *reason = heal_call_option(call, "--reason"), *span = heal_call_option(call, "--for");
    json_t *body = json_object();
    heal_us duration = 0;

    if (!reason || !reason[0]) {
        json_decref(body);
        return heal_call_fail(call, HEAL_EXIT_USAGE, "say why: --reason TEXT");
    }
    if (span && (heal_duration_parse(span, &duration) < 0 || duration == 0)) {
        json_decref(body);
        return heal_call_fail(call, HEAL_EXIT_USAGE, "--for is a time such as 90s, 30min or 2h");
    }
    json_object_set_new(body, "reason", json_string(reason));
    if (!json_object_get(body, "reason"))
        body = (json_decref(body), NULL);
    if (body && span)
        json_object_set_new(body, "for", json_real((double)duration / 1e6));
    return heal_client_order(call, "/v1/pause", body,
                             span ? "paused; heald goes on by itself when the time is over"
                                  : "paused until `healctl resume`");
}

int heal_cmd_resume(const struct heal_call *call) {
    return heal_client_order(call, "/v1/resume", json_object(), "resumed");
}

int heal_cmd_undo(const struct heal_call *call) {
    uint64_t id;
    int r = heal_call_incident(call, 0, &id);

    if (r != HEAL_EXIT_OK)
        return r;
    return heal_client_order(call, "/v1/undo", json_pack("{s:I}", "incident", (json_int_t)id),
                             "what is in place is taken back; nothing more is done about it");
}

int heal_cmd_label(const struct heal_call *call) {
    const char *note = heal_call_option(call, "--note"), *label = call->argument[1];
    bool yes = strcmp(label, "true") == 0, verdict = false;
    uint64_t id;
    int r = heal_call_subject(call, 0, &verdict, &id);

    if (r != HEAL_EXIT_OK)
        return r;
    if (!yes && strcmp(label, "false") != 0)
        return heal_call_fail(call, HEAL_EXIT_USAGE, "'%s' is neither true nor false", label);
    json_t *body =
        json_pack("{s:I, s:b}", verdict ? "verdict" : "incident", (json_int_t)id, "label", (int)yes);
    if (note && json_object_set_new(body, "note", json_string(note)) < 0)
        body = (json_decref(body), NULL);
    return heal_client_order(call, verdict ? "/v1/verdict" : "/v1/label", body,
                             yes ? "labelled true" : "labelled false");
}

int heal_cmd_missed(const struct heal_call *call) {
    enum heal_diagnosis diagnosis;

    if (heal_diagnosis_parse(call->argument[0], &diagnosis) < 0) {
        fprintf(call->err, "healctl missed: no diagnosis '%s'; there are:", call->argument[0]);
        for (unsigned i = 0; i < HEAL_DIAGNOSES; i++)
            fprintf(call->err, " %s", heal_diagnosis_slug((enum heal_diagnosis)i));
        fputc('\n', call->err);
        return HEAL_EXIT_USAGE;
    }
    return heal_client_order(call, "/v1/missed", json_pack("{s:s}", "diagnosis", call->argument[0]),
                             "taken: its metric tightens, as far as its bounds allow");
}
