/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* A mesh in virtual time: scripts are gone through, and what came of it is shown. */
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "healctl/cmd.h"
#include "healctl/draw.h"
#include "healctl/page.h"
#include "os/file.h"
#include "scenario/scenario.h"

enum { SCRIPT_MAX = 1 << 20, GRAPH_MAX = 64 << 20 };

struct run {
    const struct heal_call *call;
    uint64_t seed;
    struct heal_settings settings;
    json_t *scripts;              /* with --json: what came of each */
    json_t *incidents;            /* of the one under way */
    struct heal_picture *picture; /* with --html */
    int drawing;                  /* what became of it so far: 0 or -ENOMEM */
};

/* ---- what is read ---- */

static char *read_stream(FILE *stream, size_t *ret_length) {
    char *text = NULL;
    size_t room = 0;
    *ret_length = 0;
    for (;;) {
        if (room - *ret_length < 2) {
            char *larger = room < SCRIPT_MAX ? realloc(text, room = room ? 2 * room : 4096) : NULL;
            if (!larger) {
                free(text);
                return NULL;
            }
            text = larger;
        }
        size_t got = fread(text + *ret_length, 1, room - *ret_length - 1, stream);
        if (got == 0)
            break;
        *ret_length += got;
    }
    text[*ret_length] = '\0';
    return text;
}

/* A script may name a graph by where it lies beside itself. */
static char *load_graph(const char *script, const char *file, size_t *ret_length) {
    char path[4096];
    struct heal_text text;
    char *graph = NULL;
    const char *slash = strrchr(script, '/');
    int folder = file[0] != '/' && slash ? (int)(slash - script) + 1 : 0;
    heal_text_init(&text, path, sizeof path);
    heal_text_add(&text, "%.*s%s", folder, script, file);
    return !text.cut && heal_file_read(path, GRAPH_MAX, &graph, ret_length) == 0 ? graph : NULL;
}

/* ---- what is shown ---- */

static void trace(void *context, const struct heal_sim *sim, unsigned node,
                  const struct heal_decision *decision) {
    const struct run *run = context;
    char line[512];
    if (heal_decision_format(decision, line, sizeof line) > 0)
        fprintf(run->call->out, "%s %s\n", sim->node[node].name, line);
}

static void show_incident(const struct run *run, const char *at,
                          const struct heal_incident_status *incident) {
    FILE *out = run->call->out;
    fprintf(out, "  %8.2f s  %-12s %s on %s%s%s%s%s", (double)incident->opened / 1e6, at,
            heal_diagnosis_slug(incident->ranked[0].diagnosis), incident->node, incident->other[0] ? "-" : "",
            incident->other, incident->service[0] ? ", " : "", incident->service);
    for (unsigned i = 0; i < incident->steps; i++)
        fprintf(out, "%s %s %s", i == 0 ? ":" : ",", heal_remedy_slug(incident->step[i].remedy),
                heal_step_state_name(incident->step[i].state));
    if (incident->steps == 0 && incident->suppressed != HEAL_NOT_SUPPRESSED)
        fprintf(out, ": nothing done (%s)", heal_suppression_name(incident->suppressed));
    if (incident->healed != 0)
        fprintf(out, "; healed after %.2f s", (double)(incident->healed - incident->opened) / 1e6);
    if (incident->closed != 0)
        fprintf(out, "; closed after %.2f s", (double)(incident->closed - incident->opened) / 1e6);
    fputc('\n', out);
}

/* To the millisecond, and no further. */
static double rounded(double value) {
    return round(value * 1e3) / 1e3;
}

