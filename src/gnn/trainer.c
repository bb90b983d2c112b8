/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/trainer.h"

#include "gnn/pass.h"
#include "gnn/walk.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PARTS = 4 /* of a batch, whoever works on them */ };

const struct heal_gnn_recipe heal_gnn_recipe_default = {
    .adamw = {.rate = 6e-3F, .warm_up = 0.2F, .weight_decay = 1e-4F, .norm_max = 1},
    .loss.sick_weight = 1,
    .balance.vertex = 1,
    .omission.vertices_of_256 = 38,
    .dropout_of_256 = 26,
    .epochs = 50,
    .batch = 32,
};

/* What works on one part of every batch. */
struct part {
    struct heal_gnn_batch batch;
    struct heal_gnn_pass *pass;
    float *gradient;
    struct heal_gnn_slopes slopes;
    struct heal_gnn_node *node;
    struct heal_gnn_errors errors;
};

/* The best weights so far, where there is something to validate on. */
struct best {
    float *weights;
    double error;
    unsigned epoch; /* 0: none yet */
};

struct course {
    const struct heal_gnn_training *training;
    struct heal_gnn_layout layout;
    struct heal_gnn_scaling scaling;
    float *weights;
    struct heal_adamw *adamw;
    uint32_t *order; /* of the samples, in this epoch */
    struct best best;
    struct heal_random random;
    struct part part[PARTS];
    /* The batch at hand. */
    const uint32_t *sample;
    size_t samples;
    uint64_t batches; /* so far */
};

static uint32_t batches_of(const struct heal_gnn_training *training) {
    size_t batch = training->recipe.batch;

    return (uint32_t)((training->learnt.count + batch - 1) / batch * training->recipe.epochs);
}

static size_t part_begin(size_t samples, size_t part) {
    return samples * part / PARTS;
}

static void ask(const struct course *course, struct part *part, struct heal_gnn_errors *errors,
                struct heal_gnn_slopes *slopes) {
    const struct heal_gnn_recipe *recipe = &course->training->recipe;
    const struct heal_gnn_question question = {
        .loss = recipe->loss,
        .balance = recipe->balance,
        .batch = &part->batch,
        .sick = heal_gnn_pass_sick(part->pass),
        .kind = heal_gnn_pass_kind(part->pass),
        .kinds = course->training->shape.kinds,
        .normal = course->training->shape.kinds > 0 ? course->weights[course->layout.normal] : 0,
        .node = part->node,
    };

    heal_gnn_objective(&question, errors, slopes);
}

static void add_errors(struct heal_gnn_errors *sum, const struct heal_gnn_errors *errors) {
    sum->vertex += errors->vertex;
    sum->node += errors->node;
    sum->graph += errors->graph;
    sum->vertices += errors->vertices;
    sum->nodes += errors->nodes;
    sum->graphs += errors->graphs;
}

/* Each part of each batch draws from a sequence of its own, whoever works on it and when. */
static void work_part(void *context, size_t index) {
    struct course *course = context;
    const struct heal_gnn_recipe *recipe = &course->training->recipe;
    struct part *part = &course->part[index];
    struct heal_gnn_dropout dropout = {.of_256 = recipe->dropout_of_256};
    size_t begin = part_begin(course->samples, index), end = part_begin(course->samples, index + 1);

    heal_random_init(&dropout.random,
                     recipe->seed + UINT64_C(0x9e3779b97f4a7c15) * (course->batches * PARTS + index + 1));
    heal_gnn_batch_fill(&part->batch, course->sample + begin, end - begin, &recipe->omission,
                        &dropout.random);
    heal_gnn_pass_forward(part->pass, &part->batch.graph, part->batch.input, course->weights, &dropout);
    part->errors = (struct heal_gnn_errors){0};
    part->slopes.normal = 0;
    ask(course, part, &part->errors, &part->slopes);
    memset(part->gradient, 0, course->layout.weights * sizeof *part->gradient);
    heal_gnn_pass_backward(part->pass, part->slopes.sick, part->slopes.kind, part->gradient);
    if (course->training->shape.kinds > 0)
        part->gradient[course->layout.normal] = (float)part->slopes.normal;
}

