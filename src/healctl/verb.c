/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "healctl/verb.h"

#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "healctl/cmd.h"
#include "lab/topology.h"

const struct heal_verb_option heal_verb_common_options[] = {
    {"--json",   NULL,   NULL, "print what the daemon's interface says, as JSON"                          },
    {"--socket", "PATH", NULL, "the daemon's admin socket (HEALD_SOCKET; default " HEAL_SOCKET_DEFAULT ")"},
    {"--help",   NULL,   NULL, "say what the verb does and takes"                                         },
    {NULL,       NULL,   NULL, NULL                                                                       },
};

/* Which lab a verb is about. */
#define LAB_WHICH                                                                                            \
    {"--name", "NAME", NULL, "which lab (the only one that runs, or " HEAL_LAB_DEFAULT_NAME ")"}, {          \
        "--folder", "DIR", NULL, "which lab, by its folder"                                                  \
    }

/* The table of contents of healctl, in the order in which help shows it. */
/* clang-format 14 breaks down over this table. */
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
    {.name = "model eval",
     .arguments = "",
     .summary = "what the network has shown on this node: right and wrong, drift, and whether it may act",
     .text = "With --live the daemon is asked what became of the verdicts of its models (docs/detector.md).",
     .option = {{"--live", NULL, NULL, "of the models that run (required)"}},
     .run = heal_cmd_model_live},
    {.name = "model activate",
     .arguments = "MODEL",
     .summary = "make the model in the shadow the active one; refused until it is no worse",
     .text = "MODEL is its number, as `healctl model eval --live` shows it. It takes its record along (docs/detector.md).",
     .arguments_min = 1,
     .arguments_max = 1,
     .option = {{"--force", NULL, NULL, "whether it has earned it or not; the audit keeps that"}},
     .run = heal_cmd_model_activate},
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
    {.name = "model info",
     .arguments = "FILE",
     .summary = "what a model's file says: network, features, threshold, training, figures",
     .text = "The whole file is checked; what is wrong with it is said with its byte. The id is the SHA-256 of the file.",
     .arguments_min = 1,
     .arguments_max = 1,
     .local = true,
     .run = heal_cmd_model_info},
    {.name = "model quantize",
     .arguments = "FLOAT INT8",
     .summary = "make of a model in single precision the one in eight-bit integers that a node runs",
     .arguments_min = 2,
     .arguments_max = 2,
     .local = true,
     .run = heal_cmd_model_quantize},
    {.name = "model export",
     .arguments = "FILE ONNX",
     .summary = "write a model for other programs, such as ONNX Runtime",
     .text = "The file takes features as they are measured, and edges; docs/model.md says how.",
     .arguments_min = 2,
     .arguments_max = 2,
     .local = true,
     .option = {{"--to", "FORMAT", "onnx onnx-int8", "single precision (onnx), or by way of the same eight bits as a node's"}},
     .run = heal_cmd_model_export},
    {.name = "model import",
     .arguments = "SAFETENSORS FILE",
     .summary = "take weights that were trained in PyTorch Geometric",
     .text = "SAFETENSORS is the state dictionary of the module that docs/model.md defines.",
     .arguments_min = 2,
     .arguments_max = 2,
     .local = true,
     .run = heal_cmd_model_import},
    {.name = "probe",
     .arguments = "[FILE]",
     .summary = "what this kernel and host can give heald",
     .text = "FILE is the configuration to look for: /etc/heald/heald.yaml unless named, and the defaults where that is "
             "not there. It looks with the rights of who runs it, and changes nothing. What is missing is no failure: "
             "the exit code is 0 then, too.",
     .arguments_max = 1,
     .local = true,
     .run = heal_cmd_probe},
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
                {"--folder", "DIR", NULL, "where its files and sockets are"},
                {"--name", "NAME", NULL, "what it is called, instead of as the topology says"}},
     .run = heal_cmd_lab_up},
    {.name = "lab down",
     .arguments = "",
     .summary = "end a lab",
     .local = true,
     .option = {LAB_WHICH},
     .run = heal_cmd_lab_down},
    {.name = "lab status",
     .arguments = "",
     .summary = "the nodes, links and flows of a lab, and its faults",
     .text = "The loss of a flow is that of ten seconds.",
     .local = true,
     .option = {LAB_WHICH},
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
     .option = {LAB_WHICH},
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
     .option = {{"--for", "TIME", NULL, "take it back by itself after a while, e.g. 30s"}, LAB_WHICH},
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
    {.name = "dataset simulate",
     .arguments = "",
     .summary = "make labelled graphs to learn from, by simulation",
     .text = "Real engines measure meshes of many shapes in virtual time, in which trouble is sown, or what looks like it "
             "(docs/dataset.md). The same seed gives the same file; another seed none of its runs.",
     .local = true,
     .option = {{"--out", "FILE", NULL, "where it goes; `-` is the standard output (required)"},
                {"--seed", "NUMBER", NULL, "of all that is random (1)"},
                {"--snapshots", "NUMBER", NULL, "how many graphs (3000)"},
                {"--missing", "SHARE", NULL, "of all features, taken out at random (0)"},
                {"--nodes", "LEAST-MOST", NULL, "of a mesh (4-64)"}},
     .run = heal_cmd_dataset_simulate},
    {.name = "dataset record",
     .arguments = "",
     .summary = "make labelled graphs of a lab that runs, until interrupted",
     .text = "Every two seconds each node's heald says what it measures, and the lab's fault injector what is true.",
     .local = true,
     .option = {{"--out", "FILE", NULL, "where it goes; `-` is the standard output (required)"},
                {"--for", "TIME", NULL, "end after a while, e.g. 5min"},
                LAB_WHICH},
     .run = heal_cmd_dataset_record},
    {.name = "dataset import",
     .arguments = "IN OUT",
     .summary = "make labelled graphs of what others have measured",
     .text = "IN is a file (orbit) or a folder (csv, ipcore), OUT a file; `-` is the standard output.",
     .arguments_min = 2,
     .arguments_max = 2,
     .local = true,
     .option = {{"--format", "FORMAT", "csv ipcore orbit", "what IN is (required)"}},
     .run = heal_cmd_dataset_import},
    {.name = "dataset export",
     .arguments = "FILE FOLDER",
     .summary = "write labelled graphs as tables of comma-separated values",
     .text = "FOLDER is made if it is not there; set.csv, graphs.csv, vertices.csv and edges.csv in it are written anew.",
     .arguments_min = 2,
     .arguments_max = 2,
     .local = true,
     .run = heal_cmd_dataset_export},
    {.name = "dataset info",
     .arguments = "FILE",
     .summary = "what is in labelled graphs: how many, of which kinds, and how they were made",
     .arguments_min = 1,
     .arguments_max = 1,
     .local = true,
     .run = heal_cmd_dataset_info},
    {.name = "version",
     .arguments = "",
     .summary = "the version of healctl",
     .local = true,
     .run = heal_cmd_version},
    {.name = "help",
     .arguments = "[VERB]",
     .summary = "this overview, or more on one verb",
     .arguments_max = 2,
     .local = true,
     .option = {{"--man", NULL, NULL, "the manual page, healctl(1)"},
                {"--completion", "SHELL", "bash zsh fish", "completions for a shell"}},
     .run = heal_cmd_help},
};
/* clang-format on */

