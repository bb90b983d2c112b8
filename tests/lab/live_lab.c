/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "live_lab.h"

#include <errno.h>
#include <ftw.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "lab/clock.h"

enum { LOOK_MS = 20, ARRIVAL_US = 200000 };

int live_open(struct live_lab *live, const char *topology, struct heal_error *error) {
    HEAL_CLEANUP(heal_free_pointer) struct heal_topology *parsed = calloc(1, sizeof *parsed);
    struct heal_lab_options options = {.folder = live->folder};
    int r;

    if (!parsed)
        return -ENOMEM;
    r = heal_topology_parse(topology, strlen(topology), parsed, error);
    if (r < 0)
        return r;
    snprintf(live->folder, sizeof live->folder, "/tmp/heald-test-XXXXXX");
    if (!mkdtemp(live->folder))
        return -errno;
    r = heal_lab_open(parsed, &options, &live->lab, error);
    return r == 0 ? heal_faults_new(live->lab, live->seed, &live->faults) : r;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where) {
    (void)about;
    (void)kind;
    (void)where;
    (void)remove(path);
    return 0;
}

void live_close(struct live_lab *live) {
    live->faults = heal_faults_free(live->faults);
    live->lab = heal_lab_close(live->lab);
    if (live->folder[0])
        (void)nftw(live->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

bool live_wait(struct live_lab *live, bool (*happened)(struct live_lab *live, void *context), void *context,
               unsigned ms) {
    heal_us end = heal_lab_now() + ms * HEAL_US_PER_MS;

    for (;;) {
        heal_faults_tick(live->faults);
        if (happened(live, context))
            return true;
        if (heal_lab_now() >= end)
            return false;
        (void)poll(NULL, 0, LOOK_MS);
    }
}

int live_apply(struct live_lab *live, const char *words) {
    struct heal_error error = {0};
    struct heal_fault fault;
    int handle;

    if (heal_fault_parse(words, heal_lab_topology(live->lab), &fault, &error) < 0)
        fail_msg("%s: %s", words, error.what);
    handle = heal_faults_apply(live->faults, &fault, &error);
    if (handle < 0)
        fail_msg("%s: %s", words, error.what);
    return handle;
}

/** A fault that is waited for. */
struct verifying {
    int handle;
    struct heal_fault_measured measured;
};

static bool is_verified(struct live_lab *live, void *context) {
    struct verifying *verifying = context;

    assert_int_equal(heal_faults_measure(live->faults, verifying->handle, &verifying->measured), 0);
    return verifying->measured.verified;
}

void live_verify(struct live_lab *live, int handle, struct heal_fault_measured *ret_measured) {
    struct verifying verifying = {.handle = handle};
    char words[HEAL_FAULT_TEXT];

    heal_fault_format(heal_faults_at(live->faults, handle, NULL), heal_lab_topology(live->lab), words);
    if (!live_wait(live, is_verified, &verifying, LIVE_PATIENCE_MS))
        fail_msg("%s: not verified: %s", words, verifying.measured.what);
    print_message("    %s: %s\n", words, verifying.measured.what);
    if (ret_measured)
        *ret_measured = verifying.measured;
}

void live_undo(struct live_lab *live, int handle) {
    assert_int_equal(heal_faults_undo(live->faults, handle), 0);
    assert_null(heal_faults_at(live->faults, handle, NULL));
}

/** Packets that are waited for. */
struct counting {
    unsigned flow;
    heal_us from;
    uint64_t least;
    struct heal_traffic_count count;
};

static bool is_counted(struct live_lab *live, void *context) {
    struct counting *counting = context;
    heal_us to = heal_lab_now() - ARRIVAL_US;

    return to > counting->from &&
           heal_traffic_read(live->lab, counting->flow, counting->from, to, &counting->count) == 0 &&
           counting->count.sent >= counting->least;
}

struct heal_traffic_count live_traffic(struct live_lab *live, unsigned flow, heal_us from, uint64_t least) {
    struct counting counting = {.flow = flow, .from = from + HEAL_TRAFFIC_BUCKET_US, .least = least};

    if (!live_wait(live, is_counted, &counting, LIVE_PATIENCE_MS))
        fail_msg("flow %u: only %llu packets sent", flow, (unsigned long long)counting.count.sent);
    return counting.count;
}

double live_lost(struct live_lab *live, unsigned flow) {
    struct heal_traffic_count count = live_traffic(live, flow, heal_lab_now(), 60);

    return (double)count.lost / (double)count.sent;
}

int live_shell(struct live_lab *live, int place, char *text, size_t size, const char *format, ...) {
    char command[512];
    const char *const argv[] = {"sh", "-c", command, NULL};
    struct heal_lab_capture capture = {.size = size};
    va_list arguments;

    capture.output = text;
    va_start(arguments, format);
    vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    return heal_lab_exec(live->lab, place, argv, &capture);
}
