/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "scenario/scenario.h"

#include "base/text.h"
#include "config/utf8.h"
#include "scenario/scenario_parts.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* They see each other for a while before anything befalls them. */
const heal_us heal_scenario_settles_us = 20 * HEAL_US_PER_S;

enum { MESSAGE_MAX = 1024 };

/* Names and words may be anybody's: what is no text does not reach the terminal. */
__attribute__((format(printf, 3, 0))) static void say(const struct heal_scenario *scenario, const char *where,
                                                      const char *format, va_list arguments) {
    char message[MESSAGE_MAX], shown[MESSAGE_MAX], name[MESSAGE_MAX];
    struct heal_text text;
    heal_text_init(&text, message, sizeof message);
    heal_text_add_v(&text, format, arguments);
    if (scenario->sim)
        heal_text_add(&text, " (at %.2f s)", (double)scenario->sim->now / 1e6);
    fprintf(scenario->options->err, "%s:%s: %s\n", heal_utf8_show(scenario->options->name, name, sizeof name),
            where, heal_utf8_show(message, shown, sizeof shown));
}

void heal_scenario_fail(struct heal_scenario *scenario, const char *format, ...) {
    char where[16];
    va_list arguments;
    scenario->failures++;
    snprintf(where, sizeof where, "%d", scenario->line);
    va_start(arguments, format);
    say(scenario, where, format, arguments);
    va_end(arguments);
}

void heal_scenario_refuse(struct heal_scenario *scenario, int column, const char *format, ...) {
    char where[32];
    va_list arguments;
    scenario->mistakes++;
    snprintf(where, sizeof where, "%d:%d", scenario->line, column);
    va_start(arguments, format);
    say(scenario, where, format, arguments);
    va_end(arguments);
}

void heal_scenario_tell(struct heal_scenario *scenario, const char *format, ...) {
    va_list arguments;
    if (!scenario->options->out)
        return;
    va_start(arguments, format);
    vfprintf(scenario->options->out, format, arguments);
    va_end(arguments);
    fputc('\n', scenario->options->out);
}

void heal_scenario_wait(struct heal_scenario *scenario, heal_us span) {
    const struct heal_scenario_watcher *watcher = &scenario->options->watcher;
    struct heal_sim *sim = scenario->sim;
    heal_us end = sim->now + span;
    while (sim->now < end) {
        heal_us second = (sim->now / HEAL_US_PER_S + 1) * HEAL_US_PER_S;
        int r = heal_sim_run(sim, (second < end ? second : end) - sim->now);
        scenario->r = r < 0 ? r : scenario->r;
        if (sim->now != second || scenario->r < 0)
            continue;
        heal_invariants_second(&scenario->invariants, scenario);
        if (watcher->second)
            watcher->second(watcher->context, sim);
    }
}

/* What is neither the mesh itself, nor time, nor an expectation befalls the mesh. */
static bool befalls(const struct sentence *sentence) {
    const char *first = sentence->words.word[0];
    return !sentence->row->before_mesh && strcmp(first, "run") != 0 && strcmp(first, "expect") != 0;
}

static void tell_watcher(const struct heal_scenario *scenario, const struct sentence *sentence) {
    const struct heal_scenario_watcher *watcher = &scenario->options->watcher;
    const struct words *words = &sentence->words;
    char line[sizeof words->room];
    struct heal_text text;
    if (!watcher->befalls)
        return;
    heal_text_init(&text, line, sizeof line);
    for (size_t i = 0; i < words->count; i++)
        heal_text_add(&text, "%s%s", i > 0 ? " " : "", words->word[i]);
    watcher->befalls(watcher->context, scenario->sim, line);
}

static void live(struct heal_scenario *scenario, const struct sentence *sentence) {
    bool expects = strcmp(sentence->words.word[0], "expect") == 0;
    unsigned before = scenario->failures;
    if (befalls(sentence)) {
        heal_scenario_look_back(scenario);
        tell_watcher(scenario, sentence);
    }
    sentence->row->perform(scenario, sentence);
    scenario->unmet += expects && scenario->failures > before;
}

static void take(struct heal_scenario *scenario, struct sentence *sentence, enum heal_scenario_pass pass) {
    const struct sentence_row *row = sentence->row;
    switch (pass) {
    case HEAL_SCENARIO_READS:
        scenario->expectations += strcmp(sentence->words.word[0], "expect") == 0;
        break;
    case HEAL_SCENARIO_DRAWS:
        if (row->before_mesh)
            row->perform(scenario, sentence);
        break;
    case HEAL_SCENARIO_CHECKS:
        if (!row->before_mesh && heal_sentence_find(scenario, sentence) && row->check)
            row->check(scenario, sentence);
        break;
    case HEAL_SCENARIO_LIVES:
        if (!row->before_mesh && heal_sentence_find(scenario, sentence))
            live(scenario, sentence);
        break;
    }
}

/* Goes through the script once; what it lives through, only as far as it does without a failure. */
static void go_through(struct heal_scenario *scenario, const char *script, size_t length,
                       enum heal_scenario_pass pass) {
    char line[512];
    scenario->line = 0;
    scenario->has_mesh = false;
    for (size_t at = 0; at < length && scenario->failures == 0 && scenario->r == 0;) {
        const char *end = memchr(script + at, '\n', length - at);
        size_t wide = end ? (size_t)(end - script) - at : length - at;
        size_t kept = wide < sizeof line ? wide : sizeof line - 1; /* one that long is refused as too long */
        struct sentence sentence;
        memcpy(line, script + at, kept);
        line[kept] = '\0';
        at += wide + 1;
        scenario->line++;
        if (heal_sentence_read(scenario, line, &sentence) > 0)
            take(scenario, &sentence, pass);
    }
}

