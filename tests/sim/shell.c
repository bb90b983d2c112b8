/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "sim/shell.h"

#include <stdlib.h>
#include <string.h>

static const heal_us restart_takes_us = 500 * HEAL_US_PER_MS;

/* An event on its way to a node: a message, or the answer to a command. */
struct sim_letter {
    struct sim_letter *next;
    heal_us at;
    int to;
    struct heal_event event;
};

static void post(struct sim_mesh *mesh, heal_us delay, int to, const struct heal_event *event) {
    struct sim_letter *letter = calloc(1, sizeof *letter);
    *letter = (struct sim_letter){.at = mesh->now + delay, .to = to, .event = *event};
    struct sim_letter **place = &mesh->letters;
    while (*place && (*place)->at <= letter->at)
        place = &(*place)->next;
    letter->next = *place;
    *place = letter;
}

void sim_shell_forget(struct sim_mesh *mesh) {
    while (mesh->letters) {
        struct sim_letter *letter = mesh->letters;
        mesh->letters = letter->next;
        free(letter);
    }
}

void sim_shell_deliver(struct sim_mesh *mesh) {
    while (mesh->letters && mesh->letters->at <= mesh->now) {
        struct sim_letter *letter = mesh->letters;
        mesh->letters = letter->next;
        if (!mesh->node[letter->to].paused)
            sim_shell_step(mesh, letter->to, &letter->event);
        free(letter);
    }
}

static struct sim_port *port_of(struct sim_node *node, const struct heal_port_key *key) {
    for (int i = 0; i < node->ports; i++)
        if (heal_port_key_equal(&node->port[i].key, key))
            return &node->port[i];
    return NULL;
}

static struct sim_port *port_named(struct sim_node *node, const char *ifname) {
    for (int i = 0; i < node->ports; i++)
        if (strcmp(node->port[i].key.ifname, ifname) == 0)
            return &node->port[i];
    return NULL;
}

static int node_at(const struct sim_mesh *mesh, const struct heal_address *address) {
    for (int i = 0; i < mesh->nodes; i++)
        if (heal_address_equal(&mesh->node[i].address, address))
            return i;
    return -1;
}

static void do_send(struct sim_mesh *mesh, int index, const struct heal_command *command) {
    struct sim_port *port = port_of(&mesh->node[index], &command->message.port);
    if (!port || !sim_shell_passes(mesh, port, index))
        return;
    struct sim_node *peer = &mesh->node[port->peer];
    struct heal_event event = {.kind = HEAL_EVENT_MESSAGE, .message = command->message};
    for (int i = 0; i < peer->ports; i++)
        if (peer->port[i].link == port->link)
            event.message.port = peer->port[i].key;
    post(mesh, 2 * HEAL_US_PER_MS, port->peer, &event);
}

static void do_transit(struct sim_mesh *mesh, int index, const struct heal_command *command) {
    const struct heal_command_transit *order = &command->transit;
    struct sim_port *port = port_of(&mesh->node[index], &order->via);
    for (int pass = 0; port != NULL && pass < 2; pass++)
        for (int i = 0; i < 2; i++) {
            bool same = port->transit[i].order.target_node == order->target_node;
            bool free_place = port->transit[i].order.interval_ms == 0;
            if (pass == 0 ? !same : !free_place)
                continue;
            port->transit[i].order = *order;
            return;
        }
}

static int do_route(struct sim_mesh *mesh, int index, const struct heal_command *command) {
    struct sim_node *node = &mesh->node[index];
    const struct heal_command_route *route = &command->route;
    struct sim_port *port = port_of(node, &route->via);
    int to = node_at(mesh, &route->prefix.address);
    if (!port || to < 0)
        return -2;
    bool add = command->kind == HEAL_COMMAND_ROUTE_ADD;
    int via = (int)(port - node->port);
    if (!add && node->detour[to] != via)
        return 0;
    node->detour[to] = add ? via : -1;
    node->detour_metric[to] = route->metric;
    sim_shell_fib(mesh, index, to, via, HEAL_ROUTE_PROTOCOL, route->metric, add);
    return 0;
}

static struct sim_service *service_named(struct sim_node *node, const char *name) {
    for (int i = 0; i < SIM_SERVICES; i++)
        if (strcmp(node->service[i].name, name) == 0)
            return &node->service[i];
    return NULL;
}

static void do_bounce(struct sim_mesh *mesh, struct sim_node *node, struct sim_port *port) {
    if (!node->bounce_cures || !port)
        return;
    memset(mesh->link[port->link].direction, 0, sizeof mesh->link[port->link].direction);
}

