/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "orbit_file.h"

#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EDGES_MAX = ORBIT_NODES_MAX * (ORBIT_NODES_MAX - 1) / 2 };

static const int64_t time_max = (int64_t)1 << 40; /* so that spans of it can be told */

struct reader {
    int line;
    bool open; /* a snapshot is begun, and its edges are yet to come */
    uint8_t kind;
    int64_t time;
    uint32_t nodes_said, nodes, edges;
    float feature[ORBIT_NODES_MAX * ORBIT_INPUTS];
    uint8_t label[ORBIT_NODES_MAX];
    struct heal_gnn_edge edge[EDGES_MAX];
    bool linked[ORBIT_NODES_MAX][ORBIT_NODES_MAX];
};

static int find_kind(struct orbit_kinds *kinds, const char *name, uint8_t *ret_kind) {
    size_t i = 0;

    while (i < kinds->count && strcmp(kinds->name[i], name) != 0)
        i++;
    if (i == ORBIT_KINDS_MAX)
        return -E2BIG;
    if (i == kinds->count)
        heal_name_copy(kinds->name[kinds->count++], sizeof kinds->name[0], name);
    *ret_kind = (uint8_t)i;
    return 0;
}

static int read_head(struct reader *reader, const char *text, struct orbit_kinds *kinds,
                     struct heal_error *error) {
    char name[16];

    if (reader->open)
        return heal_error_set(error, -EINVAL, reader->line, 0, "the snapshot before has no edges");
    reader->open = true;
    reader->nodes = reader->edges = 0;
    memset(reader->linked, 0, sizeof reader->linked);
    if (sscanf(text, "S %15s %*d %" SCNd64 " %" SCNu32, name, &reader->time, &reader->nodes_said) != 3 ||
        reader->nodes_said > ORBIT_NODES_MAX || llabs(reader->time) > time_max ||
        find_kind(kinds, name, &reader->kind) < 0)
        return heal_error_set(error, -EINVAL, reader->line, 0,
                              "no head of a snapshot: S KIND LEVEL TIME NODES");
    return 0;
}

static int read_node(struct reader *reader, char *text, struct heal_error *error) {
    float *feature = reader->feature + (size_t)reader->nodes * ORBIT_INPUTS;
    char *at = text + 1, *end;

    if (reader->nodes == reader->nodes_said)
        return heal_error_set(error, -EINVAL, reader->line, 0, "more nodes than the %u of the head",
                              reader->nodes_said);
    unsigned long label = strtoul(at, &end, 10);
    if (end == at || label > 1)
        return heal_error_set(error, -EINVAL, reader->line, 0, "a node's label is 0 or 1");
    for (int i = 0; i < ORBIT_INPUTS; i++) {
        at = end;
        feature[i] = strtof(at, &end);
        if (end == at)
            return heal_error_set(error, -EINVAL, reader->line, (int)(at - text) + 1,
                                  "feature %d is no number", i + 1);
    }
    reader->label[reader->nodes++] = (uint8_t)label;
    return 0;
}

/* Either direction makes the edge. */
static void link_nodes(struct reader *reader, uint32_t a, uint32_t b) {
    uint32_t low = a < b ? a : b, high = a < b ? b : a;

    if (!reader->linked[low][high]) {
        reader->linked[low][high] = true;
        reader->edge[reader->edges++] = (struct heal_gnn_edge){low, high};
    }
}

static int read_edges(struct reader *reader, const char *text, struct heal_error *error) {
    const char *at = text + 1;
    unsigned a, b;
    int taken;

    for (; sscanf(at, " %u,%u%n", &a, &b, &taken) == 2; at += taken) {
        if (a >= reader->nodes || b >= reader->nodes || a == b)
            return heal_error_set(error, -EINVAL, reader->line, (int)(at - text) + 1, "no edge: %u,%u", a, b);
        link_nodes(reader, a, b);
    }
    if (at[strspn(at, " \r\n")] != '\0')
        return heal_error_set(error, -EINVAL, reader->line, (int)(at - text) + 1, "no edge: FROM,TO");
    return 0;
}

static int add(const struct reader *reader, struct heal_gnn_dataset *dataset, struct heal_error *error) {
    const struct heal_gnn_snapshot snapshot = {.vertices = reader->nodes,
                                               .edges = reader->edges,
                                               .feature = reader->feature,
                                               .label = reader->label,
                                               .edge = reader->edge,
                                               .time = reader->time,
                                               .kind = reader->kind};
    if (reader->nodes != reader->nodes_said)
        return heal_error_set(error, -EINVAL, reader->line, 0, "%u nodes, and %u in the head", reader->nodes,
                              reader->nodes_said);
    int r = heal_gnn_dataset_add(dataset, &snapshot, error);
    if (r == -ENOMEM)
        return heal_error_set(error, r, reader->line, 0, "%s", strerror(ENOMEM));
    error->line = r < 0 ? reader->line : error->line; /* not an edge's number */
    return r;
}

static int read_line(struct reader *reader, char *text, struct heal_gnn_dataset *dataset,
                     struct orbit_kinds *kinds, struct heal_error *error) {
    switch (text[0]) {
    case '#':
        return 0;
    case 'S':
        return read_head(reader, text, kinds, error);
    case 'N':
        return read_node(reader, text, error);
    case 'E': {
        int r = reader->open ? read_edges(reader, text, error)
                             : heal_error_set(error, -EINVAL, reader->line, 0, "edges of no snapshot");

        reader->open = false;
        return r < 0 ? r : add(reader, dataset, error);
    }
    default:
        return heal_error_set(error, -EINVAL, reader->line, 1, "a line begins with S, N or E");
    }
}

static int read_stream(FILE *stream, struct reader *reader, struct heal_gnn_dataset *dataset,
                       struct orbit_kinds *kinds, struct heal_error *error) {
    char *text = NULL;
    size_t size = 0;
    int r = 0;

    while (r == 0 && getline(&text, &size, stream) > 0) {
        reader->line++;
        r = read_line(reader, text, dataset, kinds, error);
    }
    free(text);
    if (r == 0 && ferror(stream))
        return heal_error_set(error, -EIO, reader->line, 0, "%s", strerror(EIO));
    if (r == 0 && (reader->open || heal_gnn_dataset_samples(dataset) == 0))
        return heal_error_set(error, -EINVAL, reader->line, 0,
                              reader->open ? "the last snapshot has no edges" : "there is no snapshot");
    return r;
}

int orbit_file_read(const char *path, struct heal_gnn_dataset *dataset, struct orbit_kinds *kinds,
                    struct heal_error *error) {
    FILE *stream = fopen(path, "re");

    if (!stream)
        return heal_error_set(error, -errno, 0, 0, "%s", strerror(errno));
    struct reader *reader = calloc(1, sizeof *reader);
    int r = reader ? read_stream(stream, reader, dataset, kinds, error)
                   : heal_error_set(error, -ENOMEM, 0, 0, "%s", strerror(ENOMEM));
    free(reader);
    fclose(stream);
    return r;
}
