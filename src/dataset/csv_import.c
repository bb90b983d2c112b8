/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "base/text.h"
#include "dataset/csv.h"
#include "dataset/draft.h"
#include "dataset/scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A table whose rows begin with the number of their graph, which ascends. */
struct rows {
    enum heal_csv_file file;
    struct heal_scan scan;
    int64_t graph; /* of the row that was begun; -1: there are no more */
};

struct reader {
    struct heal_error *error;
    struct heal_dataset set;
    uint16_t inputs;
    struct heal_gnn_feature feature[HEAL_GNN_INPUTS_MAX];
    struct heal_draft draft;
    struct rows graphs, vertices, edges;
    bool nodes; /* there is a column of them; without it each vertex is a node of its own */
};

static int refuse(const struct reader *reader, const struct rows *rows, const char *what) {
    return heal_folder_name(heal_csv_names[rows->file],
                            heal_scan_refuse(&rows->scan, reader->error, "%s", what), reader->error);
}

static int no_memory(const struct reader *reader) {
    return heal_error_set(reader->error, -ENOMEM, 0, 0, "%s", strerror(ENOMEM));
}

/* Reads as heal_scan_whole, and names the file. */
static int whole(const struct reader *reader, struct rows *rows, const char *what, int64_t least,
                 int64_t most, int64_t *ret_value) {
    int r = heal_scan_whole(&rows->scan, what, least, most, ret_value, reader->error);

    return heal_folder_name(heal_csv_names[rows->file], r, reader->error);
}

static int over(const struct reader *reader, struct rows *rows) {
    return heal_folder_name(heal_csv_names[rows->file], heal_scan_over(&rows->scan, reader->error),
                            reader->error);
}

/* ---- set.csv ---- */

static int take_feature(struct reader *reader, struct rows *rows, bool logarithm) {
    const char *name;

    if (heal_scan_name(&rows->scan, "a feature", &name, reader->error) < 0 ||
        reader->inputs == HEAL_GNN_INPUTS_MAX)
        return refuse(reader, rows, "a feature has a name, and there are not too many");
    for (unsigned i = 0; i < reader->inputs; i++)
        if (strcmp(reader->feature[i].name, name) == 0)
            return refuse(reader, rows, "that feature is there already");
    struct heal_gnn_feature *feature = &reader->feature[reader->inputs++];
    feature->logarithm = logarithm;
    heal_name_copy(feature->name, sizeof feature->name, name);
    return 0;
}

static int take_kind(struct reader *reader, struct rows *rows) {
    uint16_t before = reader->set.kinds;
    const char *name;

    if (heal_scan_name(&rows->scan, "a kind", &name, reader->error) < 0 || strcmp(name, "healthy") == 0 ||
        strcmp(name, "unknown") == 0)
        return refuse(reader, rows, "a kind has a name, other than the labels healthy and unknown");
    if (heal_dataset_kind(&reader->set, name) < 0 || reader->set.kinds == before)
        return refuse(reader, rows, "that kind is there already, or there are too many");
    return 0;
}

static int take_thing(struct reader *reader, struct rows *rows) {
    const char *thing = heal_scan_field(&rows->scan), *name;

    if (strcmp(thing, "feature") == 0 || strcmp(thing, "log-feature") == 0)
        return take_feature(reader, rows, thing[0] == 'l');
    if (strcmp(thing, "kind") == 0)
        return take_kind(reader, rows);
    if (strcmp(thing, "made") == 0)
        return heal_scan_rest(&rows->scan, reader->set.made, sizeof reader->set.made)
                   ? 0
                   : refuse(reader, rows, "how it was made is a line that is not too long");
    if (strcmp(thing, "time") != 0 || heal_scan_name(&rows->scan, "a unit", &name, reader->error) < 0)
        return refuse(reader, rows, "a thing is made, time, feature, log-feature or kind, and has a value");
    heal_name_copy(reader->set.time, sizeof reader->set.time, name);
    return 0;
}

static int read_set(struct reader *reader, const struct heal_table_text *text) {
    struct rows rows = {.file = HEAL_CSV_SET};
    int r = 0;

    heal_scan_init(&rows.scan, text->text, text->length, ',');
    bool headed = heal_scan_line(&rows.scan);
    while (headed && r == 0 && heal_scan_line(&rows.scan)) {
        r = take_thing(reader, &rows);
        r = r < 0 ? r : over(reader, &rows);
    }
    if (r == 0 && (reader->inputs == 0 || reader->set.kinds == 0))
        r = refuse(reader, &rows, "there are no features, or no kinds");
    return r;
}

