/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Any bytes as durations, sizes and numbers, and as the values of options. */
#include "config/config.h"
#include "config/quantity.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_quantities(const char *text) {
    char written[HEAL_QUANTITY_MAX];
    uint64_t value, back;
    double number;

    if (heal_duration_parse(text, &value) == 0 &&
        (heal_duration_parse(heal_duration_format(value, written), &back) < 0 || back != value))
        abort();
    if (heal_size_parse(text, &value) == 0 &&
        (heal_size_parse(heal_size_format(value, written), &back) < 0 || back != value))
        abort();
    if (heal_number_parse(text, &number) == 0) {
        float single = (float)number;

        if (!(number >= 0 && number <= 1e15))
            abort();
        /* Options hold singles, the largest of them a million. */
        if (number <= 1e6 &&
            (heal_number_parse(heal_number_format(single, written), &number) < 0 || (float)number != single))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct heal_config *config = malloc(sizeof *config);
    char *text = malloc(size + 1), name[HEAL_CONFIG_NAME_MAX];

    if (config && text) {
        memcpy(text, data, size);
        text[size] = '\0';
        check_quantities(text);
        heal_config_init(config);
        /* The first byte chooses the option, the rest is its value. */
        if (size > 0 && heal_config_option_name(data[0], name))
            heal_config_set(config, name, text + 1, NULL);
        heal_config_explain(text, name, sizeof name, NULL);
    }
    free(config);
    free(text);
    return 0;
}
