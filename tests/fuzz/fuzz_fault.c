/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Any words as a fault of the built-in lab: what is taken writes words that read back and are written so
 * again; what is refused has a place and a reason. */
#include "fault/fault.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_error(const struct heal_error *error, size_t size) {
    if (error->code >= 0 || error->line != 1 || !error->what[0])
        abort();
    if (error->column < 1 || (size_t)error->column > size + 1)
        abort();
}

static void check_round_trip(const struct heal_fault *fault, const struct heal_topology *topology) {
    char written[HEAL_FAULT_TEXT], again[HEAL_FAULT_TEXT];
    struct heal_fault back;

    heal_fault_format(fault, topology, written);
    if (heal_fault_parse(written, topology, &back, NULL) < 0 || back.kind != fault->kind)
        abort();
    heal_fault_format(&back, topology, again);
    if (strcmp(written, again) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct heal_topology *topology = malloc(sizeof *topology);
    char *text = malloc(size + 1);
    struct heal_error error = {0};
    struct heal_fault fault;

    if (topology && text) {
        memcpy(text, data, size);
        text[size] = '\0';
        heal_topology_init(topology);
        if (heal_fault_parse(text, topology, &fault, &error) == 0)
            check_round_trip(&fault, topology);
        else
            check_error(&error, size);
    }
    free(topology);
    free(text);
    return 0;
}
