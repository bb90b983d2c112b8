/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* `model train`: from labelled graphs to a model's file (docs/training.md). It asks no daemon. */
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <openssl/evp.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/amount.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/text.h"
#include "healctl/cmd.h"
#include "healctl/cmd_dataset.h"
#include "healctl/cmd_model_report.h"
#include "healctl/cmd_model_settings.h"
#include "os/file.h"
#include "os/model_file.h"
#include "training/model.h"

enum { BAR = 16, REDRAW_US = HEAL_US_PER_S / 10, HASH_TEXT = 65 };

/* A set with its name. */
struct named {
    const char *path, *name; /* name: without its folder, as it stands in reports and models */
    struct heal_dataset set;
};

/* A training under way. */
struct training {
    const struct heal_call *call;
    struct heal_course_settings settings;
    struct named train, test; /* test.path NULL: none */
    struct heal_course course;
    struct heal_comparison tried; /* on the test's set */
    bool terminal;
    sigset_t ends; /* signals that end it */
    bool interrupted;
    heal_us begun, drawn;
    struct heal_gnn_progress progress; /* of the last epoch */
    double train_s;
};

/* ---- what is asked for ---- */

static const char *const outs[] = {"--out", "--float", "--picture"};

/* @return an option before this one whose file would be the same; NULL: none. */
static const char *goes_over(const struct heal_call *call, const char *option) {
    const char *path = heal_call_option(call, option), *other;

    for (size_t i = 0; strcmp(outs[i], option) != 0; i++)
        if ((other = heal_call_option(call, outs[i])) && heal_file_is_same(path, other))
            return outs[i];
    return NULL;
}

/* Hours of work are not to end with a file that cannot be written, or to cost the set. */
static int check_out(const struct heal_call *call, const char *option) {
    const char *path = heal_call_option(call, option);
    const char *const set[] = {call->argument[0], heal_call_option(call, "--test")};
    char folder[PATH_MAX];
    struct stat status;

    if (!path)
        return HEAL_EXIT_OK;
    heal_name_copy(folder, sizeof folder, path);
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
        return heal_call_fail(call, HEAL_EXIT_USAGE, "%s is there, and is no regular file", path);
    for (size_t i = 0; i < HEAL_COUNT(set); i++)
        if (set[i] && heal_file_is_same(path, set[i]))
            return heal_call_fail(call, HEAL_EXIT_USAGE,
                                  "%s goes to %s, which is a set to learn from or to judge by", option, path);
    if (goes_over(call, option))
        return heal_call_fail(call, HEAL_EXIT_USAGE, "%s and %s both go to %s", goes_over(call, option),
                              option, path);
    if (access(dirname(folder), W_OK | X_OK) < 0)
        return heal_call_fail(call, HEAL_EXIT_FAILED, "%s: %s", path, strerror(errno));
    return HEAL_EXIT_OK;
}

static int check_outs(const struct heal_call *call) {
    int r = HEAL_EXIT_OK;

    if (!heal_call_option(call, "--out"))
        return heal_call_fail(call, HEAL_EXIT_USAGE, "--out says where the model goes");
    for (size_t i = 0; r == HEAL_EXIT_OK && i < HEAL_COUNT(outs); i++)
        r = check_out(call, outs[i]);
    return r;
}

/* The command, so that the model can be made anew; what has no part in its numbers is not in it. */
static void tell_command(const struct training *training, char *buffer, size_t size) {
    static const char *const aside[] = {"--out", "--float", "--threads", "--picture", "--test"};
    const struct heal_verb_option *option = training->call->verb->option;
    struct heal_text text;

    heal_text_init(&text, buffer, size);
    heal_text_add(&text, "healctl model train %s", training->train.name);
    for (size_t i = 0; option[i].name; i++) {
        bool told = training->call->option[i] != NULL;

        for (size_t k = 0; k < HEAL_COUNT(aside); k++)
            told = told && strcmp(option[i].name, aside[k]) != 0;
        if (told)
            heal_text_add(&text, " %s %s", option[i].name, training->call->option[i]);
    }
    if (training->test.path)
        heal_text_add(&text, " --test %s", training->test.name);
    if (training->train.set.made[0] != '\0')
        heal_text_add(&text, "; %s: %s", training->train.name, training->train.set.made);
}

/* ---- the sets ---- */