const struct heal_verb *heal_verb_at(size_t index) {
    return index < HEAL_COUNT(verbs) ? &verbs[index] : NULL;
}

const struct heal_verb *heal_verb_find(const char *name) {
    for (size_t i = 0; i < HEAL_COUNT(verbs); i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}

bool heal_verb_takes_common(const struct heal_verb *verb, const struct heal_verb_option *option) {
    if (verb->local && strcmp(option->name, "--socket") == 0)
        return false;
    for (const struct heal_verb_option *own = verb->option; own->name; own++)
        if (strcmp(own->name, option->name) == 0)
            return false;
    return true;
}

bool heal_verb_form_word(const struct heal_verb *verb, size_t index, char *buffer, size_t size) {
    const char *summary, *form = verb->form ? verb->form(index, &summary) : NULL;

    if (form)
        snprintf(buffer, size, "%.*s", (int)strcspn(form, " "), form);
    return form != NULL;
}

const struct heal_verb *heal_verb_match(int argc, char **argv, int *ret_words) {
    for (int words = argc < 2 ? argc : 2; words > 0; words--) {
        char name[64];
        const struct heal_verb *verb;

        snprintf(name, sizeof name, "%s%s%s", argv[0], words > 1 ? " " : "", words > 1 ? argv[1] : "");
        if ((verb = heal_verb_find(name))) {
            *ret_words = words;
            return verb;
        }
    }
    return NULL;
}

bool heal_verb_is_group(const char *name) {
    size_t length = strlen(name);

    for (size_t i = 0; i < HEAL_COUNT(verbs); i++)
        if (strncmp(verbs[i].name, name, length) == 0 && verbs[i].name[length] == ' ')
            return true;
    return false;
}

const char *heal_verb_nearest(const char *typed) {
    const char *candidate[HEAL_COUNT(verbs) + 1];

    for (size_t i = 0; i < HEAL_COUNT(verbs); i++)
        candidate[i] = verbs[i].name;
    candidate[HEAL_COUNT(verbs)] = NULL;
    return heal_name_nearest(typed, candidate);
}
