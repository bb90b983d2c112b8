/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "lab/radios.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "lab/clock.h"

enum { RULES_TEXT = 256 };

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
    struct heal_lab *lab;
    struct heal_rules *rules;
    struct heal_rules_owner owner;
    struct heal_random random;
    heal_us next;
    bool used[HEAL_RADIOS_REGIONS_MAX];
    struct heal_radio_region region[HEAL_RADIOS_REGIONS_MAX];
    struct link link[]; /* as many as the topology's */
};

static const struct heal_topology *topology_of(const struct heal_radios *radios) {
    return heal_lab_topology(radios->lab);
}

static bool has_way(const struct heal_radios *radios, unsigned link) {
    return radios && link < topology_of(radios)->links && topology_of(radios)->link[link].has_radio;
}

/* The noise that the receiver of a direction hears, with all regions but one (-1: with all). */
static double noise(const struct heal_radios *radios, unsigned link, enum heal_lab_direction way,
                    int without) {
    const struct heal_topology *topology = topology_of(radios);
    struct heal_radio_region regions[HEAL_RADIOS_REGIONS_MAX];
    size_t count = 0;

    for (int i = 0; i < HEAL_RADIOS_REGIONS_MAX; i++)
        if (radios->used[i] && i != without)
            regions[count++] = radios->region[i];
    const struct heal_topology_node *at = &topology->node[heal_topology_receiver(topology, link, way)];
    return heal_radio_noise(&topology->link[link].radio, at->x_m, at->y_m, regions, count);
}

