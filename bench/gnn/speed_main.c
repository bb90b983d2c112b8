/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* How fast this processor's kernels are, one after another, and how near the most that it can do. */
#include "gnn/kernel.h"
#include "speed.h"

#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

static json_t *row_of(const struct speed_row *row) {
    return json_pack("{s:i,s:f,s:f,s:f}", "vertices", (int)row->vertices, "heald_us", row->us, "network_us",
                     row->network_us, "peak_share", row->peak_share);
}

static int measure(const struct heal_gnn_integer *network, json_t *result) {
    json_t *rows = json_array();
    struct speed_node node;
    int r = 0;

    for (int size = 0; size < SPEED_SIZES && r == 0; size++) {
        struct speed_row row;

        r = speed_measure(network, speed_grids[size], &row);
        if (r == 0)
            json_array_append_new(rows, row_of(&row));
        if (r == 0 && row.vertices == 100000)
            json_object_set_new(result, "peak_share", json_real(row.peak_share));
    }
    r = r < 0 ? r : speed_measure_node(network, &node);
    json_object_set_new(result, "rows", rows);
    if (r < 0)
        return r;
    json_object_set_new(result, "node16_p99_us", json_real(node.p99_us));
    json_object_set_new(result, "node16_cold_p99_us", json_real(node.cold_p99_us));
    return 0;
}

/* The other kernels at one size, to compare with. */
static int compare(struct heal_gnn_integer *network, json_t *result) {
    json_t *kernels = json_array();

    for (size_t k = 0; k < heal_gnn_kernels_count; k++) {
        struct speed_row row;

        if (!heal_gnn_kernels[k]->is_there())
            continue;
        network->kernel = heal_gnn_kernels[k];
        if (speed_measure(network, speed_grids[1], &row) < 0) {
            json_decref(kernels);
            return -1;
        }
        json_t *object = row_of(&row);
        json_object_set_new(object, "kernel", json_string(network->kernel->name));
        json_array_append_new(kernels, object);
    }
    json_object_set_new(result, "kernels", kernels);
    return 0;
}

int main(int argc, char **argv) {
    static const struct option options[] = {
        {"json", no_argument, NULL, 'j'},
        {NULL,   0,           NULL, 0  }
    };
    static struct heal_gnn_integer network;
    bool json = false;
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option != 'j')
            return 64;
        json = true;
    }
    if (speed_network(&network) < 0)
        return 1;
    json_t *result = json_pack("{s:s,s:s}", "graph", "a joined grid, 8 neighbours each, numbered row by row",
                               "kernel", network.kernel->name);
    int r = measure(&network, result);
    r = r < 0 ? r : compare(&network, result);
    if (r < 0) {
        fprintf(stderr, "gnn-speed: out of memory\n");
        json_decref(result);
        return 1;
    }
    json_dumpf(result, stdout, (json ? JSON_COMPACT : JSON_INDENT(2)) | JSON_REAL_PRECISION(4));
    printf("\n");
    json_decref(result);
    return 0;
}
