/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* A day in which nothing is wrong: 64 nodes with radios, in virtual time. Load goes with the hour, on
 * processors and links; signals fade, with people and with the weather; links lose a packet now and then, and
 * in short bursts; programs burn a processor for some seconds and grow and shrink; nodes are switched off and
 * on. An incident about anything else than a node that is switched off is a false one. What is done about a
 * false one is harmful if it takes something away: any act but a route, and a route by which a second later
 * less arrives than before. So is a packet that goes in a circle. */
#include "sim/sim.h"

#include "base/text.h"
#include "sim/hand.h"
#include "sim/sim_state.h"

#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NODES = 64, DAY_S = 24 * 3600, WARM_S = 60, WEEK_S = 7 * DAY_S, DETOURS_MAX = 1024 };
/* So long after a node was switched on or off its links are not called healthy yet. */
static const heal_us settle_us = 60 * HEAL_US_PER_S;
/* Chances a second. */
static const double switched_off_chance = 1.0 / 3600; /* of one node of the mesh */
static const double burst_chance = 1.0 / 7200;        /* of a link: it loses a fifth for a second or two */
static const double busy_chance = 1.0 / 1200;         /* of a node: it is busy for two to five seconds */
static const double passer_chance = 1.0 / 600;        /* of a link: someone stands in the way */

struct quiet {
    struct heal_sim *sim;
    struct heal_random random;
    heal_us switched[NODES];  /* last on or off; 0: never */
    unsigned off_for[NODES];  /* seconds */
    unsigned busy_for[NODES]; /* seconds */
    unsigned *burst_for;      /* of a link, seconds */
    unsigned *passer_for;
    double *residual; /* of a link: the share that it always loses */
    struct detour {   /* a route that was changed for a false incident */
        unsigned from, to;
        double delivery; /* just before */
    } detour[DETOURS_MAX];
    unsigned detours;
    unsigned false_incidents, incidents, harmful_acts, acts;
    bool verbose;
};

/* ---- what is judged ---- */

static bool is_unsettled(const struct quiet *quiet, const char *name) {
    int node = heal_sim_find_node(quiet->sim, name);
    return node >= 0 && (quiet->sim->node[node].paused ||
                         (quiet->switched[node] != 0 && quiet->sim->now - quiet->switched[node] < settle_us));
}

/* Is the incident about a node that is switched off, or about a link of one? */
static bool has_cause(const struct quiet *quiet, const struct heal_incident_status *incident) {
    return is_unsettled(quiet, incident->node) || is_unsettled(quiet, incident->other);
}

static bool find(const struct quiet *quiet, unsigned node, uint64_t id,
                 struct heal_incident_status *ret_incident) {
    return id != 0 && heal_engine_incident_find(quiet->sim->node[node].engine, id, ret_incident);
}

static void tell(const struct quiet *quiet, unsigned node, const char *what,
                 const struct heal_incident_status *incident) {
    if (quiet->verbose)
        fprintf(stderr, "%10.2f s %s: %s for %s on %s %s %s\n", (double)quiet->sim->now / 1e6,
                quiet->sim->node[node].name, what, heal_diagnosis_slug(incident->ranked[0].diagnosis),
                incident->node, incident->other, incident->service);
}

static void decided(void *context, unsigned node, const struct heal_decision *decision) {
    struct quiet *quiet = context;
    struct heal_incident_status incident;
    if (decision->kind != HEAL_DECISION_INCIDENT || !strstr(decision->text, "opened") ||
        !find(quiet, node, decision->incident, &incident) || incident.role != HEAL_ROLE_OWNER)
        return;
    quiet->incidents++;
    if (has_cause(quiet, &incident))
        return;
    quiet->false_incidents++;
    tell(quiet, node, "false incident", &incident);
}

static void acts(void *context, unsigned node, const struct heal_command *command) {
    struct quiet *quiet = context;
    struct heal_incident_status incident;
    quiet->acts++;
    if (!find(quiet, node, command->incident, &incident) || has_cause(quiet, &incident))
        return;
    bool is_route = command->kind == HEAL_COMMAND_ROUTE_ADD || command->kind == HEAL_COMMAND_ROUTE_DELETE;
    if (is_route && quiet->detours < DETOURS_MAX) {
        unsigned to = heal_sim_node_at(&command->route.prefix.address);
        quiet->detour[quiet->detours++] = (struct detour){node, to, heal_sim_delivery(quiet->sim, node, to)};
        return;
    }
    quiet->harmful_acts++;
    tell(quiet, node, heal_command_name(command->kind), &incident);
}

