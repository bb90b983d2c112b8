/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "monitor/suspicion.h"

#include "model/output.h"

#include <string.h>

static const heal_us examine_at_most_us = 10 * HEAL_US_PER_S;
static const heal_us flap_watch_us = 15 * HEAL_US_PER_S;
static const heal_us calm_first_us = 2 * HEAL_US_PER_S;
enum { CALM_DOUBLINGS_MAX = 4 };

/* The pace while a known trouble is only watched, and for a neighbour that is silent anyway. */
enum { PACE_WATCH_MS = 100, PACE_SILENT_MS = 200 };
static const float long_silence_s = 5;

enum reason { REASON_NONE, REASON_LIGHT, REASON_STRONG };

static enum reason loss_reason(const struct heal_port *port, const struct heal_flow *flow, float threshold) {
    const struct heal_window *window = &flow->window;
    const struct heal_baseline *normal = &port->normal[HEAL_QUANTITY_LOSS];
    float usual = heal_baseline_is_warm(normal) && normal->middle > 0.002f ? normal->middle : 0.002f;
    uint32_t sent = window->sent[HEAL_PROBE_SMALL] + window->sent[HEAL_PROBE_FULL] + window->swallowed;
    uint32_t lost = window->lost[HEAL_PROBE_SMALL] + window->lost[HEAL_PROBE_FULL] + window->swallowed;
    if (flow->low > threshold || lost >= 3)
        return flow->low > threshold ? REASON_STRONG : REASON_LIGHT;
    /* One more than the usual share would give already is reason enough to look. */
    return (float)lost > 3 * usual * (float)sent + 0.5f ? REASON_LIGHT : REASON_NONE;
}

static enum reason worse(enum reason a, enum reason b) {
    return a > b ? a : b;
}

/* Beyond how far it moves about anyway: fading is no reason. */
static bool snr_fell(const struct heal_world *world, const struct heal_port *port) {
    const struct heal_baseline *normal = port->normal;
    float own = normal[HEAL_QUANTITY_SNR].deviation, peer = normal[HEAL_QUANTITY_PEER_SNR].deviation;
    float drop = port->vitals.snr_drop_db;
    return drop > world->threshold[HEAL_METRIC_SNR_DROP] / 2 && drop > 3 * (own > peer ? own : peer);
}

/* Does the driver have to send more often than usual, or hear the neighbour fade? */
static bool radio_worsens(const struct heal_world *world, const struct heal_port *port) {
    const struct heal_vitals *vitals = &port->vitals;
    return vitals->retries_rise > world->threshold[HEAL_METRIC_RETRIES] / 2 ||
           (vitals->rssi_drop_db > world->threshold[HEAL_METRIC_SIGNAL_DROP] / 2 &&
            vitals->rssi_drop_db > 3 * port->normal[HEAL_QUANTITY_RSSI].deviation);
}

static enum reason reason_to_look(const struct heal_world *world, const struct heal_port *port) {
    const struct heal_vitals *vitals = &port->vitals;
    const float *limit = world->threshold;
    enum reason reason = REASON_NONE;
    if (!port->established)
        return reason; /* a stranger may come and go as it likes */
    for (int direction = 0; direction < HEAL_DIRECTIONS; direction++)
        reason = worse(reason, loss_reason(port, &vitals->flow[direction], limit[HEAL_METRIC_LOSS]));
    if (vitals->rtt_excess > limit[HEAL_METRIC_LATENCY] / 2)
        reason = worse(reason, REASON_LIGHT);
    if (snr_fell(world, port))
        reason = worse(reason, REASON_LIGHT);
    if (radio_worsens(world, port))
        reason = worse(reason, REASON_LIGHT);
    for (int direction = 0; direction < HEAL_DIRECTIONS && !heal_world_stood_still(world); direction++)
        if (vitals->flow[direction].silence_s > limit[HEAL_METRIC_SILENCE] / 2)
            reason = REASON_STRONG;
    if (!port->up || !port->carrier)
        reason = REASON_STRONG;
    return reason;
}

