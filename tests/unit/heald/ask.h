/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** Questions to the heald of a test at its admin socket, and orders; what is no answer fails the test. */
#ifndef HEAL_TEST_ASK_H
#define HEAL_TEST_ASK_H

#include "program.h"

#include <jansson.h>

/** Opens a connection to heald's admin socket and sends a question. @return the connection. */
int ask_send(const struct program *program, const char *method, const char *path, const char *body);
/** Reads the answer, until the end. @param ret_page may be NULL. @return the HTTP status. */
int ask_answer(int file, json_t **ret_page);
/** Orders. @return the HTTP status. */
int ask_order(const struct program *program, const char *path, const char *body);
/** @return whether the status page says that a condition holds; that none does. */
bool ask_is_degraded(const struct program *program, const char *name);
bool ask_is_well(const struct program *program);

#endif
