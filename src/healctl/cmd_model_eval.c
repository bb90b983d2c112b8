/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* `model eval`: how good a model is, on labelled graphs or, with --live, where it runs. */
#include "healctl/cmd.h"
#include "healctl/cmd_dataset.h"
#include "healctl/cmd_model_report.h"
#include "os/model_file.h"
#include "training/model.h"

/* A model in single precision, and the same in integers, or one of them. */
struct eval {
    const struct heal_call *call;
    const char *file, *path; /* of the model, of the set */
    struct heal_weights model, quantised;
    struct heal_dataset set;
};

static int load_model(struct eval *eval) {
    char text[HEAL_MODEL_ERROR_TEXT];
    struct heal_error error = {0};

    if (heal_model_file_load(eval->file, &eval->model, NULL, &error) == 0)
        return HEAL_EXIT_OK;
    return heal_call_fail(eval->call, HEAL_EXIT_FAILED, "%s",
                          heal_model_error_format(eval->file, &error, text));
}

/* As a node would run it. */
static int quantise(struct eval *eval) {
    struct heal_error error = {0};

    if (eval->model.integer || !eval->model.card.measured ||
        heal_weights_quantise(&eval->model, &eval->quantised, &error) == 0)
        return HEAL_EXIT_OK;
    return heal_call_fail(eval->call, HEAL_EXIT_FAILED, "%s: %s", eval->file, error.what);
}

static int report(const struct eval *eval, const struct heal_comparison *comparison) {
    const struct heal_sheet sheet = {
        .title = eval->file, .tried = {{"test", &eval->set, comparison}}, .sets = 1};
    json_t *object = json_pack("{s:s, s:s, s:s, s:f}", "model", eval->file, "network",
                               eval->model.integer ? "int8" : "float", "set", eval->path, "threshold",
                               (double)eval->model.card.threshold);

    if (!object)
        return heal_call_fail(eval->call, HEAL_EXIT_INTERNAL, "no memory");
    return heal_cmd_model_report(eval->call, &sheet, object);
}

static int judge(struct eval *eval) {
    const struct heal_card *card = &eval->model.card;
    const struct heal_model_wants wants = {card->scaling.feature, card->scaling.inputs, card->shape.kinds,
                                           card->kind};
    struct heal_comparison comparison;
    int32_t threshold;
    int r = heal_cmd_model_check_set(eval->call, &eval->set, eval->path, &wants);

    if (r != HEAL_EXIT_OK)
        return r;
    struct heal_asked asked = heal_model_asked(&eval->model, &threshold);
    if (eval->quantised.integer)
        asked.network = eval->quantised.integer;
    if (heal_comparison_ask(&asked, eval->set.graphs, threshold, &comparison) < 0)
        return heal_call_fail(eval->call, HEAL_EXIT_INTERNAL, "no memory");
    if (comparison.vertices == 0)
        return heal_call_fail(eval->call, HEAL_EXIT_FAILED,
                              "%s: of none of its %zu vertices the truth is known", eval->path,
                              comparison.unknown);
    return report(eval, &comparison);
}

int heal_cmd_model_eval(const struct heal_call *call) {
    struct eval eval = {.call = call, .file = call->argument[0], .path = call->argument[1]};

    if (heal_call_option(call, "--live")) {
        if (call->arguments > 0)
            return heal_call_fail(call, HEAL_EXIT_USAGE, "--live is about the models that run: no FILE");
        return heal_cmd_model_live(call);
    }
    if (call->arguments != 2)
        return heal_call_fail(call, HEAL_EXIT_USAGE,
                              "a model's FILE and a DATASET; or --live, of the models that run");
    int r = load_model(&eval);
    r = r != HEAL_EXIT_OK ? r : quantise(&eval);
    r = r != HEAL_EXIT_OK ? r : heal_cmd_dataset_load(call, eval.path, &eval.set);
    r = r != HEAL_EXIT_OK ? r : judge(&eval);
    heal_weights_deinit(&eval.model);
    heal_weights_deinit(&eval.quantised);
    heal_dataset_deinit(&eval.set);
    return r;
}
