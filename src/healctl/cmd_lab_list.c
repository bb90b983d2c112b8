/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "healctl/cmd.h"
#include "healctl/lab_client.h"
#include "healctl/page.h"
#include "healctl/show.h"

int heal_cmd_lab_list(const struct heal_call *call) {
    json_t *running = heal_lab_client_running();
    struct heal_page page;

    if (!running)
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "no memory");
    heal_page_init(&page, call->out, json_array_get(running, 0));
    if (call->json)
        heal_page_json(call->out, running);
    else
        heal_show_lab_list(&page, running);
    json_decref(running);
    return HEAL_EXIT_OK;
}
