/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* link-flap: the link goes away and comes back, again and again, and is fine in between. Each outage is too
 * short to be lost for good, together they ruin it (cf. RFC 2439 on damping). Or the mesh below IP leaves it
 * and comes back, again and again, because it looks now worse than another, now better. */
#include "analyze/detector.h"
#include "analyze/incidents.h"
#include "analyze/link_findings.h"

/* Between two that are about as good as each other it may wander: that harms nobody. */
static const float worse_by = 1.25f;

/* The other end sees nothing of it, and joins only an owner: alone it could not make this link look worse. */
static bool may_blame(const struct heal_world *world, const struct heal_port *port) {
    const struct heal_element link = {.kind = HEAL_ELEMENT_LINK, .node = world->id, .port = port->key};
    return heal_incidents_owns(world, &link);
}

/* Do ways come and go between this neighbour and a better one? A link that is in an incident already stays
 * the one to blame, whichever looks worse at the moment. */
static bool is_left_again_and_again(const struct heal_world *world, const struct heal_port *port) {
    float limit = world->threshold[HEAL_METRIC_FLAPS];
    if ((float)port->vitals.returns < limit || !may_blame(world, port))
        return false;
    bool blamed = heal_world_port_is_sick(world, port), worse = false;
    for (size_t i = 0; i < world->ports; i++) {
        const struct heal_port *other = &world->port[i];
        if (other == port || other->vitals.returns == 0)
            continue;
        if (!blamed && heal_world_port_is_sick(world, other))
            return false;
        worse = worse || (float)port->cost >= worse_by * (float)other->cost;
    }
    return blamed || worse;
}

static void look_at_ways(const struct heal_world *world, const struct heal_port *port,
                         struct heal_symptoms *symptoms) {
    float limit = world->threshold[HEAL_METRIC_FLAPS];
    struct heal_symptom *symptom = heal_link_symptom(
        world, port, symptoms, HEAL_LINK_FLAP, heal_confidence(0.75f, (float)port->vitals.returns, limit));
    struct heal_evidence *returns =
        heal_symptom_evidence(symptom, "ways that came back in 60 s", "", (float)port->vitals.returns, 0);
    heal_evidence_threshold(returns, limit);
    heal_link_evidence_loss(world, port, symptom, HEAL_OUT);
}

static void look_at_outages(const struct heal_world *world, const struct heal_port *port,
                            struct heal_symptoms *symptoms) {
    float limit = world->threshold[HEAL_METRIC_FLAPS];
    struct heal_symptom *symptom = heal_link_symptom(
        world, port, symptoms, HEAL_LINK_FLAP, heal_confidence(0.85f, (float)port->vitals.outages, limit));
    struct heal_evidence *outages =
        heal_symptom_evidence(symptom, "outages in 15 s", "", (float)port->vitals.outages, 0);
    heal_evidence_threshold(heal_evidence_track(outages, HEAL_TRACK_OUTAGES), limit);
    heal_link_evidence_loss(world, port, symptom, HEAL_IN);
}

void heal_detect_link_flap(const struct heal_world *world, struct heal_symptoms *symptoms) {
    for (size_t i = 0; i < world->ports; i++) {
        const struct heal_port *port = &world->port[i];
        if (!port->established)
            continue;
        if (heal_link_flaps(world, port))
            look_at_outages(world, port, symptoms);
        else if (is_left_again_and_again(world, port))
            look_at_ways(world, port, symptoms);
    }
}