static void run_parts(struct course *course) {
    const struct heal_gnn_workers *workers = &course->training->workers;

    if (workers->run) {
        workers->run(workers->context, PARTS, work_part, course);
        return;
    }
    for (size_t i = 0; i < PARTS; i++)
        work_part(course, i);
}

static void learn_batch(struct course *course, struct heal_gnn_errors *errors) {
    float *gradient = course->part[0].gradient;
    size_t vertices = 0;

    run_parts(course);
    course->batches++;
    for (size_t i = 0; i < PARTS; i++) {
        add_errors(errors, &course->part[i].errors);
        vertices += course->part[i].errors.vertices;
        for (size_t w = 0; i > 0 && w < course->layout.weights; w++)
            gradient[w] += course->part[i].gradient[w];
    }
    if (vertices == 0)
        return;
    float share = 1 / (float)vertices;
    for (size_t w = 0; w < course->layout.weights; w++)
        gradient[w] *= share;
    heal_adamw_step(course->adamw, gradient, course->weights);
}

static bool goes_on(const struct course *course) {
    const struct heal_gnn_training *training = course->training;

    return !training->goes_on ||
           training->goes_on(training->context, (uint32_t)course->batches, batches_of(training));
}

static int learn_epoch(struct course *course, double *ret_error) {
    const struct heal_gnn_choice *learnt = &course->training->learnt;
    struct heal_gnn_errors errors = {0};
    size_t batch = course->training->recipe.batch;

    memcpy(course->order, learnt->sample, learnt->count * sizeof *course->order);
    heal_random_shuffle(&course->random, course->order, learnt->count);
    for (size_t at = 0; at < learnt->count; at += batch) {
        if (!goes_on(course))
            return -ECANCELED;
        course->sample = course->order + at;
        course->samples = learnt->count - at < batch ? learnt->count - at : batch;
        learn_batch(course, &errors);
    }
    *ret_error = heal_gnn_errors_mean(&course->training->recipe.balance, &errors);
    return 0;
}

/* As PyTorch begins: evenly, within one by the square root of a layer's inputs. A bias, which has one input,
 * lies right behind its weights. */
static void begin_weights(struct course *course) {
    for (unsigned t = 0; t < course->layout.tensors; t++) {
        const struct heal_gnn_tensor *tensor = &course->layout.tensor[t];
        unsigned inputs = tensor->inputs > 1 || t == 0 ? tensor->inputs : course->layout.tensor[t - 1].inputs;
        double most = 1 / sqrt(inputs);

        for (uint32_t w = 0; w < (uint32_t)tensor->inputs * tensor->outputs; w++)
            course->weights[tensor->at + w] = (float)(most * (2 * heal_random_uniform(&course->random) - 1));
    }
}

/* ---- how well it does on what it did not learn ---- */

/* By the first part, which has nothing to do meanwhile. */
static double validate(struct course *course) {
    const struct heal_gnn_choice *choice = &course->training->validated;
    struct heal_gnn_errors errors = {0};
    struct part *part = &course->part[0];

    for (size_t i = 0; i < choice->count; i++) {
        heal_gnn_batch_fill(&part->batch, &choice->sample[i], 1, NULL, NULL);
        heal_gnn_pass_forward(part->pass, &part->batch.graph, part->batch.input, course->weights, NULL);
        ask(course, part, &errors, NULL);
    }
    return heal_gnn_errors_mean(&course->training->recipe.balance, &errors);
}

/* Where the next sample's logits go. */
struct logits {
    unsigned kinds;
    float *sick, *kind; /* kind NULL: nobody asks */
};