static void add_incident(const struct run *run, const char *at, const struct heal_incident_status *incident) {
    json_t *steps = json_array();
    for (unsigned i = 0; i < incident->steps; i++)
        json_array_append_new(steps, json_pack("{s:s, s:s, s:s}", "remedy",
                                               heal_remedy_slug(incident->step[i].remedy), "state",
                                               heal_step_state_name(incident->step[i].state), "outcome",
                                               incident->step[i].outcome));
    json_t *object = json_pack("{s:s, s:s, s:s, s:s, s:s, s:f, s:f, s:o}", "at", at, "diagnosis",
                               heal_diagnosis_slug(incident->ranked[0].diagnosis), "node", incident->node,
                               "other", incident->other, "service", incident->service, "confidence",
                               rounded((double)incident->ranked[0].confidence), "opened_s",
                               (double)incident->opened / 1e6, "steps", steps);
    if (object && incident->healed != 0)
        json_object_set_new(object, "heal_s",
                            json_real(rounded((double)(incident->healed - incident->opened) / 1e6)));
    if (object && incident->closed != 0)
        json_object_set_new(object, "closed_s",
                            json_real(rounded((double)(incident->closed - incident->opened) / 1e6)));
    json_array_append_new(run->incidents, object);
}

static void befalls(void *context, const struct heal_sim *sim, const char *sentence) {
    struct run *run = context;
    if (run->picture && run->drawing == 0)
        run->drawing = heal_picture_add_note(run->picture, sim->now, sentence);
}

/* Each incident once: as its owner has it. The engines keep the newest first. */
static void ended(void *context, const struct heal_sim *sim) {
    struct run *run = context;
    if (run->picture && run->drawing == 0)
        run->drawing = heal_draw_sim(run->picture, sim);
    for (unsigned i = 0; i < sim->nodes; i++) {
        struct heal_incident_status incident;
        size_t count = 0;
        while (heal_engine_incident(sim->node[i].engine, count, &incident))
            count++;
        while (count-- > 0 && heal_engine_incident(sim->node[i].engine, count, &incident)) {
            if (incident.role != HEAL_ROLE_OWNER)
                continue;
            if (run->call->json)
                add_incident(run, sim->node[i].name, &incident);
            else
                show_incident(run, sim->node[i].name, &incident);
        }
    }
}

static void show_result(struct run *run, const char *name, int r, const struct heal_scenario_result *result) {
    if (run->call->json) {
        json_array_append_new(run->scripts,
                              json_pack("{s:s, s:I, s:b, s:f, s:i, s:i, s:i, s:O}", "script", name, "seed",
                                        (json_int_t)run->seed, "ok", r == 0, "seconds",
                                        rounded(result->seconds), "expectations", (int)result->expectations,
                                        "failures", (int)result->failures, "acts", (int)result->acts,
                                        "incidents", run->incidents));
        return;
    }
    if (r == 0)
        fprintf(run->call->out, "  %s; %.0f s of virtual time, %u acts, seed %llu\n",
                result->expectations ? "all came as expected" : "it expects nothing", result->seconds,
                result->acts, (unsigned long long)run->seed);
}

/* The page, once the script has been gone through. */
static int write_page(const struct run *run, const char *name, int r,
                      const struct heal_scenario_result *result) {
    struct heal_picture *picture = run->picture;
    struct heal_text text;
    heal_text_init(&text, picture->subtitle, sizeof picture->subtitle);
    heal_text_add(&text, "%s, seed %llu: %.0f s of virtual time, %u acts; ", name,
                  (unsigned long long)run->seed, result->seconds, result->acts);
    if (r == 0)
        heal_text_add(&text, result->expectations ? "all came as expected" : "nothing was expected");
    else
        heal_text_add(&text, "it did not come as expected");
    if (run->drawing < 0)
        return heal_call_fail(run->call, HEAL_EXIT_INTERNAL, "no memory");
    return heal_draw_file(run->call, picture, heal_call_option(run->call, "--html"));
}

