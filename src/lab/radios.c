/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "lab/radios.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "lab/injector.h"
#include "lab/traffic.h"

enum { RULES_TEXT = 256, RADIO_HANDLE = -1 };

/* Losses are set in packets of 10,000. */
enum { WHOLE = 10000 };

/* A change of loss is worth an nft call (10 ms of a processor) from half a percent and a tenth of it on. */
static const double noticeable = 0.005 * WHOLE, noticeable_share = 0.1;

/** One direction of a link. */
struct way {
    struct heal_radio_way is;
    /* The losses that are in the air. A full-size packet is lost no less than a small one: full == 0 says
     * that small == 0, too, and that there are no rules. */
    unsigned small, full;
    uint64_t lost; /* counted by rules that were replaced since */
    bool owed;     /* it could not be set to what it has to be exactly, and is to be */
};

struct link {
    struct heal_radio_fading fading;
    struct way way[HEAL_LAB_DIRECTIONS];
};

struct heal_radios {
    struct heal_injection injection; /* the owner of the rules */
    struct heal_random random;
    heal_us next;
    bool used[HEAL_RADIOS_REGIONS_MAX];
    struct heal_radio_region region[HEAL_RADIOS_REGIONS_MAX];
    struct link link[]; /* as many as the topology's */
};

static const struct heal_topology *topology_of(struct heal_faults *faults) {
    return heal_lab_topology(heal_faults_lab(faults));
}

static bool has_way(struct heal_faults *faults, unsigned link) {
    return *heal_faults_radios(faults) && link < topology_of(faults)->links &&
           topology_of(faults)->link[link].has_radio;
}

/* The noise that the receiver of a direction hears, with all regions but one (-1: with all). */
static double noise(const struct heal_radios *radios, const struct heal_topology *topology, unsigned link,
                    enum heal_lab_direction way, int without) {
    struct heal_radio_region regions[HEAL_RADIOS_REGIONS_MAX];
    size_t count = 0;

    for (int i = 0; i < HEAL_RADIOS_REGIONS_MAX; i++)
        if (radios->used[i] && i != without)
            regions[count++] = radios->region[i];
    return heal_radio_noise(&topology->link[link].radio,
                            &topology->node[heal_topology_receiver(topology, link, way)], regions, count);
}

static void reckon(struct heal_radios *radios, const struct heal_topology *topology, unsigned link,
                   enum heal_lab_direction way) {
    struct heal_radio_way *is = &radios->link[link].way[way].is;
    double snr;

    is->rssi_dbm = heal_radio_rssi(&topology->link[link].radio, heal_topology_distance(topology, link),
                                   radios->link[link].fading.now_db);
    is->noise_dbm = noise(radios, topology, link, way, -1);
    snr = is->rssi_dbm - is->noise_dbm;
    is->small_loss = heal_radio_loss(snr, HEAL_RADIOS_SMALL_BYTES);
    is->full_loss = heal_radio_loss(snr, HEAL_RADIOS_FULL_BYTES);
}

static bool is_noticeable(unsigned set, unsigned wanted) {
    return fabs((double)wanted - set) >= noticeable + noticeable_share * set;
}

/* A rule for the packets of one size. nft takes no share that is none or all. */
static void add_rule(struct heal_text *rules, const char *size, unsigned loss) {
    if (loss >= WHOLE)
        heal_text_add(rules, "meta length %s %d counter drop\n", size, HEAL_RADIOS_LIMIT_BYTES);
    else if (loss > 0)
        heal_text_add(rules, "meta length %s %d numgen random mod %d < %u counter drop\n", size,
                      HEAL_RADIOS_LIMIT_BYTES, WHOLE, loss);
}

