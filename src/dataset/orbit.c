/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "dataset/orbit.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "dataset/draft.h"
#include "dataset/scan.h"
#include "os/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct heal_gnn_feature features[HEAL_ORBIT_INPUTS] = {
    {.name = "rssi"},
    {.name = "rssi-change"},
    {.name = "rssi-deviation"},
    {.name = "loss"},
    {.name = "loss-change"},
    {.name = "alive"},
    {.name = "worst-rssi-change"},
    {.name = "median-rssi-change"},
};

struct reader {
    struct heal_scan scan;
    struct heal_dataset *set;
    struct heal_error *error;
    bool open; /* a snapshot is begun, and its edges are yet to come */
    int64_t nodes_said;
    struct heal_draft draft;
    bool linked[HEAL_ORBIT_NODES_MAX][HEAL_ORBIT_NODES_MAX];
};

int heal_orbit_init(struct heal_dataset *set) {
    int r = heal_dataset_init(set, features, HEAL_ORBIT_INPUTS);

    heal_name_copy(set->time, sizeof set->time, "tick");
    heal_name_copy(set->made, sizeof set->made, "healctl dataset import --format orbit");
    return r;
}

static int no_memory(const struct reader *reader) {
    return heal_error_set(reader->error, -ENOMEM, reader->scan.line, 0, "%s", strerror(ENOMEM));
}

/* S KIND LEVEL TIME NODES EDGES: the edges are counted as they come, in one direction or both. */
static int read_head(struct reader *reader) {
    struct heal_scan *scan = &reader->scan;
    const char *name;
    int64_t level, edges, time;

    if (reader->open)
        return heal_scan_refuse(scan, reader->error, "the snapshot before has no edges");
    int r = heal_scan_name(scan, "the kind", &name, reader->error);
    if (r < 0)
        return r;
    int kind = heal_dataset_kind(reader->set, name);
    if (kind < 0)
        return heal_scan_refuse(scan, reader->error, "there are at most %d kinds", HEAL_DATASET_KINDS_MAX);
    r = heal_scan_whole(scan, "the level", INT32_MIN, INT32_MAX, &level, reader->error);
    r = r < 0 ? r
              : heal_scan_whole(scan, "the time", -HEAL_DATASET_TIME_MAX, HEAL_DATASET_TIME_MAX, &time,
                                reader->error);
    r = r < 0 ? r
              : heal_scan_whole(scan, "the number of nodes", 1, HEAL_ORBIT_NODES_MAX, &reader->nodes_said,
                                reader->error);
    r = r < 0 ? r : heal_scan_whole(scan, "the number of edges", 0, INT32_MAX, &edges, reader->error);
    r = r < 0 ? r : heal_scan_over(scan, reader->error);
    if (r < 0)
        return r;
    heal_draft_clear(&reader->draft);
    memset(reader->linked, 0, sizeof reader->linked);
    reader->draft.head.kind = (uint8_t)kind;
    reader->draft.head.time = time;
    reader->open = true;
    return 0;
}

static int read_node(struct reader *reader) {
    struct heal_draft *draft = &reader->draft;
    int64_t sick;

    if (!reader->open || draft->head.vertices == reader->nodes_said)
        return heal_scan_refuse(&reader->scan, reader->error, "no node is to come here");
    int r = heal_scan_whole(&reader->scan, "the label", 0, 1, &sick, reader->error);
    if (r < 0)
        return r;
    float *feature = heal_draft_vertex(draft, sick ? HEAL_GNN_SICK : HEAL_GNN_HEALTHY, draft->head.kind);
    if (!feature)
        return no_memory(reader);
    for (int i = 0; r == 0 && i < HEAL_ORBIT_INPUTS; i++)
        r = heal_scan_value(&reader->scan, &features[i], &feature[i], reader->error);
    return r < 0 ? r : heal_scan_over(&reader->scan, reader->error);
}

static int link_nodes(struct reader *reader, uint32_t a, uint32_t b) {
    uint32_t low = a < b ? a : b, high = a < b ? b : a;

    if (reader->linked[low][high])
        return 0;
    reader->linked[low][high] = true;
    int r = heal_draft_edge(&reader->draft, low, high);
    return r < 0 ? no_memory(reader) : 0;
}

static int read_edge(struct reader *reader, const char *field) {
    struct heal_scan ends;
    int64_t a, b, most = (int64_t)reader->draft.head.vertices - 1;

    heal_scan_init(&ends, field, strlen(field), ',');
    heal_scan_line(&ends);
    int r = heal_scan_whole(&ends, "an end", 0, most, &a, NULL);
    r = r < 0 ? r : heal_scan_whole(&ends, "an end", 0, most, &b, NULL);
    r = r < 0 ? r : heal_scan_over(&ends, NULL);
    if (r < 0 || a == b)
        return heal_scan_refuse(&reader->scan, reader->error,
                                "no edge FROM,TO between two of the nodes: \"%s\"", field);
    return link_nodes(reader, (uint32_t)a, (uint32_t)b);
}

static int read_edges(struct reader *reader) {
    const char *field;
    int r = 0;

    if (!reader->open || reader->draft.head.vertices != reader->nodes_said)
        return heal_scan_refuse(&reader->scan, reader->error, "no edges are to come here: nodes are missing");
    reader->open = false;
    while (r == 0 && (field = heal_scan_field(&reader->scan)))
        if (field[0] != '\0')
            r = read_edge(reader, field);
    r = r < 0 ? r : heal_draft_add(&reader->draft, reader->set->graphs, reader->error);
    if (r < 0)
        reader->error->line = reader->scan.line; /* not an edge's number */
    return r;
}

static int read_line(struct reader *reader) {
    const char *word = heal_scan_field(&reader->scan);

    if (strcmp(word, "S") == 0)
        return read_head(reader);
    if (strcmp(word, "N") == 0)
        return read_node(reader);
    if (strcmp(word, "E") == 0)
        return read_edges(reader);
    return word[0] == '#' ? 0
                          : heal_scan_refuse(&reader->scan, reader->error, "a line begins with S, N or E");
}

int heal_orbit_parse(const char *text, size_t length, struct heal_dataset *set, struct heal_error *error) {
    struct reader *reader = calloc(1, sizeof *reader);
    size_t before = heal_gnn_dataset_samples(set->graphs);
    struct heal_error unheard = {.code = 0};
    int r = 0;

    if (!reader)
        return heal_error_set(error, -ENOMEM, 0, 0, "%s", strerror(ENOMEM));
    reader->set = set;
    reader->error = error ? error : &unheard;
    heal_scan_init(&reader->scan, text, length, ' ');
    heal_draft_init(&reader->draft, HEAL_ORBIT_INPUTS);
    while (r == 0 && heal_scan_line(&reader->scan))
        r = read_line(reader);
    if (r == 0 && reader->open)
        r = heal_scan_refuse(&reader->scan, reader->error, "the last snapshot has no edges");
    if (r == 0 && heal_gnn_dataset_samples(set->graphs) == before)
        r = heal_scan_refuse(&reader->scan, reader->error, "there is no snapshot");
    heal_draft_deinit(&reader->draft);
    free(reader);
    return r;
}

int heal_orbit_load(const char *path, struct heal_dataset *set, struct heal_error *error) {
    HEAL_CLEANUP(heal_free_pointer) char *text = NULL;
    size_t length = 0;
    int r = heal_file_read(path, HEAL_DATASET_BYTES_MAX, &text, &length);

    if (r < 0)
        return heal_error_set(error, r, 0, 0, "%s", strerror(-r));
    return heal_orbit_parse(text, length, set, error);
}
