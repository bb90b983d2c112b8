/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Any bytes as a configuration: what is taken passes its own rules, and writes and reads back to the same. */
#include "config/config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ignore(void *context, const struct heal_config_difference *difference) {
    *(size_t *)context += strlen(difference->before) + strlen(difference->after);
}

static void check_error(const struct heal_config_error *error) {
    char message[1024];

    heal_config_error_format(error, message, sizeof message);
    if (!error->error.what[0] || error->error.code >= 0)
        abort();
}

/* A value that reads must be one that writes, and comes back as itself. */
static void check_round_trip(struct heal_config *config, struct heal_config *back) {
    char *text = malloc(HEAL_CONFIG_TEXT_MAX);
    size_t shown = 0;

    if (!text)
        return;
    int length = heal_config_write(config, HEAL_CONFIG_ORIGINS, text, HEAL_CONFIG_TEXT_MAX);
    heal_config_init(back);
    if (length < 0 || heal_config_read_text(back, text, (size_t)length, "written", NULL) < 0)
        abort();
    if (heal_config_differences(back, config, ignore, &shown) > 0)
        abort();
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct heal_config *config = malloc(sizeof *config), *other = malloc(sizeof *other);
    struct heal_config_error error = {0};
    size_t shown = 0;

    if (config && other) {
        heal_config_init(config);
        if (heal_config_read_policy(config, (const char *)data, size, "policy", &error) < 0)
            check_error(&error);
        heal_config_init(config);
        error = (struct heal_config_error){0};
        if (heal_config_read_text(config, (const char *)data, size, "fuzz", &error) < 0) {
            check_error(&error);
        } else {
            check_round_trip(config, other);
            if (heal_config_check(config, &error) < 0)
                check_error(&error);
            heal_config_init(other);
            heal_config_differences(other, config, ignore, &shown);
        }
    }
    free(config);
    free(other);
    return 0;
}
