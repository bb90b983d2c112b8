/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/trace.h"

void heald_trace_write(FILE *file, const struct heal_output *output) {
    char line[512];

    for (size_t i = 0; i < output->decisions; i++)
        if (heal_decision_format(&output->decision[i], line, sizeof line) >= 0)
            fprintf(file, "%s\n", line);
    if (output->decisions_dropped > 0)
        fprintf(file, "# %zu decisions did not fit\n", output->decisions_dropped);
}
