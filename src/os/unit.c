/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/unit.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "os/spawn.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Often enough for people, and next to nothing for systemd. */
static const heal_us spacing_us = 2 * HEAL_US_PER_S;
/* systemd answers within milliseconds; while it is busy at boot it may take its time. */
static const heal_us patience_us = 5 * HEAL_US_PER_S;

void heal_unit_init(struct heal_unit *unit, struct event_base *base, const char *name,
                    void (*answered)(void *context), void *context) {
    *unit = (struct heal_unit){.base = base, .answered = answered, .context = context};
    heal_name_copy(unit->name, sizeof(unit->name), name);
}

void heal_unit_deinit(struct heal_unit *unit) {
    unit->question = heal_spawn_cancel(unit->question);
}

void heal_unit_forget(struct heal_unit *unit) {
    unit->question = heal_spawn_cancel(unit->question);
    unit->standing = HEAL_STANDING_UNKNOWN;
    unit->trouble[0] = '\0';
    unit->next = 0;
}

static void set_trouble(struct heal_unit *unit, const char *what) {
    unit->standing = HEAL_STANDING_UNKNOWN;
    snprintf(unit->trouble, sizeof(unit->trouble), "%.50s: %.90s", unit->name, what);
}

/* Where this host has the control group: one hierarchy for all, or systemd's own beside those of others. A
 * unit that has none at the moment as a rule gets the same one again. */
static void find_procs(struct heal_unit *unit, const char *cgroup) {
    static const char *const roots[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd"};
    for (size_t i = 0; i < HEAL_COUNT(roots) && cgroup[0]; i++) {
        char path[sizeof(unit->procs)];
        snprintf(path, sizeof(path), "%s%s/cgroup.procs", roots[i], cgroup);
        if (access(path, R_OK) == 0) {
            memcpy(unit->procs, path, sizeof(path));
            return;
        }
    }
}

static enum heal_unit_standing standing_of(const struct heal_unit_text *said) {
    switch (said->activity) {
    case HEAL_UNIT_ACTIVE:
        return HEAL_STANDING_RUNS;
    case HEAL_UNIT_RELOADING:
    case HEAL_UNIT_REFRESHING:
    case HEAL_UNIT_ACTIVATING:
    case HEAL_UNIT_DEACTIVATING:
    case HEAL_UNIT_MAINTENANCE:
        return HEAL_STANDING_BUSY;
    case HEAL_UNIT_INACTIVE:
        return !said->success ? HEAL_STANDING_DOWN
               : said->loaded ? HEAL_STANDING_STOPPED
                              : HEAL_STANDING_UNKNOWN;
    case HEAL_UNIT_FAILED:
        return HEAL_STANDING_DOWN;
    case HEAL_UNIT_ACTIVITIES:
        break;
    }
    return HEAL_STANDING_UNKNOWN;
}

static void take_answer(struct heal_unit *unit, const struct heal_spawn_result *result) {
    struct heal_unit_text said;
    if (result->code == -ETIMEDOUT) {
        set_trouble(unit, "systemctl does not answer");
        return;
    }
    if (result->code < 0) {
        set_trouble(unit, result->output[0] ? result->output : "systemctl fails without a word");
        return;
    }
    if (heal_unit_text_parse(result->output, strlen(result->output), &said) < 0) {
        set_trouble(unit, "systemctl says what heald does not understand");
        return;
    }
    unit->trouble[0] = '\0';
    unit->standing = standing_of(&said);
    find_procs(unit, said.cgroup);
    if (unit->standing == HEAL_STANDING_UNKNOWN) {
        set_trouble(unit, "systemd has no unit of this name that it can load");
    }
}

static void on_answer(void *context, const struct heal_spawn_result *result) {
    struct heal_unit *unit = context;
    unit->question = NULL;
    take_answer(unit, result);
    unit->answered(unit->context);
}

void heal_unit_ask(struct heal_unit *unit, heal_us now) {
    char *argv[] = {(char *)"systemctl", (char *)"show", (char *)"--property=" HEAL_UNIT_PROPERTIES,
                    (char *)"--",        unit->name,     NULL};
    struct heal_spawn_options options = {
        .base = unit->base,
        .argv = argv,
        .timeout_us = patience_us,
        .done = on_answer,
        .context = unit,
    };
    if (unit->question || now < unit->next) {
        return;
    }
    unit->next = now + spacing_us;
    int r = heal_spawn_start(&options, &unit->question);
    if (r < 0) {
        char what[80];
        snprintf(what, sizeof(what), "systemctl: %s", strerror(-r));
        set_trouble(unit, what);
    }
}
