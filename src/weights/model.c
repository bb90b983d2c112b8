/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The public face: heal/model.h in terms of gnn and of what lies in a file. */
#include "heal/model.h"

#include "base/text.h"
#include "gnn/dataset.h"
#include "weights/learn.h"
#include "weights/weights.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct heal_lesson {
    struct heal_gnn_dataset *dataset;
};

struct heal_model {
    struct heal_weights weights; /* in integers */
    struct heal_gnn_model ready;
};

/* ---- learning ---- */

/* What a model's file could not keep is not to be learnt first. */
static bool can_be_called(const struct heal_lesson_feature *feature, unsigned index) {
    const char *name = feature[index].name;
    bool fine = strlen(name) < HEAL_GNN_NAME_MAX && heal_card_is_name(name);

    for (unsigned i = 0; i < index; i++)
        fine = fine && strcmp(feature[i].name, name) != 0;
    return fine;
}

struct heal_lesson *heal_lesson_new(const struct heal_lesson_feature *feature, unsigned features) {
    struct heal_gnn_feature list[HEAL_GNN_INPUTS_MAX];
    struct heal_lesson *lesson;

    if (features == 0 || features > HEAL_GNN_INPUTS_MAX)
        return NULL;
    for (unsigned i = 0; i < features; i++) {
        if (!can_be_called(feature, i))
            return NULL;
        list[i] = (struct heal_gnn_feature){.logarithm = feature[i].logarithm};
        heal_name_copy(list[i].name, sizeof list[i].name, feature[i].name);
    }
    lesson = calloc(1, sizeof *lesson);
    if (!lesson)
        return NULL;
    lesson->dataset = heal_gnn_dataset_new(list, (uint16_t)features);
    return lesson->dataset ? lesson : heal_lesson_free(lesson);
}

struct heal_lesson *heal_lesson_free(struct heal_lesson *lesson) {
    if (lesson)
        heal_gnn_dataset_free(lesson->dataset);
    free(lesson);
    return NULL;
}

/* @return for free(), one more than there are. */
static struct heal_gnn_edge *copy_edges(const struct heal_model_graph *graph) {
    struct heal_gnn_edge *edge = calloc((size_t)graph->edges + 1, sizeof *edge);

    for (uint32_t i = 0; edge && i < graph->edges; i++)
        edge[i] = (struct heal_gnn_edge){graph->edge[i].a, graph->edge[i].b};
    return edge;
}

int heal_lesson_add(struct heal_lesson *lesson, const struct heal_model_graph *graph,
                    struct heal_error *error) {
    struct heal_gnn_edge *edge;

    if (!graph->truth)
        return heal_error_set(error, -EINVAL, 0, 0, "a graph without its truth: there is nothing to learn");
    edge = copy_edges(graph);
    if (!edge)
        return -ENOMEM;
    const struct heal_gnn_snapshot snapshot = {.vertices = graph->vertices,
                                               .edges = graph->edges,
                                               .feature = graph->feature,
                                               .label = graph->truth,
                                               .edge = edge};
    int r = heal_gnn_dataset_add(lesson->dataset, &snapshot, error);
    free(edge);
    return r;
}

int heal_lesson_learn(const struct heal_lesson *lesson, const struct heal_learning *how,
                      struct heal_model **ret_model, struct heal_error *error) {
    struct heal_weights weights = {0};
    struct heal_model *model = calloc(1, sizeof *model);
    int r = model ? heal_weights_learn(lesson->dataset, how, &weights, error) : -ENOMEM;

    r = r < 0 ? r : heal_card_check(&weights.card, error);
    r = r < 0 ? r : heal_weights_quantise(&weights, &model->weights, error);
    r = r < 0 ? r : heal_weights_model(&model->weights, 0, &model->ready, error);
    heal_weights_deinit(&weights);
    if (r < 0)
        heal_model_free(model);
    else
        *ret_model = model;
    return r;
}

/* ---- models ---- */

struct heal_model *heal_model_free(struct heal_model *model) {
    if (model)
        heal_weights_deinit(&model->weights);
    free(model);
    return NULL;
}

