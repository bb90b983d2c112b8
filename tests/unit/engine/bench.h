/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * One engine on the bench, through its public face only: the node "here" with the neighbour "west" behind
 * mesh0. Every command with a ticket is answered with 0.
 */
#ifndef HEAL_TEST_BENCH_H
#define HEAL_TEST_BENCH_H

#include "heal/engine.h"
#include "heal/settings.h"
#include "heal/status.h"

struct bench {
    struct heal_engine *engine;
    struct heal_settings settings;
    heal_us now;
    uint32_t lost_of_ten;           /**< of the probes that west sends */
    bool silent;                    /**< nothing comes from west */
    int act_code;                   /**< what comes of every act */
    uint32_t round;                 /**< so many rounds were fed */
    struct heal_link_account in;    /**< of what west sent */
    struct heal_output output;      /**< of the latest event */
    size_t kept;                    /**< records stored so far; those beyond the table are not kept */
    struct heal_record record[256]; /**< the latest of each key */
    char said[1 << 14];             /**< the trace since it was last cleared, a line a decision */
};

/** Fixtures for cmocka: *state is a struct bench whose engine observes. */
int bench_make(void **state);
int bench_unmake(void **state);

/** Lets one event happen now, and answers what it brings. */
void bench_step(struct bench *bench, const struct heal_event *event);

/** Feeds a round of readings each second, for so long. */
void bench_run(struct bench *bench, heal_us span);

/** Gives a record back, as at the start. */
void bench_restore(struct bench *bench, enum heal_record_kind kind, const char *key, const char *value);

/** The latest record that was kept of this kind and key; the test fails where there is none. */
const char *bench_kept(const struct bench *bench, enum heal_record_kind kind, const char *key);

/** An operator speaks. */
void bench_operator(struct bench *bench, enum heal_operator_verb verb, uint64_t incident, uint64_t number,
                    const char *argument);

struct heal_engine_status bench_status(const struct bench *bench);
struct heal_threshold_status bench_threshold(const struct bench *bench, enum heal_metric metric);

#endif
