/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The shapes that a mesh is drawn up in. */
#include "sim/plan.h"

#include "base/random.h"
#include "base/text.h"
#include "sim/plan_parts.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

const char *const heal_sim_shape_names[HEAL_SIM_SHAPES + 1] = {"ring", "line",   "star",
                                                               "grid", "random", NULL};

/* Of the random shape: who is this near is linked, up to so many links a node. */
static const double reach_m = 75, neighbours_wanted = 6;
/* Where all that are near have their links already, a straggler finds none however often he moves: after so
 * many rounds all places are drawn anew. */
enum { LINKS_MAX = 4, ROUNDS_MAX = 100 };

static int add_place(struct heal_sim_plan *plan, double x_m, double y_m) {
    char name[HEAL_NAME_MAX];
    struct heal_text text;
    heal_text_init(&text, name, sizeof name);
    heal_text_add(&text, "n%u", plan->places);
    int r = heal_sim_plan_add_place(plan, name, x_m, y_m);
    return r < 0 ? r : 0;
}

static int draw_round(struct heal_sim_plan *plan, unsigned count, bool closed) {
    int r = 0;
    for (unsigned i = 0; r >= 0 && i < count; i++)
        r = add_place(plan, HEAL_SIM_SPACING_M * i, 0);
    for (unsigned i = 0; r >= 0 && i + !closed < count; i++)
        r = heal_sim_plan_add_edge(plan, i, (i + 1) % count);
    if (closed)
        heal_sim_plan_arrange(plan);
    return r;
}

static int draw_ring(struct heal_sim_plan *plan, unsigned count, uint64_t seed) {
    (void)seed;
    return draw_round(plan, count, true);
}

static int draw_line(struct heal_sim_plan *plan, unsigned count, uint64_t seed) {
    (void)seed;
    return draw_round(plan, count, false);
}

static int draw_star(struct heal_sim_plan *plan, unsigned count, uint64_t seed) {
    (void)seed;
    int r = add_place(plan, 0, 0);
    for (unsigned i = 1; r >= 0 && i < count; i++) {
        double angle = 2 * M_PI * (i - 1) / (count - 1);
        r = add_place(plan, HEAL_SIM_SPACING_M * sin(angle), -HEAL_SIM_SPACING_M * cos(angle));
        if (r >= 0)
            r = heal_sim_plan_add_edge(plan, 0, i);
    }
    return r;
}

static int draw_grid(struct heal_sim_plan *plan, unsigned count, uint64_t seed) {
    (void)seed;
    unsigned width = (unsigned)ceil(sqrt(count));
    int r = 0;
    for (unsigned i = 0; r >= 0 && i < count; i++) {
        unsigned column = i % width, line = i / width;
        r = add_place(plan, HEAL_SIM_SPACING_M * column, HEAL_SIM_SPACING_M * line);
    }
    for (unsigned i = 0; r >= 0 && i < count; i++) {
        if (i % width > 0)
            r = heal_sim_plan_add_edge(plan, i - 1, i);
        if (r >= 0 && i >= width)
            r = heal_sim_plan_add_edge(plan, i - width, i);
    }
    return r;
}

/* ---- a random geometric graph ---- */

/* The nodes by the square of `reach_m` that they stand in, so that who is near is found without asking all.
 */
struct field {
    double side_m;
    unsigned width;              /* squares a side */
    int *first, *next;           /* of a square; after a node */
    unsigned *links, *component; /* of a node; component: union-find */
};

static void field_deinit(struct field *field) {
    free(field->first);
    free(field->next);
    free(field->links);
    free(field->component);
}

static int field_init(struct field *field, unsigned count) {
    *field = (struct field){.side_m = sqrt(count * M_PI * reach_m * reach_m / (neighbours_wanted + 1))};
    field->width = (unsigned)(field->side_m / reach_m) + 1;
    field->first = malloc((size_t)field->width * field->width * sizeof *field->first);
    field->next = malloc(count * sizeof *field->next);
    field->links = calloc(count, sizeof *field->links);
    field->component = calloc(count, sizeof *field->component);
    return field->first && field->next && field->links && field->component ? 0 : -ENOMEM;
}

static unsigned square_of(const struct field *field, const struct heal_sim_place *place) {
    unsigned column = (unsigned)(place->x_m / reach_m), line = (unsigned)(place->y_m / reach_m);
    return line * field->width + column;
}

static void sort_in(struct field *field, const struct heal_sim_plan *plan) {
    for (unsigned i = 0; i < field->width * field->width; i++)
        field->first[i] = -1;
    for (unsigned i = 0; i < plan->places; i++) {
        unsigned square = square_of(field, &plan->place[i]);
        field->next[i] = field->first[square];
        field->first[square] = (int)i;
        field->links[i] = 0;
        field->component[i] = i;
    }
}

static unsigned component_of(struct field *field, unsigned node) {
    while (field->component[node] != node)
        node = field->component[node] = field->component[field->component[node]];
    return node;
}

