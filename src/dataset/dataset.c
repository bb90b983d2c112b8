/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "dataset/dataset.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "os/file.h"

#include <errno.h>
#include <string.h>

int heal_dataset_init(struct heal_dataset *set, const struct heal_gnn_feature *feature, uint16_t inputs) {
    *set = (struct heal_dataset){.time = "s"};
    set->graphs = heal_gnn_dataset_new(feature, inputs);
    return set->graphs ? 0 : -ENOMEM;
}

void heal_dataset_deinit(struct heal_dataset *set) {
    set->graphs = heal_gnn_dataset_free(set->graphs);
}

int heal_dataset_kind(struct heal_dataset *set, const char *name) {
    int i = 0;

    while (i < set->kinds && strcmp(set->kind[i], name) != 0)
        i++;
    if (i == HEAL_DATASET_KINDS_MAX)
        return -E2BIG;
    if (i == set->kinds)
        heal_name_copy(set->kind[set->kinds++], sizeof set->kind[0], name);
    return i;
}

int heal_dataset_load(const char *path, struct heal_dataset *ret_set, struct heal_error *error) {
    HEAL_CLEANUP(heal_free_pointer) char *text = NULL;
    size_t length = 0;
    int r = heal_file_read(path, HEAL_DATASET_BYTES_MAX, &text, &length);

    if (r < 0)
        return heal_error_set(error, r, 0, 0, "%s", strerror(-r));
    return heal_dataset_parse(text, length, ret_set, error);
}
