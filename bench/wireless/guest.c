/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* wifi_guest CASE with|alone [FOLDER]: runs in the guest of bench/wifi. Makes two meshes, has both suffer the
 * same at the same time, and writes to /out/CASE.json what was lost and, of the mesh with heald, when it was
 * seen and when it was over. CASE is a number of the table in case.c. In FOLDER is kept what explains a run.
 */
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "lab/process.h"
#include "trial/findings.h"
#include "wireless/case.h"
#include "wireless/gateway.h"
#include "wireless/ping.h"
#include "wireless/way.h"

enum { WARM_UP_S = 12 };

static const heal_us tick_us = HEAL_US_PER_S / 10; /* a ping each */
/* Of the last seconds: a mesh that still loses then is not healed. */
static const heal_us healed_for_us = 4 * HEAL_US_PER_S;

struct trial {
    const struct wifi_case *of;
    struct ping ping[SCENE_MESHES];
    struct gateway gateway[SCENE_MESHES];
    struct way way[SCENE_MESHES], back[SCENE_MESHES]; /* from node 0 to the far end, and from there */
    FILE *course;                                     /* NULL: it is not kept */
    heal_us fault_at, end_at;
    heal_us
        late_us; /* by how much the latest ping was sent too late: the guest was short of processor time */
};

static const char *const client[SCENE_MESHES] = {"n0", "n4"}, *const far_end[SCENE_MESHES] = {"n3", "n7"};

static int write_air(const struct wifi_case *of, double after_s) {
    FILE *out = fopen("/tmp/air-next", "we");

    if (!out)
        return -errno;
    scene_write(out, of->change, after_s);
    return fclose(out) != 0 || rename("/tmp/air-next", "/tmp/air") < 0 ? -errno : 0;
}

static int make_meshes(const struct wifi_case *of, bool with_heald) {
    const char *const argv[] = {"/tree/bench/wireless/meshes", of->algorithm, of->through_gateway ? "1" : "0",
                                with_heald ? "1" : "0", NULL};

    return heal_process_run(argv, NULL);
}

static int open_sockets(struct trial *trial) {
    const char *target = trial->of->through_gateway ? GATEWAY_BEYOND : "10.9.0.4";
    int r = 0;

    for (int mesh = 0; mesh < SCENE_MESHES && r == 0; mesh++) {
        r = ping_init(&trial->ping[mesh], client[mesh], target);
        if (r == 0)
            r = gateway_init(&trial->gateway[mesh], client[mesh]);
        if (r == 0)
            r = way_init(&trial->way[mesh], client[mesh], (unsigned)mesh * SCENE_NODES + SCENE_NODES - 1);
        if (r == 0)
            r = way_init(&trial->back[mesh], far_end[mesh], (unsigned)mesh * SCENE_NODES);
    }
    return r;
}

static void wait_until(struct trial *trial, heal_us then) {
    struct pollfd waits[2 * SCENE_MESHES];

    for (int mesh = 0; mesh < SCENE_MESHES; mesh++) {
        waits[2 * mesh] = (struct pollfd){.fd = trial->ping[mesh].socket, .events = POLLIN};
        waits[2 * mesh + 1] = (struct pollfd){.fd = trial->gateway[mesh].socket, .events = POLLIN};
    }
    for (heal_us now = heal_clock_now(); now < then; now = heal_clock_now()) {
        (void)poll(waits, 2 * SCENE_MESHES, (int)((then - now + 999) / 1000));
        for (int mesh = 0; mesh < SCENE_MESHES; mesh++) {
            ping_receive(&trial->ping[mesh], heal_clock_now());
            gateway_follow(&trial->gateway[mesh]);
        }
    }
}

/* In both meshes. */
static void lose_uplink(int node) {
    for (int mesh = 0; mesh < SCENE_MESHES && node >= 0; mesh++) {
        char netns[16];
        const char *const argv[] = {"ip", "-n", netns, "link", "set", "wan", "down", NULL};

        snprintf(netns, sizeof netns, "n%d", mesh * SCENE_NODES + node);
        if (heal_process_run(argv, NULL) != 0)
            fprintf(stderr, "wifi: %s has no uplink to lose\n", netns);
    }
}

/* The clock is that of the healds' decisions. */
static void note(const struct trial *trial, heal_us at, const char *client_of, const char *what, int by) {
    if (trial->course)
        fprintf(trial->course, "%.6f %s %s %d\n", (double)at / HEAL_US_PER_S, client_of, what, by);
}

