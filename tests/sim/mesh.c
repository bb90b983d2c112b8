/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "sim/mesh.h"

#include "sim/routing.h"
#include "sim/shell.h"

#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const heal_us tick_us = 10 * HEAL_US_PER_MS;
static const double traffic_a_second = 100; /* packets on every link, each way */
static const double normal_rtt_ms = 1.0, noise_floor_dbm = -95, rssi_dbm = -62;

struct sim_mesh *sim_mesh_new(uint64_t seed) {
    struct sim_mesh *mesh = calloc(1, sizeof *mesh);
    heal_random_init(&mesh->random, seed);
    mesh->now = HEAL_US_PER_S;
    mesh->routes_dirty = true;
    return mesh;
}

struct sim_mesh *sim_mesh_free(struct sim_mesh *mesh) {
    for (int i = 0; i < mesh->nodes; i++)
        heal_engine_free(mesh->node[i].engine);
    sim_shell_forget(mesh);
    free(mesh);
    return NULL;
}

int sim_mesh_node(struct sim_mesh *mesh, const char *name, const struct heal_settings *settings) {
    int index = mesh->nodes++;
    struct sim_node *node = &mesh->node[index];
    heal_name_copy(node->name, sizeof node->name, name);
    node->address.byte[0] = 0xfd;
    node->address.byte[15] = (uint8_t)(index + 1);
    node->forwarding = true;
    node->cpu_base = 0.2;
    for (int i = 0; i < SIM_NODES_MAX; i++)
        node->babel[i] = node->detour[i] = -1;
    static const char *const names[SIM_SERVICES] = {"worker", "babeld"};
    for (int i = 0; i < SIM_SERVICES; i++) {
        node->service[i] =
            (struct sim_service){.running = true, .pid = (uint32_t)(100 + i), .rss = 8e6, .cpu = 0.1};
        heal_name_copy(node->service[i].name, sizeof node->service[i].name, names[i]);
    }
    heal_engine_new(name, settings, heal_random_next(&mesh->random), &node->engine);
    return index;
}

int sim_mesh_link(struct sim_mesh *mesh, int a, int b, bool radio) {
    int index = mesh->links++;
    struct sim_link *link = &mesh->link[index];
    *link = (struct sim_link){
        .node = {a, b},
          .radio = radio, .carrier = true
    };
    for (int side = 0; side < 2; side++) {
        struct sim_node *node = &mesh->node[link->node[side]];
        int peer = link->node[!side];
        struct sim_port *port = &node->port[node->ports++];
        *port = (struct sim_port){.link = index, .side = side, .peer = peer, .mtu = 1500, .babel_up = true};
        struct heal_text text;
        heal_text_init(&text, port->key.ifname, sizeof port->key.ifname);
        heal_text_add(&text, "to-%s", mesh->node[peer].name);
        port->key.peer.byte[0] = 0xfe;
        port->key.peer.byte[1] = 0x80;
        port->key.peer.byte[14] = (uint8_t)index;
        port->key.peer.byte[15] = (uint8_t)(!side + 1);
        port->pace = (struct heal_command_pace){.small_interval_ms = 500, .full_interval_ms = 1000};
        port->heard = mesh->now;
        heal_account_init(&port->account, heal_random_next(&mesh->random));
    }
    return index;
}

void sim_mesh_ring(struct sim_mesh *mesh, int count, bool chords, bool radio,
                   const struct heal_settings *settings) {
    for (int i = 0; i < count; i++) {
        char name[HEAL_NAME_MAX];
        snprintf(name, sizeof name, "n%d", i);
        sim_mesh_node(mesh, name, settings);
    }
    for (int i = 0; i < count; i++)
        sim_mesh_link(mesh, i, (i + 1) % count, radio);
    if (chords) {
        sim_mesh_link(mesh, 1, 5, radio);
        sim_mesh_link(mesh, 3, 7, radio);
    }
}

int sim_mesh_find_node(const struct sim_mesh *mesh, const char *name) {
    for (int i = 0; i < mesh->nodes; i++)
        if (strcmp(mesh->node[i].name, name) == 0)
            return i;
    return -1;
}

int sim_mesh_find_link(const struct sim_mesh *mesh, int a, int b) {
    for (int i = 0; i < mesh->links; i++) {
        const int *end = mesh->link[i].node;
        if ((end[0] == a && end[1] == b) || (end[0] == b && end[1] == a))
            return i;
    }
    return -1;
}

