/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/selfcheck.h"

#include "engine/probation.h"
#include "os/store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* More than a clock that is disciplined would be corrected by between two rounds. */
static const heal_us stepped_us = 2 * HEAL_US_PER_S;
static const heal_us room_every_us = 5 * HEAL_US_PER_S;
enum { ROOM_LEAST = 64 << 10 };
static const heal_us aside_every_us = 30 * HEAL_US_PER_S;

/* Between two looks both clocks go on by the same: a sleep is in both. */
static void look_at_clocks(struct heald_selfcheck *selfcheck, heal_us now, heal_us wall) {
    int64_t passed = (int64_t)(now - selfcheck->now), by_wall = (int64_t)(wall - selfcheck->wall);
    int64_t step = by_wall - passed;

    if (!selfcheck->begun)
        return;
    if (step > (int64_t)stepped_us || step < -(int64_t)stepped_us)
        heald_degraded_raise(selfcheck->degraded, HEALD_CLOCK_STEPPED, "set %s by %.1f s",
                             step > 0 ? "forward" : "back", (double)(step > 0 ? step : -step) / 1e6);
    if (passed > (int64_t)heal_settings_gap_us(selfcheck->settings))
        heald_degraded_raise(selfcheck->degraded, HEALD_HOST_SLEPT, "for %.1f s", (double)passed / 1e6);
}

static void look_at_descriptors(struct heald_selfcheck *selfcheck) {
    int file = open("/dev/null", O_RDONLY | O_CLOEXEC);

    if (file >= 0) {
        close(file);
        heald_degraded_clear(selfcheck->degraded, HEALD_DESCRIPTORS_EXHAUSTED);
    } else if (errno == EMFILE || errno == ENFILE) {
        heald_degraded_raise(selfcheck->degraded, HEALD_DESCRIPTORS_EXHAUSTED, "%s", strerror(errno));
    }
}

static void look_aside(struct heald_selfcheck *selfcheck, heal_us now) {
    char name[HEAL_STORE_ASIDE_NAME_MAX];

    if (!selfcheck->store || now < selfcheck->aside_due)
        return;
    selfcheck->aside_due = now + aside_every_us;
    if (heal_store_aside(selfcheck->store, name) > 0)
        heald_degraded_raise(selfcheck->degraded, HEALD_STORE_SET_ASIDE, "kept as %s", name);
    else
        heald_degraded_clear(selfcheck->degraded, HEALD_STORE_SET_ASIDE);
}

/* A step's evidence takes about a page, its records a few: so that it is known before it is needed. */
static void look_at_room(struct heald_selfcheck *selfcheck, heal_us now) {
    if (!selfcheck->store || now < selfcheck->room_due)
        return;
    selfcheck->room_due = now + room_every_us;
    int64_t room = heal_store_room(selfcheck->store);
    if (room >= 0 && room < ROOM_LEAST)
        heald_degraded_raise(selfcheck->degraded, HEALD_STORE_FULL, "%lld KiB are left",
                             (long long)room / 1024);
    else
        heald_degraded_clear(selfcheck->degraded, HEALD_STORE_FULL);
}

static void look_at_detector(const struct heald_selfcheck *selfcheck) {
    const struct heal_probation *probation = heal_engine_probation(selfcheck->engine);

    if (probation->fell != HEAL_GATE_PASSED)
        heald_degraded_raise(selfcheck->degraded, HEALD_DETECTOR_FELL, "%s", probation->words);
    else
        heald_degraded_clear(selfcheck->degraded, HEALD_DETECTOR_FELL);
}

void heald_selfcheck_look(struct heald_selfcheck *selfcheck, heal_us now, heal_us wall) {
    look_at_clocks(selfcheck, now, wall);
    look_at_descriptors(selfcheck);
    look_aside(selfcheck, now);
    look_at_room(selfcheck, now);
    if (selfcheck->engine)
        look_at_detector(selfcheck);
    selfcheck->begun = true;
    selfcheck->now = now;
    selfcheck->wall = wall;
}
