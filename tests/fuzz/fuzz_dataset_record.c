/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Any JSON as what a lab answers, twice: [status, [page, …]]. What is recorded can be written and read. */
#include "dataset/record.h"
#include "dataset_again.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    json_t *answers = json_loadb((const char *)data, size, 0, NULL);
    struct heal_recorder recorder;
    struct heal_error error = {.code = 0};

    if (!answers)
        return 0;
    if (heal_recorder_init(&recorder) < 0)
        abort();
    for (int i = 0; i < 2; i++)
        if (heal_recorder_look(&recorder, json_array_get(answers, 0), json_array_get(answers, 1), &error) <
                0 &&
            error.what[0] == '\0')
            abort();
    if (heal_gnn_dataset_samples(recorder.set.graphs) > 0)
        dataset_again(&recorder.set);
    heal_recorder_deinit(&recorder);
    json_decref(answers);
    return 0;
}
