/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What heald's network answers on random graphs, for other programs to compare with.
 *
 *     answers onnx FOLDER      two models, as safetensors and as ONNX, and NAME.txt: graphs and answers
 *     answers torch FILE TEXT  the same for weights from PyTorch Geometric
 *
 * A text: "threshold T kinds K inputs N"; then a graph: "graph V E", V lines of features (nan: missing), E
 * lines of an edge, V lines of answers: the logit in single precision, the one in integers, and the kinds' of
 * both; and, where there are kinds, a line of the graph's classes of both. */
#include "../unit/weights/random_model.h"

#include "base/text.h"
#include "os/file.h"
#include "os/model_file.h"
#include "weights/learn.h"
#include "weights/onnx.h"
#include "weights/torch.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    GRAPHS = 40,
    VERTICES_MAX = 1500,
    DEGREE = 8,
    DEGREE_LARGE = 160,
    INPUTS = 8,
    KINDS = 3,
    LESSONS = 200,
    FILE_MAX = 4 << 20
};

static const double missing = 0.05;

/* ---- graphs ---- */

/* Features that the scaling makes these inputs of; some are missing, which makes them the mean. */
static void measure(const struct heal_gnn_scaling *scaling, struct heal_random *random,
                    struct random_graph *graph, float *ret_feature) {
    size_t inputs = scaling->inputs;

    for (size_t i = 0; i < graph->graph.vertices * inputs; i++) {
        size_t f = i % inputs;
        double value = (double)scaling->mean[f] + (double)scaling->deviation[f] * (double)graph->input[i];

        ret_feature[i] = (float)(scaling->feature[f].logarithm ? expm1(value) : value);
        if (heal_random_uniform(random) < missing)
            ret_feature[i] = NAN;
    }
    for (size_t v = 0; v < graph->graph.vertices; v++)
        heal_gnn_scaling_apply(scaling, ret_feature + v * inputs, graph->input + v * inputs);
}

static void print_graph(FILE *out, const struct heal_gnn_graph *graph, const float *feature,
                        unsigned inputs) {
    fprintf(out, "graph %u %u\n", graph->vertices, graph->first[graph->vertices]);
    for (size_t i = 0; i < (size_t)graph->vertices * inputs; i++)
        fprintf(out, "%.9g%c", (double)feature[i], i % inputs == inputs - 1 ? '\n' : ' ');
    for (uint32_t v = 0; v < graph->vertices; v++)
        for (uint32_t i = graph->first[v]; i < graph->first[v + 1]; i++)
            fprintf(out, "%u %u\n", graph->neighbour[i], v);
}

static void print_classes(FILE *out, const struct heal_weights *number, const struct heal_weights *integer,
                          uint32_t vertices, const float *kind, const int32_t *kind_integer) {
    unsigned kinds = number->card.shape.kinds;
    int32_t class_integer[1 + KINDS] = {0};
    struct heal_gnn_layout layout;
    float class_number[1 + KINDS];

    heal_gnn_layout_make(&number->card.shape, &layout);
    heal_gnn_pool_classes(vertices, kinds, kind, number->number[layout.normal], class_number);
    if (integer)
        heal_gnn_integer_classes(integer->integer, vertices, kind_integer, class_integer);
    for (unsigned k = 0; k <= kinds; k++)
        fprintf(out, "%.9g ", (double)class_number[k]);
    for (unsigned k = 0; k <= kinds; k++)
        fprintf(out, "%.9g%c", (double)class_integer[k] / HEAL_GNN_LOGIT_ONE, k == kinds ? '\n' : ' ');
}