/* ---- rows ---- */

/* Goes to the next row. */
static int next_row(const struct reader *reader, struct rows *rows) {
    int64_t before = rows->graph;

    if (!heal_scan_line(&rows->scan)) {
        rows->graph = -1;
        return 0;
    }
    int r = whole(reader, rows, "the graph", 0, INT64_MAX, &rows->graph);
    return r == 0 && rows->graph < before ? refuse(reader, rows, "graphs come in the order of their numbers")
                                          : r;
}

/* The names of the columns, of which all but this one are always there. */
static void find_columns(struct reader *reader) {
    const char *name = NULL;

    for (int i = 0; i < 3; i++)
        name = heal_scan_field(&reader->vertices.scan);
    reader->nodes = name && strcmp(name, "node") == 0;
}

static int begin_rows(struct reader *reader, const struct heal_table_text *text, enum heal_csv_file file,
                      struct rows *rows) {
    *rows = (struct rows){.file = file};
    heal_scan_init(&rows->scan, text->text, text->length, ',');
    heal_scan_line(&rows->scan); /* the names of the columns */
    if (file == HEAL_CSV_VERTICES)
        find_columns(reader);
    return next_row(reader, rows);
}

static int find_kind(const struct reader *reader, const struct rows *rows, const char *name) {
    for (int i = 0; i < reader->set.kinds; i++)
        if (name && strcmp(reader->set.kind[i], name) == 0)
            return i;
    return refuse(reader, rows, "there is no such kind in set.csv");
}

static int take_vertex(struct reader *reader) {
    static const char *const labels[] = {
        [HEAL_GNN_HEALTHY] = "healthy", [HEAL_GNN_SICK] = "sick", [HEAL_GNN_UNKNOWN] = "unknown", NULL};
    struct rows *rows = &reader->vertices;
    int64_t number, node = reader->draft.head.vertices;
    int kind = 0, label = 0;
    int r =
        whole(reader, rows, "the vertex", reader->draft.head.vertices, reader->draft.head.vertices, &number);

    if (r == 0 && reader->nodes)
        r = whole(reader, rows, "the node", 0, HEAL_DATASET_VERTICES_MAX - 1, &node);
    if (r < 0)
        return r;
    if (number == HEAL_DATASET_VERTICES_MAX)
        return refuse(reader, rows, "a graph has not so many vertices");
    const char *field = heal_scan_field(&rows->scan);
    while (labels[label] && (!field || strcmp(labels[label], field) != 0))
        label++;
    if (!labels[label])
        return refuse(reader, rows, "a label is healthy, sick or unknown");
    field = heal_scan_field(&rows->scan);
    if (label == HEAL_GNN_SICK)
        kind = find_kind(reader, rows, field);
    if (kind < 0)
        return kind;
    float *feature = heal_draft_vertex(&reader->draft, (enum heal_gnn_label)label, (uint8_t)kind);
    if (!feature)
        return no_memory(reader);
    reader->draft.node[number] = (uint32_t)node;
    for (unsigned i = 0; r == 0 && i < reader->inputs; i++)
        r = heal_folder_name(heal_csv_names[rows->file],
                             heal_scan_value(&rows->scan, &reader->feature[i], &feature[i], reader->error),
                             reader->error);
    return r < 0 ? r : over(reader, rows);
}

static int take_edge(struct reader *reader) {
    const struct heal_gnn_snapshot *head = &reader->draft.head;
    struct rows *rows = &reader->edges;
    int64_t a, b, most = (int64_t)head->vertices - 1;
    int r = whole(reader, rows, "an end", 0, most, &a);

    r = r < 0 ? r : whole(reader, rows, "an end", 0, most, &b);
    r = r < 0 ? r : over(reader, rows);
    if (r < 0)
        return r;
    const struct heal_gnn_edge *last = head->edges > 0 ? &reader->draft.edge[head->edges - 1] : NULL;
    if (a >= b || (last && (last->a > a || (last->a == a && last->b >= b))))
        return refuse(reader, rows,
                      "an edge is there once, from its lower end to its higher, and edges ascend");
    if (head->edges == HEAL_DATASET_EDGES_MAX)
        return refuse(reader, rows, "a graph has not so many edges");
    r = heal_draft_edge(&reader->draft, (uint32_t)a, (uint32_t)b);
    return r < 0 ? no_memory(reader) : 0;
}

