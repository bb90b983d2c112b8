/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "sim/shell.h"

#include "sim/air.h"
#include "sim/carry.h"
#include "sim/sim_state.h"

#include <string.h>

static const double memory_bytes = 256e6, bytes_a_packet = 700, best_kbit = 20000;

void heal_shell_step(struct heal_sim *sim, unsigned index, const struct heal_event *event) {
    struct heal_sim_node *node = &sim->node[index];
    heal_engine_step(node->engine, sim->now, event, &sim->output);
    sim->steps++;
    for (size_t i = 0; sim->ear.decided != NULL && i < sim->output.decisions; i++)
        sim->ear.decided(sim->ear.context, index, &sim->output.decision[i]);
    for (size_t i = 0; i < sim->output.commands; i++)
        heal_carry_out(sim, index, &sim->output.command[i]);
    heal_us next = heal_engine_next_deadline(node->engine);
    if (next == node->round_at)
        return;
    node->round_at = next > sim->now ? next : sim->now;
    heal_agenda_round(&sim->agenda, node->round_at, index);
}

void heal_shell_fib(struct heal_sim *sim, unsigned index, unsigned to, int via, uint8_t protocol,
                    uint32_t metric, bool present) {
    struct heal_event event;
    event.kind = HEAL_EVENT_READING;
    event.reading = (struct heal_reading){
        .kind = HEAL_READING_FIB,
        .fib = {.prefix = {heal_sim_address(to), 128},
                .type = via >= 0 ? HEAL_FIB_UNICAST : HEAL_FIB_BLACKHOLE,
                .protocol = protocol,
                .metric = metric,
                .present = present}
    };
    if (via >= 0)
        event.reading.fib.via = sim->node[index].port[via].key;
    heal_agenda_post(&sim->agenda, sim->now, index, &event);
}

/* ---- a round of readings ---- */

static void feed(struct heal_sim *sim, unsigned index, const struct heal_reading *reading) {
    sim->event.kind = HEAL_EVENT_READING;
    sim->event.reading = *reading;
    heal_shell_step(sim, index, &sim->event);
}

static void read_port(struct heal_sim *sim, unsigned index, struct heal_sim_port *port) {
    struct heal_reading reading = {
        .kind = HEAL_READING_LINK,
        .link = {.present = true,
                 .up = !heal_air_is_down(port, sim->now),
                 .carrier = sim->link[port->link].carrier && !heal_air_is_down(port, sim->now),
                 .mtu = port->mtu,
                 .tx_packets = port->tx_packets,
                 .rx_packets = port->rx_packets,
                 .tx_bytes = (uint64_t)((double)port->tx_packets * bytes_a_packet),
                 .rx_bytes = (uint64_t)((double)port->rx_packets * bytes_a_packet)}
    };
    memcpy(reading.link.ifname, port->key.ifname, sizeof reading.link.ifname);
    feed(sim, index, &reading);

    uint32_t rtt_us = (uint32_t)(port->rtt_min_ms * 1000);
    reading = (struct heal_reading){
        .kind = HEAL_READING_PROBE,
        .probe = {
                  .port = port->key, .rtt_count = port->rtt_count, .rtt_min_us = rtt_us, .rtt_median_us = rtt_us}
    };
    memcpy(reading.probe.sent, port->sent, sizeof reading.probe.sent);
    heal_account_read(&port->account, sim->now, &reading.probe.in);
    port->rtt_count = 0;
    feed(sim, index, &reading);
}

static void read_station(struct heal_sim *sim, unsigned index, const struct heal_sim_port *port) {
    const struct heal_sim_direction *out = &sim->link[port->link].direction[port->side];
    struct heal_reading reading = {
        .kind = HEAL_READING_STATION,
        .station = {.port = port->key,
                    .tx_packets = (uint32_t)port->tx_packets,
                    .tx_retries = (uint32_t)port->retries,
                    .expected_kbit = (uint32_t)(best_kbit * (1 - out->retries)),
                    .frequency_mhz = 2412,
                    .power_mbm = 1700}
    };
    feed(sim, index, &reading);
}

static void read_radio(struct heal_sim *sim, unsigned index, struct heal_sim_port *port) {
    struct heal_sim_link *link = &sim->link[port->link];
    if (!link->radio)
        return;
    double rssi = heal_air_rssi_dbm(link) - link->direction[!port->side].fade_db;
    double noise = heal_air_noise_dbm(&link->direction[!port->side]);
    struct heal_reading reading = {
        .kind = HEAL_READING_RADIO,
        .radio = {.port = port->key,
                  .rssi_dbm = (float)(rssi + 0.5 * heal_random_normal(&link->random)),
                  .noise_dbm = (float)(noise + 0.5 * heal_random_normal(&link->random)),
                  .has_noise = true}
    };
    feed(sim, index, &reading);
    read_station(sim, index, port);
}

