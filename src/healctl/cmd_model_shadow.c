/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* A model goes to the daemon as bytes: its user may not be able to read the file, and the file may go away.
 */
#include <errno.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "healctl/client.h"
#include "healctl/cmd.h"
#include "os/file.h"
#include "os/model_file.h"

/* As text it is a third longer, and the daemon takes 64 KiB. */
enum { BYTES_MAX = 48000 };

static const char place[] = "/v1/shadow";

static int fail(const struct heal_call *call, const char *path, const struct heal_error *error) {
    char text[HEAL_MODEL_ERROR_TEXT];

    return heal_call_fail(call, HEAL_EXIT_FAILED, "%s", heal_model_error_format(path, error, text));
}

static int send_bytes(const struct heal_call *call, const char *bytes, size_t length) {
    char *text = malloc((length + 2) / 3 * 4 + 1);

    if (!text)
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "no memory");
    (void)EVP_EncodeBlock((unsigned char *)text, (const unsigned char *)bytes, (int)length);
    json_t *body = json_pack("{s:s}", "model", text);
    free(text);
    return heal_client_order(call, place, body,
                             "it is judged beside the active one from now on: `healctl model eval --live`");
}

static int send_file(const struct heal_call *call, const char *path) {
    HEAL_CLEANUP(heal_free_pointer) char *bytes = NULL;
    struct heal_gnn_model *model = calloc(1, sizeof *model);
    struct heal_error error = {0};
    size_t length = 0;
    int r = model ? heal_file_read(path, BYTES_MAX, &bytes, &length) : -ENOMEM;

    if (r == -EFBIG)
        r = heal_error_set(&error, r, 0, 0, "more than %d bytes: no node takes that", BYTES_MAX);
    else if (r < 0)
        r = heal_error_set(&error, r, 0, 0, "%s", strerror(-r));
    else
        r = heal_model_bytes_read(bytes, length, heal_feature_names, HEAL_FEATURES, model, &error);
    free(model);
    return r < 0 ? fail(call, path, &error) : send_bytes(call, bytes, length);
}

int heal_cmd_model_shadow(const struct heal_call *call) {
    bool drop = heal_call_option(call, "--drop") != NULL;

    if (drop == (call->arguments > 0))
        return heal_call_fail(call, HEAL_EXIT_USAGE, "either a FILE, or --drop");
    if (drop)
        return heal_client_order(call, place, json_pack("{s:n}", "model"),
                                 "no model is in the shadow any more");
    return send_file(call, call->argument[0]);
}
