/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "monitor/vitals.h"

#include "base/cleanup.h"
#include "base/statistics.h"
#include "model/output.h"

#include <math.h>
#include <string.h>

static const heal_us calm_window_us = 3 * HEAL_US_PER_S;
static const heal_us examine_window_us = 8 * HEAL_US_PER_S;
static const heal_us sick_window_us = 4 * HEAL_US_PER_S; /* shorter, to see a recovery soon */
static const heal_us lately_us = 1500 * HEAL_US_PER_MS;
/* A burst, and the reports around its beginning and its end; and what must be left besides to tell it by. */
static const heal_us burst_us = 2500 * HEAL_US_PER_MS, rest_us = 500 * HEAL_US_PER_MS;
static const heal_us flap_window_us = 15 * HEAL_US_PER_S;
/* A mesh below IP takes some five announcements, mostly seconds, to change its mind. */
static const heal_us return_window_us = 60 * HEAL_US_PER_S;
static const heal_us peer_fresh_us = 2500 * HEAL_US_PER_MS;
static const heal_us radio_fresh_us = 5 * HEAL_US_PER_S;
static const heal_us transit_window_us = 3 * HEAL_US_PER_S;

/* Paired counters speak for traffic; few packets, or those still on their way when read, do not. */
enum { PAIRS_MIN = 60, LOSSY_REPORTS_MIN = 3, ATTEMPTS_MIN = 12 };
/* Before it is known what is normal here: rate control tries rates that are too fast now and then. */
static const float retries_usual = 0.15f;

/* The noise of each measurement itself: no deviation is believed to be smaller. */
static const float floors[HEAL_QUANTITIES] = {
    [HEAL_QUANTITY_RTT] = 0.5f,     [HEAL_QUANTITY_LOSS] = 0.002f,     [HEAL_QUANTITY_RSSI] = 1,
    [HEAL_QUANTITY_SNR] = 1,        [HEAL_QUANTITY_NOISE] = 1,         [HEAL_QUANTITY_PEER_SNR] = 1,
    [HEAL_QUANTITY_PEER_NOISE] = 1, [HEAL_QUANTITY_THROUGHPUT] = 1000, [HEAL_QUANTITY_RETRIES] = 0.02f,
};

static float share(uint64_t part, uint64_t whole) {
    return whole == 0 ? -1 : (float)part / (float)whole;
}

static float larger(float a, float b) {
    return a > b ? a : b;
}

/* @param counters whether the interfaces' counters speak of this link: those of a radio also count what is
 * sent to nobody in particular, which is not sent again when it is lost. */
static void judge_direction(struct heal_flow *flow, const struct heal_history *history, heal_us since,
                            bool counters) {
    struct heal_window window = heal_history_window(history, since);
    const uint32_t small = HEAL_PROBE_SMALL, full = HEAL_PROBE_FULL;
    uint32_t sent = window.sent[small] + window.sent[full], lost = window.lost[small] + window.lost[full];
    flow->window = window;
    flow->small = share(window.lost[small], window.sent[small]);
    flow->full = share(window.lost[full], window.sent[full]);
    flow->low_small = heal_share_interval(window.lost[small], window.sent[small]).low;
    flow->low_full = heal_share_interval(window.lost[full], window.sent[full]).low;
    flow->loss = larger(share(lost, sent), 0);
    flow->low = heal_share_interval(lost, sent).low;
    flow->samples = sent;
    bool paired = counters && window.pair_sent >= PAIRS_MIN && window.outages == 0 &&
                  window.pair_lost > HEAL_PAIRS_IN_FLIGHT;
    if (paired) {
        float low = heal_share_interval(window.pair_lost - HEAL_PAIRS_IN_FLIGHT, window.pair_sent).low;
        if (low > flow->low) {
            flow->low = low;
            flow->loss = share(window.pair_lost, window.pair_sent);
            flow->samples = (uint32_t)(window.pair_sent < UINT32_MAX ? window.pair_sent : UINT32_MAX);
        }
    }
}

/* Half the share of the whole window, or more: a link that loses a packet now and then does so at any time.
 */