struct sim_direction *sim_mesh_direction(struct sim_mesh *mesh, int link, int from) {
    return &mesh->link[link].direction[mesh->link[link].node[0] == from ? 0 : 1];
}

static bool is_down(const struct sim_mesh *mesh, const struct sim_link *link) {
    return !link->carrier || (link->flap_period != 0 && mesh->now % link->flap_period < link->flap_down);
}

/* The physics of a radio, roughly: a link with 33 dB to spare loses nothing until 12 dB are left. */
static double radio_loss(const struct sim_direction *direction) {
    double snr = rssi_dbm - (noise_floor_dbm + direction->noise_db);
    return 1 / (1 + exp((snr - 12) * 0.8));
}

static double loss_of(const struct sim_mesh *mesh, const struct sim_link *link,
                      const struct sim_direction *direction, bool full) {
    if (direction->dead || is_down(mesh, link) || mesh->node[link->node[0]].paused ||
        mesh->node[link->node[1]].paused)
        return 1;
    double loss = full ? direction->loss_full : direction->loss;
    if (link->radio) {
        double by_noise = radio_loss(direction);
        loss = 1 - (1 - loss) * (1 - by_noise);
    }
    return loss;
}

static bool passes(struct sim_mesh *mesh, int link, int from, bool full) {
    double loss = loss_of(mesh, &mesh->link[link], sim_mesh_direction(mesh, link, from), full);
    return loss <= 0 || (loss < 1 && heal_random_uniform(&mesh->random) >= loss);
}

bool sim_shell_passes(struct sim_mesh *mesh, const struct sim_port *port, int from) {
    return passes(mesh, port->link, from, false);
}

static struct sim_port *other_end(struct sim_mesh *mesh, const struct sim_port *port) {
    struct sim_node *peer = &mesh->node[port->peer];
    for (int i = 0; i < peer->ports; i++)
        if (peer->port[i].link == port->link)
            return &peer->port[i];
    return NULL;
}

static void note_rtt(struct sim_mesh *mesh, struct sim_port *port) {
    const struct sim_link *link = &mesh->link[port->link];
    double rtt = normal_rtt_ms + link->direction[0].delay_ms + link->direction[1].delay_ms +
                 0.1 * fabs(heal_random_normal(&mesh->random));
    if (port->rtt_count == 0 || rtt < port->rtt_min_ms)
        port->rtt_min_ms = rtt;
    port->rtt_count++;
}

static void send_probe(struct sim_mesh *mesh, int from, struct sim_port *port, enum heal_probe_size size) {
    struct sim_port *peer = other_end(mesh, port);
    bool full = size == HEAL_PROBE_FULL;
    /* A hole swallows what is larger than the clamped MTU. */
    bool clamped = port->mtu <= 1280;
    port->sent[size]++;
    port->tx_packets++;
    bool too_large = full && port->mtu > peer->mtu; /* a receiver takes no more than its own MTU */
    if (too_large || !passes(mesh, port->link, from, full && !clamped))
        return;
    struct heal_account_probe probe = {.epoch = (uint32_t)from + 1, .size = size};
    memcpy(probe.sent, port->sent, sizeof probe.sent);
    peer->rx_packets++;
    heal_account_take(&peer->account, mesh->now, &probe);
    heal_account_pair(&peer->account, port->tx_packets, peer->rx_packets);
    if (passes(mesh, port->link, port->peer, false))
        note_rtt(mesh, port);
}

static void run_traffic(struct sim_mesh *mesh, int from, struct sim_port *port) {
    double packets = traffic_a_second * (double)tick_us / 1e6;
    struct sim_port *peer = other_end(mesh, port);
    for (int i = 0; i < (int)packets; i++) {
        port->tx_packets++;
        peer->rx_packets += passes(mesh, port->link, from, i % 2 == 0);
    }
}

static void run_transit(struct sim_mesh *mesh, int from, struct sim_port *port) {
    for (int i = 0; i < 2; i++) {
        if (port->transit[i].order.interval_ms == 0)
            continue;
        port->transit[i].due += (double)tick_us / 1e3 / port->transit[i].order.interval_ms;
        for (; port->transit[i].due >= 1; port->transit[i].due -= 1) {
            port->transit[i].sent++;
            int target = port->transit[i].order.target.byte[15] - 1;
            bool there = passes(mesh, port->link, from, false) && mesh->node[port->peer].forwarding &&
                         heal_random_uniform(&mesh->random) < sim_mesh_delivery(mesh, port->peer, target);
            port->transit[i].arrived += there;
        }
    }
}

