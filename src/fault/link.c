/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Faults of a link as such: the carrier that both ends see go, and a link that flaps in silence. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fault/injector.h"

/* The air's ends of the two cables: as they go, so does the carrier of the nodes' own. */
static int set_ends(struct heal_faults *faults, unsigned link, const char *state) {
    static const char *const ip[] = {"ip", "-batch", "-", NULL};
    char a[HEAL_IFNAME_MAX], b[HEAL_IFNAME_MAX], text[128];

    snprintf(text, sizeof text, "link set dev %s %s\nlink set dev %s %s\n",
             heal_lab_air_device(link, HEAL_LAB_A_TO_B, a), state,
             heal_lab_air_device(link, HEAL_LAB_B_TO_A, b), state);
    return heal_injection_run(faults, HEAL_LAB_AIR, ip, text, NULL, 0);
}

/* @return 1 if a node has a carrier on its interface to another, 0, or negative errno. */
static int has_carrier(struct heal_faults *faults, unsigned node, unsigned other) {
    const char *ifname = heal_lab_topology(heal_faults_lab(faults))->node[other].name;
    const char *const ip[] = {"ip", "-o", "link", "show", "dev", ifname, NULL};
    char text[1024];
    int r = heal_injection_run(faults, (int)node, ip, NULL, text, sizeof text);

    return r < 0 ? r : strstr(text, "LOWER_UP") != NULL;
}

/* @return how many of the two ends have a carrier, or negative errno. */
static int count_carriers(struct heal_faults *faults, unsigned link) {
    const struct heal_topology_link *ends = &heal_lab_topology(heal_faults_lab(faults))->link[link];
    int a = has_carrier(faults, ends->a, ends->b);
    int b = a < 0 ? a : has_carrier(faults, ends->b, ends->a);

    return b < 0 ? b : a + b;
}

static int apply_carrier(struct heal_faults *faults, struct heal_injection *injection,
                         struct heal_error *error) {
    unsigned link = injection->fault.link;
    int r = set_ends(faults, link, "down");

    if (r == 0)
        return 0;
    if (!heal_injection_in_force(faults, HEAL_FAULT_CARRIER, link, 0, injection))
        (void)set_ends(faults, link, "up");
    return heal_error_set(error, r, 0, 0, "taking link %u down with ip (iproute2): %s", link, strerror(-r));
}

static void measure_carrier(struct heal_faults *faults, const struct heal_injection *injection,
                            struct heal_fault_measured *ret_measured) {
    const struct heal_topology *topology = heal_lab_topology(heal_faults_lab(faults));
    const struct heal_topology_link *ends = &topology->link[injection->fault.link];
    int carriers = count_carriers(faults, injection->fault.link);

    if (carriers < 0)
        return;
    ret_measured->verified = carriers == 0;
    snprintf(ret_measured->what, sizeof ret_measured->what, "%s %s %s %s has a carrier",
             carriers == 0   ? "neither"
             : carriers == 1 ? "one of"
                             : "each of",
             topology->node[ends->a].name, carriers == 0 ? "nor" : "and", topology->node[ends->b].name);
}

/* The kernel may take a second to see that the link is there again. */
static int undo_carrier(struct heal_faults *faults, struct heal_injection *injection) {
    unsigned link = injection->fault.link;

    return heal_injection_in_force(faults, HEAL_FAULT_CARRIER, link, 0, injection)
               ? 0
               : set_ends(faults, link, "up");
}

/** A link that flaps. */
struct flap {
    bool down;
    unsigned downs, ups;
    uint64_t dropped; /* in all the times that it was down but the present one */
};

static int apply_flap(struct heal_faults *faults, struct heal_injection *injection,
                      struct heal_error *error) {
    struct flap *flap = calloc(1, sizeof *flap);
    int r;

    if (!flap)
        return heal_error_set(error, -ENOMEM, 0, 0, "out of memory");
    r = heal_injection_rules_link(faults, injection, "counter drop", error);
    if (r < 0) {
        free(flap);
        return r;
    }
    flap->down = true;
    flap->downs = 1;
    injection->state = flap;
    return 0;
}

/* What cannot be done now is tried again at the next tick. */
static void tick_flap(struct heal_faults *faults, struct heal_injection *injection, heal_us now) {
    const struct heal_fault *fault = &injection->fault;
    bool down = (now - injection->since) % fault->spread < fault->time;
    struct heal_rules_count count = {0};
    struct flap *flap = injection->state;

    if (down == flap->down)
        return;
    if (!down && heal_injection_count(faults, injection, 1, &count) < 0)
        return;
    if (heal_injection_rules_link(faults, injection, down ? "counter drop" : "", NULL) < 0)
        return;
    flap->down = down;
    flap->downs += down;
    flap->ups += !down;
    flap->dropped += count.packets;
}

static void measure_flap(struct heal_faults *faults, const struct heal_injection *injection,
                         struct heal_fault_measured *ret_measured) {
    const struct flap *flap = injection->state;
    struct heal_rules_count present = {0};
    uint64_t dropped;

    if (flap->down && heal_injection_count(faults, injection, 1, &present) < 0)
        return;
    dropped = flap->dropped + present.packets;
    ret_measured->verified = flap->ups > 0 && dropped > 0;
    snprintf(ret_measured->what, sizeof ret_measured->what,
             "%u times down, %" PRIu64 " packets dropped; now %s", flap->downs, dropped,
             flap->down ? "down" : "up");
}

static int undo_flap(struct heal_faults *faults, struct heal_injection *injection) {
    free(injection->state);
    injection->state = NULL;
    return heal_injection_rules_clear(faults, injection);
}

const struct heal_injector heal_injector_carrier = {
    .apply = apply_carrier, .measure = measure_carrier, .undo = undo_carrier};
const struct heal_injector heal_injector_flap = {
    .apply = apply_flap, .measure = measure_flap, .undo = undo_flap, .tick = tick_flap};