static int run_script(struct run *run, const char *name) {
    const struct heal_call *call = run->call;
    bool is_input = strcmp(name, "-") == 0;
    HEAL_CLEANUP(heal_free_pointer) char *script = NULL;
    struct heal_scenario_result result;
    size_t length = 0;
    int r = 0;
    if (is_input)
        r = (script = read_stream(stdin, &length)) ? 0 : -EFBIG;
    else
        r = heal_file_read(name, SCRIPT_MAX, &script, &length);
    if (r < 0)
        return heal_call_fail(call, HEAL_EXIT_USAGE, "%s: %s", name, strerror(-r));
    const struct heal_scenario_options options = {
        .name = is_input ? "(standard input)" : name,
        .settings = &run->settings,
        .seed = run->seed,
        .out = call->json ? NULL : call->out,
        .err = call->err,
        .watcher = {.context = run,
                    .befalls = befalls,
                    .ended = ended,
                    .decided = heal_call_option(call, "--trace") ? trace : NULL},
        .load = load_graph,
    };
    run->incidents = json_array();
    if (!call->json)
        fprintf(call->out, "%s\n", options.name);
    r = heal_scenario_run(script, length, &options, &result);
    if (r >= 0)
        show_result(run, options.name, r, &result);
    json_decref(run->incidents);
    if (r < 0)
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "no memory");
    int drawn =
        run->picture && run->picture->nodes > 0 ? write_page(run, options.name, r, &result) : HEAL_EXIT_OK;
    return drawn != HEAL_EXIT_OK ? drawn : r == 0 ? HEAL_EXIT_OK : HEAL_EXIT_FAILED;
}

/* ---- the verb ---- */

static int read_seed(const struct heal_call *call, uint64_t *ret_seed) {
    const char *text = heal_call_option(call, "--seed");
    *ret_seed = 1;
    if (!text || heal_number_parse_u64(text, 10, ret_seed) == 0)
        return HEAL_EXIT_OK;
    return heal_call_fail(call, HEAL_EXIT_USAGE, "--seed is a number from 0");
}

static int load_settings(const struct heal_call *call, const char *file, struct heal_settings *ret_settings) {
    HEAL_CLEANUP(heal_free_pointer) struct heal_config *config = calloc(1, sizeof *config);
    struct heal_call named = *call;
    if (!config)
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "no memory");
    named.arguments = 1;
    named.argument[0] = file;
    int r = heal_cmd_config_load(&named, true, config);
    if (r == HEAL_EXIT_OK)
        *ret_settings = config->settings;
    return r;
}

/* The built-in defaults, in mode act; or what the configuration says. */
static int read_settings(const struct heal_call *call, struct heal_settings *ret_settings) {
    const char *file = heal_call_option(call, "--config");
    heal_settings_init(ret_settings);
    ret_settings->mode = HEAL_MODE_ACT;
    int r = file ? load_settings(call, file, ret_settings) : HEAL_EXIT_OK;
    if (r != HEAL_EXIT_OK)
        return r;
    heal_name_copy(ret_settings->interface_parameters, sizeof ret_settings->interface_parameters,
                   "type wireless hello-interval 1");
    return HEAL_EXIT_OK;
}

static int list_sentences(const struct heal_call *call) {
    const char *sentence;
    for (size_t i = 0; (sentence = heal_scenario_sentence(i)); i++)
        fprintf(call->out, "%s\n", sentence);
    return HEAL_EXIT_OK;
}

int heal_cmd_simulate(const struct heal_call *call) {
    struct run run = {.call = call};
    if (heal_call_option(call, "--sentences"))
        return list_sentences(call);
    if (call->arguments == 0)
        return heal_call_fail(call, HEAL_EXIT_USAGE, "it takes a script; docs/simulate.md has examples");
    int r = read_seed(call, &run.seed);
    r = r != HEAL_EXIT_OK ? r : read_settings(call, &run.settings);
    if (r != HEAL_EXIT_OK)
        return r;
    if (heal_call_option(call, "--html")) {
        if (call->arguments > 1 || call->json)
            return heal_call_fail(call, HEAL_EXIT_USAGE, "--html draws one SCRIPT, and goes without --json");
        run.picture = heal_picture_new("Simulation");
        if (!run.picture)
            return heal_call_fail(call, HEAL_EXIT_INTERNAL, "no memory");
    }
    run.scripts = json_array();
    for (size_t i = 0; i < call->arguments; i++) {
        int here = run_script(&run, call->argument[i]);
        r = here > r ? here : r;
    }
    if (call->json)
        heal_page_json(call->out, run.scripts);
    json_decref(run.scripts);
    heal_picture_free(run.picture);
    return r;
}
