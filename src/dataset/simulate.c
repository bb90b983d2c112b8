/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "dataset/simulate.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "dataset/draft.h"
#include "dataset/nature.h"
#include "dataset/ports.h"
#include "dataset/trouble.h"
#include "sim/sim_state.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { TROUBLES_MAX = 4, NODES_A_TROUBLE = 10, TRIES = 12, SNAPSHOTS = 4 };

/* A mesh knows by then what is normal. */
static const heal_us begins_us = 16 * HEAL_US_PER_S, tick_us = HEAL_US_PER_S / 4;
/* When a run is looked at: before its trouble, while it may be too soon to know it, and later. Another mesh
 * teaches more than another look at the same one. */
static const struct {
    double least_s, most_s; /* since the trouble began */
} looks[SNAPSHOTS] = {
    {-6, -0.5},
    {2,  11  },
    {11, 20  },
    {20, 30  }
};

/* One mesh and what happens in it. */
struct run {
    const struct heal_simulation *how;
    uint32_t number;
    struct heal_random random;
    struct heal_sim_plan plan;
    struct heal_sim *sim;
    struct heal_nature nature;
    unsigned troubles;
    struct heal_dataset_trouble trouble[TROUBLES_MAX];
    struct heal_port_place *place;
    struct heal_draft *draft;
    struct heal_dataset *set;
};

static unsigned one_of(struct heal_random *random, unsigned count) {
    return (unsigned)(heal_random_uniform(random) * count);
}

/* ---- what is true ---- */

/* The first trouble that makes it sick says of what kind; unknown is what nobody could know. */
static void label(struct run *run, uint32_t vertex) {
    const struct heal_port_place *place = &run->place[vertex];
    const float *feature = run->draft->feature + vertex * HEAL_FEATURES;

    for (unsigned i = 0; i < run->troubles; i++) {
        enum heal_gnn_label is =
            heal_trouble_label(&run->trouble[i], run->sim, place->node, place->port, feature);

        if (is == HEAL_GNN_HEALTHY)
            continue;
        run->draft->label[vertex] = (uint8_t)is;
        run->draft->kind[vertex] = (uint8_t)(is == HEAL_GNN_SICK ? run->trouble[i].kind : 0);
        if (is == HEAL_GNN_SICK)
            return;
    }
}

/* ---- what is seen ---- */

/* A link that has not gone since the mesh began was there before. */
static void make_older(const struct run *run, uint32_t vertex) {
    static const float begun_s = 3;
    float *age = &run->draft->feature[vertex * HEAL_FEATURES + HEAL_FEATURE_LINK_AGE];

    if (*age >= (float)(run->sim->now - HEAL_SIM_START_US) / 1e6f - begun_s)
        *age += floorf(run->nature.age_s[run->place[vertex].port->link]);
}

static void hide(struct run *run, uint32_t vertex) {
    float *feature = run->draft->feature + vertex * HEAL_FEATURES;

    for (unsigned i = 0; run->how->missing > 0 && i < HEAL_FEATURES; i++)
        if (heal_random_uniform(&run->random) < run->how->missing)
            feature[i] = NAN;
}

static int look(struct run *run) {
    struct heal_draft *draft = run->draft;

    heal_draft_clear(draft);
    draft->head.run = run->number;
    draft->head.time = (int64_t)(run->sim->now / 1000);
    draft->head.kind = (uint8_t)(run->troubles > 0 ? run->trouble[0].kind : heal_trouble_find("normal"));
    int r = heal_ports_draft(run->sim, draft, run->place);
    for (uint32_t v = 0; r == 0 && v < draft->head.vertices; v++) {
        make_older(run, v);
        label(run, v);
        hide(run, v);
    }
    return r < 0 || draft->head.vertices == 0 ? r : heal_draft_add(draft, run->set->graphs, NULL);
}

/* ---- a run ---- */

static bool overlaps(const struct run *run, const struct heal_dataset_trouble *trouble) {
    for (unsigned i = 0; i < run->sim->nodes; i++) {
        bool touched = false, taken = false;

        for (unsigned p = 0; p < run->sim->node[i].ports; p++) {
            const struct heal_sim_port *port = &run->sim->node[i].port[p];

            touched = touched || heal_trouble_covers(trouble, run->sim, i, port);
            for (unsigned t = 0; t < run->troubles; t++)
                taken = taken || heal_trouble_covers(&run->trouble[t], run->sim, i, port);
        }
        if (touched && taken)
            return true;
    }
    return false;
}

/* Each at nodes of its own, so that what is seen is one trouble's doing. */
static void sow(struct run *run) {
    unsigned most = 1 + run->sim->nodes / NODES_A_TROUBLE;
    unsigned wanted = 1 + one_of(&run->random, most < TROUBLES_MAX ? most : TROUBLES_MAX);

    for (unsigned tries = 0; tries < TRIES && run->troubles < wanted; tries++) {
        struct heal_dataset_trouble *next = &run->trouble[run->troubles];

        if (!heal_trouble_draw(run->sim, &run->plan, &run->random, next) || overlaps(run, next))
            continue;
        if (next->of.fault->prepare)
            next->of.fault->prepare(run->sim, &next->of);
        run->troubles++;
    }
}