static int hash_file(const struct heal_call *call, const char *path, char ret_text[static HASH_TEXT]) {
    HEAL_CLEANUP(heal_free_pointer) char *bytes = NULL;
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    size_t length = 0;
    int r = heal_file_read(path, HEAL_DATASET_BYTES_MAX, &bytes, &length);

    if (r < 0)
        return heal_call_fail(call, HEAL_EXIT_FAILED, "%s: %s", path, strerror(-r));
    if (EVP_Digest(bytes, length, hash, &size, EVP_sha256(), NULL) != 1)
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "no SHA-256 here");
    for (unsigned i = 0; i < size && 2 * i + 2 < HASH_TEXT; i++)
        snprintf(ret_text + 2 * (size_t)i, 3, "%02x", hash[i]);
    return HEAL_EXIT_OK;
}

static int load(const struct heal_call *call, struct named *named) {
    const char *slash = strrchr(named->path, '/');

    named->name = slash ? slash + 1 : named->path;
    return heal_cmd_dataset_load(call, named->path, &named->set);
}

/* With the second head, what is wrong with a graph is one of its set's kinds, of which the first is that
 * nothing is. */
static int read_kinds(struct training *training) {
    const char *loss = heal_call_option(training->call, "--loss");
    const struct heal_dataset *set = &training->train.set;

    if (!loss || strcmp(loss, "multi") != 0)
        return HEAL_EXIT_OK;
    if (set->kinds < 2 || strcmp(set->kind[0], "normal") != 0)
        return heal_call_fail(training->call, HEAL_EXIT_FAILED,
                              "%s: --loss multi needs two kinds at least, the first of them normal, not %s",
                              training->train.path, set->kinds > 0 ? set->kind[0] : "none");
    training->settings.kinds = (uint16_t)(set->kinds - 1);
    training->settings.recipe.balance = (struct heal_gnn_balance){.vertex = 5, .node = 2.5F, .graph = 1};
    return HEAL_EXIT_OK;
}

static int load_sets(struct training *training) {
    const struct heal_dataset *set = &training->train.set;
    int r = load(training->call, &training->train);

    r = r != HEAL_EXIT_OK ? r : read_kinds(training);
    if (r != HEAL_EXIT_OK || !training->test.path)
        return r;
    r = load(training->call, &training->test);
    if (r != HEAL_EXIT_OK)
        return r;
    const struct heal_model_wants wants = {heal_gnn_dataset_features(set->graphs),
                                           heal_gnn_dataset_inputs(set->graphs), training->settings.kinds,
                                           set->kind + 1};
    return heal_cmd_model_check_set(training->call, &training->test.set, training->test.path, &wants);
}

/* ---- while it learns ---- */

static void draw_bar(struct training *training, uint32_t batch, uint32_t batches) {
    const struct heal_gnn_progress *progress = &training->progress;
    heal_us now = heal_clock_now();
    int filled = (int)((uint64_t)BAR * batch / (batches > 0 ? batches : 1));
    char left[HEAL_SPAN_MAX];

    if (now - training->drawn < REDRAW_US)
        return;
    training->drawn = now;
    fprintf(training->call->err, "\r[%.*s%.*s] %u/%u", filled, "################", BAR - filled,
            "----------------", progress->epoch + 1, training->settings.recipe.epochs);
    if (progress->epoch > 0)
        fprintf(training->call->err, ", error %.4f, validated %.4f, %s left", progress->error,
                progress->validated,
                heal_span_format((double)(now - training->begun) / 1e6 * (batches - batch) /
                                     (batch > 0 ? batch : 1),
                                 left));
    fputs("\033[K", training->call->err);
    fflush(training->call->err);
}

static bool goes_on(void *context, uint32_t batch, uint32_t batches) {
    static const struct timespec at_once = {0, 0};
    struct training *training = context;

    training->interrupted = sigtimedwait(&training->ends, NULL, &at_once) > 0;
    if (training->terminal)
        draw_bar(training, batch, batches);
    return !training->interrupted;
}

static void on_epoch(void *context, const struct heal_gnn_progress *progress) {
    struct training *training = context;

    training->progress = *progress;
    if (training->terminal)
        return;
    fprintf(training->call->err, "epoch %u of %u: error %.5f, validated %.5f\n", progress->epoch,
            progress->epochs, progress->error, progress->validated);
    fflush(training->call->err);
}

static int say_failed(const struct training *training, int r, const struct heal_error *error) {
    if (r == -ECANCELED)
        return heal_call_fail(training->call, HEAL_EXIT_FAILED,
                              "interrupted after %u of %u epochs; nothing was written",
                              training->progress.epoch, training->settings.recipe.epochs);
    if (r == -ENOMEM)
        return heal_call_fail(training->call, HEAL_EXIT_INTERNAL, "no memory");
    return heal_call_fail(training->call, HEAL_EXIT_FAILED, "%s: %s", training->train.path, error->what);
}

