/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What the remedies that tune a mesh or a radio have in common: the setting's name and value before go on
 * record, it is changed only from that, and back only from what heald has set. A setting that several
 * incidents want is tuned once, and taken back by the last of them (HEAL_SHARES_INTERFACE).
 */
#ifndef HEAL_PLAN_TUNING_H
#define HEAL_PLAN_TUNING_H

#include "model/remedy.h"

/** A destination that has only just come, or lost its way, is led past it some announcements later. */
enum { HEAL_TUNING_DOUBT_US = 8 * HEAL_US_PER_S };

/** In place for what goes through the link's other end, or for what may yet come. */
#define HEAL_TUNING_IDLE_WORDS "in place; nothing of this node's shows what it does"

/** Reads what a setting is now, as the latest reading has it. @return false where that is not known. */
bool heal_tuning_now(const struct heal_world *world, enum heal_tuning what, const char *ifname,
                     uint32_t *ret_value);

/** @return whether it can be tuned to @p value: it is known, and is another, or is so by this very remedy. */
bool heal_tuning_applies(const struct heal_world *world, enum heal_remedy remedy, enum heal_tuning what,
                         const char *ifname, uint32_t value);

/** Names the interface in the step, and what is changed there from what it is now to @p value; or as another
 * step of this remedy has it in place. @return 0 or -ENOENT. */
int heal_tuning_aim(const struct heal_world *world, enum heal_remedy remedy, enum heal_tuning what,
                    const char *ifname, uint32_t value, struct heal_step *step);

/** Orders what a step changes at @p ifname, or the way back; whatever it is now. @return 0 or -ENOSPC. */
int heal_tuning_order(struct heal_world *world, struct heal_incident *incident, struct heal_step *step,
                      const char *ifname, const struct heal_retuning *retuning, bool back);

/** As heal_remedy_rule's act: what the step was aimed at; nothing where it is in place already. @return 0,
 * -ESTALE or -ENOSPC. */
int heal_tuning_act(struct heal_world *world, struct heal_incident *incident, struct heal_step *step);

/** @return whether the readings show the setting as the step wants it. */
bool heal_tuning_shows(const struct heal_world *world, const struct heal_step *step);

/** As heal_remedy_rule's undo. */
int heal_tuning_undo(struct heal_world *world, struct heal_incident *incident, struct heal_step *step);

/** @return to how many destinations the mesh goes through the incident's own port: the mark of a step that
 * is to make it lead past that, noted when it is aimed. */
uint32_t heal_tuning_through(const struct heal_world *world, const struct heal_incident *incident);

/** As heal_remedy_rule's verify: whether fewer destinations than the mark go through that port now, and none
 * that has another way. That a setting is in place is no success. */
enum heal_verdict heal_tuning_verify(const struct heal_world *world, const struct heal_incident *incident,
                                     const struct heal_step *step);

/** As heal_remedy_rule's eases: nothing goes through the incident's own port any more, nor
 * to the neighbour behind it. */
bool heal_tuning_eases(const struct heal_world *world, const struct heal_incident *incident);

/** As heal_remedy_rule's taken_over: the setting is neither what heald has set nor unknown. */
enum heal_takeover heal_tuning_taken_over(struct heal_world *world, struct heal_incident *incident,
                                          struct heal_step *step, struct heal_text *words);

/** @return whether there is something that the mesh could lead past it, or nothing that goes there. */
bool heal_tuning_can_move(const struct heal_world *world, const struct heal_incident *incident);

#endif
