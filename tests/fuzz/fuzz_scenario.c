/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Any bytes as a script: it is read, or what is wrong with it is said with its line. */
#include "scenario/scenario.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct heal_settings settings;
    char *said = NULL;
    size_t length = 0;
    FILE *err = open_memstream(&said, &length);
    const struct heal_scenario_options options = {.name = "script", .settings = &settings, .err = err};
    heal_settings_init(&settings);
    unsigned wrong = heal_scenario_check((const char *)data, size, &options);
    fclose(err);
    if ((wrong > 0) != (length > 0) || (wrong > 0 && strncmp(said, "script:", 7) != 0))
        abort();
    free(said);
    return 0;
}
