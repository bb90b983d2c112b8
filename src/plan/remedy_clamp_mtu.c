/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* clamp-mtu: both ends lower the link's MTU to 1280 bytes, the least that IPv6 allows (RFC 8200, 5): running
 * connections go on within a second. */
#include "plan/remedies.h"

#include <errno.h>

static const heal_us lately_us = 4 * HEAL_US_PER_S;
/* Of the full-size probes, above what the small ones lose: by more than that, size matters. */
static const float size_matters = 0.2f;

static bool applies(const struct heal_world *world, const struct heal_incident *incident) {
    const struct heal_port *port = heal_world_port_const(world, &incident->element.port);
    return heal_element_is_own_link(&incident->element) && port != NULL && port->mtu > HEAL_MTU_MIN &&
           heal_world_hard(world, port->key.ifname) == NULL; /* a mesh below it needs more, and gives less */
}

static int aim(const struct heal_world *world, const struct heal_incident *incident, struct heal_step *step) {
    const struct heal_port *port = heal_world_port_const(world, &incident->element.port);
    if (!port)
        return -ENOENT;
    step->before = port->mtu;
    return heal_remedies_aim_at_place(world, incident, step);
}

static int act(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    const struct heal_port *port = heal_world_port_const(world, &step->port);
    /* What would be put back is on record; it must be what is there. */
    if (!port || port->mtu != step->before)
        return -ESTALE;
    struct heal_command_link least = {.value = HEAL_MTU_MIN};
    return heal_remedies_order_link(world, incident, step, HEAL_COMMAND_LINK_MTU, least);
}

/* Do full-size probes arrive, not much worse than small ones? What both lose is another trouble's doing. */
static bool passes(const struct heal_window *window) {
    const uint32_t *sent = window->sent, *lost = window->lost;
    float full = (float)lost[HEAL_PROBE_FULL] / (float)(sent[HEAL_PROBE_FULL] + 1);
    float small = (float)lost[HEAL_PROBE_SMALL] / (float)(sent[HEAL_PROBE_SMALL] + 1);
    return sent[HEAL_PROBE_FULL] > 3 && full <= small + size_matters;
}

/* Full-size probes, now as large as the new MTU, arrive at the other end; and what that end sends arrives
 * here: an end that goes on sending larger frames than this one takes makes a hole of heald's own. */
static enum heal_verdict verify(const struct heal_world *world, const struct heal_incident *incident,
                                const struct heal_step *step) {
    const struct heal_port *port = heal_world_port_const(world, &step->port);
    if (!port || port->mtu > HEAL_MTU_MIN || world->now - step->acted < HEAL_US_PER_S)
        return HEAL_VERDICT_PENDING;
    heal_us since = step->acted + HEAL_US_PER_S / 4,
            lately = world->now > lately_us ? world->now - lately_us : 0;
    since = since > lately ? since : lately;
    struct heal_window out = heal_history_window(&port->out, since);
    struct heal_window in = heal_history_window(&port->in, since);
    bool both = passes(&out) && (passes(&in) || in.sent[HEAL_PROBE_FULL] <= 3);
    return both || heal_remedies_trouble_is_gone(world, incident, HEAL_US_PER_S) ? HEAL_VERDICT_WORKED
                                                                                 : HEAL_VERDICT_PENDING;
}

/* An interface that was away meanwhile may come back with another, and nobody has set it. */
static enum heal_takeover taken_over(struct heal_world *world, struct heal_incident *incident,
                                     struct heal_step *step, struct heal_text *words) {
    const struct heal_port *port = heal_world_port_const(world, &step->port);
    (void)incident;
    if (!port || !port->up || port->since > step->acted)
        return HEAL_TAKEOVER_NONE;
    step->shown = step->shown || port->mtu == HEAL_MTU_MIN;
    if (!step->shown || port->mtu == HEAL_MTU_MIN)
        return HEAL_TAKEOVER_NONE;
    heal_text_add(words, "%s has an MTU of %u, which heald has not set", port->key.ifname, port->mtu);
    return HEAL_TAKEOVER_INCIDENT;
}

static int undo(struct heal_world *world, struct heal_incident *incident, struct heal_step *step) {
    struct heal_command_link back = {.value = step->before, .only_from = HEAL_MTU_MIN};
    return heal_remedies_order_link(world, incident, step, HEAL_COMMAND_LINK_MTU, back);
}

const struct heal_remedy_rule heal_remedy_clamp_mtu = {
    .remedy = HEAL_CLAMP_MTU,
    .timeout = 6 * HEAL_US_PER_S,
    .risk = 0.1f,
    .holds = true,
    .hold_us = 60 * HEAL_US_PER_S,
    .shares = HEAL_SHARES_INTERFACE,
    .applies = applies,
    .aim = aim,
    .act = act,
    .verify = verify,
    .taken_over = taken_over,
    .undo = undo,
};
