/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* A limit to the rate of a link: a token bucket (tbf) where a direction's packets leave the air. The qdisc is
 * all the state there is. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "fault/injector.h"
#include "lab/clock.h"

enum {
    BURST_LEAST = 3000,     /* bytes: two full frames, or the bucket never holds one */
    BURST_PER_SECOND = 100, /* else what passes in 10 ms, the resolution of slow timers */
    WORD = 32,
};

/** What the bucket of a direction has done. */
struct bucket {
    bool there;
    uint64_t bytes, packets, dropped, overlimits;
};

static const char *leaving_device(const struct heal_fault *fault, enum heal_lab_direction direction,
                                  char buffer[static HEAL_IFNAME_MAX]) {
    return heal_lab_air_device(fault->link, heal_lab_opposite(direction), buffer);
}

static uint64_t burst_bytes(const struct heal_fault *fault) {
    uint64_t burst = fault->amount / 8 / BURST_PER_SECOND;

    return burst < BURST_LEAST ? BURST_LEAST : burst;
}

static int limit(struct heal_lab *lab, const struct heal_fault *fault, enum heal_lab_direction direction,
                 struct heal_error *error) {
    char device[HEAL_IFNAME_MAX], rate[WORD], burst[WORD], said[120] = "";
    /* add, not replace: a second limit must not be the end of the first, nor its undo that of both. */
    const char *const tc[] = {"tc",   "qdisc",   "add",   "dev", leaving_device(fault, direction, device),
                              "root", "tbf",     "rate",  rate,  "burst",
                              burst,  "latency", "100ms", NULL};
    struct heal_lab_capture capture = {.output = said, .size = sizeof said};
    int r;

    snprintf(rate, sizeof rate, "%" PRIu64 "bit", fault->amount);
    snprintf(burst, sizeof burst, "%" PRIu64, burst_bytes(fault));
    r = heal_lab_exec(lab, HEAL_LAB_AIR, tc, &capture);
    if (r == 0)
        return 0;
    if (strstr(said, "exists") || strstr(said, "Exclusivity"))
        return heal_error_set(error, -EBUSY, 0, 0, "this direction of the link already has a limit");
    said[strcspn(said, "\n")] = '\0';
    return heal_error_set(error, r < 0 ? r : -EINVAL, 0, 0, "tc: %s", r < 0 ? strerror(-r) : said);
}

static int lift(struct heal_lab *lab, const struct heal_fault *fault, enum heal_lab_direction direction) {
    char device[HEAL_IFNAME_MAX];
    const char *const tc[] = {"tc",   "qdisc", "del", "dev", leaving_device(fault, direction, device),
                              "root", NULL};
    int r = heal_lab_exec(lab, HEAL_LAB_AIR, tc, NULL);

    return r > 0 ? -EIO : r;
}

static int apply(struct heal_faults *faults, struct heal_injection *injection, struct heal_error *error) {
    struct heal_lab *lab = heal_faults_lab(faults);
    const struct heal_fault *fault = &injection->fault;
    int r = 0;

    if (fault->a_to_b)
        r = limit(lab, fault, HEAL_LAB_A_TO_B, error);
    if (r == 0 && fault->b_to_a) {
        r = limit(lab, fault, HEAL_LAB_B_TO_A, error);
        if (r < 0 && fault->a_to_b)
            (void)lift(lab, fault, HEAL_LAB_A_TO_B);
    }
    return r;
}

static int undo(struct heal_faults *faults, struct heal_injection *injection) {
    int r = 0;

    for (enum heal_lab_direction way = HEAL_LAB_A_TO_B; way < HEAL_LAB_DIRECTIONS; way++) {
        int result = heal_fault_suffers(&injection->fault, way)
                         ? lift(heal_faults_lab(faults), &injection->fault, way)
                         : 0;

        r = r < 0 ? r : result;
    }
    return r;
}

/* @return the number after @p mark, 0 where there is none. */
static uint64_t number_after(const char *text, const char *mark) {
    const char *at = strstr(text, mark);

    return at ? strtoull(at + strlen(mark), NULL, 10) : 0;
}

static struct bucket look(struct heal_lab *lab, const struct heal_fault *fault,
                          enum heal_lab_direction direction) {
    char device[HEAL_IFNAME_MAX], text[1024] = "";
    const char *const tc[] = {"tc",   "-s", "qdisc", "show", "dev", leaving_device(fault, direction, device),
                              "root", NULL};
    struct heal_lab_capture capture = {.output = text, .size = sizeof text};
    struct bucket bucket = {0};

    if (heal_lab_exec(lab, HEAL_LAB_AIR, tc, &capture) != 0 || !strstr(text, "qdisc tbf"))
        return bucket;
    bucket.there = true;
    bucket.bytes = number_after(text, " Sent ");
    bucket.packets = number_after(text, " bytes ");
    bucket.dropped = number_after(text, "(dropped ");
    bucket.overlimits = number_after(text, ", overlimits ");
    return bucket;
}

/* Bits a second that went through beyond the bucket's first filling. */
static double throughput(const struct bucket *bucket, uint64_t burst, double seconds) {
    return bucket->bytes > burst && seconds > 0 ? 8.0 * (double)(bucket->bytes - burst) / seconds : 0;
}

static void measure(struct heal_faults *faults, const struct heal_injection *injection,
                    struct heal_fault_measured *ret_measured) {
    const struct heal_fault *fault = &injection->fault;
    double seconds = (double)(heal_lab_now() - injection->since) / (double)HEAL_US_PER_S, most = 0;
    bool there = true, flows = true, limits = false, within = true;
    uint64_t packets = 0, dropped = 0;
    struct heal_text what;

    for (enum heal_lab_direction way = HEAL_LAB_A_TO_B; way < HEAL_LAB_DIRECTIONS; way++) {
        struct bucket bucket;
        double rate;

        if (!heal_fault_suffers(fault, way))
            continue;
        bucket = look(heal_faults_lab(faults), fault, way);
        rate = throughput(&bucket, burst_bytes(fault), seconds);
        there = there && bucket.there;
        flows = flows && bucket.packets > 0;
        limits = limits || bucket.overlimits > 0 || bucket.dropped > 0;
        within = within && rate <= (double)fault->amount;
        most = rate > most ? rate : most;
        packets += bucket.packets + bucket.dropped;
        dropped += bucket.dropped;
    }
    ret_measured->verified = there && flows && within;
    heal_text_init(&what, ret_measured->what, sizeof ret_measured->what);
    if (!there)
        heal_text_add(&what, "the limit is not in place");
    else if (!flows)
        heal_text_add(&what, "the limit is in place, but nothing has been sent");
    else
        heal_text_add(&what, "%s%.0f kbit/s passed, %" PRIu64 " of %" PRIu64 " packets dropped",
                      limits ? "" : "in place, but nothing to hold back yet: ", most / 1000, dropped,
                      packets);
}

const struct heal_injector heal_injector_rate = {.apply = apply, .measure = measure, .undo = undo};
