/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** Reads the order that puts a model in the shadow: the bytes of its file come with it. */
#ifndef HEALD_API_MODEL_H
#define HEALD_API_MODEL_H

#include "heal/error.h"

#include <stddef.h>

/**
 * Reads {"model": BASE64}, or {"model": null} for none any more.
 * @param ret_bytes for free(); NULL: none @return 0, -ENOMEM, or -EINVAL with words.
 */
int heald_model_parse(const char *body, size_t length, char **ret_bytes, size_t *ret_length,
                      struct heal_error *error);

#endif
