/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Runs a scenario: a script in plain sentences about a mesh in virtual time, one a line; see README.md here.
 * Prints the decision trace of all nodes with --trace. Ends 0 only if every expectation held. */
#include "sim/mesh.h"
#include "sim/shell.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

struct scenario {
    struct sim_mesh *mesh;
    struct heal_settings settings;
    uint64_t seed;
    heal_us since; /* incidents opened before this are old */
    int node;      /* where the incident of the last expectation is */
    uint64_t incident;
    const char *file;
    int line, failures;
};

static void fail(struct scenario *scenario, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void fail(struct scenario *scenario, const char *format, ...) {
    va_list arguments;
    scenario->failures++;
    fprintf(stderr, "%s:%d: ", scenario->file, scenario->line);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, " (at %.2f s)\n", scenario->mesh != NULL ? (double)scenario->mesh->now / 1e6 : 0);
}

/* "10s", "900ms". @return 0 where it is none. */
static heal_us span_of(const char *text) {
    char *end;
    double value = strtod(text, &end);
    return (heal_us)(value * (strcmp(end, "ms") == 0 ? 1e3 : 1e6));
}

static int node_of(struct scenario *scenario, const char *name) {
    int node = sim_mesh_find_node(scenario->mesh, name);
    if (node < 0)
        fail(scenario, "no node %s", name);
    return node;
}

/* "n1-n2" or "n1>n2". @return the link; -1 where there is none. */
static int link_of(struct scenario *scenario, const char *text, int *ret_a, int *ret_b, bool *ret_one_way) {
    char a[HEAL_NAME_MAX], b[HEAL_NAME_MAX], sign;
    if (sscanf(text, "%31[^->]%c%31s", a, &sign, b) != 3) {
        fail(scenario, "no link: %s", text);
        return -1;
    }
    *ret_a = node_of(scenario, a);
    *ret_b = node_of(scenario, b);
    *ret_one_way = sign == '>';
    int link = *ret_a < 0 || *ret_b < 0 ? -1 : sim_mesh_find_link(scenario->mesh, *ret_a, *ret_b);
    if (link < 0)
        fail(scenario, "no link %s", text);
    return link;
}

enum { WORDS_MAX = 16 };
struct sentence {
    int words;
    char *word[WORDS_MAX];
};

static bool is(const struct sentence *sentence, int index, const char *word) {
    return index < sentence->words && strcmp(sentence->word[index], word) == 0;
}

static double number_at(const struct sentence *sentence, int index) {
    return index < sentence->words ? strtod(sentence->word[index], NULL) : 0;
}

static void do_mesh(struct scenario *scenario, const struct sentence *sentence) {
    int count = is(sentence, 1, "ring") ? (int)number_at(sentence, 2) : 8;
    bool radio = is(sentence, sentence->words - 1, "radio");
    bool chords = is(sentence, 3, "chords");
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
    double value = number_at(sentence, 3);
    if (is(sentence, 2, "loses") && is(sentence, 5, "large"))
        way->loss_full = value / 100;
    else if (is(sentence, 2, "loses"))
        way->loss = way->loss_full = value / 100;
    else if (is(sentence, 2, "delays"))
        way->delay_ms = value;
    else if (is(sentence, 2, "limits"))
        *way = (struct sim_direction){.loss = value / 100, .loss_full = value / 100, .delay_ms = 50};
    else if (is(sentence, 2, "is"))
        way->dead = true;
    else if (is(sentence, 2, "hears"))
        way->noise_db = value;
    else
        fail(scenario, "a link does not know how to \"%s\"", sentence->word[2]);
}

