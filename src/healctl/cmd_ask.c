/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The verbs that ask the daemon for a page and show it. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "config/utf8.h"
#include "healctl/client.h"
#include "healctl/cmd.h"
#include "healctl/draw.h"
#include "healctl/show.h"

int heal_cmd_nodes(const struct heal_call *call) {
    return heal_client_page(call, "/v1/nodes", heal_show_nodes);
}

int heal_cmd_links(const struct heal_call *call) {
    return heal_client_page(call, "/v1/links", heal_show_links);
}

int heal_cmd_network(const struct heal_call *call) {
    return heal_client_page(call, "/v1/network", heal_show_network);
}

int heal_cmd_actions(const struct heal_call *call) {
    return heal_client_page(call, "/v1/actions", heal_show_actions);
}

int heal_cmd_thresholds(const struct heal_call *call) {
    return heal_client_page(call, "/v1/thresholds", heal_show_thresholds);
}

int heal_cmd_strategies(const struct heal_call *call) {
    return heal_client_page(call, "/v1/strategies", heal_show_strategies);
}

int heal_cmd_feedback(const struct heal_call *call) {
    return heal_client_page(call, "/v1/feedback", heal_show_feedback);
}

int heal_cmd_verdicts(const struct heal_call *call) {
    return heal_client_page(call, "/v1/verdicts", heal_show_verdicts);
}

/* Asks for what a picture shows, and draws it. */
static int draw(const struct heal_call *call, const char *path, struct heal_picture *picture,
                const char *file) {
    json_t *status = NULL, *links = NULL, *incidents = NULL;
    int r = heal_client_ask_json(call, "/v1/status", NULL, &status);

    if (r == HEAL_EXIT_OK)
        r = heal_client_ask_json(call, "/v1/links", NULL, &links);
    if (r == HEAL_EXIT_OK)
        r = heal_client_ask_json(call, path, NULL, &incidents);
    const struct heal_drawn drawn = {.status = status, .links = links, .incidents = incidents};
    if (r == HEAL_EXIT_OK && heal_draw(picture, &drawn) < 0)
        r = heal_call_fail(call, HEAL_EXIT_INTERNAL, "no memory");
    if (r == HEAL_EXIT_OK)
        r = heal_draw_file(call, picture, file);
    json_decref(status);
    json_decref(links);
    json_decref(incidents);
    return r;
}

/* All on one page. */
static int draw_incidents(const struct heal_call *call, bool all, const char *file) {
    struct heal_picture *picture;

    if (call->arguments > 0 || call->json)
        return heal_call_fail(call, HEAL_EXIT_USAGE, "--html takes all incidents on one page, without %s",
                              call->json ? "--json" : "ID");
    picture = heal_picture_new("Mesh and incidents");
    if (!picture)
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "no memory");
    snprintf(picture->command, sizeof picture->command, "healctl explain");
    int r = draw(call, all ? "/v1/incidents?all=1&series=1" : "/v1/incidents?series=1", picture, file);
    heal_picture_free(picture);
    return r;
}

int heal_cmd_incidents(const struct heal_call *call) {
    bool all = heal_call_option(call, "--all") != NULL;
    const char *html = heal_call_option(call, "--html");
    char path[64];
    uint64_t id;

    if (html)
        return draw_incidents(call, all, html);
    if (call->arguments == 0)
        return heal_client_page(call, all ? "/v1/incidents?all=1" : "/v1/incidents",
                                all ? heal_show_incidents_all : heal_show_incidents_open);
    int r = heal_call_incident(call, 0, &id);
    if (r != HEAL_EXIT_OK)
        return r;
    snprintf(path, sizeof path, "/v1/incidents/%" PRIu64, id);
    return heal_client_page(call, path, heal_show_incident);
}

int heal_cmd_explain(const struct heal_call *call) {
    HEAL_CLEANUP(heal_free_pointer) char *text = NULL;
    bool verdict = false;
    char path[64];
    uint64_t id;
    int r = heal_call_subject(call, 0, &verdict, &id);

    if (r != HEAL_EXIT_OK)
        return r;
    if (call->json)
        snprintf(path, sizeof path, "/v1/%s/%" PRIu64, verdict ? "verdicts" : "incidents", id);
    else
        snprintf(path, sizeof path, "/v1/explain/%s%" PRIu64, verdict ? "v" : "", id);
    r = heal_client_ask(call, path, NULL, &text);
    if (r != HEAL_EXIT_OK)
        return r;
    for (char *line = text, *end; *line; line = end) {
        char clean[2000];

        end = line + strcspn(line, "\n");
        bool more = *end == '\n';
        *end = '\0';
        heal_utf8_show(line, clean, sizeof clean);
        fprintf(call->out, "%s\n", call->json ? line : clean);
        end += more;
    }
    return HEAL_EXIT_OK;
}

int heal_cmd_audit(const struct heal_call *call) {
    return heal_client_page(call, "/v1/audit", heal_show_audit);
}

static void show_verdict(struct heal_page *page, const json_t *chain, const char *verdict) {
    if (!json_is_object(chain)) {
        heal_page_print(page, HEAL_WARN, "there is nothing to check: this heald keeps no audit (a dry run)");
        fputc('\n', page->out);
        return;
    }
    heal_page_print(page, HEAL_PLAIN, "audit: %s", heal_field_text(chain, "words", verdict));
    fputc('\n', page->out);
    if (!heal_field_text(chain, "head", NULL))
        return;
    heal_page_print(page, HEAL_DIM, "newest hash %s (keep it elsewhere to prove that nothing was rewritten)",
                    heal_field_text(chain, "head", ""));
    fputc('\n', page->out);
}

/* Shows the verdict without the records, and makes it the exit code. */
int heal_cmd_audit_verify(const struct heal_call *call) {
    struct heal_page page;
    json_t *reply = NULL;
    int r = heal_client_ask_json(call, "/v1/audit?limit=0&verify=1", NULL, &reply);

    if (r != HEAL_EXIT_OK)
        return r;
    const json_t *chain = json_object_get(reply, "chain");
    const char *verdict = heal_field_text(chain, "verdict", "unknown");
    heal_page_init(&page, call->out, reply);
    if (call->json)
        heal_page_json(call->out, chain);
    else
        show_verdict(&page, chain, verdict);
    r = strcmp(verdict, "whole") == 0    ? HEAL_EXIT_OK
        : strcmp(verdict, "broken") == 0 ? HEAL_EXIT_FAILED
                                         : HEAL_EXIT_UNKNOWN;
    json_decref(reply);
    return r;
}