static void copy_logits(void *context, const struct heal_gnn_pass *pass, uint32_t vertices) {
    struct logits *to = context;
    size_t kinds = (size_t)vertices * to->kinds;

    memcpy(to->sick, heal_gnn_pass_sick(pass), vertices * sizeof *to->sick);
    to->sick += vertices;
    if (!to->kind)
        return;
    memcpy(to->kind, heal_gnn_pass_kind(pass), kinds * sizeof *to->kind);
    to->kind += kinds;
}

int heal_gnn_predict_kinds(const struct heal_gnn_dataset *dataset, const struct heal_gnn_choice *choice,
                           const struct heal_gnn_shape *shape, const struct heal_gnn_scaling *scaling,
                           const float *weights, float *ret_logit, float *ret_kind) {
    struct logits logits = {.kinds = shape->kinds};

    logits.sick = ret_logit;
    logits.kind = ret_kind;
    return heal_gnn_walk(&(struct heal_gnn_walk){.dataset = dataset,
                                                 .choice = choice,
                                                 .shape = shape,
                                                 .scaling = scaling,
                                                 .weights = weights,
                                                 .look = copy_logits,
                                                 .context = &logits});
}

/* ---- the course ---- */

static int check_kinds(const struct heal_gnn_training *training, const struct heal_gnn_choice *choice,
                       struct heal_error *error) {
    if (training->recipe.balance.graph <= 0)
        return 0;
    for (size_t i = 0; i < choice->count; i++) {
        unsigned kind = heal_gnn_dataset_sample(training->dataset, choice->sample[i]).kind;

        if (kind > training->shape.kinds)
            return heal_error_set(error, -EINVAL, 0, 0, "a graph is of kind %u: the network has %u", kind,
                                  training->shape.kinds);
    }
    return 0;
}

static int check_labels(const struct heal_gnn_training *training, struct heal_error *error) {
    size_t count[HEAL_GNN_UNKNOWN + 1] = {0};

    for (size_t i = 0; i < training->learnt.count; i++) {
        struct heal_gnn_sample sample =
            heal_gnn_dataset_sample(training->dataset, training->learnt.sample[i]);

        for (uint32_t v = 0; v < sample.graph.vertices; v++)
            count[sample.label[v]]++;
    }
    if (count[HEAL_GNN_SICK] == 0 || count[HEAL_GNN_HEALTHY] == 0)
        return heal_error_set(error, -EINVAL, 0, 0,
                              "%zu sick and %zu healthy vertices: both are to be learnt from",
                              count[HEAL_GNN_SICK], count[HEAL_GNN_HEALTHY]);
    return 0;
}

static int check(const struct heal_gnn_training *training, struct heal_error *error) {
    const struct heal_gnn_recipe *recipe = &training->recipe;
    uint16_t inputs = heal_gnn_dataset_inputs(training->dataset);
    int r = heal_gnn_shape_check(&training->shape, error);

    if (r < 0)
        return r;
    if (training->shape.inputs != inputs)
        return heal_error_set(error, -EINVAL, 0, 0, "%u inputs: the data have %u", training->shape.inputs,
                              inputs);
    if (recipe->batch == 0 || recipe->epochs == 0)
        return heal_error_set(error, -EINVAL, 0, 0, "no epochs, or none to a batch");
    if (recipe->dropout_of_256 > 255 || recipe->omission.vertices_of_256 > 255 ||
        recipe->omission.features_of_256 > 255)
        return heal_error_set(error, -EINVAL, 0, 0, "left out: %u, %u and %u of 256: at most 255",
                              recipe->dropout_of_256, recipe->omission.vertices_of_256,
                              recipe->omission.features_of_256);
    r = check_labels(training, error);
    r = r < 0 ? r : check_kinds(training, &training->learnt, error);
    return r < 0 ? r : check_kinds(training, &training->validated, error);
}

