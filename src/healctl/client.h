/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Asks the daemon over its admin socket, and says in words why it did not answer. A connection lives for one
 * question.
 */
#ifndef HEAL_HEALCTL_CLIENT_H
#define HEAL_HEALCTL_CLIENT_H

#include <jansson.h>

#include "healctl/call.h"
#include "healctl/page.h"

/** Shows a reply to people. It trusts nothing in it. */
typedef void heal_client_show(struct heal_page *page, const json_t *reply);

/**
 * Asks for @p path; with a @p body (JSON) it is an order, a POST. An error is said on call->err.
 * @param ret_text terminated; the caller frees it. @return an exit code: OK, FAILED, UNKNOWN or INTERNAL.
 */
int heal_client_ask(const struct heal_call *call, const char *path, const char *body, char **ret_text);

/** As ask, and reads the reply as JSON. @param ret_json a new reference. */
int heal_client_ask_json(const struct heal_call *call, const char *path, const char *body, json_t **ret_json);

/** Asks for a page and shows it: as it came with --json, else by @p show. @return an exit code. */
int heal_client_page(const struct heal_call *call, const char *path, heal_client_show *show);

/** Gives an order and says that it was taken. @param take_body one reference. @return an exit code. */
int heal_client_order(const struct heal_call *call, const char *path, json_t *take_body, const char *done);

#endif