int heal_model_encode(const struct heal_model *model, uint8_t **ret_bytes, size_t *ret_length) {
    return heal_weights_encode(&model->weights, ret_bytes, ret_length, NULL);
}

int heal_model_decode(const uint8_t *bytes, size_t length, struct heal_model **ret_model,
                      struct heal_error *error) {
    struct heal_model *model = calloc(1, sizeof *model);
    int r = model ? heal_weights_decode(bytes, length, &model->weights, error) : -ENOMEM;

    r = r < 0 ? r : heal_weights_model(&model->weights, 0, &model->ready, error);
    if (r < 0)
        heal_model_free(model);
    else
        *ret_model = model;
    return r;
}

unsigned heal_model_features(const struct heal_model *model) {
    return model->ready.network.shape.inputs;
}

float heal_model_figure(const struct heal_model *model, const char *name) {
    const float *figure = heal_card_figure(&model->weights.card, name);

    return figure ? *figure : NAN;
}

/* ---- verdicts ---- */

/* What a verdict is worked out in. */
struct work {
    uint32_t *first, *neighbour, *spare;
    int8_t *input, *state;
    struct heal_gnn_graph graph;
};

static void end(struct work *work) {
    free(work->first);
    free(work->neighbour);
    free(work->spare);
    free(work->input);
    free(work->state);
}

static int begin(struct work *work, const struct heal_gnn_shape *shape, const struct heal_model_graph *around,
                 struct heal_error *error) {
    size_t vertices = around->vertices, edges = around->edges;
    struct heal_gnn_edge *edge = copy_edges(around);

    *work = (struct work){.first = calloc(vertices + 1, sizeof *work->first),
                          .neighbour = calloc(2 * edges + 1, sizeof *work->neighbour),
                          .spare = calloc(2 * edges + vertices, sizeof *work->spare),
                          .input = calloc(vertices, shape->inputs),
                          .state = calloc(vertices, shape->hidden)};
    bool made = edge && work->first && work->neighbour && work->spare && work->input && work->state;
    int r = made ? heal_gnn_graph_build(around->vertices, edge, around->edges, work->first, work->neighbour,
                                        work->spare, &work->graph, error)
                 : -ENOMEM;
    free(edge);
    if (r < 0)
        end(work);
    return r;
}

/* Its own state, and those that its neighbours would tell it. */
static void make_states(const struct heal_gnn_model *model, struct work *work, const float *feature,
                        uint32_t vertex) {
    const struct heal_gnn_shape *shape = &model->network.shape;

    for (size_t v = 0; v < work->graph.vertices; v++) {
        float input[HEAL_GNN_INPUTS_MAX];

        heal_gnn_scaling_apply(&model->scaling, feature + v * shape->inputs, input);
        heal_gnn_integer_input(&model->network, input, work->input + v * shape->inputs);
    }
    heal_gnn_integer_state(&model->network, &work->graph, vertex, work->input,
                           work->state + (size_t)vertex * shape->hidden);
    for (uint32_t i = work->first[vertex]; i < work->first[vertex + 1]; i++)
        heal_gnn_integer_state(&model->network, &work->graph, work->neighbour[i], work->input,
                               work->state + (size_t)work->neighbour[i] * shape->hidden);
}

int heal_model_judge(const struct heal_model *model, const struct heal_model_graph *around, uint32_t vertex,
                     struct heal_model_verdict *ret_verdict, struct heal_error *error) {
    const struct heal_gnn_model *ready = &model->ready;
    struct work work;

    if (vertex >= around->vertices || around->edges > INT32_MAX)
        return heal_error_set(error, -EINVAL, 0, 0, "there is no vertex %u, or there are too many edges",
                              vertex);
    int r = begin(&work, &ready->network.shape, around, error);
    if (r < 0)
        return r;
    make_states(ready, &work, around->feature, vertex);
    int32_t logit = heal_gnn_integer_verdict(&ready->network, &work.graph, vertex, work.state, NULL);
    *ret_verdict = (struct heal_model_verdict){.logit = (float)logit / HEAL_GNN_LOGIT_ONE,
                                               .sick = logit > ready->threshold};
    end(&work);
    return 0;
}
