/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Faults of a node's forwarding: switched off, a stray blackhole, the daemon's routes gone. Whether they took
 * hold is read back at once, for somebody may put it right before anybody asks. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "fault/injector.h"

/* Before heald's routes (512) and the routing daemon's (1024). */
#define STRAY_METRIC "64"
/* RTPROT_BABEL of linux/rtnetlink.h: not every ip(8) knows it by name. */
#define BABEL "42"

enum { ROUTES_MAX = 65536 };

static const char *name_of(struct heal_faults *faults, unsigned node) {
    return heal_lab_topology(heal_faults_lab(faults))->node[node].name;
}

/** What a node's kernel says of its forwarding. */
struct forwarding {
    bool on;
    uint64_t refused; /* packets for others, come while it was off */
};

static uint64_t find_number(const char *text, const char *name) {
    const char *at = strstr(text, name);

    return at ? strtoull(at + strlen(name), NULL, 10) : 0;
}

static int read_forwarding(struct heal_faults *faults, unsigned node, struct forwarding *ret_forwarding) {
    static const char *const cat[] = {"cat", "/proc/sys/net/ipv6/conf/all/forwarding", "/proc/net/snmp6",
                                      NULL};
    char text[16384];
    int r = heal_injection_run(faults, (int)node, cat, NULL, text, sizeof text);

    if (r < 0)
        return r;
    ret_forwarding->on = text[0] != '0';
    ret_forwarding->refused = find_number(text, "Ip6InAddrErrors");
    return 0;
}

static int write_forwarding(struct heal_faults *faults, unsigned node, const char *value) {
    const char *const write[] = {"sh", "-c", "echo \"$0\" >/proc/sys/net/ipv6/conf/all/forwarding", value,
                                 NULL};

    return heal_injection_run(faults, (int)node, write, NULL, NULL, 0);
}

static int apply_forwarding(struct heal_faults *faults, struct heal_injection *injection,
                            struct heal_error *error) {
    unsigned node = injection->fault.node;
    struct forwarding *before = calloc(1, sizeof *before), after;
    int r = before ? read_forwarding(faults, node, before) : -ENOMEM;

    if (r == 0)
        r = write_forwarding(faults, node, "0");
    if (r == 0)
        r = read_forwarding(faults, node, &after);
    if (r == 0 && after.on)
        r = -EIO;
    if (r == 0) {
        injection->state = before;
        return 0;
    }
    free(before);
    return heal_error_set(error, r, 0, 0, "switching forwarding off on node %s: %s", name_of(faults, node),
                          strerror(-r));
}

static void measure_forwarding(struct heal_faults *faults, const struct heal_injection *injection,
                               struct heal_fault_measured *ret_measured) {
    const struct forwarding *before = injection->state;
    struct forwarding now;

    if (read_forwarding(faults, injection->fault.node, &now) < 0)
        return;
    ret_measured->verified = true; /* read back when it was applied */
    snprintf(ret_measured->what, sizeof ret_measured->what, "forwarding is %s; %" PRIu64 " packets refused",
             now.on ? "on again" : "off", now.refused - before->refused);
}

static int undo_forwarding(struct heal_faults *faults, struct heal_injection *injection) {
    unsigned node = injection->fault.node;

    free(injection->state);
    injection->state = NULL;
    return heal_injection_in_force(faults, HEAL_FAULT_FORWARDING, 0, node, injection)
               ? 0
               : write_forwarding(faults, node, "1");
}

/* Writes the prefix that the stray route is for. */
static const char *prefix_of(const struct heal_fault *fault, char text[static HEAL_ADDRESS_TEXT + 4]) {
    struct heal_address address = heal_topology_address(fault->other);
    char shown[HEAL_ADDRESS_TEXT];

    snprintf(text, HEAL_ADDRESS_TEXT + 4, "%s/128", heal_address_format(&address, shown));
    return text;
}

/* @return 1 if the kernel swallows what is for the destination, 0, or negative errno. */
static int is_swallowed(struct heal_faults *faults, const struct heal_fault *fault) {
    char prefix[HEAL_ADDRESS_TEXT + 4], text[1024];
    const char *const show[] = {"ip", "-6", "route", "show", "table", "main", prefix, NULL};
    const char *const get[] = {"ip", "-6", "route", "get", prefix, NULL};
    int r;

    (void)prefix_of(fault, prefix);
    r = heal_injection_run(faults, (int)fault->node, show, NULL, text, sizeof text);
    if (r < 0 || !strstr(text, "blackhole"))
        return r;
    *strchr(prefix, '/') = '\0';
    r = heal_injection_run(faults, (int)fault->node, get, NULL, text, sizeof text);
    return r == -EIO ? 1 : r; /* the kernel answers EINVAL for a blackhole */
}

static int change_stray(struct heal_faults *faults, const struct heal_fault *fault, const char *verb,
                        char *text, size_t size) {
    char prefix[HEAL_ADDRESS_TEXT + 4];
    const char *const ip[] = {"ip",     "-6",         "route", verb, "blackhole", prefix_of(fault, prefix),
                              "metric", STRAY_METRIC, NULL};

    return heal_injection_run(faults, (int)fault->node, ip, NULL, text, size);
}

