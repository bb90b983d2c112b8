/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "analyze/explains.h"

#include "base/cleanup.h"

#include <string.h>

enum scope { SAME_LINK, THIS_NODE, BABELD };

static const struct {
    enum heal_diagnosis cause, effect;
    enum scope scope;
} rules[] = {
    {HEAL_NEIGHBOUR_LOST, HEAL_LINK_LOSS,      SAME_LINK},
    {HEAL_NEIGHBOUR_LOST, HEAL_ONE_WAY_LINK,   SAME_LINK},
    {HEAL_NEIGHBOUR_LOST, HEAL_LINK_LATENCY,   SAME_LINK},
    {HEAL_LINK_FLAP,      HEAL_NEIGHBOUR_LOST, SAME_LINK},
    {HEAL_LINK_FLAP,      HEAL_LINK_LOSS,      SAME_LINK},
    {HEAL_INTERFERENCE,   HEAL_LINK_LOSS,      SAME_LINK},
    {HEAL_INTERFERENCE,   HEAL_NEIGHBOUR_LOST, SAME_LINK},
    {HEAL_INTERFERENCE,   HEAL_ONE_WAY_LINK,   SAME_LINK},
    {HEAL_INTERFERENCE,   HEAL_LINK_LATENCY,   SAME_LINK},
    {HEAL_INTERFERENCE,   HEAL_HIDDEN_LOSS,    SAME_LINK},
    {HEAL_WEAK_SIGNAL,    HEAL_HIDDEN_LOSS,    SAME_LINK},
    {HEAL_WEAK_SIGNAL,    HEAL_LINK_LOSS,      SAME_LINK},
    {HEAL_WEAK_SIGNAL,    HEAL_ONE_WAY_LINK,   SAME_LINK},
    {HEAL_WEAK_SIGNAL,    HEAL_LINK_LATENCY,   SAME_LINK},
    {HEAL_NEIGHBOUR_LOST, HEAL_HIDDEN_LOSS,    SAME_LINK},
    {HEAL_NEIGHBOUR_LOST, HEAL_WEAK_SIGNAL,    SAME_LINK},
    {HEAL_MTU_BLACKHOLE,  HEAL_LINK_LOSS,      SAME_LINK},
    {HEAL_RATE_LIMITED,   HEAL_LINK_LATENCY,   SAME_LINK},
    {HEAL_NODE_OVERLOAD,  HEAL_LINK_LATENCY,   THIS_NODE},
    {HEAL_NODE_OVERLOAD,  HEAL_LINK_LOSS,      THIS_NODE},
    {HEAL_NODE_OVERLOAD,  HEAL_RATE_LIMITED,   THIS_NODE},
    {HEAL_SERVICE_DOWN,   HEAL_ROUTES_LOST,    BABELD   },
    {HEAL_SERVICE_DOWN,   HEAL_NEIGHBOUR_LOST, BABELD   },
};

static bool concerns(enum scope scope, const struct heal_world *world, const struct heal_symptom *cause,
                     const struct heal_symptom *effect) {
    switch (scope) {
    case SAME_LINK:
        return heal_element_equal(&cause->element, &effect->element);
    case THIS_NODE:
        return cause->element.node == world->id;
    case BABELD:
        return strcmp(cause->element.service, "babeld") == 0;
    }
    return false;
}

/* The network sees what the thresholds see, and has no name for it: what they say of the link, or of either
 * of its ends, is what it means. */
static bool names(const struct heal_symptom *cause, const struct heal_symptom *effect) {
    if (effect->diagnosis != HEAL_ANOMALY || cause->diagnosis == HEAL_ANOMALY)
        return false;
    if (cause->element.kind == HEAL_ELEMENT_LINK)
        return heal_element_equal(&cause->element, &effect->element);
    return cause->element.node == effect->element.node || cause->element.node == effect->element.other;
}

const struct heal_symptom *heal_explains(const struct heal_world *world, const struct heal_symptoms *symptoms,
                                         size_t index) {
    const struct heal_symptom *effect = &symptoms->symptom[index];
    for (size_t i = 0; i < symptoms->count; i++) {
        const struct heal_symptom *cause = &symptoms->symptom[i];
        if (names(cause, effect))
            return cause;
        for (size_t j = 0; j < HEAL_COUNT(rules); j++)
            if (rules[j].cause == cause->diagnosis && rules[j].effect == effect->diagnosis &&
                concerns(rules[j].scope, world, cause, effect))
                return cause;
    }
    return NULL;
}

bool heal_explained_by_load(const struct heal_world *world, const struct heal_symptom *symptom) {
    bool slow = symptom->diagnosis == HEAL_LINK_LATENCY || symptom->diagnosis == HEAL_LINK_LOSS ||
                symptom->diagnosis == HEAL_RATE_LIMITED;
    const struct heal_port *port = heal_world_port_const(world, &symptom->element.port);
    if (!slow || symptom->element.kind != HEAL_ELEMENT_LINK || !port)
        return false;
    bool there = port->peer.node_overloaded && heal_port_peer_is_fresh(port, world->now, 3 * HEAL_US_PER_S);
    return there || world->overloaded_since != 0;
}
