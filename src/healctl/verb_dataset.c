/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The verbs about labelled graphs. */
#include "healctl/verb_table.h"

#include "base/cleanup.h"
#include "healctl/cmd.h"

/* clang-format 14 breaks down over these tables. */
/* clang-format off */
static const struct heal_verb verbs[] = {
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
                HEAL_VERB_LAB_WHICH},
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
};
/* clang-format on */

const struct heal_verb_table heal_verbs_dataset = {verbs, HEAL_COUNT(verbs)};
