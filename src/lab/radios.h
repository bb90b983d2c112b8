/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The radios of a lab: what every link with a radio is like right now. Once a second the fading goes on; what
 * follows from it (radio_physics.h) is set as loss in the air, for small and for full-size packets, and each
 * node is told what its radios hear (NODE/radio in the lab's folder, wire/radio_text.h). Noise comes as
 * regions. Owned by the set of faults, which starts, ticks and stops it; a lab without radios has none.
 */
#ifndef HEAL_LAB_RADIOS_H
#define HEAL_LAB_RADIOS_H

#include "lab/faults.h"
#include "lab/radio_physics.h"

struct heal_radios;

enum {
    HEAL_RADIOS_SMALL_BYTES = 200, /**< what small packets are reckoned as */
    HEAL_RADIOS_FULL_BYTES = 1500, /**< and full-size ones */
    HEAL_RADIOS_LIMIT_BYTES = 600, /**< a packet above this (of layer 3) is one of those */
    HEAL_RADIOS_REGIONS_MAX = 16,
};

/** One direction of a radio link, as its receiver has it. */
struct heal_radio_way {
    double rssi_dbm, noise_dbm, small_loss, full_loss;
};

/** Where the set of faults keeps the radios of its lab; NULL: it has none. */
struct heal_radios **heal_faults_radios(struct heal_faults *faults);

/** Starts the radios of the lab, if its topology has some. @return 0 or negative errno. */
int heal_radios_start(struct heal_faults *faults, uint64_t seed);
/** Heals the links, and frees. */
void heal_radios_stop(struct heal_faults *faults);
/** Does what is due. */
void heal_radios_tick(struct heal_faults *faults, heal_us now);

/**
 * Adds a region of noise, whose effect is there when this returns. @param region copied.
 * @return its number; -ENODATA: the lab has no radios; -EBUSY: too many; or another negative errno.
 */
int heal_radios_region_add(struct heal_faults *faults, const struct heal_radio_region *region);
/** Takes it away again. @return 0 or negative errno. */
int heal_radios_region_remove(struct heal_faults *faults, int region);

/** What a direction is like. @return 0; -ENODATA: no radio link. */
int heal_radios_way(struct heal_faults *faults, unsigned link, enum heal_lab_direction direction,
                    struct heal_radio_way *ret_way);
/** @return by how many dB a region lowers the SNR of a direction; 0: not at all, or no radio link. */
double heal_radios_fall(struct heal_faults *faults, int region, unsigned link,
                        enum heal_lab_direction direction);
/** Counts the packets that the radio of a direction has lost, since the start. @return 0 or negative errno.
 */
int heal_radios_lost(struct heal_faults *faults, unsigned link, enum heal_lab_direction direction,
                     uint64_t *ret_packets);

#endif
