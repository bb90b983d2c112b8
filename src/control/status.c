/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What there is to see of a lab, as JSON. Times are seconds of the lab's clock, which "now" is of. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "control/state.h"
#include "lab/clock.h"
#include "lab/radios.h"
#include "lab/traffic.h"

/* The window of the flows' loss; its newest second is left out, as packets may be on their way still. */
static const heal_us flow_window = 10 * HEAL_US_PER_S, flow_settle = HEAL_US_PER_S;

static double seconds(heal_us time) {
    return (double)time / 1e6;
}

static const char *link_name(const struct heal_topology *topology, unsigned link, char buffer[static 40]) {
    snprintf(buffer, 40, "%s-%s", topology->node[topology->link[link].a].name,
             topology->node[topology->link[link].b].name);
    return buffer;
}

json_t *heal_control_hello(const struct heal_control_server *server) {
    const struct heal_topology *topology = heal_lab_topology(server->of.lab);
    bool has_heald = heal_lab_has_heald(server->of.lab);

    return json_pack("{s:i, s:s, s:s, s:i, s:f, s:f, s:b, s:s?, s:b, s:i, s:i, s:i, s:i}", "code",
                     HEAL_CONTROL_OK, "name", topology->name, "folder", server->folder, "pid", (int)getpid(),
                     "now", seconds(heal_lab_now()), "started", seconds(server->started), "heald",
                     (int)has_heald, "mode", has_heald ? heal_mode_name(server->of.mode) : NULL, "traffic",
                     (int)server->of.has_traffic, "node_count", (int)topology->nodes, "link_count",
                     (int)topology->links, "flow_count", (int)topology->flows, "fault_count",
                     (int)heal_control_fault_count(server));
}

static const char *node_state(const struct heal_control_server *server, unsigned node, int running,
                              int wanted) {
    for (int handle = -1; (handle = heal_faults_next(server->of.faults, handle)) >= 0;) {
        const struct heal_fault *fault = heal_faults_at(server->of.faults, handle, NULL);

        if (fault->node == node && fault->kind == HEAL_FAULT_KILL && running == 0)
            return "killed";
        if (fault->node == node && fault->kind == HEAL_FAULT_PAUSE)
            return "paused";
    }
    if (running == wanted)
        return "up";
    return running == 0 ? "down" : "partly";
}

/* Process ids are those of the node's own namespace: what `lab exec NODE -- ps` shows. */
static int add_pid(json_t *object, const char *name, int pid) {
    json_object_set_new(object, name, pid > 0 ? json_integer(pid) : json_null());
    return pid > 0;
}

static json_t *services_of(const struct heal_control_server *server, unsigned node) {
    const struct heal_topology_node *about = &heal_lab_topology(server->of.lab)->node[node];
    json_t *services = json_object();

    for (unsigned i = 0; i < about->services; i++)
        add_pid(services, about->service[i], heal_lab_service_pid(server->of.lab, node, about->service[i]));
    return services;
}

static json_t *describe_node(struct heal_control_server *server, unsigned node) {
    struct heal_lab *lab = server->of.lab;
    json_t *object = json_pack("{s:s}", "name", heal_lab_topology(lab)->node[node].name);
    char path[HEAL_LAB_PATH_MAX];
    int running = add_pid(object, "babeld", heal_lab_daemon_pid(lab, node, HEAL_LAB_BABELD));

    if (heal_lab_has_heald(lab)) {
        running += add_pid(object, "heald", heal_lab_daemon_pid(lab, node, HEAL_LAB_HEALD));
        json_object_set_new(object, "socket", json_string(heal_lab_file(lab, (int)node, "heald.sock", path)));
    }
    json_object_set_new(object, "services", services_of(server, node));
    json_object_set_new(object, "state",
                        json_string(node_state(server, node, running, heal_lab_has_heald(lab) ? 2 : 1)));
    return object;
}

static json_t *describe_nodes(struct heal_control_server *server) {
    json_t *nodes = json_array();

    for (unsigned i = 0; i < heal_lab_topology(server->of.lab)->nodes; i++) {
        json_array_append_new(nodes, describe_node(server, i));
        /* Asking many nodes takes a while. */
        heal_faults_tick(server->of.faults);
    }
    return nodes;
}

enum effect { NONE, SICK, DOWN };

