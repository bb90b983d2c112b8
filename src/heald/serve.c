/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/serve.h"

#include "heald/api.h"
#include "heald/metrics.h"
#include "net/http.h"
#include "net/socket_holder.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const heal_us look_every_us = 10 * HEAL_US_PER_S;

/* The folder of the socket, as /run/heald after a boot: made if only it itself is missing. */
static void make_folder(const char *socket) {
    char folder[HEAL_CONFIG_SOCKET_MAX];

    snprintf(folder, sizeof folder, "%s", socket);
    char *slash = strrchr(folder, '/');
    if (!slash || slash == folder)
        return;
    *slash = '\0';
    mkdir(folder, 0755);
}

static int open_api(struct heald_serve *serve, struct event_base *base, struct heald_view *view,
                    struct heald_parts *parts) {
    const char *path = view->config->socket;

    if (path[0] == '\0') {
        heald_parts_unwanted(parts, HEALD_PART_API, "no socket is configured");
        return 0;
    }
    make_folder(path);
    int r = heal_http_new(base, heald_api_routes, view, NULL, &serve->api);
    /* Everybody may connect; who is let in says the guard, in words. */
    if (r == 0)
        heal_http_set_guard(serve->api, heald_api_guard);
    if (r == 0)
        r = heal_http_listen_unix(serve->api, path, 0666);
    if (r < 0) {
        serve->api = heal_http_free(serve->api);
        heald_parts_say(parts, HEALD_PART_API, false, "%s: %s; healctl cannot reach this heald", path,
                        strerror(-r));
    } else {
        heald_parts_say(parts, HEALD_PART_API, true, "%s", path);
    }
    return r == -EADDRINUSE && heal_socket_holder(path, NULL) >= 0 ? r : 0;
}

static void open_metrics(struct heald_serve *serve, struct event_base *base, struct heald_view *view,
                         struct heald_parts *parts) {
    const char *listen = view->config->metrics_listen;

    if (listen[0] == '\0') {
        heald_parts_unwanted(parts, HEALD_PART_METRICS, "metrics are switched off");
        return;
    }
    int r = heal_http_new(base, heald_metrics_routes, view, NULL, &serve->metrics);
    if (r == 0)
        r = heal_http_listen_tcp(serve->metrics, listen, NULL);
    if (r < 0) {
        serve->metrics = heal_http_free(serve->metrics);
        heald_parts_say(parts, HEALD_PART_METRICS, false, "%s: %s", listen, strerror(-r));
    } else {
        heald_parts_say(parts, HEALD_PART_METRICS, true, "%s", listen);
    }
}

int heald_serve_open(struct heald_serve *serve, struct event_base *base, struct heald_view *view,
                     struct heald_parts *parts) {
    int r = open_api(serve, base, view, parts);

    open_metrics(serve, base, view, parts);
    return r;
}

void heald_serve_look(struct heald_serve *serve, struct event_base *base, struct heald_view *view,
                      struct heald_parts *parts) {
    heal_us now = heald_now();

    if (now < serve->due)
        return;
    serve->due = now + look_every_us;
    if (!parts->status[HEALD_PART_API].wanted || (serve->api && !heal_http_is_lost(serve->api)))
        return;
    bool lost = serve->api != NULL;
    serve->api = heal_http_free(serve->api);
    open_api(serve, base, view, parts);
    if (lost)
        heald_log_write(parts->log, HEAL_CONFIG_LOG_WARNING, "socket-lost",
                        "what=\"the admin socket was removed, or replaced: %s\"",
                        serve->api ? "it is made anew" : "it could not be made anew");
}

void heald_serve_close(struct heald_serve *serve) {
    serve->api = heal_http_free(serve->api);
    serve->metrics = heal_http_free(serve->metrics);
}
