/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The verbs about model files. They ask no daemon. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "healctl/cmd.h"
#include "healctl/page.h"
#include "healctl/show_model.h"
#include "os/file.h"
#include "os/model_file.h"
#include "weights/onnx.h"
#include "weights/safetensors.h"
#include "weights/torch.h"

/* Says what is wrong with a file. */
static int fail(const struct heal_call *call, const char *path, const struct heal_error *error) {
    char text[HEAL_MODEL_ERROR_TEXT];

    return heal_call_fail(call, HEAL_EXIT_FAILED, "%s", heal_model_error_format(path, error, text));
}

static int load(const struct heal_call *call, const char *path, struct heal_weights *ret_weights) {
    struct heal_error error = {0};
    int r = heal_model_file_load(path, ret_weights, NULL, &error);

    if (r == -ENOMEM)
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "no memory");
    return r < 0 ? fail(call, path, &error) : HEAL_EXIT_OK;
}

/* Says what was written. */
static int say_written(const struct heal_call *call, const char *path, size_t length) {
    if (!call->json) {
        fprintf(call->out, "%s: %zu bytes\n", path, length);
        return HEAL_EXIT_OK;
    }
    json_t *object = json_pack("{s:s, s:I}", "file", path, "bytes", (json_int_t)length);
    if (!object)
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "no memory");
    heal_page_json(call->out, object);
    json_decref(object);
    return HEAL_EXIT_OK;
}

static int write_bytes(const struct heal_call *call, const char *path, const uint8_t *bytes, size_t length) {
    struct heal_error error = {0};

    if (heal_file_is_same(call->argument[0], path))
        return heal_call_fail(call, HEAL_EXIT_USAGE, "%s would go over what it is made of", path);
    if (heal_model_file_write(path, bytes, length, &error) < 0)
        return fail(call, path, &error);
    return say_written(call, path, length);
}

static int save(const struct heal_call *call, const char *path, const struct heal_weights *weights) {
    HEAL_CLEANUP(heal_free_pointer) uint8_t *bytes = NULL;
    struct heal_error error = {0};
    size_t length = 0;

    if (heal_weights_encode(weights, &bytes, &length, &error) < 0)
        return fail(call, path, &error);
    return write_bytes(call, path, bytes, length);
}

int heal_cmd_model_info(const struct heal_call *call) {
    const char *path = call->argument[0];
    uint8_t hash[HEAL_MODEL_HASH_BYTES];
    struct heal_weights weights;
    struct heal_error error = {0};

    if (heal_model_file_load(path, &weights, hash, &error) < 0)
        return fail(call, path, &error);
    json_t *object = heal_model_describe(&weights, hash);
    heal_weights_deinit(&weights);
    if (!object)
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "no memory");
    if (call->json) {
        heal_page_json(call->out, object);
    } else {
        struct heal_page page;

        heal_page_init(&page, call->out, NULL);
        heal_show_model(&page, object);
    }
    json_decref(object);
    return HEAL_EXIT_OK;
}

/* To what a node runs. */
static int quantise(const struct heal_call *call, const char *path, const struct heal_weights *weights,
                    struct heal_weights *ret_weights) {
    struct heal_error error = {0};

    return heal_weights_quantise(weights, ret_weights, &error) < 0
               ? heal_call_fail(call, HEAL_EXIT_FAILED, "%s: %s", path, error.what)
               : HEAL_EXIT_OK;
}

int heal_cmd_model_quantize(const struct heal_call *call) {
    struct heal_weights weights = {0}, integers = {0};
    int r = load(call, call->argument[0], &weights);

    if (r != HEAL_EXIT_OK)
        return r;
    r = quantise(call, call->argument[0], &weights, &integers);
    if (r == HEAL_EXIT_OK)
        r = save(call, call->argument[1], &integers);
    heal_weights_deinit(&weights);
    heal_weights_deinit(&integers);
    return r;
}

static int export(const struct heal_call *call, const struct heal_weights *weights) {
    HEAL_CLEANUP(heal_free_pointer) uint8_t *bytes = NULL;
    struct heal_error error = {0};
    size_t length = 0;

    if (heal_onnx_encode(weights, &bytes, &length, &error) < 0)
        return heal_call_fail(call, HEAL_EXIT_FAILED, "%s: %s", call->argument[0], error.what);
    return write_bytes(call, call->argument[1], bytes, length);
}

int heal_cmd_model_export(const struct heal_call *call) {
    const char *to = heal_call_option(call, "--to");
    struct heal_weights weights = {0}, integers = {0};
    int r = load(call, call->argument[0], &weights);

    if (r != HEAL_EXIT_OK)
        return r;
    bool in_integers = to && strcmp(to, "onnx-int8") == 0;
    if (in_integers && weights.card.network == HEAL_CARD_FLOAT) {
        r = quantise(call, call->argument[0], &weights, &integers);
        r = r != HEAL_EXIT_OK ? r : export(call, &integers);
    } else if (!in_integers && weights.card.network == HEAL_CARD_INT8) {
        r = heal_call_fail(call, HEAL_EXIT_FAILED, "%s is in integers: it can be exported to onnx-int8",
                           call->argument[0]);
    } else {
        r = export(call, &weights);
    }
    heal_weights_deinit(&weights);
    heal_weights_deinit(&integers);
    return r;
}

int heal_cmd_model_import(const struct heal_call *call) {
    HEAL_CLEANUP(heal_free_pointer) char *bytes = NULL;
    const char *path = call->argument[0];
    struct heal_weights weights = {0};
    struct heal_error error = {0};
    size_t length = 0;
    int r = heal_file_read(path, HEAL_SAFETENSORS_BYTES_MAX, &bytes, &length);

    if (r < 0)
        return heal_call_fail(call, HEAL_EXIT_FAILED, "%s: %s", path, strerror(-r));
    if (heal_torch_decode((const uint8_t *)bytes, length, &weights, &error) < 0)
        return fail(call, path, &error);
    r = save(call, call->argument[1], &weights);
    heal_weights_deinit(&weights);
    return r;
}
