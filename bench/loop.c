/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The whole loop on real links: faults, one after the other, in two meshes of eight nodes at the same time,
 * one with heald on its nodes and one with babeld alone (at its fair best: link-detect, wireless, a hello a
 * second). The wire, the kernel, babeld and the traffic are real; detection and repair are timed against the
 * injection. */
#include "trial/report.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* The flows are n0>n1>n2, n2>n3>n4, n4>n5>n6 and n6>n7>n0; each link and node is the place of at most one
 * link's and one node's fault, so that no trial finds what an earlier one has taught about its place. */
static const struct heal_trial trials[] = {
    {"loss n0-n1 20%",                 "", HEAL_LINK_LOSS,      HEAL_HARM_TRAFFIC, false},
    {"forwarding n3 off",              "", HEAL_NOT_FORWARDING, HEAL_HARM_TRAFFIC, true },
    {"mtu n4-n5 1300",                 "", HEAL_MTU_BLACKHOLE,  HEAL_HARM_TRAFFIC, false},
    {"delay n7-n0 150ms",              "", HEAL_LINK_LATENCY,   HEAL_HARM_TRAFFIC, false},
    {"service n4 worker",              "", HEAL_SERVICE_DOWN,   HEAL_HARM_SERVICE, true },
    {"rate n1-n2 200kbit",             "", HEAL_RATE_LIMITED,   HEAL_HARM_TRAFFIC, false},
    {"loss n2>n3 30%",                 "", HEAL_ONE_WAY_LINK,   HEAL_HARM_TRAFFIC, false},
    {"noise -20,-110 radius 40 +26dB", "", HEAL_INTERFERENCE,   HEAL_HARM_TRAFFIC, false},
    {"flap n6-n7 down 600ms every 2s", "", HEAL_LINK_FLAP,      HEAL_HARM_TRAFFIC, false},
    {"down n3-n4",                     "", HEAL_NEIGHBOUR_LOST, HEAL_HARM_TRAFFIC, true },
    {"flush-routes n7",                "", HEAL_ROUTES_LOST,    HEAL_HARM_TRAFFIC, true },
    {"cpu n2 50%",                     "", HEAL_NODE_OVERLOAD,  HEAL_HARM_CPU,     false},
    {"pause n1",                       "", HEAL_NEIGHBOUR_LOST, HEAL_HARM_TRAFFIC, true },
    {"leak n6 1MiB/s",                 "", HEAL_MEMORY_LEAK,    HEAL_HARM_MEMORY,  false},
    {"blackhole n5 n6",                "", HEAL_NOT_FORWARDING, HEAL_HARM_TRAFFIC, true },
};

/* Long enough that what happens before the repair does not decide the ratio by itself: half a minute. */
static const struct heal_trial_pace pace = {.least = 30 * HEAL_US_PER_S,
                                            .most = 30 * HEAL_US_PER_S,
                                            .healed_for = 5 * HEAL_US_PER_S,
                                            .after_least = 5 * HEAL_US_PER_S,
                                            .after_most = 90 * HEAL_US_PER_S};

static volatile sig_atomic_t interrupted;

static void on_signal(int number) {
    interrupted = number;
}

static bool go_on(void *context) {
    (void)context;
    return !interrupted;
}

/* The built-in ring, with a radio where the noise will be. */
static void make_topology(struct heal_topology *topology) {
    int link;

    heal_topology_init(topology);
    link = heal_topology_link_named(topology, "n5-n6");
    topology->link[link].has_radio = true;
    topology->link[link].radio =
        (struct heal_radio){.power_dbm = 20, .frequency_mhz = 5200, .noise_dbm = -95, .exponent = 2.3};
}

static void hear(void *context, enum heal_trial_news news, double after_s,
                 enum heal_findings_news findings_news, const struct heal_sighting *sighting) {
    (void)context, (void)findings_news;
    switch (news) {
    case HEAL_TRIAL_SIGHTING:
        fprintf(stderr, "  %7.2f s  n%u: %s %s\n", after_s, sighting->node,
                heal_decision_name(sighting->decision.kind), sighting->decision.text);
        return;
    case HEAL_TRIAL_HEALED:
        fprintf(stderr, "  %7.2f s  the harm is over\n", after_s);
        return;
    case HEAL_TRIAL_FAULT_OUT:
        fprintf(stderr, "  %7.2f s  fault out\n", after_s);
        return;
    case HEAL_TRIAL_CALM:
        fprintf(stderr, "  %7.2f s  all is calm\n", after_s);
        return;
    case HEAL_TRIAL_FAULT_IN:
        return;
    }
}