/* What a fault means for a link. */
static enum effect effect_of(const struct heal_fault *fault, const struct heal_topology *topology,
                             unsigned link) {
    unsigned a = topology->link[link].a, b = topology->link[link].b;

    switch (fault->kind) {
    case HEAL_FAULT_LOSS:
    case HEAL_FAULT_MTU:
    case HEAL_FAULT_DELAY:
    case HEAL_FAULT_RATE:
    case HEAL_FAULT_FLAP:
        return fault->link == link ? SICK : NONE;
    case HEAL_FAULT_DOWN:
    case HEAL_FAULT_CARRIER:
        return fault->link == link ? DOWN : NONE;
    case HEAL_FAULT_PARTITION:
        return (fault->side >> a & 1) != (fault->side >> b & 1) ? DOWN : NONE;
    case HEAL_FAULT_PAUSE:
    case HEAL_FAULT_KILL:
        return fault->node == a || fault->node == b ? DOWN : NONE;
    case HEAL_FAULT_CPU:
    case HEAL_FAULT_LEAK:
    case HEAL_FAULT_SERVICE:
    case HEAL_FAULT_BABELD:
    case HEAL_FAULT_NOISE: /* the radio's figures show it */
    case HEAL_FAULT_FORWARDING:
    case HEAL_FAULT_BLACKHOLE:
    case HEAL_FAULT_FLUSH_ROUTES:
    case HEAL_FAULT_KINDS:
        break;
    }
    return NONE;
}

/* Without the fading, which comes and goes; the noise of the end that hears more of it. */
static json_t *describe_radio(const struct heal_control_server *server, unsigned link) {
    const struct heal_topology *topology = heal_lab_topology(server->of.lab);
    struct heal_radio_way way[HEAL_LAB_DIRECTIONS] = {0};
    double distance = heal_topology_distance(topology, link);
    double rssi = heal_radio_rssi(&topology->link[link].radio, distance, 0);

    for (enum heal_lab_direction i = HEAL_LAB_A_TO_B; i < HEAL_LAB_DIRECTIONS; i++)
        (void)heal_radios_way(heal_faults_radios(server->of.faults), link, i, &way[i]);
    return json_pack("{s:f, s:f, s:f}", "distance_m", distance, "rssi_dbm", rssi, "snr_db",
                     rssi - fmax(way[HEAL_LAB_A_TO_B].noise_dbm, way[HEAL_LAB_B_TO_A].noise_dbm));
}

static json_t *describe_link(const struct heal_control_server *server, unsigned link) {
    const struct heal_topology *topology = heal_lab_topology(server->of.lab);
    static const char *const states[] = {[NONE] = "well", [SICK] = "sick", [DOWN] = "down"};
    json_t *object, *handles = json_array();
    enum effect worst = NONE;
    char name[40];

    for (int handle = -1; (handle = heal_faults_next(server->of.faults, handle)) >= 0;) {
        enum effect effect = effect_of(heal_faults_at(server->of.faults, handle, NULL), topology, link);

        if (effect != NONE)
            json_array_append_new(handles, json_integer(handle));
        worst = effect > worst ? effect : worst;
    }
    object = json_pack("{s:s, s:s, s:o}", "name", link_name(topology, link, name), "state", states[worst],
                       "faults", handles);
    if (topology->link[link].has_radio)
        json_object_set_new(object, "radio", describe_radio(server, link));
    return object;
}

static json_t *describe_flow(const struct heal_control_server *server, unsigned flow, heal_us now) {
    const struct heal_topology *topology = heal_lab_topology(server->of.lab);
    const struct heal_topology_flow *about = &topology->flow[flow];
    heal_us to = now - flow_settle, from = to - flow_window;
    struct heal_traffic_count count = {0};
    json_t *object = json_pack("{s:s, s:s, s:i}", "from", topology->node[about->from].name, "to",
                               topology->node[about->to].name, "rate", (int)about->rate);

    if (from < server->started)
        from = server->started;
    if (to <= from || heal_traffic_read(server->of.lab, flow, from, to, &count) < 0)
        return object;
    json_object_set_new(object, "sent", json_integer((json_int_t)count.sent));
    json_object_set_new(object, "lost", json_integer((json_int_t)count.lost));
    json_object_set_new(object, "late", json_integer((json_int_t)count.late));
    if (count.sent > 0)
        json_object_set_new(object, "loss", json_real((double)count.lost / (double)count.sent));
    return object;
}

json_t *heal_control_status(struct heal_control_server *server) {
    const struct heal_topology *topology = heal_lab_topology(server->of.lab);
    json_t *status = heal_control_hello(server), *links = json_array(), *flows = json_array();

    for (unsigned i = 0; i < topology->links; i++)
        json_array_append_new(links, describe_link(server, i));
    for (unsigned i = 0; server->of.has_traffic && i < topology->flows; i++)
        json_array_append_new(flows, describe_flow(server, i, heal_lab_now()));
    json_object_set_new(status, "nodes", describe_nodes(server));
    json_object_set_new(status, "links", links);
    json_object_set_new(status, "flows", flows);
    json_object_set_new(status, "faults", heal_control_fault_list(server));
    return status;
}
