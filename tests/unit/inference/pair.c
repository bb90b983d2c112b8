/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "pair.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const heal_us second = HEAL_US_PER_S;

void pair_set_features(struct pair_node *node, uint64_t seed) {
    struct heal_random random;

    heal_random_init(&random, seed);
    for (unsigned i = 0; i < PAIR_PORTS_MAX; i++) {
        struct heal_features *features = &node->port[i].features;

        features->valid = 0xff;
        features->value[HEAL_FEATURE_RSSI] = (float)(-80 + 40 * heal_random_uniform(&random));
        features->value[HEAL_FEATURE_SNR] = (float)(10 + 40 * heal_random_uniform(&random));
        features->value[HEAL_FEATURE_LOSS] = (float)(0.3 * heal_random_uniform(&random));
        features->value[HEAL_FEATURE_LINK_AGE] = (float)(300 * heal_random_uniform(&random));
        features->value[HEAL_FEATURE_LATENCY] = (float)(4 * heal_random_uniform(&random));
        features->value[HEAL_FEATURE_THROUGHPUT] = (float)(1e6 * heal_random_uniform(&random));
        features->value[HEAL_FEATURE_CPU] = features->value[HEAL_FEATURE_MEMORY] = 0.25F;
    }
}

static void begin(struct pair_node *node, const char *name, const struct heal_gnn_model *model) {
    strcpy(node->world.name, name);
    node->world.id = heal_node_id_of(name);
    node->world.now = 1000 * second;
    node->world.port = node->port;
    node->world.ports = PAIR_PORTS;
    node->world.ports_max = PAIR_PORTS_MAX;
    for (unsigned i = 0; i < PAIR_PORTS_MAX; i++) {
        node->port[i].known = node->port[i].established = true;
        node->port[i].neighbour = i + 1;
        node->port[i].key.ifname[0] = (char)('p' + i);
        node->port[i].key.peer.byte[0] = 0xfe;
    }
    pair_set_features(node, node->world.id);
    node->memory = test_malloc(heal_inference_bytes(PAIR_PORTS_MAX));
    node->inference = heal_inference_init(node->memory, PAIR_PORTS_MAX, model);
}

int pair_set_up(void **state) {
    struct pair *pair = test_calloc(1, sizeof *pair);

    pair->model = toy_model_new(1);
    begin(&pair->a, "a", pair->model);
    begin(&pair->b, "b", pair->model);
    *state = pair;
    return pair->model ? 0 : -1;
}

int pair_tear_down(void **state) {
    struct pair *pair = *state;

    test_free(pair->a.memory);
    test_free(pair->b.memory);
    free(pair->model);
    test_free(pair);
    return 0;
}

bool pair_word_of(const struct pair_node *from, struct heal_message *ret_message) {
    *ret_message = (struct heal_message){.kind = HEAL_MESSAGE_LINK, .from = from->world.id};
    if (!heal_inference_tell(from->inference, &from->port[PAIR_LINK], &ret_message->vertex[0]))
        return false;
    ret_message->vertices = 1;
    return true;
}

void pair_hear(struct pair_node *to, struct heal_message *message) {
    message->port = to->port[PAIR_LINK].key;
    heal_inference_take(to->inference, &to->world, message);
}

void pair_tell(const struct pair_node *from, struct pair_node *to) {
    struct heal_message message;

    assert_true(pair_word_of(from, &message));
    pair_hear(to, &message);
}

void pair_tick(struct pair_node *node, heal_us later) {
    node->world.now += later;
    heal_inference_tick(node->inference, &node->world);
}

void pair_run(struct pair *pair, unsigned times) {
    for (; times > 0; times--) {
        pair_tick(&pair->a, second);
        pair_tick(&pair->b, second);
        pair_tell(&pair->a, &pair->b);
        pair_tell(&pair->b, &pair->a);
    }
}

const struct heal_judgement *pair_judged(const struct pair_node *node, unsigned port) {
    const struct heal_judgement *judgement;

    assert_true(heal_inference_judgements(node->inference, &judgement) > port);
    return &judgement[port];
}
