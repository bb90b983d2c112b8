/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "training/answers.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What the network in integers works in: room for the largest sample. */
struct room {
    int8_t *input, *state;
    int32_t *logit;
};

static int make_room(const struct heal_gnn_dataset *dataset, const struct heal_gnn_shape *shape,
                     struct room *room) {
    size_t vertices = heal_gnn_batch_vertices_max(dataset, 1) + 1;

    room->input = calloc(vertices, shape->inputs);
    room->state = calloc(vertices, shape->hidden);
    room->logit = calloc(vertices, sizeof *room->logit);
    return room->input && room->state && room->logit ? 0 : -ENOMEM;
}

static void free_room(struct room *room) {
    free(room->input);
    free(room->state);
    free(room->logit);
}

static void ask_integers(const struct heal_asked *asked, const struct heal_gnn_sample *sample,
                         struct room *room) {
    uint16_t inputs = asked->shape->inputs;
    float input[HEAL_GNN_INPUTS_MAX];

    for (uint32_t v = 0; asked->network && v < sample->graph.vertices; v++) {
        heal_gnn_scaling_apply(asked->scaling, sample->feature + (size_t)v * inputs, input);
        heal_gnn_integer_input(asked->network, input, room->input + (size_t)v * inputs);
    }
    if (asked->network)
        heal_gnn_integer_run(asked->network, &sample->graph, room->input, room->state, room->logit);
}

/* @param logit of the sample's vertices; NULL: not asked */
static void add_sample(struct heal_answers *answers, const struct heal_gnn_sample *sample, const float *logit,
                       const int32_t *integer) {
    answers->graphs++;
    for (uint32_t v = 0; v < sample->graph.vertices; v++) {
        bool sick = sample->label[v] == HEAL_GNN_SICK;

        if (sample->label[v] == HEAL_GNN_UNKNOWN) {
            answers->unknown++;
            continue;
        }
        answers->sick += sick;
        answers->answer[answers->count++] = (struct heal_answer){.logit = logit ? logit[v] : NAN,
                                                                 .integer = integer[v],
                                                                 .sick = sick,
                                                                 .kind = sample->vertex_kind[v]};
    }
}

int heal_answers_check(const struct heal_gnn_dataset *dataset, const struct heal_gnn_feature *feature,
                       uint16_t inputs, struct heal_error *error) {
    const struct heal_gnn_feature *here = heal_gnn_dataset_features(dataset);

    if (heal_gnn_dataset_inputs(dataset) != inputs)
        return heal_error_set(error, -EINVAL, 0, 0, "%u features: the network takes %u",
                              heal_gnn_dataset_inputs(dataset), inputs);
    for (unsigned i = 0; i < inputs; i++) {
        if (strcmp(here[i].name, feature[i].name) != 0)
            return heal_error_set(error, -EINVAL, 0, 0, "feature %u is %s: the network takes %s there", i + 1,
                                  here[i].name, feature[i].name);
    }
    return 0;
}

static size_t vertices_of(const struct heal_gnn_dataset *dataset, const struct heal_gnn_choice *choice) {
    size_t vertices = 0;

    for (size_t i = 0; i < choice->count; i++)
        vertices += heal_gnn_dataset_sample(dataset, choice->sample[i]).graph.vertices;
    return vertices;
}

static int ask(const struct heal_asked *asked, const struct heal_gnn_dataset *dataset,
               const struct heal_gnn_choice *choice, float *logit, struct heal_answers *answers) {
    struct room room = {0};
    int r = make_room(dataset, asked->shape, &room);

    if (r == 0 && asked->weights)
        r = heal_gnn_predict(dataset, choice, asked->shape, asked->scaling, asked->weights, logit);
    for (size_t i = 0; r == 0 && i < choice->count; i++) {
        struct heal_gnn_sample sample = heal_gnn_dataset_sample(dataset, choice->sample[i]);

        ask_integers(asked, &sample, &room);
        add_sample(answers, &sample, asked->weights ? logit : NULL, room.logit);
        logit += sample.graph.vertices;
    }
    free_room(&room);
    return r;
}

int heal_answers_ask(const struct heal_asked *asked, const struct heal_gnn_dataset *dataset,
                     const struct heal_gnn_choice *choice, struct heal_answers *ret_answers) {
    size_t vertices = vertices_of(dataset, choice);
    float *logit = calloc(vertices + 1, sizeof *logit);
    struct heal_answers answers = {.answer = calloc(vertices + 1, sizeof *answers.answer)};
    int r = logit && answers.answer ? ask(asked, dataset, choice, logit, &answers) : -ENOMEM;

    free(logit);
    if (r < 0)
        heal_answers_deinit(&answers);
    else
        *ret_answers = answers;
    return r;
}

void heal_answers_deinit(struct heal_answers *answers) {
    free(answers->answer);
    *answers = (struct heal_answers){0};
}
