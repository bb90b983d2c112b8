/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/network.h"

#include "base/text.h"
#include "gnn/model.h"
#include "os/model_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double seconds_now(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void time_tick(void *context, bool begins) {
    struct heald_network *network = context;

    if (begins) {
        network->begun = seconds_now();
        return;
    }
    network->ticks++;
    network->seconds += seconds_now() - network->begun;
}

/* That no model is installed is no fault; that one which was wanted is not there is one. */
static bool is_merely_absent(const char *path, int code) {
    return code == -ENOENT && strcmp(path, HEAL_CONFIG_MODEL_DEFAULT) == 0;
}

static void say(struct heald_network *network) {
    const struct heal_gnn_model *active = network->slots.model[HEAL_SLOT_ACTIVE];

    if (active)
        heald_parts_say(network->parts, HEALD_PART_NETWORK, true, "model %016llx from %.120s",
                        (unsigned long long)active->id, network->path[HEAL_SLOT_ACTIVE]);
    else
        heald_parts_unwanted(network->parts, HEALD_PART_NETWORK, "no model: the thresholds judge alone");
}

static void complain(struct heald_network *network, enum heal_slot slot, const char *path,
                     const struct heal_error *error) {
    char words[HEAL_MODEL_ERROR_TEXT];

    heal_model_error_format(path, error, words);
    heald_parts_say(network->parts, HEALD_PART_NETWORK, false, "%s: %.200s; %s", heal_slot_names[slot], words,
                    network->slots.model[HEAL_SLOT_ACTIVE] ? "the one before goes on"
                                                           : "the thresholds judge alone");
}

static int read_file(const char *path, struct heal_gnn_model **ret_model, struct heal_error *error) {
    struct heal_gnn_model *model = calloc(1, sizeof *model);
    int r = model ? heal_model_file_read(path, heal_feature_names, HEAL_FEATURES, model, error)
                  : heal_error_set(error, -ENOMEM, 0, 0, "no memory");

    if (r < 0)
        free(model);
    else
        *ret_model = model;
    return r;
}

/* @param take_model NULL: none @return as heald_slots_give. */
static int give(struct heald_network *network, enum heal_slot slot, struct heal_gnn_model *take_model,
                const char *path, struct heal_error *error) {
    uint64_t id = take_model ? take_model->id : 0;
    int r = heald_slots_give(&network->slots, slot, take_model, error);

    if (r < 0)
        return r;
    heal_name_copy(network->path[slot], sizeof network->path[slot], path);
    (void)heald_recorder_network(network->recorder, slot, id, path);
    return 0;
}

/* @return 1 where it is another model than before, 0 where it is the same, or a negative errno. */
static int load(struct heald_network *network, enum heal_slot slot, const char *path,
                struct heal_error *error) {
    const struct heal_gnn_model *before = network->slots.model[slot];
    struct heal_gnn_model *model = NULL;
    int r = path[0] != '\0' ? read_file(path, &model, error) : 0;

    if (r < 0)
        return r;
    if (before && model && before->id == model->id) {
        free(model);
        heal_name_copy(network->path[slot], sizeof network->path[slot], path);
        return 0;
    }
    if (!before && !model)
        return 0;
    r = give(network, slot, model, path, error);
    return r < 0 ? r : 1;
}

/* Loads the active model: that which was chosen, or the configuration's. */
static bool load_active(struct heald_network *network) {
    uint64_t chosen = network->chosen.id[HEAL_SLOT_ACTIVE];
    char path[HEALD_CHOSEN_PATH_MAX];
    struct heal_error error = {0};

    if (chosen != 0)
        heald_chosen_path(network->folder, chosen, path);
    else
        heal_name_copy(path, sizeof path, network->configured);
    int r = load(network, HEAL_SLOT_ACTIVE, path, &error);
    if (is_merely_absent(path, r))
        r = load(network, HEAL_SLOT_ACTIVE, "", &error);
    if (r < 0)
        complain(network, HEAL_SLOT_ACTIVE, path, &error);
    else
        say(network);
    return r == 1;
}

