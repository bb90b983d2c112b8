/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Nodes without positions are laid out by stress majorization (E. Gansner, Y. Koren, S. North, "Graph Drawing
 * by Stress Majorization", 2004): the distance of two nodes on the map comes as near as it can to their
 * distance in hops, weighed by its inverse square. Each round moves one node after the other to where that is
 * least (their equation 8, localized). */
#include "picture/layout.h"

#include "base/random.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROUNDS = 200,
    STRESS_NODES_MAX = 600, /* with more it takes too long: a ring says as little */
    FAR = UINT16_MAX,
    SEED = 1,
};
/* As page.css has them. */
const double heal_form_ratio[HEAL_FORMS] = {
    [HEAL_FORM_BLOCK] = 1.5, [HEAL_FORM_WIDE] = 2.3, [HEAL_FORM_STRIP] = 3.6};
static const double border = 0.11, turn = 6.283185307179586;

size_t heal_layout_index(const struct heal_picture *picture, const char *name) {
    for (size_t i = 0; i < picture->nodes; i++)
        if (strcmp(picture->node[i].name, name) == 0)
            return i;
    return SIZE_MAX;
}

/* The links as pairs of indices. */
struct pair {
    size_t a, b;
};

static struct pair *pairs_of(const struct heal_picture *picture) {
    struct pair *pair = calloc(picture->links + 1, sizeof *pair);

    for (size_t i = 0; pair && i < picture->links; i++)
        pair[i] = (struct pair){heal_layout_index(picture, picture->link[i].a),
                                heal_layout_index(picture, picture->link[i].b)};
    return pair;
}

/* One more wave from the nodes that are @p reached hops away. @return whether it got anywhere. */
static bool spread(const struct heal_picture *picture, const struct pair *pair, uint16_t *hops,
                   uint16_t reached) {
    bool further = false;

    for (size_t i = 0; i < picture->links; i++) {
        size_t a = pair[i].a, b = pair[i].b;

        if (a == SIZE_MAX || b == SIZE_MAX)
            continue;
        size_t new = hops[a] == reached &&hops[b] == FAR   ? b
                     : hops[b] == reached &&hops[a] == FAR ? a
                                                           : SIZE_MAX;
        if (new != SIZE_MAX) {
            hops[new] = (uint16_t)(reached + 1);
            further = true;
        }
    }
    return further;
}

/* Fills a table of hops between all nodes, a row a node; what does not hang together is a little further
 * apart than what does. */
static void count_hops(const struct heal_picture *picture, const struct pair *pair, uint16_t *hops) {
    size_t nodes = picture->nodes;
    uint16_t longest = 1;

    memset(hops, 0xff, nodes * nodes * sizeof *hops);
    for (size_t i = 0; i < nodes; i++) {
        uint16_t reached = 0;

        hops[i * nodes + i] = 0;
        while (spread(picture, pair, hops + i * nodes, reached))
            reached++;
        longest = reached > longest ? reached : longest;
    }
    for (size_t i = 0; i < nodes * nodes; i++)
        if (hops[i] == FAR)
            hops[i] = (uint16_t)(longest + 1);
}

/* @return the table, or NULL without memory. */
static uint16_t *hops_of(const struct heal_picture *picture) {
    struct pair *pair = pairs_of(picture);
    uint16_t *hops = pair ? malloc(picture->nodes * picture->nodes * sizeof *hops) : NULL;

    if (hops)
        count_hops(picture, pair, hops);
    free(pair);
    return hops;
}

/* On a ring, but none exactly across from another: such a start could not be left. */
static void put_on_ring(struct heal_spot *spot, size_t nodes, double jitter) {
    struct heal_random random;

    heal_random_init(&random, SEED);
    for (size_t i = 0; i < nodes; i++) {
        double angle = turn * (double)i / (double)nodes, radius = 1 + jitter * heal_random_uniform(&random);

        spot[i].x = radius * sin(angle);
        spot[i].y = -radius * cos(angle);
    }
}