/* Sets a direction's losses anew; what the rules of before have counted is kept, or they are. */
static int set(struct heal_faults *faults, unsigned link, enum heal_lab_direction number, unsigned small,
               unsigned full) {
    struct heal_radios *radios = *heal_faults_radios(faults);
    struct way *way = &radios->link[link].way[number];
    char text[RULES_TEXT];
    struct heal_text rules;
    uint64_t counted = 0;
    int r = way->full > 0 ? heal_injection_counted(faults, &radios->injection, link, number, &counted) : 0;

    if (r < 0)
        return r;
    heal_text_init(&rules, text, sizeof text);
    add_rule(&rules, "<=", small);
    add_rule(&rules, ">", full);
    r = heal_injection_rules(faults, &radios->injection, link, number, text);
    if (r < 0)
        return r;
    way->lost += counted;
    way->small = small;
    way->full = full;
    return 0;
}

/* @param exact also when the change is a small one: what came with a noise has to go with it. */
static int update(struct heal_faults *faults, unsigned link, enum heal_lab_direction number, bool exact) {
    struct heal_radios *radios = *heal_faults_radios(faults);
    struct way *way = &radios->link[link].way[number];
    unsigned small, full;
    int r;

    exact = exact || way->owed;
    reckon(radios, topology_of(faults), link, number);
    small = (unsigned)lround(way->is.small_loss * WHOLE);
    full = (unsigned)lround(way->is.full_loss * WHOLE);
    if (exact ? small == way->small && full == way->full
              : !is_noticeable(way->small, small) && !is_noticeable(way->full, full)) {
        way->owed = false;
        return 0;
    }
    r = set(faults, link, number, small, full);
    way->owed = exact && r < 0;
    return r;
}

static void print_end(FILE *out, const struct heal_radios *radios, const struct heal_topology *topology,
                      unsigned node, unsigned link) {
    const struct heal_topology_link *ends = &topology->link[link];
    unsigned peer = ends->a == node ? ends->b : ends->a;
    struct heal_address address = heal_topology_link_address(peer, link);
    const struct heal_radio_way *heard =
        &radios->link[link].way[ends->b == node ? HEAL_LAB_A_TO_B : HEAL_LAB_B_TO_A].is;
    char text[HEAL_ADDRESS_TEXT];

    fprintf(out, "%s %s %.1f %.1f\n", topology->node[peer].name, heal_address_format(&address, text),
            heard->rssi_dbm, heard->noise_dbm);
}

/* A reader sees the file of before or the new one. */
static int tell_node(struct heal_faults *faults, unsigned node) {
    struct heal_lab *lab = heal_faults_lab(faults);
    const struct heal_topology *topology = topology_of(faults);
    char fresh[HEAL_LAB_PATH_MAX], path[HEAL_LAB_PATH_MAX];
    FILE *out = fopen(heal_lab_file(lab, (int)node, "radio.new", fresh), "we");
    bool failed;

    if (!out)
        return -errno;
    for (unsigned i = 0; i < topology->links; i++)
        if (topology->link[i].has_radio && (topology->link[i].a == node || topology->link[i].b == node))
            print_end(out, *heal_faults_radios(faults), topology, node, i);
    failed = ferror(out);
    if (fclose(out) != 0 || failed)
        return -EIO;
    return rename(fresh, heal_lab_file(lab, (int)node, "radio", path)) < 0 ? -errno : 0;
}

/* Brings the air and the nodes' files to where things are. @return the first failure, or 0. */
static int update_all(struct heal_faults *faults, bool exact) {
    const struct heal_topology *topology = topology_of(faults);
    bool has_radio[HEAL_LAB_NODES_MAX] = {false};
    int r = 0;

    for (unsigned i = 0; i < topology->links; i++) {
        if (!topology->link[i].has_radio)
            continue;
        has_radio[topology->link[i].a] = has_radio[topology->link[i].b] = true;
        for (enum heal_lab_direction way = HEAL_LAB_A_TO_B; way < HEAL_LAB_DIRECTIONS; way++) {
            int result = update(faults, i, way, exact);

            r = r < 0 ? r : result;
        }
    }
    for (unsigned i = 0; i < topology->nodes; i++) {
        int result = has_radio[i] ? tell_node(faults, i) : 0;

        r = r < 0 ? r : result;
    }
    return r;
}

