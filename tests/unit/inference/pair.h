/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** Two nodes, a and b, with a link between them, and a network that both compute together. */
#ifndef HEAL_TEST_PAIR_H
#define HEAL_TEST_PAIR_H

#include "inference/inference.h"
#include "toy_model.h"

enum {
    PAIR_PORTS = 4, /* of each node; a test may give one more of them, by its world.ports, up to */
    PAIR_PORTS_MAX = 12,
    PAIR_LINK = 0 /* the port of either node that leads to the other */
};

struct pair_node {
    struct heal_world world;
    struct heal_port port[PAIR_PORTS_MAX];
    struct heal_inference *inference;
    void *memory;
};

struct pair {
    struct heal_gnn_model *model;
    struct pair_node a, b;
};

/** Fixtures for cmocka: *state is a struct pair. */
int pair_set_up(void **state);
int pair_tear_down(void **state);

/** Gives each port of a node other features. */
void pair_set_features(struct pair_node *node, uint64_t seed);

/** What a node tells the other. @return false: nothing. */
bool pair_word_of(const struct pair_node *from, struct heal_message *ret_message);
void pair_hear(struct pair_node *to, struct heal_message *message);
void pair_tell(const struct pair_node *from, struct pair_node *to);

void pair_tick(struct pair_node *node, heal_us later);
/** Both tick, a second after the last time, and tell each other, so often. */
void pair_run(struct pair *pair, unsigned times);

const struct heal_judgement *pair_judged(const struct pair_node *node, unsigned port);

#endif
