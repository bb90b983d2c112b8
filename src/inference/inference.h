/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A node's part of a network that the mesh computes together (docs/network.md). One vertex is a port; its
 * neighbours are the other ports of its node and the other end of its link. Each tick a node takes down the
 * inputs of its ports, tells each neighbour those of their link's end and that end's first-layer state, and
 * judges its ports by its own states and the other ends' as last told.
 *
 * All of it lies in one piece of memory that its owner gives and takes back; the model stays its owner's,
 * too, and must last as long. What is told is decoded already, and is believed of the sender's end of the
 * link that it came over, within what an honest end can have come to.
 */
#ifndef HEAL_INFERENCE_INFERENCE_H
#define HEAL_INFERENCE_INFERENCE_H

#include "gnn/model.h"
#include "heal/judgement.h"
#include "model/world.h"

struct heal_inference;

/** @return 0, or -EINVAL with words: a model of other features than nodes tell, or of wider states. */
int heal_inference_check(const struct heal_gnn_model *model, struct heal_error *error);

/** @return the bytes that it needs for so many ports, a multiple of any type's alignment. */
size_t heal_inference_bytes(size_t ports);

/**
 * @param memory of heal_inference_bytes, aligned for any type; what is in it does not matter
 * @param model that was checked
 */
struct heal_inference *heal_inference_init(void *memory, size_t ports, const struct heal_gnn_model *model);

const struct heal_gnn_model *heal_inference_model(const struct heal_inference *inference);

/** The logit above which a port is called sick: the model's own, until another is set. */
int32_t heal_inference_threshold(const struct heal_inference *inference);
void heal_inference_set_threshold(struct heal_inference *inference, int32_t logit);

/** Begins a tick and judges, where the last one is long enough ago. @return whether it did. */
bool heal_inference_tick(struct heal_inference *inference, const struct heal_world *world);

/** Fills in what the neighbour behind a port is told. @return false: nothing, for there was no tick yet. */
bool heal_inference_tell(const struct heal_inference *inference, const struct heal_port *port,
                         struct heal_message_vertex *ret_vertex);

/** Takes in what a neighbour told; its port is known. */
void heal_inference_take(struct heal_inference *inference, const struct heal_world *world,
                         const struct heal_message *message);

/** @return how many ports have a verdict, one behind the other at @p ret_judgement. */
size_t heal_inference_judgements(const struct heal_inference *inference,
                                 const struct heal_judgement **ret_judgement);

#endif