static int make_mesh(struct run *run) {
    const struct heal_simulation *how = run->how;
    enum heal_sim_shape shape = (enum heal_sim_shape)one_of(&run->random, HEAL_SIM_SHAPES);
    unsigned nodes = how->nodes_least + one_of(&run->random, how->nodes_most - how->nodes_least + 1);
    double radio = heal_random_uniform(&run->random);
    uint64_t seed = heal_random_next(&run->random);
    struct heal_settings settings;
    int r = heal_sim_plan_draw(shape, nodes, seed, &run->plan);

    if (r < 0)
        return r;
    heal_drawn_settings(heal_sim_plan_degree(&run->plan), &settings);
    settings.mode = HEAL_MODE_OBSERVE; /* trouble stays where it was put */
    const struct heal_sim_options options = {.settings = &settings, .seed = seed, .radio = true};
    r = heal_sim_new(&run->plan, &options, &run->sim);
    if (r == 0) /* most meshes are all radio, some have none */
        r = heal_nature_draw(run->sim, radio < 0.6 ? 1 : radio < 0.8 ? 0.5 : 0, &run->random, &run->nature);
    run->place = r == 0 ? calloc(heal_ports_most(run->sim) + 1, sizeof *run->place) : NULL;
    return r == 0 && !run->place ? -ENOMEM : r;
}

static int run_until(struct run *run, heal_us at) {
    int r = 0;

    while (r == 0 && run->sim->now < at) {
        heal_us left = at - run->sim->now;

        r = heal_sim_run(run->sim, left < tick_us ? left : tick_us);
        for (unsigned i = 0; i < run->troubles; i++)
            if (run->trouble[i].from != 0)
                heal_trouble_tick(run->sim, &run->trouble[i]);
    }
    return r;
}

static int live(struct run *run) {
    heal_us begins = run->sim->now + begins_us;
    bool begun = false;
    int r = 0;

    for (unsigned i = 0;
         r == 0 && i < SNAPSHOTS && heal_gnn_dataset_samples(run->set->graphs) < run->how->snapshots; i++) {
        double after_s =
            looks[i].least_s + heal_random_uniform(&run->random) * (looks[i].most_s - looks[i].least_s);
        heal_us at = (heal_us)((double)begins + after_s * 1e6);

        if (!begun && at > begins) {
            r = run_until(run, begins);
            for (unsigned t = 0; r == 0 && t < run->troubles; t++)
                heal_trouble_begin(run->sim, &run->trouble[t]);
            begun = true;
        }
        r = r < 0 ? r : run_until(run, at);
        r = r < 0 ? r : look(run);
    }
    return r;
}

static int make_run(const struct heal_simulation *how, uint32_t number, struct heal_draft *draft,
                    struct heal_dataset *set) {
    struct run run = {.how = how, .number = number, .draft = draft, .set = set};

    heal_random_init(&run.random, how->seed << 20 | number);
    int r = make_mesh(&run);
    if (r == 0) {
        sow(&run);
        r = live(&run);
    }
    heal_nature_deinit(&run.nature);
    free(run.place);
    heal_sim_free(run.sim);
    heal_sim_plan_deinit(&run.plan);
    return r;
}

static void describe(const struct heal_simulation *how, struct heal_dataset *set) {
    struct heal_text made;

    heal_text_init(&made, set->made, sizeof set->made);
    heal_text_add(&made, "healctl dataset simulate --seed %llu --snapshots %u --nodes %u-%u",
                  (unsigned long long)how->seed, how->snapshots, how->nodes_least, how->nodes_most);
    if (how->missing > 0)
        heal_text_add(&made, " --missing %g", how->missing);
    heal_name_copy(set->time, sizeof set->time, "ms");
    for (unsigned i = 0; i < heal_trouble_kinds_count; i++)
        heal_dataset_kind(set, heal_trouble_kinds[i].name);
}

int heal_simulate(const struct heal_simulation *how, struct heal_dataset *ret_set) {
    struct heal_dataset set;
    struct heal_draft draft;
    int r = heal_dataset_init(&set, heal_port_features, HEAL_FEATURES);

    if (r < 0)
        return r;
    heal_draft_init(&draft, HEAL_FEATURES);
    describe(how, &set);
    for (uint32_t run = 0; r == 0 && heal_gnn_dataset_samples(set.graphs) < how->snapshots; run++) {
        r = make_run(how, run, &draft, &set);
        if (how->made)
            how->made(how->context, (unsigned)heal_gnn_dataset_samples(set.graphs));
    }
    heal_draft_deinit(&draft);
    if (r == 0)
        *ret_set = set;
    else
        heal_dataset_deinit(&set);
    return r;
}
