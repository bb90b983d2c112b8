/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "dataset/nature.h"

#include "sim/sim_state.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static double between(struct heal_random *random, double least, double most) {
    return least + heal_random_uniform(random) * (most - least);
}

/* Every order of magnitude is as likely. */
static double magnitude(struct heal_random *random, double least, double most) {
    return exp(between(random, log(least), log(most)));
}

static bool chance(struct heal_random *random, double share) {
    return heal_random_uniform(random) < share;
}

static void draw_node(struct heal_sim_node *node, struct heal_random *random) {
    node->cpu_base = between(random, 0, 0.45);
    for (unsigned i = 0; i < HEAL_SIM_SERVICES; i++) {
        node->service[i].cpu = magnitude(random, 0.001, 0.1);
        node->service[i].rss = magnitude(random, 3e6, 60e6);
    }
    node->bare = chance(random, 0.04);
}

/* Neighbours stand some 65 m apart, 20 dB above the noise. At twice that, 12 dB above it, a link is weak and
 * loses nothing; whoever places radios leaves it at that. Nobody places two 8 m from each other, where their
 * receivers would be at the end of what they take (48 dB). */
static double draw_distance(double distance_m, struct heal_random *random) {
    static const double least_m = 8, most_m = 124;
    double drawn_m =
        distance_m * (chance(random, 0.15) ? between(random, 1.4, 1.9) : between(random, 0.3, 1.4));

    return fmin(fmax(drawn_m, least_m), most_m);
}

static void draw_link(struct heal_sim_link *link, double radio, struct heal_random *random) {
    /* Above half a millisecond: a cable's is below it. */
    double delay_ms = chance(random, 0.15) ? between(random, 1, 3) : between(random, -0.45, 0.5);

    link->radio = chance(random, radio);
    link->distance_m = draw_distance(link->distance_m, random);
    link->traffic = chance(random, 0.1) ? 0 : magnitude(random, 1, 2000);
    for (unsigned side = 0; side < 2; side++) {
        struct heal_sim_direction *direction = &link->direction[side];

        direction->delay_ms = delay_ms;
        direction->loss = direction->loss_full = chance(random, 0.1) ? magnitude(random, 1e-5, 3e-3) : 0;
        direction->fade_db = between(random, -1, 1);
    }
    link->changed = true;
}

int heal_nature_draw(struct heal_sim *sim, double radio, struct heal_random *random,
                     struct heal_nature *ret_nature) {
    static const double age_least_s = 1, age_most_s = 3e6; /* a month */
    float *age_s = calloc(sim->links, sizeof *age_s);

    if (!age_s)
        return -ENOMEM;
    for (unsigned i = 0; i < sim->nodes; i++)
        draw_node(&sim->node[i], random);
    for (unsigned i = 0; i < sim->links; i++) {
        draw_link(&sim->link[i], radio, random);
        age_s[i] = (float)magnitude(random, age_least_s, age_most_s);
    }
    ret_nature->age_s = age_s;
    return 0;
}

void heal_nature_deinit(struct heal_nature *nature) {
    free(nature->age_s);
    nature->age_s = NULL;
}