static void reckon(struct heal_radios *radios, unsigned link, enum heal_lab_direction way) {
    const struct heal_topology *topology = topology_of(radios);
    struct heal_radio_way *is = &radios->link[link].way[way].is;
    double snr;

    is->rssi_dbm = heal_radio_rssi(&topology->link[link].radio, heal_topology_distance(topology, link),
                                   radios->link[link].fading.now_db);
    is->noise_dbm = noise(radios, link, way, -1);
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
static int set(struct heal_radios *radios, unsigned link, enum heal_lab_direction number, unsigned small,
               unsigned full) {
    struct way *way = &radios->link[link].way[number];
    char text[RULES_TEXT];
    struct heal_text rules;
    uint64_t counted = 0;
    int r = way->full > 0 ? heal_rules_counted(radios->rules, radios->owner, link, number, &counted) : 0;

    if (r < 0)
        return r;
    heal_text_init(&rules, text, sizeof text);
    add_rule(&rules, "<=", small);
    add_rule(&rules, ">", full);
    r = heal_rules_set(radios->rules, radios->owner, link, number, text);
    if (r < 0)
        return r;
    way->lost += counted;
    way->small = small;
    way->full = full;
    return 0;
}

/* @param exact also when the change is a small one: what came with a noise has to go with it. */
static int update(struct heal_radios *radios, unsigned link, enum heal_lab_direction number, bool exact) {
    struct way *way = &radios->link[link].way[number];
    unsigned small, full;
    int r;

    exact = exact || way->owed;
    reckon(radios, link, number);
    small = (unsigned)lround(way->is.small_loss * WHOLE);
    full = (unsigned)lround(way->is.full_loss * WHOLE);
    if (exact ? small == way->small && full == way->full
              : !is_noticeable(way->small, small) && !is_noticeable(way->full, full)) {
        way->owed = false;
        return 0;
    }
    r = set(radios, link, number, small, full);
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
static int tell_node(struct heal_radios *radios, unsigned node) {
    const struct heal_lab *lab = radios->lab;
    const struct heal_topology *topology = topology_of(radios);
    char fresh[HEAL_LAB_PATH_MAX], path[HEAL_LAB_PATH_MAX];
    FILE *out = fopen(heal_lab_file(lab, (int)node, "radio.new", fresh), "we");
    bool failed;

    if (!out)
        return -errno;
    for (unsigned i = 0; i < topology->links; i++)
        if (topology->link[i].has_radio && (topology->link[i].a == node || topology->link[i].b == node))
            print_end(out, radios, topology, node, i);
    failed = ferror(out);
    if (fclose(out) != 0 || failed)
        return -EIO;
    return rename(fresh, heal_lab_file(lab, (int)node, "radio", path)) < 0 ? -errno : 0;
}

/* Brings the air and the nodes' files to where things are. @return the first failure, or 0. */
static int update_all(struct heal_radios *radios, bool exact) {
    const struct heal_topology *topology = topology_of(radios);
    bool has_radio[HEAL_LAB_NODES_MAX] = {false};
    int r = 0;

    for (unsigned i = 0; i < topology->links; i++) {
        if (!topology->link[i].has_radio)
            continue;
        has_radio[topology->link[i].a] = has_radio[topology->link[i].b] = true;
        for (enum heal_lab_direction way = HEAL_LAB_A_TO_B; way < HEAL_LAB_DIRECTIONS; way++) {
            int result = update(radios, i, way, exact);

            r = r < 0 ? r : result;
        }
    }
    for (unsigned i = 0; i < topology->nodes; i++) {
        int result = has_radio[i] ? tell_node(radios, i) : 0;

        r = r < 0 ? r : result;
    }
    return r;
}

int heal_radios_new(struct heal_lab *lab, struct heal_rules *rules, uint64_t seed,
                    struct heal_radios **ret_radios) {
    const struct heal_topology *topology = heal_lab_topology(lab);
    struct heal_radios *radios = NULL;
    bool any = false;
    int r;

    for (unsigned i = 0; i < topology->links; i++)
        any = any || topology->link[i].has_radio;
    if (any) {
        radios = calloc(1, sizeof *radios + topology->links * sizeof radios->link[0]);
        if (!radios)
            return -ENOMEM;
        radios->lab = lab;
        radios->rules = rules;
        radios->owner = heal_rules_own(rules);
        radios->next = heal_lab_now() + HEAL_US_PER_S;
        heal_random_init(&radios->random, seed);
        r = update_all(radios, true);
        if (r < 0) {
            (void)heal_radios_free(radios);
            return r;
        }
    }
    *ret_radios = radios;
    return 0;
}

struct heal_radios *heal_radios_free(struct heal_radios *radios) {
    if (radios)
        (void)heal_rules_clear(radios->rules, radios->owner);
    free(radios);
    return NULL;
}

void heal_radios_tick(struct heal_radios *radios, heal_us now) {
    const struct heal_topology *topology;

    if (!radios || now < radios->next)
        return;
    topology = topology_of(radios);
    /* Seconds that nobody ticked in are left out, not made up for. */
    radios->next = now - radios->next < HEAL_US_PER_S ? radios->next + HEAL_US_PER_S : now + HEAL_US_PER_S;
    for (unsigned i = 0; i < topology->links; i++)
        if (topology->link[i].has_radio)
            heal_radio_fading_step(&radios->link[i].fading, &radios->random);
    (void)update_all(radios, false); /* what failed is tried again in a second */
}

int heal_radios_region_add(struct heal_radios *radios, const struct heal_radio_region *region) {
    int r;

    for (int i = 0; radios && i < HEAL_RADIOS_REGIONS_MAX; i++) {
        if (radios->used[i])
            continue;
        radios->used[i] = true;
        radios->region[i] = *region;
        r = update_all(radios, true);
        if (r == 0)
            return i;
        (void)heal_radios_region_remove(radios, i);
        return r;
    }
    return radios ? -EBUSY : -ENODATA;
}

int heal_radios_region_remove(struct heal_radios *radios, int region) {
    radios->used[region] = false;
    return update_all(radios, true);
}

int heal_radios_way(struct heal_radios *radios, unsigned link, enum heal_lab_direction direction,
                    struct heal_radio_way *ret_way) {
    if (!has_way(radios, link))
        return -ENODATA;
    *ret_way = (radios)->link[link].way[direction].is;
    return 0;
}

double heal_radios_fall(struct heal_radios *radios, int region, unsigned link,
                        enum heal_lab_direction direction) {

    if (!has_way(radios, link))
        return 0;
    return noise(radios, link, direction, -1) - noise(radios, link, direction, region);
}

int heal_radios_lost(struct heal_radios *radios, unsigned link, enum heal_lab_direction direction,
                     uint64_t *ret_packets) {
    const struct way *way;
    uint64_t counted = 0;
    int r;

    if (!has_way(radios, link))
        return -ENODATA;
    way = &radios->link[link].way[direction];
    r = way->full > 0 ? heal_rules_counted(radios->rules, radios->owner, link, direction, &counted) : 0;
    if (r < 0)
        return r;
    *ret_packets = way->lost + counted;
    return 0;
}
