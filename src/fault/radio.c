/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Noise: a region in which radios hear more of it. What follows is the radios' own business (radios.h); here
 * it is said which links feel it, and what they lost since. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "fault/injector.h"

enum { COUNTERS_TEXT = 1 << 16 };

/* From here on a link has felt it. */
static const double felt_db = 3;

/** What a direction had counted when the noise began. */
struct before {
    uint64_t arrived, lost;
};

struct region {
    int number;
    struct before before[HEAL_LAB_LINKS_MAX][HEAL_LAB_DIRECTIONS];
};

/** What the directions that hear the noise have come to. */
struct felt {
    unsigned links;
    double most_db; /* the SNR's fall */
    double worst_loss;
    int worst; /* the link of the worst loss at full size; -1: none */
    uint64_t arrived, lost;
};

/* Reads how many packets have come into the air on a direction: what its rules saw, whatever they did. */
static uint64_t arrived(const char *counters, unsigned link, enum heal_lab_direction way) {
    char device[HEAL_IFNAME_MAX], mark[HEAL_IFNAME_MAX + 2];
    const char *at;
    char *end;

    heal_lab_air_device(link, way, device);
    snprintf(mark, sizeof mark, " %s:", device);
    at = strstr(counters, mark);
    if (!at)
        return 0;
    (void)strtoull(at + strlen(mark), &end, 10); /* bytes */
    return strtoull(end, NULL, 10);
}

/* The interfaces' counters of the whole air. @return to free; NULL: not to be had. */
static char *read_counters(struct heal_lab *lab) {
    static const char *const cat[] = {"cat", "/proc/net/dev", NULL};
    struct heal_lab_capture capture = {.output = malloc(COUNTERS_TEXT), .size = COUNTERS_TEXT};

    if (!capture.output || heal_lab_exec(lab, HEAL_LAB_AIR, cat, &capture) == 0)
        return capture.output;
    free(capture.output);
    return NULL;
}

static int remember(struct heal_faults *faults, struct region *region) {
    struct heal_lab *lab = heal_faults_lab(faults);
    char *counters = read_counters(lab);
    int r = counters ? 0 : -EIO;

    for (unsigned i = 0; r == 0 && i < heal_lab_topology(lab)->links; i++) {
        for (enum heal_lab_direction way = HEAL_LAB_A_TO_B; r == 0 && way < HEAL_LAB_DIRECTIONS; way++) {
            struct before *before = &region->before[i][way];

            if (heal_radios_fall(heal_faults_radios(faults), region->number, i, way) <= 0)
                continue;
            before->arrived = arrived(counters, i, way);
            r = heal_radios_lost(heal_faults_radios(faults), i, way, &before->lost);
        }
    }
    free(counters);
    return r;
}

static bool is_heard(struct heal_faults *faults, int region) {
    for (unsigned i = 0; i < heal_lab_topology(heal_faults_lab(faults))->links; i++)
        for (enum heal_lab_direction way = HEAL_LAB_A_TO_B; way < HEAL_LAB_DIRECTIONS; way++)
            if (heal_radios_fall(heal_faults_radios(faults), region, i, way) > 0)
                return true;
    return false;
}

static int apply(struct heal_faults *faults, struct heal_injection *injection, struct heal_error *error) {
    const struct heal_fault *fault = &injection->fault;
    const struct heal_radio_region wanted = {
        .x_m = fault->x_m, .y_m = fault->y_m, .radius_m = fault->radius_m, .rise_db = fault->rise_db};
    struct region *region = calloc(1, sizeof *region);
    int r = region ? heal_radios_region_add(heal_faults_radios(faults), &wanted) : -ENOMEM;

    if (r == -ENODATA)
        (void)heal_error_set(error, r, 0, 0, "no link of this lab has a radio");
    else if (r < 0)
        (void)heal_error_set(error, r, 0, 0, "setting the noise in the air: %s", strerror(-r));
    if (r < 0) {
        free(region);
        return r;
    }
    region->number = r;
    r = is_heard(faults, region->number)
            ? 0
            : heal_error_set(error, -ENOENT, 0, 0, "no end of a radio link is within %g m of %g,%g",
                             fault->radius_m, fault->x_m, fault->y_m);
    if (r == 0 && (r = remember(faults, region)) < 0)
        (void)heal_error_set(error, r, 0, 0, "reading the air's counters: %s", strerror(-r));
    if (r < 0) {
        (void)heal_radios_region_remove(heal_faults_radios(faults), region->number);
        free(region);
        return r;
    }
    injection->state = region;
    return 0;
}

static void feel(struct heal_faults *faults, const struct region *region, unsigned link,
                 enum heal_lab_direction way, const char *counters, struct felt *felt) {
    double fall = heal_radios_fall(heal_faults_radios(faults), region->number, link, way);
    const struct before *before = &region->before[link][way];
    struct heal_radio_way is;
    uint64_t lost;

    if (fall <= 0 || heal_radios_way(heal_faults_radios(faults), link, way, &is) < 0)
        return;
    felt->most_db = fall > felt->most_db ? fall : felt->most_db;
    if (felt->worst < 0 || is.full_loss > felt->worst_loss) {
        felt->worst = (int)link;
        felt->worst_loss = is.full_loss;
    }
    if (counters && heal_radios_lost(heal_faults_radios(faults), link, way, &lost) == 0) {
        felt->arrived += arrived(counters, link, way) - before->arrived;
        felt->lost += lost - before->lost;
    }
}

static void measure(struct heal_faults *faults, const struct heal_injection *injection,
                    struct heal_fault_measured *ret_measured) {
    struct heal_lab *lab = heal_faults_lab(faults);
    const struct heal_topology *topology = heal_lab_topology(lab);
    const struct region *region = injection->state;
    struct felt felt = {.worst = -1};
    char *counters = read_counters(lab);
    struct heal_text what;

    for (unsigned i = 0; i < topology->links; i++) {
        double most_db = 0;

        for (enum heal_lab_direction way = HEAL_LAB_A_TO_B; way < HEAL_LAB_DIRECTIONS; way++) {
            most_db = fmax(most_db, heal_radios_fall(heal_faults_radios(faults), region->number, i, way));
            feel(faults, region, i, way, counters, &felt);
        }
        felt.links += most_db >= felt_db;
    }
    free(counters);
    ret_measured->verified = felt.links > 0;
    heal_text_init(&what, ret_measured->what, sizeof ret_measured->what);
    if (felt.links > 0)
        heal_text_add(&what, "SNR fell by up to %.1f dB on %u link%s", felt.most_db, felt.links,
                      felt.links == 1 ? "" : "s");
    else
        heal_text_add(&what, "SNR fell by no more than %.1f dB", felt.most_db);
    if (felt.worst >= 0) {
        const struct heal_topology_link *worst = &topology->link[felt.worst];

        heal_text_add(&what, ", %s-%s loses %.0f %% at full size", topology->node[worst->a].name,
                      topology->node[worst->b].name, 100 * felt.worst_loss);
    }
    if (felt.arrived > 0)
        heal_text_add(&what, "; %.1f %% of %" PRIu64 " packets lost",
                      100 * (double)felt.lost / (double)felt.arrived, felt.arrived);
}

static int undo(struct heal_faults *faults, struct heal_injection *injection) {
    struct region *region = injection->state;
    int r = heal_radios_region_remove(heal_faults_radios(faults), region->number);

    free(region);
    injection->state = NULL;
    return r;
}

const struct heal_injector heal_injector_noise = {.apply = apply, .measure = measure, .undo = undo};