/* Links lose what they always lose, and a little more or less by chance of the moment. */
static void judge_detours(struct quiet *quiet) {
    static const double margin = 0.05;
    for (unsigned i = 0; i < quiet->detours; i++) {
        const struct detour *detour = &quiet->detour[i];
        double now = heal_sim_delivery(quiet->sim, detour->from, detour->to);
        bool off = quiet->sim->node[detour->to].paused;
        quiet->harmful_acts += !off && now < detour->delivery - margin;
    }
    quiet->detours = 0;
}

/* ---- what happens ---- */

static bool happens(struct quiet *quiet, double chance) {
    return heal_random_uniform(&quiet->random) < chance;
}

static unsigned seconds_between(struct quiet *quiet, unsigned least, unsigned most) {
    return least + heal_random_next(&quiet->random) % (most - least + 1);
}

/* 0 at four in the morning, 1 at four in the afternoon. */
static double load_at(unsigned second) {
    return 0.5 - 0.5 * cos(2 * M_PI * (second - 4.0 * 3600) / DAY_S);
}

static void stay_off(struct quiet *quiet, unsigned index) {
    if (--quiet->off_for[index] > 0)
        return;
    heal_hand_pause(quiet->sim, index, false);
    quiet->switched[index] = quiet->sim->now;
}

static void live_node(struct quiet *quiet, unsigned index, double load) {
    struct heal_sim_node *node = &quiet->sim->node[index];
    if (quiet->off_for[index] > 0) {
        stay_off(quiet, index);
        return;
    }
    if (quiet->busy_for[index] > 0)
        quiet->busy_for[index]--;
    else if (happens(quiet, busy_chance))
        quiet->busy_for[index] = seconds_between(quiet, 2, 5);
    node->cpu_base =
        quiet->busy_for[index] > 0 ? 0.95 : 0.1 + 0.4 * load + 0.1 * heal_random_uniform(&quiet->random);
    struct heal_sim_service *worker = &node->service[0];
    double wanted = 8e6 + 12e6 * load; /* caches */
    worker->growth = (wanted - worker->rss) / 60 + 5e4 * heal_random_normal(&quiet->random);
}

static void switch_off(struct quiet *quiet) {
    unsigned index = heal_random_next(&quiet->random) % NODES;
    if (quiet->off_for[index] > 0)
        return;
    heal_hand_pause(quiet->sim, index, true);
    quiet->sim->node[index].service[0].growth = 0;
    quiet->switched[index] = quiet->sim->now;
    quiet->off_for[index] = seconds_between(quiet, 60, 1800);
}

static void live_link(struct quiet *quiet, unsigned index, double load, double weather_db) {
    struct heal_sim_link *link = heal_sim_disturb(quiet->sim, index);
    unsigned *burst = &quiet->burst_for[index], *passer = &quiet->passer_for[index];
    *burst = *burst > 0 ? *burst - 1 : happens(quiet, burst_chance) ? seconds_between(quiet, 1, 2) : 0;
    *passer = *passer > 0 ? *passer - 1 : happens(quiet, passer_chance) ? seconds_between(quiet, 3, 20) : 0;
    link->traffic = 20 + 180 * load * heal_random_uniform(&quiet->random);
    for (unsigned side = 0; side < 2; side++) {
        struct heal_sim_direction *direction = &link->direction[side];
        direction->loss = direction->loss_full = *burst > 0 ? 0.2 : quiet->residual[index];
        direction->delay_ms = 2 * load * load * heal_random_uniform(&quiet->random);
        direction->noise_db = weather_db + (*passer > 0 ? 5 : 0); /* a weaker signal, as far as loss goes */
    }
}

/* @return 0 or -ENOMEM. */
static int live(struct quiet *quiet, unsigned second) {
    double load = load_at(second % DAY_S);
    double weather_db = 1.5 - 1.5 * cos(2 * M_PI * second / (5.0 * 3600)); /* rain comes and goes */
    for (unsigned i = 0; i < quiet->sim->nodes; i++)
        live_node(quiet, i, load);
    for (unsigned i = 0; i < quiet->sim->links; i++)
        live_link(quiet, i, load, weather_db);
    if (second > WARM_S && happens(quiet, switched_off_chance))
        switch_off(quiet);
    int r = heal_sim_run(quiet->sim, HEAL_US_PER_S);
    judge_detours(quiet);
    return r;
}