static void do_link(struct scenario *scenario, const struct sentence *sentence) {
    int a, b;
    bool one_way;
    int index = sentence->words > 2 ? link_of(scenario, sentence->word[1], &a, &b, &one_way) : -1;
    if (index < 0)
        return;
    struct sim_link *link = &scenario->mesh->link[index];
    scenario->since = scenario->mesh->now;
    if (is(sentence, 2, "recovers")) {
        memset(link->way, 0, sizeof link->way);
        link->carrier = true;
        link->flap_period = 0;
        return;
    }
    if (is(sentence, 2, "flaps")) {
        link->flap_down = span_of(sentence->word[3]);
        link->flap_period = span_of(sentence->word[5]);
        return;
    }
    if (is(sentence, 2, "has")) {
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
    int index = sentence->words > 2 ? node_of(scenario, sentence->word[1]) : -1;
    if (index < 0)
        return;
    struct sim_node *node = &scenario->mesh->node[index];
    scenario->since = scenario->mesh->now;
    if (is(sentence, 2, "dies"))
        node->paused = true;
    else if (is(sentence, 2, "returns"))
        node->paused = false;
    else if (is(sentence, 2, "forwards"))
        node->forwarding = false;
    else if (is(sentence, 2, "loses"))
        lose_routes(scenario, index);
    else if (is(sentence, 2, "cures"))
        node->bounce_cures = true;
    else
        fail(scenario, "a node does not know how to \"%s\"", sentence->word[2]);
}

static void do_service(struct scenario *scenario, const struct sentence *sentence) {
    int index = sentence->words > 4 ? node_of(scenario, sentence->word[3]) : -1;
    if (index < 0)
        return;
    struct sim_node *node = &scenario->mesh->node[index];
    struct sim_service *service = &node->service[is(sentence, 1, "babeld") ? 1 : 0];
    scenario->since = scenario->mesh->now;
    if (is(sentence, 4, "dies"))
        service->running = false;
    else if (is(sentence, 4, "leaks"))
        service->growth = number_at(sentence, 5) * 1e6;
    else if (is(sentence, 4, "uses"))
        service->cpu = number_at(sentence, 5) / 100;
    else
        fail(scenario, "a service does not know how to \"%s\"", sentence->word[4]);
}

static bool find_new(struct scenario *scenario, struct heal_incident_status *ret_incident) {
    heal_us first = HEAL_NEVER;
    for (int i = 0; i < scenario->mesh->nodes; i++) {
        struct heal_incident_status incident;
        for (size_t j = 0; heal_engine_incident(scenario->mesh->node[i].engine, j, &incident); j++)
            if (incident.opened > scenario->since && incident.role != HEAL_ROLE_UPSTREAM &&
                incident.opened < first) {
                first = incident.opened;
                *ret_incident = incident;
                scenario->node = i;
                scenario->incident = incident.id;
            }
    }
    return first != HEAL_NEVER;
}

static bool incident_now(struct scenario *scenario, struct heal_incident_status *ret_incident) {
    struct heal_engine *engine = scenario->mesh->node[scenario->node].engine;
    for (size_t j = 0; heal_engine_incident(engine, j, ret_incident); j++)
        if (ret_incident->id == scenario->incident)
            return true;
    return false;
}

static bool is_about(const struct heal_incident_status *incident, const char *element) {
    char a[HEAL_NAME_MAX], b[HEAL_NAME_MAX], sign;
    if (sscanf(element, "%31[^->]%c%31s", a, &sign, b) == 3)
        return (strcmp(incident->node, a) == 0 && strcmp(incident->other, b) == 0) ||
               (strcmp(incident->node, b) == 0 && strcmp(incident->other, a) == 0);
    return strcmp(incident->node, element) == 0 || strcmp(incident->other, element) == 0;
}

static const heal_us look_us = 50 * HEAL_US_PER_MS;

static void expect_incident(struct scenario *scenario, const struct sentence *sentence) {
    struct heal_incident_status incident;
    heal_us end = scenario->mesh->now + span_of(sentence->word[5]);
    while (!find_new(scenario, &incident) && scenario->mesh->now < end)
        sim_mesh_run(scenario->mesh, look_us);
    if (!find_new(scenario, &incident)) {
        fail(scenario, "nothing was found within %s", sentence->word[5]);
        return;
    }
    const char *found = heal_diagnosis_slug(incident.ranked[0].diagnosis);
    if (strcmp(found, sentence->word[1]) != 0 || !is_about(&incident, sentence->word[3]))
        fail(scenario, "expected %s on %s, found %s on %s %s", sentence->word[1], sentence->word[3], found,
             incident.node, incident.other);
    printf("  %s on %s %s after %.2f s\n", found, incident.node, incident.other,
           (double)(incident.opened - scenario->since) / 1e6);
}

/* "expect healed|closed within S" */
static void expect_state(struct scenario *scenario, const struct sentence *sentence) {
    bool closed = is(sentence, 1, "closed");
    struct heal_incident_status incident = {.id = 0};
    heal_us end = scenario->mesh->now + span_of(sentence->word[3]);
    for (;;) {
        bool there = incident_now(scenario, &incident);
        if (there && (closed ? incident.closed : incident.healed) != 0)
            break;
        if (scenario->mesh->now >= end) {
            fail(scenario, "not %s within %s", sentence->word[1], sentence->word[3]);
            return;
        }
        sim_mesh_run(scenario->mesh, look_us);
    }
    if (!closed)
        printf("  healed %.2f s after detection\n", (double)(incident.healed - incident.opened) / 1e6);
}

static void expect_quiet(struct scenario *scenario, const struct sentence *sentence) {
    struct heal_incident_status incident;
    scenario->since = scenario->mesh->now;
    sim_mesh_run(scenario->mesh, span_of(sentence->word[3]));
    if (find_new(scenario, &incident))
        fail(scenario, "not quiet: %s on %s %s at %.2f s", heal_diagnosis_slug(incident.ranked[0].diagnosis),
             incident.node, incident.other, (double)incident.opened / 1e6);
}

static void expect_reach(struct scenario *scenario, const struct sentence *sentence) {
    int from = node_of(scenario, sentence->word[1]), to = node_of(scenario, sentence->word[3]);
    double share = from < 0 || to < 0 ? 0 : sim_mesh_delivery(scenario->mesh, from, to);
    if (share < 0.99)
        fail(scenario, "%s reaches %s with a share of %.2f only", sentence->word[1], sentence->word[3],
             share);
}

static void expect_remedy(struct scenario *scenario, const struct sentence *sentence) {
    struct heal_incident_status incident = {.steps = 0};
    enum heal_remedy remedy;
    incident_now(scenario, &incident);
    if (heal_remedy_parse(sentence->word[1], &remedy) < 0) {
        fail(scenario, "nobody knows how to expect \"%s\"", sentence->word[1]);
        return;
    }
    for (size_t i = 0; i < incident.steps; i++)
        if (incident.step[i].remedy == remedy)
            return;
    fail(scenario, "%s was not used", sentence->word[1]);
}

static void expect_no_acts(struct scenario *scenario) {
    for (int i = 0; i < scenario->mesh->nodes; i++)
        for (int kind = 0; kind < HEAL_COMMAND_KINDS; kind++)
            if (heal_command_is_act((enum heal_command_kind)kind) && scenario->mesh->node[i].acts[kind] > 0)
                fail(scenario, "%s did %s", scenario->mesh->node[i].name,
                     heal_command_name((enum heal_command_kind)kind));
}

static void do_expect(struct scenario *scenario, const struct sentence *sentence) {
    if (is(sentence, 2, "on") && is(sentence, 4, "within") && sentence->words == 6)
        expect_incident(scenario, sentence);
    else if ((is(sentence, 1, "healed") || is(sentence, 1, "closed")) && sentence->words == 4)
        expect_state(scenario, sentence);
    else if (is(sentence, 1, "quiet") && sentence->words == 4)
        expect_quiet(scenario, sentence);
    else if (is(sentence, 2, "reaches") && sentence->words == 4)
        expect_reach(scenario, sentence);
    else if (is(sentence, 1, "no") && is(sentence, 2, "acts"))
        expect_no_acts(scenario);
    else if (sentence->words == 2)
        expect_remedy(scenario, sentence);
    else
        fail(scenario, "nobody understands this expectation");
}

static void do_run(struct scenario *scenario, const struct sentence *sentence) {
    sim_mesh_run(scenario->mesh, span_of(sentence->word[1]));
}

static void do_mode(struct scenario *scenario, const struct sentence *sentence) {
    for (int mode = 0; mode < HEAL_MODES; mode++)
        if (is(sentence, 1, heal_mode_name((enum heal_mode)mode)))
            scenario->settings.mode = (enum heal_mode)mode;
}

static const struct {
    const char *word;
    void (*perform)(struct scenario *, const struct sentence *);
    bool needs_mesh;
} verbs[] = {
    {"mode",    do_mode,    false},
    {"mesh",    do_mesh,    false},
    {"run",     do_run,     true },
    {"link",    do_link,    true },
    {"node",    do_node,    true },
    {"service", do_service, true },
    {"expect",  do_expect,  true },
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
        if (is(&sentence, 0, verbs[i].word) && sentence.words > 1) {
            verbs[i].perform(scenario, &sentence);
            return;
        }
    fail(scenario, "nobody understands \"%s\"", sentence.word[0]);
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
        fail(&scenario, "%u packets went in circles", scenario.mesh->loops);
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
