/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* A mesh in virtual time: scripts are gone through, and what came of it is shown. */
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/number.h"
#include "base/text.h"
#include "healctl/cmd.h"
#include "healctl/draw.h"
#include "healctl/page.h"
#include "os/file.h"
#include "scenario/scenario.h"
#include "sim/sim_state.h"

enum { SCRIPT_MAX = 1 << 20, GRAPH_MAX = 64 << 20 };
static const heal_us progress_every_us = HEAL_US_PER_S / 4;

struct run {
    const struct heal_call *call;
    uint64_t seed;
    struct heal_settings settings;
    const char *name;             /* of the script under way */
    enum heal_mode mode;          /* that its mesh begins in */
    heal_us progress_at;          /* when it was last said how far it is; HEAL_NEVER: nobody watches */
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

/* ---- how far it is ---- */

static void show_progress(struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* On a terminal, on a line that whatever comes next is written over. */
static void show_progress(struct run *run, const char *format, ...) {
    va_list arguments;
    heal_us now = heal_clock_now();
    if (run->progress_at == HEAL_NEVER || now - run->progress_at < progress_every_us)
        return;
    run->progress_at = now;
    va_start(arguments, format);
    vfprintf(run->call->err, format, arguments);
    va_end(arguments);
    fputs("\033[K\r", run->call->err);
    fflush(run->call->err);
}

static void passes(void *context, const struct heal_sim *sim) {
    show_progress(context, "%.1f s of virtual time", (double)sim->now / 1e6);
}

/* What is known before anything happens: that a large mesh is not stuck, and in which mode it lives. */
static void making(void *context, const struct heal_sim_plan *plan, const struct heal_settings *settings) {
    struct run *run = context;
    run->mode = settings->mode;
    if (!run->call->json)
        fprintf(run->call->out,
                "%s: %u nodes, %u links, mode %s; after %.0f s of settling the script begins at %.0f s\n",
                run->name, plan->places, plan->edges, heal_mode_name(settings->mode),
                (double)heal_scenario_settles_us / 1e6,
                (double)(HEAL_SIM_START_US + heal_scenario_settles_us) / 1e6);
    fflush(run->call->out);
    show_progress(run, "making %u nodes", plan->places);
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
    const char *part = incident->service[0] ? incident->service : incident->mesh;
    fprintf(out, "  %8.2f s  %-12s %s on %s%s%s%s%s", (double)incident->opened / 1e6, at,
            heal_diagnosis_slug(incident->ranked[0].diagnosis), incident->node, incident->other[0] ? "-" : "",
            incident->other, part[0] ? ", " : "", part);
    for (unsigned i = 0; i < incident->steps; i++)
        fprintf(out, "%s %s %s", i == 0 ? ":" : ",", heal_remedy_slug(incident->step[i].remedy),
                heal_step_state_words(incident->step[i].state));
    if (incident->steps == 0 && incident->suppressed != HEAL_NOT_SUPPRESSED)
        fprintf(out, ": nothing done (%s)", heal_suppression_name(incident->suppressed));
    if (incident->cut_off > 0)
        fprintf(out, "; %u destination%s cut off", incident->cut_off, incident->cut_off == 1 ? "" : "s");
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
    json_t *object =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:f, s:f, s:i, s:o}", "at", at, "diagnosis",
                  heal_diagnosis_slug(incident->ranked[0].diagnosis), "node", incident->node, "other",
                  incident->other, "service", incident->service, "mesh", incident->mesh, "confidence",
                  rounded((double)incident->ranked[0].confidence), "opened_s", (double)incident->opened / 1e6,
                  "cut_off", (int)incident->cut_off, "steps", steps);
    if (object && incident->healed != 0)
        json_object_set_new(object, "heal_s",
                            json_real(rounded((double)(incident->healed - incident->opened) / 1e6)));
    if (object && incident->closed != 0)
        json_object_set_new(object, "closed_s",
                            json_real(rounded((double)(incident->closed - incident->opened) / 1e6)));
    json_array_append_new(run->incidents, object);
}

