/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* fake_daemon SOCKET: serves the admin interface on SOCKET and the metrics on a free port of loopback, both
 * of a heald that is not there. Says "port NUMBER" when it listens. Ends when its standard input does
 * (whoever started it is gone then), and says which order it was given last. */
#include <event2/event.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/fake_heald.h"
#include "heald/api.h"
#include "heald/metrics.h"

static void on_input(evutil_socket_t fd, short what, void *base) {
    char byte[64];

    (void)what;
    if (read(fd, byte, sizeof byte) <= 0)
        event_base_loopbreak(base);
}

int main(int argc, char **argv) {
    struct event_base *base = event_base_new();
    struct heal_http *api = NULL, *metrics = NULL;
    uint16_t port;

    if (argc != 2 || !base)
        return 64;
    if (heal_http_new(base, heald_api_routes, fake_heald_view(), NULL, &api) < 0 ||
        heal_http_new(base, heald_metrics_routes, fake_heald_view(), NULL, &metrics) < 0 ||
        heal_http_listen_unix(api, argv[1], 0600) < 0 ||
        heal_http_listen_tcp(metrics, "127.0.0.1:0", &port) < 0) {
        fprintf(stderr, "fake_daemon: cannot listen\n");
        return 1;
    }
    heal_http_set_guard(api, heald_api_guard);
    struct event *input = event_new(base, STDIN_FILENO, EV_READ | EV_PERSIST, on_input, base);
    event_add(input, NULL);
    printf("port %u\n", port);
    fflush(stdout);
    event_base_dispatch(base);
    const struct heal_event_operator *order = fake_heald_order();
    printf("order verb=%d incident=%" PRIu64 " number=%" PRIu64 " argument=%s\n", (int)order->verb,
           order->incident, order->number, order->argument);
    event_free(input);
    heal_http_free(api);
    heal_http_free(metrics);
    event_base_free(base);
    return 0;
}
