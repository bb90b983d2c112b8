/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/api_model.h"

#include <errno.h>
#include <jansson.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

static int wrong(struct heal_error *error, const char *what) {
    return heal_error_set(error, -EINVAL, 0, 0, "\"model\" %s", what);
}

/* RFC 4648, section 4: three bytes of every four characters; the last may be filled up with `=`. */
static int decode(const char *text, size_t length, char **ret_bytes, size_t *ret_length,
                  struct heal_error *error) {
    if (length == 0 || length % 4 != 0 ||
        strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                     "0123456789+/=") != length)
        return wrong(error, "is not base64");
    char *bytes = malloc(length / 4 * 3);
    if (!bytes)
        return heal_error_set(error, -ENOMEM, 0, 0, "no memory");
    int decoded = EVP_DecodeBlock((unsigned char *)bytes, (const unsigned char *)text, (int)length);
    int filled = (text[length - 1] == '=') + (text[length - 2] == '=');
    if (decoded < filled) {
        free(bytes);
        return wrong(error, "is not base64");
    }
    *ret_bytes = bytes;
    *ret_length = (size_t)(decoded - filled);
    return 0;
}

static int read_model(const json_t *object, char **ret_bytes, size_t *ret_length, struct heal_error *error) {
    const json_t *model = json_object_get(object, "model");

    if (json_object_size(object) != 1 || !model)
        return heal_error_set(error, -EINVAL, 0, 0, "the body must be an object with \"model\" alone");
    if (json_is_null(model)) {
        *ret_bytes = NULL;
        *ret_length = 0;
        return 0;
    }
    if (!json_is_string(model))
        return wrong(error, "must be a string, or null");
    return decode(json_string_value(model), json_string_length(model), ret_bytes, ret_length, error);
}

int heald_model_parse(const char *body, size_t length, char **ret_bytes, size_t *ret_length,
                      struct heal_error *error) {
    json_error_t at = {0};
    json_t *object = json_loadb(body, length, JSON_REJECT_DUPLICATES, &at);

    if (!object)
        return heal_error_set(error, -EINVAL, at.line, at.column,
                              "the body is not JSON: %s (line %d, column %d)", at.text, at.line, at.column);
    int r = json_is_object(object) ? read_model(object, ret_bytes, ret_length, error)
                                   : heal_error_set(error, -EINVAL, 0, 0, "the body must be a JSON object");
    json_decref(object);
    return r;
}
