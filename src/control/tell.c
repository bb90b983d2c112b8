/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "control/tell.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/text.h"
#include "control/state.h"
#include "fault/truth.h"
#include "lab/clock.h"

/* A heald answers at once; one that is stopped for longer than this hears of nothing. */
static const heal_us answer_time = 5 * HEAL_US_PER_S;

void heal_tell_init(struct heal_tell *tell, struct heal_lab *lab) {
    tell->lab = lab;
    for (unsigned i = 0; i < HEAL_TELLINGS_MAX; i++)
        tell->open[i].fd = -1;
}

void heal_tell_deinit(struct heal_tell *tell) {
    for (unsigned i = 0; i < HEAL_TELLINGS_MAX; i++)
        if (tell->open[i].fd >= 0)
            close(tell->open[i].fd);
}

static void say_untold(const char *node, const char *why) {
    heal_control_say("%s's heald was not told of a fault: %s", node, why);
}

/* @return a connection that has taken all of the request, or negative errno. */
static int send_to(const char *path, const char *request) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd, r = 0;

    if (strlen(path) >= sizeof address.sun_path)
        return -ENAMETOOLONG;
    heal_name_copy(address.sun_path, sizeof address.sun_path, path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) < 0 ||
        send(fd, request, strlen(request), MSG_NOSIGNAL) != (ssize_t)strlen(request))
        r = errno ? -errno : -EIO;
    if (r < 0)
        close(fd);
    return r < 0 ? r : fd;
}

static struct heal_telling_open *find_room(struct heal_tell *tell) {
    for (unsigned i = 0; i < HEAL_TELLINGS_MAX; i++)
        if (tell->open[i].fd < 0)
            return &tell->open[i];
    return NULL;
}

/* Names of nodes and of diagnoses need no escape in JSON. */
static void tell_one(struct heal_tell *tell, unsigned node, unsigned neighbour,
                     const struct heal_fault *fault, bool begins) {
    const struct heal_topology *topology = heal_lab_topology(tell->lab);
    struct heal_telling_open *open = find_room(tell);
    char path[HEAL_LAB_PATH_MAX], body[256], request[512];
    int length, fd = -ENOBUFS;

    length = snprintf(body, sizeof body, "{\"neighbour\": \"%s\", \"diagnosis\": \"%s\", \"begins\": %s}",
                      topology->node[neighbour].name, heal_diagnosis_slug(heal_fault_truth(fault)),
                      begins ? "true" : "false");
    snprintf(request, sizeof request,
             "POST /v1/truth HTTP/1.1\r\nHost: heald\r\nConnection: close\r\n"
             "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
             length, body);
    if (open)
        fd = send_to(heal_lab_file(tell->lab, (int)node, "heald.sock", path), request);
    if (fd < 0) {
        say_untold(topology->node[node].name, strerror(-fd));
        return;
    }
    *open = (struct heal_telling_open){.fd = fd, .deadline = heal_lab_now() + answer_time};
    heal_name_copy(open->node, sizeof open->node, topology->node[node].name);
}

/* A node of which all links are sick hears of itself, and once. */
static void tell_node(struct heal_tell *tell, unsigned node, const struct heal_fault *fault, bool begins) {
    const struct heal_topology *topology = heal_lab_topology(tell->lab);
    unsigned of_node = 0, sick = 0;

    for (unsigned i = 0; i < topology->links; i++) {
        bool is_end = topology->link[i].a == node || topology->link[i].b == node;

        of_node += is_end;
        sick += is_end && heal_fault_ails(fault, topology, i, node);
    }
    if (sick > 1 && sick == of_node) {
        tell_one(tell, node, node, fault, begins);
        return;
    }
    for (unsigned i = 0; i < topology->links; i++) {
        unsigned a = topology->link[i].a, b = topology->link[i].b;

        if ((a == node || b == node) && heal_fault_ails(fault, topology, i, node))
            tell_one(tell, node, a == node ? b : a, fault, begins);
    }
}

/* It cannot see, and hears of the fault's beginning together with its end. */
static bool is_stopped_by(const struct heal_fault *fault, unsigned node) {
    return (fault->kind == HEAL_FAULT_PAUSE || fault->kind == HEAL_FAULT_KILL) && fault->node == node;
}

void heal_tell_fault(struct heal_tell *tell, const struct heal_fault *fault, bool begins) {
    if (!heal_lab_has_heald(tell->lab) || !heal_fault_shows(fault))
        return;
    for (unsigned node = 0; node < heal_lab_topology(tell->lab)->nodes; node++)
        if (!is_stopped_by(fault, node))
            tell_node(tell, node, fault, begins);
}

/* "HTTP/1.1 200 …", and the words of a refusal behind the headers. @return whether that was all. */
static bool take_answer(struct heal_telling_open *open) {
    char answer[1024];
    ssize_t length = recv(open->fd, answer, sizeof answer - 1, MSG_DONTWAIT);
    const char *body;

    if (length < 0)
        return errno != EAGAIN && errno != EINTR;
    answer[length] = '\0';
    if (length == 0)
        say_untold(open->node, "it hung up");
    else if (strncmp(answer, "HTTP/1.1 200", strlen("HTTP/1.1 200")) != 0) {
        body = strstr(answer, "\r\n\r\n");
        say_untold(open->node, body ? body + strlen("\r\n\r\n") : answer);
    }
    return true;
}

void heal_tell_tick(struct heal_tell *tell, heal_us now) {
    for (unsigned i = 0; i < HEAL_TELLINGS_MAX; i++) {
        struct heal_telling_open *open = &tell->open[i];
        bool late = open->fd >= 0 && now >= open->deadline;

        if (open->fd < 0 || (!take_answer(open) && !late))
            continue;
        if (late)
            say_untold(open->node, "it did not answer");
        close(open->fd);
        open->fd = -1;
    }
}
