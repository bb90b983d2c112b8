/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Faults that are rules in the air and nothing more: loss, an MTU black hole, silence, a partition. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "fault/injector.h"

enum { RULES_MAX = 128, SHARE_STEPS = 100000 };

/* A share is believed if as many or few drops are no rarer than about once in a thousand (by the normal
 * approximation of the binomial distribution), and if enough of them are expected for that to be narrow. */
static const double believed_sigmas = 3.3, certain_drops = 20, likely_drops = 30;

static int undo_rules(struct heal_faults *faults, struct heal_injection *injection) {
    return heal_injection_rules_clear(faults, injection);
}

/* Rule 0 counts all, rule 1 what it drops. */
static int apply_loss(struct heal_faults *faults, struct heal_injection *injection,
                      struct heal_error *error) {
    unsigned steps = (unsigned)lround(injection->fault.share * SHARE_STEPS);
    char rules[RULES_MAX];

    if (steps >= SHARE_STEPS)
        return heal_injection_rules_link(faults, injection, "counter\ncounter drop", error);
    snprintf(rules, sizeof rules, "counter\nnumgen random mod %d < %u counter drop", SHARE_STEPS,
             steps ? steps : 1);
    return heal_injection_rules_link(faults, injection, rules, error);
}

static void measure_loss(struct heal_faults *faults, const struct heal_injection *injection,
                         struct heal_fault_measured *ret_measured) {
    double share = injection->fault.share, expected, tolerance;
    struct heal_rules_count count[2], *all = &count[0], *dropped = &count[1];
    bool enough;

    if (heal_injection_count(faults, injection, 2, count) < 0)
        return;
    expected = (double)all->packets * share;
    tolerance = believed_sigmas * sqrt(expected * (1 - share)) + 1;
    enough = expected >= certain_drops + likely_drops * (1 - share) && all->counting == all->directions;
    ret_measured->verified = enough && fabs((double)dropped->packets - expected) <= tolerance;
    if (enough)
        snprintf(ret_measured->what, sizeof ret_measured->what, "%.1f %% of %" PRIu64 " packets dropped",
                 100.0 * (double)dropped->packets / (double)all->packets, all->packets);
    else
        snprintf(ret_measured->what, sizeof ret_measured->what,
                 "%" PRIu64 " of %" PRIu64 " packets dropped: too few to tell", dropped->packets,
                 all->packets);
}

/* Rule 0 drops what is too long (of layer 3, as an MTU counts), rule 1 counts the rest. */
static int apply_mtu(struct heal_faults *faults, struct heal_injection *injection, struct heal_error *error) {
    char rules[RULES_MAX];

    snprintf(rules, sizeof rules, "meta length > %" PRIu64 " counter drop\ncounter", injection->fault.amount);
    return heal_injection_rules_link(faults, injection, rules, error);
}

static void measure_mtu(struct heal_faults *faults, const struct heal_injection *injection,
                        struct heal_fault_measured *ret_measured) {
    struct heal_rules_count count[2], *dropped = &count[0], *passed = &count[1];

    if (heal_injection_count(faults, injection, 2, count) < 0)
        return;
    ret_measured->verified = dropped->packets > 0;
    snprintf(ret_measured->what, sizeof ret_measured->what,
             "%" PRIu64 " packets above %" PRIu64 " bytes dropped, %" PRIu64 " others passed",
             dropped->packets, injection->fault.amount, passed->packets);
}

static int apply_down(struct heal_faults *faults, struct heal_injection *injection,
                      struct heal_error *error) {
    return heal_injection_rules_link(faults, injection, "counter drop", error);
}

static void measure_drops(struct heal_faults *faults, const struct heal_injection *injection,
                          struct heal_fault_measured *ret_measured) {
    struct heal_rules_count dropped;

    if (heal_injection_count(faults, injection, 1, &dropped) < 0)
        return;
    ret_measured->verified = dropped.directions > 0 && dropped.counting == dropped.directions;
    snprintf(ret_measured->what, sizeof ret_measured->what,
             "%" PRIu64 " packets dropped, in %u of %u directions", dropped.packets, dropped.counting,
             dropped.directions);
}

static bool is_crossing(const struct heal_fault *fault, const struct heal_topology_link *link) {
    return (fault->side >> link->a & 1) != (fault->side >> link->b & 1);
}

static int apply_partition(struct heal_faults *faults, struct heal_injection *injection,
                           struct heal_error *error) {
    const struct heal_topology *topology = heal_lab_topology(heal_faults_lab(faults));
    unsigned crossing = 0;
    int r = 0;

    for (unsigned i = 0; r == 0 && i < topology->links; i++) {
        if (!is_crossing(&injection->fault, &topology->link[i]))
            continue;
        crossing++;
        r = heal_injection_silence(faults, injection, i);
    }
    if (r < 0) {
        (void)heal_injection_rules_clear(faults, injection);
        return heal_error_set(error, r, 0, 0, "parting the links in the air: %s", strerror(-r));
    }
    return crossing ? 0 : heal_error_set(error, -EINVAL, 0, 0, "no link joins the two groups of nodes");
}

const struct heal_injector heal_injector_loss = {
    .apply = apply_loss, .measure = measure_loss, .undo = undo_rules};
const struct heal_injector heal_injector_mtu = {
    .apply = apply_mtu, .measure = measure_mtu, .undo = undo_rules};
const struct heal_injector heal_injector_down = {
    .apply = apply_down, .measure = measure_drops, .undo = undo_rules};
const struct heal_injector heal_injector_partition = {
    .apply = apply_partition, .measure = measure_drops, .undo = undo_rules};