/* What all nodes have done: several ends of one trouble, those who send through it, and what was taken back.
 */
static void show_acts(const struct run *run, const struct heal_sim *sim) {
    unsigned of_kind[HEAL_COMMAND_KINDS] = {0}, acts = 0, nodes = 0;
    for (unsigned i = 0; i < sim->nodes; i++) {
        unsigned before = acts;
        for (int kind = 0; kind < HEAL_COMMAND_KINDS; kind++) {
            unsigned count = heal_command_is_act((enum heal_command_kind)kind) ? sim->node[i].acts[kind] : 0;
            of_kind[kind] += count;
            acts += count;
        }
        nodes += acts > before;
    }
    if (acts == 0)
        return;
    fprintf(run->call->out, "  acts of %u node%s, also upstream, and to take things back:", nodes,
            nodes == 1 ? "" : "s");
    const char *comma = "";
    for (int kind = 0; kind < HEAL_COMMAND_KINDS; kind++)
        if (of_kind[kind] > 0) {
            fprintf(run->call->out, "%s %u %s", comma, of_kind[kind],
                    heal_command_name((enum heal_command_kind)kind));
            comma = ",";
        }
    fputc('\n', run->call->out);
}

static void befalls(void *context, const struct heal_sim *sim, const char *sentence) {
    struct run *run = context;
    if (run->picture && run->drawing == 0)
        run->drawing = heal_picture_add_note(run->picture, sim->now, sentence);
}

/* Each incident once: as its owner has it. The engines keep the newest first. */
static void ended(void *context, const struct heal_sim *sim) {
    struct run *run = context;
    if (run->progress_at != HEAL_NEVER)
        fputs("\033[K", run->call->err);
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
    if (!run->call->json)
        show_acts(run, sim);
}

/* What came of a script that was not refused, in words that the page has, too. */
static void describe_result(struct heal_text *text, int r, const struct heal_scenario_result *result) {
    if (result->unmet > 0)
        heal_text_add(text, "%u of %u did not come true", result->unmet, result->expectations);
    else if (r != HEAL_SCENARIO_HELD)
        heal_text_add(text, "what must hold in every script did not");
    else
        heal_text_add(text, result->expectations > 0 ? "all came as expected" : "it expects nothing");
}

static void show_result(struct run *run, int r, const struct heal_scenario_result *result) {
    char words[80];
    struct heal_text text;
    if (run->call->json) {
        json_t *object = json_pack(
            "{s:s, s:I, s:b, s:b, s:f, s:i, s:i, s:i, s:O}", "script", run->name, "seed",
            (json_int_t)run->seed, "ok", r == HEAL_SCENARIO_HELD, "refused", r == HEAL_SCENARIO_REFUSED,
            "seconds", rounded(result->seconds), "expectations", (int)result->expectations, "failures",
            (int)result->failures, "acts", (int)result->acts, "incidents", run->incidents);
        if (r != HEAL_SCENARIO_REFUSED)
            json_object_set_new(object, "mode", json_string(heal_mode_name(run->mode)));
        json_array_append_new(run->scripts, object);
        return;
    }
    if (r == HEAL_SCENARIO_REFUSED)
        return; /* why is said already */
    heal_text_init(&text, words, sizeof words);
    describe_result(&text, r, result);
    fprintf(run->call->out, "  %s; %.0f s of virtual time, %u acts, mode %s, seed %llu\n", words,
            result->seconds, result->acts, heal_mode_name(run->mode), (unsigned long long)run->seed);
}

/* The page, once the script has been gone through. */
static int write_page(const struct run *run, int r, const struct heal_scenario_result *result) {
    struct heal_picture *picture = run->picture;
    struct heal_text text;
    heal_text_init(&text, picture->subtitle, sizeof picture->subtitle);
    heal_text_add(&text, "%s, mode %s, seed %llu: %.0f s of virtual time, %u acts; ", run->name,
                  heal_mode_name(run->mode), (unsigned long long)run->seed, result->seconds, result->acts);
    describe_result(&text, r, result);
    if (run->drawing < 0)
        return heal_call_fail(run->call, HEAL_EXIT_INTERNAL, "no memory");
    return heal_draw_file(run->call, picture, heal_call_option(run->call, "--html"));
}