static int answer_graph(FILE *out, const struct heal_weights *number, const struct heal_weights *integer,
                        const struct random_graph *graph) {
    static float sick[VERTICES_MAX], kind[VERTICES_MAX * KINDS];
    static int32_t sick_integer[VERTICES_MAX], kind_integer[VERTICES_MAX * KINDS];
    unsigned kinds = number->card.shape.kinds;
    int r = random_model_run(number, graph, sick, kind);

    if (r == 0 && integer)
        r = random_model_run_integer(integer, graph, sick_integer, kind_integer);
    for (uint32_t v = 0; r == 0 && v < graph->graph.vertices; v++) {
        fprintf(out, "%.9g %.9g", (double)sick[v], (double)sick_integer[v] / HEAL_GNN_LOGIT_ONE);
        for (unsigned k = 0; k < kinds; k++)
            fprintf(out, " %.9g", (double)kind[v * kinds + k]);
        for (unsigned k = 0; k < kinds; k++)
            fprintf(out, " %.9g", (double)kind_integer[v * kinds + k] / HEAL_GNN_LOGIT_ONE);
        fputc('\n', out);
    }
    if (r == 0 && kinds > 0)
        print_classes(out, number, integer, graph->graph.vertices, kind, kind_integer);
    return r;
}

/* @param integer the same network, or NULL */
static int answer(const char *path, const struct heal_weights *number, const struct heal_weights *integer) {
    const struct heal_card *card = &number->card;
    FILE *out = fopen(path, "w");
    struct heal_random random;
    int r = 0;

    if (!out)
        return -errno;
    heal_random_init(&random, 21);
    fprintf(out, "threshold %.9g kinds %u inputs %u\n", (double)card->threshold, card->shape.kinds,
            card->shape.inputs);
    for (unsigned i = 0; r == 0 && i < GRAPHS; i++) {
        static float feature[VERTICES_MAX * HEAL_GNN_INPUTS_MAX];
        struct random_graph graph;
        uint32_t vertices = i == 0            ? 1
                            : i == 1          ? 2
                            : i == GRAPHS - 1 ? VERTICES_MAX
                                              : 1 + heal_random_next(&random) % VERTICES_MAX;

        /* The last has more neighbours than the table of means has steps. */
        r = random_graph_make(&random, vertices, i == GRAPHS - 1 ? DEGREE_LARGE : DEGREE, card->shape.inputs,
                              &graph);
        if (r < 0)
            break;
        measure(&card->scaling, &random, &graph, feature);
        print_graph(out, &graph.graph, feature, card->shape.inputs);
        r = answer_graph(out, number, integer, &graph);
        random_graph_deinit(&graph);
    }
    return fclose(out) != 0 && r == 0 ? -EIO : r;
}

/* ---- models ---- */

/* Sick is who is far off itself, or has a neighbour that is. */
static int add_lesson(struct heal_gnn_dataset *dataset, struct heal_random *random) {
    enum { VERTICES = 40, EDGES_MAX = VERTICES * DEGREE };
    static struct heal_gnn_edge edge[EDGES_MAX];
    uint8_t label[VERTICES] = {0};
    struct random_graph graph;
    struct heal_gnn_snapshot snapshot = {.vertices = VERTICES, .label = label, .edge = edge};
    int r = random_graph_make(random, VERTICES, DEGREE, INPUTS, &graph);

    if (r < 0)
        return r;
    for (uint32_t v = 0; v < VERTICES; v++) {
        label[v] = graph.input[v * INPUTS] > 1.5F || graph.input[v * INPUTS + 1] < -1.5F;
        for (uint32_t i = graph.first[v]; i < graph.first[v + 1]; i++) {
            uint32_t other = graph.neighbour[i];

            if (graph.input[other * INPUTS + 2] > 1.5F)
                label[v] = HEAL_GNN_SICK;
            if (other > v)
                edge[snapshot.edges++] = (struct heal_gnn_edge){v, other};
        }
    }
    for (size_t i = 0; i < (size_t)VERTICES * INPUTS; i++)
        if (i % INPUTS == INPUTS - 1)
            graph.input[i] = expf(graph.input[i]); /* the last has a logarithm */
    snapshot.feature = graph.input;
    r = heal_gnn_dataset_add(dataset, &snapshot, NULL);
    random_graph_deinit(&graph);
    return r;
}

