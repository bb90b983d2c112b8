/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Lines of a decision trace, as the witness of a trial reads them. */
#include "trial/findings.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *line = malloc(size + 1);
    struct heal_decision decision;
    char value[HEAL_NAME_MAX];

    if (!line)
        return 0;
    memcpy(line, data, size);
    line[size] = '\0';
    if (heal_sighting_parse(line, &decision) == 0)
        (void)heal_decision_value(&decision, "node", value, sizeof value);
    free(line);
    return 0;
}
