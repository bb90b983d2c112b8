/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * How the verbs of the lab ask who holds it: which lab a call means, the question over its control socket
 * (control/control.h), and in words why there is no answer.
 */
#ifndef HEAL_HEALCTL_LAB_CLIENT_H
#define HEAL_HEALCTL_LAB_CLIENT_H

#include <jansson.h>

#include "control/client.h"
#include "healctl/call.h"

/** Asks every lab that runs in the default place what it is.
 * @return a new reference: an array of their answers; NULL: no memory. */
json_t *heal_lab_client_running(void);

/** Connects to the lab that a call means. @return an exit code, with what is wrong said. */
int heal_lab_client_connect(const struct heal_call *call, int *ret_connection);

/**
 * Waits for an answer. What is wrong is said. @param timeout_ms below 0: however long it takes.
 * @param ret_reply a new reference; NULL where there was no answer. @return the answer's exit code, or one.
 */
int heal_lab_client_receive(const struct heal_call *call, int connection, int timeout_ms, json_t **ret_reply);

/** Connects, asks, and waits for the answer; as receive. */
int heal_lab_client_ask(const struct heal_call *call, enum heal_control_verb verb, const char *const *words,
                        int timeout_ms, json_t **ret_reply);

#endif
