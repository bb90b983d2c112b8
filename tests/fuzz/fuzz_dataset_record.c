/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Any JSON as what a lab answers, twice: [status, [page, …]]. What is recorded can be written and read. */
#include "dataset/record.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct heal_dataset *set) {
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    struct heal_dataset again;

    if (!out || heal_dataset_write(set, out) < 0 || fclose(out) != 0 ||
        heal_dataset_parse(text, length, &again, NULL) != 0)
        abort();
    free(text);
    heal_dataset_deinit(&again);
}

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
        check(&recorder.set);
    heal_recorder_deinit(&recorder);
    json_decref(answers);
    return 0;
}