static bool loses_as_well(const struct heal_window *part, const struct heal_flow *flow, bool counters) {
    uint32_t sent = part->sent[HEAL_PROBE_SMALL] + part->sent[HEAL_PROBE_FULL];
    uint32_t lost = part->lost[HEAL_PROBE_SMALL] + part->lost[HEAL_PROBE_FULL];
    bool counted = counters && part->outages == 0 && part->pair_lost > HEAL_PAIRS_IN_FLIGHT;
    return (lost > 0 && 2 * share(lost, sent) >= flow->loss) ||
           (counted && 2 * share(part->pair_lost, part->pair_sent) >= flow->loss);
}

/* A burst that is over is no loss: it must still go on, and not be told of by one report or two: those may be
 * late with the beginning or the end of an outage. */
static bool loses_lately(const struct heal_world *world, const struct heal_history *history,
                         const struct heal_flow *flow, bool counters) {
    const struct heal_window *whole = &flow->window;
    if (whole->lossy < LOSSY_REPORTS_MIN && whole->lossy < whole->reports)
        return false;
    heal_us since = world->now > lately_us ? world->now - lately_us : 0;
    struct heal_window window = heal_history_window(history, since);
    return loses_as_well(&window, flow, counters);
}

/* Nor is one that comes while the link is looked at for another reason, or with a packet or two lost long
 * after it. Where there is hardly more than the burst itself it cannot be told; of a link that is known to be
 * sick it is not asked. */
static bool loses_steadily(const struct heal_world *world, const struct heal_port *port,
                           enum heal_direction direction, heal_us since, bool counters) {
    const struct heal_flow *flow = &port->vitals.flow[direction];
    if (flow->low <= world->threshold[HEAL_METRIC_LOSS] || flow->window.span < burst_us + rest_us ||
        heal_world_port_is_sick(world, port))
        return true;
    const struct heal_history *history = direction == HEAL_IN ? &port->in : &port->out;
    struct heal_window rest = heal_history_window_without_worst(history, since, burst_us);
    return loses_as_well(&rest, flow, counters);
}

static void judge_silence(const struct heal_world *world, struct heal_port *port) {
    struct heal_flow *in = &port->vitals.flow[HEAL_IN], *out = &port->vitals.flow[HEAL_OUT];
    const struct heal_sample *newest = heal_history_newest(&port->in);
    in->silence_s = out->silence_s = -1;
    if (newest && newest->account.silence_ms != UINT32_MAX)
        in->silence_s =
            (float)newest->account.silence_ms / 1000.0f + heal_world_seconds_since(world, newest->time);
    if (heal_port_peer_is_fresh(port, world->now, peer_fresh_us) && port->peer.in.silence_ms != UINT32_MAX)
        out->silence_s = (float)port->peer.in.silence_ms / 1000.0f; /* its own word's age is no silence */
}

/* No packet counted is no packet lost: a direction that was silent all the time has lost all, and one of
 * which only the other end could tell, which is not heard any more, is not known. */
static void judge_loss_told(const struct heal_world *world, struct heal_port *port) {
    struct heal_flow *in = &port->vitals.flow[HEAL_IN], *out = &port->vitals.flow[HEAL_OUT];
    float limit = world->threshold[HEAL_METRIC_SILENCE];
    bool hears = heal_port_hears(port, limit);
    bool told = hears || heal_port_peer_is_fresh(port, world->now, peer_fresh_us);
    in->loss_told = !hears && in->silence_s >= 0 ? 1 : in->samples > 0 ? in->loss : -1;
    out->loss_told = out->silence_s >= limit ? 1 : told && out->samples > 0 ? out->loss : -1;
}

static float above(const struct heal_baseline *normal, float value) {
    return heal_baseline_is_warm(normal) ? value - normal->middle : 0;
}

