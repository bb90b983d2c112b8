/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wireless/gateway.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lab/process.h"
#include "wireless/netns.h"
#include "wireless/scene.h"

enum { FROM_KERNEL = 1 /* the group of the kernel's own uevents */ };

int gateway_init(struct gateway *gateway, const char *netns) {
    const struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = FROM_KERNEL};

    *gateway = (struct gateway){0};
    snprintf(gateway->netns, sizeof gateway->netns, "%s", netns);
    gateway->socket = netns_socket(netns, AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT);
    if (gateway->socket < 0)
        return gateway->socket;
    return bind(gateway->socket, (const struct sockaddr *)&address, sizeof address) < 0 ? -errno : 0;
}

void gateway_deinit(struct gateway *gateway) {
    if (gateway->socket >= 0)
        close(gateway->socket);
    gateway->socket = -1;
}

static void route(const struct gateway *gateway) {
    char via[32];
    const char *const argv[] = {"ip",  "-n", gateway->netns, "route", "replace", GATEWAY_BEYOND,
                                "via", via,  "dev",          "bat0",  NULL};

    snprintf(via, sizeof via, "10.9.0.%u", (gateway->chosen - 1) % SCENE_NODES + 1);
    if (heal_process_run(argv, NULL) != 0)
        fprintf(stderr, "wifi: no route by way of %s on %s\n", via, gateway->netns);
}

/* A uevent is text, a NUL behind each line. "del" leaves the route where it was: there is no better one. */
static void take(struct gateway *gateway, const char *event, size_t length) {
    bool is_gateway = false, gone = false;
    unsigned radio = SCENE_NODES * SCENE_MESHES;

    for (const char *line = event; line < event + length; line += strlen(line) + 1) {
        is_gateway |= strcmp(line, "BATTYPE=gw") == 0;
        gone |= strcmp(line, "BATACTION=del") == 0;
        (void)sscanf(line, "BATDATA=02:00:00:00:%2x:00", &radio);
    }
    if (!is_gateway || gone || radio >= SCENE_NODES * SCENE_MESHES)
        return;
    gateway->chosen = radio + 1;
    route(gateway);
}

void gateway_follow(struct gateway *gateway) {
    char event[2048];
    ssize_t length;

    while ((length = recv(gateway->socket, event, sizeof event - 1, 0)) > 0) {
        event[length] = '\0';
        take(gateway, event, (size_t)length);
    }
}
