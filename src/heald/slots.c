/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/slots.h"

#include "gnn/model.h"
#include "heal/status.h"

#include <errno.h>
#include <stdlib.h>

static void forget(struct heald_slots *slots, enum heal_slot slot) {
    free(slots->model[slot]);
    free(slots->memory[slot]);
    slots->model[slot] = NULL;
    slots->memory[slot] = NULL;
}

/* The engine has the new one before the old one goes. */
int heald_slots_give(struct heald_slots *slots, enum heal_slot slot, struct heal_gnn_model *take_model,
                     struct heal_error *error) {
    void *memory = NULL;
    int r = 0;

    if (take_model) {
        memory = malloc(heal_engine_network_bytes(slots->engine));
        r = memory ? 0 : heal_error_set(error, -ENOMEM, 0, 0, "no memory");
    }
    if (r == 0)
        r = heal_engine_set_network(slots->engine, slot, take_model, memory, error);
    if (r < 0) {
        free(memory);
        free(take_model);
        return r;
    }
    forget(slots, slot);
    slots->model[slot] = take_model;
    slots->memory[slot] = memory;
    return 0;
}

/* No model is in both places: the engine refuses that. */
bool heald_slots_follow(struct heald_slots *slots) {
    const struct heal_gnn_model *shadow = slots->model[HEAL_SLOT_SHADOW];
    uint64_t model;
    int32_t threshold;

    if (!shadow || !heal_engine_network(slots->engine, HEAL_SLOT_ACTIVE, &model, &threshold) ||
        model != shadow->id)
        return false;
    forget(slots, HEAL_SLOT_ACTIVE);
    slots->model[HEAL_SLOT_ACTIVE] = slots->model[HEAL_SLOT_SHADOW];
    slots->memory[HEAL_SLOT_ACTIVE] = slots->memory[HEAL_SLOT_SHADOW];
    slots->model[HEAL_SLOT_SHADOW] = NULL;
    slots->memory[HEAL_SLOT_SHADOW] = NULL;
    return true;
}

void heald_slots_close(struct heald_slots *slots) {
    for (unsigned slot = 0; slot < HEAL_SLOTS; slot++)
        forget(slots, (enum heal_slot)slot);
}
