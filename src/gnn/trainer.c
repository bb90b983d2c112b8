/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "gnn/trainer.h"

#include "gnn/pass.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PARTS = 4 /* of a batch, whoever works on them */ };

const struct heal_gnn_recipe heal_gnn_recipe_default = {
    .adamw = {.rate = 6e-3F, .warm_up = 0.2F, .weight_decay = 1e-4F, .norm_max = 1},
    .loss.sick_weight = 1,
    .omission.vertices_of_256 = 38,
    .dropout_of_256 = 26,
    .epochs = 50,
    .batch = 32,
};

/* What works on one part of every batch. */
struct part {
    struct heal_gnn_batch batch;
    struct heal_gnn_pass *pass;
    float *gradient, *slope;
    double error;
    size_t count; /* vertices whose label is known */
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
    float *logit;    /* of the samples validated */
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

static void learn_labels(const struct heal_gnn_loss *loss, struct part *part) {
    const float *logit = heal_gnn_pass_sick(part->pass);

    part->error = 0;
    part->count = 0;
    for (uint32_t v = 0; v < part->batch.graph.vertices; v++) {
        part->slope[v] = 0;
        if (part->batch.label[v] == HEAL_GNN_UNKNOWN)
            continue;
        part->error +=
            heal_gnn_loss_of(loss, logit[v], part->batch.label[v] == HEAL_GNN_SICK, &part->slope[v]);
        part->count++;
    }
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
    learn_labels(&recipe->loss, part);
    memset(part->gradient, 0, course->layout.weights * sizeof *part->gradient);
    heal_gnn_pass_backward(part->pass, part->slope, NULL, part->gradient);
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

static void learn_batch(struct course *course, double *error, size_t *count) {
    float *gradient = course->part[0].gradient;
    size_t vertices = 0;

    run_parts(course);
    course->batches++;
    for (size_t i = 0; i < PARTS; i++) {
        *error += course->part[i].error;
        vertices += course->part[i].count;
        for (size_t w = 0; i > 0 && w < course->layout.weights; w++)
            gradient[w] += course->part[i].gradient[w];
    }
    *count += vertices;
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
    size_t batch = course->training->recipe.batch, count = 0;
    double error = 0;

    memcpy(course->order, learnt->sample, learnt->count * sizeof *course->order);
    heal_random_shuffle(&course->random, course->order, learnt->count);
    for (size_t at = 0; at < learnt->count; at += batch) {
        if (!goes_on(course))
            return -ECANCELED;
        course->sample = course->order + at;
        course->samples = learnt->count - at < batch ? learnt->count - at : batch;
        learn_batch(course, &error, &count);
    }
    *ret_error = count > 0 ? error / (double)count : 0;
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

static int validate(const struct course *course, double *ret_error) {
    const struct heal_gnn_training *training = course->training;
    const struct heal_gnn_choice *choice = &training->validated;
    const float *logit = course->logit;
    size_t count = 0;
    double error = 0;
    int r = heal_gnn_predict(training->dataset, choice, &training->shape, &course->scaling, course->weights,
                             course->logit);

    if (r < 0)
        return r;
    for (size_t i = 0; i < choice->count; i++) {
        struct heal_gnn_sample sample = heal_gnn_dataset_sample(training->dataset, choice->sample[i]);

        for (uint32_t v = 0; v < sample.graph.vertices; v++, logit++) {
            if (sample.label[v] == HEAL_GNN_UNKNOWN)
                continue;
            error += heal_gnn_loss_of(&training->recipe.loss, *logit, sample.label[v] == HEAL_GNN_SICK, NULL);
            count++;
        }
    }
    *ret_error = count > 0 ? error / (double)count : 0;
    return 0;
}

int heal_gnn_predict(const struct heal_gnn_dataset *dataset, const struct heal_gnn_choice *choice,
                     const struct heal_gnn_shape *shape, const struct heal_gnn_scaling *scaling,
                     const float *weights, float *ret_logit) {
    struct heal_gnn_batch batch;
    struct heal_gnn_pass *pass = heal_gnn_pass_new(shape, heal_gnn_batch_vertices_max(dataset, 1));
    int r = heal_gnn_batch_init(&batch, dataset, scaling, 1);

    if (r == 0 && !pass)
        r = -ENOMEM;
    for (size_t i = 0; r == 0 && i < choice->count; i++) {
        heal_gnn_batch_fill(&batch, &choice->sample[i], 1, NULL, NULL);
        heal_gnn_pass_forward(pass, &batch.graph, batch.input, weights, NULL);
        memcpy(ret_logit, heal_gnn_pass_sick(pass), batch.graph.vertices * sizeof *ret_logit);
        ret_logit += batch.graph.vertices;
    }
    heal_gnn_batch_deinit(&batch);
    heal_gnn_pass_free(pass);
    return r;
}

/* ---- the course ---- */

static int check(const struct heal_gnn_training *training, struct heal_error *error) {
    const struct heal_gnn_recipe *recipe = &training->recipe;
    size_t count[HEAL_GNN_UNKNOWN + 1] = {0};
    uint16_t inputs = heal_gnn_dataset_inputs(training->dataset);
    int r = heal_gnn_shape_check(&training->shape, error);

    if (r < 0)
        return r;
    if (training->shape.inputs != inputs)
        return heal_error_set(error, -EINVAL, 0, 0, "%u inputs: the data have %u", training->shape.inputs,
                              inputs);
    for (size_t i = 0; i < training->learnt.count; i++) {
        struct heal_gnn_sample sample =
            heal_gnn_dataset_sample(training->dataset, training->learnt.sample[i]);

        for (uint32_t v = 0; v < sample.graph.vertices; v++)
            count[sample.label[v]]++;
    }
    if (recipe->batch == 0 || recipe->epochs == 0)
        return heal_error_set(error, -EINVAL, 0, 0, "no epochs, or none to a batch");
    if (recipe->dropout_of_256 > 255 || recipe->omission.vertices_of_256 > 255 ||
        recipe->omission.features_of_256 > 255)
        return heal_error_set(error, -EINVAL, 0, 0, "left out: %u, %u and %u of 256: at most 255",
                              recipe->dropout_of_256, recipe->omission.vertices_of_256,
                              recipe->omission.features_of_256);
    if (count[HEAL_GNN_SICK] == 0 || count[HEAL_GNN_HEALTHY] == 0)
        return heal_error_set(error, -EINVAL, 0, 0,
                              "%zu sick and %zu healthy vertices: both are to be learnt from",
                              count[HEAL_GNN_SICK], count[HEAL_GNN_HEALTHY]);
    return 0;
}

static int begin_part(struct course *course, struct part *part) {
    const struct heal_gnn_training *training = course->training;
    size_t samples = training->recipe.batch / PARTS + 1;
    size_t vertices = heal_gnn_batch_vertices_max(training->dataset, samples);
    int r = heal_gnn_batch_init(&part->batch, training->dataset, &course->scaling, samples);

    part->pass = heal_gnn_pass_new(&training->shape, vertices);
    part->gradient = calloc(course->layout.weights, sizeof *part->gradient);
    part->slope = calloc(vertices + 1, sizeof *part->slope);
    return r == 0 && part->pass && part->gradient && part->slope ? 0 : -ENOMEM;
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
    course->logit = calloc(heal_gnn_batch_vertices_max(training->dataset, training->validated.count) + 1,
                           sizeof *course->logit);
    course->adamw = heal_adamw_new(&training->recipe.adamw, course->layout.weights, batches_of(training));
    for (size_t i = 0; i < PARTS && r == 0; i++)
        r = begin_part(course, &course->part[i]);
    if (course->weights)
        begin_weights(course);
    return r == 0 && course->weights && course->order && course->best.weights && course->logit &&
                   course->adamw
               ? 0
               : -ENOMEM;
}

static void end(struct course *course) {
    for (size_t i = 0; i < PARTS; i++) {
        heal_gnn_batch_deinit(&course->part[i].batch);
        heal_gnn_pass_free(course->part[i].pass);
        free(course->part[i].gradient);
        free(course->part[i].slope);
    }
    free(course->weights);
    free(course->order);
    free(course->logit);
    free(course->best.weights);
    heal_adamw_free(course->adamw);
}

static int look(struct course *course, unsigned epoch, double error) {
    const struct heal_gnn_training *training = course->training;
    struct best *best = &course->best;
    struct heal_gnn_progress progress = {
        .epoch = epoch, .epochs = training->recipe.epochs, .error = error, .validated = (double)NAN};

    if (training->validated.count > 0) {
        int r = validate(course, &progress.validated);

        if (r < 0)
            return r;
        if (epoch == 1 || progress.validated < best->error) {
            memcpy(best->weights, course->weights, course->layout.weights * sizeof *best->weights);
            best->error = progress.validated;
            best->epoch = epoch;
        }
    }
    if (training->on_epoch)
        training->on_epoch(training->context, &progress);
    return 0;
}

static int learn(struct course *course) {
    const struct heal_gnn_recipe *recipe = &course->training->recipe;
    const struct best *best = &course->best;
    double error;
    int r = 0;

    for (unsigned epoch = 1; r == 0 && epoch <= recipe->epochs; epoch++) {
        if (recipe->patience > 0 && best->epoch > 0 && epoch - best->epoch > recipe->patience)
            break;
        r = learn_epoch(course, &error);
        r = r < 0 ? r : look(course, epoch, error);
    }
    if (r == 0 && best->epoch > 0 && recipe->patience > 0)
        memcpy(course->weights, best->weights, course->layout.weights * sizeof *best->weights);
    return r;
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
