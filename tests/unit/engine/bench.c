/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "bench.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TICKETS_MAX = 64, PROBES_A_ROUND = 10 };

int bench_make(void **state) {
    struct bench *bench = calloc(1, sizeof *bench);

    if (!bench)
        return -1;
    heal_settings_init(&bench->settings);
    bench->now = 1000 * HEAL_US_PER_S;
    *state = bench;
    return heal_engine_new("here", &bench->settings, 1, &bench->engine);
}

int bench_unmake(void **state) {
    struct bench *bench = *state;

    bench->engine = heal_engine_free(bench->engine);
    free(bench);
    return 0;
}

static void keep(struct bench *bench, const struct heal_record *record) {
    size_t i = 0;

    while (i < bench->kept &&
           (bench->record[i].kind != record->kind || strcmp(bench->record[i].key, record->key) != 0))
        i++;
    if (i == sizeof bench->record / sizeof bench->record[0])
        return;
    bench->record[i] = *record;
    bench->kept += i == bench->kept;
}

static void note_decisions(struct bench *bench) {
    for (size_t i = 0; i < bench->output.decisions; i++) {
        size_t length = strlen(bench->said), room = sizeof bench->said - length;
        int wrote = heal_decision_format(&bench->output.decision[i], bench->said + length, room - 1);

        if (wrote > 0)
            strcpy(bench->said + length + wrote, "\n");
    }
}

void bench_step(struct bench *bench, const struct heal_event *event) {
    struct heal_event_result answer[TICKETS_MAX];
    size_t tickets = 0;
    struct heal_event now = *event;

    for (;;) {
        heal_engine_step(bench->engine, bench->now, &now, &bench->output);
        note_decisions(bench);
        for (size_t i = 0; i < bench->output.commands; i++) {
            const struct heal_command *command = &bench->output.command[i];

            if (command->kind == HEAL_COMMAND_STORE)
                keep(bench, &command->record);
            if (command->ticket != 0 && tickets < TICKETS_MAX)
                answer[tickets++] = (struct heal_event_result){
                    .ticket = command->ticket,
                    .code = heal_command_is_act(command->kind) ? bench->act_code : 0};
        }
        if (tickets == 0)
            return;
        now = (struct heal_event){.kind = HEAL_EVENT_RESULT, .result = answer[--tickets]};
    }
}

static struct heal_port_key west_key(void) {
    struct heal_port_key key = {.ifname = "mesh0"};

    heal_address_parse("fe80::1", &key.peer);
    return key;
}

static void feed_probe(struct bench *bench) {
    struct heal_event event = {.kind = HEAL_EVENT_READING, .reading.kind = HEAL_READING_PROBE};
    struct heal_link_account *in = &bench->in;

    in->epoch = 1;
    in->silence_ms = bench->silent ? in->silence_ms + 1000 : 10;
    for (int size = 0; size < HEAL_PROBE_SIZES && !bench->silent; size++) {
        in->expected[size] += PROBES_A_ROUND;
        in->received[size] += PROBES_A_ROUND - bench->lost_of_ten;
    }
    event.reading.probe = (struct heal_reading_probe){.port = west_key(),
                                                      .in = *in,
                                                      .rtt_count = bench->silent ? 0 : 4,
                                                      .rtt_min_us = 4000 + bench->round % 3 * 100};
    bench_step(bench, &event);
}

static void feed_others(struct bench *bench) {
    struct heal_event event = {.kind = HEAL_EVENT_READING, .reading.kind = HEAL_READING_NEIGHBOUR};

    event.reading.neighbour = (struct heal_reading_neighbour){
        .port = west_key(), .present = true, .reach = 0xffff, .rxcost = 96, .txcost = 96, .cost = 96};
    bench_step(bench, &event);
    event.reading.kind = HEAL_READING_LINK;
    event.reading.link = (struct heal_reading_link){
        .ifname = "mesh0", .present = true, .up = true, .carrier = true, .mtu = 1500};
    bench_step(bench, &event);
    event.reading.kind = HEAL_READING_NODE;
    event.reading.node = (struct heal_reading_node){
        .cpu = 0.25F, .memory = 0.5F, .cpu_pressure = -1, .forwarding = true, .forwarding4 = true};
    bench_step(bench, &event);
}

void bench_run(struct bench *bench, heal_us span) {
    const struct heal_event round = {.kind = HEAL_EVENT_ROUND};

    for (heal_us end = bench->now + span; bench->now < end; bench->now += HEAL_US_PER_S) {
        bench->round++;
        feed_others(bench);
        feed_probe(bench);
        bench_step(bench, &round);
    }
}

void bench_restore(struct bench *bench, enum heal_record_kind kind, const char *key, const char *value) {
    struct heal_event event = {.kind = HEAL_EVENT_RESTORE, .record.kind = kind};

    heal_name_copy(event.record.key, sizeof event.record.key, key);
    heal_name_copy(event.record.value, sizeof event.record.value, value);
    bench_step(bench, &event);
}

const char *bench_kept(const struct bench *bench, enum heal_record_kind kind, const char *key) {
    for (size_t i = 0; i < bench->kept; i++)
        if (bench->record[i].kind == kind && strcmp(bench->record[i].key, key) == 0)
            return bench->record[i].value;
    fail_msg("no record %s was kept", key);
    return "";
}

void bench_operator(struct bench *bench, enum heal_operator_verb verb, uint64_t incident, uint64_t number,
                    const char *argument) {
    struct heal_event event = {.kind = HEAL_EVENT_OPERATOR};

    event.operator_ = (struct heal_event_operator){.verb = verb, .incident = incident, .number = number};
    heal_name_copy(event.operator_.argument, sizeof event.operator_.argument, argument);
    bench->said[0] = '\0';
    bench_step(bench, &event);
}

struct heal_engine_status bench_status(const struct bench *bench) {
    struct heal_engine_status status;

    heal_engine_status(bench->engine, &status);
    return status;
}

struct heal_threshold_status bench_threshold(const struct bench *bench, enum heal_metric metric) {
    struct heal_threshold_status status = {0};

    for (size_t i = 0; heal_engine_threshold(bench->engine, i, &status); i++)
        if (status.metric == metric)
            return status;
    fail_msg("no threshold for %s", heal_metric_name(metric));
    return status;
}