static void load_shadow(struct heald_network *network) {
    char path[HEALD_CHOSEN_PATH_MAX];
    struct heal_error error = {0};

    if (network->chosen.id[HEAL_SLOT_SHADOW] == 0)
        return;
    heald_chosen_path(network->folder, network->chosen.id[HEAL_SLOT_SHADOW], path);
    if (load(network, HEAL_SLOT_SHADOW, path, &error) < 0)
        complain(network, HEAL_SLOT_SHADOW, path, &error);
}

/* The configuration has the word where it names another file than when the active one was chosen. */
static void take_configuration(struct heald_network *network, const struct heal_config *config) {
    heal_name_copy(network->configured, sizeof network->configured, config->detector_model);
    if (strcmp(network->chosen.configured, network->configured) != 0)
        network->chosen.id[HEAL_SLOT_ACTIVE] = 0;
}

void heald_network_open(struct heald_network *network, const struct heal_config *config) {
    heal_engine_time_networks(network->slots.engine, time_tick, network);
    heal_name_copy(network->folder, sizeof network->folder, config->state);
    heald_chosen_read(network->store, &network->chosen);
    take_configuration(network, config);
    (void)load_active(network);
    load_shadow(network);
}

void heald_network_close(struct heald_network *network) {
    heald_slots_close(&network->slots);
}

bool heald_network_reload(struct heald_network *network, const struct heal_config *config) {
    heald_network_follow(network);
    take_configuration(network, config);
    return load_active(network);
}

static int keep(struct heald_network *network, struct heal_error *error) {
    int r = heald_chosen_put(network->store, &network->chosen);

    if (r < 0)
        return heal_error_set(error, r, 0, 0, "it cannot be kept: %s", strerror(-r));
    return 0;
}

/* First the file, then the record that speaks of it. */
static int take_bytes(struct heald_network *network, const char *bytes, size_t length,
                      struct heal_error *error) {
    char path[HEALD_CHOSEN_PATH_MAX];
    struct heal_gnn_model *model = calloc(1, sizeof *model);
    int r = model ? heal_model_bytes_read(bytes, length, heal_feature_names, HEAL_FEATURES, model, error)
                  : heal_error_set(error, -ENOMEM, 0, 0, "no memory");

    if (r < 0) {
        free(model);
        return r;
    }
    uint64_t id = model->id;
    heald_chosen_path(network->folder, id, path);
    r = heald_chosen_write(network->folder, id, bytes, length);
    if (r < 0) {
        free(model);
        return heal_error_set(error, r, 0, 0, "%s: %s", path, strerror(-r));
    }
    r = give(network, HEAL_SLOT_SHADOW, model, path, error);
    if (r == 0)
        network->chosen.id[HEAL_SLOT_SHADOW] = id;
    return r;
}

int heald_network_shadow(struct heald_network *network, const char *bytes, size_t length,
                         struct heal_error *error) {
    heald_network_follow(network);
    if (!network->store)
        return heal_error_set(error, -EROFS, 0, 0, "a dry run keeps no model");
    int r =
        bytes ? take_bytes(network, bytes, length, error) : give(network, HEAL_SLOT_SHADOW, NULL, "", error);
    if (r < 0)
        return r;
    if (!bytes)
        network->chosen.id[HEAL_SLOT_SHADOW] = 0;
    return keep(network, error);
}

void heald_network_follow(struct heald_network *network) {
    struct heal_error error = {0};

    if (!heald_slots_follow(&network->slots))
        return;
    network->chosen.id[HEAL_SLOT_ACTIVE] = network->chosen.id[HEAL_SLOT_SHADOW];
    network->chosen.id[HEAL_SLOT_SHADOW] = 0;
    heal_name_copy(network->chosen.configured, sizeof network->chosen.configured, network->configured);
    memcpy(network->path[HEAL_SLOT_ACTIVE], network->path[HEAL_SLOT_SHADOW],
           sizeof network->path[HEAL_SLOT_ACTIVE]);
    network->path[HEAL_SLOT_SHADOW][0] = '\0';
    say(network);
    if (keep(network, &error) < 0)
        heald_parts_say(network->parts, HEALD_PART_NETWORK, false, "%.150s", error.what);
}

void heald_network_tidy(const struct heald_network *network) {
    heald_chosen_tidy(network->folder, &network->chosen);
}