static void run_port(struct sim_mesh *mesh, int index, struct sim_port *port) {
    const uint16_t interval[HEAL_PROBE_SIZES] = {port->pace.small_interval_ms, port->pace.full_interval_ms};
    if (mesh->node[index].paused)
        return;
    for (int size = 0; size < HEAL_PROBE_SIZES; size++) {
        port->due[size] += (double)tick_us / 1e3 / interval[size];
        for (; port->due[size] >= 1; port->due[size] -= 1)
            send_probe(mesh, index, port, (enum heal_probe_size)size);
    }
    run_traffic(mesh, index, port);
    run_transit(mesh, index, port);
}

static void run_service(struct sim_mesh *mesh, struct sim_service *service) {
    if (service->back_at != 0 && mesh->now >= service->back_at) {
        double cpu = service->cpu > 0.5 ? 0.1 : service->cpu;
        *service = (struct sim_service){
            .running = true, .pid = service->pid + 100, .rss = 8e6, .cpu = cpu, .name = {0}};
        heal_name_copy(service->name, sizeof service->name, service->pid % 2 ? "babeld" : "worker");
    }
    service->rss += service->growth * (double)tick_us / 1e6;
}

void sim_mesh_run(struct sim_mesh *mesh, heal_us span) {
    heal_us end = mesh->now + span;
    while (mesh->now < end) {
        mesh->now += tick_us;
        for (int i = 0; i < mesh->nodes; i++) {
            for (int j = 0; j < mesh->node[i].ports; j++)
                run_port(mesh, i, &mesh->node[i].port[j]);
            for (int j = 0; j < SIM_SERVICES; j++)
                run_service(mesh, &mesh->node[i].service[j]);
        }
        sim_routing_run(mesh);
        sim_shell_deliver(mesh);
        for (int i = 0; i < mesh->nodes; i++)
            if (!mesh->node[i].paused && heal_engine_next_deadline(mesh->node[i].engine) <= mesh->now)
                sim_shell_round(mesh, i, noise_floor_dbm, rssi_dbm);
    }
}

/* The port that the kernel of `node` uses for a destination; -1: it drops. */
static int kernel_via(const struct sim_node *node, int to) {
    uint32_t daemons = node->kernel[to] && node->babel[to] >= 0 ? 1024 : UINT32_MAX;
    uint32_t ours = node->detour[to] >= 0 ? node->detour_metric[to] : UINT32_MAX;
    if (ours < daemons)
        return node->detour[to];
    if (node->blackhole[to])
        return -1;
    return daemons != UINT32_MAX ? node->babel[to] : -1;
}

double sim_mesh_delivery(struct sim_mesh *mesh, int from, int to) {
    double share = 1;
    int here = from;
    for (int hops = 0; here != to; hops++) {
        struct sim_node *node = &mesh->node[here];
        if (hops > mesh->nodes) {
            mesh->loops++;
            return -1;
        }
        int via = here != from && !node->forwarding ? -1 : kernel_via(node, to);
        if (via < 0)
            return 0;
        struct sim_port *port = &node->port[via];
        bool small = port->mtu <= 1280;
        share *=
            1 - loss_of(mesh, &mesh->link[port->link], sim_mesh_direction(mesh, port->link, here), !small);
        here = port->peer;
    }
    return share;
}

bool sim_mesh_crosses(const struct sim_mesh *mesh, int from, int to, int link) {
    int here = from;
    for (int hops = 0; here != to && hops <= mesh->nodes; hops++) {
        int via = kernel_via(&mesh->node[here], to);
        if (via < 0)
            return false;
        const struct sim_port *port = &mesh->node[here].port[via];
        if (port->link == link)
            return true;
        here = port->peer;
    }
    return false;
}

void sim_mesh_operator(struct sim_mesh *mesh, int node, const struct heal_event_operator *said) {
    struct heal_event event = {.kind = HEAL_EVENT_OPERATOR, .operator_ = *said};
    sim_shell_step(mesh, node, &event);
}
