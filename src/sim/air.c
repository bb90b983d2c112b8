/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "sim/air.h"

#include "sim/sim_state.h"

#include <math.h>
#include <string.h>

static const double normal_rtt_ms = 1.0;
/* What the sizes of probes are reckoned as on the air. */
static const unsigned size_bytes[HEAL_PROBE_SIZES] = {[HEAL_PROBE_SMALL] = 200, [HEAL_PROBE_FULL] = 1500};

/* A radio loses less than one frame in 10^40 above this. */
static const double clear_snr_db = 10;

double heal_air_rssi_dbm(const struct heal_sim_link *link) {
    return heal_radio_rssi(&heal_radio_default, link->distance_m, link->fading.now_db);
}

double heal_air_noise_dbm(const struct heal_sim_direction *direction) {
    return heal_radio_default.noise_dbm + direction->noise_db;
}

static bool is_down(const struct heal_sim *sim, const struct heal_sim_link *link, heal_us at) {
    return !link->carrier || heal_air_is_down(heal_air_port(sim, link, 0), at) ||
           heal_air_is_down(heal_air_port(sim, link, 1), at) ||
           (link->flap_period != 0 && at % link->flap_period < link->flap_down);
}

/* Does nothing come through, in neither direction? */
static bool is_cut(const struct heal_sim *sim, const struct heal_sim_link *link, heal_us at) {
    return sim->node[link->node[0]].paused || sim->node[link->node[1]].paused || is_down(sim, link, at);
}

static double loss_of(const struct heal_sim_direction *direction, enum heal_probe_size size, bool cut) {
    return cut || direction->dead ? 1 : direction->loss_now[size];
}

double heal_air_loss(const struct heal_sim *sim, const struct heal_sim_link *link, unsigned side,
                     enum heal_probe_size size, heal_us at) {
    return loss_of(&link->direction[side], size, is_cut(sim, link, at));
}

static void work_out_losses(struct heal_sim_link *link) {
    for (unsigned side = 0; side < 2; side++) {
        struct heal_sim_direction *direction = &link->direction[side];
        double snr = heal_air_rssi_dbm(link) - heal_air_noise_dbm(direction);
        const double fault[HEAL_PROBE_SIZES] = {
            [HEAL_PROBE_SMALL] = direction->loss, [HEAL_PROBE_FULL] = direction->loss_full};
        for (unsigned size = 0; size < HEAL_PROBE_SIZES; size++) {
            double radio = link->radio && snr < clear_snr_db ? heal_radio_loss(snr, size_bytes[size]) : 0;
            direction->loss_now[size] = 1 - (1 - fault[size]) * (1 - radio);
        }
    }
    link->changed = false;
}

static bool arrives(struct heal_sim_link *link, double loss) {
    return loss <= 0 || (loss < 1 && heal_random_uniform(&link->random) >= loss);
}

bool heal_air_passes(struct heal_sim *sim, struct heal_sim_link *link, unsigned side, bool full) {
    heal_air_reckon(sim, link);
    enum heal_probe_size size = full ? HEAL_PROBE_FULL : HEAL_PROBE_SMALL;
    return arrives(link, heal_air_loss(sim, link, side, size, sim->now));
}

static void note_rtt(struct heal_sim_link *link, struct heal_sim_port *port) {
    double rtt = normal_rtt_ms + link->direction[0].delay_ms + link->direction[1].delay_ms +
                 0.1 * fabs(heal_random_normal(&link->random));
    if (port->rtt_count == 0 || rtt < port->rtt_min_ms)
        port->rtt_min_ms = rtt;
    port->rtt_count++;
}

/* Packets are counted once, and beside them the further attempts that a radio makes. */
static void count_sent(struct heal_sim_port *port, const struct heal_sim_direction *direction,
                       uint64_t packets) {
    port->tx_packets += packets;
    port->retries += (double)packets * direction->retries / (1 - direction->retries);
}

/* What is lost of what one end sends, and of the small answers to it, while that stays the same. */
struct losses {
    double out[HEAL_PROBE_SIZES], back;
};

