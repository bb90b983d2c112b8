/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Runs a scenario: a script in plain sentences about a mesh in virtual time, one a line; see README.md here.
 * Prints the decision trace of all nodes with --trace. Ends 0 only if every expectation held. */
#include "scenario/scenario.h"
#include "sim/shell.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

void scenario_fail(struct scenario *scenario, const char *format, ...) {
    va_list arguments;
    scenario->failures++;
    fprintf(stderr, "%s:%d: ", scenario->file, scenario->line);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, " (at %.2f s)\n", scenario->mesh != NULL ? (double)scenario->mesh->now / 1e6 : 0);
}

/* "10s", "900ms". @return 0 where it is none. */
heal_us scenario_span(const char *text) {
    char *end;
    double value = strtod(text, &end);
    return (heal_us)(value * (strcmp(end, "ms") == 0 ? 1e3 : 1e6));
}

int scenario_node(struct scenario *scenario, const char *name) {
    int node = sim_mesh_find_node(scenario->mesh, name);
    if (node < 0)
        scenario_fail(scenario, "no node %s", name);
    return node;
}

/* "n1-n2" or "n1>n2". @return the link; -1 where there is none. */
int scenario_link(struct scenario *scenario, const char *text, int *ret_a, int *ret_b, bool *ret_one_way) {
    char a[HEAL_NAME_MAX], b[HEAL_NAME_MAX], sign;
    if (sscanf(text, "%31[^->]%c%31s", a, &sign, b) != 3) {
        scenario_fail(scenario, "no link: %s", text);
        return -1;
    }
    *ret_a = scenario_node(scenario, a);
    *ret_b = scenario_node(scenario, b);
    *ret_one_way = sign == '>';
    int link = *ret_a < 0 || *ret_b < 0 ? -1 : sim_mesh_find_link(scenario->mesh, *ret_a, *ret_b);
    if (link < 0)
        scenario_fail(scenario, "no link %s", text);
    return link;
}

bool sentence_is(const struct sentence *sentence, int index, const char *word) {
    return index < sentence->words && strcmp(sentence->word[index], word) == 0;
}

double sentence_number(const struct sentence *sentence, int index) {
    return index < sentence->words ? strtod(sentence->word[index], NULL) : 0;
}

static void do_mesh(struct scenario *scenario, const struct sentence *sentence) {
    int count = sentence_is(sentence, 1, "ring") ? (int)sentence_number(sentence, 2) : 8;
    bool radio = sentence_is(sentence, sentence->words - 1, "radio");
    bool chords = sentence_is(sentence, 3, "chords");
    for (int i = 0; i < 2; i++)
        scenario->settings.service[i] = (struct heal_service_setting){
            .sheddable = i == 0, .restartable = true, .memory_limit_bytes = 64 << 20};
    heal_name_copy(scenario->settings.service[0].name, HEAL_NAME_MAX, "worker");
    heal_name_copy(scenario->settings.service[1].name, HEAL_NAME_MAX, "babeld");
    scenario->settings.services = 2;
    sim_mesh_ring(scenario->mesh, count, chords, radio, &scenario->settings);
    sim_mesh_run(scenario->mesh, 20 * HEAL_US_PER_S);
}

static void set_way(struct scenario *scenario, const struct sentence *sentence, struct sim_direction *way) {
    double value = sentence_number(sentence, 3);
    if (sentence_is(sentence, 2, "loses") && sentence_is(sentence, 5, "large"))
        way->loss_full = value / 100;
    else if (sentence_is(sentence, 2, "loses"))
        way->loss = way->loss_full = value / 100;
    else if (sentence_is(sentence, 2, "delays"))
        way->delay_ms = value;
    else if (sentence_is(sentence, 2, "limits"))
        *way = (struct sim_direction){.loss = value / 100, .loss_full = value / 100, .delay_ms = 50};
    else if (sentence_is(sentence, 2, "is"))
        way->dead = true;
    else if (sentence_is(sentence, 2, "hears"))
        way->noise_db = value;
    else
        scenario_fail(scenario, "a link does not know how to \"%s\"", sentence->word[2]);
}

static void do_link(struct scenario *scenario, const struct sentence *sentence) {
    int a, b;
    bool one_way;
    int index = sentence->words > 2 ? scenario_link(scenario, sentence->word[1], &a, &b, &one_way) : -1;
    if (index < 0)
        return;
    struct sim_link *link = &scenario->mesh->link[index];
    scenario->since = scenario->mesh->now;
    if (sentence_is(sentence, 2, "recovers")) {
        memset(link->way, 0, sizeof link->way);
        link->carrier = true;
        link->flap_period = 0;
        return;
    }
    if (sentence_is(sentence, 2, "flaps")) {
        link->flap_down = scenario_span(sentence->word[3]);
        link->flap_period = scenario_span(sentence->word[5]);
        return;
    }
    if (sentence_is(sentence, 2, "has")) {
        link->carrier = false;
        return;
    }
    set_way(scenario, sentence, sim_mesh_way(scenario->mesh, index, a));
    if (!one_way)
        set_way(scenario, sentence, sim_mesh_way(scenario->mesh, index, b));
}

