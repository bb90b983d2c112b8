/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/model_file.h"

#include "base/cleanup.h"
#include "os/file.h"
#include "weights/safetensors.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int digest(const char *bytes, size_t length, uint8_t ret_hash[HEAL_MODEL_HASH_BYTES]) {
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned size = 0;

    if (EVP_Digest(bytes, length, hash, &size, EVP_sha256(), NULL) != 1 || size != HEAL_MODEL_HASH_BYTES)
        return -EIO;
    memcpy(ret_hash, hash, HEAL_MODEL_HASH_BYTES);
    return 0;
}

static int load_bytes(const char *bytes, size_t length, struct heal_weights *ret_weights,
                      uint8_t ret_hash[HEAL_MODEL_HASH_BYTES], struct heal_error *error) {
    int r = ret_hash ? digest(bytes, length, ret_hash) : 0;

    if (r < 0)
        return heal_error_set(error, r, 0, 0, "%s", strerror(-r));
    return heal_weights_decode((const uint8_t *)bytes, length, ret_weights, error);
}

static int read_bytes(const char *path, char **ret_bytes, size_t *ret_length, struct heal_error *error) {
    int r = heal_file_read(path, HEAL_SAFETENSORS_BYTES_MAX, ret_bytes, ret_length);

    if (r == -EFBIG)
        return heal_error_set(error, r, 0, 0, "more than %d bytes: no model is that large",
                              HEAL_SAFETENSORS_BYTES_MAX);
    return r < 0 ? heal_error_set(error, r, 0, 0, "%s", strerror(-r)) : 0;
}

int heal_model_file_load(const char *path, struct heal_weights *ret_weights,
                         uint8_t ret_hash[HEAL_MODEL_HASH_BYTES], struct heal_error *error) {
    HEAL_CLEANUP(heal_free_pointer) char *bytes = NULL;
    size_t length = 0;
    int r = read_bytes(path, &bytes, &length, error);

    return r < 0 ? r : load_bytes(bytes, length, ret_weights, ret_hash, error);
}

int heal_model_file_write(const char *path, const uint8_t *bytes, size_t length, struct heal_error *error) {
    int r = heal_file_save(path, (const char *)bytes, length);

    return r < 0 ? heal_error_set(error, r, 0, 0, "%s", strerror(-r)) : 0;
}

int heal_model_file_save(const char *path, const struct heal_weights *weights, struct heal_error *error) {
    HEAL_CLEANUP(heal_free_pointer) uint8_t *bytes = NULL;
    size_t length = 0;
    int r = heal_weights_encode(weights, &bytes, &length, error);

    return r < 0 ? r : heal_model_file_write(path, bytes, length, error);
}

int heal_model_bytes_read(const char *bytes, size_t length, const char *const *feature, unsigned features,
                          struct heal_gnn_model *ret_model, struct heal_error *error) {
    uint8_t hash[HEAL_MODEL_HASH_BYTES] = {0};
    struct heal_weights weights;
    int r = load_bytes(bytes, length, &weights, hash, error);

    if (r < 0)
        return r;
    r = heal_card_check_features(&weights.card, feature, features, error);
    r = r < 0 ? r : heal_weights_model(&weights, heal_model_id(hash), ret_model, error);
    heal_weights_deinit(&weights);
    return r;
}

int heal_model_file_read(const char *path, const char *const *feature, unsigned features,
                         struct heal_gnn_model *ret_model, struct heal_error *error) {
    HEAL_CLEANUP(heal_free_pointer) char *bytes = NULL;
    size_t length = 0;
    int r = read_bytes(path, &bytes, &length, error);

    return r < 0 ? r : heal_model_bytes_read(bytes, length, feature, features, ret_model, error);
}

const char *heal_model_error_format(const char *path, const struct heal_error *error,
                                    char buffer[static HEAL_MODEL_ERROR_TEXT]) {
    if (error->code == -EINVAL)
        snprintf(buffer, HEAL_MODEL_ERROR_TEXT, "%s:%d: %s", path, error->column, error->what);
    else
        snprintf(buffer, HEAL_MODEL_ERROR_TEXT, "%s: %s", path, error->what);
    return buffer;
}

uint64_t heal_model_id(const uint8_t hash[static HEAL_MODEL_HASH_BYTES]) {
    uint64_t id = 0;

    for (unsigned i = 0; i < sizeof id; i++)
        id = id << 8 | hash[i];
    return id;
}
