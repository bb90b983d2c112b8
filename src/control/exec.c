/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Programs that clients have run on nodes, with the client's own descriptors. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "control/state.h"
#include "lab/clock.h"
#include "lab/process.h"

/* From being asked to end to being made to. */
static const heal_us end_time = 2 * HEAL_US_PER_S;

static void unknown_node(struct heal_control_client *client, const struct heal_topology *topology,
                         const char *name) {
    const char *candidates[HEAL_LAB_NODES_MAX + 2] = {NULL};
    const char *nearest;

    for (unsigned i = 0; i < topology->nodes; i++)
        candidates[i] = topology->node[i].name;
    candidates[topology->nodes] = "air";
    nearest = heal_name_nearest(name, candidates);
    heal_control_refuse(client, HEAL_CONTROL_BAD, "the lab has no node '%s'%s%s", name,
                        nearest ? "; nearest: " : "", nearest ? nearest : "");
}

/* As shells answer. */
static void not_run(struct heal_control_client *client, const char *program, int r) {
    heal_control_refuse(client, r == -ENOENT ? 127 : 126, "%s: %s", program, strerror(-r));
}

void heal_control_exec(struct heal_control_server *server, struct heal_control_client *client,
                       const struct heal_control_request *request, const int *fds) {
    const struct heal_topology *topology = heal_lab_topology(server->of.lab);
    struct heal_lab_program program = {.place = heal_topology_node_find(topology, request->word[0]),
                                       .argv = request->word + 1,
                                       .input = fds[0],
                                       .output = fds[1],
                                       .error = fds[2],
                                       .apart = true};
    int r;

    if (program.place < 0 && strcmp(request->word[0], "air") == 0)
        program.place = HEAL_LAB_AIR;
    else if (program.place < 0) {
        unknown_node(client, topology, request->word[0]);
        return;
    }
    r = heal_lab_spawn(server->of.lab, &program, &client->pid);
    if (r < 0) {
        not_run(client, request->word[1], r);
        return;
    }
    client->phase = HEAL_CONTROL_RUNNING;
    client->deadline = 0;
    client->program = heal_process_open(client->pid);
    if (client->program >= 0)
        return;
    /* Nobody would see it end. */
    (void)kill(client->pid, SIGKILL);
    heal_control_exec_ended(client);
}

void heal_control_exec_ended(struct heal_control_client *client) {
    int code = heal_process_wait(client->pid);

    if (client->program >= 0)
        close(client->program);
    client->program = -1;
    client->phase = HEAL_CONTROL_FRESH;
    heal_control_answer(client, json_pack("{s:i}", "code", code < 0 ? 70 : code));
}

void heal_control_exec_signal(struct heal_control_client *client, int signal) {
    /* It leads a group of its own, in which its children are. */
    if (kill(-client->pid, signal) < 0)
        (void)kill(client->pid, signal);
}

void heal_control_exec_abandon(struct heal_control_client *client) {
    heal_control_hang_up(client);
    heal_control_exec_signal(client, SIGTERM);
    client->deadline = heal_lab_now() + end_time;
}
