/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** One question to a heald over its admin socket, as any client would ask it; a connection a question. */
#ifndef CRASH_ASK_H
#define CRASH_ASK_H

#include <jansson.h>

/**
 * Asks, for at most half a second. @param body JSON: an order (POST); NULL: a page (GET).
 * @param ret_page a new reference, or NULL; may itself be NULL.
 * @return the HTTP status, or a negative errno: no answer.
 */
int crash_ask(const char *socket, const char *path, const char *body, json_t **ret_page);

#endif
