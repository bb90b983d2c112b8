/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* How the simulation grows with the mesh: 16 to 10,000 nodes with radios, scattered at random, in which
 * something is always sick. What a link costs must not depend on how many there are; what the caches hold
 * does. Processor time, one core. */
#include "sim/sim.h"

#include "sim/sim_state.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const unsigned sizes[] = {16, 64, 256, 1000, 10000};
enum { SIZES = sizeof sizes / sizeof sizes[0], WARM_S = 20, PARTS = 3 };

/* So much is simulated of each size, in node seconds: enough to be measured, and the largest fits in a
 * minute. */
static const unsigned node_seconds = 60000, seconds_least = 12;

struct growth {
    unsigned nodes, links, seconds, incidents;
    double speed;   /* virtual seconds a second */
    double link_us; /* processor time of a link's virtual second */
};

static double processor_s(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void count(void *context, unsigned node, const struct heal_decision *decision) {
    (void)node;
    *(unsigned *)context +=
        decision->kind == HEAL_DECISION_INCIDENT && strstr(decision->text, "role=owner") != NULL;
}

/* One link in 200 falls sick at the beginning of each part, and is well again at its end. */
static int run_part(struct heal_sim *sim, struct heal_random *random, unsigned seconds) {
    unsigned sick = sim->links / 200 + 1, first = heal_random_next(random);
    for (unsigned i = 0; i < sick; i++) {
        struct heal_sim_link *link = heal_sim_disturb(sim, (first + i * 197) % sim->links);
        link->direction[0].loss = link->direction[0].loss_full = 0.3;
    }
    int r = heal_sim_run(sim, seconds * HEAL_US_PER_S);
    for (unsigned i = 0; i < sick; i++)
        heal_sim_mend(sim, (first + i * 197) % sim->links);
    return r;
}

static bool measure(unsigned nodes, uint64_t seed, struct growth *ret_growth) {
    struct heal_sim_plan plan = {0};
    struct heal_settings settings;
    struct heal_random random;
    struct heal_sim *sim;
    heal_settings_init(&settings);
    settings.mode = HEAL_MODE_ACT;
    heal_random_init(&random, seed);
    const struct heal_sim_options options = {.settings = &settings, .seed = seed, .radio = true};
    bool made = heal_sim_plan_draw(HEAL_SIM_RANDOM, nodes, seed, &plan) == 0;
    settings.ports_max = (uint16_t)heal_sim_plan_degree(&plan);
    made = made && heal_sim_new(&plan, &options, &sim) == 0;
    heal_sim_plan_deinit(&plan);
    if (!made)
        return false;
    unsigned part = node_seconds / nodes / PARTS;
    part = part < seconds_least / PARTS ? seconds_least / PARTS : part;
    *ret_growth = (struct growth){.nodes = nodes, .links = sim->links, .seconds = part * PARTS};
    made = heal_sim_run(sim, WARM_S * HEAL_US_PER_S) == 0;
    sim->ear = (struct heal_sim_ear){.context = &ret_growth->incidents, .decided = count};
    double begun = processor_s();
    for (unsigned i = 0; made && i < PARTS; i++)
        made = run_part(sim, &random, part) == 0;
    double took = processor_s() - begun;
    ret_growth->speed = ret_growth->seconds / took;
    ret_growth->link_us = took * 1e6 / ret_growth->seconds / sim->links;
    heal_sim_free(sim);
    return made;
}

static void print_json(const struct growth *growth, double speed_1000, double growth_ratio) {
    printf("{\"sizes\":[");
    for (unsigned i = 0; i < SIZES; i++)
        printf(
            "%s{\"nodes\":%u,\"links\":%u,\"seconds\":%u,\"incidents\":%u,\"speed\":%.1f,\"link_us\":%.3f}",
            i ? "," : "", growth[i].nodes, growth[i].links, growth[i].seconds, growth[i].incidents,
            growth[i].speed, growth[i].link_us);
    printf("],\"speed_1000\":%.1f,\"link_ratio\":%.3f,\"version\":\"%s\"}\n", speed_1000, growth_ratio,
           HEAL_VERSION);
}

static void print_table(const struct growth *growth, double growth_ratio) {
    printf("  nodes   links  virtual s  incidents   x real time   us a link and second\n");
    for (unsigned i = 0; i < SIZES; i++)
        printf("%7u %7u %10u %10u %13.1f %22.3f\n", growth[i].nodes, growth[i].links, growth[i].seconds,
               growth[i].incidents, growth[i].speed, growth[i].link_us);
    printf("a link of 10,000 nodes costs %.2f times that of 256\n", growth_ratio);
}

int main(int argc, char **argv) {
    static const struct option options[] = {
        {"json", no_argument,       NULL, 'j'},
        {"seed", required_argument, NULL, 's'},
        {NULL,   0,                 NULL, 0  }
    };
    struct growth growth[SIZES];
    uint64_t seed = 1;
    bool json = false;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == '?')
            return 64;
        json = json || option == 'j';
        seed = option == 's' ? strtoull(optarg, NULL, 10) : seed;
    }
    double speed_1000 = 0;
    for (unsigned i = 0; i < SIZES; i++) {
        if (!measure(sizes[i], seed, &growth[i])) {
            fprintf(stderr, "growth: no memory for %u nodes\n", sizes[i]);
            return 70;
        }
        speed_1000 = sizes[i] == 1000 ? growth[i].speed : speed_1000;
    }
    double ratio = growth[SIZES - 1].link_us / growth[2].link_us;
    if (json)
        print_json(growth, speed_1000, ratio);
    else
        print_table(growth, ratio);
    return 0;
}
