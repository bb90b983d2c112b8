/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "control/server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "control/state.h"
#include "lab/clock.h"

enum {
    TICK_MS = 25, /* heal_faults_tick wants to be called at least every 50 ms */
    BACKLOG = 16,
};

/* A client that connects says what it wants at once. */
static const heal_us fresh_time = 5 * HEAL_US_PER_S;

void heal_control_say(const char *format, ...) {
    char clock[16], words[700];
    time_t now = time(NULL);
    struct tm local;
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    strftime(clock, sizeof clock, "%H:%M:%S", localtime_r(&now, &local));
    fprintf(stderr, "%s %s\n", clock, words);
}

void heal_control_hang_up(struct heal_control_client *client) {
    if (client->fd >= 0)
        close(client->fd);
    client->fd = -1;
    if (client->phase != HEAL_CONTROL_RUNNING)
        client->phase = HEAL_CONTROL_FREE;
}

void heal_control_answer(struct heal_control_client *client, json_t *take) {
    HEAL_CLEANUP(heal_free_pointer) char *text = take ? json_dumps(take, JSON_COMPACT) : NULL;
    const char *sent = text ? text : "{\"code\":70,\"error\":\"no memory\"}";

    json_decref(take);
    /* A connection has one answer, so the queue is empty and takes it whole. */
    if (client->fd >= 0)
        (void)send(client->fd, sent, strlen(sent), MSG_DONTWAIT | MSG_NOSIGNAL);
    heal_control_hang_up(client);
}

void heal_control_refuse(struct heal_control_client *client, int code, const char *format, ...) {
    char words[600];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    heal_control_answer(client, json_pack("{s:i, s:s}", "code", code, "error", words));
}

static int claim(struct heal_control_server *server, struct heal_error *error) {
    char path[HEAL_LAB_PATH_MAX + 16], text[16];
    int length;

    snprintf(path, sizeof path, "%s/lab.lock", server->folder);
    server->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (server->lock < 0)
        return heal_error_set(error, -errno, 0, 0, "%s: %s", path, strerror(errno));
    if (flock(server->lock, LOCK_EX | LOCK_NB) < 0) {
        ssize_t got = read(server->lock, text, sizeof text - 1);

        text[got > 0 ? got : 0] = '\0';
        return heal_error_set(error, -EBUSY, 0, 0, "a lab runs in %s already%s%.*s%s", server->folder,
                              got > 1 ? " (process " : "", (int)strspn(text, "0123456789"), text,
                              got > 1 ? ")" : "");
    }
    length = snprintf(text, sizeof text, "%d\n", (int)getpid());
    if (ftruncate(server->lock, 0) < 0 || write(server->lock, text, (size_t)length) != length)
        return heal_error_set(error, -EIO, 0, 0, "%s cannot be written", path);
    return 0;
}

int heal_control_claim(const char *folder, struct heal_control_server **ret_server,
                       struct heal_error *error) {
    struct heal_control_server *server = calloc(1, sizeof *server);
    int r;

    if (!server)
        return heal_error_set(error, -ENOMEM, 0, 0, "out of memory");
    heal_name_copy(server->folder, sizeof server->folder, folder);
    server->listener = -1;
    heal_tell_init(&server->tell, NULL);
    for (unsigned i = 0; i < HEAL_CONTROL_CLIENTS_MAX; i++)
        server->client[i].fd = server->client[i].program = -1;
    r = claim(server, error);
    if (r < 0) {
        heal_control_free(server);
        return r;
    }
    *ret_server = server;
    return 0;
}

int heal_control_listen(struct heal_control_server *server, const struct heal_control_lab *lab) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    server->of = *lab;
    server->tell.lab = lab->lab;
    server->started = heal_lab_now();
    /* The folder is ours by its lock: what is there of this name belongs to nobody. */
    if (snprintf(address.sun_path, sizeof address.sun_path, "%s/lab.sock", server->folder) >=
        (int)sizeof address.sun_path)
        return -ENAMETOOLONG;
    (void)unlink(address.sun_path);
    server->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (server->listener < 0 ||
        bind(server->listener, (const struct sockaddr *)&address, sizeof address) < 0 ||
        chmod(address.sun_path, 0600) < 0 || listen(server->listener, BACKLOG) < 0)
        return -errno;
    return 0;
}

static bool is_allowed(int fd) {
    struct ucred who;
    socklen_t length = sizeof who;

    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &length) == 0 &&
           (who.uid == geteuid() || who.uid == 0);
}

