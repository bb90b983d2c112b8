/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "analyze/link_findings.h"

/* A hole: at least this share of the full-size probes gone, at most that of the small ones. */
static const float hole_full_low = 0.6f, hole_small = 0.15f;
enum { SAMPLES_MIN = 15 };
/* A radio below this loses large frames before small ones, by physics. */
static const float weak_snr_db = 12;
/* The same where the driver does not tell the noise: in that of a good receiver (below). And the signal from
 * which on the fastest rates are lost. */
static const float faint_rssi_dbm = -84, weak_rssi_dbm = -72;
/* Noise that is noise wherever it is measured: 10 dB above that of a good receiver on 20 MHz, which is -101
 * dBm (thermal, k T B at 290 K) and 6 dB of its own. */
static const float loud_dbm = -85;
/* A queue: this much above the normal round trip, whatever the deviation. */
static const float queue_ms = 15;
/* One-way: the other direction loses at most this part of it. */
static const float one_way_ratio = 0.2f, one_way_least = 0.05f;
static const float flap_loss_most = 0.1f;
/* A burst is no trouble: what is lost must go on for so many seconds at full loss, the longer the less it is;
 * but this long is long enough for any. */
static const float patience_loss_s = 0.75f, patience_most_s = 5;
/* Unheard: the peer has heard nothing for this part of `silence`. It cannot tell that from a neighbour that
 * is gone; this end can, and speaks first. And how much must have been heard of it meanwhile, how lately. */
static const float unheard_part = 0.75f, heard_lately_s = 0.3f;
enum { HEARD_MIN = 6 };
static const heal_us young_us = 2 * HEAL_US_PER_S;
/* For so long after the trouble began, what would give it another name is waited for. */
static const heal_us open_us = 6 * HEAL_US_PER_S;

bool heal_link_is_judged(const struct heal_world *world, const struct heal_port *port) {
    return port->known && port->vitals.examined && !heal_link_is_silent(world, port);
}

bool heal_link_is_silent(const struct heal_world *world, const struct heal_port *port) {
    float silence = port->vitals.flow[HEAL_IN].silence_s;
    if (!port->established || world->now - port->since < young_us)
        return false;
    if (!port->up || !port->carrier)
        return true;
    if (heal_world_stood_still(world))
        return false;
    /* In that time the other end has heard of it, and has said what it knows, if it can say anything. */
    bool looked = port->examined_since != 0 && port->suspected_at != 0 &&
                  world->now - port->suspected_at >= world->settings.round_fast_us * 3 / 4;
    return looked && silence > world->threshold[HEAL_METRIC_SILENCE];
}

static bool goes_on(const struct heal_world *world, const struct heal_port *port, float loss) {
    float seen_s = heal_world_seconds_since(world, port->suspected_at);
    if (heal_link_has_queue(world, port))
        return true; /* a queue is there to stay */
    return seen_s * loss >= patience_loss_s || seen_s >= patience_most_s;
}

bool heal_link_loses(const struct heal_world *world, const struct heal_port *port,
                     enum heal_direction direction) {
    const struct heal_baseline *normal = &port->normal[HEAL_QUANTITY_LOSS];
    float usual = heal_baseline_is_warm(normal) ? normal->middle : 0;
    const struct heal_flow *flow = &port->vitals.flow[direction];
    return flow->lately && flow->steady && goes_on(world, port, flow->loss) &&
           flow->low > world->threshold[HEAL_METRIC_LOSS] + usual;
}

bool heal_link_is_undecided(const struct heal_world *world, const struct heal_port *port,
                            enum heal_direction direction) {
    return world->now - port->suspected_at < open_us && port->peer_at != 0 &&
           port->vitals.flow[direction].samples < SAMPLES_MIN;
}

bool heal_link_may_lose(const struct heal_world *world, const struct heal_port *port,
                        enum heal_direction direction) {
    bool loses_some = world->now - port->suspected_at < open_us &&
                      port->vitals.flow[direction].loss > world->threshold[HEAL_METRIC_LOSS] / 2;
    return loses_some || heal_link_is_undecided(world, port, direction);
}

/* Does one end hear the other so badly that large frames are lost by physics? */
static bool is_weak(const struct heal_port *port) {
    if (port->vitals.has_snr)
        return port->vitals.snr_db < weak_snr_db;
    return port->vitals.has_rssi && port->rssi_dbm <= faint_rssi_dbm;
}

bool heal_link_has_hole(const struct heal_port *port, enum heal_direction direction) {
    const struct heal_flow *flow = &port->vitals.flow[direction];
    const uint32_t *sent = flow->window.sent;
    return !is_weak(port) && sent[HEAL_PROBE_SMALL] >= SAMPLES_MIN && sent[HEAL_PROBE_FULL] >= SAMPLES_MIN &&
           flow->low_full >= hole_full_low && flow->small <= hole_small;
}

bool heal_link_has_queue(const struct heal_world *world, const struct heal_port *port) {
    return port->vitals.rtt_excess > world->threshold[HEAL_METRIC_LATENCY] &&
           port->vitals.rtt_ms > port->normal[HEAL_QUANTITY_RTT].middle + queue_ms;
}

