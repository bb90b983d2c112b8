/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What one step of the engine costs at 16 ports and 48 destinations, calm and under examination, beside a
 * floor measured in the same run: touching the same ports' memory once. */
#include "heal/engine.h"
#include "heal/settings.h"
#include "model/port.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PORTS = 16, DESTINATIONS = 48, ROUNDS = 4000, WARM = 200 };

struct bench {
    struct heal_engine *engine;
    struct heal_output *output;
    heal_us now;
    struct heal_link_account account[PORTS];
    double round_us[ROUNDS];
    double other_us;
    unsigned long others;
    double lossy; /* share of probes lost on port 0 */
};

static double clock_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static struct heal_port_key key_of(int port) {
    struct heal_port_key key = {
        .peer.byte = {0xfe, 0x80}
    };
    key.peer.byte[15] = (uint8_t)(port + 1);
    snprintf(key.ifname, sizeof key.ifname, "to-p%d", port);
    return key;
}

static struct heal_prefix destination(int index) {
    struct heal_prefix prefix = {.length = 128};
    prefix.address.byte[0] = 0xfd;
    prefix.address.byte[15] = (uint8_t)(index + 1);
    return prefix;
}

/* One step, timed; whatever it orders is answered at once, not timed. */
static double step(struct bench *bench, const struct heal_event *event) {
    static uint32_t ticket[HEAL_OUTPUT_COMMANDS];
    static struct heal_event answer = {.kind = HEAL_EVENT_RESULT};
    size_t tickets = 0;
    double begun = clock_us();
    heal_engine_step(bench->engine, bench->now, event, bench->output);
    double took = clock_us() - begun;
    for (size_t i = 0; i < bench->output->commands; i++)
        if (bench->output->command[i].ticket != 0)
            ticket[tickets++] = bench->output->command[i].ticket;
    for (size_t i = 0; i < tickets; i++) {
        answer.result.ticket = ticket[i];
        heal_engine_step(bench->engine, bench->now, &answer, bench->output);
    }
    return took;
}

static void other(struct bench *bench, const struct heal_event *event) {
    bench->other_us += step(bench, event);
    bench->others++;
}

static void feed_routes(struct bench *bench) {
    static struct heal_event event;
    for (int i = 0; i < DESTINATIONS; i++) {
        struct heal_port_key via = key_of(i % PORTS);
        event = (struct heal_event){.kind = HEAL_EVENT_READING, .reading.kind = HEAL_READING_ROUTE};
        event.reading.route = (struct heal_reading_route){.prefix = destination(i),
                                                          .via = via,
                                                          .present = true,
                                                          .installed = true,
                                                          .metric = 192,
                                                          .refmetric = 96};
        other(bench, &event);
        event.reading = (struct heal_reading){.kind = HEAL_READING_FIB};
        event.reading.fib = (struct heal_reading_fib){.prefix = destination(i),
                                                      .via = via,
                                                      .type = HEAL_FIB_UNICAST,
                                                      .protocol = 42,
                                                      .metric = 1024,
                                                      .present = true};
        other(bench, &event);
    }
}

static void feed_neighbours(struct bench *bench) {
    static struct heal_event event;
    for (int i = 0; i < PORTS; i++) {
        event = (struct heal_event){.kind = HEAL_EVENT_READING, .reading.kind = HEAL_READING_NEIGHBOUR};
        event.reading.neighbour = (struct heal_reading_neighbour){
            .port = key_of(i), .present = true, .reach = 0xffff, .rxcost = 96, .txcost = 96, .cost = 96};
        other(bench, &event);
    }
}

static void advance(struct bench *bench, int port) {
    struct heal_link_account *account = &bench->account[port];
    bool loses = port == 0 && (double)rand() / RAND_MAX < bench->lossy;
    for (int size = 0; size < HEAL_PROBE_SIZES; size++) {
        account->expected[size] += 5;
        account->received[size] += loses ? 4 : 5;
    }
    account->epoch = 1;
    account->pair_sent += 200;
    account->pair_received += loses ? 160 : 200;
}

