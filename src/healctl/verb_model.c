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
};
/* clang-format on */

const struct heal_verb_table heal_verbs_model = {verbs, HEAL_COUNT(verbs)};