int heal_radios_start(struct heal_faults *faults, uint64_t seed) {
    const struct heal_topology *topology = topology_of(faults);
    struct heal_radios *radios;
    bool any = false;
    int r;

    for (unsigned i = 0; i < topology->links; i++)
        any = any || topology->link[i].has_radio;
    if (!any)
        return 0;
    radios = calloc(1, sizeof *radios + topology->links * sizeof radios->link[0]);
    if (!radios)
        return -ENOMEM;
    radios->injection = (struct heal_injection){.handle = RADIO_HANDLE, .since = heal_traffic_now()};
    radios->next = radios->injection.since + HEAL_US_PER_S;
    heal_random_init(&radios->random, seed);
    *heal_faults_radios(faults) = radios;
    r = update_all(faults, true);
    if (r < 0)
        heal_radios_stop(faults);
    return r;
}

void heal_radios_stop(struct heal_faults *faults) {
    struct heal_radios *radios = *heal_faults_radios(faults);

    for (unsigned i = 0; radios && i < topology_of(faults)->links; i++)
        for (enum heal_lab_direction way = HEAL_LAB_A_TO_B; way < HEAL_LAB_DIRECTIONS; way++)
            if (radios->link[i].way[way].full > 0)
                (void)heal_injection_rules(faults, &radios->injection, i, way, "");
    free(radios);
    *heal_faults_radios(faults) = NULL;
}

void heal_radios_tick(struct heal_faults *faults, heal_us now) {
    struct heal_radios *radios = *heal_faults_radios(faults);
    const struct heal_topology *topology = topology_of(faults);

    if (!radios || now < radios->next)
        return;
    /* Seconds that nobody ticked in are left out, not made up for. */
    radios->next = now - radios->next < HEAL_US_PER_S ? radios->next + HEAL_US_PER_S : now + HEAL_US_PER_S;
    for (unsigned i = 0; i < topology->links; i++)
        if (topology->link[i].has_radio)
            heal_radio_fading_step(&radios->link[i].fading, &radios->random);
    (void)update_all(faults, false); /* what failed is tried again in a second */
}

int heal_radios_region_add(struct heal_faults *faults, const struct heal_radio_region *region) {
    struct heal_radios *radios = *heal_faults_radios(faults);
    int r;

    for (int i = 0; radios && i < HEAL_RADIOS_REGIONS_MAX; i++) {
        if (radios->used[i])
            continue;
        radios->used[i] = true;
        radios->region[i] = *region;
        r = update_all(faults, true);
        if (r == 0)
            return i;
        (void)heal_radios_region_remove(faults, i);
        return r;
    }
    return radios ? -EBUSY : -ENODATA;
}

int heal_radios_region_remove(struct heal_faults *faults, int region) {
    (*heal_faults_radios(faults))->used[region] = false;
    return update_all(faults, true);
}

int heal_radios_way(struct heal_faults *faults, unsigned link, enum heal_lab_direction direction,
                    struct heal_radio_way *ret_way) {
    if (!has_way(faults, link))
        return -ENODATA;
    *ret_way = (*heal_faults_radios(faults))->link[link].way[direction].is;
    return 0;
}

double heal_radios_fall(struct heal_faults *faults, int region, unsigned link,
                        enum heal_lab_direction direction) {
    struct heal_radios *radios = *heal_faults_radios(faults);

    if (!has_way(faults, link))
        return 0;
    return noise(radios, topology_of(faults), link, direction, -1) -
           noise(radios, topology_of(faults), link, direction, region);
}

int heal_radios_lost(struct heal_faults *faults, unsigned link, enum heal_lab_direction direction,
                     uint64_t *ret_packets) {
    struct heal_radios *radios = *heal_faults_radios(faults);
    const struct way *way;
    uint64_t counted = 0;
    int r;

    if (!has_way(faults, link))
        return -ENODATA;
    way = &radios->link[link].way[direction];
    r = way->full > 0 ? heal_injection_counted(faults, &radios->injection, link, direction, &counted) : 0;
    if (r < 0)
        return r;
    *ret_packets = way->lost + counted;
    return 0;
}
