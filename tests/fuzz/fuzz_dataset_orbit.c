/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Any bytes as an orbit-mesh text: what is taken are graphs, what is not is refused with words. */
#include "dataset/orbit.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct heal_dataset set;
    struct heal_error error = {.code = 0};

    if (heal_orbit_init(&set) < 0)
        abort();
    int r = heal_orbit_parse((const char *)data, size, &set, &error);
    if (r == 0 ? heal_gnn_dataset_samples(set.graphs) == 0 : error.what[0] == '\0')
        abort();
    heal_dataset_deinit(&set);
    return 0;
}
