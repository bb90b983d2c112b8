/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "dataset/dataset.h"
#include "dataset/draft.h"
#include "dataset/scan.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>

struct reader {
    struct heal_scan scan;
    struct heal_error *error;
    struct heal_dataset set; /* its graphs are there once the first of them has begun */
    struct heal_draft draft;
    uint16_t inputs;
    struct heal_gnn_feature feature[HEAL_GNN_INPUTS_MAX];
    bool open, ended;                  /* a graph is begun; all are read */
    int64_t vertices_said, edges_said; /* of the graph */
    int64_t edges_of;                  /* the vertex whose edges came last; -1: none did */
};

static int no_memory(const struct reader *reader) {
    return heal_error_set(reader->error, -ENOMEM, reader->scan.line, 0, "%s", strerror(ENOMEM));
}

/* ---- the head ---- */

static int read_made(struct reader *reader) {
    if (reader->set.made[0] != '\0')
        return heal_scan_refuse(&reader->scan, reader->error, "how it was made is said already");
    if (!heal_scan_rest(&reader->scan, reader->set.made, sizeof reader->set.made))
        return heal_scan_refuse(&reader->scan, reader->error, "how it was made is a line of at most %d bytes",
                                HEAL_DATASET_MADE_MAX - 1);
    return 0;
}

static int read_time(struct reader *reader) {
    const char *name;
    int r = heal_scan_name(&reader->scan, "the unit of time", &name, reader->error);

    if (r == 0)
        heal_name_copy(reader->set.time, sizeof reader->set.time, name);
    return r < 0 ? r : heal_scan_over(&reader->scan, reader->error);
}

static int read_feature(struct reader *reader) {
    struct heal_gnn_feature *feature = &reader->feature[reader->inputs];
    const char *name;
    int r = heal_scan_name(&reader->scan, "a feature", &name, reader->error);

    if (r < 0)
        return r;
    if (reader->inputs == HEAL_GNN_INPUTS_MAX)
        return heal_scan_refuse(&reader->scan, reader->error, "there are at most %d features",
                                HEAL_GNN_INPUTS_MAX);
    for (unsigned i = 0; i < reader->inputs; i++)
        if (strcmp(reader->feature[i].name, name) == 0)
            return heal_scan_refuse(&reader->scan, reader->error, "there is a feature %s already", name);
    *feature = (struct heal_gnn_feature){.logarithm = false};
    heal_name_copy(feature->name, sizeof feature->name, name);
    const char *more = heal_scan_field(&reader->scan);
    if (more && strcmp(more, "log") != 0)
        return heal_scan_refuse(&reader->scan, reader->error,
                                "after a feature's name there is `log` or nothing");
    feature->logarithm = more != NULL;
    reader->inputs++;
    return heal_scan_over(&reader->scan, reader->error);
}

static int read_kind(struct reader *reader) {
    uint16_t before = reader->set.kinds;
    const char *name;
    int r = heal_scan_name(&reader->scan, "a kind", &name, reader->error);

    if (r < 0)
        return r;
    if (strcmp(name, "healthy") == 0 || strcmp(name, "unknown") == 0)
        return heal_scan_refuse(&reader->scan, reader->error, "%s is a label of its own, and no kind", name);
    r = heal_dataset_kind(&reader->set, name);
    if (r < 0)
        return heal_scan_refuse(&reader->scan, reader->error, "there are at most %d kinds",
                                HEAL_DATASET_KINDS_MAX);
    if (reader->set.kinds == before)
        return heal_scan_refuse(&reader->scan, reader->error, "there is a kind %s already", name);
    return heal_scan_over(&reader->scan, reader->error);
}

/* ---- a graph ---- */

static int take_kind(struct reader *reader, const char *name) {
    for (int i = 0; i < reader->set.kinds; i++)
        if (name && strcmp(reader->set.kind[i], name) == 0)
            return i;
    return heal_scan_refuse(&reader->scan, reader->error, "there is no kind \"%s\" in the head",
                            name ? name : "");
}

static int finish_graph(struct reader *reader) {
    const struct heal_gnn_snapshot *head = &reader->draft.head;

    if (!reader->open)
        return 0;
    reader->open = false;
    if (head->vertices != reader->vertices_said || head->edges != reader->edges_said)
        return heal_scan_refuse(
            &reader->scan, reader->error, "the graph before has %u vertices and %u edges, not %lld and %lld",
            head->vertices, head->edges, (long long)reader->vertices_said, (long long)reader->edges_said);
    int r = heal_draft_add(&reader->draft, reader->set.graphs, reader->error);
    if (r < 0)
        reader->error->line = reader->scan.line; /* not an edge's number */
    return r;
}

