/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "talk.h"

#include "ask.h"
#include "lab/clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { OK = 200 };
static const heal_us talk_every_us = 120 * HEAL_US_PER_MS;

static int order(struct crash_victim *victim, const char *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static int order(struct crash_victim *victim, const char *path, const char *format, ...) {
    char body[256];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(body, sizeof body, format, arguments);
    va_end(arguments);
    return crash_ask(victim->socket, path, body, NULL);
}

/* An order that stands for one thing: answered it holds, not answered it may hold. */
static void take_answer(struct crash_victim *victim, int status, enum crash_promise_kind kind, const char *a,
                        const char *b) {
    if (status == OK)
        crash_promises_add(&victim->promises, kind, a, b);
    else
        crash_promises_forget(&victim->promises, kind, a);
}

void crash_talk_order_mode(struct crash_victim *victim, const char *mode) {
    int status = order(victim, "/v1/mode", "{\"mode\": \"%s\"}", mode);

    take_answer(victim, status, CRASH_MODE, mode, "");
    if (strcmp(mode, "warn") == 0)
        victim->warned = true;
    else if (status == OK)
        victim->warned = false;
}

static void watch_audit(struct crash_victim *victim) {
    char number[24];
    json_t *page = NULL;

    if (crash_ask(victim->socket, "/v1/audit?limit=1&verify=0", NULL, &page) != OK)
        return;
    const json_t *record = json_array_get(json_object_get(page, "records"), 0);
    const char *hash = json_string_value(json_object_get(record, "hash"));
    snprintf(number, sizeof number, "%lld",
             (long long)json_integer_value(json_object_get(record, "sequence")));
    if (hash)
        crash_promises_add(&victim->promises, CRASH_AUDIT, number, hash);
    json_decref(page);
}

static void take_steps(struct crash_victim *victim, const json_t *incident, long long id) {
    const json_t *step;
    size_t i;

    json_array_foreach(json_object_get(incident, "steps"), i, step) {
        const char *state = json_string_value(json_object_get(step, "state"));
        char key[CRASH_KEY_MAX];

        snprintf(key, sizeof key, "%lld/%zu", id, i);
        /* One that failed may still have to be taken back. */
        if (state && strcmp(state, "done") == 0)
            crash_promises_add(&victim->promises, CRASH_STEP, key, state);
    }
}

/* @return the number of an open incident, 0: there is none. */
static long long watch_incidents(struct crash_victim *victim) {
    json_t *page = NULL;
    const json_t *incident;
    long long found = 0;
    size_t i;

    if (crash_ask(victim->socket, "/v1/incidents", NULL, &page) != OK)
        return 0;
    json_array_foreach(json_object_get(page, "incidents"), i, incident) {
        long long id = (long long)json_integer_value(json_object_get(incident, "id"));

        /* What an earlier run left open is told as this one sees it. */
        if (!json_is_null(json_object_get(incident, "closed")))
            continue;
        take_steps(victim, incident, id);
        found = id;
    }
    json_decref(page);
    return found;
}

static void label(struct crash_victim *victim, struct heal_random *random) {
    long long id = watch_incidents(victim);
    char token[40], key[24];

    if (id == 0)
        return;
    snprintf(token, sizeof token, "token-%s-%u.", victim->name, ++victim->label);
    snprintf(key, sizeof key, "%lld", id);
    int status = order(victim, "/v1/label", "{\"incident\": %lld, \"label\": %s, \"note\": \"%s\"}", id,
                       heal_random_next(random) % 4 ? "true" : "false", token);
    take_answer(victim, status, CRASH_LABEL, key, token);
    if (status == OK)
        crash_promises_add(&victim->promises, CRASH_ORDER, token, "");
}

static void pause_it(struct crash_victim *victim) {
    char token[40];

    snprintf(token, sizeof token, "token-%s-%u.", victim->name, ++victim->label);
    int status = order(victim, "/v1/pause", "{\"reason\": \"%s\"}", token);
    take_answer(victim, status, CRASH_PAUSE, "1", token);
    victim->paused = true;
}

static void resume(struct crash_victim *victim) {
    int status = order(victim, "/v1/resume", "%s", "{}");

    take_answer(victim, status, CRASH_PAUSE, "0", "");
    victim->paused = status != OK;
}

static void count(struct crash_victim *victim, int status, unsigned *counter, const char *verb) {
    char text[24];

    if (status != OK)
        return;
    snprintf(text, sizeof text, "%u", ++*counter);
    crash_promises_add(&victim->promises, CRASH_COUNT, verb, text);
}

static void undo(struct crash_victim *victim) {
    long long id = watch_incidents(victim);

    if (id != 0)
        count(victim, order(victim, "/v1/undo", "{\"incident\": %lld}", id), &victim->undone, "verb=undo");
}

void crash_talk(struct crash_victim *victim, struct heal_random *random) {
    uint32_t choice = heal_random_next(random) % 100;
    heal_us now = heal_lab_now();

    if (now < victim->talk_due)
        return;
    victim->talk_due = now + talk_every_us;
    if (victim->warned)
        crash_talk_order_mode(victim, "act");
    else if (victim->paused)
        resume(victim);
    else if (choice < 40)
        watch_audit(victim);
    else if (choice < 65)
        watch_incidents(victim);
    else if (choice < 90)
        label(victim, random);
    else if (choice < 96)
        pause_it(victim);
    else if (choice < 99)
        /* Of a metric that no fault here is about: it tightens. */
        count(victim, order(victim, "/v1/missed", "%s", "{\"diagnosis\": \"memory-leak\"}"), &victim->missed,
              "verb=missed");
    else
        undo(victim);
}