static void send_probe(struct heal_sim *sim, struct heal_sim_link *link, unsigned side,
                       const struct losses *losses, enum heal_probe_size size, heal_us at) {
    struct heal_sim_port *port = heal_air_port(sim, link, side), *peer = heal_air_port(sim, link, !side);
    port->sent[size]++;
    count_sent(port, &link->direction[side], 1);
    bool full = size == HEAL_PROBE_FULL;
    bool too_large = full && port->mtu > peer->mtu; /* a receiver takes no more than its own MTU */
    /* A hole swallows what is larger than the MTU of an interface once that is clamped. */
    enum heal_probe_size as = full && port->mtu > HEAL_MTU_MIN ? HEAL_PROBE_FULL : HEAL_PROBE_SMALL;
    if (too_large || !arrives(link, losses->out[as]))
        return;
    struct heal_account_probe probe = {.epoch = link->node[side] + 1, .size = size};
    memcpy(probe.sent, port->sent, sizeof probe.sent);
    peer->rx_packets++;
    if (sim->node[link->node[!side]].bare)
        return;
    heal_account_take(&peer->account, at, &probe);
    heal_account_pair(&peer->account, port->tx_packets, peer->rx_packets);
    if (arrives(link, losses->back))
        note_rtt(link, port);
}

/* The background traffic of a span. */
static void send_traffic(struct heal_sim *sim, struct heal_sim_link *link, unsigned side,
                         const struct losses *losses, heal_us span) {
    struct heal_sim_direction *direction = &link->direction[side];
    direction->owed += link->traffic * (double)span / 1e6;
    uint64_t packets = (uint64_t)direction->owed;
    direction->owed -= (double)packets;
    uint64_t full = (packets + direction->packets % 2) / 2;
    direction->packets += packets;
    count_sent(heal_air_port(sim, link, side), direction, packets);
    bool fits =
        heal_air_port(sim, link, side)->mtu <= HEAL_MTU_MIN; /* connections send smaller packets then */
    enum heal_probe_size large = fits ? HEAL_PROBE_SMALL : HEAL_PROBE_FULL;
    heal_air_port(sim, link, !side)->rx_packets +=
        packets - heal_random_binomial(&link->random, packets - full, losses->out[HEAL_PROBE_SMALL]) -
        heal_random_binomial(&link->random, full, losses->out[large]);
}

/* One direction, in a span in which what it loses is the same. */
static void send_all(struct heal_sim *sim, struct heal_sim_link *link, unsigned side, heal_us from,
                     heal_us until) {
    struct heal_sim_port *port = heal_air_port(sim, link, side);
    const heal_us interval[HEAL_PROBE_SIZES] = {port->pace.small_interval_ms * HEAL_US_PER_MS,
                                                port->pace.full_interval_ms * HEAL_US_PER_MS};
    bool paused = sim->node[link->node[side]].paused;
    bool cut = is_cut(sim, link, from);
    const struct losses losses = {
        .out = {[HEAL_PROBE_SMALL] = loss_of(&link->direction[side], HEAL_PROBE_SMALL, cut),
                [HEAL_PROBE_FULL] = loss_of(&link->direction[side], HEAL_PROBE_FULL, cut)},
        .back = loss_of(&link->direction[!side], HEAL_PROBE_SMALL, cut)
    };
    for (;;) {
        enum heal_probe_size size = port->probe_at[1] < port->probe_at[0];
        heal_us at = port->probe_at[size];
        if (at >= until)
            break;
        port->probe_at[size] += interval[size];
        if (paused || sim->node[link->node[side]].bare)
            continue;
        if (at > from) {
            send_traffic(sim, link, side, &losses, at - from);
            from = at;
        }
        send_probe(sim, link, side, &losses, size, at);
    }
    if (!paused)
        send_traffic(sim, link, side, &losses, until - from);
}

/* How long after `at` the link stays as it is. */
static heal_us steady_until(const struct heal_sim *sim, const struct heal_sim_link *link, heal_us at) {
    heal_us until = (at / HEAL_US_PER_S + 1) * HEAL_US_PER_S;
    for (unsigned side = 0; side < 2; side++) {
        heal_us up = heal_air_port(sim, link, side)->bounced_until;
        until = at < up && up < until ? up : until;
    }
    if (link->flap_period == 0)
        return until;
    heal_us begun = at - at % link->flap_period;
    heal_us edge = begun + (at - begun < link->flap_down ? link->flap_down : link->flap_period);
    return edge < until ? edge : until;
}

void heal_air_reckon(struct heal_sim *sim, struct heal_sim_link *link) {
    if (link->changed)
        work_out_losses(link);
    while (link->reckoned < sim->now) {
        heal_us until = steady_until(sim, link, link->reckoned);
        until = until < sim->now ? until : sim->now;
        for (unsigned side = 0; side < 2; side++)
            send_all(sim, link, side, link->reckoned, until);
        link->reckoned = until;
        if (link->radio && until % HEAL_US_PER_S == 0) {
            heal_radio_fading_step(&link->fading, &link->random);
            work_out_losses(link);
        }
    }
}