/* The head is over: what the features are is known. */
static int begin_graphs(struct reader *reader) {
    if (reader->set.graphs)
        return 0;
    if (reader->inputs == 0 || reader->set.kinds == 0)
        return heal_scan_refuse(&reader->scan, reader->error,
                                "before the first graph there are features and kinds");
    reader->set.graphs = heal_gnn_dataset_new(reader->feature, reader->inputs);
    heal_draft_init(&reader->draft, reader->inputs);
    return reader->set.graphs ? 0 : no_memory(reader);
}

static int read_graph(struct reader *reader) {
    struct heal_scan *scan = &reader->scan;
    int64_t run, time;
    int r = finish_graph(reader);

    r = r < 0 ? r : begin_graphs(reader);
    r = r < 0 ? r : heal_scan_whole(scan, "the run", 0, UINT32_MAX, &run, reader->error);
    r = r < 0 ? r
              : heal_scan_whole(scan, "the time", -HEAL_DATASET_TIME_MAX, HEAL_DATASET_TIME_MAX, &time,
                                reader->error);
    int kind = r < 0 ? r : take_kind(reader, heal_scan_field(scan));
    r = kind < 0 ? kind
                 : heal_scan_whole(scan, "the number of vertices", 1, HEAL_DATASET_VERTICES_MAX,
                                   &reader->vertices_said, reader->error);
    r = r < 0 ? r
              : heal_scan_whole(scan, "the number of edges", 0, HEAL_DATASET_EDGES_MAX, &reader->edges_said,
                                reader->error);
    r = r < 0 ? r : heal_scan_over(scan, reader->error);
    if (r < 0)
        return r;
    heal_draft_clear(&reader->draft);
    reader->draft.head.run = (uint32_t)run;
    reader->draft.head.time = time;
    reader->draft.head.kind = (uint8_t)kind;
    reader->open = true;
    reader->edges_of = -1;
    return 0;
}

static int read_vertex(struct reader *reader) {
    enum heal_gnn_label label = HEAL_GNN_SICK;
    int kind = 0, r = 0;

    if (!reader->open || reader->edges_of >= 0 || reader->draft.head.vertices == reader->vertices_said)
        return heal_scan_refuse(&reader->scan, reader->error, "no vertex is to come here");
    const char *name = heal_scan_field(&reader->scan);
    if (name && strcmp(name, "healthy") == 0)
        label = HEAL_GNN_HEALTHY;
    else if (name && strcmp(name, "unknown") == 0)
        label = HEAL_GNN_UNKNOWN;
    else
        kind = take_kind(reader, name);
    if (kind < 0)
        return kind;
    float *feature = heal_draft_vertex(&reader->draft, label, (uint8_t)kind);
    if (!feature)
        return no_memory(reader);
    for (unsigned i = 0; r == 0 && i < reader->inputs; i++)
        r = heal_scan_value(&reader->scan, &reader->feature[i], &feature[i], reader->error);
    return r < 0 ? r : heal_scan_over(&reader->scan, reader->error);
}

/* Which vertices are of one node; without this line each is a node of its own. */
static int read_nodes(struct reader *reader) {
    int64_t node, most = reader->vertices_said - 1;
    int r = 0;

    if (!reader->open || reader->edges_of >= 0 || reader->draft.head.vertices != reader->vertices_said)
        return heal_scan_refuse(&reader->scan, reader->error, "no nodes are to come here");
    for (uint32_t v = 0; r == 0 && v < reader->draft.head.vertices; v++) {
        r = heal_scan_whole(&reader->scan, "a vertex' node", 0, most, &node, reader->error);
        if (r == 0)
            reader->draft.node[v] = (uint32_t)node;
    }
    return r < 0 ? r : heal_scan_over(&reader->scan, reader->error);
}

static int read_neighbour(struct reader *reader, int64_t vertex, int64_t *last) {
    int64_t neighbour;
    int r = heal_scan_whole(&reader->scan, "a neighbour", 0, reader->vertices_said - 1, &neighbour,
                            reader->error);

    if (r < 0)
        return r;
    if (neighbour == vertex)
        return heal_scan_refuse(&reader->scan, reader->error, "no vertex is its own neighbour");
    if (neighbour == *last)
        return heal_scan_refuse(&reader->scan, reader->error, "that edge was there already");
    if (neighbour < *last)
        return heal_scan_refuse(&reader->scan, reader->error,
                                "an edge is there once, at its lower end, and neighbours ascend");
    if (reader->draft.head.edges == reader->edges_said)
        return heal_scan_refuse(&reader->scan, reader->error, "no more edges are to come here");
    *last = neighbour;
    r = heal_draft_edge(&reader->draft, (uint32_t)vertex, (uint32_t)neighbour);
    return r < 0 ? no_memory(reader) : 0;
}

