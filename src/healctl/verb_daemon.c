/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The verbs that ask the daemon, or order it about. */
#include "healctl/verb_table.h"

#include "base/cleanup.h"
#include "healctl/cmd.h"

/* clang-format 14 breaks down over these tables. */
/* clang-format off */
static const struct heal_verb verbs[] = {
    {.name = "status",
     .arguments = "",
     .summary = "how this node is: mode, incidents, links, what does not work",
     .text = "With --watch the picture is drawn again and again, on a terminal in the same place; Ctrl-C ends it. "
             "A heald that goes away meanwhile is waited for; one that is not there at first is not.",
     .option = {{"--watch", NULL, NULL, "go on until interrupted"},
                {"--every", "TIME", NULL, "between two pictures (1s)"},
                {"--times", "NUMBER", NULL, "end after so many pictures"}},
     .run = heal_cmd_status},
    {.name = "nodes",
     .arguments = "",
     .summary = "this node and its neighbours, with their incidents",
     .run = heal_cmd_nodes},
    {.name = "links",
     .arguments = "",
     .summary = "the links of this node: loss each way, latency, signal, traffic",
     .run = heal_cmd_links},
    {.name = "network",
     .arguments = "",
     .summary = "what the mesh's neural network says of this node's ports, and on what that rests",
     .text = "SICK is the chance of that, by all that is known; ALONE by this node's own measurements, without a "
             "neighbour's word. INPUTS and STATE say what was used of the link's other end: fresh, or why it was left out. A "
             "verdict is whole where nothing was left out (docs/network.md). `healctl verdicts` keeps the alarms, and says why.",
     .run = heal_cmd_network},
    {.name = "incidents",
     .arguments = "[ID]",
     .summary = "what is wrong: open incidents, or one of them with its evidence",
     .text = "With --html the mesh as this node sees it, the time line and each incident's evidence become one page "
             "that needs nothing else: it can be kept, printed and sent. It has the incidents that the running heald "
             "knows, open or over; with --all those of earlier runs, too.",
     .arguments_max = 1,
     .option = {{"--all", NULL, NULL, "those that are over, too"},
                {"--html", "FILE", NULL, "draw a page; `-` is the standard output"}},
     .run = heal_cmd_incidents},
    {.name = "explain",
     .arguments = "ID",
     .summary = "an incident in plain words: what was seen, why this remedy, what came of it",
     .text = "An ID such as v17 is a verdict of the network (`healctl verdicts`): what each feature of the port, and each "
             "of its neighbours, had to do with it, and what was true (docs/detector.md).",
     .arguments_min = 1,
     .arguments_max = 1,
     .run = heal_cmd_explain},
    {.name = "actions",
     .arguments = "",
     .summary = "what was done about incidents, or would have been",
     .run = heal_cmd_actions},
    {.name = "audit",
     .arguments = "",
     .summary = "the newest records of the audit, and whether its chain is whole",
     .run = heal_cmd_audit},
    {.name = "audit verify",
     .arguments = "",
     .summary = "check that no record of the audit was changed, taken out or put in",
     .text = "The exit code is 0 if the chain is whole, 1 if it is broken, 2 if that could not be determined.",
     .run = heal_cmd_audit_verify},
    {.name = "thresholds",
     .arguments = "",
     .summary = "the thresholds, and how feedback moved them",
     .run = heal_cmd_thresholds},
    {.name = "strategies",
     .arguments = "",
     .summary = "the record of each remedy for each diagnosis",
     .run = heal_cmd_strategies},
    {.name = "feedback", .arguments = "", .summary = "how often the loop has learned", .run = heal_cmd_feedback},
    {.name = "verdicts",
     .arguments = "",
     .summary = "what the network has said, what would be done about it, and what turned out to be true",
     .text = "CHANCE is the largest so far; WHY the two parts that spoke most for sick, in logits: each +1 makes the odds 2.7 "
             "times as high. TRUTH and BY are what it turned out to be, and who says so: silence (nothing else was wrong), incident (the "
             "thresholds'), injector (who made the fault) or operator (`healctl label`). `healctl explain v17` says all about "
             "one (docs/detector.md).",
     .run = heal_cmd_verdicts},
    {.name = "mode",
     .arguments = "[observe|warn|act]",
     .words = "observe warn act",
     .summary = "show the mode, or change it",
     .text = "In observe nothing is done, and what would be done is recorded; in warn people are told; in act heald "
             "repairs. It holds, also when heald starts anew, until another is ordered or the configuration's is changed. "
             "With --detector gnn it is the network's own mode: act is refused until the network has earned it "
             "(docs/detector.md).",
     .arguments_max = 1,
     .option = {{"--detector", "NAME", "gnn", "the mode of a detector, not of heald"},
                {"--force", NULL, NULL, "whether it has earned it or not; the audit keeps that"}},
     .run = heal_cmd_mode},
    {.name = "pause",
     .arguments = "",
     .summary = "stop acting for a while; watching goes on",
     .option = {{"--reason", "TEXT", NULL, "why; it is shown to whoever asks (required)"},
                {"--for", "TIME", NULL, "e.g. 30min; without it, until `healctl resume`"}},
     .run = heal_cmd_pause},
    {.name = "resume", .arguments = "", .summary = "act again after a pause", .run = heal_cmd_resume},
    {.name = "undo",
     .arguments = "ID",
     .summary = "take back what is in place for an incident, and do nothing more about it",
     .arguments_min = 1,
     .arguments_max = 1,
     .run = heal_cmd_undo},
    {.name = "label",
     .arguments = "ID true|false",
     .summary = "say whether an incident was real trouble; heald learns from it",
     .text = "An ID such as v17 is a verdict of the network (`healctl verdicts`): the word is then whether it was right.",
     .arguments_min = 2,
     .arguments_max = 2,
     .option = {{"--note", "TEXT", NULL, "kept with the label"}},
     .run = heal_cmd_label},
    {.name = "missed",
     .arguments = "DIAGNOSIS",
     .summary = "say that heald should have made a diagnosis and did not; its metric tightens",
     .arguments_min = 1,
     .arguments_max = 1,
     .run = heal_cmd_missed},
};
/* clang-format on */

const struct heal_verb_table heal_verbs_daemon = {verbs, HEAL_COUNT(verbs)};
