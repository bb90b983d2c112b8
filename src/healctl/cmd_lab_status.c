/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "healctl/cmd.h"
#include "healctl/lab_client.h"
#include "healctl/page.h"
#include "healctl/show.h"

enum { TIMEOUT_MS = 30000 };

int heal_cmd_lab_status(const struct heal_call *call) {
    json_t *reply = NULL;
    int r = heal_lab_client_ask(call, HEAL_CONTROL_STATUS, NULL, TIMEOUT_MS, &reply);
    struct heal_page page;

    heal_page_init(&page, call->out, reply);
    if (call->json && reply)
        heal_page_json(call->out, reply);
    else if (r == HEAL_EXIT_OK)
        heal_show_lab(&page, reply);
    json_decref(reply);
    return r;
}
