/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "engine/network.h"

#include "heal/status.h"

#include <errno.h>

_Static_assert((int)HEAL_SLOTS <= (int)HEAL_MESSAGE_VERTICES_MAX, "a message has room for all networks");

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
    if (!inference)
        return;
    judged->judgements = heal_inference_judgements(inference, &judged->judgement);
    judged->model = heal_inference_model(inference)->id;
    judged->threshold = heal_inference_model(inference)->threshold;
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
    show(engine);
    return 0;
}

void heal_engine_watch_networks(struct heal_engine *engine, void (*watch)(void *context, bool begins),
                                void *context) {
    engine->watch = watch;
    engine->watch_context = context;
}

static void tick(struct heal_engine *engine, struct heal_inference *inference) {
    if (engine->watch)
        engine->watch(engine->watch_context, true);
    if (heal_inference_tick(inference, &engine->world) && engine->watch)
        engine->watch(engine->watch_context, false);
}

void heal_network_update(struct heal_engine *engine, bool blind) {
    for (unsigned i = 0; i < HEAL_SLOTS && !blind; i++)
        if (engine->inference[i])
            tick(engine, engine->inference[i]);
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
    *ret_threshold = heal_inference_model(inference)->threshold;
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
