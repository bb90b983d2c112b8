/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* kill -9, again and again: a real mesh under faults that keep every heald acting, and each heald killed at
 * random instants of its work, from the start over intent, act, verification and hold to the undoing. After
 * each kill its database is looked at from outside, and after each restart whether all that was half done
 * has been found, and finished or undone. */
#include "ask.h"
#include "base/cleanup.h"
#include "fault/faults.h"
#include "lab/clock.h"
#include "lab/traffic.h"
#include "victim.h"

#include <errno.h>
#include <ftw.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

enum { VICTIMS = 8, KILLS = 200, EXIT_FAILED = 1, EXIT_CANNOT = 2, EXIT_USAGE = 64, EXIT_NO_LAB = 77 };
static const heal_us tick_us = 2 * HEAL_US_PER_MS;
static const heal_us converge_within_us = 60 * HEAL_US_PER_S, peace_within_us = 120 * HEAL_US_PER_S;
static const heal_us service_dies_every_us = 5 * HEAL_US_PER_S;
/* A fault is there for so long, and away for so long: an undo by order ends with the trouble. */
static const heal_us there_us = 40 * HEAL_US_PER_S, away_us = 12 * HEAL_US_PER_S;

/* Each keeps the healds at its place busy with another remedy. */
static const char *const trouble[] = {"loss n0-n1 25%", "mtu n4-n5 1300", "loss n2>n3 30%", "cpu n6 50%",
                                      "mtu n7-n3 1300"};
static const unsigned with_dying_service[] = {1, 7};

/* Nothing holds heald back from acting again at once after a restart. */
static const char policy[] =
    "guard: {storm-limit: 1000}\n"
    "policy:\n"
    "  link-loss: {cooldown: 0s, max-per-window: 1000, escalate: false, steps: [route-around]}\n"
    "  mtu-blackhole: {cooldown: 0s, max-per-window: 1000, escalate: false, steps: [clamp-mtu]}\n"
    "  one-way-link: {cooldown: 0s, max-per-window: 1000, escalate: false, steps: [link-cost, "
    "route-around]}\n"
    "  node-overload: {cooldown: 0s, max-per-window: 1000, escalate: false, steps: [shed-load]}\n"
    "  service-down: {cooldown: 0s, max-per-window: 1000, escalate: false, steps: [restart-service]}\n";

struct bench {
    char folder[HEAL_LAB_PATH_MAX];
    struct heal_lab *lab;
    struct heal_faults *faults;
    int handle[HEAL_COUNT(trouble)]; /* -1: away */
    heal_us turn[HEAL_COUNT(trouble)];
    heal_us service_dies;
    struct heal_random random;
    struct crash_tally tally;
    int logs;                    /* inotify */
    struct crash_victim *victim; /* VICTIMS of them */
};

static volatile sig_atomic_t interrupted;

static void on_signal(int number) {
    interrupted = number;
}

/* @return whether every heald answers. */
static bool all_answer(struct bench *bench) {
    char path[HEAL_LAB_PATH_MAX];

    for (unsigned i = 0; i < VICTIMS; i++)
        if (crash_ask(heal_lab_file(bench->lab, (int)i, "heald.sock", path), "/v1/status", NULL, NULL) < 0)
            return false;
    return true;
}

static int bring_up(struct bench *bench, struct heal_error *error) {
    static struct heal_topology topology;
    struct heal_lab_options options = {.with_heald = true, .mode = HEAL_MODE_ACT, .heald_extra = policy};
    char name[32];

    heal_topology_init(&topology);
    snprintf(name, sizeof name, "crash-%d", (int)getpid());
    int r = heal_lab_make_folder(name, NULL, bench->folder, error);
    options.folder = bench->folder;
    if (r == 0)
        r = heal_lab_open(&topology, &options, &bench->lab, error);
    if (r < 0)
        return r;
    if (heal_lab_wait_converged(bench->lab, converge_within_us, NULL) < 0)
        return heal_error_set(error, -ETIMEDOUT, 0, 0, "no routes between all nodes");
    if (!all_answer(bench))
        return heal_error_set(error, -ENOTCONN, 0, 0, "a heald does not answer");
    r = heal_traffic_start(bench->lab);
    if (r == 0)
        r = heal_faults_new(bench->lab, 1, &bench->faults);
    return r < 0 ? heal_error_set(error, r, 0, 0, "%s", strerror(-r)) : 0;
}

static int remove_entry(const char *path, const struct stat *about, int type, struct FTW *where) {
    (void)about, (void)type, (void)where;
    (void)remove(path);
    return 0;
}

