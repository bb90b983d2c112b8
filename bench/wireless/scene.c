/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wireless/scene.h"

#include <math.h>

/* The way past 2 loses so much of the attempts on each of its links: without a difference batman-adv would
 * wander between the two by itself. */
static const double worse = 0.2;
static const double between_meshes_m = 1e6;
static const double places[SCENE_NODES][2] = {
    {0,  0  },
    {30, 15 },
    {30, -15},
    {60, 0  },
};

/* The air of one mesh. */
struct air {
    double y_m[SCENE_NODES];
    bool silent[SCENE_NODES];
    double loss[SCENE_NODES][SCENE_NODES]; /* both ways; a < b */
};

static bool is_down(const struct scene_change *change, double after_s) {
    return fmod(after_s - change->at_s, 2 * change->period_s) < change->period_s;
}

static void apply(const struct scene_change *change, double after_s, struct air *air) {
    switch (change->kind) {
    case SCENE_LOSS:
        air->loss[change->a][change->b] = change->value;
        return;
    case SCENE_FLAP:
        if (is_down(change, after_s))
            air->loss[change->a][change->b] = change->value;
        return;
    case SCENE_SILENT:
        air->silent[change->a] = true;
        return;
    case SCENE_LEAVE:
        air->y_m[change->a] += change->value * (after_s - change->at_s);
        return;
    case SCENE_UPLINK:
    case SCENE_END:
        return;
    }
}

static void write_mesh(FILE *out, const struct air *air, unsigned mesh) {
    unsigned first = mesh * SCENE_NODES;

    for (unsigned i = 0; i < SCENE_NODES; i++)
        fprintf(out, "radio %u at %.1f,%.1f\n", first + i, mesh * between_meshes_m + places[i][0],
                air->y_m[i]);
    for (unsigned a = 0; a < SCENE_NODES; a++)
        for (unsigned b = a + 1; b < SCENE_NODES; b++)
            if (air->loss[a][b] > 0)
                fprintf(out, "loss %u-%u %.3f\n", first + a, first + b, air->loss[a][b]);
    for (unsigned i = 0; i < SCENE_NODES; i++)
        if (air->silent[i])
            fprintf(out, "silent %u\n", first + i);
}

void scene_write(FILE *out, const struct scene_change *changes, double after_s) {
    struct air air = {
        .loss[0] = {[2] = worse, [3] = 1},
          .loss[1] = {[2] = 1          },
          .loss[2] = {[3] = worse}
    };

    for (unsigned i = 0; i < SCENE_NODES; i++)
        air.y_m[i] = places[i][1];
    for (unsigned i = 0; i < SCENE_CHANGES_MAX && changes[i].kind != SCENE_END; i++)
        if (changes[i].at_s <= after_s)
            apply(&changes[i], after_s, &air);
    for (unsigned mesh = 0; mesh < SCENE_MESHES; mesh++)
        write_mesh(out, &air, mesh);
}

int scene_uplink_lost(const struct scene_change *changes, double before_s, double after_s) {
    for (unsigned i = 0; i < SCENE_CHANGES_MAX && changes[i].kind != SCENE_END; i++)
        if (changes[i].kind == SCENE_UPLINK && changes[i].at_s > before_s && changes[i].at_s <= after_s)
            return (int)changes[i].a;
    return -1;
}

bool scene_differs(const struct scene_change *changes, double before_s, double after_s) {
    for (unsigned i = 0; i < SCENE_CHANGES_MAX && changes[i].kind != SCENE_END; i++) {
        const struct scene_change *change = &changes[i];

        if (change->at_s > after_s)
            continue;
        if (change->at_s > before_s)
            return true;
        /* Half a second is a step of somebody who walks. */
        if (change->kind == SCENE_LEAVE && floor(2 * before_s) < floor(2 * after_s))
            return true;
        if (change->kind == SCENE_FLAP && is_down(change, before_s) != is_down(change, after_s))
            return true;
    }
    return false;
}