static void lose_routes(struct scenario *scenario, int index) {
    struct sim_node *node = &scenario->mesh->node[index];
    for (int to = 0; to < scenario->mesh->nodes; to++)
        if (node->kernel[to] && node->babel[to] >= 0) {
            node->kernel[to] = false;
            sim_shell_fib(scenario->mesh, index, to, node->babel[to], 42, 1024, false);
        }
}

static void do_node(struct scenario *scenario, const struct sentence *sentence) {
    int index = sentence->words > 2 ? scenario_node(scenario, sentence->word[1]) : -1;
    if (index < 0)
        return;
    struct sim_node *node = &scenario->mesh->node[index];
    scenario->since = scenario->mesh->now;
    if (sentence_is(sentence, 2, "dies"))
        node->paused = true;
    else if (sentence_is(sentence, 2, "returns"))
        node->paused = false;
    else if (sentence_is(sentence, 2, "forwards"))
        node->forwarding = false;
    else if (sentence_is(sentence, 2, "loses"))
        lose_routes(scenario, index);
    else if (sentence_is(sentence, 2, "cures"))
        node->bounce_cures = true;
    else
        scenario_fail(scenario, "a node does not know how to \"%s\"", sentence->word[2]);
}

static void do_service(struct scenario *scenario, const struct sentence *sentence) {
    int index = sentence->words > 4 ? scenario_node(scenario, sentence->word[3]) : -1;
    if (index < 0)
        return;
    struct sim_node *node = &scenario->mesh->node[index];
    struct sim_service *service = &node->service[sentence_is(sentence, 1, "babeld") ? 1 : 0];
    scenario->since = scenario->mesh->now;
    if (sentence_is(sentence, 4, "dies"))
        service->running = false;
    else if (sentence_is(sentence, 4, "leaks"))
        service->growth = sentence_number(sentence, 5) * 1e6;
    else if (sentence_is(sentence, 4, "uses"))
        service->cpu = sentence_number(sentence, 5) / 100;
    else
        scenario_fail(scenario, "a service does not know how to \"%s\"", sentence->word[4]);
}

static void do_run(struct scenario *scenario, const struct sentence *sentence) {
    sim_mesh_run(scenario->mesh, scenario_span(sentence->word[1]));
}

static void do_mode(struct scenario *scenario, const struct sentence *sentence) {
    for (int mode = 0; mode < HEAL_MODES; mode++)
        if (sentence_is(sentence, 1, heal_mode_name((enum heal_mode)mode)))
            scenario->settings.mode = (enum heal_mode)mode;
}

static const struct {
    const char *word;
    void (*perform)(struct scenario *, const struct sentence *);
    bool needs_mesh;
} verbs[] = {
    {"mode",    do_mode,         false},
    {"mesh",    do_mesh,         false},
    {"run",     do_run,          true },
    {"link",    do_link,         true },
    {"node",    do_node,         true },
    {"service", do_service,      true },
    {"expect",  scenario_expect, true },
};

static void perform(struct scenario *scenario, char *line) {
    struct sentence sentence = {.words = 0};
    char *rest = line;
    line[strcspn(line, "#\n")] = '\0';
    for (char *word; sentence.words < WORDS_MAX && (word = strtok_r(rest, " ,", &rest)) != NULL;)
        sentence.word[sentence.words++] = word;
    if (sentence.words == 0)
        return;
    for (size_t i = 0; i < HEAL_COUNT(verbs); i++)
        if (sentence_is(&sentence, 0, verbs[i].word) && sentence.words > 1) {
            verbs[i].perform(scenario, &sentence);
            return;
        }
    scenario_fail(scenario, "nobody understands \"%s\"", sentence.word[0]);
}

static int run_file(const char *file, uint64_t seed, bool trace) {
    struct scenario scenario = {.file = file, .seed = seed, .mesh = sim_mesh_new(seed)};
    char line[512];
    FILE *stream = fopen(file, "r");
    if (stream == NULL) {
        fprintf(stderr, "%s: cannot be read\n", file);
        return 2;
    }
    scenario.mesh->trace = trace ? stdout : NULL;
    heal_settings_init(&scenario.settings);
    scenario.settings.mode = HEAL_MODE_ACT;
    scenario.settings.ports_max = SIM_PORTS_MAX;
    printf("%s\n", file);
    while (scenario.failures == 0 && fgets(line, sizeof line, stream) != NULL) {
        scenario.line++;
        perform(&scenario, line);
    }
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
    int result = 0, option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 't')
            trace = true;
        else if (option == 's')
            seed = strtoull(optarg, NULL, 10);
        else
            return 64;
    }
    for (int i = optind; i < argc; i++)
        result |= run_file(argv[i], seed, trace);
    return result;
}