static int do_act(struct sim_mesh *mesh, int index, const struct heal_command *command) {
    struct sim_node *node = &mesh->node[index];
    struct sim_port *port = port_named(node, command->link.ifname);
    struct sim_service *service;
    node->acts[command->kind]++;
    switch (command->kind) {
    case HEAL_COMMAND_ROUTE_ADD:
    case HEAL_COMMAND_ROUTE_DELETE:
        return do_route(mesh, index, command);
    case HEAL_COMMAND_LINK_COST:
        if (port)
            port->cost_add = (uint16_t)command->link.value;
        mesh->routes_dirty = true;
        return 0;
    case HEAL_COMMAND_LINK_MTU:
        if (port && (command->link.only_from == 0 || command->link.only_from == port->mtu))
            port->mtu = command->link.value;
        return 0;
    case HEAL_COMMAND_LINK_BOUNCE:
        do_bounce(mesh, node, port);
        return 0;
    case HEAL_COMMAND_SERVICE_RESTART:
        service = service_named(node, command->service.name);
        if (!service)
            return -2;
        service->running = false;
        service->back_at = mesh->now + restart_takes_us;
        return 0;
    case HEAL_COMMAND_SERVICE_SHED:
        service = service_named(node, command->service.name);
        if (service)
            service->shed = (double)command->service.share;
        return service != NULL ? 0 : -2;
    case HEAL_COMMAND_QUARANTINE:
        port = port_of(node, &command->quarantine.port);
        if (port)
            port->quarantined = command->quarantine.on;
        return 0;
    case HEAL_COMMAND_FORWARDING:
        node->forwarding = true;
        return 0;
    case HEAL_COMMAND_ROUTES_REFRESH:
        for (int to = 0; to < mesh->nodes; to++)
            if (node->babel[to] >= 0 && !node->kernel[to]) {
                node->kernel[to] = true;
                sim_shell_fib(mesh, index, to, node->babel[to], 42, 1024, true);
            }
        return 0;
    case HEAL_COMMAND_TUNE:
    case HEAL_COMMAND_NOTIFY:
    case HEAL_COMMAND_SEND:
    case HEAL_COMMAND_PACE:
    case HEAL_COMMAND_TRANSIT:
    case HEAL_COMMAND_STORE:
    case HEAL_COMMAND_KINDS:
        break;
    }
    return 0;
}

static void carry_out(struct sim_mesh *mesh, int index, const struct heal_command *command) {
    int r = 0;
    struct sim_port *port;
    switch (command->kind) {
    case HEAL_COMMAND_SEND:
        do_send(mesh, index, command);
        break;
    case HEAL_COMMAND_PACE:
        port = port_of(&mesh->node[index], &command->pace.port);
        if (port)
            port->pace = command->pace;
        break;
    case HEAL_COMMAND_TRANSIT:
        do_transit(mesh, index, command);
        break;
    case HEAL_COMMAND_STORE:
        break;
    default:
        r = do_act(mesh, index, command);
    }
    if (command->ticket == 0)
        return;
    struct heal_event answer = {
        .kind = HEAL_EVENT_RESULT, .result = {.ticket = command->ticket, .code = r}
    };
    heal_us takes = command->kind == HEAL_COMMAND_LINK_BOUNCE ? HEAL_US_PER_S : 5 * HEAL_US_PER_MS;
    post(mesh, takes, index, &answer);
}

static void print_decisions(struct sim_mesh *mesh, int index, const struct heal_output *output) {
    char line[512];
    for (size_t i = 0; mesh->trace != NULL && i < output->decisions; i++)
        if (heal_decision_format(&output->decision[i], line, sizeof line) > 0)
            fprintf(mesh->trace, "%s %s\n", mesh->node[index].name, line);
}

void sim_shell_step(struct sim_mesh *mesh, int index, const struct heal_event *event) {
    struct heal_output *output = malloc(sizeof *output);
    heal_engine_step(mesh->node[index].engine, mesh->now, event, output);
    print_decisions(mesh, index, output);
    for (size_t i = 0; i < output->commands; i++)
        carry_out(mesh, index, &output->command[i]);
    free(output);
}

void sim_shell_fib(struct sim_mesh *mesh, int index, int to, int via, uint8_t protocol, uint32_t metric,
                   bool present) {
    struct heal_event event = {.kind = HEAL_EVENT_READING, .reading = {.kind = HEAL_READING_FIB}};
    struct heal_reading_fib *fib = &event.reading.fib;
    fib->prefix = (struct heal_prefix){mesh->node[to].address, 128};
    if (via >= 0)
        fib->via = mesh->node[index].port[via].key;
    fib->type = via >= 0 ? HEAL_FIB_UNICAST : HEAL_FIB_BLACKHOLE;
    fib->protocol = protocol;
    fib->metric = metric;
    fib->present = present;
    sim_shell_step(mesh, index, &event);
}

