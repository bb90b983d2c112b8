/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The safetensors format: eight bytes, least first, with the length of a header; the header, a JSON object
 * that names tensors and, in __metadata__, texts; then the tensors' numbers, without gap or overlap. Read
 * from bytes that anybody may have written, and written the same to the byte for the same content. What is
 * read points into the caller's bytes; nothing is owned.
 *
 * The header has its own reader rather than a JSON library's: every error then has its byte, the pure library
 * needs no other, and nothing is allocated by what a file claims.
 *
 * In this folder an error's column is the offset of the byte that is wrong, from 0; its line is 0.
 */
#ifndef HEAL_WEIGHTS_SAFETENSORS_H
#define HEAL_WEIGHTS_SAFETENSORS_H

#include "heal/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HEAL_SAFETENSORS_BYTES_MAX = 4 << 20,     /**< of a file */
    HEAL_SAFETENSORS_HEADER_MAX = 100 * 1000, /**< bytes */
    HEAL_SAFETENSORS_TENSORS_MAX = 64,
    HEAL_SAFETENSORS_ENTRIES_MAX = 128,  /**< of the metadata */
    HEAL_SAFETENSORS_TEXT_MAX = 1 << 15, /**< bytes of all their values */
    HEAL_SAFETENSORS_NAME_MAX = 80,
    HEAL_SAFETENSORS_DIMENSIONS_MAX = 4,
    HEAL_SAFETENSORS_DIMENSION_MAX = 1 << 24,
};

/** The types of numbers that we read; the format has more. */
enum heal_tensor_type {
    HEAL_TENSOR_U8,
    HEAL_TENSOR_I8,
    HEAL_TENSOR_I16,
    HEAL_TENSOR_I32,
    HEAL_TENSOR_F32,
    HEAL_TENSOR_OTHER, /**< the numbers of which nobody reads */
    HEAL_TENSOR_TYPES,
};

/** "F32". */
const char *heal_tensor_type_name(enum heal_tensor_type type);

struct heal_tensor {
    char name[HEAL_SAFETENSORS_NAME_MAX];
    enum heal_tensor_type type;
    uint8_t dimensions;
    uint32_t dimension[HEAL_SAFETENSORS_DIMENSIONS_MAX]; /**< row-major: the last varies fastest */
    const uint8_t *bytes;                                /**< its numbers, least byte first */
    size_t begin, end;                                   /**< of them in the file */
    size_t place;                                        /**< of its name in the file */
    size_t count;                                        /**< of its numbers */
};

/** A text of the metadata. */
struct heal_tensor_entry {
    char name[HEAL_SAFETENSORS_NAME_MAX];
    const char *value; /**< in the struct's own text */
    size_t place;      /**< of the value in the file */
};

struct heal_safetensors {
    size_t length; /**< of the file */
    uint16_t tensors, entries;
    struct heal_tensor tensor[HEAL_SAFETENSORS_TENSORS_MAX];
    struct heal_tensor_entry entry[HEAL_SAFETENSORS_ENTRIES_MAX];
    size_t text_length;
    char text[HEAL_SAFETENSORS_TEXT_MAX];
};

/**
 * Reads a whole file.
 * @param bytes stay the caller's; the tensors point to them @param ret_file large: not for a small stack;
 * half filled on failure
 * @return 0, or -EINVAL with words and the byte.
 */
int heal_safetensors_decode(const uint8_t *bytes, size_t length, struct heal_safetensors *ret_file,
                            struct heal_error *error);

/** @return the tensor or the text called @p name, or NULL. */
const struct heal_tensor *heal_safetensors_find(const struct heal_safetensors *file, const char *name);
const struct heal_tensor_entry *heal_safetensors_entry(const struct heal_safetensors *file, const char *name);

/** @return a number of a tensor of whole numbers, or of one of F32. @param index below its count */
int32_t heal_tensor_whole(const struct heal_tensor *tensor, size_t index);
float heal_tensor_real(const struct heal_tensor *tensor, size_t index);
/** @return where in the file a number lies. */
size_t heal_tensor_place(const struct heal_tensor *tensor, size_t index);

/** Fills @p error with words and the byte. @return -EINVAL. */
int heal_safetensors_refuse(struct heal_error *error, size_t place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- writing ---- */

/** A tensor to be written. */
struct heal_tensor_draft {
    const char *name;
    enum heal_tensor_type type;
    uint8_t dimensions;
    uint32_t dimension[HEAL_SAFETENSORS_DIMENSIONS_MAX];
    const void *numbers; /**< of the type, as this machine has them */
};

struct heal_entry_draft {
    const char *name, *value; /**< UTF-8 */
};

/**
 * Writes a file: entries and tensors in the order given; those of the widest type go first, so that all lie
 * even.
 * @param ret_bytes for free()
 * @return 0, -ENOMEM, or -E2BIG: the header would be too long.
 */
int heal_safetensors_encode(const struct heal_entry_draft *entry, size_t entries,
                            const struct heal_tensor_draft *tensor, size_t tensors, uint8_t **ret_bytes,
                            size_t *ret_length);

#endif
