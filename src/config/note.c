/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "config/config.h"

#include "base/cleanup.h"

/* One row a note: what is allowed, and may still not be what was meant. */
static bool tells_nobody(const struct heal_config *config) {
    return config->settings.mode != HEAL_MODE_OBSERVE && config->notify_hook.arguments == 0;
}

static const struct {
    bool (*applies)(const struct heal_config *config);
    const char *words;
} notes[] = {
    {tells_nobody, "notify.hook is not set: what heald cannot mend is only in its log"},
};

const char *heal_config_note(const struct heal_config *config, size_t index) {
    for (size_t i = 0; i < HEAL_COUNT(notes); i++)
        if (notes[i].applies(config) && index-- == 0)
            return notes[i].words;
    return NULL;
}