static void judge_rtt(struct heal_port *port) {
    struct heal_vitals *vitals = &port->vitals;
    vitals->rtt_ms = -1;
    for (size_t i = 0; i < HEAL_COUNT(port->rtt_recent_ms); i++) {
        bool counts = port->rtt_recent_ms[i] > 0 && (port->examined_since != 0 || i == port->rtt_next);
        if (counts && (vitals->rtt_ms < 0 || port->rtt_recent_ms[i] < vitals->rtt_ms))
            vitals->rtt_ms = port->rtt_recent_ms[i];
    }
    const struct heal_baseline *normal = &port->normal[HEAL_QUANTITY_RTT];
    vitals->rtt_excess =
        vitals->rtt_ms < 0
            ? 0
            : above(normal, vitals->rtt_ms) /
                  larger(normal->deviation, larger(floors[HEAL_QUANTITY_RTT], 0.05f * normal->middle));
}

static bool radio_is_fresh(const struct heal_world *world, const struct heal_port *port) {
    return port->has_radio && world->now - port->radio_at <= radio_fresh_us;
}

static bool peer_has(const struct heal_world *world, const struct heal_port *port,
                     enum heal_feature feature) {
    return heal_port_peer_is_fresh(port, world->now, radio_fresh_us) &&
           (port->peer.features.valid >> feature & 1) != 0;
}

/* Takes the worse of both ends. */
static void take_snr(struct heal_vitals *vitals, float snr_db, float noise_dbm) {
    if (vitals->has_snr && vitals->snr_db <= snr_db)
        return;
    vitals->has_snr = true;
    vitals->snr_db = snr_db;
    vitals->noise_dbm = noise_dbm;
}

static void judge_radio(const struct heal_world *world, struct heal_port *port) {
    struct heal_vitals *vitals = &port->vitals;
    const struct heal_baseline *normal = port->normal;
    vitals->snr_drop_db = vitals->noise_rise_db = vitals->rssi_drop_db = 0;
    vitals->has_snr = false;
    vitals->has_rssi = radio_is_fresh(world, port);
    if (radio_is_fresh(world, port)) {
        vitals->rssi_drop_db = -above(&normal[HEAL_QUANTITY_RSSI], port->rssi_dbm);
        if (port->has_noise) {
            vitals->snr_drop_db = -above(&normal[HEAL_QUANTITY_SNR], port->rssi_dbm - port->noise_dbm);
            vitals->noise_rise_db = above(&normal[HEAL_QUANTITY_NOISE], port->noise_dbm);
            take_snr(vitals, port->rssi_dbm - port->noise_dbm, port->noise_dbm);
        }
    }
    if (peer_has(world, port, HEAL_FEATURE_SNR)) {
        float drop = -above(&normal[HEAL_QUANTITY_PEER_SNR], port->peer.features.value[HEAL_FEATURE_SNR]);
        float rise = above(&normal[HEAL_QUANTITY_PEER_NOISE], port->peer.noise_dbm);
        vitals->snr_drop_db = larger(vitals->snr_drop_db, drop);
        vitals->noise_rise_db = larger(vitals->noise_rise_db, rise);
        take_snr(vitals, port->peer.features.value[HEAL_FEATURE_SNR], port->peer.noise_dbm);
    }
}

static void judge_retries(struct heal_port *port, heal_us since) {
    struct heal_vitals *vitals = &port->vitals;
    struct heal_station_window window = heal_station_window(&port->station, since);
    const struct heal_baseline *normal = &port->normal[HEAL_QUANTITY_RETRIES];
    float usual = heal_baseline_is_warm(normal) ? normal->middle : retries_usual;
    vitals->attempts = window.packets + window.retries;
    vitals->retries = -1;
    vitals->retries_rise = 0;
    if (vitals->attempts < ATTEMPTS_MIN)
        return;
    vitals->retries = share(window.retries, vitals->attempts);
    vitals->retries_rise = larger(heal_share_interval(window.retries, vitals->attempts).low - usual, 0);
}

static void set_feature(struct heal_features *features, enum heal_feature feature, bool valid, float value) {
    features->value[feature] = valid ? value : 0;
    if (valid)
        features->valid |= (uint8_t)(1u << feature);
}