static int read_edges(struct reader *reader) {
    int64_t vertex, last;

    if (!reader->open || reader->draft.head.vertices != reader->vertices_said)
        return heal_scan_refuse(&reader->scan, reader->error, "no edges are to come here");
    int r = heal_scan_whole(&reader->scan, "a vertex", 0, reader->vertices_said - 1, &vertex, reader->error);
    if (r == 0 && vertex <= reader->edges_of)
        r = heal_scan_refuse(&reader->scan, reader->error,
                             "each vertex has one line of edges, and they ascend");
    last = vertex;
    do
        r = r < 0 ? r : read_neighbour(reader, vertex, &last);
    while (r == 0 && reader->scan.rest);
    reader->edges_of = vertex;
    return r;
}

static int read_end(struct reader *reader) {
    int64_t graphs;
    int r = finish_graph(reader);

    r = r < 0 ? r
              : heal_scan_whole(&reader->scan, "the number of graphs", 1, INT64_MAX, &graphs, reader->error);
    if (r == 0 && (!reader->set.graphs || (uint64_t)graphs != heal_gnn_dataset_samples(reader->set.graphs)))
        r = heal_scan_refuse(&reader->scan, reader->error, "there are not so many graphs");
    reader->ended = true;
    return r < 0 ? r : heal_scan_over(&reader->scan, reader->error);
}

/* ---- all of it ---- */

static const struct line {
    const char *word;
    bool head; /* before the first graph only */
    int (*read)(struct reader *reader);
} lines[] = {
    {"made",    true,  read_made   },
    {"time",    true,  read_time   },
    {"feature", true,  read_feature},
    {"kind",    true,  read_kind   },
    {"graph",   false, read_graph  },
    {"v",       false, read_vertex },
    {"n",       false, read_nodes  },
    {"e",       false, read_edges  },
    {"end",     false, read_end    },
};

static int read_line(struct reader *reader) {
    const char *word = heal_scan_field(&reader->scan);

    if (reader->ended)
        return heal_scan_refuse(&reader->scan, reader->error, "after `end` there is nothing");
    for (size_t i = 0; i < HEAL_COUNT(lines); i++) {
        if (!word || strcmp(word, lines[i].word) != 0)
            continue;
        if (lines[i].head && reader->set.graphs)
            return heal_scan_refuse(&reader->scan, reader->error, "`%s` comes before the first graph", word);
        return lines[i].read(reader);
    }
    return heal_scan_refuse(&reader->scan, reader->error,
                            "a line begins with made, time, feature, kind, graph, "
                            "v, n, e, end or #");
}

static int read_all(struct reader *reader) {
    const char *word;
    int64_t version;
    int r = 0;

    if (!heal_scan_line(&reader->scan) || !(word = heal_scan_field(&reader->scan)) ||
        strcmp(word, "heald-dataset") != 0)
        return heal_scan_refuse(&reader->scan, reader->error, "it does not begin with `heald-dataset 1`");
    r = heal_scan_whole(&reader->scan, "the version of the format", 1, 1, &version, reader->error);
    r = r < 0 ? r : heal_scan_over(&reader->scan, reader->error);
    while (r == 0 && heal_scan_line(&reader->scan))
        if (reader->scan.stop > reader->scan.begin && reader->scan.begin[0] != '#')
            r = read_line(reader);
    if (r == 0 && !reader->ended)
        r = heal_scan_refuse(&reader->scan, reader->error, "it ends without `end`: a part is missing");
    return r;
}

int heal_dataset_parse(const char *text, size_t length, struct heal_dataset *ret_set,
                       struct heal_error *error) {
    struct reader *reader = calloc(1, sizeof *reader);
    struct heal_error unheard = {.code = 0};

    if (!reader)
        return heal_error_set(error, -ENOMEM, 0, 0, "%s", strerror(ENOMEM));
    reader->error = error ? error : &unheard;
    reader->set = (struct heal_dataset){.time = "s"};
    heal_scan_init(&reader->scan, text, length, ' ');
    int r = read_all(reader);
    if (r == 0)
        *ret_set = reader->set;
    else
        heal_dataset_deinit(&reader->set);
    heal_draft_deinit(&reader->draft);
    free(reader);
    return r;
}
