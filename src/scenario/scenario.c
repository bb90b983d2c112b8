/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "scenario/scenario.h"

#include "base/text.h"
#include "scenario/scenario_parts.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

void heal_scenario_fail(struct heal_scenario *scenario, const char *format, ...) {
    FILE *err = scenario->options->err;
    va_list arguments;
    scenario->failures++;
    fprintf(err, "%s:%d: ", scenario->options->name, scenario->line);
    va_start(arguments, format);
    vfprintf(err, format, arguments);
    va_end(arguments);
    if (scenario->sim)
        fprintf(err, " (at %.2f s)", (double)scenario->sim->now / 1e6);
    fputc('\n', err);
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

void heal_scenario_pass(struct heal_scenario *scenario, heal_us span) {
    const struct heal_scenario_watcher *watcher = &scenario->options->watcher;
    struct heal_sim *sim = scenario->sim;
    heal_us end = sim->now + span;
    while (sim->now < end) {
        heal_us second = (sim->now / HEAL_US_PER_S + 1) * HEAL_US_PER_S;
        heal_sim_run(sim, (second < end ? second : end) - sim->now);
        if (sim->now != second)
            continue;
        heal_invariants_second(&scenario->invariants, scenario);
        if (watcher->second)
            watcher->second(watcher->context, sim);
    }
}

/* What is neither the mesh itself, nor time, nor an expectation befalls the mesh. */
static void tell_watcher(const struct heal_scenario *scenario, const struct sentence *sentence) {
    const struct heal_scenario_watcher *watcher = &scenario->options->watcher;
    const struct words *words = &sentence->words;
    bool befalls = !sentence->row->before_mesh && strcmp(words->word[0], "run") != 0 &&
                   strcmp(words->word[0], "expect") != 0;
    char line[sizeof words->room];
    struct heal_text text;
    if (!befalls || !watcher->befalls)
        return;
    heal_text_init(&text, line, sizeof line);
    for (size_t i = 0; i < words->count; i++)
        heal_text_add(&text, "%s%s", i > 0 ? " " : "", words->word[i]);
    watcher->befalls(watcher->context, scenario->sim, line);
}

static void take(struct heal_scenario *scenario, struct sentence *sentence, bool reading) {
    scenario->expectations += strcmp(sentence->words.word[0], "expect") == 0;
    if (reading || !heal_sentence_find(scenario, sentence))
        return;
    tell_watcher(scenario, sentence);
    sentence->row->perform(scenario, sentence);
}

/* Goes through the script once: only to read it, or to let it happen, as far as it does without a failure. */
static void go_through(struct heal_scenario *scenario, const char *script, size_t length, bool reading) {
    char line[512];
    scenario->line = 0;
    scenario->has_mesh = false;
    scenario->expectations = 0;
    for (size_t at = 0; at < length && (reading || scenario->failures == 0);) {
        const char *end = memchr(script + at, '\n', length - at);
        size_t wide = end ? (size_t)(end - script) - at : length - at;
        size_t kept = wide < sizeof line ? wide : sizeof line - 1; /* one that long is refused as too long */
        struct sentence sentence;
        memcpy(line, script + at, kept);
        line[kept] = '\0';
        at += wide + 1;
        scenario->line++;
        if (strlen(line) < kept)
            heal_scenario_fail(scenario, "a NUL byte is no text");
        else if (heal_sentence_read(scenario, line, &sentence) > 0)
            take(scenario, &sentence, reading);
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
    go_through(scenario, script, length, true);
    scenario->line = scenario->line > 0 ? scenario->line : 1; /* an empty one */
    if (scenario->failures == 0 && !scenario->has_mesh)
        heal_scenario_fail(scenario, "there is no mesh in it");
}

unsigned heal_scenario_check(const char *script, size_t length, const struct heal_scenario_options *options) {
    struct heal_scenario scenario = {.settings = *options->settings, .options = options};
    only_read(&scenario, script, length);
    return scenario.failures;
}

int heal_scenario_run(const char *script, size_t length, const struct heal_scenario_options *options,
                      struct heal_scenario_result *ret_result) {
    struct heal_scenario scenario = {.settings = *options->settings, .options = options};
    only_read(&scenario, script, length);
    if (scenario.failures == 0)
        go_through(&scenario, script, length, false);
    if (scenario.sim != NULL && scenario.sim->loops > 0)
        heal_scenario_fail(&scenario, "%u packets went in circles", scenario.sim->loops);
    bool failed = scenario.sim != NULL && scenario.sim->agenda.failed;
    *ret_result = (struct heal_scenario_result){
        .expectations = scenario.expectations,
        .failures = scenario.failures,
        .seconds = scenario.sim ? (double)scenario.sim->now / 1e6 : 0,
        .acts = scenario.sim ? count_acts(scenario.sim) : 0,
    };
    if (scenario.sim && options->watcher.ended)
        options->watcher.ended(options->watcher.context, scenario.sim);
    heal_invariants_deinit(&scenario.invariants);
    heal_sim_free(scenario.sim);
    return failed ? -ENOMEM : scenario.failures > 0;
}

const char *heal_scenario_sentence(size_t index) {
    const struct sentence_row *row = heal_sentence_row(index);
    return row ? row->pattern : NULL;
}
