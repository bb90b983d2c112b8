/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "training/answers.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What the networks say of one sample. */
struct room {
    int8_t *input, *state;
    int32_t *logit, *kind; /* in integers */
    float *single, *kinds; /* of all samples: what is to come next */
    float normal;          /* the logit of class 0 */
};

static int make_room(const struct heal_gnn_dataset *dataset, const struct heal_gnn_shape *shape,
                     struct room *room) {
    size_t vertices = heal_gnn_batch_vertices_max(dataset, 1) + 1;

    room->input = calloc(vertices, shape->inputs);
    room->state = calloc(vertices, shape->hidden);
    room->logit = calloc(vertices, sizeof *room->logit);
    room->kind = calloc(vertices * shape->kinds + 1, sizeof *room->kind);
    return room->input && room->state && room->logit && room->kind ? 0 : -ENOMEM;
}

static void free_room(struct room *room) {
    free(room->input);
    free(room->state);
    free(room->logit);
    free(room->kind);
}

static void ask_integers(const struct heal_asked *asked, const struct heal_gnn_sample *sample,
                         struct room *room) {
    const struct heal_gnn_span all = {0, sample->graph.vertices};
    uint16_t inputs = asked->shape->inputs;
    float input[HEAL_GNN_INPUTS_MAX];

    for (uint32_t v = 0; asked->network && v < sample->graph.vertices; v++) {
        heal_gnn_scaling_apply(asked->scaling, sample->feature + (size_t)v * inputs, input);
        heal_gnn_integer_input(asked->network, input, room->input + (size_t)v * inputs);
    }
    if (!asked->network)
        return;
    heal_gnn_integer_states(asked->network, &sample->graph, all, room->input, room->state);
    heal_gnn_integer_verdicts(asked->network, &sample->graph, all, room->state, room->logit,
                              asked->shape->kinds > 0 ? room->kind : NULL);
}

/* ---- what is wrong with a graph ---- */

static uint8_t single_class(const struct heal_asked *asked, const struct heal_gnn_sample *sample,
                            const struct room *room) {
    float logit[HEAL_GNN_KINDS_MAX + 1];
    uint8_t most = 0;

    heal_gnn_pool_classes(sample->graph.vertices, asked->shape->kinds, room->kinds, room->normal, logit);
    for (uint8_t c = 1; c <= asked->shape->kinds; c++)
        most = logit[c] > logit[most] ? c : most;
    return most;
}

static uint8_t integer_class(const struct heal_asked *asked, const struct heal_gnn_sample *sample,
                             const struct room *room) {
    int32_t logit[HEAL_GNN_KINDS_MAX + 1];
    uint8_t most = 0;

    heal_gnn_integer_classes(asked->network, sample->graph.vertices, room->kind, logit);
    for (uint8_t c = 1; c <= asked->shape->kinds; c++)
        most = logit[c] > logit[most] ? c : most;
    return most;
}

static void add_class(struct heal_answers *answers, const struct heal_asked *asked,
                      const struct heal_gnn_sample *sample, const struct room *room) {
    struct heal_class_answer *answer = &answers->class_of[answers->graphs];

    answer->truth = sample->kind;
    if (asked->weights)
        answer->single = single_class(asked, sample, room);
    if (asked->network)
        answer->integer = integer_class(asked, sample, room);
}

/* ---- how sick its vertices are ---- */

/* @param logit of the sample's vertices; NULL: not asked */
static void add_sample(struct heal_answers *answers, const struct heal_gnn_sample *sample, const float *logit,
                       const int32_t *integer) {
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

static int ask_single(const struct heal_asked *asked, const struct heal_gnn_dataset *dataset,
                      const struct heal_gnn_choice *choice, struct room *room) {
    struct heal_gnn_layout layout;

    if (!asked->weights)
        return 0;
    heal_gnn_layout_make(asked->shape, &layout);
    room->normal = asked->shape->kinds > 0 ? asked->weights[layout.normal] : 0;
    return heal_gnn_predict_kinds(dataset, choice, asked->shape, asked->scaling, asked->weights, room->single,
                                  asked->shape->kinds > 0 ? room->kinds : NULL);
}

static int ask(const struct heal_asked *asked, const struct heal_gnn_dataset *dataset,
               const struct heal_gnn_choice *choice, struct room *room, struct heal_answers *answers) {
    int r = make_room(dataset, asked->shape, room);

    r = r < 0 ? r : ask_single(asked, dataset, choice, room);
    for (size_t i = 0; r == 0 && i < choice->count; i++) {
        struct heal_gnn_sample sample = heal_gnn_dataset_sample(dataset, choice->sample[i]);

        ask_integers(asked, &sample, room);
        add_sample(answers, &sample, asked->weights ? room->single : NULL, room->logit);
        if (answers->class_of)
            add_class(answers, asked, &sample, room);
        answers->graphs++;
        room->single += sample.graph.vertices;
        room->kinds += (size_t)sample.graph.vertices * asked->shape->kinds;
    }
    free_room(room);
    return r;
}

int heal_answers_ask(const struct heal_asked *asked, const struct heal_gnn_dataset *dataset,
                     const struct heal_gnn_choice *choice, struct heal_answers *ret_answers) {
    size_t vertices = heal_gnn_choice_vertices(dataset, choice), kinds = asked->shape->kinds;
    float *single = calloc(vertices + 1, sizeof *single), *kind = calloc(vertices * kinds + 1, sizeof *kind);
    struct room room = {.single = single, .kinds = kind};
    struct heal_answers answers = {.answer = calloc(vertices + 1, sizeof *answers.answer)};

    answers.class_of = kinds > 0 ? calloc(choice->count + 1, sizeof *answers.class_of) : NULL;
    bool has_room = single && kind && answers.answer && (answers.class_of || kinds == 0);
    int r = has_room ? ask(asked, dataset, choice, &room, &answers) : -ENOMEM;
    free(single);
    free(kind);
    if (r < 0)
        heal_answers_deinit(&answers);
    else
        *ret_answers = answers;
    return r;
}

void heal_answers_deinit(struct heal_answers *answers) {
    free(answers->answer);
    free(answers->class_of);
    *answers = (struct heal_answers){0};
}