static int apply_blackhole(struct heal_faults *faults, struct heal_injection *injection,
                           struct heal_error *error) {
    const struct heal_fault *fault = &injection->fault;
    char text[128] = "";
    int r = change_stray(faults, fault, "add", text, sizeof text);

    text[strcspn(text, "\n")] = '\0';
    if (r == -EIO && strstr(text, "File exists"))
        return heal_error_set(error, -EEXIST, 0, 0, "node %s already has that route",
                              name_of(faults, fault->node));
    if (r == 0) {
        r = is_swallowed(faults, fault);
        if (r == 1)
            return 0;
        (void)change_stray(faults, fault, "del", NULL, 0);
        r = r < 0 ? r : -EIO;
        heal_name_copy(text, sizeof text, "it does not win over the other routes");
    }
    return heal_error_set(error, r, 0, 0, "a blackhole on node %s: %s", name_of(faults, fault->node),
                          text[0] ? text : strerror(-r));
}

static void measure_blackhole(struct heal_faults *faults, const struct heal_injection *injection,
                              struct heal_fault_measured *ret_measured) {
    const struct heal_fault *fault = &injection->fault;
    int swallowed = is_swallowed(faults, fault);

    if (swallowed < 0)
        return;
    ret_measured->verified = true; /* read back when it was applied */
    snprintf(ret_measured->what, sizeof ret_measured->what, "%s %s what is for %s",
             name_of(faults, fault->node), swallowed ? "swallows" : "no longer swallows",
             name_of(faults, fault->other));
}

/* If it is still there, whether or not another route wins over it: to delete it is one thing that heald may
 * do. */
static int undo_blackhole(struct heal_faults *faults, struct heal_injection *injection) {
    char text[128] = "";
    int r = change_stray(faults, &injection->fault, "del", text, sizeof text);

    return r == -EIO && strstr(text, "No such process") ? 0 : r;
}

/* @return how many routes of the routing daemon the kernel has, or negative errno. */
static int count_routes(struct heal_faults *faults, unsigned node) {
    static const char *const show[] = {"ip", "-6", "-o", "route", "show", "proto", BABEL, NULL};
    char *text = malloc(ROUTES_MAX);
    int count = 0, r;

    if (!text)
        return -ENOMEM;
    r = heal_injection_run(faults, (int)node, show, NULL, text, ROUTES_MAX);
    for (const char *at = text; r == 0 && (at = strchr(at, '\n')); at++)
        count++;
    free(text);
    return r < 0 ? r : count;
}

/** How many routes there were before, and after; after negative: an errno, nobody could count. */
struct flushed {
    int before, after;
};

static int apply_flush(struct heal_faults *faults, struct heal_injection *injection,
                       struct heal_error *error) {
    static const char *const flush[] = {"ip", "-6", "route", "flush", "proto", BABEL, NULL};
    unsigned node = injection->fault.node;
    struct flushed *flushed = calloc(1, sizeof *flushed);
    int r = flushed ? count_routes(faults, node) : -ENOMEM;

    if (r > 0) {
        flushed->before = r;
        r = heal_injection_run(faults, (int)node, flush, NULL, NULL, 0);
        if (r == 0) {
            flushed->after = count_routes(faults, node);
            injection->state = flushed;
            return 0;
        }
    }
    free(flushed);
    if (r == 0)
        return heal_error_set(error, -ENODATA, 0, 0, "node %s has no routes of babeld's to delete",
                              name_of(faults, node));
    return heal_error_set(error, r, 0, 0, "deleting the routes of node %s: %s", name_of(faults, node),
                          strerror(-r));
}

static void measure_flush(struct heal_faults *faults, const struct heal_injection *injection,
                          struct heal_fault_measured *ret_measured) {
    const struct flushed *flushed = injection->state;
    int now = count_routes(faults, injection->fault.node);

    if (now < 0)
        return;
    if (flushed->after < 0) {
        snprintf(ret_measured->what, sizeof ret_measured->what,
                 "there were %d routes; what was left could not be counted (%s), now there are %d",
                 flushed->before, strerror(-flushed->after), now);
        return;
    }
    ret_measured->verified = flushed->after < flushed->before;
    snprintf(ret_measured->what, sizeof ret_measured->what, "%d of %d routes deleted; now there are %d",
             flushed->before - flushed->after, flushed->before, now);
}

/* The daemon never looks again: only a new one installs what is still missing. */
static int undo_flush(struct heal_faults *faults, struct heal_injection *injection) {
    const struct flushed *flushed = injection->state;
    unsigned node = injection->fault.node;
    int r = count_routes(faults, node);

    if (r >= 0)
        r = r < flushed->before
                ? heal_lab_daemon_signal(heal_faults_lab(faults), node, HEAL_LAB_BABELD, SIGKILL)
                : 0;
    free(injection->state);
    injection->state = NULL;
    return r;
}

const struct heal_injector heal_injector_forwarding = {
    .apply = apply_forwarding, .measure = measure_forwarding, .undo = undo_forwarding};
const struct heal_injector heal_injector_blackhole = {
    .apply = apply_blackhole, .measure = measure_blackhole, .undo = undo_blackhole};
const struct heal_injector heal_injector_flush_routes = {
    .apply = apply_flush, .measure = measure_flush, .undo = undo_flush};