static void look(const struct trial *trial, struct way *way, const char *from) {
    unsigned via = way->via[4];

    way_look(way);
    if (way->via[4] != via)
        note(trial, heal_clock_now(), from, "sends by", way->via[4]);
}

/* Twice a second; what it did before the fault does not count. */
static void look_at_ways(struct trial *trial, int mesh, double before_s, double after_s) {
    if (before_s < 0 && after_s >= 0)
        way_count(&trial->way[mesh]);
    if (floor(before_s * 2) == floor(after_s * 2))
        return;
    look(trial, &trial->way[mesh], client[mesh]);
    if (trial->course)
        look(trial, &trial->back[mesh], far_end[mesh]);
}

/* Pings from now on, ten a second, and lets the fault take its course after the warm-up. */
static int run(struct trial *trial) {
    heal_us start = heal_clock_now(), at = start;
    double before_s = -WARM_UP_S;
    int r = 0;

    trial->fault_at = start + WARM_UP_S * HEAL_US_PER_S;
    trial->end_at = trial->fault_at + trial->of->seconds * HEAL_US_PER_S;
    for (; at < trial->end_at && r == 0; at += tick_us) {
        heal_us now = heal_clock_now();
        double after_s = ((double)at - (double)trial->fault_at) / HEAL_US_PER_S;

        if (scene_differs(trial->of->change, before_s, after_s))
            r = write_air(trial->of, after_s);
        for (int mesh = 0; mesh < SCENE_MESHES; mesh++)
            look_at_ways(trial, mesh, before_s, after_s);
        lose_uplink(scene_uplink_lost(trial->of->change, before_s, after_s));
        before_s = after_s;
        for (int mesh = 0; mesh < SCENE_MESHES; mesh++)
            ping_send(&trial->ping[mesh], heal_clock_now());
        if (now > at + trial->late_us)
            trial->late_us = now - at;
        wait_until(trial, at + tick_us);
    }
    wait_until(trial, heal_clock_now() + HEAL_US_PER_S);
    return r;
}

/* What the healds saw and did, since the fault. */
struct seen {
    heal_us detected; /* 0: nothing */
    char diagnosis[HEAL_NAME_MAX], remedy[HEAL_NAME_MAX];
};

static void take(struct seen *seen, const struct heal_decision *decision) {
    char remedy[HEAL_NAME_MAX] = "";

    if (decision->kind == HEAL_DECISION_INCIDENT && strstr(decision->text, "opened ") &&
        (seen->detected == 0 || decision->time < seen->detected))
        seen->detected = decision->time;
    if (decision->kind == HEAL_DECISION_DIAGNOSIS && !seen->diagnosis[0])
        (void)heal_decision_value(decision, "diagnosis", seen->diagnosis, sizeof seen->diagnosis);
    if (decision->kind != HEAL_DECISION_PLAN || seen->remedy[0])
        return;
    (void)heal_decision_value(decision, "remedy", remedy, sizeof remedy);
    if (strcmp(remedy, heal_remedy_slug(HEAL_NOTIFY)) != 0)
        memcpy(seen->remedy, remedy, sizeof remedy);
}

static void read_decisions(const struct trial *trial, struct seen *seen) {
    for (unsigned node = 0; node < SCENE_NODES; node++) {
        char path[64], line[512];

        snprintf(path, sizeof path, "/tmp/decisions.%u", node);
        FILE *in = fopen(path, "re");
        while (in && fgets(line, sizeof line, in)) {
            struct heal_decision decision;

            line[strcspn(line, "\n")] = '\0';
            if (heal_sighting_parse(line, &decision) == 0 && decision.time >= trial->fault_at)
                take(seen, &decision);
        }
        if (in)
            fclose(in);
    }
}

static double seconds(heal_us duration) {
    return round((double)duration / (HEAL_US_PER_S / 100)) / 100;
}

