/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/metrics.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "heald/condition.h"
#include "heald/metrics_parts.h"
#include "wire/exposition.h"

enum { PAGE_FIRST = 128 << 10, PAGE_MOST = 4 << 20 };

typedef void page_part(struct heal_exposition *page, const struct heald_view *view);

static void build(struct heal_exposition *x, const struct heald_view *view) {
    const struct heal_exposition_label version[] = {
        {"version", HEAL_VERSION},
        {NULL,      NULL        }
    };

    heal_exposition_family(x, "heald_build_info", HEAL_EXPOSITION_GAUGE, "The version that runs; always 1.");
    heal_exposition_sample(x, 1, version);
    heal_exposition_family(x, "heald_start_time_seconds", HEAL_EXPOSITION_GAUGE,
                           "When this process started, in seconds since 1970.");
    heal_exposition_sample(x, (double)view->started_unix_s, NULL);
    heal_exposition_family(x, "heald_ready", HEAL_EXPOSITION_GAUGE,
                           "1 once the sources are open and a round is done.");
    heal_exposition_sample(x, view->ready, NULL);
}

static void mode(struct heal_exposition *x, const struct heald_view *view) {
    struct heal_engine_status status;

    heal_engine_status(view->engine, &status);
    heal_exposition_family(x, "heald_mode", HEAL_EXPOSITION_GAUGE, "1 for the mode that heald is in.");
    for (unsigned i = 0; i < HEAL_MODES; i++) {
        const struct heal_exposition_label label[] = {
            {"mode", heal_mode_name((enum heal_mode)i)},
            {NULL,   NULL                             }
        };

        heal_exposition_sample(x, status.mode == (enum heal_mode)i, label);
    }
    heal_exposition_family(x, "heald_paused", HEAL_EXPOSITION_GAUGE,
                           "1 while an operator has paused acting.");
    heal_exposition_sample(x, status.paused, NULL);
    heal_exposition_family(x, "heald_storm", HEAL_EXPOSITION_GAUGE,
                           "1 while there are so many incidents that acting has stopped.");
    heal_exposition_sample(x, status.storm, NULL);
    heal_exposition_family(x, "heald_leftover_steps", HEAL_EXPOSITION_GAUGE,
                           "Steps, mostly of an earlier run, that are still to be taken back.");
    heal_exposition_sample(x, status.leftovers, NULL);
    heal_exposition_family(x, "heald_ports", HEAL_EXPOSITION_GAUGE, "Ports (ends of links) that are known.");
    heal_exposition_sample(x, (double)status.ports, NULL);
    heal_exposition_family(x, "heald_neighbours_healthy", HEAL_EXPOSITION_GAUGE,
                           "Neighbours over at least one healthy link.");
    heal_exposition_sample(x, (double)status.neighbours_healthy, NULL);
    heal_exposition_family(x, "heald_routes", HEAL_EXPOSITION_GAUGE,
                           "Destinations that the routing daemon knows.");
    heal_exposition_sample(x, (double)status.routes, NULL);
    heal_exposition_family(x, "heald_rounds_total", HEAL_EXPOSITION_COUNTER, "Rounds of readings.");
    heal_exposition_sample(x, (double)status.rounds, NULL);
}

static void parts(struct heal_exposition *x, const struct heald_view *view) {
    heal_exposition_family(x, "heald_part_up", HEAL_EXPOSITION_GAUGE,
                           "1 where a part that the configuration wants works.");
    for (unsigned i = 0; i < HEALD_PARTS; i++) {
        const struct heal_exposition_label label[] = {
            {"part", heald_part_name((enum heald_part)i)},
            {NULL,   NULL                               }
        };

        if (view->part[i].wanted)
            heal_exposition_sample(x, view->part[i].works, label);
    }
}

static void degraded(struct heal_exposition *x, const struct heald_view *view) {
    heal_exposition_family(x, "heald_degraded", HEAL_EXPOSITION_GAUGE,
                           "1 while heald goes on with less than it should have.");
    for (unsigned i = 0; view->condition && i < HEALD_CONDITIONS; i++) {
        const struct heal_exposition_label label[] = {
            {"condition", heald_condition_rule((enum heald_condition)i)->name},
            {NULL,        NULL                                               }
        };

        heal_exposition_sample(x, view->condition[i].holds, label);
    }
}

static page_part *const page_parts[] = {
    build,
    mode,
    parts,
    degraded,
    heald_metrics_incidents,
    heald_metrics_actions,
    heald_metrics_knowledge,
    heald_metrics_detector,
    heald_metrics_ports,
    heald_metrics_network,
    heald_metrics_loop,
    heald_metrics_store,
};

static void answer_metrics(void *context, const struct heal_http_request *request,
                           struct heal_http_reply *reply) {
    const struct heald_view *view = context;

    (void)request;
    for (size_t size = PAGE_FIRST; size <= PAGE_MOST; size *= 2) {
        struct heal_exposition page;
        char *buffer = malloc(size);

        if (!buffer)
            break;
        heal_exposition_init(&page, buffer, size);
        for (size_t i = 0; i < HEAL_COUNT(page_parts); i++)
            page_parts[i](&page, view);
        if (!page.cut) {
            *reply = (struct heal_http_reply){
                .code = 200, .type = HEAL_EXPOSITION_TYPE, .body = buffer, .length = page.length};
            return;
        }
        free(buffer);
    }
    heal_http_reply_error(reply, 500, "the metrics do not fit into memory");
}

static void answer_live(void *context, const struct heal_http_request *request,
                        struct heal_http_reply *reply) {
    (void)context;
    (void)request;
    heal_http_reply_text(reply, 200, "text/plain; charset=utf-8", "live\n", 5);
}

static void answer_ready(void *context, const struct heal_http_request *request,
                         struct heal_http_reply *reply) {
    const struct heald_view *view = context;
    char text[4096];
    size_t length =
        (size_t)snprintf(text, sizeof text, "%s\n",
                         view->ready ? "ready" : "not ready: the first round of readings is not done");

    (void)request;
    for (unsigned i = 0; i < HEALD_PARTS; i++) {
        const struct heald_part_status *part = &view->part[i];

        if (part->wanted && !part->works && length < sizeof text)
            length += (size_t)snprintf(text + length, sizeof text - length, "%s: %s\n",
                                       heald_part_name((enum heald_part)i), part->words);
    }
    if (length >= sizeof text)
        length = sizeof text - 1;
    heal_http_reply_text(reply, view->ready ? 200 : 503, "text/plain; charset=utf-8", text, length);
}

const struct heal_http_route heald_metrics_routes[] = {
    {HEAL_HTTP_GET, "/metrics", answer_metrics, 0},
    {HEAL_HTTP_GET, "/live",    answer_live,    0},
    {HEAL_HTTP_GET, "/ready",   answer_ready,   0},
    {HEAL_HTTP_GET, NULL,       NULL,           0},
};
