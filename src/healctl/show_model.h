/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** A model's file in JSON, and as people read it. */
#ifndef HEAL_HEALCTL_SHOW_MODEL_H
#define HEAL_HEALCTL_SHOW_MODEL_H

#include "healctl/page.h"
#include "os/model_file.h"

/** @return what the file says, for the caller to release; NULL: no memory. */
json_t *heal_model_describe(const struct heal_weights *weights,
                            const uint8_t hash[static HEAL_MODEL_HASH_BYTES]);

/** @param model as above */
void heal_show_model(struct heal_page *page, const json_t *model);

#endif