/* Is what the examination has seen so far still in doubt? */
static bool in_doubt(const struct heal_world *world, const struct heal_port *port) {
    const struct heal_vitals *vitals = &port->vitals;
    const float *limit = world->threshold;
    bool doubt = vitals->rtt_excess > limit[HEAL_METRIC_LATENCY] / 2 || snr_fell(world, port) ||
                 radio_worsens(world, port);
    for (int direction = 0; direction < HEAL_DIRECTIONS; direction++)
        doubt = doubt || vitals->flow[direction].loss > limit[HEAL_METRIC_LOSS] / 2 ||
                vitals->flow[direction].low_full > limit[HEAL_METRIC_LOSS] ||
                vitals->flow[direction].low_small > limit[HEAL_METRIC_LOSS] ||
                vitals->flow[direction].silence_s > limit[HEAL_METRIC_SILENCE] / 2;
    return doubt;
}

static bool peer_asks(const struct heal_world *world, const struct heal_port *port) {
    return port->peer.examining && heal_port_peer_is_fresh(port, world->now, 3 * HEAL_US_PER_S);
}

static bool outage_lately(const struct heal_world *world, const struct heal_port *port) {
    return port->outage_at[0] != 0 && world->now - port->outage_at[0] < flap_watch_us;
}

/* Why a port is looked at. What the network alone says is looked into, too, and may get a name; but it is no
 * suspicion of the thresholds, which the network would be excused by. */
enum cause { CAUSE_OWN, CAUSE_PEER, CAUSE_NETWORK };

static void begin(struct heal_world *world, struct heal_port *port, enum cause cause) {
    bool own = cause == CAUSE_OWN;
    port->examined_since = world->now;
    port->suspected_at = world->now;
    port->own_suspicion = own;
    port->for_network = cause == CAUSE_NETWORK;
    memset(port->rtt_recent_ms, 0, sizeof port->rtt_recent_ms);
    if (own)
        heal_output_decide(
            world, HEAL_DECISION_OBSERVATION, 0,
            "suspect=%s loss_in=%.3f loss_out=%.3f rtt_ms=%.2f silence_s=%.2f snr_drop_db=%.1f",
            port->key.ifname, (double)port->vitals.flow[HEAL_IN].loss,
            (double)port->vitals.flow[HEAL_OUT].loss, (double)port->vitals.rtt_ms,
            (double)port->vitals.flow[HEAL_IN].silence_s, (double)port->vitals.snr_drop_db);
}

/* The peer hears of it, and need not go on for this end's sake. */
static void clear(struct heal_world *world, struct heal_port *port) {
    if (port->own_suspicion)
        heal_output_decide(world, HEAL_DECISION_OBSERVATION, 0, "cleared=%s loss_in=%.3f loss_out=%.3f",
                           port->key.ifname, (double)port->vitals.flow[HEAL_IN].loss,
                           (double)port->vitals.flow[HEAL_OUT].loss);
    port->own_suspicion = false;
}

static void dismiss(struct heal_world *world, struct heal_port *port) {
    port->examined_since = 0;
    port->calm_until = world->now + (calm_first_us << port->dismissals);
    if (port->dismissals < CALM_DOUBLINGS_MAX)
        port->dismissals++;
}

/* As long as only the network has a reason the look is for its sake. */
static void find_reason(const struct heal_world *world, struct heal_port *port, bool sick) {
    bool own = in_doubt(world, port) || heal_world_port_is_named(world, port);
    bool other = own || peer_asks(world, port);
    if (port->for_network && own)
        port->own_suspicion = true;
    port->for_network = !other && (port->for_network || sick);
}