bool heal_link_is_jammed(const struct heal_world *world, const struct heal_port *port) {
    float limit = world->threshold[HEAL_METRIC_SNR_DROP];
    if (is_weak(port) && port->vitals.has_snr && port->vitals.noise_dbm > loud_dbm)
        return true; /* whether or not there was time to learn what is normal */
    /* The signal itself is as strong as ever: a signal that fades is no interference. */
    return port->vitals.snr_drop_db > limit && port->vitals.noise_rise_db > limit / 2 &&
           port->vitals.noise_rise_db > port->vitals.rssi_drop_db;
}

bool heal_link_fades(const struct heal_world *world, const struct heal_port *port) {
    float usual = 3 * port->normal[HEAL_QUANTITY_RSSI].deviation; /* fading that is normal here */
    return port->vitals.has_rssi && port->rssi_dbm <= weak_rssi_dbm && port->vitals.rssi_drop_db > usual &&
           port->vitals.rssi_drop_db > world->threshold[HEAL_METRIC_SIGNAL_DROP];
}

bool heal_link_flaps(const struct heal_world *world, const struct heal_port *port) {
    bool between = port->vitals.flow[HEAL_IN].loss <= flap_loss_most &&
                   port->vitals.flow[HEAL_OUT].loss <= flap_loss_most;
    return between && (float)port->vitals.outages >= world->threshold[HEAL_METRIC_FLAPS];
}

/* Did what the peer sent arrive all the while in which it heard nothing of this end? */
static bool hears_meanwhile(const struct heal_world *world, const struct heal_port *port) {
    heal_us span = (heal_us)(port->vitals.flow[HEAL_OUT].silence_s * 1e6f);
    struct heal_window window = heal_history_window(&port->in, world->now > span ? world->now - span : 0);
    const uint32_t *sent = window.sent, *lost = window.lost;
    uint32_t all = sent[HEAL_PROBE_SMALL] + sent[HEAL_PROBE_FULL] + window.swallowed;
    uint32_t missed = lost[HEAL_PROBE_SMALL] + lost[HEAL_PROBE_FULL] + window.swallowed;
    return port->vitals.flow[HEAL_IN].silence_s < heard_lately_s && all >= HEARD_MIN &&
           (float)missed <= one_way_ratio * (float)all;
}

bool heal_link_is_unheard(const struct heal_world *world, const struct heal_port *port) {
    float limit = unheard_part * world->threshold[HEAL_METRIC_SILENCE];
    /* Its word must be of a time when the probes went fast: at a calm pace a short pause looks long. */
    bool looked = port->examined_since != 0 && port->suspected_at != 0 &&
                  port->peer_at >= port->suspected_at + world->settings.round_fast_us / 3;
    return port->known && looked && !heal_world_stood_still(world) &&
           port->vitals.flow[HEAL_OUT].silence_s > limit && hears_meanwhile(world, port);
}

bool heal_link_is_one_way(const struct heal_world *world, const struct heal_port *port,
                          enum heal_direction *ret_direction) {
    if (heal_link_is_unheard(world, port)) {
        *ret_direction = HEAL_OUT;
        return true;
    }
    for (int direction = 0; direction < HEAL_DIRECTIONS; direction++) {
        const struct heal_flow *bad = &port->vitals.flow[direction], *good = &port->vitals.flow[!direction];
        bool loses =
            heal_link_loses(world, port, (enum heal_direction)direction) && bad->loss >= one_way_least;
        if (loses && good->samples >= SAMPLES_MIN && good->loss <= bad->loss * one_way_ratio) {
            *ret_direction = (enum heal_direction)direction;
            return true;
        }
    }
    return false;
}

struct heal_symptom *heal_link_symptom(const struct heal_world *world, const struct heal_port *port,
                                       struct heal_symptoms *symptoms, enum heal_diagnosis diagnosis,
                                       float confidence) {
    struct heal_element element = {
        .kind = HEAL_ELEMENT_LINK, .node = world->id, .other = port->neighbour, .port = port->key};
    heal_us since = port->suspected_at != 0 ? port->suspected_at : world->now;
    return heal_symptoms_add(symptoms, diagnosis, &element, confidence, since);
}

void heal_link_evidence_loss(const struct heal_world *world, const struct heal_port *port,
                             struct heal_symptom *symptom, enum heal_direction direction) {
    const struct heal_flow *flow = &port->vitals.flow[direction];
    struct heal_evidence *evidence =
        heal_symptom_evidence(symptom, direction == HEAL_IN ? "loss, incoming" : "loss, outgoing", "share",
                              flow->loss, flow->samples);
    if (heal_baseline_is_warm(&port->normal[HEAL_QUANTITY_LOSS]))
        heal_evidence_normal(evidence, port->normal[HEAL_QUANTITY_LOSS].middle);
    heal_evidence_track(evidence, direction == HEAL_IN ? HEAL_TRACK_LOSS_IN : HEAL_TRACK_LOSS_OUT);
    heal_evidence_threshold(evidence, world->threshold[HEAL_METRIC_LOSS]);
}

void heal_link_evidence_rtt(const struct heal_port *port, struct heal_symptom *symptom) {
    if (port->vitals.rtt_ms < 0)
        return;
    struct heal_evidence *evidence = heal_symptom_evidence(symptom, "round trip", "ms", port->vitals.rtt_ms,
                                                           port->vitals.flow[HEAL_IN].samples);
    heal_evidence_track(evidence, HEAL_TRACK_ROUND_TRIP);
    if (heal_baseline_is_warm(&port->normal[HEAL_QUANTITY_RTT]))
        heal_evidence_normal(evidence, port->normal[HEAL_QUANTITY_RTT].middle);
}
