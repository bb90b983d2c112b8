/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include <string.h>

#include "base/text.h"
#include "healctl/draw.h"
#include "sim/sim_state.h"

static int draw_nodes(struct heal_picture *picture, const struct heal_sim *sim) {
    int r = 0;

    for (unsigned i = 0; i < sim->nodes && r == 0; i++) {
        struct heal_picture_node node = {.placed = true, .x_m = sim->node[i].x_m, .y_m = sim->node[i].y_m};

        heal_name_copy(node.name, sizeof node.name, sim->node[i].name);
        r = heal_picture_add_node(picture, &node);
    }
    return r;
}

/* @return how the node sees the link behind one of its ports; false: it does not. */
static bool find_port(const struct heal_sim_node *node, const struct heal_sim_port *port,
                      struct heal_port_status *ret_status) {
    for (size_t i = 0; heal_engine_port(node->engine, i, ret_status); i++)
        if (heal_port_key_equal(&ret_status->key, &port->key))
            return true;
    return false;
}

/* A share that was measured; below 0 it was not. */
static float share_of(float loss) {
    return loss >= 0 ? loss : -1;
}

static int draw_links(struct heal_picture *picture, const struct heal_sim *sim) {
    int r = 0;

    for (unsigned i = 0; i < sim->links && r == 0; i++) {
        const struct heal_sim_link *from = &sim->link[i];
        const struct heal_sim_node *a = &sim->node[from->node[0]], *b = &sim->node[from->node[1]];
        struct heal_picture_link link = {.loss_to_a = -1, .loss_to_b = -1, .latency_ms = -1};
        struct heal_port_status port;

        heal_name_copy(link.a, sizeof link.a, a->name);
        heal_name_copy(link.b, sizeof link.b, b->name);
        link.state = from->carrier ? HEAL_PICTURE_SILENT : HEAL_PICTURE_DOWN;
        if (find_port(a, &a->port[from->port[0]], &port)) {
            link.state = !port.up        ? HEAL_PICTURE_DOWN
                         : !port.hears   ? HEAL_PICTURE_SILENT
                         : port.examined ? HEAL_PICTURE_EXAMINED
                                         : HEAL_PICTURE_UP;
            link.loss_to_a = share_of(port.loss_in);
            link.loss_to_b = share_of(port.loss_out);
            if (port.features.valid >> HEAL_FEATURE_LATENCY & 1)
                link.latency_ms = port.features.value[HEAL_FEATURE_LATENCY];
        }
        r = heal_picture_add_link(picture, &link);
    }
    return r;
}

/* Was the one of another node opened while the owner's was there? A node may see a little before it. */
static bool is_meanwhile(const struct heal_incident_status *owners,
                         const struct heal_incident_status *other) {
    heal_us early = 5 * HEAL_US_PER_S;

    return other->opened + early >= owners->opened &&
           (owners->closed == 0 || other->opened <= owners->closed);
}

static void add_what_one_did(struct heal_text *text, const char *name,
                             const struct heal_incident_status *incident) {
    heal_text_add(text, "%s, which %s: ", name,
                  incident->role == HEAL_ROLE_END ? "is the other end" : "sends through there");
    for (size_t i = 0; i < incident->steps; i++)
        heal_text_add(text, "%s%s %s", i > 0 ? ", " : "", heal_remedy_slug(incident->step[i].remedy),
                      heal_step_state_words(incident->step[i].state));
    heal_text_add(text, ".\n");
}

/* What other nodes did about an incident of this one's. */
static void add_others(const struct heal_sim *sim, const struct heal_incident_status *owners,
                       struct heal_text *text) {
    struct heal_incident_status incident;

    for (unsigned i = 0; i < sim->nodes; i++)
        for (size_t j = 0; heal_engine_incident(sim->node[i].engine, j, &incident); j++)
            if (incident.role != HEAL_ROLE_OWNER && incident.steps > 0 &&
                heal_incident_shares_place(owners, &incident) && is_meanwhile(owners, &incident))
                add_what_one_did(text, sim->node[i].name, &incident);
}

/* Each incident once, as its owner has it. */
static int draw_incidents_of(struct heal_picture *picture, const struct heal_sim *sim, unsigned node) {
    struct heal_picture_incident incident = {.series = 0};
    const struct heal_engine *engine = sim->node[node].engine;
    int r = 0;

    heal_name_copy(incident.at, sizeof incident.at, sim->node[node].name);
    for (size_t i = 0; r == 0 && heal_engine_incident(engine, i, &incident.status); i++) {
        struct heal_text others;

        if (incident.status.role != HEAL_ROLE_OWNER)
            continue;
        heal_text_init(&others, incident.others, sizeof incident.others);
        add_others(sim, &incident.status, &others);
        incident.next[0] = '\0';
        if (incident.status.closed == 0)
            (void)heal_engine_outlook(engine, incident.status.id, incident.next, sizeof incident.next);
        incident.series = heal_engine_incident_series(engine, incident.status.id, incident.of);
        r = heal_picture_add_incident(picture, &incident);
    }
    return r;
}

int heal_draw_sim(struct heal_picture *picture, const struct heal_sim *sim) {
    int r = draw_nodes(picture, sim);

    picture->now = sim->now;
    if (r == 0)
        r = draw_links(picture, sim);
    for (unsigned i = 0; i < sim->nodes && r == 0; i++)
        r = draw_incidents_of(picture, sim, i);
    return r;
}
