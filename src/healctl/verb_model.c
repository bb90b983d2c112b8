/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The verbs about networks and their files. */
#include "healctl/verb_table.h"

#include "base/cleanup.h"
#include "healctl/cmd.h"

/* clang-format 14 breaks down over these tables. */
/* clang-format off */
static const struct heal_verb verbs[] = {
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
    {.name = "model train",
     .arguments = "DATASET",
     .summary = "learn from labelled graphs: a model that a node runs, and how good it is",
     .text = "For example:\n"
             "  healctl dataset simulate --out train.txt --seed 1 --snapshots 3000\n"
             "  healctl dataset simulate --out test.txt --seed 2 --snapshots 1000\n"
             "  healctl model train train.txt --out model.safetensors --test test.txt --picture report.svg\n"
             "A fifth of DATASET is not learnt from: it says when to stop, chooses the threshold, and shows how good the "
             "model is. It has no run, or no time, in common with the rest. The same set, options and seed give the same "
             "file to the byte, on every machine. How it goes is written to the standard error, a line an epoch, or a bar on a "
             "terminal; Ctrl-C ends it without a file. docs/training.md says more.",
     .arguments_min = 1,
     .arguments_max = 1,
     .local = true,
     .option = {{"--out", "FILE", NULL, "where the model goes, in eight-bit integers (required)"},
                {"--float", "FILE", NULL, "and where in single precision, to export or to go on with"},
                {"--test", "DATASET", NULL, "another set, which has no part in it, to judge it by"},
                {"--picture", "FILE", NULL, "draw the report (SVG)"},
                {"--validate", "BY", "run time", "what is kept: whole runs, or a time of each (run, where there are enough)"},
                {"--piece", "K/N", NULL, "the set is cut into N pieces, and the K-th kept (5/5)"},
                {"--gap", "TIME", NULL, "left out around it, in the set's unit of time (a twentieth of a piece)"},
                {"--fpr", "RATE", NULL, "a threshold that promises at most so many false alarms (it has the best F1)"},
                {"--epochs", "NUMBER", NULL, "times through the set (50)"},
                {"--patience", "NUMBER", NULL, "end after so many epochs without a better validation; 0: never (20)"},
                {"--seed", "NUMBER", NULL, "of all that is random (1)"},
                {"--hidden", "NUMBER", NULL, "how wide the network is, even (64)"},
                {"--batch", "NUMBER", NULL, "graphs a step (32)"},
                {"--rate", "RATE", NULL, "of learning, at its peak (0.006)"},
                {"--loss", "LOSS", "binary focal multi", "cross-entropy, its focal form, or that of the kinds of graphs, too (binary)"},
                {"--focus", "NUMBER", NULL, "of the focal form (2)"},
                {"--sick-weight", "NUMBER", NULL, "what a sick vertex counts for, a healthy one being 1 (1)"},
                {"--dropout", "SHARE", NULL, "of hidden values, left out at random while it learns (0.1)"},
                {"--missing", "SHARE", NULL, "likewise of features, as if not measured (0.15)"},
                {"--absent", "SHARE", NULL, "likewise of vertices (0.15)"},
                {"--threads", "NUMBER", NULL, "how many work (one a processor); the file is the same"}},
     .run = heal_cmd_model_train},
    {.name = "model eval",
     .arguments = "[FILE DATASET]",
     .summary = "how good a model is on labelled graphs, or, where it runs, with --live: and whether it may act",
     .text = "A model in integers is judged as a node would run it; one in single precision, both ways. For example:\n"
             "  healctl model eval models/port.safetensors test.txt --picture report.svg\n"
             "With --live the daemon is asked what became of the verdicts of its models: shares stand with their intervals, "
             "whose ends hold with 95 % each; of each feature how much lies outside of what the model has learnt from, and how far it has "
             "moved since the model earned its trust (docs/detector.md).",
     .arguments_max = 2,
     .option = {{"--live", NULL, NULL, "of the models that run"},
                {"--picture", "FILE", NULL, "draw the report (SVG)"}},
     .run = heal_cmd_model_eval},
    {.name = "model shadow",
     .arguments = "[FILE]",
     .summary = "put a model beside the active one: it is judged as that is, and never acted upon",
     .text = "The daemon keeps a copy, and goes on with it after a restart. FILE is a model in eight-bit integers "
             "(docs/detector.md).",
     .arguments_max = 1,
     .option = {{"--drop", NULL, NULL, "none any more"}},
     .run = heal_cmd_model_shadow},
    {.name = "model activate",
     .arguments = "MODEL",
     .summary = "make the model in the shadow the active one; refused until it is no worse",
     .text = "MODEL is its number, as `healctl model eval --live` shows it. It takes its record along (docs/detector.md).",
     .arguments_min = 1,
     .arguments_max = 1,
     .option = {{"--force", NULL, NULL, "whether it has earned it or not; the audit keeps that"}},
     .run = heal_cmd_model_activate},
};
/* clang-format on */

const struct heal_verb_table heal_verbs_model = {verbs, HEAL_COUNT(verbs)};
