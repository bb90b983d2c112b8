/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/replay.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "gnn/model.h"
#include "heald/recorder.h"
#include "heald/slots.h"
#include "heald/trace.h"
#include "os/model_file.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

/* What a line is read as. */
enum place {
    PLACE_START,     /* before the head */
    PLACE_BEGIN,     /* settings of a new engine, or of a part that goes on */
    PLACE_CONFIGURE, /* settings for the engine that is there */
    PLACE_EVENTS,
};

struct heald_replay {
    FILE *trace;
    struct heal_engine *engine;
    struct heald_slots slots;
    struct heald_replay_report report;
    enum place place;
    unsigned part;
    uint64_t seed;
    char node[HEAL_NAME_MAX];
    char hash[HEALD_SETTINGS_HASH_TEXT]; /* of the settings that are being read */
    size_t settings_length;
    struct heal_event event;
    struct heal_output output;
    char settings[HEAL_CONFIG_TEXT_MAX];
    char line[HEAL_EVENT_LINE_MAX];
};

int heald_replay_new(FILE *trace, struct heald_replay **ret_replay) {
    struct heald_replay *replay = calloc(1, sizeof *replay);

    if (!replay)
        return -ENOMEM;
    replay->trace = trace;
    *ret_replay = replay;
    return 0;
}

struct heald_replay *heald_replay_free(struct heald_replay *replay) {
    if (!replay)
        return NULL;
    heal_engine_free(replay->engine);
    heald_slots_close(&replay->slots);
    free(replay);
    return NULL;
}

void heald_replay_report(const struct heald_replay *replay, struct heald_replay_report *ret_report) {
    *ret_report = replay->report;
}

/* @return whether @p word is "NAME=", with what follows in @p ret_value. */
static bool is_field(const char *word, const char *name, const char **ret_value) {
    size_t length = strlen(name);

    if (strncmp(word, name, length) != 0 || word[length] != '=')
        return false;
    *ret_value = word + length + 1;
    return true;
}

static bool read_seed(const char *text, uint64_t *ret_seed) {
    char *end;

    errno = 0;
    *ret_seed = strtoull(text, &end, 16);
    return errno == 0 && end != text && *end == '\0' && *text != '-';
}