/* Processes may use more than their node is said to have (sources.cpu-capacity). */
static float share_of_one(float share) {
    return share > 1 ? 1 : share;
}

/* It came up, or back: what was gone for a while is as young as what was not there before. */
static float link_age(const struct heal_world *world, const struct heal_port *port) {
    heal_us outage = port->outage_at[0];
    return heal_world_seconds_since(world, outage > port->since ? outage : port->since);
}

static void derive_features(const struct heal_world *world, struct heal_port *port) {
    struct heal_features *features = &port->features;
    float loss = larger(port->vitals.flow[HEAL_IN].loss_told, port->vitals.flow[HEAL_OUT].loss_told);
    bool radio = radio_is_fresh(world, port);
    memset(features, 0, sizeof *features);
    set_feature(features, HEAL_FEATURE_RSSI, radio, port->rssi_dbm);
    set_feature(features, HEAL_FEATURE_SNR, radio && port->has_noise, port->rssi_dbm - port->noise_dbm);
    set_feature(features, HEAL_FEATURE_LOSS, loss >= 0, loss);
    set_feature(features, HEAL_FEATURE_LINK_AGE, true, link_age(world, port));
    set_feature(features, HEAL_FEATURE_LATENCY, port->vitals.rtt_ms >= 0, port->vitals.rtt_ms);
    set_feature(features, HEAL_FEATURE_THROUGHPUT, port->throughput >= 0, port->throughput);
    set_feature(features, HEAL_FEATURE_CPU, world->node_at != 0, share_of_one(world->node.cpu));
    set_feature(features, HEAL_FEATURE_MEMORY, world->node_at != 0, share_of_one(world->node.memory));
}

static uint32_t count_lately(const struct heal_world *world, const heal_us at[HEAL_OUTAGES_KEPT],
                             heal_us span) {
    uint32_t count = 0;
    for (size_t i = 0; i < HEAL_OUTAGES_KEPT; i++)
        count += at[i] != 0 && world->now - at[i] <= span;
    return count;
}

void heal_vitals_update(struct heal_world *world, struct heal_port *port) {
    struct heal_vitals *vitals = &port->vitals;
    heal_us reach = port->examined_since == 0              ? calm_window_us
                    : heal_world_port_is_sick(world, port) ? sick_window_us
                                                           : examine_window_us;
    heal_us since = world->now > reach ? world->now - reach : 0;
    /* The verdict rests on what was seen since the probes went fast, not on the sparse time before. */
    if (port->examined_since != 0 && port->suspected_at > since)
        since = port->suspected_at;
    bool counters = !heal_station_is_fresh(&port->station, world->now, radio_fresh_us);
    judge_direction(&vitals->flow[HEAL_IN], &port->in, since, counters);
    judge_direction(&vitals->flow[HEAL_OUT], &port->out, since, counters);
    vitals->flow[HEAL_IN].lately = loses_lately(world, &port->in, &vitals->flow[HEAL_IN], counters);
    vitals->flow[HEAL_OUT].lately = loses_lately(world, &port->out, &vitals->flow[HEAL_OUT], counters);
    for (int direction = 0; direction < HEAL_DIRECTIONS; direction++)
        vitals->flow[direction].steady =
            loses_steadily(world, port, (enum heal_direction)direction, since, counters);
    judge_retries(port, since);
    judge_silence(world, port);
    judge_loss_told(world, port);
    judge_rtt(port);
    judge_radio(world, port);
    vitals->outages = count_lately(world, port->outage_at, flap_window_us);
    vitals->returns = count_lately(world, port->returned_at, return_window_us);
    vitals->examined = port->examined_since != 0 && port->suspected_at != 0 &&
                       world->now - port->suspected_at >= world->settings.examine_us;
    derive_features(world, port);
}

static void learn(struct heal_port *port, enum heal_quantity quantity, bool valid, float value) {
    if (valid)
        heal_baseline_add(&port->normal[quantity], value, floors[quantity]);
}