static unsigned count_acts(const struct heal_sim *sim) {
    unsigned acts = 0;
    for (unsigned i = 0; i < sim->nodes; i++)
        for (int kind = 0; kind < HEAL_COMMAND_KINDS; kind++)
            acts += heal_command_is_act((enum heal_command_kind)kind) ? sim->node[i].acts[kind] : 0;
    return acts;
}

static void only_read(struct heal_scenario *scenario, const char *script, size_t length) {
    struct heal_error error = {0};
    if (heal_utf8_check(script, length, &error) < 0) {
        scenario->line = error.line;
        heal_scenario_refuse(scenario, error.column, "%s", error.what);
        return;
    }
    go_through(scenario, script, length, HEAL_SCENARIO_READS);
    scenario->line = scenario->line > 0 ? scenario->line : 1; /* an empty one */
    if (scenario->mistakes == 0 && !scenario->has_mesh)
        heal_scenario_refuse(scenario, 1, "there is no mesh in it");
}

/* All that can be wrong with a script is found before its mesh is made. */
static void prepare(struct heal_scenario *scenario, const char *script, size_t length) {
    only_read(scenario, script, length);
    if (scenario->mistakes == 0)
        go_through(scenario, script, length, HEAL_SCENARIO_DRAWS);
    if (scenario->mistakes > 0 || scenario->r < 0)
        return;
    scenario->fate = calloc(scenario->plan.places, sizeof *scenario->fate);
    scenario->r = scenario->fate ? 0 : -ENOMEM;
    go_through(scenario, script, length, HEAL_SCENARIO_CHECKS);
}

static void decided(void *context, unsigned node, const struct heal_decision *decision) {
    struct heal_scenario *scenario = context;
    const struct heal_scenario_watcher *watcher = &scenario->options->watcher;
    if (watcher->decided)
        watcher->decided(watcher->context, scenario->sim, node, decision);
}

static void acts(void *context, unsigned node, const struct heal_command *command) {
    struct heal_scenario *scenario = context;
    heal_invariants_act(&scenario->invariants, scenario, node, command);
}

/* Makes the mesh, lets it get to know what is normal, and then what the script says befalls it. */
static void happen(struct heal_scenario *scenario, const char *script, size_t length) {
    const struct heal_scenario_watcher *watcher = &scenario->options->watcher;
    const struct heal_sim_options options = {.settings = &scenario->settings,
                                             .seed = scenario->options->seed,
                                             .radio = scenario->radio,
                                             .idle = scenario->late,
                                             .model = scenario->model};
    if (watcher->making)
        watcher->making(watcher->context, &scenario->plan, &scenario->settings);
    scenario->r = heal_sim_new(&scenario->plan, &options, &scenario->sim);
    if (scenario->r < 0)
        return;
    scenario->sim->ear = (struct heal_sim_ear){.context = scenario, .decided = decided, .acts = acts};
    heal_scenario_wait(scenario, heal_scenario_settles_us);
    go_through(scenario, script, length, HEAL_SCENARIO_LIVES);
    if (scenario->failures == 0)
        heal_scenario_look_back(scenario);
    if (scenario->sim->loops > 0)
        heal_scenario_fail(scenario, "%u packets went in circles", scenario->sim->loops);
}

static void deinit(struct heal_scenario *scenario) {
    heal_invariants_deinit(&scenario->invariants);
    heal_sim_plan_deinit(&scenario->plan);
    heal_sim_free(scenario->sim);
    free(scenario->fate);
    free(scenario->model);
}

unsigned heal_scenario_check(const char *script, size_t length, const struct heal_scenario_options *options) {
    struct heal_scenario scenario = {.settings = *options->settings, .options = options};
    prepare(&scenario, script, length);
    deinit(&scenario);
    return scenario.mistakes;
}

int heal_scenario_run(const char *script, size_t length, const struct heal_scenario_options *options,
                      struct heal_scenario_result *ret_result) {
    struct heal_scenario scenario = {.settings = *options->settings, .options = options};
    prepare(&scenario, script, length);
    if (scenario.mistakes == 0 && scenario.r == 0)
        happen(&scenario, script, length);
    *ret_result = (struct heal_scenario_result){
        .expectations = scenario.expectations,
        .failures = scenario.failures,
        .unmet = scenario.unmet,
        .seconds = scenario.sim ? (double)scenario.sim->now / 1e6 : 0,
        .acts = scenario.sim ? count_acts(scenario.sim) : 0,
    };
    if (scenario.sim && options->watcher.ended)
        options->watcher.ended(options->watcher.context, scenario.sim);
    deinit(&scenario);
    if (scenario.r < 0)
        return scenario.r;
    return scenario.mistakes > 0   ? HEAL_SCENARIO_REFUSED
           : scenario.failures > 0 ? HEAL_SCENARIO_FAILED
                                   : HEAL_SCENARIO_HELD;
}

const char *heal_scenario_sentence(size_t index) {
    const struct sentence_row *row = heal_sentence_row(index);
    return row ? row->pattern : NULL;
}