static void send_transit(struct heal_sim *sim, unsigned index, const struct heal_sim_port *port,
                         struct heal_sim_transit *transit) {
    struct heal_sim_link *link = &sim->link[port->link];
    unsigned target = heal_sim_node_at(&transit->order.target);
    for (; transit->probe_at <= sim->now; transit->probe_at += transit->order.interval_ms * HEAL_US_PER_MS) {
        transit->sent++;
        double share = 1 - heal_air_loss(sim, link, port->side, HEAL_PROBE_SMALL, transit->probe_at);
        if (share > 0 && sim->node[port->peer].forwarding)
            share *= heal_sim_delivery_at(sim, port->peer, target, HEAL_PROBE_SMALL, transit->probe_at);
        else
            share = 0;
        transit->arrived += share >= 1 || heal_random_uniform(&sim->node[index].random) < share;
    }
}

static void read_transit(struct heal_sim *sim, unsigned index, struct heal_sim_port *port) {
    for (unsigned i = 0; i < HEAL_SIM_TRANSITS; i++) {
        struct heal_sim_transit *transit = &port->transit[i];
        if (transit->order.interval_ms == 0)
            continue;
        send_transit(sim, index, port, transit);
        struct heal_reading reading = {
            .kind = HEAL_READING_TRANSIT,
            .transit = {.via = port->key,
                        .target = transit->order.target,
                        .target_node = transit->order.target_node,
                        .epoch = 1,
                        .sent = transit->sent,
                        .arrived = transit->arrived}
        };
        feed(sim, index, &reading);
    }
}

static double cpu_of(const struct heal_sim_service *service) {
    double wanted = service->running ? service->cpu : 0;
    return service->shed > 0 && wanted > service->shed ? service->shed : wanted;
}

void heal_shell_service(struct heal_sim *sim, struct heal_sim_service *service) {
    if (service->back_at != 0 && sim->now >= service->back_at) {
        struct heal_sim_service again = {
            .running = service->falls == 0, .pid = service->pid + 100, .rss = 8e6, .grown = service->back_at};
        again.falls = service->falls ? service->falls - 1 : 0;
        again.cpu = service->cpu > 0.5 ? 0.1 : service->cpu; /* what made it burn is over */
        memcpy(again.name, service->name, sizeof again.name);
        *service = again;
    }
    service->rss += service->growth * (double)(sim->now - service->grown) / 1e6;
    service->grown = sim->now;
}

static void read_service(struct heal_sim *sim, unsigned index, const struct heal_sim_service *service,
                         double share) {
    double rss = service->rss + 1e5 * heal_random_normal(&sim->node[index].random);
    struct heal_reading reading = {
        .kind = HEAL_READING_SERVICE,
        .service = {.running = service->running,
                    .stopped = service->stopped,
                    .pid = service->running ? service->pid : 0,
                    .cpu = (float)(share * cpu_of(service)),
                    .rss_bytes = (uint64_t)rss}
    };
    memcpy(reading.service.name, service->name, sizeof service->name);
    feed(sim, index, &reading);
}

static void read_mesh(struct heal_sim *sim, unsigned index) {
    const struct heal_sim_node *node = &sim->node[index];
    struct heal_reading reading = {
        .kind = HEAL_READING_MESH,
        .mesh = {
                 .ifname = "bat0", .gateway = node->gateway_mode, .originator_ms = 1000, .chosen_ms = UINT32_MAX}
    };
    if (node->gateway)
        feed(sim, index, &reading);
}

static void read_node(struct heal_sim *sim, unsigned index) {
    struct heal_sim_node *node = &sim->node[index];
    double others = node->cpu_base + 0.03 * heal_random_normal(&node->random), wanted = 0, rss = 0;
    for (unsigned i = 0; i < HEAL_SIM_SERVICES; i++) {
        heal_shell_service(sim, &node->service[i]);
        wanted += cpu_of(&node->service[i]);
        rss += node->service[i].rss;
    }
    others = others < 0 ? 0 : others > 0.99 ? 0.99 : others;
    double share = wanted > 1 - others ? (1 - others) / wanted : 1; /* nobody has more than there is */
    double cpu = others + share * wanted;
    struct heal_reading reading = {
        .kind = HEAL_READING_NODE,
        .node = {.cpu = (float)cpu,
                 .memory = (float)(rss / memory_bytes),
                 .memory_used_bytes = (uint64_t)rss,
                 .memory_total_bytes = (uint64_t)memory_bytes,
                 .cpu_pressure = -1,
                 .forwarding = node->forwarding,
                 .forwarding4 = node->forwarding}
    };
    feed(sim, index, &reading);
    for (unsigned i = 0; i < HEAL_SIM_SERVICES; i++)
        read_service(sim, index, &node->service[i], share);
}

void heal_shell_round(struct heal_sim *sim, unsigned index) {
    struct heal_sim_node *node = &sim->node[index];
    for (unsigned i = 0; i < node->ports; i++) {
        heal_air_reckon(sim, &sim->link[node->port[i].link]);
        read_port(sim, index, &node->port[i]);
        read_radio(sim, index, &node->port[i]);
        read_transit(sim, index, &node->port[i]);
    }
    read_mesh(sim, index);
    read_node(sim, index);
    sim->event.kind = HEAL_EVENT_ROUND;
    heal_shell_step(sim, index, &sim->event);
}
