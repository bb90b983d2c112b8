/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** What the server of a lab's control socket is inside: shared by server.c, which has the connections, and by
 * exec.c, fault.c and status.c, which answer; and by nobody else. */
#ifndef HEAL_CONTROL_STATE_H
#define HEAL_CONTROL_STATE_H

#include <jansson.h>

#include "control/server.h"
#include "control/tell.h"

enum { HEAL_CONTROL_CLIENTS_MAX = 32 };

/** What a connection waits for. */
enum heal_control_phase {
    HEAL_CONTROL_FREE,
    HEAL_CONTROL_FRESH,     /* its request */
    HEAL_CONTROL_RUNNING,   /* the end of its program; fd is -1 if the client went away */
    HEAL_CONTROL_MEASURING, /* what its fault does */
    HEAL_CONTROL_ENDING,    /* the end of the lab */
};

struct heal_control_client {
    enum heal_control_phase phase;
    int fd;           /**< the connection */
    int program;      /**< RUNNING: pidfd */
    pid_t pid;        /**< RUNNING: of the program, which leads a process group */
    int handle;       /**< MEASURING */
    heal_us deadline; /**< FRESH, MEASURING: to give up; RUNNING and the client gone: to kill; 0: none */
    heal_us due;      /**< MEASURING: when to look again */
};

/** When a fault is to be taken back. */
struct heal_control_span {
    int handle; /**< of a fault in force; anything else: free */
    heal_us until;
};

struct heal_control_server {
    struct heal_control_lab of;
    struct heal_tell tell;
    char folder[HEAL_LAB_PATH_MAX];
    int lock, listener;
    heal_us started;
    bool stop;
    struct heal_control_client client[HEAL_CONTROL_CLIENTS_MAX];
    struct heal_control_span span[HEAL_FAULTS_MAX]; /**< of those that somebody asked for with a span */
};

/** Says a line about what happens, with the time. */
void heal_control_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** Answers, and is done with the client. @param take one reference; NULL: no memory. */
void heal_control_answer(struct heal_control_client *client, json_t *take);
/** Answers with words. */
void heal_control_refuse(struct heal_control_client *client, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/** Closes the connection; what it had run goes on to its end. */
void heal_control_hang_up(struct heal_control_client *client);

/* exec.c: programs. */
void heal_control_exec(struct heal_control_server *server, struct heal_control_client *client,
                       const struct heal_control_request *request, const int *fds);
void heal_control_exec_ended(struct heal_control_client *client);
void heal_control_exec_signal(struct heal_control_client *client, int signal);
/** The client is gone: its program is to end, and does. */
void heal_control_exec_abandon(struct heal_control_client *client);

/* fault.c: faults. */
void heal_control_fault_apply(struct heal_control_server *server, struct heal_control_client *client,
                              const struct heal_control_request *request);
void heal_control_fault_clear(struct heal_control_server *server, struct heal_control_client *client,
                              const char *which);
void heal_control_fault_measure(struct heal_control_server *server, struct heal_control_client *client,
                                heal_us now);
/** Takes back those whose time is over. */
void heal_control_fault_expire(struct heal_control_server *server, heal_us now);
/** @return the faults in force, an array. */
json_t *heal_control_fault_list(struct heal_control_server *server);
/** @return how many are in force. */
unsigned heal_control_fault_count(const struct heal_control_server *server);

/* status.c: what there is to see. */
json_t *heal_control_hello(const struct heal_control_server *server);
json_t *heal_control_status(struct heal_control_server *server);

#endif