static bool is_near(const struct heal_sim_place *a, const struct heal_sim_place *b) {
    return hypot(a->x_m - b->x_m, a->y_m - b->y_m) <= reach_m;
}

static int link_with_square(struct field *field, struct heal_sim_plan *plan, unsigned node, unsigned square) {
    for (int other = field->first[square]; other >= 0; other = field->next[other]) {
        unsigned b = (unsigned)other;
        if (b <= node || field->links[node] >= LINKS_MAX || field->links[b] >= LINKS_MAX ||
            !is_near(&plan->place[node], &plan->place[b]))
            continue;
        int r = heal_sim_plan_add_edge(plan, node, b);
        if (r < 0)
            return r;
        field->links[node]++;
        field->links[b]++;
        field->component[component_of(field, b)] = component_of(field, node);
    }
    return 0;
}

static int link_near(struct field *field, struct heal_sim_plan *plan) {
    plan->edges = 0;
    for (unsigned i = 0; i < plan->places && field->width > 0; i++) {
        unsigned square = square_of(field, &plan->place[i]);
        unsigned column = square % field->width, line = square / field->width;
        for (unsigned y = line ? line - 1 : 0; y <= line + 1 && y < field->width; y++)
            for (unsigned x = column ? column - 1 : 0; x <= column + 1 && x < field->width; x++) {
                int r = link_with_square(field, plan, i, y * field->width + x);
                if (r < 0)
                    return r;
            }
    }
    return 0;
}

static double within(double value, double most) {
    return value < 0 ? 0 : value > most ? most : value;
}

/* Moves who is cut off from the first node to where he reaches one that is not. @return how many were. */
static unsigned move_stragglers(struct field *field, struct heal_sim_plan *plan, struct heal_random *random) {
    unsigned moved = 0, home = component_of(field, 0);
    for (unsigned i = 0; i < plan->places; i++) {
        if (component_of(field, i) == home)
            continue;
        unsigned near;
        do
            near = (unsigned)(heal_random_uniform(random) * plan->places);
        while (component_of(field, near) != home);
        double angle = 2 * M_PI * heal_random_uniform(random);
        double distance = reach_m * (0.5 + 0.4 * heal_random_uniform(random));
        plan->place[i].x_m = within(plan->place[near].x_m + distance * sin(angle), field->side_m * 0.9999);
        plan->place[i].y_m = within(plan->place[near].y_m + distance * cos(angle), field->side_m * 0.9999);
        moved++;
    }
    return moved;
}

static void scatter(const struct field *field, struct heal_sim_plan *plan, struct heal_random *random) {
    for (unsigned i = 0; i < plan->places; i++) {
        plan->place[i].x_m = field->side_m * heal_random_uniform(random);
        plan->place[i].y_m = field->side_m * heal_random_uniform(random);
    }
}

static int draw_random(struct heal_sim_plan *plan, unsigned count, uint64_t seed) {
    struct field field;
    struct heal_random random;
    int r = field_init(&field, count);
    heal_random_init(&random, seed);
    for (unsigned i = 0; r >= 0 && i < count; i++)
        r = add_place(plan, 0, 0);
    for (unsigned round = 0; r >= 0; round++) {
        if (round % ROUNDS_MAX == 0)
            scatter(&field, plan, &random);
        sort_in(&field, plan);
        r = link_near(&field, plan);
        if (r < 0 || move_stragglers(&field, plan, &random) == 0)
            break;
    }
    field_deinit(&field);
    return r;
}

static const struct shape {
    unsigned least, most;
    int (*draw)(struct heal_sim_plan *plan, unsigned count, uint64_t seed);
} shapes[HEAL_SIM_SHAPES] = {
    [HEAL_SIM_RING] = {3, HEAL_SIM_NODES_MAX,      draw_ring  },
    [HEAL_SIM_LINE] = {2, HEAL_SIM_NODES_MAX,      draw_line  },
    [HEAL_SIM_STAR] = {2, HEAL_SIM_DEGREE_MAX + 1, draw_star  },
    [HEAL_SIM_GRID] = {2, HEAL_SIM_NODES_MAX,      draw_grid  },
    [HEAL_SIM_RANDOM] = {2, HEAL_SIM_NODES_MAX,      draw_random},
};

unsigned heal_sim_shape_least(enum heal_sim_shape shape) {
    return shapes[shape].least;
}

unsigned heal_sim_shape_most(enum heal_sim_shape shape) {
    return shapes[shape].most;
}

int heal_sim_plan_draw(enum heal_sim_shape shape, unsigned count, uint64_t seed,
                       struct heal_sim_plan *ret_plan) {
    if (count < shapes[shape].least || count > shapes[shape].most)
        return -EINVAL;
    int r = shapes[shape].draw(ret_plan, count, seed);
    if (r < 0)
        heal_sim_plan_deinit(ret_plan);
    return r < 0 ? r : 0;
}
