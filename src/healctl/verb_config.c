/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The verbs about configurations, and about what a host can give. */
#include "healctl/verb_table.h"

#include "base/cleanup.h"
#include "healctl/cmd.h"

/* clang-format 14 breaks down over these tables. */
/* clang-format off */
static const struct heal_verb verbs[] = {
    {.name = "config check",
     .arguments = "[FILE]",
     .summary = "check a configuration and the folders beside it, without a daemon",
     .text = "FILE is /etc/heald/heald.yaml unless named. The exit code is 1 if there is an error.",
     .arguments_max = 1,
     .local = true,
     .run = heal_cmd_config_check},
    {.name = "config show",
     .arguments = "[FILE]",
     .summary = "what a configuration adds up to, as YAML",
     .arguments_max = 1,
     .local = true,
     .option = {{"--origins", NULL, NULL, "say where each value was set"}},
     .run = heal_cmd_config_show},
    {.name = "config defaults",
     .arguments = "",
     .summary = "all options with their defaults and what they are for, as YAML",
     .local = true,
     .run = heal_cmd_config_defaults},
    {.name = "config explain",
     .arguments = "OPTION",
     .summary = "one option: what it is for, unit, range, default",
     .arguments_min = 1,
     .arguments_max = 1,
     .local = true,
     .run = heal_cmd_config_explain},
    {.name = "probe",
     .arguments = "[FILE]",
     .summary = "what this kernel and host can give heald",
     .text = "FILE is the configuration to look for: /etc/heald/heald.yaml unless named, and the defaults where that is "
             "not there. It looks with the rights of who runs it, and changes nothing. What is missing is no failure: "
             "the exit code is 0 then, too.",
     .arguments_max = 1,
     .local = true,
     .run = heal_cmd_probe},
};
/* clang-format on */

const struct heal_verb_table heal_verbs_config = {verbs, HEAL_COUNT(verbs)};
