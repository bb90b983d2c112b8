/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Runs a scenario: a script in plain sentences about a mesh in virtual time, one a line; see README.md here.
 * All of it is read before any of it happens. Prints the decision trace of all nodes with --trace. Ends 0
 * only if every expectation held. */
#include "scenario/scenario.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void scenario_fail(struct scenario *scenario, const char *format, ...) {
    va_list arguments;
    scenario->failures++;
    fprintf(stderr, "%s:%d: ", scenario->file, scenario->line);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    if (scenario->mesh->nodes > 0)
        fprintf(stderr, " (at %.2f s)", (double)scenario->mesh->now / 1e6);
    fputc('\n', stderr);
}

/* Goes through the script once: only to read it, or to let it happen, as far as it does without a failure. */
static void go_through(struct scenario *scenario, FILE *stream, bool only_read) {
    char line[512];
    int expectations = 0;
    rewind(stream);
    scenario->line = 0;
    scenario->has_mesh = false;
    while ((only_read || scenario->failures == 0) && fgets(line, sizeof line, stream) != NULL) {
        struct sentence sentence;
        scenario->line++;
        if (scenario_read(scenario, line, &sentence) <= 0)
            continue;
        expectations += strcmp(sentence.words.word[0], "expect") == 0;
        if (!only_read && scenario_find(scenario, &sentence))
            sentence.row->perform(scenario, &sentence);
    }
    if (only_read && expectations == 0 && scenario->failures == 0)
        scenario_fail(scenario, "it expects nothing");
}

static int run_file(const char *file, uint64_t seed, bool trace) {
    FILE *stream = fopen(file, "r");
    if (!stream) {
        fprintf(stderr, "%s: cannot be read\n", file);
        return 2;
    }
    struct scenario scenario = {.file = file, .mesh = sim_mesh_new(seed)};
    scenario.mesh->trace = trace ? stdout : NULL;
    heal_settings_init(&scenario.settings);
    strcpy(scenario.settings.interface_parameters, "type wireless hello-interval 1");
    scenario.settings.mode = HEAL_MODE_ACT;
    scenario.settings.ports_max = SIM_PORTS_MAX;
    printf("%s\n", file);
    go_through(&scenario, stream, true);
    if (scenario.failures == 0)
        go_through(&scenario, stream, false);
    if (scenario.mesh->loops > 0)
        scenario_fail(&scenario, "%u packets went in circles", scenario.mesh->loops);
    fclose(stream);
    sim_mesh_free(scenario.mesh);
    return scenario.failures > 0;
}

int main(int argc, char **argv) {
    static const struct option options[] = {
        {"trace", no_argument,       NULL, 't'},
        {"seed",  required_argument, NULL, 's'},
        {NULL,    0,                 NULL, 0  }
    };
    bool trace = false;
    uint64_t seed = 1;
    int r = 0, option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 't')
            trace = true;
        else if (option == 's')
            seed = strtoull(optarg, NULL, 10);
        else
            return 64;
    }
    for (int i = optind; i < argc; i++)
        r |= run_file(argv[i], seed, trace);
    return r;
}
