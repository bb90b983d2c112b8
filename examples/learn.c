/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The network without the rest of heald: learns from labelled graphs, keeps the model in a file, reads it
 * again, and judges one vertex by its own features and its neighbours'.
 *
 *     learn FILE
 *
 * The graphs are rings of sensors that pass packets on. A sensor is sick when the next one on either side is
 * overloaded: nothing of its own shows that, so only who looks at the neighbours can tell. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <heal/model.h>

enum { SENSORS = 12, FEATURES = 2, GRAPHS = 160 };

static const struct heal_lesson_feature features[FEATURES] = {
    {"load",   false},
    {"uptime", true }
};

/* A number in [0, 1), the same on every machine. */
static float draw(uint64_t *state) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (float)(*state >> 40) / (float)(1 << 24);
}

/* One ring. @param truth is filled in with what is true of each sensor */
static void make_ring(uint64_t *random, float feature[SENSORS][FEATURES],
                      struct heal_model_edge edge[SENSORS], uint8_t truth[SENSORS]) {
    for (uint32_t v = 0; v < SENSORS; v++) {
        edge[v] = (struct heal_model_edge){v, (v + 1) % SENSORS};
        feature[v][0] = draw(random) < 0.15F ? 0.8F + 0.2F * draw(random) : 0.6F * draw(random);
        feature[v][1] =
            draw(random) < 0.1F ? NAN : 1e6F * draw(random); /* sometimes nobody has measured it */
    }
    for (uint32_t v = 0; v < SENSORS; v++)
        truth[v] = feature[(v + 1) % SENSORS][0] > 0.7F || feature[(v + SENSORS - 1) % SENSORS][0] > 0.7F
                       ? HEAL_LESSON_SICK
                       : HEAL_LESSON_HEALTHY;
}

static int learn(struct heal_model **ret_model, struct heal_error *error) {
    const struct heal_learning how = {.hidden = 16, .epochs = 40, .seed = 1};
    struct heal_lesson *lesson = heal_lesson_new(features, FEATURES);
    uint64_t random = 7;
    int r = lesson ? 0 : -ENOMEM;

    for (int i = 0; r == 0 && i < GRAPHS; i++) {
        float feature[SENSORS][FEATURES];
        struct heal_model_edge edge[SENSORS];
        uint8_t truth[SENSORS];

        make_ring(&random, feature, edge, truth);
        const struct heal_model_graph graph = {
            .vertices = SENSORS, .edges = SENSORS, .feature = &feature[0][0], .edge = edge, .truth = truth};
        r = heal_lesson_add(lesson, &graph, error);
    }
    if (r == 0)
        r = heal_lesson_learn(lesson, &how, ret_model, error);
    heal_lesson_free(lesson);
    return r;
}

static int save(const struct heal_model *model, const char *path) {
    uint8_t *bytes;
    size_t length;
    int r = heal_model_encode(model, &bytes, &length);

    if (r < 0)
        return r;
    FILE *file = fopen(path, "wb");
    bool written = file && fwrite(bytes, 1, length, file) == length;
    if ((file && fclose(file) != 0) || !written)
        r = -EIO;
    free(bytes);
    printf("kept %zu bytes\n", length);
    return r;
}

static int load(const char *path, struct heal_model **ret_model, struct heal_error *error) {
    static uint8_t bytes[1 << 16];
    FILE *file = fopen(path, "rb");

    if (!file)
        return -errno;
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    return heal_model_decode(bytes, length, ret_model, error);
}

/* A sensor between two others: of the whole ring, that is all that is known here. */
static int judge(const struct heal_model *model, const char *words, float left, float right,
                 struct heal_error *error) {
    const float feature[3][FEATURES] = {
        {0.3F,  5e5F}, /* the sensor itself: nothing unusual */
        {left,  2e5F},
        {right, NAN }
    };
    const struct heal_model_edge edge[2] = {
        {0, 1},
        {0, 2}
    };
    const struct heal_model_graph around = {
        .vertices = 3, .edges = 2, .feature = &feature[0][0], .edge = edge};
    struct heal_model_verdict verdict;
    int r = heal_model_judge(model, &around, 0, &verdict, error);

    if (r == 0)
        printf("%s: %s (logit %.2f)\n", words, verdict.sick ? "sick" : "healthy", (double)verdict.logit);
    return r;
}

int main(int argc, char **argv) {
    struct heal_model *model = NULL, *read = NULL;
    struct heal_error error = {0};

    if (argc != 2) {
        fprintf(stderr, "usage: learn FILE\n");
        return 64;
    }
    int r = learn(&model, &error);
    if (r == 0) {
        printf("learnt: F1 %.3f on rings that it has not seen\n", (double)heal_model_figure(model, "f1"));
        r = save(model, argv[1]);
    }
    r = r < 0 ? r : load(argv[1], &read, &error);
    r = r < 0 ? r : judge(read, "between two calm ones", 0.2F, 0.4F, &error);
    r = r < 0 ? r : judge(read, "beside an overloaded one", 0.2F, 0.95F, &error);
    if (r < 0)
        fprintf(stderr, "learn: %s%s%s\n", strerror(-r), error.what[0] ? ": " : "", error.what);
    heal_model_free(model);
    heal_model_free(read);
    return r < 0 ? 1 : 0;
}
