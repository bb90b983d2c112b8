/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The verbs about the models that a daemon runs. */
#include "healctl/client.h"
#include "healctl/cmd.h"
#include "healctl/show.h"

int heal_cmd_model_live(const struct heal_call *call) {
    return heal_client_page(call, "/v1/detector", heal_show_detector);
}

int heal_cmd_model_activate(const struct heal_call *call) {
    bool force = heal_call_option(call, "--force") != NULL;

    return heal_client_order(call, "/v1/activate",
                             json_pack("{s:s, s:b}", "model", call->argument[0], "force", (int)force),
                             force ? "it is the active model now, by force" : "it is the active model now");
}