static void go_on(struct heal_world *world, struct heal_port *port, bool sick) {
    heal_us span = world->now - port->examined_since;
    bool long_enough = span >= world->settings.examine_us && !outage_lately(world, port);
    find_reason(world, port, sick);
    if (!in_doubt(world, port) && !sick) {
        port->suspected_at = 0;
    } else if (port->suspected_at == 0) {
        /* The trouble begins only now, or another one does: it gets its own full look. */
        port->suspected_at = world->now;
        port->own_suspicion = !port->for_network;
    }
    bool done = !sick && long_enough && (!in_doubt(world, port) || span > examine_at_most_us);
    if (done)
        clear(world, port);
    if (done && !peer_asks(world, port))
        dismiss(world, port);
    if (sick)
        port->dismissals = 0;
}

static void pace(struct heal_world *world, struct heal_port *port, bool held) {
    uint16_t small = world->settings.probe_small_ms, full = world->settings.probe_full_ms;
    if (port->examined_since != 0)
        small = full = held ? PACE_WATCH_MS : world->settings.probe_fast_ms;
    if (port->examined_since != 0 && port->vitals.flow[HEAL_IN].silence_s > long_silence_s)
        small = full = PACE_SILENT_MS;
    if (small == port->pace_small_ms && full == port->pace_full_ms)
        return;
    struct heal_command *command = heal_output_command(world, HEAL_COMMAND_PACE, 0);
    if (!command)
        return;
    command->pace =
        (struct heal_command_pace){.port = port->key, .small_interval_ms = small, .full_interval_ms = full};
    port->pace_small_ms = small;
    port->pace_full_ms = full;
}

static bool is_held(const struct heal_world *world, const struct heal_port *port) {
    for (size_t i = 0; i < world->incidents; i++) {
        const struct heal_incident *incident = &world->incident[i];
        if (heal_incident_is_open(incident) && incident->element.kind == HEAL_ELEMENT_LINK &&
            heal_port_key_equal(&incident->element.port, &port->key))
            return heal_incident_is_held(incident);
    }
    return false;
}

void heal_suspicion_update(struct heal_world *world, struct heal_port *port) {
    bool sick = heal_world_port_is_sick(world, port);
    enum reason reason = reason_to_look(world, port);
    /* After an incident the look begins anew: what was seen during it is history. */
    if (port->sick_before && !sick && port->examined_since != 0)
        port->examined_since = port->suspected_at = world->now;
    port->sick_before = sick;
    if (port->examined_since != 0)
        go_on(world, port, sick);
    else if (reason == REASON_STRONG || heal_world_port_is_named(world, port) ||
             (reason == REASON_LIGHT && world->now >= port->calm_until))
        begin(world, port, CAUSE_OWN);
    else if (peer_asks(world, port))
        begin(world, port, CAUSE_PEER);
    else if (sick)
        begin(world, port, CAUSE_NETWORK);
    else if (port->calm_until != 0 && world->now > port->calm_until + 30 * HEAL_US_PER_S)
        port->dismissals = 0;
    pace(world, port, is_held(world, port));
}

bool heal_suspicion_any(const struct heal_world *world) {
    for (size_t i = 0; i < world->ports; i++)
        if (world->port[i].known && world->port[i].examined_since != 0 &&
            world->port[i].vitals.flow[HEAL_IN].silence_s <= long_silence_s)
            return true;
    return false;
}

bool heal_suspicion_of_silence(const struct heal_world *world) {
    float doubtful_s = world->threshold[HEAL_METRIC_SILENCE] / 2;
    for (size_t i = 0; i < world->ports; i++) {
        const struct heal_port *port = &world->port[i];
        const struct heal_flow *flow = port->vitals.flow;
        bool young = port->examined_since != 0 && port->suspected_at != 0 &&
                     world->now - port->suspected_at < world->settings.round_fast_us;
        if (port->known && young &&
            (flow[HEAL_IN].silence_s > doubtful_s || flow[HEAL_OUT].silence_s > doubtful_s))
            return true;
    }
    return false;
}
