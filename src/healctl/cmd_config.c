/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The verbs about configuration files. They ask no daemon. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "healctl/cmd.h"
#include "healctl/page.h"
#include "os/config_files.h"

static int show_text(const struct heal_call *call, const char *text) {
    if (!call->json) {
        fputs(text, call->out);
        return HEAL_EXIT_OK;
    }
    json_t *object = json_pack("{s:s}", "text", text);
    if (!object)
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "no memory");
    heal_page_json(call->out, object);
    json_decref(object);
    return HEAL_EXIT_OK;
}

static void say_error_json(const struct heal_call *call, const struct heal_config_error *error) {
    json_t *object = json_pack("{s:b, s:s, s:i, s:i, s:s}", "ok", 0, "file", error->file, "line",
                               error->error.line, "column", error->error.column, "what", error->error.what);

    if (object)
        heal_page_json(call->out, object);
    json_decref(object);
}

int heal_cmd_config_load(const struct heal_call *call, bool needed, struct heal_config *config) {
    const char *file = call->arguments ? call->argument[0] : needed ? HEAL_CONFIG_FILE : NULL;
    struct heal_config_beside beside;
    const struct heal_config_places places = heal_config_places_beside(file, &beside);
    struct heal_config_error error = {0};
    char text[600];

    if (heal_config_load(&places, config, &error) == 0)
        return HEAL_EXIT_OK;
    if (call->json)
        say_error_json(call, &error);
    else
        fprintf(call->err, "%s\n", heal_config_error_format(&error, text, sizeof text));
    return HEAL_EXIT_FAILED;
}

static int say_fine_json(const struct heal_call *call, const struct heal_config *config) {
    json_t *notes = json_array();

    for (size_t i = 0; heal_config_note(config, i); i++)
        json_array_append_new(notes, json_string(heal_config_note(config, i)));
    json_t *object = json_pack("{s:b, s:o}", "ok", 1, "notes", notes);
    if (!object)
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "no memory");
    heal_page_json(call->out, object);
    json_decref(object);
    return HEAL_EXIT_OK;
}

static int say_fine(const struct heal_call *call, const struct heal_config *config) {
    fprintf(call->out, "fine: node %s, mode %s, %u service%s\n", config->node,
            heal_mode_name(config->settings.mode), config->settings.services,
            config->settings.services == 1 ? "" : "s");
    for (size_t i = 0; heal_config_note(config, i); i++)
        fprintf(call->out, "note: %s\n", heal_config_note(config, i));
    return HEAL_EXIT_OK;
}

int heal_cmd_config_check(const struct heal_call *call) {
    HEAL_CLEANUP(heal_free_pointer) struct heal_config *config = calloc(1, sizeof *config);

    if (!config)
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "no memory");
    int r = heal_cmd_config_load(call, true, config);
    if (r != HEAL_EXIT_OK)
        return r;
    return call->json ? say_fine_json(call, config) : say_fine(call, config);
}

static int write_config(const struct heal_call *call, const struct heal_config *config,
                        enum heal_config_style style) {
    HEAL_CLEANUP(heal_free_pointer) char *text = malloc(HEAL_CONFIG_TEXT_MAX);

    if (!text || heal_config_write(config, style, text, HEAL_CONFIG_TEXT_MAX) < 0)
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "the configuration does not fit into memory");
    return show_text(call, text);
}

int heal_cmd_config_show(const struct heal_call *call) {
    HEAL_CLEANUP(heal_free_pointer) struct heal_config *config = calloc(1, sizeof *config);

    if (!config)
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "no memory");
    int r = heal_cmd_config_load(call, false, config);
    if (r != HEAL_EXIT_OK)
        return r;
    return write_config(call, config,
                        heal_call_option(call, "--origins") ? HEAL_CONFIG_ORIGINS : HEAL_CONFIG_PLAIN);
}

int heal_cmd_config_defaults(const struct heal_call *call) {
    HEAL_CLEANUP(heal_free_pointer) struct heal_config *config = calloc(1, sizeof *config);

    if (!config)
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "no memory");
    heal_config_init(config);
    return write_config(call, config, HEAL_CONFIG_EXPLAINED);
}

int heal_cmd_config_explain(const struct heal_call *call) {
    HEAL_CLEANUP(heal_free_pointer) char *text = malloc(HEAL_CONFIG_TEXT_MAX);
    struct heal_config_error error = {0};

    if (!text)
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "no memory");
    if (heal_config_explain(call->argument[0], text, HEAL_CONFIG_TEXT_MAX, &error) < 0)
        return heal_call_fail(call, HEAL_EXIT_USAGE, "%s", error.error.what);
    return show_text(call, text);
}