/* ---- the day ---- */

static bool make(struct quiet *quiet, uint64_t seed) {
    struct heal_sim_plan plan = {0};
    struct heal_settings settings;
    heal_settings_init(&settings);
    settings.mode = HEAL_MODE_ACT;
    settings.services = HEAL_SIM_SERVICES;
    static const char *const names[HEAL_SIM_SERVICES] = {"worker", "babeld"};
    for (unsigned i = 0; i < HEAL_SIM_SERVICES; i++) {
        settings.service[i] = (struct heal_service_setting){
            .sheddable = i == 0, .restartable = true, .memory_limit_bytes = 64 << 20};
        heal_name_copy(settings.service[i].name, HEAL_NAME_MAX, names[i]);
    }
    heal_random_init(&quiet->random, seed);
    const struct heal_sim_options options = {.settings = &settings, .seed = seed, .radio = true};
    bool made = heal_sim_plan_draw(HEAL_SIM_RANDOM, NODES, seed, &plan) == 0 &&
                heal_sim_new(&plan, &options, &quiet->sim) == 0;
    heal_sim_plan_deinit(&plan);
    if (!made)
        return false;
    unsigned links = quiet->sim->links;
    quiet->burst_for = calloc(links, sizeof *quiet->burst_for);
    quiet->passer_for = calloc(links, sizeof *quiet->passer_for);
    quiet->residual = calloc(links, sizeof *quiet->residual);
    for (unsigned i = 0; quiet->residual != NULL && i < links; i++)
        quiet->residual[i] = 0.004 * heal_random_uniform(&quiet->random);
    quiet->sim->ear = (struct heal_sim_ear){.context = quiet, .decided = decided, .acts = acts};
    return quiet->burst_for && quiet->passer_for && quiet->residual;
}

static void quiet_deinit(struct quiet *quiet) {
    heal_sim_free(quiet->sim);
    free(quiet->burst_for);
    free(quiet->passer_for);
    free(quiet->residual);
}

static void print(const struct quiet *quiet, uint64_t seed, unsigned seconds, bool json) {
    double node_weeks = (double)NODES * seconds / WEEK_S;
    unsigned harmful = quiet->harmful_acts + quiet->sim->loops;
    if (json)
        printf("{\"seed\":%llu,\"node_weeks\":%.3f,\"false_incidents\":%u,\"false_a_node_week\":%.3f,"
               "\"harmful_acts\":%u,\"incidents\":%u,\"acts\":%u,\"version\":\"%s\"}\n",
               (unsigned long long)seed, node_weeks, quiet->false_incidents,
               quiet->false_incidents / node_weeks, harmful, quiet->incidents, quiet->acts, HEAL_VERSION);
    else
        printf(
            "%.2f node weeks (seed %llu): %u incidents, %u of them false (%.2f a node and week); %u acts, %u "
            "harmful\n",
            node_weeks, (unsigned long long)seed, quiet->incidents, quiet->false_incidents,
            quiet->false_incidents / node_weeks, quiet->acts, harmful);
}

int main(int argc, char **argv) {
    static const struct option options[] = {
        {"json",    no_argument,       NULL, 'j'},
        {"seed",    required_argument, NULL, 's'},
        {"hours",   required_argument, NULL, 'h'},
        {"verbose", no_argument,       NULL, 'v'},
        {NULL,      0,                 NULL, 0  }
    };
    static struct quiet quiet;
    uint64_t seed = 1;
    unsigned seconds = DAY_S;
    bool json = false;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == '?')
            return 64;
        json = json || option == 'j';
        quiet.verbose = quiet.verbose || option == 'v';
        seed = option == 's' ? strtoull(optarg, NULL, 10) : seed;
        seconds = option == 'h' ? (unsigned)(strtod(optarg, NULL) * 3600) : seconds;
    }
    if (!make(&quiet, seed)) {
        fprintf(stderr, "quiet: no memory\n");
        return 70;
    }
    int r = 0;
    for (unsigned second = 0; r == 0 && second < seconds; second++)
        r = live(&quiet, second);
    if (r == 0)
        print(&quiet, seed, seconds, json);
    else
        fprintf(stderr, "quiet: no memory\n");
    quiet_deinit(&quiet);
    return r == 0 ? 0 : 70;
}