static int begin_part(struct course *course, struct part *part) {
    const struct heal_gnn_training *training = course->training;
    size_t samples = training->recipe.batch / PARTS + 1;
    size_t vertices = heal_gnn_batch_vertices_max(training->dataset, samples);
    int r = heal_gnn_batch_init(&part->batch, training->dataset, &course->scaling, samples);

    part->pass = heal_gnn_pass_new(&training->shape, vertices);
    part->gradient = calloc(course->layout.weights, sizeof *part->gradient);
    part->slopes.sick = calloc(vertices + 1, sizeof *part->slopes.sick);
    part->slopes.kind = calloc(vertices * training->shape.kinds + 1, sizeof *part->slopes.kind);
    part->node = calloc(vertices + 1, sizeof *part->node);
    return r == 0 && part->pass && part->gradient && part->slopes.sick && part->slopes.kind && part->node
               ? 0
               : -ENOMEM;
}

static int begin(struct course *course) {
    const struct heal_gnn_training *training = course->training;
    int r = 0;

    heal_gnn_layout_make(&training->shape, &course->layout);
    heal_gnn_scaling_fit(training->dataset, training->learnt.sample, training->learnt.count,
                         &course->scaling);
    heal_random_init(&course->random, training->recipe.seed);
    course->weights = calloc(course->layout.weights, sizeof *course->weights);
    course->order = calloc(training->learnt.count, sizeof *course->order);
    course->best.weights = calloc(course->layout.weights, sizeof *course->best.weights);
    course->adamw = heal_adamw_new(&training->recipe.adamw, course->layout.weights, batches_of(training));
    for (size_t i = 0; i < PARTS && r == 0; i++)
        r = begin_part(course, &course->part[i]);
    if (course->weights)
        begin_weights(course);
    return r == 0 && course->weights && course->order && course->best.weights && course->adamw ? 0 : -ENOMEM;
}

static void end(struct course *course) {
    for (size_t i = 0; i < PARTS; i++) {
        heal_gnn_batch_deinit(&course->part[i].batch);
        heal_gnn_pass_free(course->part[i].pass);
        free(course->part[i].gradient);
        free(course->part[i].slopes.sick);
        free(course->part[i].slopes.kind);
        free(course->part[i].node);
    }
    free(course->weights);
    free(course->order);
    free(course->best.weights);
    heal_adamw_free(course->adamw);
}

static void look(struct course *course, unsigned epoch, double error) {
    const struct heal_gnn_training *training = course->training;
    struct best *best = &course->best;
    struct heal_gnn_progress progress = {
        .epoch = epoch, .epochs = training->recipe.epochs, .error = error, .validated = (double)NAN};

    if (training->validated.count > 0) {
        progress.validated = validate(course);
        if (best->epoch == 0 || progress.validated < best->error) {
            memcpy(best->weights, course->weights, course->layout.weights * sizeof *best->weights);
            best->error = progress.validated;
            best->epoch = epoch;
        }
    }
    progress.best = training->recipe.patience > 0 && best->epoch > 0 ? best->epoch : epoch;
    if (training->on_epoch)
        training->on_epoch(training->context, &progress);
}

static int learn(struct course *course) {
    const struct heal_gnn_recipe *recipe = &course->training->recipe;
    const struct best *best = &course->best;
    double error;

    for (unsigned epoch = 1; epoch <= recipe->epochs; epoch++) {
        if (recipe->patience > 0 && best->epoch > 0 && epoch - best->epoch > recipe->patience)
            break;
        int r = learn_epoch(course, &error);
        if (r < 0)
            return r;
        look(course, epoch, error);
    }
    if (best->epoch > 0 && recipe->patience > 0)
        memcpy(course->weights, best->weights, course->layout.weights * sizeof *best->weights);
    return 0;
}

int heal_gnn_train(const struct heal_gnn_training *training, struct heal_gnn_scaling *ret_scaling,
                   float *ret_weights, struct heal_error *error) {
    struct course course = {.training = training};
    int r = check(training, error);

    if (r < 0)
        return r;
    r = begin(&course);
    if (r == 0)
        r = learn(&course);
    if (r == 0) {
        *ret_scaling = course.scaling;
        memcpy(ret_weights, course.weights, course.layout.weights * sizeof *ret_weights);
    }
    end(&course);
    return r;
}