static int read_script(const struct heal_call *call, const char *name, char **ret_script,
                       size_t *ret_length) {
    int r = 0;
    if (strcmp(name, "-") == 0)
        r = (*ret_script = read_stream(stdin, ret_length)) ? 0 : -EFBIG;
    else
        r = heal_file_read(name, SCRIPT_MAX, ret_script, ret_length);
    return r < 0 ? heal_call_fail(call, HEAL_EXIT_USAGE, "%s: %s", name, strerror(-r)) : HEAL_EXIT_OK;
}

static int exit_code(enum heal_scenario_outcome outcome) {
    switch (outcome) {
    case HEAL_SCENARIO_HELD:
        break;
    case HEAL_SCENARIO_FAILED:
        return HEAL_EXIT_FAILED;
    case HEAL_SCENARIO_REFUSED:
        return HEAL_EXIT_USAGE;
    }
    return HEAL_EXIT_OK;
}

static int run_script(struct run *run, const char *name) {
    const struct heal_call *call = run->call;
    HEAL_CLEANUP(heal_free_pointer) char *script = NULL;
    struct heal_scenario_result result;
    size_t length = 0;
    int r = read_script(call, name, &script, &length);
    if (r != HEAL_EXIT_OK)
        return r;
    run->name = strcmp(name, "-") == 0 ? "(standard input)" : name;
    const struct heal_scenario_options options = {
        .name = run->name,
        .settings = &run->settings,
        .seed = run->seed,
        .out = call->json ? NULL : call->out,
        .err = call->err,
        .watcher = {.context = run,
                    .making = making,
                    .befalls = befalls,
                    .second = passes,
                    .ended = ended,
                    .decided = heal_call_option(call, "--trace") ? trace : NULL},
        .load = load_graph,
    };
    run->incidents = json_array();
    r = heal_scenario_run(script, length, &options, &result);
    if (r >= 0)
        show_result(run, r, &result);
    json_decref(run->incidents);
    if (r < 0)
        return heal_call_fail(call, HEAL_EXIT_INTERNAL, "%s", strerror(-r));
    int drawn = run->picture && run->picture->nodes > 0 ? write_page(run, r, &result) : HEAL_EXIT_OK;
    return drawn != HEAL_EXIT_OK ? drawn : exit_code((enum heal_scenario_outcome)r);
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
    if (heal_cmd_config_load(&named, true, config) != HEAL_EXIT_OK)
        return HEAL_EXIT_USAGE; /* a policy that cannot be read is none that failed */
    *ret_settings = config->settings;
    return HEAL_EXIT_OK;
}

/* The built-in defaults, for interfaces that babeld was told of; or what the configuration says, but for its
 * mode: a policy is tried by letting it act, and a script that wants to see less says so. */
static int read_settings(const struct heal_call *call, struct heal_settings *ret_settings) {
    const char *file = heal_call_option(call, "--config");
    int r = HEAL_EXIT_OK;
    heal_settings_init(ret_settings);
    if (file)
        r = load_settings(call, file, ret_settings);
    else
        heal_name_copy(ret_settings->interface_parameters, sizeof ret_settings->interface_parameters,
                       "type wireless hello-interval 1");
    ret_settings->mode = HEAL_MODE_ACT;
    return r;
}

static int list_sentences(const struct heal_call *call) {
    const char *sentence;
    for (size_t i = 0; (sentence = heal_scenario_sentence(i)); i++)
        fprintf(call->out, "%s\n", sentence);
    return HEAL_EXIT_OK;
}

int heal_cmd_simulate(const struct heal_call *call) {
    struct run run = {.call = call, .progress_at = isatty(fileno(call->err)) ? 0 : HEAL_NEVER};
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