static struct heal_control_client *find_room(struct heal_control_server *server) {
    for (unsigned i = 0; i < HEAL_CONTROL_CLIENTS_MAX; i++)
        if (server->client[i].phase == HEAL_CONTROL_FREE)
            return &server->client[i];
    return NULL;
}

/* Called only while there is room: whoever comes then waits. */
static void take_client(struct heal_control_server *server, heal_us now) {
    int fd = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    int room = HEAL_CONTROL_REPLY_MAX;
    struct heal_control_client *client = find_room(server);

    if (fd < 0)
        return;
    if (!client || !is_allowed(fd)) {
        close(fd);
        return;
    }
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    *client = (struct heal_control_client){
        .phase = HEAL_CONTROL_FRESH, .fd = fd, .program = -1, .deadline = now + fresh_time};
}

/** Room for the descriptors of a request. It is aligned, so that one more than wanted may fit; the kernel
 * closes what does not. */
union descriptors {
    struct cmsghdr align;
    char bytes[CMSG_SPACE(sizeof(int) * HEAL_CONTROL_FDS)];
};

/** A packet as it came: the descriptors are the receiver's to close. */
struct packet {
    char bytes[HEAL_CONTROL_REQUEST_MAX];
    size_t length;
    int fds, fd[sizeof(union descriptors) / sizeof(int)];
};

static void take_descriptors(struct msghdr *message, struct packet *packet) {
    for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header; header = CMSG_NXTHDR(message, header)) {
        size_t bytes = header->cmsg_len - CMSG_LEN(0);

        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
            continue;
        if (bytes > sizeof packet->fd - sizeof(int) * (size_t)packet->fds)
            return;
        memcpy(packet->fd + packet->fds, CMSG_DATA(header), bytes);
        packet->fds += (int)(bytes / sizeof(int));
    }
}

/* @return 0; -EAGAIN: nothing there; or another negative errno: the client is gone, or no friend. */
static int receive(int fd, struct packet *packet) {
    union descriptors control;
    struct iovec body = {.iov_base = packet->bytes, .iov_len = sizeof packet->bytes};
    struct msghdr message = {.msg_iov = &body,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof control.bytes};
    ssize_t length = recvmsg(fd, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);

    packet->fds = 0;
    if (length < 0)
        return errno == EINTR ? -EAGAIN : -errno;
    take_descriptors(&message, packet);
    packet->length = (size_t)length;
    if (length == 0)
        return -EPIPE;
    return message.msg_flags & (MSG_TRUNC | MSG_CTRUNC) ? -EMSGSIZE : 0;
}

static void dispatch(struct heal_control_server *server, struct heal_control_client *client,
                     const struct heal_control_request *request, const struct packet *packet) {
    switch (request->verb) {
    case HEAL_CONTROL_HELLO:
        heal_control_answer(client, heal_control_hello(server));
        break;
    case HEAL_CONTROL_STATUS:
        heal_control_answer(client, heal_control_status(server));
        break;
    case HEAL_CONTROL_EXEC:
        if (packet->fds == HEAL_CONTROL_FDS)
            heal_control_exec(server, client, request, packet->fd);
        else
            heal_control_refuse(client, HEAL_CONTROL_BAD, "exec comes with three descriptors");
        break;
    case HEAL_CONTROL_FAULT:
        heal_control_fault_apply(server, client, request);
        break;
    case HEAL_CONTROL_FAULTS:
        heal_control_answer(client, json_pack("{s:i, s:f, s:o}", "code", HEAL_CONTROL_OK, "now",
                                              (double)heal_lab_now() / 1e6, "faults",
                                              heal_control_fault_list(server)));
        break;
    case HEAL_CONTROL_CLEAR:
        heal_control_fault_clear(server, client, request->word[0]);
        break;
    case HEAL_CONTROL_DOWN:
        heal_control_say("told to end");
        client->phase = HEAL_CONTROL_ENDING;
        client->deadline = 0;
        server->stop = true;
        break;
    case HEAL_CONTROL_SIGNAL:
    case HEAL_CONTROL_VERBS:
        heal_control_refuse(client, HEAL_CONTROL_BAD, "nothing runs that could be signalled");
        break;
    }
}

/* A further packet on a connection that has had its request. */
static void more(struct heal_control_client *client, const struct heal_control_request *request) {
    uint64_t number;

    if (client->phase == HEAL_CONTROL_RUNNING && request->verb == HEAL_CONTROL_SIGNAL &&
        heal_control_number(request->word[0], 31, &number) == 0 && number > 0)
        heal_control_exec_signal(client, (int)number);
}

