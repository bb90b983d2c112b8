/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Model files on disk: read with a cap on their size, and replaced atomically. What is in them is
 * weights/weights.h's business. A model's identity is the SHA-256 of its file.
 */
#ifndef HEAL_OS_MODEL_FILE_H
#define HEAL_OS_MODEL_FILE_H

#include "weights/weights.h"

enum { HEAL_MODEL_HASH_BYTES = 32, HEAL_MODEL_ERROR_TEXT = 4096 + 256 };

/**
 * Reads a file. @param ret_hash of its bytes; NULL: nobody asks @param ret_weights the caller's to deinit
 * @return 0, or a negative errno with words: -EINVAL for what is no model, with the byte (safetensors.h).
 */
int heal_model_file_load(const char *path, struct heal_weights *ret_weights,
                         uint8_t ret_hash[HEAL_MODEL_HASH_BYTES], struct heal_error *error);

/** Replaces (or makes) a file: whoever reads it sees the old model or the new one, whole, also after a power
 * cut.
 * @return 0, or a negative errno with words. */
int heal_model_file_save(const char *path, const struct heal_weights *weights, struct heal_error *error);

/** As above, of bytes that are ready. @return 0 or a negative errno with words. */
int heal_model_file_write(const char *path, const uint8_t *bytes, size_t length, struct heal_error *error);

/**
 * Reads what a node runs.
 * @param feature [features]: which ones it has, in their order: a model of others is refused
 * @param ret_model untouched on failure
 * @return as heal_model_file_load; -EINVAL, too, for a network that is not in integers.
 */
int heal_model_file_read(const char *path, const char *const *feature, unsigned features,
                         struct heal_gnn_model *ret_model, struct heal_error *error);

/** As above, from the bytes of such a file. */
int heal_model_bytes_read(const char *bytes, size_t length, const char *const *feature, unsigned features,
                          struct heal_gnn_model *ret_model, struct heal_error *error);

/** Writes "FILE:BYTE: what", or "FILE: what" where no byte is to blame. @return @p buffer. */
const char *heal_model_error_format(const char *path, const struct heal_error *error,
                                    char buffer[static HEAL_MODEL_ERROR_TEXT]);

/** The first bytes of a hash: struct heal_gnn_model's id. */
uint64_t heal_model_id(const uint8_t hash[static HEAL_MODEL_HASH_BYTES]);

#endif
