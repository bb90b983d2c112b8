/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "victim.h"

#include "ask.h"
#include "lab/clock.h"
#include "place.h"
#include "talk.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const heal_us judge_every_us = 400 * HEAL_US_PER_MS;
/* A left-over step is tried again after 10 and 20 s where something is in the way: a daemon that is set up
 * anew at the same time. */
static const heal_us judge_within_us = 45 * HEAL_US_PER_S;
/* What it was to be killed in does not always come: then anywhere. */
static const heal_us patience_us = 10 * HEAL_US_PER_S;

/* In the log, when the phase begins; then it is killed within so many milliseconds. */
static const struct {
    const char *name, *word;
    unsigned within_ms;
} row[CRASH_PHASES] = {
    [CRASH_AT_START] = {"start",    "event=start",   120 },
    [CRASH_AT_INTENT] = {"intent",   "event=plan",    12  },
    [CRASH_AT_ACT] = {"act",      "event=act ",    4   },
    [CRASH_AT_VERIFY] = {"verify",   "event=acted",   1000},
    [CRASH_AT_HOLD] = {"hold",     "state=holding", 2000},
    [CRASH_AT_UNDO] = {"undo",     NULL,            25  },
    [CRASH_ANYWHERE] = {"anywhere", "event=ready",   6000},
};

const char *crash_phase_name(enum crash_phase phase) {
    return row[phase].name;
}

void crash_victim_init(struct crash_victim *victim, struct heal_lab *lab, unsigned node) {
    memset(victim, 0, sizeof *victim);
    victim->lab = lab;
    victim->node = node;
    victim->name = heal_lab_topology(lab)->node[node].name;
    heal_lab_file(lab, (int)node, "state", victim->state);
    heal_lab_file(lab, (int)node, "heald.sock", victim->socket);
    heal_lab_file(lab, (int)node, "heald.log", victim->log);
    victim->doomed = HEAL_NEVER;
    victim->since = heal_lab_now();
    victim->phase = CRASH_ANYWHERE;
}

/* Looks through what it has logged since the last look. */
static bool has_logged(struct crash_victim *victim, const char *word) {
    static char text[1 << 16];
    FILE *log = fopen(victim->log, "re");
    size_t length = 0;

    if (!log)
        return false;
    if (fseek(log, victim->log_read, SEEK_SET) == 0)
        length = fread(text, 1, sizeof text - 1, log);
    fclose(log);
    text[length] = '\0';
    /* Whole lines only: the rest comes. */
    char *end = strrchr(text, '\n');
    if (!end)
        return false;
    end[1] = '\0';
    victim->log_read += end + 1 - text;
    return word && strstr(text, word);
}

static void come_up(struct crash_victim *victim, struct heal_random *random) {
    heal_us now = heal_lab_now();

    victim->up = true;
    victim->since = victim->talk_due = victim->judge_due = now;
    victim->judged = victim->hit = false;
    victim->doomed = HEAL_NEVER;
    victim->phase = (enum crash_phase)(heal_random_next(random) % CRASH_PHASES);
}

static void pause_us(heal_us span) {
    struct timespec wait = {.tv_sec = (time_t)(span / HEAL_US_PER_S),
                            .tv_nsec = (long)(span % HEAL_US_PER_S) * 1000};

    nanosleep(&wait, NULL);
}

/* It is dead: what does its database say? */
static void examine(struct crash_victim *victim, struct crash_tally *tally) {
    sqlite3 *db = NULL;

    if (!crash_disk_copy(victim->state, &db)) {
        fprintf(stderr, "crash: %s: no database\n", victim->name);
        tally->corrupt++;
    } else {
        tally->corrupt += !crash_disk_is_whole(victim->state, db, victim->name);
        tally->promises += victim->promises.count;
        tally->lost += (unsigned)crash_promises_check(&victim->promises, db, victim->name);
        crash_disk_under_way(db, &victim->steps, tally->under_way);
    }
    sqlite3_close(db);
}

