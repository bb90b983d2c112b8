/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Who has probed and is no port: strangers, until they have probed for some time. Anybody on a link can send
 * probes from as many addresses as he likes; so what a link can make us keep is bounded, and charged to its
 * interface: one whose share is full loses the least of its own strangers. Only where more interfaces than
 * HEAL_STRANGERS_INTERFACES fill their share does the least of all give way. Plain data, zero when empty.
 */
#ifndef HEAL_NET_STRANGERS_H
#define HEAL_NET_STRANGERS_H

#include "heal/types.h"

enum { HEAL_STRANGERS_OF_INTERFACE = 8, HEAL_STRANGERS_INTERFACES = 32 };

struct heal_stranger {
    struct heal_port_key key;
    unsigned probes; /**< 0: the place is free */
    heal_us first, last;
};

struct heal_strangers {
    struct heal_stranger place[HEAL_STRANGERS_OF_INTERFACE * HEAL_STRANGERS_INTERFACES];
};

/** One has probed. @return whether it has done so for long enough now; it is forgotten then, and
 * begins anew if it is not made a port. */
bool heal_strangers_meet(struct heal_strangers *strangers, const struct heal_port_key *key, heal_us now);

#endif
