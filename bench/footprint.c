/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What heald costs a node with eight neighbours, its helper included, at one round a second: resident memory
 * and processor time, beside netdata and prometheus-node-exporter (scraped once a second) on the same node in
 * the same run. */
#include "lab/lab.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LEAVES = 8, HUB = 0, SETTLE_S = 20, PROGRAMS = 4 };

static const char *const name[PROGRAMS] = {"heald", "helper", "netdata", "node_exporter"};

struct usage {
    double rss_bytes, cpu_s;
    bool there;
};

static void star(struct heal_topology *topology) {
    memset(topology, 0, sizeof *topology);
    heal_name_copy(topology->name, sizeof topology->name, "footprint");
    topology->nodes = LEAVES + 1;
    for (unsigned i = 0; i < topology->nodes; i++)
        snprintf(topology->node[i].name, sizeof topology->node[i].name, "n%u", i);
    topology->links = LEAVES;
    for (unsigned i = 0; i < LEAVES; i++)
        topology->link[i] = (struct heal_topology_link){.a = HUB, .b = i + 1};
}

/* The sums over a process of the hub and all that descends from it, by its PID in the hub. */
static const char *const measure_script =
    "sum=0; rss=0; todo=\"$1\"; while [ -n \"$todo\" ]; do set -- $todo; pid=$1; shift; todo=\"$*\"; "
    "[ -r /proc/$pid/stat ] || continue; "
    "set -- $todo $(cat /proc/$pid/task/*/children 2>/dev/null); todo=\"$*\"; "
    "t=$(sed 's/.*) //' /proc/$pid/stat | cut -d' ' -f12,13); set -- $t; sum=$((sum + $1 + $2)); "
    "r=$(sed -n 's/^VmRSS:[^0-9]*\\([0-9]*\\).*/\\1/p' /proc/$pid/status); rss=$((rss + ${r:-0})); done; "
    "echo $sum $rss";

static struct usage measure(struct heal_lab *lab, long pid) {
    char number[24], answer[256];
    const char *const argv[] = {"sh", "-c", measure_script, "measure", number, NULL};
    struct heal_lab_capture capture = {.output = answer, .size = sizeof answer};
    struct usage usage = {.there = false};
    unsigned long ticks, kib;
    snprintf(number, sizeof number, "%ld", pid);
    if (pid > 0 && heal_lab_exec(lab, HUB, argv, &capture) == 0 &&
        sscanf(answer, "%lu %lu", &ticks, &kib) == 2 && kib > 0)
        usage = (struct usage){.rss_bytes = (double)kib * 1024,
                               .cpu_s = (double)ticks / (double)sysconf(_SC_CLK_TCK),
                               .there = true};
    return usage;
}

/* A peer, started in the hub; the shell that starts it writes the PID that the hub knows it by. */
static long start_peer(struct heal_lab *lab, const char *script) {
    char answer[64] = "";
    const char *const argv[] = {"sh", "-c", script, NULL};
    struct heal_lab_capture capture = {.output = answer, .size = sizeof answer};
    if (heal_lab_exec(lab, HUB, argv, &capture) != 0)
        return 0;
    return strtol(answer, NULL, 10);
}

static const char *const netdata_script =
    "command -v netdata >/dev/null || exit 1; d=$(mktemp -d); "
    "setsid netdata -D -u \"$(id -un)\" -i 127.0.0.1 -p 19999 -W set global 'cache directory' $d "
    "-W set global 'lib directory' $d -W set global 'log directory' $d -W set directories cache $d "
    "-W set directories lib $d -W set directories log $d >/dev/null 2>&1 </dev/null & echo $!";

static const char *const exporter_script =
    "command -v prometheus-node-exporter >/dev/null || exit 1; "
    "setsid prometheus-node-exporter --web.listen-address=127.0.0.1:9100 >/dev/null 2>&1 </dev/null & "
    "echo $!; "
    "setsid sh -c 'while sleep 1; do curl -s -o /dev/null http://127.0.0.1:9100/metrics; done' "
    ">/dev/null 2>&1 </dev/null &";

static json_t *figures(const struct usage *before, const struct usage *after, double seconds) {
    if (!before->there || !after->there)
        return json_null();
    return json_pack("{s:f,s:f}", "rss_bytes", after->rss_bytes, "cpu_share",
                     (after->cpu_s - before->cpu_s) / seconds);
}