void heal_vitals_learn(struct heal_world *world, struct heal_port *port) {
    const struct heal_features *own = &port->features, *peer = &port->peer.features;
    bool radio = (own->valid >> HEAL_FEATURE_RSSI & 1) != 0,
         noise = (own->valid >> HEAL_FEATURE_SNR & 1) != 0;
    bool peer_noise = peer_has(world, port, HEAL_FEATURE_SNR);
    learn(port, HEAL_QUANTITY_RTT, port->vitals.rtt_ms >= 0, port->vitals.rtt_ms);
    learn(port, HEAL_QUANTITY_LOSS, (own->valid >> HEAL_FEATURE_LOSS & 1) != 0,
          own->value[HEAL_FEATURE_LOSS]);
    learn(port, HEAL_QUANTITY_RSSI, radio, own->value[HEAL_FEATURE_RSSI]);
    learn(port, HEAL_QUANTITY_SNR, noise, own->value[HEAL_FEATURE_SNR]);
    learn(port, HEAL_QUANTITY_NOISE, noise, port->noise_dbm);
    learn(port, HEAL_QUANTITY_PEER_SNR, peer_noise, peer->value[HEAL_FEATURE_SNR]);
    learn(port, HEAL_QUANTITY_PEER_NOISE, peer_noise, port->peer.noise_dbm);
    learn(port, HEAL_QUANTITY_RETRIES, port->vitals.retries >= 0, port->vitals.retries);
    learn(port, HEAL_QUANTITY_THROUGHPUT, port->throughput >= 0, port->throughput);
}

void heal_vitals_transit(struct heal_world *world, struct heal_port *port) {
    for (size_t i = 0; i < HEAL_TRANSITS_MAX; i++) {
        struct heal_transit *transit = &port->transit[i];
        if (transit->target == 0 || world->now - transit->mark < transit_window_us)
            continue;
        uint32_t sent = transit->sent - transit->sent_mark;
        uint32_t arrived = transit->arrived - transit->arrived_mark;
        transit->loss = sent == 0 ? -1 : arrived >= sent ? 0 : share(sent - arrived, sent);
        transit->samples = sent;
        bool bad = transit->loss > world->threshold[HEAL_METRIC_TRANSIT_LOSS];
        transit->bad_windows = (uint8_t)(!bad                         ? 0
                                         : transit->bad_windows < 255 ? transit->bad_windows + 1
                                                                      : 255);
        transit->sent_mark = transit->sent;
        transit->arrived_mark = transit->arrived;
        transit->mark = world->now;
    }
}

static void note_since(heal_us *since, bool present, heal_us now) {
    if (!present)
        *since = 0;
    else if (*since == 0)
        *since = now;
}

void heal_vitals_routes(struct heal_world *world) {
    struct heal_rib *rib = &world->rib;
    if (world->rib_checked == rib->revision)
        return;
    world->rib_checked = rib->revision;
    if (rib->fib_incomplete && !rib->fib_told) {
        rib->fib_told = true;
        heal_output_decide(world, HEAL_DECISION_OBSERVATION, 0,
                           "kernel-routes=more-than-%d routes-lost=not-judged", HEAL_FIB_MAX);
    }
    bool drops = false;
    world->routes_missing = 0;
    for (size_t i = 0; i < rib->routes; i++) {
        const struct heal_reading_route *route = &rib->route[i];
        /* A retracted route is still "installed", as one that says that there is no way. */
        if (!route->installed || route->via.ifname[0] == '\0' || route->metric == UINT16_MAX)
            continue;
        bool missing = !rib->fib_incomplete && !heal_rib_foreign(rib, &route->prefix);
        world->routes_missing = (uint16_t)(world->routes_missing + missing);
        drops = drops || heal_rib_blackhole(rib, &route->prefix) != NULL;
    }
    bool uplink = heal_rib_has_default(rib, world->mesh.is.ifname);
    world->uplink_known = world->uplink_known || uplink;
    note_since(&world->uplink_lost_since, world->uplink_known && !uplink, world->now);
    note_since(&world->routes_differ_since, world->routes_missing > 0, world->now);
    note_since(&world->drops_since, drops, world->now);
}
