/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The models that an engine works with, each with the memory that it does so in. Both last until the engine
 * has another in their place. The engine itself may move the shadow's model to the active place
 * (HEAL_OPERATOR_ACTIVATE): whoever steps it calls heald_slots_follow after such an order.
 */
#ifndef HEALD_SLOTS_H
#define HEALD_SLOTS_H

#include "heal/engine.h"
#include "heal/error.h"

struct heal_gnn_model; /* gnn/model.h */

struct heald_slots {
    struct heal_engine *engine;
    struct heal_gnn_model *model[HEAL_SLOTS]; /**< NULL: none */
    void *memory[HEAL_SLOTS];
};

/** Gives the engine a model in place of the one that is there. @param take_model from malloc; NULL: none is
 * wanted. @return 0, or -ENOMEM or -EINVAL with words: the one that is there stays. */
int heald_slots_give(struct heald_slots *slots, enum heal_slot slot, struct heal_gnn_model *take_model,
                     struct heal_error *error);

/** Notices that the shadow's model is the active one by now. @return whether it has become that. */
bool heald_slots_follow(struct heald_slots *slots);

/** Frees all; the engine is not stepped any more. Also for slots of zeros. */
void heald_slots_close(struct heald_slots *slots);

#endif