static void take_down(struct bench *bench) {
    bench->faults = heal_faults_free(bench->faults);
    bench->lab = heal_lab_close(bench->lab);
    if (bench->tally.lost + bench->tally.forgotten + bench->tally.corrupt > 0)
        fprintf(stderr, "crash: all that the healds kept and logged stays in %s\n", bench->folder);
    else if (bench->folder[0])
        (void)nftw(bench->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

/* Puts a fault in, or takes it out, when its turn is over. */
static void turn_trouble(struct bench *bench, size_t i) {
    const struct heal_topology *topology = heal_lab_topology(bench->lab);
    heal_us now = heal_lab_now();
    struct heal_error error = {0};
    struct heal_fault fault;

    if (now < bench->turn[i])
        return;
    if (bench->handle[i] >= 0) {
        (void)heal_faults_undo(bench->faults, bench->handle[i]);
        bench->handle[i] = -1;
        bench->turn[i] = now + away_us;
        return;
    }
    if (heal_fault_parse(trouble[i], topology, &fault, &error) == 0)
        bench->handle[i] = heal_faults_apply(bench->faults, &fault, &error);
    if (bench->handle[i] < 0)
        fprintf(stderr, "crash: %s: %s\n", trouble[i], error.what);
    bench->turn[i] = now + there_us;
}

static void make_trouble(struct bench *bench) {
    heal_us now = heal_lab_now();

    for (size_t i = 0; i < HEAL_COUNT(trouble); i++)
        turn_trouble(bench, i);
    if (now < bench->service_dies)
        return;
    bench->service_dies = now + service_dies_every_us;
    for (size_t i = 0; i < HEAL_COUNT(with_dying_service); i++)
        (void)heal_lab_service_signal(bench->lab, with_dying_service[i], "worker", SIGKILL);
}

/* Until a heald logs something, a victim's time has come, or the tick is over. */
static void wait_for_news(const struct bench *bench) {
    struct pollfd news = {.fd = bench->logs, .events = POLLIN};
    heal_us now = heal_lab_now(), end = now + tick_us;
    char events[4096];

    for (unsigned i = 0; i < VICTIMS; i++)
        if (bench->victim[i].up && bench->victim[i].doomed < end)
            end = bench->victim[i].doomed > now ? bench->victim[i].doomed : now;
    struct timespec wait = {.tv_nsec = (long)(end - now) * 1000};
    if (ppoll(&news, 1, &wait, NULL) > 0)
        (void)!read(bench->logs, events, sizeof events);
}

static void watch(struct bench *bench) {
    wait_for_news(bench);
    heal_faults_tick(bench->faults);
    for (unsigned i = 0; i < VICTIMS; i++)
        crash_victim_watch(&bench->victim[i], &bench->random, &bench->tally);
}

static void tick(struct bench *bench) {
    for (unsigned i = 0; i < VICTIMS; i++) {
        watch(bench);
        crash_victim_tick(&bench->victim[i], &bench->random, &bench->tally);
    }
}

/* The kernel tells when a log grows. @return 0 or a negative errno. */
static int watch_logs(struct bench *bench) {
    bench->logs = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (bench->logs < 0)
        return -errno;
    for (unsigned i = 0; i < VICTIMS; i++)
        if (inotify_add_watch(bench->logs, bench->victim[i].log, IN_MODIFY) < 0)
            return -errno;
    return 0;
}

/* All that is wrong goes away: then nothing of any heald may be left anywhere. */
static void make_peace(struct bench *bench) {
    heal_us end = heal_lab_now() + peace_within_us;
    bool peace[VICTIMS] = {false};
    unsigned left = VICTIMS;

    heal_faults_undo_all(bench->faults);
    while (left > 0 && heal_lab_now() < end && !interrupted) {
        tick(bench);
        for (unsigned i = 0; i < VICTIMS; i++) {
            if (peace[i] || !(peace[i] = crash_victim_is_at_peace(&bench->victim[i])))
                continue;
            left--;
        }
    }
    for (unsigned i = 0; i < VICTIMS && !interrupted; i++) {
        if (!peace[i])
            fprintf(stderr, "crash: %s: forgotten: %s\n", bench->victim[i].name, bench->victim[i].why);
        bench->tally.forgotten += !peace[i];
    }
}

/* The databases as they are in the end, with all that was promised and not taken back. */
static void look_at_the_end(struct bench *bench) {
    for (unsigned i = 0; i < VICTIMS; i++) {
        struct crash_victim *victim = &bench->victim[i];
        sqlite3 *db = NULL;

        if (!crash_disk_copy(victim->state, &db) || !crash_disk_is_whole(victim->state, db, victim->name))
            bench->tally.corrupt++;
        else
            bench->tally.lost += (unsigned)crash_promises_check(&victim->promises, db, victim->name);
        sqlite3_close(db);
    }
}

static void run(struct bench *bench, bool loud) {
    unsigned told = 0;

    for (unsigned i = 0; i < VICTIMS; i++)
        crash_victim_init(&bench->victim[i], bench->lab, i);
    if (watch_logs(bench) < 0)
        fprintf(stderr, "crash: the logs are looked at each %llu ms only\n",
                (unsigned long long)(tick_us * VICTIMS / HEAL_US_PER_MS));
    for (size_t i = 0; i < HEAL_COUNT(trouble); i++) {
        bench->handle[i] = -1;
        bench->turn[i] = heal_lab_now();
    }
    while (bench->tally.kills < bench->tally.wanted && !interrupted) {
        make_trouble(bench);
        tick(bench);
        if (loud && bench->tally.kills >= told + 10)
            fprintf(stderr, "crash: %u kills\n", told = bench->tally.kills);
    }
    make_peace(bench);
    (void)heal_lab_end(bench->lab);
    look_at_the_end(bench);
}

static void report_json(const struct crash_tally *tally, uint64_t seed, double seconds) {
    printf("{\"kills\":%u,\"lost\":%u,\"forgotten\":%u,\"corrupt\":%u,\"promises\":%zu,\"phases\":{",
           tally->kills, tally->lost, tally->forgotten, tally->corrupt, tally->promises);
    for (unsigned i = 0; i < CRASH_PHASES; i++)
        printf("%s\"%s\":%u", i ? "," : "", crash_phase_name((enum crash_phase)i), tally->phase[i]);
    printf("},\"steps\":{");
    for (unsigned i = 0; i <= HEAL_STEP_UNDOING; i++)
        printf("%s\"%s\":%u", i ? "," : "", heal_step_state_name((enum heal_step_state)i),
               tally->under_way[i]);
    printf("},\"seconds\":%.1f,\"seed\":%llu,\"version\":\"" HEAL_VERSION "\"}\n", seconds,
           (unsigned long long)seed);
}

static void report(const struct crash_tally *tally, uint64_t seed, double seconds) {
    printf("%u kills: %u lost of %zu promises, %u forgotten, %u corrupt\nkilled at", tally->kills,
           tally->lost, tally->promises, tally->forgotten, tally->corrupt);
    for (unsigned i = 0; i < CRASH_PHASES; i++)
        printf(" %s %u,", crash_phase_name((enum crash_phase)i), tally->phase[i]);
    printf(" with steps");
    for (unsigned i = 0; i <= HEAL_STEP_UNDOING; i++)
        printf(" %s %u,", heal_step_state_name((enum heal_step_state)i), tally->under_way[i]);
    printf(" in %.0f s; seed %llu\n", seconds, (unsigned long long)seed);
}

int main(int argc, char **argv) {
    static const struct option options[] = {
        {"json",  no_argument,       NULL, 'j'},
        {"kills", required_argument, NULL, 'k'},
        {"seed",  required_argument, NULL, 's'},
        {NULL,    0,                 NULL, 0  }
    };
    static struct crash_victim victims[VICTIMS];
    struct bench bench = {.tally.wanted = KILLS, .victim = victims};
    uint64_t seed = (uint64_t)time(NULL);
    struct heal_error error = {0};
    bool json = false;
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'j')
            json = true;
        else if (option == 'k')
            bench.tally.wanted = (unsigned)strtoul(optarg, NULL, 10);
        else if (option == 's')
            seed = strtoull(optarg, NULL, 10);
        else
            return EXIT_USAGE;
    }
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    heal_random_init(&bench.random, seed);
    if (bring_up(&bench, &error) < 0) {
        fprintf(stderr, "crash: %s\n", error.what);
        int code = bench.lab ? EXIT_CANNOT : EXIT_NO_LAB;

        take_down(&bench);
        return code;
    }
    heal_us begun = heal_lab_now();
    run(&bench, !json || isatty(STDERR_FILENO));
    (json ? report_json : report)(&bench.tally, seed, (double)(heal_lab_now() - begun) / 1e6);
    take_down(&bench);
    const struct crash_tally *tally = &bench.tally;
    return interrupted || tally->kills < tally->wanted || tally->lost + tally->forgotten + tally->corrupt > 0
               ? EXIT_FAILED
               : 0;
}
