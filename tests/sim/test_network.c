/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The network that a mesh of 64 nodes computes together, against one machine that holds the whole graph. */
#include "engine/internal.h"
#include "inference/state.h"
#include "inference/sway.h"
#include "sim/referee.h"
#include "sim/sim_state.h"
#include "toy_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

enum { NODES = 64, SIDE = 8 };
static const heal_us second = HEAL_US_PER_S;

struct fixture {
    struct heal_gnn_model *model;
    struct heal_sim *sim;
    struct referee *referee;
};

/* Radios, so that all eight features are there; nobody acts, so that the mesh stays as it is. */
static struct fixture *fixture_new(void) {
    struct fixture *f = test_calloc(1, sizeof *f);
    struct heal_sim_plan plan = {0};
    struct heal_settings settings;
    struct heal_sim_options options = {.settings = &settings, .seed = 5, .radio = true};

    heal_settings_init(&settings);
    settings.ports_max = 8;
    options.model = f->model = toy_model_new(1);
    assert_non_null(f->model);
    assert_int_equal(heal_sim_plan_draw(HEAL_SIM_GRID, NODES, 1, &plan), 0);
    assert_int_equal(heal_sim_new(&plan, &options, &f->sim), 0);
    heal_sim_plan_deinit(&plan);
    f->referee = referee_new(f->sim, f->model);
    referee_run(f->referee, 6 * second);
    return f;
}

static int set_up(void **state) {
    *state = fixture_new();
    return 0;
}

static int tear_down(void **state) {
    struct fixture *f = *state;

    referee_free(f->referee);
    heal_sim_free(f->sim);
    free(f->model);
    test_free(f);
    return 0;
}

static struct referee_count run(struct fixture *f, heal_us span) {
    (void)referee_count(f->referee);
    referee_run(f->referee, span);
    struct referee_count count = referee_count(f->referee);
    print_message("    %u whole, %u degraded, %u different, %u unknown, %u rounds not compared\n",
                  count.whole, count.degraded, count.different, count.unknown, count.plain);
    return count;
}

static void lose(struct fixture *f, double share) {
    for (unsigned i = 0; i < f->sim->links; i++) {
        struct heal_sim_link *link = heal_sim_disturb(f->sim, i);

        for (unsigned side = 0; side < 2; side++)
            link->direction[side].loss = share;
    }
}

/* Between the two halves of the square nothing passes, in either direction. */
static void part(struct fixture *f, bool apart) {
    for (unsigned i = 0; i < f->sim->links; i++) {
        unsigned a = f->sim->link[i].node[0], b = f->sim->link[i].node[1];
        struct heal_sim_link *link = (a < NODES / 2) != (b < NODES / 2) ? heal_sim_disturb(f->sim, i) : NULL;

        for (unsigned side = 0; link && side < 2; side++)
            link->direction[side].dead = apart;
    }
}

static void all_say_what_one_machine_says(void **state) {
    struct referee_count count = run(*state, 6 * second);

    assert_true(count.whole > 1000);
    assert_int_equal(count.degraded, 0);
    assert_int_equal(count.different, 0);
    assert_int_equal(count.unknown, 0);
}

static void what_is_lost_is_left_out_and_nothing_else(void **state) {
    struct fixture *f = *state;

    lose(f, 0.9); /* while they look closer, nodes speak four times a second */
    struct referee_count count = run(f, 8 * second);
    assert_true(count.whole > 300 && count.degraded > 200 && count.plain < 10);
    assert_int_equal(count.different, 0);
    assert_int_equal(count.unknown, 0);
}

static void both_halves_of_a_parted_mesh_go_on(void **state) {
    struct fixture *f = *state;

    part(f, true);
    referee_run(f->referee, 5 * second);
    struct referee_count count = run(f, 5 * second);
    assert_true(count.whole > 700 && count.degraded > 100);
    assert_int_equal(count.different, 0);
    part(f, false);
    referee_run(f->referee, 5 * second);
    count = run(f, 5 * second);
    assert_true(count.whole > 1000);
    assert_int_equal(count.degraded, 0);
    assert_int_equal(count.different, 0);
    assert_int_equal(count.unknown, 0);
}

/* ---- a liar ---- */

enum { LIAR = 27 };

static struct heal_inference *inference_of(const struct heal_sim *sim, unsigned node) {
    return sim->node[node].engine->inference[HEAL_SLOT_ACTIVE];
}