static void move(struct heal_spot *spot, size_t nodes, const uint16_t *hops, size_t i) {
    double x = 0, y = 0, sum = 0;

    for (size_t j = 0; j < nodes; j++) {
        if (j == i)
            continue;
        double wanted = hops[i * nodes + j], weight = 1 / (wanted * wanted);
        double dx = spot[i].x - spot[j].x, dy = spot[i].y - spot[j].y, apart = fmax(hypot(dx, dy), 1e-6);

        x += weight * (spot[j].x + wanted * dx / apart);
        y += weight * (spot[j].y + wanted * dy / apart);
        sum += weight;
    }
    if (sum > 0)
        spot[i] = (struct heal_spot){x / sum, y / sum};
}

/* Turns the longest extent of all into the horizontal. */
static void lay_flat(struct heal_spot *spot, size_t nodes) {
    double x = 0, y = 0, xx = 0, xy = 0, yy = 0;

    for (size_t i = 0; i < nodes; i++) {
        x += spot[i].x / (double)nodes;
        y += spot[i].y / (double)nodes;
    }
    for (size_t i = 0; i < nodes; i++) {
        double dx = spot[i].x - x, dy = spot[i].y - y;

        xx += dx * dx;
        xy += dx * dy;
        yy += dy * dy;
    }
    double angle = -0.5 * atan2(2 * xy, xx - yy), c = cos(angle), s = sin(angle);
    for (size_t i = 0; i < nodes; i++) {
        double dx = spot[i].x - x, dy = spot[i].y - y;

        spot[i] = (struct heal_spot){c * dx - s * dy, s * dx + c * dy};
    }
}

static int lay_out(const struct heal_picture *picture, struct heal_spot *spot) {
    size_t nodes = picture->nodes;

    put_on_ring(spot, nodes, nodes > STRESS_NODES_MAX ? 0 : 0.1);
    if (nodes < 3 || nodes > STRESS_NODES_MAX) {
        lay_flat(spot, nodes);
        return 0;
    }
    uint16_t *hops = hops_of(picture);
    if (!hops)
        return -ENOMEM;
    for (int round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < nodes; i++)
            move(spot, nodes, hops, i);
    free(hops);
    lay_flat(spot, nodes);
    return 0;
}

/* Scales all into the flattest map that has room. What has no extent is in its middle. */
static enum heal_form fit(struct heal_spot *spot, size_t nodes) {
    double left = INFINITY, right = -INFINITY, top = INFINITY, bottom = -INFINITY;
    enum heal_form form = HEAL_FORM_STRIP;

    for (size_t i = 0; i < nodes; i++) {
        left = fmin(left, spot[i].x);
        right = fmax(right, spot[i].x);
        top = fmin(top, spot[i].y);
        bottom = fmax(bottom, spot[i].y);
    }
    while (form > HEAL_FORM_BLOCK && (right - left) < heal_form_ratio[form] * (bottom - top))
        form--;
    double room = 1 - 2 * border, ratio = heal_form_ratio[form];
    double scale = fmax(fmax((right - left) / ratio, bottom - top), 1e-9);
    for (size_t i = 0; i < nodes; i++) {
        spot[i].x = 0.5 + room * (spot[i].x - (left + right) / 2) / (scale * ratio);
        spot[i].y = 0.5 + room * (spot[i].y - (top + bottom) / 2) / scale;
    }
    return form;
}

static bool all_are_placed(const struct heal_picture *picture) {
    for (size_t i = 0; i < picture->nodes; i++)
        if (!picture->node[i].placed || !isfinite(picture->node[i].x_m) || !isfinite(picture->node[i].y_m))
            return false;
    return true;
}

int heal_layout_make(const struct heal_picture *picture, enum heal_form *ret_form,
                     struct heal_spot **ret_spot) {
    struct heal_spot *spot = calloc(picture->nodes + 1, sizeof *spot);
    int r = 0;

    if (!spot)
        return -ENOMEM;
    if (all_are_placed(picture))
        for (size_t i = 0; i < picture->nodes; i++)
            spot[i] = (struct heal_spot){picture->node[i].x_m, -picture->node[i].y_m};
    else
        r = lay_out(picture, spot);
    if (r < 0) {
        free(spot);
        return r;
    }
    *ret_form = fit(spot, picture->nodes);
    *ret_spot = spot;
    return 0;
}
