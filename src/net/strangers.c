/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "net/strangers.h"

#include "base/cleanup.h"

#include <string.h>

/* A neighbour sends three probes in a second and goes on; a packet or two may be anybody's. Two seconds are
 * short beside what it takes to know what is normal on a link. */
enum { PROBES_MIN = 5 };
static const heal_us constant_us = 2 * HEAL_US_PER_S;
/* After such a break it begins anew, and does not keep its place from others. */
static const heal_us break_us = 5 * HEAL_US_PER_S;

static bool is_free(const struct heal_stranger *place, heal_us now) {
    return place->probes == 0 || now - place->last > break_us;
}

static bool is_on(const struct heal_stranger *place, const struct heal_port_key *key) {
    return strncmp(place->key.ifname, key->ifname, sizeof key->ifname) == 0;
}

/* The one that has probed less, or else is silent for longer. NULL: none. */
static struct heal_stranger *lesser(struct heal_stranger *a, struct heal_stranger *b) {
    if (!a || a->probes > b->probes || (a->probes == b->probes && a->last > b->last))
        return b;
    return a;
}

static struct heal_stranger *find(struct heal_strangers *strangers, const struct heal_port_key *key) {
    for (size_t i = 0; i < HEAL_COUNT(strangers->place); i++) {
        struct heal_stranger *place = &strangers->place[i];

        if (place->probes > 0 && heal_port_key_equal(&place->key, key))
            return place;
    }
    return NULL;
}

static struct heal_stranger *make_room(struct heal_strangers *strangers, const struct heal_port_key *key,
                                       heal_us now) {
    struct heal_stranger *empty = NULL, *least_here = NULL, *least = NULL;
    unsigned here = 0;

    for (size_t i = 0; i < HEAL_COUNT(strangers->place); i++) {
        struct heal_stranger *place = &strangers->place[i];

        if (is_free(place, now)) {
            empty = place;
            continue;
        }
        least = lesser(least, place);
        if (!is_on(place, key))
            continue;
        here++;
        least_here = lesser(least_here, place);
    }
    if (here >= HEAL_STRANGERS_OF_INTERFACE)
        return least_here;
    return empty ? empty : least;
}

bool heal_strangers_meet(struct heal_strangers *strangers, const struct heal_port_key *key, heal_us now) {
    struct heal_stranger *stranger = find(strangers, key);

    if (!stranger)
        stranger = make_room(strangers, key, now);
    if (!heal_port_key_equal(&stranger->key, key) || is_free(stranger, now))
        *stranger = (struct heal_stranger){.key = *key, .first = now};
    stranger->probes++;
    stranger->last = now;
    if (stranger->probes < PROBES_MIN || now - stranger->first < constant_us)
        return false;
    stranger->probes = 0;
    return true;
}