static bool is_beside(const struct heal_sim *sim, unsigned node) {
    return heal_sim_find_link(sim, node, LIAR) >= 0;
}

/* Its messages are still on their way when others in their place have arrived. */
static void lie(struct heal_sim *sim, struct heal_random *random) {
    const struct heal_sim_node *liar = &sim->node[LIAR];

    for (unsigned i = 0; i < liar->ports; i++) {
        const struct heal_sim_link *link = &sim->link[liar->port[i].link];
        unsigned victim = liar->port[i].peer;
        struct heal_message message = {.vertices = 1, .from = heal_node_id_of(liar->name)};
        const struct heal_port port = {.key = liar->port[i].key};

        if (!heal_inference_tell(inference_of(sim, LIAR), &port, &message.vertex[0]))
            continue;
        message.port = sim->node[victim].port[link->port[!liar->port[i].side]].key;
        for (unsigned c = 0; c < HEAL_FEATURES; c++)
            message.vertex[0].input[c] = (int8_t)heal_random_next(random);
        for (unsigned c = 0; c < message.vertex[0].states; c++)
            message.vertex[0].state[c] ^= (int8_t)(heal_random_next(random) % 8);
        heal_inference_take(inference_of(sim, victim), &sim->node[victim].engine->world, &message);
    }
}

/* @return the port of a node that leads to the liar, as its network numbers it. */
static size_t port_to_liar(const struct heal_sim *sim, unsigned node) {
    for (unsigned i = 0; i < sim->node[node].ports; i++)
        if (sim->node[node].port[i].peer == LIAR)
            return (size_t)heal_inference_find(inference_of(sim, node), &sim->node[node].port[i].key);
    return 0;
}

struct reach {
    unsigned beyond, beside, moved, bounded, outside;
};

/* One node of the same mesh with the liar and without, right after it has judged. */
static void compare(const struct heal_sim *honest, const struct heal_sim *lied, unsigned node,
                    struct reach *reach) {
    const struct heal_judgement *truth = inference_of(honest, node)->judgement;
    struct heal_inference *inference = inference_of(lied, node);

    for (size_t i = 0; i < inference->ports; i++) {
        const struct heal_judgement *said = &inference->judgement[i];
        int32_t low, high;

        reach->outside += said->alone != truth[i].alone;
        if (!is_beside(honest, node)) {
            reach->beyond++;
            reach->outside += said->logit != truth[i].logit;
            continue;
        }
        reach->beside++;
        reach->moved += said->logit != truth[i].logit;
        size_t liar = port_to_liar(lied, node);
        bool alike = said->tick == truth[i].tick && inference->judgement[liar].state == truth[liar].state;
        if (!alike || !heal_inference_sway(inference, i, liar, &low, &high))
            continue;
        reach->bounded++;
        reach->outside +=
            truth[i].logit < low || truth[i].logit > high || said->logit < low || said->logit > high;
    }
}

static void a_liar_is_heard_next_door_and_no_farther(void **state) {
    struct fixture *f = *state;
    struct fixture *other = fixture_new();
    void *second_mesh = other;
    struct heal_random random;
    struct reach reach = {0};
    heal_us ticked[NODES] = {0};

    heal_random_init(&random, 2);
    for (unsigned i = 0; i < 8000; i++) {
        heal_sim_run(f->sim, HEAL_US_PER_MS);
        heal_sim_run(other->sim, HEAL_US_PER_MS);
        bool lies = inference_of(other->sim, LIAR)->tick_at != ticked[LIAR];
        for (unsigned node = 0; node < NODES; node++) {
            /* What neighbours tell the liar has its own lies in it. */
            if (node != LIAR && inference_of(other->sim, node)->tick_at != ticked[node])
                compare(f->sim, other->sim, node, &reach);
            ticked[node] = inference_of(other->sim, node)->tick_at;
        }
        if (lies)
            lie(other->sim, &random);
    }
    tear_down(&second_mesh);
    print_message(
        "    %u verdicts beyond, %u next door, of which %u moved, %u have bounds, %u are beyond them\n",
        reach.beyond, reach.beside, reach.moved, reach.bounded, reach.outside);
    assert_true(reach.beyond > 1000 && reach.moved > 50 && reach.bounded > 50);
    assert_int_equal(reach.outside, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(all_say_what_one_machine_says, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_lost_is_left_out_and_nothing_else, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_liar_is_heard_next_door_and_no_farther, set_up, tear_down),
        cmocka_unit_test_setup_teardown(both_halves_of_a_parted_mesh_go_on, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