static void strike(struct crash_victim *victim, struct heal_random *random, struct crash_tally *tally) {
    if (victim->phase == CRASH_AT_UNDO) {
        crash_talk_order_mode(victim, "warn");
        pause_us((heal_us)(heal_random_uniform(random) * row[CRASH_AT_UNDO].within_ms * 1000));
    }
    if (heal_lab_daemon_signal(victim->lab, victim->node, HEAL_LAB_HEALD, SIGKILL) < 0)
        return;
    tally->kills++;
    tally->phase[victim->hit || victim->phase == CRASH_AT_UNDO ? victim->phase : CRASH_ANYWHERE]++;
    victim->up = false;
    victim->since = heal_lab_now();
    /* The lab starts it again after a second. */
    while (heal_lab_daemon_pid(victim->lab, victim->node, HEAL_LAB_HEALD) > 0)
        pause_us(HEAL_US_PER_MS);
    examine(victim, tally);
}

/* @return whether all that the runs before left half done is over, and all that is in place is this run's. */
static bool judge(struct crash_victim *victim) {
    struct crash_place place;
    sqlite3 *db = crash_disk_open(victim->state);

    crash_disk_drop_over(db, &victim->steps);
    sqlite3_close(db);
    if (victim->steps.count > 0)
        snprintf(victim->why, sizeof victim->why, "step %s (%s) is not over, nor %zu others",
                 victim->steps.step[0].key, victim->steps.step[0].value, victim->steps.count - 1);
    else if (!crash_place_look(victim->lab, victim->node, &place))
        snprintf(victim->why, sizeof victim->why, "the node cannot be looked at");
    else
        return crash_place_is_claimed(&place, victim->socket, victim->why, sizeof victim->why) == 1;
    return false;
}

static void judge_in_time(struct crash_victim *victim, struct crash_tally *tally) {
    heal_us now = heal_lab_now();

    if (victim->judged || now < victim->judge_due)
        return;
    victim->judge_due = now + judge_every_us;
    victim->judged = judge(victim);
    if (victim->judged || now - victim->since < judge_within_us)
        return;
    fprintf(stderr, "crash: %s: forgotten: %s\n", victim->name, victim->why);
    tally->forgotten++;
    victim->judged = true;
    victim->steps.count = 0;
}

void crash_victim_watch(struct crash_victim *victim, struct heal_random *random, struct crash_tally *tally) {
    heal_us now = heal_lab_now();
    bool ready = victim->judged || victim->phase == CRASH_AT_START;

    if (!victim->up || tally->kills >= tally->wanted)
        return;
    if (has_logged(victim, row[victim->phase].word) && victim->doomed == HEAL_NEVER && ready) {
        victim->hit = true;
        victim->doomed = now + (heal_us)(heal_random_uniform(random) * row[victim->phase].within_ms * 1000);
    }
    if (victim->doomed == HEAL_NEVER && ready && now - victim->since > patience_us)
        victim->doomed = now;
    if (now >= victim->doomed)
        strike(victim, random, tally);
}

void crash_victim_tick(struct crash_victim *victim, struct heal_random *random, struct crash_tally *tally) {
    if (victim->up && (victim->phase != CRASH_AT_START || tally->kills >= tally->wanted)) {
        judge_in_time(victim, tally);
        crash_talk(victim, random);
    }
    if (!victim->up && heal_lab_daemon_pid(victim->lab, victim->node, HEAL_LAB_HEALD) > 0)
        come_up(victim, random);
}

bool crash_victim_is_at_peace(struct crash_victim *victim) {
    struct crash_place place;

    if (!victim->up || !judge(victim) || !crash_place_look(victim->lab, victim->node, &place))
        return false;
    if (crash_place_is_bare(&place))
        return true;
    snprintf(victim->why, sizeof victim->why, "%u routes, %u MTUs, %u throttles%s are still in place",
             place.routes, place.clamped, place.throttlers, place.quarantine ? ", a quarantine" : "");
    return false;
}
