/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "trial/twin.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lab/clock.h"

enum { FOLDERS_OPEN = 8 };

static const heal_us routes_within_us = 60 * HEAL_US_PER_S;

static int open_side(struct heal_twin *twin, enum heal_twin_side side, const struct heal_topology *topology,
                     struct heal_error *error) {
    struct heal_lab_options options = {.with_heald = side == HEAL_TWIN_WITH, .mode = HEAL_MODE_ACT};
    char name[64];

    /* Of this process alone: several may try at the same time. */
    snprintf(name, sizeof name, "%s-%s-%d", topology->name, side == HEAL_TWIN_WITH ? "with" : "without",
             (int)getpid());
    int r = heal_lab_make_folder(name, NULL, twin->folder[side], error);
    options.folder = twin->folder[side];
    return r < 0 ? r : heal_lab_open(topology, &options, &twin->lab[side], error);
}

static int wait_for_routes(struct heal_lab *lab, const struct heal_twin_options *options,
                           struct heal_error *error) {
    heal_us begun = heal_lab_now();

    while (heal_lab_wait_converged(lab, HEAL_US_PER_S, NULL) < 0) {
        if (options->go_on && !options->go_on(options->context))
            return heal_error_set(error, -EINTR, 0, 0, "interrupted");
        if (heal_lab_now() - begun >= routes_within_us)
            return heal_error_set(error, -ETIMEDOUT, 0, 0, "no routes between all nodes within a minute");
    }
    return 0;
}

static int start_side(struct heal_twin *twin, enum heal_twin_side side,
                      const struct heal_twin_options *options, struct heal_error *error) {
    int r = wait_for_routes(twin->lab[side], options, error);

    if (r < 0)
        return r;
    r = heal_traffic_start(twin->lab[side]);
    if (r < 0)
        return heal_error_set(error, r, 0, 0, "starting the traffic: %s", strerror(-r));
    r = heal_faults_new(twin->lab[side], options->seed, &twin->faults[side]);
    return r < 0 ? heal_error_set(error, r, 0, 0, "preparing the faults: %s", strerror(-r)) : 0;
}

int heal_twin_open(const struct heal_topology *topology, const struct heal_twin_options *options,
                   struct heal_twin *ret_twin, struct heal_error *error) {
    int r = 0;

    memset(ret_twin, 0, sizeof *ret_twin);
    for (int side = 0; r == 0 && side < HEAL_TWINS; side++)
        r = open_side(ret_twin, (enum heal_twin_side)side, topology, error);
    for (int side = 0; r == 0 && side < HEAL_TWINS; side++)
        r = start_side(ret_twin, (enum heal_twin_side)side, options, error);
    return r;
}

static int remove_entry(const char *path, const struct stat *about, int type, struct FTW *where) {
    (void)about, (void)type, (void)where;
    (void)remove(path);
    return 0;
}

void heal_twin_close(struct heal_twin *twin) {
    for (int side = 0; side < HEAL_TWINS; side++) {
        twin->faults[side] = heal_faults_free(twin->faults[side]);
        twin->lab[side] = heal_lab_close(twin->lab[side]);
        if (twin->folder[side][0])
            (void)nftw(twin->folder[side], remove_entry, FOLDERS_OPEN, FTW_DEPTH | FTW_PHYS);
    }
}

void heal_twin_tick(struct heal_twin *twin) {
    for (int side = 0; side < HEAL_TWINS; side++)
        heal_faults_tick(twin->faults[side]);
}

int heal_twin_apply(struct heal_twin *twin, const struct heal_fault *fault, int ret_handle[static HEAL_TWINS],
                    struct heal_error *error) {
    for (int side = 0; side < HEAL_TWINS; side++) {
        int handle = heal_faults_apply(twin->faults[side], fault, error);

        if (handle < 0) {
            if (side > 0)
                (void)heal_faults_undo(twin->faults[0], ret_handle[0]);
            return handle;
        }
        ret_handle[side] = handle;
    }
    return 0;
}

void heal_twin_undo(struct heal_twin *twin, const int handle[static HEAL_TWINS]) {
    /* Last to have it, first to lose it: what heald is measured by is never the shorter. */
    for (int side = HEAL_TWINS; side-- > 0;)
        (void)heal_faults_undo(twin->faults[side], handle[side]);
}

uint64_t heal_twin_harm(const struct heal_twin *twin, enum heal_twin_side side, heal_us from, heal_us to,
                        uint64_t *ret_sent) {
    struct heal_traffic_count count = {0};

    (void)heal_traffic_read_all(twin->lab[side], from, to, &count);
    if (ret_sent)
        *ret_sent = count.sent;
    return count.lost + count.late;
}