static int read_begin(struct heald_replay *replay, char *words, struct heal_error *error) {
    char node[HEAL_NAME_MAX] = "", *rest = NULL;
    const char *value;
    unsigned part = 0;
    bool seeded = false;

    for (char *word = strtok_r(words, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        if (is_field(word, "node", &value))
            heal_name_copy(node, sizeof node, value);
        else if (is_field(word, "seed", &value))
            seeded = read_seed(value, &replay->seed);
        else if (is_field(word, "part", &value))
            part = (unsigned)strtoul(value, NULL, 10);
        else if (is_field(word, "sha256", &value))
            heal_name_copy(replay->hash, sizeof replay->hash, value);
    }
    if (node[0] == '\0' || !seeded || part == 0)
        return heal_error_set(error, -EINVAL, 0, 0, "the head names no node, no seed or no part");
    if (part != replay->part + 1)
        return heal_error_set(error, -EINVAL, 0, 0, "this is part %u of a log; part %u is missing", part,
                              replay->part + 1);
    heal_name_copy(replay->node, sizeof replay->node, node);
    replay->part = part;
    replay->report.parts = part;
    replay->place = PLACE_BEGIN;
    return 0;
}

static int read_configure(struct heald_replay *replay, char *words, struct heal_error *error) {
    const char *value;

    if (replay->place != PLACE_EVENTS || !is_field(words, "sha256", &value))
        return heal_error_set(error, -EINVAL, 0, 0, "new settings at a wrong place, or without their hash");
    heal_name_copy(replay->hash, sizeof replay->hash, value);
    replay->place = PLACE_CONFIGURE;
    return 0;
}

/* The settings are complete: the engine is made, or takes them. */
static int read_run(struct heald_replay *replay, struct heal_error *error) {
    struct heal_config_error place = {0};
    char hash[HEALD_SETTINGS_HASH_TEXT];
    int r = heald_settings_hash(replay->settings, replay->settings_length, hash);

    if (r < 0)
        return heal_error_set(error, r, 0, 0, "no SHA-256");
    if (replay->place != PLACE_BEGIN && replay->place != PLACE_CONFIGURE)
        return heal_error_set(error, -EINVAL, 0, 0, "`run` without settings before it");
    if (strcmp(hash, replay->hash) != 0)
        return heal_error_set(error, -EINVAL, 0, 0, "the settings above are not those that were recorded");
    HEAL_CLEANUP(heal_free_pointer) struct heal_settings *settings = malloc(sizeof *settings);
    if (!settings)
        return heal_error_set(error, -ENOMEM, 0, 0, "no memory");
    r = heald_settings_parse(replay->settings, replay->settings_length, settings, &place);
    if (r < 0)
        return heal_error_set(error, r, 0, 0, "the settings above, line %d: %.120s", place.error.line,
                              place.error.what);
    if (replay->place == PLACE_CONFIGURE)
        heal_engine_configure(replay->engine, settings);
    else if (!replay->engine)
        r = heal_engine_new(replay->node, settings, replay->seed, &replay->engine);
    replay->slots.engine = replay->engine;
    replay->settings_length = 0;
    replay->place = PLACE_EVENTS;
    return r < 0 ? heal_error_set(error, r, 0, 0, "no engine: %s", strerror(-r)) : 0;
}

/* A model that the log names; without its file, or with another in its place, the decisions would be others.
 */
static int load_model(const char *path, uint64_t id, struct heal_gnn_model **ret_model,
                      struct heal_error *error) {
    struct heal_gnn_model *model = calloc(1, sizeof *model);
    struct heal_error why = {0};
    int r = model ? heal_model_file_read(path, heal_feature_names, HEAL_FEATURES, model, &why) : -ENOMEM;

    if (r == 0 && model->id == id) {
        *ret_model = model;
        return 0;
    }
    free(model);
    return heal_error_set(error, -EINVAL, 0, 0, "the model %016llx is needed, and %.120s is not it: %.60s",
                          (unsigned long long)id, path, r < 0 ? why.what : "it is another");
}

static int read_network(struct heald_replay *replay, char *words, struct heal_error *error) {
    char slot[HEAL_NAME_MAX], id[HEAL_NAME_MAX];
    struct heal_gnn_model *model = NULL;
    int at = 0, place = -1;
    uint64_t number = 0;

    if (replay->place == PLACE_EVENTS && sscanf(words, "slot=%31s id=%31s path=%n", slot, id, &at) == 2)
        for (int i = 0; i < HEAL_SLOTS; i++)
            place = strcmp(slot, heal_slot_names[i]) == 0 ? i : place;
    if (place < 0 || at == 0 || !read_seed(id, &number))
        return heal_error_set(error, -EINVAL, 0, 0, "a network's model at a wrong place, or without its id");
    int r = number != 0 ? load_model(words + at, number, &model, error) : 0;
    return r < 0 ? r : heald_slots_give(&replay->slots, (enum heal_slot)place, model, error);
}

static int read_mark(struct heald_replay *replay, char *words, struct heal_error *error) {
    if (strncmp(words, "network ", 8) == 0)
        return read_network(replay, words + 8, error);
    if (strncmp(words, "begin ", 6) == 0)
        return read_begin(replay, words + 6, error);
    if (strncmp(words, "configure ", 10) == 0)
        return read_configure(replay, words + 10, error);
    if (strcmp(words, "run") == 0)
        return read_run(replay, error);
    return heal_error_set(error, -EINVAL, 0, 4, "\"%.40s\" is no mark of an event log", words);
}

static int read_settings(struct heald_replay *replay, const char *text, struct heal_error *error) {
    size_t room = sizeof replay->settings - replay->settings_length;
    int length = snprintf(replay->settings + replay->settings_length, room, "%s\n", text);

    if (length < 0 || (size_t)length >= room)
        return heal_error_set(error, -EINVAL, 0, 0, "the settings are too long");
    replay->settings_length += (size_t)length;
    return 0;
}

static int read_event(struct heald_replay *replay, const char *line, struct heal_error *error) {
    heal_us now;
    int r = heal_event_parse(line, strlen(line), &now, &replay->event, error);

    if (r == 1)
        return 0;
    if (r < 0)
        return r;
    if (replay->place != PLACE_EVENTS)
        return heal_error_set(error, -EINVAL, 0, 0,
                              "an event before the head: not a log that heald recorded");
    heal_engine_step(replay->engine, now, &replay->event, &replay->output);
    (void)heald_slots_follow(&replay->slots);
    heald_trace_write(replay->trace, &replay->output);
    replay->report.events++;
    replay->report.decisions += replay->output.decisions;
    return 0;
}

static int read_line(struct heald_replay *replay, char *line, struct heal_error *error) {
    if (strncmp(line, "#@ ", 3) == 0)
        return read_mark(replay, line + 3, error);
    if (strncmp(line, "#| ", 3) == 0)
        return read_settings(replay, line + 3, error);
    return read_event(replay, line, error);
}

/* @return 0; 1 at the end; or -EINVAL for a line that is too long. A last line without its end was cut. */
static int next_line(struct heald_replay *replay, FILE *log, struct heal_error *error) {
    if (!fgets(replay->line, sizeof replay->line, log))
        return ferror(log) ? heal_error_set(error, -EIO, 0, 0, "%s", strerror(errno)) : 1;
    size_t length = strlen(replay->line);
    if (length > 0 && replay->line[length - 1] == '\n') {
        replay->line[length - 1] = '\0';
        return 0;
    }
    if (feof(log)) {
        replay->report.cut = true;
        return 1;
    }
    if (length + 1 < sizeof replay->line)
        return heal_error_set(error, -EINVAL, 0, (int)length + 1, "a zero byte");
    return heal_error_set(error, -EINVAL, 0, (int)length, "the line is too long");
}

int heald_replay_part(struct heald_replay *replay, FILE *log, const char *name,
                      struct heal_config_error *error) {
    struct heal_error *where = &error->error;
    int r = 0, number = 0;

    heal_name_copy(error->file, sizeof error->file, name);
    replay->place = PLACE_START;
    replay->settings_length = 0;
    while (r == 0) {
        number++;
        r = next_line(replay, log, where);
        if (r == 0)
            r = read_line(replay, replay->line, where);
    }
    if (r == 1 && replay->place != PLACE_EVENTS)
        r = heal_error_set(where, -EINVAL, 0, 0, "the head is missing or not whole");
    if (r < 0 && r != -EIO) {
        where->line = number;
        where->column = where->column > 0 ? where->column : 1; /* all of the line is meant */
    }
    return r < 0 ? r : 0;
}

static int replay_named(struct heald_replay *replay, const char *name, struct heal_config_error *error) {
    FILE *log = fopen(name, "re");
    int r = log ? 0 : -errno;

    if (!log) {
        heal_name_copy(error->file, sizeof error->file, name);
        return heal_error_set(&error->error, r, 0, 0, "%s", strerror(-r));
    }
    r = heald_replay_part(replay, log, name, error);
    fclose(log);
    return r;
}

int heald_replay_file(const char *path, FILE *trace, struct heald_replay_report *ret_report,
                      struct heal_config_error *error) {
    struct heald_replay *replay = NULL;
    char part[HEAL_CONFIG_PATH_MAX + 16];
    int r = heald_replay_new(trace, &replay);

    if (r < 0)
        return heal_error_set(&error->error, r, 0, 0, "no memory");
    for (unsigned number = 1; r == 0; number++) {
        snprintf(part, sizeof part, "%.255s.%u", path, number);
        if (access(part, F_OK) < 0)
            break;
        r = replay_named(replay, part, error);
    }
    if (r == 0)
        r = replay_named(replay, path, error);
    if (r == 0)
        heald_replay_report(replay, ret_report);
    heald_replay_free(replay);
    return r;
}