static char *version_of(const char *command, char *buffer, size_t size) {
    FILE *stream = popen(command, "r");
    buffer[0] = '\0';
    if (stream && fgets(buffer, (int)size, stream) != NULL)
        buffer[strcspn(buffer, "\n")] = '\0';
    if (stream)
        pclose(stream);
    return buffer;
}

static void add_versions(json_t *result) {
    char text[128];
    json_object_set_new(result, "version", json_string(HEAL_VERSION));
    json_object_set_new(
        result, "netdata_version",
        json_string(version_of("dpkg-query -W -f '${Version}' netdata-core 2>/dev/null", text, sizeof text)));
    json_object_set_new(
        result, "node_exporter_version",
        json_string(version_of("dpkg-query -W -f '${Version}' prometheus-node-exporter 2>/dev/null", text,
                               sizeof text)));
}

static void print_row(const char *what, const json_t *row) {
    if (json_is_null(row))
        printf("%-16s not measured here\n", what);
    else
        printf("%-16s %7.2f MB resident   %6.3f %% of a core\n", what,
               json_number_value(json_object_get(row, "rss_bytes")) / 1e6,
               100 * json_number_value(json_object_get(row, "cpu_share")));
}

/* The helper, which is heald's only child; it is in heald's sums, too. */
static long find_helper(struct heal_lab *lab, long heald) {
    char number[24], answer[64] = "";
    const char *const argv[] = {"sh", "-c", "cat /proc/$1/task/*/children", "find", number, NULL};
    struct heal_lab_capture capture = {.output = answer, .size = sizeof answer};
    snprintf(number, sizeof number, "%ld", heald);
    return heal_lab_exec(lab, HUB, argv, &capture) == 0 ? strtol(answer, NULL, 10) : 0;
}

static json_t *run(struct heal_lab *lab, unsigned seconds) {
    long heald = heal_lab_daemon_pid(lab, HUB, HEAL_LAB_HEALD);
    long pid[PROGRAMS] = {heald, find_helper(lab, heald), start_peer(lab, netdata_script),
                          start_peer(lab, exporter_script)};
    struct usage before[PROGRAMS], after[PROGRAMS];
    struct timespec wait = {.tv_sec = SETTLE_S};
    nanosleep(&wait, NULL);
    for (int i = 0; i < PROGRAMS; i++)
        before[i] = measure(lab, pid[i]);
    wait.tv_sec = seconds;
    nanosleep(&wait, NULL);
    json_t *result = json_object();
    for (int i = 0; i < PROGRAMS; i++) {
        after[i] = measure(lab, pid[i]);
        json_object_set_new(result, name[i], figures(&before[i], &after[i], seconds));
    }
    json_object_set_new(result, "neighbours", json_integer(LEAVES));
    json_object_set_new(result, "seconds", json_integer(seconds));
    add_versions(result);
    return result;
}

int main(int argc, char **argv) {
    static const struct option options[] = {
        {"json",    no_argument,       NULL, 'j'},
        {"seconds", required_argument, NULL, 's'},
        {NULL,      0,                 NULL, 0  }
    };
    static struct heal_topology topology;
    HEAL_CLEANUP(heal_lab_close_pointer) struct heal_lab *lab = NULL;
    struct heal_error error;
    bool json = false;
    unsigned seconds = 30;
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'j')
            json = true;
        else if (option == 's')
            seconds = (unsigned)strtoul(optarg, NULL, 10);
        else
            return 64;
    }
    star(&topology);
    struct heal_lab_options how = {.with_heald = true, .mode = HEAL_MODE_ACT};
    if (heal_lab_open(&topology, &how, &lab, &error) < 0) {
        fprintf(stderr, "footprint: %s\n", error.what);
        return 2;
    }
    if (heal_lab_wait_converged(lab, 30 * HEAL_US_PER_S, NULL) < 0)
        fprintf(stderr, "footprint: the lab did not converge\n");
    json_t *result = run(lab, seconds);
    if (json)
        json_dumpf(result, stdout, JSON_COMPACT);
    else
        for (int i = 0; i < PROGRAMS; i++)
            print_row(name[i], json_object_get(result, name[i]));
    printf("%s", json ? "\n" : "");
    json_decref(result);
    return 0;
}