static void feed_port(struct bench *bench, int port) {
    static struct heal_event event;
    advance(bench, port);
    event = (struct heal_event){.kind = HEAL_EVENT_READING, .reading.kind = HEAL_READING_LINK};
    event.reading.link =
        (struct heal_reading_link){.present = true, .up = true, .carrier = true, .mtu = 1500};
    struct heal_port_key key = key_of(port);
    memcpy(event.reading.link.ifname, key.ifname, sizeof key.ifname);
    event.reading.link.tx_bytes = bench->now / 10;
    other(bench, &event);
    event.reading = (struct heal_reading){.kind = HEAL_READING_PROBE};
    event.reading.probe = (struct heal_reading_probe){
        .port = key, .in = bench->account[port], .rtt_count = 3, .rtt_min_us = 900, .rtt_median_us = 1000};
    other(bench, &event);
    event = (struct heal_event){.kind = HEAL_EVENT_MESSAGE};
    event.message.kind = HEAL_MESSAGE_LINK;
    event.message.port = key;
    event.message.from = heal_node_id_of(key.ifname);
    memcpy(event.message.from_name, key.ifname, sizeof key.ifname);
    event.message.link.in = bench->account[port];
    event.message.link.mtu = 1500;
    other(bench, &event);
}

static void run(struct bench *bench, double lossy, int rounds) {
    static const struct heal_event round = {.kind = HEAL_EVENT_ROUND};
    bench->lossy = lossy;
    for (int i = 0; i < rounds; i++) {
        bench->now += HEAL_US_PER_S / 4;
        for (int port = 0; port < PORTS; port++)
            feed_port(bench, port);
        bench->round_us[i] = step(bench, &round);
    }
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(double *value, int count, double share) {
    qsort(value, (size_t)count, sizeof *value, by_size);
    return value[(int)(share * (count - 1))];
}

static double floor_us(void) {
    struct heal_port *ports = calloc(PORTS, sizeof *ports);
    double best = 1e9;
    for (int i = 0; ports != NULL && i < 200; i++) {
        double begun = clock_us();
        for (size_t at = 0; at < PORTS * sizeof *ports; at += 64)
            (void)((const volatile unsigned char *)ports)[at];
        double took = clock_us() - begun;
        best = took < best ? took : best;
    }
    free(ports);
    return best;
}

int main(int argc, char **argv) {
    static const struct option options[] = {
        {"json", no_argument, NULL, 'j'},
        {NULL,   0,           NULL, 0  }
    };
    static struct bench bench;
    static struct heal_settings settings;
    bool json = getopt_long(argc, argv, "", options, NULL) == 'j';
    heal_settings_init(&settings);
    settings.mode = HEAL_MODE_ACT;
    bench.output = malloc(sizeof *bench.output);
    bench.now = HEAL_US_PER_S;
    if (!bench.output || heal_engine_new("bench", &settings, 1, &bench.engine) < 0)
        return 70;
    feed_neighbours(&bench);
    feed_routes(&bench);
    run(&bench, 0, WARM);
    bench.other_us = 0;
    bench.others = 0;
    run(&bench, 0, ROUNDS);
    double calm = quantile(bench.round_us, ROUNDS, 0.5), calm99 = quantile(bench.round_us, ROUNDS, 0.99);
    run(&bench, 0.5, ROUNDS);
    double sick = quantile(bench.round_us, ROUNDS, 0.5), sick99 = quantile(bench.round_us, ROUNDS, 0.99);
    double other_us = bench.other_us / (double)bench.others, floor = floor_us();
    double worst = sick > calm ? sick : calm;
    if (json)
        printf("{\"version\":\"%s\",\"ports\":%d,\"destinations\":%d,\"step_us\":%.3f,"
               "\"round_calm_us\":{\"median\":%.3f,\"p99\":%.3f},\"round_sick_us\":{\"median\":%.3f,\"p99\":%"
               ".3f},"
               "\"reading_us\":%.3f,\"floor_us\":%.3f}\n",
               HEAL_VERSION, PORTS, DESTINATIONS, worst, calm, calm99, sick, sick99, other_us, floor);
    else
        printf("heald %s, %d ports, %d destinations\n"
               "round, calm:             median %7.2f us, p99 %7.2f us\n"
               "round, one link sick:    median %7.2f us, p99 %7.2f us\n"
               "a reading or a message:  mean   %7.2f us\n"
               "floor (touching the ports' memory once): %.2f us\n",
               HEAL_VERSION, PORTS, DESTINATIONS, calm, calm99, sick, sick99, other_us, floor);
    heal_engine_free(bench.engine);
    free(bench.output);
    return 0;
}