static void print_result(FILE *out, const struct heal_trial *trial, const struct heal_trial_result *result) {
    char detected[16] = "never", healed[16] = "never";

    if (result->detected)
        snprintf(detected, sizeof detected, "%.2f s", result->detect_s);
    if (result->healed)
        snprintf(healed, sizeof healed, "%.2f s", result->heal_s);
    fprintf(out, "%-32s detected %-8s healed after %-8s %-16s %-5s lost %llu, without %llu%s%s\n",
            trial->fault, detected, healed, result->detected ? heal_diagnosis_slug(result->diagnosis) : "-",
            result->right ? "right" : "wrong", (unsigned long long)result->lost[HEAL_TWIN_WITH],
            (unsigned long long)result->lost[HEAL_TWIN_WITHOUT],
            result->verified ? "" : "; could not be measured: ", result->verified ? "" : result->measured);
}

/* @param only the first word of the faults to try; NULL: all. @return how many were tried. */
static size_t run_all(struct heal_twin *twin, const char *only, bool loud, struct heal_trial *tried,
                      struct heal_trial_result *results) {
    const struct heal_trial_ear ear = {.hear = loud ? hear : NULL, .go_on = go_on};
    struct heal_witness *witness = NULL;
    size_t count = 0;

    if (heal_witness_new(twin->lab[HEAL_TWIN_WITH], &witness) < 0)
        return 0;
    for (size_t i = 0; i < HEAL_COUNT(trials) && !interrupted; i++) {
        struct heal_error error = {0};
        int r;

        if (only && strncmp(only, trials[i].fault, strlen(only)) != 0)
            continue;
        if (loud)
            fprintf(stderr, "%s\n", trials[i].fault);
        r = heal_trial_run(twin, witness, &trials[i], &pace, &ear, &results[count], &error);
        if (r == -EINTR)
            break;
        if (r < 0) {
            fprintf(stderr, "loop: %s: %s\n", trials[i].fault, error.what);
            results[count] = (struct heal_trial_result){0};
        }
        print_result(stderr, &trials[i], &results[count]);
        tried[count++] = trials[i];
    }
    heal_witness_free(witness);
    return count;
}

static int report(bool json, const struct heal_trial *tried, const struct heal_trial_result *results,
                  size_t count) {
    json_t *root = heal_trial_report(tried, results, count);

    if (!root)
        return 70;
    (void)json_object_set_new(root, "version", json_string(HEAL_VERSION));
    if (json)
        (void)json_dumpf(root, stdout, JSON_COMPACT);
    for (size_t i = 0; !json && i < count; i++)
        print_result(stdout, &tried[i], &results[i]);
    if (!json)
        printf(
            "lost without heald for each lost with it: %.1f; right at first: %.0f %%; acts elsewhere: %lld",
            json_number_value(json_object_get(root, "lost_ratio")),
            100 * json_number_value(json_object_get(root, "right_first")),
            json_integer_value(json_object_get(root, "wrong_node")));
    putchar('\n');
    json_decref(root);
    return 0;
}

int main(int argc, char **argv) {
    static const struct option options[] = {
        {"json", no_argument,       NULL, 'j'},
        {"only", required_argument, NULL, 'o'},
        {"loud", no_argument,       NULL, 'l'},
        {NULL,   0,                 NULL, 0  }
    };
    static struct heal_trial_result results[HEAL_COUNT(trials)];
    static struct heal_trial tried[HEAL_COUNT(trials)];
    const struct heal_twin_options how = {.seed = 1, .go_on = go_on};
    static struct heal_topology topology;
    const char *only = NULL;
    bool json = false, loud = false;
    struct heal_error error = {0};
    struct heal_twin twin;
    size_t count = 0;
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        json = json || option == 'j';
        loud = loud || option == 'l';
        only = option == 'o' ? optarg : only;
        if (option == '?')
            return 64;
    }
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    make_topology(&topology);
    int r = heal_twin_open(&topology, &how, &twin, &error);
    if (r < 0)
        fprintf(stderr, "loop: %s\n", error.what);
    else
        count = run_all(&twin, only, loud, tried, results);
    heal_twin_close(&twin);
    return r < 0 ? 2 : interrupted ? 130 : report(json, tried, results, count);
}
