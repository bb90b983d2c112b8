/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "engine/network.h"

#include "engine/judge.h"
#include "engine/probation.h"
#include "engine/reason.h"
#include "heal/status.h"

#include <errno.h>
#include <string.h>

_Static_assert((int)HEAL_GNN_QUANTILES == (int)HEAL_DRIFT_EDGES, "drift is told by the quantiles of models");
_Static_assert((int)HEAL_LOGIT_ONE == (int)HEAL_GNN_LOGIT_ONE, "and logits are those of networks");
_Static_assert((int)HEAL_SLOTS <= (int)HEAL_MESSAGE_VERTICES_MAX, "a message has room for all networks");

/* To a heald that has just started every link is as young as one that has just come back. */
static const heal_us settle_us = 10 * HEAL_US_PER_S;

static bool is_settling(const struct heal_world *world) {
    return world->now - world->started < settle_us;
}

size_t heal_engine_network_bytes(const struct heal_engine *engine) {
    return heal_inference_bytes(engine->world.ports_max);
}

/* Where the detectors read what the active network says. What may be made of it is not the network's to say.
 */
static void show(struct heal_engine *engine) {
    struct heal_inference *inference = engine->inference[HEAL_SLOT_ACTIVE];
    struct heal_judged *judged = &engine->world.judged;
    judged->judgements = 0;
    judged->model = 0;
    if (!inference || is_settling(&engine->world))
        return;
    judged->judgements = heal_inference_judgements(inference, &judged->judgement);
    judged->model = heal_inference_model(inference)->id;
    judged->threshold = heal_inference_threshold(inference);
    judged->mode = engine->probation.mode;
}

/* Each model is on probation: what it says is held against what turns out to be true. */
static void try_out(struct heal_engine *engine, enum heal_slot slot, const struct heal_gnn_model *model) {
    struct heal_candidate_model candidate = {.id = 0};
    if (model) {
        candidate.id = model->id;
        candidate.threshold = model->threshold;
        candidate.training.known = (uint8_t)model->trained_on.known;
        memcpy(candidate.training.edge, model->trained_on.edge, sizeof candidate.training.edge);
    }
    heal_engine_put_model(engine, slot, model ? &candidate : NULL);
    if (model)
        heal_inference_set_threshold(engine->inference[slot], engine->probation.merit[slot].in_force);
}

int heal_engine_set_network(struct heal_engine *engine, enum heal_slot slot,
                            const struct heal_gnn_model *model, void *memory, struct heal_error *error) {
    int r = model ? heal_inference_check(model, error) : 0;
    if (r < 0)
        return r;
    for (unsigned i = 0; model && i < HEAL_SLOTS; i++)
        if (i != (unsigned)slot && engine->inference[i] &&
            heal_inference_model(engine->inference[i])->id == model->id)
            return heal_error_set(error, -EINVAL, 0, 0, "the same model is at work already");
    engine->inference[slot] = model ? heal_inference_init(memory, engine->world.ports_max, model) : NULL;
    try_out(engine, slot, model);
    show(engine);
    return 0;
}

void heal_network_promote(struct heal_engine *engine) {
    engine->inference[HEAL_SLOT_ACTIVE] = engine->inference[HEAL_SLOT_SHADOW];
    engine->inference[HEAL_SLOT_SHADOW] = NULL;
    show(engine);
}

void heal_engine_time_networks(struct heal_engine *engine, void (*hear)(void *context, bool begins),
                               void *context) {
    engine->timing.hear = hear;
    engine->timing.context = context;
}

/* What was said in this tick is looked at; the threshold that follows from that counts from the next on. */
static void look(struct heal_engine *engine, enum heal_slot slot) {
    struct heal_inference *inference = engine->inference[slot];
    const struct heal_judgement *judgement;
    size_t count = is_settling(&engine->world) ? 0 : heal_inference_judgements(inference, &judgement);
    for (size_t i = 0; i < count; i++) {
        const struct heal_port *port = heal_world_port_const(&engine->world, &judgement[i].port);
        if (port && judgement[i].judged && judgement[i].at == engine->world.now)
            heal_judge_look(engine, slot, port, judgement[i].logit);
    }
    heal_inference_set_threshold(inference, engine->probation.merit[slot].in_force);
}

static void tick(struct heal_engine *engine, enum heal_slot slot) {
    if (engine->timing.hear)
        engine->timing.hear(engine->timing.context, true);
    if (!heal_inference_tick(engine->inference[slot], &engine->world))
        return;
    if (engine->timing.hear)
        engine->timing.hear(engine->timing.context, false);
    look(engine, slot);
    heal_reason_update(engine, slot);
}

void heal_network_update(struct heal_engine *engine, bool blind) {
    for (unsigned i = 0; i < HEAL_SLOTS && !blind; i++)
        if (engine->inference[i])
            tick(engine, (enum heal_slot)i);
    show(engine);
}

void heal_network_tell(const struct heal_engine *engine, const struct heal_port *port,
                       struct heal_message *message) {
    for (unsigned i = 0; i < HEAL_SLOTS; i++)
        if (engine->inference[i] &&
            heal_inference_tell(engine->inference[i], port, &message->vertex[message->vertices]))
            message->vertices++;
}

void heal_network_take(struct heal_engine *engine, const struct heal_message *message) {
    for (unsigned i = 0; i < HEAL_SLOTS; i++)
        if (engine->inference[i])
            heal_inference_take(engine->inference[i], &engine->world, message);
}

bool heal_engine_network(const struct heal_engine *engine, enum heal_slot slot, uint64_t *ret_model,
                         int32_t *ret_threshold) {
    const struct heal_inference *inference = engine->inference[slot];
    if (!inference)
        return false;
    *ret_model = heal_inference_model(inference)->id;
    *ret_threshold = heal_inference_threshold(inference);
    return true;
}

bool heal_engine_judgement(const struct heal_engine *engine, enum heal_slot slot, size_t index,
                           struct heal_judgement *ret_judgement) {
    const struct heal_inference *inference = engine->inference[slot];
    const struct heal_judgement *judgement = NULL;
    if (!inference || index >= heal_inference_judgements(inference, &judgement))
        return false;
    *ret_judgement = judgement[index];
    return true;
}
