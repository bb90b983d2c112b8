/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The verbs about the models that a daemon runs. */
#include "healctl/client.h"
#include "healctl/cmd.h"
#include "healctl/show.h"

int heal_cmd_model_live(const struct heal_call *call) {
    if (!heal_call_option(call, "--live"))
        return heal_call_fail(call, HEAL_EXIT_USAGE, "of the models that run: --live");
    return heal_client_page(call, "/v1/detector", heal_show_detector);
}
