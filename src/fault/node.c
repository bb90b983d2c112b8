/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Faults of a whole node: paused, or killed. Its kernel is the host's and goes on, so its links fall silent
 * in the air: a frozen node answers no neighbour solicitation and forwards nothing. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault/injector.h"
#include "wire/proc_text.h"

enum { STATES_MAX = 65536 };

/** The processes of a node but its init. */
struct census {
    unsigned stopped, running;
};

static void count_process(const char *line, size_t length, uint32_t observer, struct census *census) {
    struct heal_proc_process process;

    if (heal_proc_process_parse(line, length, &process) < 0 || process.pid == 1 || process.pid == observer)
        return;
    if (process.state == 'T' || process.state == 't')
        census->stopped++;
    else if (process.state != 'Z' && process.state != 'X')
        census->running++;
}

/* As seen by a process that is put into the node to look, and does not count itself: what is stopped or
 * killed leaves the node's init able to take one in. */
static int take_census(struct heal_faults *faults, unsigned node, struct census *ret_census) {
    static const char *const look[] = {"sh", "-c", "echo $$; exec cat /proc/[0-9]*/stat", NULL};
    struct heal_lab_capture capture = {.output = malloc(STATES_MAX), .size = STATES_MAX};
    struct census census = {0};
    uint32_t observer;
    int r;

    if (!capture.output)
        return -ENOMEM;
    /* That a process ended meanwhile makes cat fail, and is no harm. */
    r = heal_lab_exec(heal_faults_lab(faults), (int)node, look, &capture);
    observer = (uint32_t)strtoul(capture.output, NULL, 10);
    if (r >= 0 && observer == 0)
        r = -EIO;
    for (const char *line = capture.output; r >= 0 && *line;) {
        size_t length = strcspn(line, "\n");

        count_process(line, length, observer, &census);
        line += length + (line[length] == '\n');
    }
    free(capture.output);
    if (r < 0)
        return r;
    *ret_census = census;
    return 0;
}

static int silence(struct heal_faults *faults, const struct heal_injection *injection,
                   struct heal_error *error) {
    const struct heal_topology *topology = heal_lab_topology(heal_faults_lab(faults));
    unsigned node = injection->fault.node;
    int r = 0;

    for (unsigned i = 0; r == 0 && i < topology->links; i++) {
        if (topology->link[i].a != node && topology->link[i].b != node)
            continue;
        r = heal_injection_silence(faults, injection, i);
    }
    if (r == 0)
        return 0;
    (void)heal_injection_rules_clear(faults, injection);
    return heal_error_set(error, r, 0, 0, "silencing the links of node %s in the air: %s",
                          topology->node[node].name, strerror(-r));
}

static bool is_too(const struct heal_faults *faults, enum heal_fault_kind kind,
                   const struct heal_injection *injection) {
    return heal_injection_in_force(faults, kind, 0, injection->fault.node, injection);
}

static int refuse(struct heal_faults *faults, unsigned node, int code, const char *what,
                  struct heal_error *error) {
    return heal_error_set(error, code, 0, 0, "%s node %s: %s", what,
                          heal_lab_topology(heal_faults_lab(faults))->node[node].name, strerror(-code));
}

static int apply_pause(struct heal_faults *faults, struct heal_injection *injection,
                       struct heal_error *error) {
    unsigned node = injection->fault.node;
    int r = heal_lab_node_signal(heal_faults_lab(faults), node, SIGSTOP);

    if (r < 0)
        return refuse(faults, node, r, "stopping", error);
    r = silence(faults, injection, error);
    if (r < 0 && !is_too(faults, HEAL_FAULT_PAUSE, injection))
        (void)heal_lab_node_signal(heal_faults_lab(faults), node, SIGCONT);
    return r;
}

static int undo_pause(struct heal_faults *faults, struct heal_injection *injection) {
    int r = is_too(faults, HEAL_FAULT_PAUSE, injection)
                ? 0
                : heal_lab_node_signal(heal_faults_lab(faults), injection->fault.node, SIGCONT);
    int cleared = heal_injection_rules_clear(faults, injection);

    return r < 0 ? r : cleared;
}

static int apply_kill(struct heal_faults *faults, struct heal_injection *injection,
                      struct heal_error *error) {
    unsigned node = injection->fault.node;
    int r = silence(faults, injection, error);

    if (r < 0)
        return r;
    r = heal_lab_node_kill(heal_faults_lab(faults), node);
    if (r == 0)
        return 0;
    (void)heal_injection_rules_clear(faults, injection);
    return refuse(faults, node, r, "killing", error);
}

/* A power cut takes the routes of daemons with it; they outlive a killed daemon. */
static void flush_routes(struct heal_faults *faults, unsigned node) {
    static const char *const flush[] = {"sh", "-c", "ip -6 route flush proto 42; ip -6 route flush proto 104",
                                        NULL};

    (void)heal_injection_run(faults, (int)node, flush, NULL, NULL, 0);
}

/* Its links first, so that its first hellos are heard. */
static int undo_kill(struct heal_faults *faults, struct heal_injection *injection) {
    unsigned node = injection->fault.node;
    int cleared, r = 0;

    if (is_too(faults, HEAL_FAULT_KILL, injection))
        return heal_injection_rules_clear(faults, injection);
    flush_routes(faults, node);
    cleared = heal_injection_rules_clear(faults, injection);
    r = heal_lab_node_start(heal_faults_lab(faults), node);
    if (r == 0 && is_too(faults, HEAL_FAULT_PAUSE, injection))
        r = heal_lab_node_signal(heal_faults_lab(faults), node, SIGSTOP);
    return r < 0 ? r : cleared;
}

static void measure_node(struct heal_faults *faults, const struct heal_injection *injection,
                         struct heal_fault_measured *ret_measured) {
    bool killed = injection->fault.kind == HEAL_FAULT_KILL;
    struct heal_rules_count dropped;
    struct census census;

    if (take_census(faults, injection->fault.node, &census) < 0 ||
        heal_injection_count(faults, injection, 1, &dropped) < 0)
        return;
    ret_measured->verified = census.running == 0 && (census.stopped == 0) == killed && dropped.packets > 0;
    snprintf(ret_measured->what, sizeof ret_measured->what,
             "%u processes stopped, %u running; %" PRIu64 " packets of its links dropped", census.stopped,
             census.running, dropped.packets);
}

const struct heal_injector heal_injector_pause = {
    .apply = apply_pause, .measure = measure_node, .undo = undo_pause};
const struct heal_injector heal_injector_kill = {
    .apply = apply_kill, .measure = measure_node, .undo = undo_kill};