/* The time to see it, and from then on to lose no more. */
static void report_healing(const struct trial *trial, const struct seen *seen, json_t *root) {
    heal_us last;
    bool healed;

    (void)ping_lost(&trial->ping[SCENE_WITH], trial->fault_at, &last);
    healed = seen->detected != 0 && last + healed_for_us < trial->end_at;
    (void)json_object_set_new(root, "detect_s",
                              seen->detected ? json_real(seconds(seen->detected - trial->fault_at))
                                             : json_null());
    (void)json_object_set_new(root, "heal_s",
                              healed ? json_real(last > seen->detected ? seconds(last - seen->detected) : 0)
                                     : json_null());
    (void)json_object_set_new(root, "diagnosis", json_string(seen->diagnosis));
    (void)json_object_set_new(root, "remedy", json_string(seen->remedy));
}

static void report_ways(const struct trial *trial, json_t *root) {
    (void)json_object_set_new(root, "returns_alone", json_integer(trial->way[SCENE_ALONE].returns));
    (void)json_object_set_new(root, "returns_with", json_integer(trial->way[SCENE_WITH].returns));
}

static int report(const struct trial *trial, const char *name, bool with_heald) {
    unsigned lost[SCENE_MESHES];
    struct seen seen = {0};
    char path[64];
    heal_us last;

    for (int mesh = 0; mesh < SCENE_MESHES; mesh++)
        lost[mesh] = ping_lost(&trial->ping[mesh], trial->fault_at, &last);
    json_t *root = json_pack(
        "{s:s, s:s, s:i, s:i, s:i, s:f}", "kind", trial->of->kind, "algorithm", trial->of->algorithm, "sent",
        (int)ping_sent(&trial->ping[SCENE_WITH], trial->fault_at), "lost_alone", (int)lost[SCENE_ALONE],
        "lost_with", (int)lost[SCENE_WITH], "late_s", seconds(trial->late_us));
    report_ways(trial, root);
    if (with_heald)
        read_decisions(trial, &seen);
    report_healing(trial, &seen, root);
    snprintf(path, sizeof path, "/out/%s.json", name);
    int r = json_dump_file(root, path, JSON_COMPACT);
    json_decref(root);
    return r;
}

/* What was lost, as late as now: an answer may come after the next ping. */
static void note_losses(const struct trial *trial) {
    for (int mesh = 0; mesh < SCENE_MESHES; mesh++)
        for (unsigned i = 0; i < trial->ping[mesh].sent; i++)
            if (!trial->ping[mesh].answered[i])
                note(trial, trial->ping[mesh].sent_at[i], client[mesh], "lost ping", (int)i);
}

static int begin_course(struct trial *trial, const char *folder) {
    char path[PATH_MAX];

    snprintf(path, sizeof path, "%s/course", folder);
    if (mkdir(folder, 0777) < 0 && errno != EEXIST)
        return -errno;
    trial->course = fopen(path, "we");
    return trial->course ? 0 : -errno;
}

/* In the order of time but for what was lost, which is known only at the end. */
static int end_course(struct trial *trial, const char *folder, bool with_heald) {
    const char *const argv[] = {"/tree/bench/wireless/keep", folder, with_heald ? "1" : "0", NULL};

    note(trial, trial->fault_at, client[SCENE_WITH], "suffers case", (int)(trial->of - wifi_cases));
    note_losses(trial);
    return fclose(trial->course) != 0 ? -errno : heal_process_run(argv, NULL);
}

int main(int argc, char **argv) {
    static struct trial trial;
    const char *folder = argc > 3 ? argv[3] : NULL;
    size_t number = argc > 2 ? strtoul(argv[1], NULL, 10) : wifi_cases_count;
    bool with_heald;
    int r;

    if (number >= wifi_cases_count) {
        fprintf(stderr, "usage: wifi_guest CASE with|alone [FOLDER]; there are %zu cases\n",
                wifi_cases_count);
        return 64;
    }
    trial.of = &wifi_cases[number];
    with_heald = strcmp(argv[2], "with") == 0;
    r = folder ? begin_course(&trial, folder) : 0;
    if (r == 0)
        r = write_air(trial.of, -1);
    if (r == 0)
        r = make_meshes(trial.of, with_heald);
    if (r == 0)
        r = open_sockets(&trial);
    if (r == 0)
        r = run(&trial);
    if (r == 0)
        r = report(&trial, argv[1], with_heald);
    if (r == 0 && folder)
        r = end_course(&trial, folder, with_heald);
    if (r != 0)
        fprintf(stderr, "wifi: %s: %s\n", trial.of->kind,
                r < 0 ? strerror(-r) : "the meshes could not be made");
    return r != 0;
}