static int take_head(struct reader *reader) {
    struct heal_gnn_snapshot *head = &reader->draft.head;
    struct rows *rows = &reader->graphs;
    int64_t run, time;
    int r = whole(reader, rows, "the run", 0, UINT32_MAX, &run);

    r = r < 0 ? r : whole(reader, rows, "the time", -HEAL_DATASET_TIME_MAX, HEAL_DATASET_TIME_MAX, &time);
    int kind = r < 0 ? r : find_kind(reader, rows, heal_scan_field(&rows->scan));
    r = kind < 0 ? kind : over(reader, rows);
    if (r < 0)
        return r;
    heal_draft_clear(&reader->draft);
    head->run = (uint32_t)run;
    head->time = time;
    head->kind = (uint8_t)kind;
    return 0;
}

static int read_graph(struct reader *reader) {
    int64_t graph = reader->graphs.graph;
    int r = take_head(reader);

    while (r == 0 && reader->vertices.graph == graph) {
        r = take_vertex(reader);
        r = r < 0 ? r : next_row(reader, &reader->vertices);
    }
    while (r == 0 && reader->edges.graph == graph) {
        r = take_edge(reader);
        r = r < 0 ? r : next_row(reader, &reader->edges);
    }
    if (r == 0 && reader->draft.head.vertices == 0)
        r = refuse(reader, &reader->graphs, "that graph has no vertices");
    r = r < 0 ? r
              : heal_folder_name(heal_csv_names[HEAL_CSV_VERTICES],
                                 heal_draft_add(&reader->draft, reader->set.graphs, reader->error),
                                 reader->error);
    r = r < 0 ? r : next_row(reader, &reader->graphs);
    return r == 0 && reader->graphs.graph == graph ? refuse(reader, &reader->graphs, "that graph was there")
                                                   : r;
}

static int read_all(struct reader *reader, const struct heal_table_text *file) {
    int r = read_set(reader, &file[HEAL_CSV_SET]);

    if (r < 0)
        return r;
    heal_draft_init(&reader->draft, reader->inputs);
    reader->set.graphs = heal_gnn_dataset_new(reader->feature, reader->inputs);
    if (!reader->set.graphs)
        return no_memory(reader);
    r = begin_rows(reader, &file[HEAL_CSV_GRAPHS], HEAL_CSV_GRAPHS, &reader->graphs);
    r = r < 0 ? r : begin_rows(reader, &file[HEAL_CSV_VERTICES], HEAL_CSV_VERTICES, &reader->vertices);
    r = r < 0 ? r : begin_rows(reader, &file[HEAL_CSV_EDGES], HEAL_CSV_EDGES, &reader->edges);
    if (r == 0 && reader->graphs.graph < 0)
        r = refuse(reader, &reader->graphs, "there is no graph");
    while (r == 0 && reader->graphs.graph >= 0)
        r = read_graph(reader);
    if (r == 0 && reader->vertices.graph >= 0)
        r = refuse(reader, &reader->vertices, "there is no such graph");
    if (r == 0 && reader->edges.graph >= 0)
        r = refuse(reader, &reader->edges, "there is no such graph");
    return r;
}

int heal_csv_parse(const struct heal_table_text *file, struct heal_dataset *ret_set,
                   struct heal_error *error) {
    struct reader *reader = calloc(1, sizeof *reader);
    struct heal_error unheard = {.code = 0};

    if (!reader)
        return heal_error_set(error, -ENOMEM, 0, 0, "%s", strerror(ENOMEM));
    reader->error = error ? error : &unheard;
    reader->set = (struct heal_dataset){.time = "s"};
    int r = read_all(reader, file);
    if (r == 0)
        *ret_set = reader->set;
    else
        heal_dataset_deinit(&reader->set);
    heal_draft_deinit(&reader->draft);
    free(reader);
    return r;
}

int heal_csv_load(const char *folder, struct heal_dataset *ret_set, struct heal_error *error) {
    struct heal_table_text file[HEAL_CSV_FILES];
    int r = heal_folder_read(folder, heal_csv_names, HEAL_CSV_FILES, file, error);

    if (r < 0)
        return r;
    r = heal_csv_parse(file, ret_set, error);
    heal_folder_free(file, HEAL_CSV_FILES);
    return r;
}