static void read_port(struct sim_mesh *mesh, int index, struct sim_port *port) {
    struct sim_link *link = &mesh->link[port->link];
    struct heal_event event = {.kind = HEAL_EVENT_READING, .reading = {.kind = HEAL_READING_LINK}};
    struct heal_reading_link *seen = &event.reading.link;
    memcpy(seen->ifname, port->key.ifname, sizeof seen->ifname);
    seen->present = seen->up = true;
    seen->carrier = link->carrier;
    seen->mtu = port->mtu;
    seen->tx_packets = port->tx_packets;
    seen->rx_packets = port->rx_packets;
    seen->tx_bytes = port->tx_packets * 700;
    seen->rx_bytes = port->rx_packets * 700;
    sim_shell_step(mesh, index, &event);

    event = (struct heal_event){.kind = HEAL_EVENT_READING, .reading = {.kind = HEAL_READING_PROBE}};
    struct heal_reading_probe *probe = &event.reading.probe;
    probe->port = port->key;
    memcpy(probe->sent, port->sent, sizeof probe->sent);
    heal_account_read(&port->account, mesh->now, &probe->in);
    probe->rtt_count = port->rtt_count;
    probe->rtt_min_us = probe->rtt_median_us = (uint32_t)(port->rtt_min_ms * 1000);
    port->rtt_count = 0;
    sim_shell_step(mesh, index, &event);
}

static void read_radio(struct sim_mesh *mesh, int index, struct sim_port *port, double noise_floor_dbm,
                       double rssi_dbm) {
    struct sim_link *link = &mesh->link[port->link];
    if (!link->radio)
        return;
    const struct sim_direction *in = sim_mesh_direction(mesh, port->link, port->peer);
    struct heal_event event = {.kind = HEAL_EVENT_READING, .reading = {.kind = HEAL_READING_RADIO}};
    event.reading.radio = (struct heal_reading_radio){
        .port = port->key,
        .rssi_dbm = (float)(rssi_dbm + 0.5 * heal_random_normal(&mesh->random)),
        .noise_dbm = (float)(noise_floor_dbm + in->noise_db + 0.5 * heal_random_normal(&mesh->random)),
        .has_noise = true,
    };
    sim_shell_step(mesh, index, &event);
}

static void read_transit(struct sim_mesh *mesh, int index, struct sim_port *port) {
    for (int i = 0; i < 2; i++) {
        if (port->transit[i].order.interval_ms == 0)
            continue;
        struct heal_event event = {.kind = HEAL_EVENT_READING, .reading = {.kind = HEAL_READING_TRANSIT}};
        event.reading.transit = (struct heal_reading_transit){
            .via = port->key,
            .target = port->transit[i].order.target,
            .target_node = port->transit[i].order.target_node,
            .epoch = 1,
            .sent = port->transit[i].sent,
            .arrived = port->transit[i].arrived,
        };
        sim_shell_step(mesh, index, &event);
    }
}

static double cpu_of(const struct sim_service *service) {
    double wanted = service->running ? service->cpu : 0;
    return service->shed > 0 && wanted > service->shed ? service->shed : wanted;
}

static void read_node(struct sim_mesh *mesh, int index) {
    struct sim_node *node = &mesh->node[index];
    struct heal_event event = {.kind = HEAL_EVENT_READING, .reading = {.kind = HEAL_READING_NODE}};
    double cpu = node->cpu_base + 0.03 * heal_random_normal(&mesh->random), rss = 0;
    for (int i = 0; i < SIM_SERVICES; i++) {
        cpu += cpu_of(&node->service[i]);
        rss += node->service[i].rss;
    }
    event.reading.node = (struct heal_reading_node){
        .cpu = (float)(cpu < 0   ? 0
                       : cpu > 1 ? 1
                                 : cpu),
        .memory = (float)(rss / 256e6),
        .memory_used_bytes = (uint64_t)rss,
        .memory_total_bytes = 256000000,
        .cpu_pressure = -1,
        .forwarding = node->forwarding,
        .forwarding4 = node->forwarding,
    };
    sim_shell_step(mesh, index, &event);
    for (int i = 0; i < SIM_SERVICES; i++) {
        const struct sim_service *service = &node->service[i];
        event = (struct heal_event){.kind = HEAL_EVENT_READING, .reading = {.kind = HEAL_READING_SERVICE}};
        event.reading.service = (struct heal_reading_service){
            .running = service->running,
            .stopped = service->stopped,
            .pid = service->running ? service->pid : 0,
            .cpu = (float)cpu_of(service),
            .rss_bytes = (uint64_t)(service->rss + 1e5 * heal_random_normal(&mesh->random)),
        };
        memcpy(event.reading.service.name, service->name, sizeof service->name);
        sim_shell_step(mesh, index, &event);
    }
}

void sim_shell_round(struct sim_mesh *mesh, int index, double noise_floor_dbm, double rssi_dbm) {
    struct sim_node *node = &mesh->node[index];
    for (int i = 0; i < node->ports; i++) {
        read_port(mesh, index, &node->port[i]);
        read_radio(mesh, index, &node->port[i], noise_floor_dbm, rssi_dbm);
        read_transit(mesh, index, &node->port[i]);
    }
    read_node(mesh, index);
    struct heal_event round = {.kind = HEAL_EVENT_ROUND};
    sim_shell_step(mesh, index, &round);
}
