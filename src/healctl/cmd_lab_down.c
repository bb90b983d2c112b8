/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "healctl/cmd.h"
#include "healctl/lab_client.h"
#include "healctl/page.h"

enum { TIMEOUT_MS = 60000 };

int heal_cmd_lab_down(const struct heal_call *call) {
    json_t *reply = NULL;
    int r = heal_lab_client_ask(call, HEAL_CONTROL_DOWN, NULL, TIMEOUT_MS, &reply);

    if (call->json && reply)
        heal_page_json(call->out, reply);
    else if (r == HEAL_EXIT_OK)
        fprintf(call->out, "the lab has ended, with all that ran in it; its logs stay in %s\n",
                heal_field_text(reply, "folder", "?"));
    json_decref(reply);
    return r;
}
