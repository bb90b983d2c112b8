/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** The tables of verbs, each in the order in which help shows it. All of it is constant. */
#ifndef HEAL_HEALCTL_VERB_TABLE_H
#define HEAL_HEALCTL_VERB_TABLE_H

#include "healctl/verb.h"
#include "lab/topology.h"

struct heal_verb_table {
    const struct heal_verb *verb;
    size_t verbs;
};

extern const struct heal_verb_table heal_verbs_daemon, heal_verbs_config, heal_verbs_model, heal_verbs_lab,
    heal_verbs_dataset;

/** The options that say which lab a verb is about. */
#define HEAL_VERB_LAB_WHICH                                                                                  \
    {"--name", "NAME", NULL, "which lab (the only one that runs, or " HEAL_LAB_DEFAULT_NAME ")"}, {          \
        "--folder", "DIR", NULL, "which lab, by its folder"                                                  \
    }

#endif
