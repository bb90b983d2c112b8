/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "healctl/cmd_model_settings.h"

#include <math.h>
#include <string.h>

#include "training/workers.h"

static int read_whole(const struct heal_call *call, const char *option, uint64_t least, uint64_t most,
                      unsigned *value) {
    uint64_t whole = *value;
    int r = heal_call_number(call, option, least, most, &whole);

    *value = (unsigned)whole;
    return r;
}

/* Of 256, as the library counts. */
static int read_share(const struct heal_call *call, const char *option, unsigned *of_256) {
    float share = (float)*of_256 / 256;
    int r = heal_call_float(call, option, 0, 0.99F, &share);

    *of_256 = (unsigned)lrintf(share * 256);
    return r;
}

static int read_loss(const struct heal_call *call, struct heal_gnn_loss *loss) {
    const char *name = heal_call_option(call, "--loss");
    bool focal = name && strcmp(name, "focal") == 0;

    loss->focus = focal ? 2 : 0;
    if (heal_call_option(call, "--focus") && !focal)
        return heal_call_fail(call, HEAL_EXIT_USAGE, "--focus goes with --loss focal");
    int r = heal_call_float(call, "--focus", 0, 10, &loss->focus);
    return r != HEAL_EXIT_OK ? r : heal_call_float(call, "--sick-weight", 0.01F, 1000, &loss->sick_weight);
}

static int read_recipe(const struct heal_call *call, struct heal_gnn_recipe *recipe) {
    int r = read_whole(call, "--epochs", 1, 100000, &recipe->epochs);

    r = r != HEAL_EXIT_OK ? r : read_whole(call, "--patience", 0, 100000, &recipe->patience);
    r = r != HEAL_EXIT_OK ? r : read_whole(call, "--batch", 1, 65536, &recipe->batch);
    r = r != HEAL_EXIT_OK ? r : heal_call_number(call, "--seed", 0, INT64_MAX, &recipe->seed);
    r = r != HEAL_EXIT_OK ? r : heal_call_float(call, "--rate", 1e-6F, 1, &recipe->adamw.rate);
    r = r != HEAL_EXIT_OK ? r : read_share(call, "--dropout", &recipe->dropout_of_256);
    r = r != HEAL_EXIT_OK ? r : read_share(call, "--missing", &recipe->omission.features_of_256);
    r = r != HEAL_EXIT_OK ? r : read_share(call, "--absent", &recipe->omission.vertices_of_256);
    return r != HEAL_EXIT_OK ? r : read_loss(call, &recipe->loss);
}

static int read_split(const struct heal_call *call, struct heal_split_plan *plan) {
    const char *by = heal_call_option(call, "--validate"), *piece = heal_call_option(call, "--piece");
    uint64_t gap = 0;
    int end = 0;

    if (by)
        plan->by = strcmp(by, "run") == 0 ? HEAL_SPLIT_RUN : HEAL_SPLIT_TIME;
    if (piece && (sscanf(piece, "%3u/%3u%n", &plan->piece, &plan->pieces, &end) != 2 || piece[end] != '\0'))
        return heal_call_fail(call, HEAL_EXIT_USAGE, "--piece is one of so many, such as 5/5");
    if (heal_call_option(call, "--gap"))
        plan->gap = 0;
    int r = heal_call_number(call, "--gap", 0, INT64_C(1) << 53, &gap);
    plan->gap += (int64_t)gap;
    return r;
}

int heal_cmd_model_settings(const struct heal_call *call, struct heal_course_settings *settings) {
    unsigned hidden;
    int r;

    heal_course_settings_init(settings);
    hidden = settings->hidden;
    r = read_recipe(call, &settings->recipe);
    r = r != HEAL_EXIT_OK ? r : read_split(call, &settings->split);
    r = r != HEAL_EXIT_OK ? r : read_whole(call, "--hidden", 2, HEAL_GNN_HIDDEN_MAX, &hidden);
    r = r != HEAL_EXIT_OK ? r : read_whole(call, "--threads", 1, HEAL_WORKERS_MAX, &settings->threads);
    r = r != HEAL_EXIT_OK ? r : heal_call_float(call, "--fpr", 1e-5F, 0.5F, &settings->rate);
    settings->hidden = (uint16_t)hidden;
    return r;
}