static void read_client(struct heal_control_server *server, struct heal_control_client *client) {
    struct heal_control_request request;
    struct packet packet;
    int r = receive(client->fd, &packet);
    bool decoded = r == 0 && heal_control_decode(packet.bytes, packet.length, &request) == 0;

    if (decoded && client->phase == HEAL_CONTROL_FRESH)
        dispatch(server, client, &request, &packet);
    else if (decoded)
        more(client, &request);
    else if (r != -EAGAIN && client->phase == HEAL_CONTROL_RUNNING)
        heal_control_exec_abandon(client);
    else if (r == 0 || r == -EMSGSIZE)
        heal_control_refuse(client, HEAL_CONTROL_BAD, "not a request");
    else if (r != -EAGAIN)
        heal_control_hang_up(client);
    for (int i = 0; i < packet.fds; i++)
        close(packet.fd[i]);
}

/* What time brings. */
static void pass_time(struct heal_control_server *server, struct heal_control_client *client, heal_us now) {
    if (client->phase == HEAL_CONTROL_MEASURING && now >= client->due)
        heal_control_fault_measure(server, client, now);
    if (client->deadline == 0 || now < client->deadline)
        return;
    if (client->phase == HEAL_CONTROL_FRESH)
        heal_control_hang_up(client);
    else if (client->phase == HEAL_CONTROL_RUNNING && client->fd < 0)
        heal_control_exec_signal(client, SIGKILL);
}

static nfds_t fill(struct heal_control_server *server, int stop, struct pollfd *wait) {
    nfds_t count = 0;

    wait[count++] = (struct pollfd){.fd = stop, .events = POLLIN};
    wait[count++] = (struct pollfd){.fd = find_room(server) ? server->listener : -1, .events = POLLIN};
    for (unsigned i = 0; i < HEAL_CONTROL_CLIENTS_MAX; i++) {
        wait[count++] = (struct pollfd){.fd = server->client[i].fd, .events = POLLIN};
        wait[count++] = (struct pollfd){.fd = server->client[i].program, .events = POLLIN};
    }
    return count;
}

int heal_control_serve(struct heal_control_server *server, int stop) {
    struct pollfd wait[2 + 2 * HEAL_CONTROL_CLIENTS_MAX];

    while (!server->stop) {
        heal_us now;

        if (poll(wait, fill(server, stop, wait), TICK_MS) < 0 && errno != EINTR)
            return -errno;
        if (wait[0].revents)
            return 0;
        heal_faults_tick(server->of.faults);
        now = heal_lab_now();
        for (unsigned i = 0; i < HEAL_CONTROL_CLIENTS_MAX; i++) {
            struct heal_control_client *client = &server->client[i];

            if (wait[2 + 2 * i].revents)
                read_client(server, client);
            if (wait[3 + 2 * i].revents)
                heal_control_exec_ended(client);
            pass_time(server, client, now);
        }
        if (wait[1].revents)
            take_client(server, now);
        heal_control_fault_expire(server, now);
        heal_tell_tick(&server->tell, now);
    }
    return 0;
}

void heal_control_stop(struct heal_control_server *server) {
    for (unsigned i = 0; i < HEAL_CONTROL_CLIENTS_MAX; i++) {
        struct heal_control_client *client = &server->client[i];

        if (client->phase != HEAL_CONTROL_RUNNING)
            continue;
        heal_control_exec_signal(client, SIGKILL);
        heal_control_exec_ended(client);
    }
}

void heal_control_ended(struct heal_control_server *server, const char *wrong) {
    heal_control_say("%s", wrong);
    for (unsigned i = 0; i < HEAL_CONTROL_CLIENTS_MAX; i++)
        if (server->client[i].phase == HEAL_CONTROL_ENDING)
            heal_control_refuse(&server->client[i], HEAL_CONTROL_FAILED, "%s", wrong);
}

struct heal_control_server *heal_control_free(struct heal_control_server *server) {
    char path[HEAL_LAB_PATH_MAX + 16];

    if (!server)
        return NULL;
    heal_tell_deinit(&server->tell);
    if (server->listener >= 0) {
        snprintf(path, sizeof path, "%s/lab.sock", server->folder);
        (void)unlink(path);
        close(server->listener);
    }
    for (unsigned i = 0; i < HEAL_CONTROL_CLIENTS_MAX; i++) {
        struct heal_control_client *client = &server->client[i];

        if (client->phase == HEAL_CONTROL_ENDING)
            heal_control_answer(client,
                                json_pack("{s:i, s:s}", "code", HEAL_CONTROL_OK, "folder", server->folder));
        heal_control_hang_up(client);
    }
    /* The lock's file stays: to delete it would let two think that they have it. */
    if (server->lock >= 0)
        close(server->lock);
    free(server);
    return NULL;
}
