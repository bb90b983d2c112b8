/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A remedy that does as the test says, the step machine with only it, and an incident brought as far with it
 * as a test needs. All of them fail the test where the machine does otherwise.
 */
#ifndef HEAL_TEST_SCRIPTED_REMEDY_H
#define HEAL_TEST_SCRIPTED_REMEDY_H

#include "execute/machine.h"
#include "scene.h"

/** What the remedy does, and what it was asked. cmocka runs one test after the other; each sets it anew. */
struct scripted {
    struct heal_remedy_rule rule;
    enum heal_verdict verdict;
    int act_code;
    enum heal_takeover takeover;
    unsigned acts, undos, tends, worked, failed, closed;
};
extern struct scripted scripted;
extern const struct heal_machine scripted_machine;

/** The scene, and the remedy as it is at first: it holds, and knows everything a remedy may. */
int scripted_make(void **state);

/** A round, after some time. */
void after(struct scene *scene, heal_us span);
/** @return whether somebody waited for it. */
bool answer(struct scene *scene, uint32_t ticket, int code, const char *words);
/** @return the ticket of the last such command of the round. */
uint32_t ticket_of(const struct scene *scene, enum heal_command_kind kind);
/** @return the audit's last word on a step, which the scene owns. */
const char *audited(const struct scene *scene);

/** Of a link that loses, with the remedy as its plan. */
struct heal_incident *planned(struct scene *scene);
/** Its evidence is durable, the act was ordered; it waits for the answer to that. */
struct heal_incident *acting(struct scene *scene);
struct heal_incident *verifying(struct scene *scene);
struct heal_incident *holding(struct scene *scene);
/** Held, and the trouble over: it is being taken back. */
struct heal_incident *undoing(struct scene *scene);

#endif
