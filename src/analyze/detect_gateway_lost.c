/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* gateway-lost: this node tells the mesh that it is a way out, and has none itself any more: who has chosen
 * it sends into nothing. */
#include "analyze/detector.h"
#include "analyze/link_findings.h"
#include "base/text.h"

/* A gateway announces itself once a second; some of that is lost on the air. */
static const float announcements_missed = 3;

static struct heal_symptom *add(const struct heal_world *world, struct heal_symptoms *symptoms,
                                heal_us since) {
    struct heal_element part = {.kind = HEAL_ELEMENT_MESH, .node = world->id};
    heal_name_copy(part.mesh, sizeof part.mesh, world->mesh.is.ifname);
    return heal_symptoms_add(symptoms, HEAL_GATEWAY_LOST, &part, 0.95f, since);
}

static void look_at_own(const struct heal_world *world, struct heal_symptoms *symptoms) {
    float limit = world->threshold[HEAL_METRIC_UPLINK];
    float lost_s = heal_world_seconds_since(world, world->uplink_lost_since);
    bool offers = world->mesh.is.gateway == HEAL_GATEWAY_SERVER || world->mesh.withheld;
    if (!offers || world->uplink_lost_since == 0 || lost_s < limit)
        return;
    struct heal_symptom *symptom = add(world, symptoms, world->uplink_lost_since);
    struct heal_evidence *lost = heal_symptom_evidence(symptom, "no way out of the mesh for", "s", lost_s, 0);
    heal_evidence_threshold(heal_evidence_track(lost, HEAL_TRACK_UPLINK_LOST), limit);
}

/* Is it a neighbour, and silent? Then that is known before its announcements are missed. */
static bool is_silent_neighbour(const struct heal_world *world, const struct heal_address *address) {
    for (size_t i = 0; i < world->ports; i++)
        if (heal_address_equal(&world->port[i].key.peer, address) &&
            heal_link_is_silent(world, &world->port[i]))
            return true;
    return false;
}

/* The gateway that this node has chosen is not heard of, and another is: it is not this node that is deaf. */
static void look_at_chosen(const struct heal_world *world, struct heal_symptoms *symptoms) {
    const struct heal_reading_mesh *mesh = &world->mesh.is;
    float limit = announcements_missed + world->threshold[HEAL_METRIC_UPLINK];
    float silence_s = (float)mesh->chosen_ms / 1000.0f;
    bool client = mesh->gateway == HEAL_GATEWAY_CLIENT && mesh->chosen_ms != UINT32_MAX;
    if (!client || mesh->gateways == 0 || heal_world_stood_still(world) ||
        (silence_s < limit && !is_silent_neighbour(world, &mesh->chosen)))
        return;
    heal_us silence = (heal_us)mesh->chosen_ms * HEAL_US_PER_MS;
    struct heal_symptom *symptom =
        add(world, symptoms, world->now > silence ? world->now - silence : world->now);
    struct heal_evidence *unheard =
        heal_symptom_evidence(symptom, "the chosen gateway was not heard of for", "s", silence_s, 0);
    heal_evidence_threshold(heal_evidence_track(unheard, HEAL_TRACK_GATEWAY_SILENCE), limit);
    heal_symptom_evidence(symptom, "other gateways", "", mesh->gateways, 0);
}

void heal_detect_gateway_lost(const struct heal_world *world, struct heal_symptoms *symptoms) {
    if (!heal_world_has_mesh(world))
        return;
    look_at_own(world, symptoms);
    look_at_chosen(world, symptoms);
}
