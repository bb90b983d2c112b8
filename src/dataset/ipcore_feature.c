/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* From tables to features. Each is a difference to what was normal there just before, squeezed by asinh:
 * small changes count as they are, large ones by their magnitude. */
#include "dataset/ipcore_parts.h"

#include <math.h>
#include <stdlib.h>

enum { ROWS_BEFORE = 10 };

enum {
    DOWN,
    LOSS_PACKETS,
    LOSS_RATE,
    LOST_IDLE,
    IN_CHANGE,
    TX_CHANGE,
    PREFIXES_CHANGE,
    CPU_CHANGE,
    RX_CHANGE,
    OUT_CHANGE,
    IN_BESIDE,
    TWIN_PREFIXES_CHANGE,
};

const struct heal_gnn_feature heal_ipcore_features[HEAL_IPCORE_INPUTS] = {
    [DOWN] = {.name = "down"},
    [LOSS_PACKETS] = {.name = "loss-packets"},
    [LOSS_RATE] = {.name = "loss-rate"},
    [LOST_IDLE] = {.name = "lost-idle"},
    [IN_CHANGE] = {.name = "in-change"},
    [TX_CHANGE] = {.name = "tx-change"},
    [PREFIXES_CHANGE] = {.name = "prefixes-change"},
    [CPU_CHANGE] = {.name = "cpu-change"},
    [RX_CHANGE] = {.name = "rx-change"},
    [OUT_CHANGE] = {.name = "out-change"},
    [IN_BESIDE] = {.name = "in-beside"},
    [TWIN_PREFIXES_CHANGE] = {.name = "twin-prefixes-change"},
};

/* What a port did in a minute, or a place's value. */
struct at {
    const struct heal_ipcore_tables *tables;
    unsigned port;
};

static double value_of(const struct at *at, enum heal_ipcore_file file, size_t minute) {
    return (double)at->tables->value[file][at->port * at->tables->minutes.count + minute];
}

/* Rates of what arrives at a port, and of what its link's other end sends: never below 0. */
static double rate_in(const struct at *at, size_t minute) {
    return fmax(value_of(at, HEAL_IPCORE_IN, minute), 0);
}

static double rate_out(const struct at *at, size_t minute) {
    return fmax(value_of(at, HEAL_IPCORE_OUT, minute), 0);
}

static double packets_in(const struct at *at, size_t minute) {
    return value_of(at, HEAL_IPCORE_RX, minute);
}

static double packets_out(const struct at *at, size_t minute) {
    return value_of(at, HEAL_IPCORE_TX, minute);
}

static double prefixes(const struct at *at, size_t minute) {
    return value_of(at, HEAL_IPCORE_PREFIXES, minute);
}

static double cpu(const struct at *at, size_t minute) {
    return value_of(at, HEAL_IPCORE_CPU, minute);
}

static double cut(double value, double most) {
    return value < -most ? -most : value > most ? most : value;
}

static struct at peer_of(const struct at *at) {
    return (struct at){.tables = at->tables, .port = (unsigned)at->tables->mesh.port[at->port].peer};
}

static double loss_packets(const struct at *at, size_t minute) {
    struct at peer = peer_of(at);
    double sent = packets_out(&peer, minute);

    return asinh(300 * cut((sent - packets_in(at, minute)) / (sent + 10), 1));
}

static double loss_rate(const struct at *at, size_t minute) {
    struct at peer = peer_of(at);
    double sent = rate_out(&peer, minute), received = rate_in(at, minute);

    return asinh(100 * cut((sent - received) / (fmax(sent, received) + 0.1), 1));
}

/* On a link without traffic the few packets of its protocols are counted one by one. */
static double lost_idle(const struct at *at, size_t minute) {
    static const double idle_below = 20, seconds = 60, most = 12;
    struct at peer = peer_of(at);
    double sent = rate_out(&peer, minute), received = rate_in(at, minute);

    return sent < idle_below && received < idle_below ? cut(seconds * (sent - received), most) : 0;
}