static int learn(struct training *training) {
    const struct heal_course_onlooker onlooker = {
        .on_epoch = on_epoch, .goes_on = goes_on, .context = training};
    struct heal_error error = {0};

    training->begun = heal_clock_now();
    int r = heal_course_take(training->train.set.graphs, &training->settings, &onlooker, &training->course,
                             &error);
    training->train_s = (double)(heal_clock_now() - training->begun) / 1e6;
    if (training->terminal)
        fputs("\r\033[K", training->call->err);
    return r < 0 ? say_failed(training, r, &error) : HEAL_EXIT_OK;
}

/* ---- what it gives ---- */

static int save(const struct training *training, const struct heal_weights *weights, const char *option) {
    const char *path = heal_call_option(training->call, option);
    struct heal_error error = {0};

    if (!path || heal_model_file_save(path, weights, &error) == 0)
        return HEAL_EXIT_OK;
    return heal_call_fail(training->call, HEAL_EXIT_FAILED, "%s: %s", path, error.what);
}

static int save_models(const struct training *training) {
    char made[HEAL_CARD_WORDS_MAX], data[HASH_TEXT] = "";
    struct heal_weights single, integer;
    struct heal_error error = {0};
    int r = hash_file(training->call, training->train.path, data);

    if (r != HEAL_EXIT_OK)
        return r;
    tell_command(training, made, sizeof made);
    const struct heal_course_origin origin = {.made = made,
                                              .data = data,
                                              .kept_set = &training->train.set,
                                              .test = training->test.path ? &training->tried : NULL};
    if (heal_course_models(&training->course, &origin, &single, &integer, &error) < 0)
        return heal_call_fail(training->call, HEAL_EXIT_FAILED, "%s", error.what);
    r = save(training, &integer, "--out");
    r = r != HEAL_EXIT_OK ? r : save(training, &single, "--float");
    heal_weights_deinit(&single);
    heal_weights_deinit(&integer);
    return r;
}

static int report(const struct training *training) {
    const char *out = heal_call_option(training->call, "--out");
    const struct heal_sheet sheet = {
        .title = out,
        .course = &training->course,
        .tried = {{"validation", &training->train.set, &training->course.kept},
                  {"test", &training->test.set, &training->tried}},
        .sets = training->test.path ? 2 : 1,
    };
    json_t *object = heal_report_course(&training->course);

    if (!object)
        return heal_call_fail(training->call, HEAL_EXIT_INTERNAL, "no memory");
    json_object_set_new(object, "model", json_string(out));
    json_object_set_new(object, "train_s", json_real(training->train_s));
    return heal_cmd_model_report(training->call, &sheet, object);
}

static int try_test(struct training *training) {
    const struct heal_asked asked = heal_course_asked(&training->course);

    if (!training->test.path || heal_comparison_ask(&asked, training->test.set.graphs,
                                                    training->course.threshold.logit, &training->tried) == 0)
        return HEAL_EXIT_OK;
    return heal_call_fail(training->call, HEAL_EXIT_INTERNAL, "no memory");
}

/* Signals wait until a batch is done: a file is there whole, or not at all, and why is said. */
static int train(struct training *training) {
    sigemptyset(&training->ends);
    sigaddset(&training->ends, SIGINT);
    sigaddset(&training->ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &training->ends, NULL);
    int r = learn(training);
    r = r != HEAL_EXIT_OK ? r : try_test(training);
    r = r != HEAL_EXIT_OK ? r : save_models(training);
    r = r != HEAL_EXIT_OK ? r : report(training);
    sigprocmask(SIG_UNBLOCK, &training->ends, NULL);
    heal_course_deinit(&training->course);
    return r;
}

int heal_cmd_model_train(const struct heal_call *call) {
    struct training training = {.call = call,
                                .terminal = isatty(fileno(call->err)) == 1,
                                .train.path = call->argument[0],
                                .test.path = heal_call_option(call, "--test")};
    int r = heal_cmd_model_settings(call, &training.settings);

    r = r != HEAL_EXIT_OK ? r : check_outs(call);
    r = r != HEAL_EXIT_OK ? r : load_sets(&training);
    r = r != HEAL_EXIT_OK ? r : train(&training);
    heal_dataset_deinit(&training.train.set);
    heal_dataset_deinit(&training.test.set);
    return r;
}