static int make_trained(struct heal_weights *ret_weights) {
    const struct heal_learning how = {.epochs = 20, .seed = 4};
    struct heal_gnn_feature feature[INPUTS] = {0};
    struct heal_random random;
    int r = 0;

    heal_random_init(&random, 9);
    for (unsigned i = 0; i < INPUTS; i++)
        snprintf(feature[i].name, sizeof feature[i].name, "feature%u", i + 1);
    feature[INPUTS - 1].logarithm = true;
    struct heal_gnn_dataset *dataset = heal_gnn_dataset_new(feature, INPUTS);
    if (!dataset)
        return -ENOMEM;
    for (unsigned i = 0; r == 0 && i < LESSONS; i++)
        r = add_lesson(dataset, &random);
    if (r == 0)
        r = heal_weights_learn(dataset, &how, ret_weights, NULL);
    heal_gnn_dataset_free(dataset);
    return r;
}

static int export(const char *folder, const char *name, const struct heal_weights *weights) {
    char path[4096];
    uint8_t *bytes;
    size_t length;
    int r = heal_onnx_encode(weights, &bytes, &length, NULL);

    if (r < 0)
        return r;
    snprintf(path, sizeof path, "%s/%s.onnx", folder, name);
    r = heal_model_file_write(path, bytes, length, NULL);
    free(bytes);
    snprintf(path, sizeof path, "%s/%s.safetensors", folder, name);
    return r < 0 ? r : heal_model_file_save(path, weights, NULL);
}

static int export_both(const char *folder, const char *name, const struct heal_weights *number) {
    char path[4096], file[64];
    struct heal_weights integer = {0};
    int r = heal_weights_quantise(number, &integer, NULL);

    snprintf(file, sizeof file, "%s-float", name);
    r = r < 0 ? r : export(folder, file, number);
    snprintf(file, sizeof file, "%s-int8", name);
    r = r < 0 ? r : export(folder, file, &integer);
    snprintf(path, sizeof path, "%s/%s.txt", folder, name);
    r = r < 0 ? r : answer(path, number, &integer);
    heal_weights_deinit(&integer);
    return r;
}

static int run_onnx(const char *folder) {
    struct heal_weights trained = {0}, random = {0};
    struct heal_gnn_shape shape;

    heal_gnn_shape_default(INPUTS, 64, KINDS, &shape);
    int r = make_trained(&trained);
    r = r < 0 ? r : random_model_make(&shape, 12, &random);
    r = r < 0 ? r : export_both(folder, "trained", &trained);
    r = r < 0 ? r : export_both(folder, "random", &random);
    heal_weights_deinit(&trained);
    heal_weights_deinit(&random);
    return r;
}

static int run_torch(const char *file, const char *text) {
    struct heal_weights weights = {0};
    struct heal_error error = {0};
    char *bytes;
    size_t length;
    int r = heal_file_read(file, FILE_MAX, &bytes, &length);

    if (r < 0)
        return r;
    r = heal_torch_decode((const uint8_t *)bytes, length, &weights, &error);
    if (r < 0)
        fprintf(stderr, "%s:%d: %s\n", file, error.column, error.what);
    r = r < 0 ? r : answer(text, &weights, NULL);
    heal_weights_deinit(&weights);
    free(bytes);
    return r;
}

int main(int argc, char **argv) {
    int r = argc == 3 && strcmp(argv[1], "onnx") == 0    ? run_onnx(argv[2])
            : argc == 4 && strcmp(argv[1], "torch") == 0 ? run_torch(argv[2], argv[3])
                                                         : -EINVAL;

    if (r < 0)
        fprintf(stderr, "answers: %s\n", strerror(-r));
    return r < 0 ? 1 : 0;
}
