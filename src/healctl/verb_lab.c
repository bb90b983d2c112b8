/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The verbs about meshes on this machine, real or simulated. */
#include "healctl/verb_table.h"

#include "base/cleanup.h"
#include "healctl/cmd.h"

/* clang-format 14 breaks down over these tables. */
/* clang-format off */
static const struct heal_verb verbs[] = {
    {.name = "lab up",
     .arguments = "[FILE]",
     .summary = "make a mesh of real nodes on this machine, and stay with it",
     .text = "FILE is a topology; without it, it is a ring of eight nodes with two chords. Ctrl-C or `healctl lab down` "
             "ends the lab and all that runs in it, as does whatever else ends the process that holds it. It needs no "
             "root, but babeld, nftables and iproute2.",
     .arguments_max = 1,
     .local = true,
     .option = {{"--detach", NULL, NULL, "go to the background once it is up; FOLDER/lab.log says how it goes on"},
                {"--mode", "MODE", "observe warn act", "what heald may do (act)"},
                {"--babeld-alone", NULL, NULL, "no heald on the nodes"},
                {"--no-traffic", NULL, NULL, "none of the topology's flows"},
                {"--model", "FILE", NULL, "the network of the nodes' detector (docs/detector.md)"},
                {"--folder", "DIR", NULL, "where its files and sockets are"},
                {"--name", "NAME", NULL, "what it is called, instead of as the topology says"}},
     .run = heal_cmd_lab_up},
    {.name = "lab down",
     .arguments = "",
     .summary = "end a lab",
     .local = true,
     .option = {HEAL_VERB_LAB_WHICH},
     .run = heal_cmd_lab_down},
    {.name = "lab status",
     .arguments = "",
     .summary = "the nodes, links and flows of a lab, and its faults",
     .text = "The loss of a flow is that of ten seconds.",
     .local = true,
     .option = {HEAL_VERB_LAB_WHICH},
     .run = heal_cmd_lab_status},
    {.name = "lab exec",
     .arguments = "NODE -- COMMAND…",
     .summary = "run something on a node of a lab",
     .text = "It has this terminal, and gets its interrupts. The exit code is the command's; 127 if there is no such "
             "program. The node `air` is where the links meet.",
     .arguments_min = 1,
     .arguments_max = 1,
     .local = true,
     .command = true,
     .option = {HEAL_VERB_LAB_WHICH},
     .run = heal_cmd_lab_exec},
    {.name = "lab fault",
     .arguments = "KIND …|list|clear",
     .summary = "make something sick in a lab, and measure that it is",
     .text = "A link is two nodes, n1-n2; one direction of it is 'n1>n2' (quote it: shells have other plans for >). The "
             "exit code is 2 if the fault is in force, but its effect could not be measured within three seconds.",
     .arguments_min = 1,
     .arguments_max = 8,
     .local = true,
     .form = heal_cmd_lab_fault_form,
     .option = {{"--for", "TIME", NULL, "take it back by itself after a while, e.g. 30s"}, HEAL_VERB_LAB_WHICH},
     .run = heal_cmd_lab_fault},
    {.name = "lab list",
     .arguments = "",
     .summary = "the labs that run",
     .local = true,
     .run = heal_cmd_lab_list},
    {.name = "lab demo",
     .arguments = "[FILE]",
     .summary = "watch a mesh fall sick and heal itself",
     .text = "Two meshes of eight nodes get the same grey faults at the same time, one with heald and one without. FILE "
             "gets what was measured, as JSON; with --json and no FILE that goes to the standard output, and the "
             "timeline to the standard error. The exit code is 0 only if all was healed.",
     .arguments_max = 1,
     .local = true,
     .run = heal_cmd_lab_demo},
    {.name = "simulate",
     .arguments = "SCRIPT…",
     .summary = "try a policy, or a mesh, in virtual time",
     .text = "A SCRIPT tells in plain sentences what befalls a mesh (docs/simulate.md); - is the standard input. Every node "
             "has an engine of its own, with the policy of the configuration that --config names, and acts, whatever mode "
             "that says, if the script does not begin with another. The same seed gives the same run. The exit code is 0 if "
             "all that a script expects came true, 1 if not, 64 if it cannot be read; then nothing has happened.",
     .arguments_max = HEAL_VERB_ARGUMENTS_MAX,
     .local = true,
     .option = {{"--seed", "NUMBER", NULL, "of all that is random (1)"},
                {"--config", "FILE", NULL, "whose policy, thresholds and guards the nodes have"},
                {"--trace", NULL, NULL, "print every decision of every node as it is made"},
                {"--html", "FILE", NULL, "draw a page of one SCRIPT's mesh, and of what came of it"},
                {"--sentences", NULL, NULL, "list what a script may say, and end"}},
     .run = heal_cmd_simulate},
};
/* clang-format on */

const struct heal_verb_table heal_verbs_lab = {verbs, HEAL_COUNT(verbs)};
