/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The radios of a lab: what every link with a radio is like right now. Once a second the fading goes on; what
 * follows from it (radio/physics.h) is set as loss in the air, for small and for full-size packets, and each
 * node is told what its radios hear (NODE/radio in the lab's folder, wire/radio_text.h). Noise comes as
 * regions. A lab without radios has none: NULL, which everything here takes. Whoever has them ticks them.
 */
#ifndef HEAL_LAB_RADIOS_H
#define HEAL_LAB_RADIOS_H

#include "lab/rules.h"
#include "radio/physics.h"

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

/** Starts the radios of a lab, if its topology has some; else they are NULL. @param rules must outlive them.
 * @return 0 or negative errno. */
int heal_radios_new(struct heal_lab *lab, struct heal_rules *rules, uint64_t seed,
                    struct heal_radios **ret_radios);
/** Heals the links, and frees. Takes NULL. @return NULL. */
struct heal_radios *heal_radios_free(struct heal_radios *radios);
/** Does what is due. */
void heal_radios_tick(struct heal_radios *radios, heal_us now);

/**
 * Adds a region of noise, whose effect is there when this returns. @param region copied.
 * @return its number; -ENODATA: the lab has no radios; -EBUSY: too many; or another negative errno.
 */
int heal_radios_region_add(struct heal_radios *radios, const struct heal_radio_region *region);
/** Takes it away again. @return 0 or negative errno. */
int heal_radios_region_remove(struct heal_radios *radios, int region);

/** What a direction is like. @return 0; -ENODATA: no radio link. */
int heal_radios_way(struct heal_radios *radios, unsigned link, enum heal_lab_direction direction,
                    struct heal_radio_way *ret_way);
/** @return by how many dB a region lowers the SNR of a direction; 0: not at all, or no radio link. */
double heal_radios_fall(struct heal_radios *radios, int region, unsigned link,
                        enum heal_lab_direction direction);
/** Counts the packets that the radio of a direction has lost, since the start. @return 0 or negative errno.
 */
int heal_radios_lost(struct heal_radios *radios, unsigned link, enum heal_lab_direction direction,
                     uint64_t *ret_packets);

#endif