static int ascending(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

static double middle(double *value, size_t count) {
    qsort(value, count, sizeof *value, ascending);
    return (value[(count - 1) / 2] + value[count / 2]) / 2;
}

/* Of the rows before; NaN in the first. */
static double usual(const struct at *at, double (*what)(const struct at *at, size_t minute), size_t minute) {
    double before[ROWS_BEFORE];
    size_t count = minute < ROWS_BEFORE ? minute : ROWS_BEFORE;

    for (size_t i = 0; i < count; i++)
        before[i] = what(at, minute - 1 - i);
    return count > 0 ? middle(before, count) : (double)NAN;
}

/* How much more or less than usual, as a share. */
static double change(const struct at *at, double (*what)(const struct at *at, size_t minute), size_t minute) {
    double normal = usual(at, what, minute);

    return isnan(normal) ? 0 : asinh(100 * cut((what(at, minute) - normal) / (normal + 10), 2));
}

/* How much more or less than usual, as it is: a link that always loses a little is normal with it. */
static double above(const struct at *at, double (*what)(const struct at *at, size_t minute), size_t minute) {
    double normal = usual(at, what, minute);

    return what(at, minute) - (isnan(normal) ? 0 : normal);
}

static double prefixes_change(const struct at *at, size_t minute) {
    double normal = usual(at, prefixes, minute);

    return isnan(normal) ? 0 * prefixes(at, minute) : asinh(prefixes(at, minute) - normal);
}

/* What comes in here, beside what comes in at the router's other ports. */
static double beside(const struct at *at, size_t minute) {
    const struct heal_ipcore_mesh *mesh = &at->tables->mesh;
    double sibling[HEAL_IPCORE_PORTS_MAX], own = rate_in(at, minute);
    size_t count = 0;

    for (unsigned i = 0; i < mesh->ports; i++)
        if (i != at->port && mesh->port[i].router == mesh->port[at->port].router)
            sibling[count++] = rate_in(&(struct at){.tables = at->tables, .port = i}, minute);
    if (count == 0)
        return (double)NAN;
    double normal = middle(sibling, count);
    return asinh(100 * (own - normal) / (own + normal + 10));
}

void heal_ipcore_reckon(const struct heal_ipcore_tables *tables, size_t minute, unsigned port,
                        float *ret_feature) {
    const struct at at = {.tables = tables, .port = port};
    const struct heal_ipcore_port *is = &tables->mesh.port[port];
    double normal = usual(&at, cpu, minute);

    ret_feature[DOWN] = (float)(1 - value_of(&at, HEAL_IPCORE_ADMIN, minute));
    ret_feature[IN_CHANGE] = (float)change(&at, rate_in, minute);
    ret_feature[OUT_CHANGE] = (float)change(&at, rate_out, minute);
    ret_feature[RX_CHANGE] = (float)change(&at, packets_in, minute);
    ret_feature[TX_CHANGE] = (float)change(&at, packets_out, minute);
    ret_feature[CPU_CHANGE] = (float)(isnan(normal) ? 0 : cut(cpu(&at, minute) - normal, 30));
    ret_feature[IN_BESIDE] = (float)beside(&at, minute);
    ret_feature[PREFIXES_CHANGE] = (float)prefixes_change(&at, minute);
    if (is->twin >= 0)
        ret_feature[TWIN_PREFIXES_CHANGE] =
            (float)prefixes_change(&(struct at){.tables = tables, .port = (unsigned)is->twin}, minute);
    if (is->peer >= 0) {
        ret_feature[LOSS_PACKETS] = (float)above(&at, loss_packets, minute);
        ret_feature[LOSS_RATE] = (float)above(&at, loss_rate, minute);
        ret_feature[LOST_IDLE] = (float)above(&at, lost_idle, minute);
    }
}
