/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* A delay: a direction's packets are sent into a veth pair of the air instead of on to the receiver; a relay
 * process (worker_relay.h) takes them out at its other end, and sends them on when their time has come. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "fault/injector.h"
#include "lab/clock.h"
#include "lab/process.h"
#include "lab/worker_relay.h"

enum {
    READY_TIMEOUT_MS = 8000, /* on a busy machine */
    DRAIN_MARGIN_MS = 200,
    DRAIN_MOST_MS = 3000, /* what is held for longer is lost at the end */
    COMMANDS = 512,
};

/** A direction that is relayed. */
struct way {
    struct heal_relay_share *share; /* NULL: it is not */
    int memory, channel;
    pid_t pid; /* 0: does not run */
};

struct delay {
    bool made;   /* there may be pairs of interfaces */
    heal_us end; /* taken back: until then the relays may go on with what they hold */
    struct way way[HEAL_LAB_DIRECTIONS];
};

/* The second on a direction would never get a packet. */
static bool is_taken(const struct heal_faults *faults, const struct heal_injection *injection) {
    const struct heal_fault *fault = &injection->fault;

    for (const struct heal_injection *at = NULL; (at = heal_injection_next(faults, at));)
        if (at != injection && at->fault.kind == HEAL_FAULT_DELAY && at->fault.link == fault->link &&
            ((at->fault.a_to_b && fault->a_to_b) || (at->fault.b_to_a && fault->b_to_a)))
            return true;
    return false;
}

static int make_share(struct way *way, const struct heal_injection *injection,
                      enum heal_lab_direction number) {
    const struct heal_fault *fault = &injection->fault;
    char letter = number == HEAL_LAB_A_TO_B ? 'a' : 'b';
    void *memory;

    way->memory = memfd_create("relay", MFD_CLOEXEC);
    if (way->memory < 0 || ftruncate(way->memory, sizeof *way->share) < 0)
        return -errno;
    memory = mmap(NULL, sizeof *way->share, PROT_READ | PROT_WRITE, MAP_SHARED, way->memory, 0);
    if (memory == MAP_FAILED)
        return -errno;
    way->share = memory;
    /* Of this injection alone: one that was taken back may still be there, until it holds nothing. */
    snprintf(way->share->entrance, HEAL_IFNAME_MAX, "d%x%c0", (unsigned)injection->handle, letter);
    snprintf(way->share->from, HEAL_IFNAME_MAX, "d%x%c1", (unsigned)injection->handle, letter);
    heal_lab_air_device(fault->link, heal_lab_opposite(number), way->share->to);
    way->share->time = fault->time;
    way->share->spread = fault->spread;
    way->share->step = (fault->time + fault->spread) / HEAL_RELAY_STEPS + 1;
    way->share->seed = injection->since ^ (uint64_t)number;
    return 0;
}

static int make_pairs(struct heal_faults *faults, struct delay *delay, struct heal_error *error) {
    static const char *const ip[] = {"ip", "-batch", "-", NULL};
    char commands[COMMANDS], said[120] = "";
    struct heal_text text;
    int r;

    heal_text_init(&text, commands, sizeof commands);
    for (enum heal_lab_direction i = HEAL_LAB_A_TO_B; i < HEAL_LAB_DIRECTIONS; i++) {
        const struct heal_relay_share *share = delay->way[i].share;

        if (share)
            heal_text_add(&text,
                          "link add name %s type veth peer name %s\nlink set dev %s up\nlink set dev %s up\n",
                          share->entrance, share->from, share->entrance, share->from);
    }
    delay->made = true;
    r = heal_injection_run(faults, HEAL_LAB_AIR, ip, commands, said, sizeof said);
    said[strcspn(said, "\n")] = '\0';
    return r == 0 ? 0
                  : heal_error_set(error, r, 0, 0, "making a pair of interfaces in the air: %s",
                                   r != -EIO ? strerror(-r) : said);
}

static int delete_pairs(struct heal_faults *faults, const struct delay *delay) {
    static const char *const ip[] = {"ip", "-force", "-batch", "-", NULL};
    char commands[COMMANDS];
    struct heal_text text;

    heal_text_init(&text, commands, sizeof commands);
    for (enum heal_lab_direction i = HEAL_LAB_A_TO_B; i < HEAL_LAB_DIRECTIONS; i++)
        if (delay->way[i].share)
            heal_text_add(&text, "link del dev %s\n", delay->way[i].share->entrance);
    return heal_injection_run(faults, HEAL_LAB_AIR, ip, commands, NULL, 0);
}

static int spawn(struct heal_lab *lab, struct way *way, int input) {
    char memory[16];
    const char *const argv[] = {heal_lab_worker(lab), "relay", memory, NULL};
    struct sched_param priority = {.sched_priority = 1};
    struct heal_lab_program program = {.place = HEAL_LAB_AIR,
                                       .argv = argv,
                                       .input = input,
                                       .output = -1,
                                       .error = -1,
                                       .apart = true,
                                       .passed = &way->memory,
                                       .passed_count = 1};
    int r;

    snprintf(memory, sizeof memory, "%d", way->memory);
    r = heal_lab_spawn(lab, &program, &way->pid);
    /* On a busy machine packets are up to 64 ms late without. Only root outside may, and only from there. */
    if (r == 0)
        (void)sched_setscheduler(way->pid, SCHED_FIFO, &priority);
    return r;
}

/* It is not ready yet. */
static int start_relay(struct heal_lab *lab, struct way *way) {
    int ends[2];
    int r;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return -errno;
    way->channel = ends[0];
    r = spawn(lab, way, ends[1]);
    close(ends[1]);
    return r;
}

static int await_relay(struct heal_faults *faults, struct way *way, heal_us end) {
    int r = heal_injection_wait(faults, way->channel, end), said;

    if (r < 0)
        return r;
    return read(way->channel, &said, sizeof said) == (ssize_t)sizeof said ? said : -EIO;
}

/* Both at the same time: each has to wait for the kernel to see that its interfaces are there. */
static int start_relays(struct heal_faults *faults, struct delay *delay, struct heal_error *error) {
    heal_us end = heal_lab_now() + READY_TIMEOUT_MS * HEAL_US_PER_MS;
    int r = 0;

    for (enum heal_lab_direction i = HEAL_LAB_A_TO_B; r == 0 && i < HEAL_LAB_DIRECTIONS; i++)
        if (delay->way[i].share)
            r = start_relay(heal_faults_lab(faults), &delay->way[i]);
    for (enum heal_lab_direction i = HEAL_LAB_A_TO_B; r == 0 && i < HEAL_LAB_DIRECTIONS; i++)
        if (delay->way[i].share)
            r = await_relay(faults, &delay->way[i], end);
    return r == 0 ? 0 : heal_error_set(error, r, 0, 0, "starting the relay: %s", strerror(-r));
}

static int lead_through(struct heal_faults *faults, const struct heal_injection *injection,
                        const struct delay *delay, struct heal_error *error) {
    int r = 0;

    for (enum heal_lab_direction i = HEAL_LAB_A_TO_B; r == 0 && i < HEAL_LAB_DIRECTIONS; i++) {
        char rule[64];

        if (!delay->way[i].share)
            continue;
        snprintf(rule, sizeof rule, "counter fwd to \"%s\"", delay->way[i].share->entrance);
        r = heal_injection_rules(faults, injection, injection->fault.link, i, rule);
    }
    return r == 0 ? 0 : heal_error_set(error, r, 0, 0, "setting the rule in the air: %s", strerror(-r));
}

static bool has_ended(const struct way *way) {
    siginfo_t info = {0};

    return waitid(P_PID, (id_t)way->pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0 || info.si_pid != 0;
}

static void free_way(struct way *way) {
    if (way->share)
        (void)munmap(way->share, sizeof *way->share);
    if (way->memory >= 0)
        close(way->memory);
    if (way->channel >= 0)
        close(way->channel);
}

/* A relay goes on until the last packet that it holds. */
static void drain(struct heal_faults *faults, struct heal_injection *injection, heal_us now) {
    struct delay *delay = injection->state;
    bool runs = false;

    for (enum heal_lab_direction i = HEAL_LAB_A_TO_B; i < HEAL_LAB_DIRECTIONS; i++) {
        struct way *way = &delay->way[i];

        if (way->pid > 0 && now >= delay->end)
            (void)kill(way->pid, SIGKILL);
        if (way->pid > 0 && (now >= delay->end || has_ended(way))) {
            (void)heal_process_wait(way->pid);
            way->pid = 0;
        }
        runs = runs || way->pid > 0;
    }
    if (runs)
        return;
    if (delay->made)
        (void)delete_pairs(faults, delay);
    for (enum heal_lab_direction i = HEAL_LAB_A_TO_B; i < HEAL_LAB_DIRECTIONS; i++)
        free_way(&delay->way[i]);
    free(delay);
    injection->state = NULL;
}

/* First the rules: nothing more comes, and both relays let go of what they have. */
static int undo(struct heal_faults *faults, struct heal_injection *injection) {
    struct delay *delay = injection->state;
    heal_us most = injection->fault.time + injection->fault.spread + DRAIN_MARGIN_MS * HEAL_US_PER_MS;
    int r = heal_injection_rules_clear(faults, injection);

    if (most > DRAIN_MOST_MS * HEAL_US_PER_MS)
        most = DRAIN_MOST_MS * HEAL_US_PER_MS;
    delay->end = heal_lab_now() + most;
    for (enum heal_lab_direction i = HEAL_LAB_A_TO_B; i < HEAL_LAB_DIRECTIONS; i++)
        if (delay->way[i].channel >= 0)
            (void)shutdown(delay->way[i].channel, SHUT_RDWR);
    return r;
}

static int apply(struct heal_faults *faults, struct heal_injection *injection, struct heal_error *error) {
    struct delay *delay;
    int r = 0;

    if (is_taken(faults, injection))
        return heal_error_set(error, -EBUSY, 0, 0, "this direction of the link already has a delay");
    delay = calloc(1, sizeof *delay);
    if (!delay)
        return heal_error_set(error, -ENOMEM, 0, 0, "out of memory");
    for (enum heal_lab_direction i = HEAL_LAB_A_TO_B; i < HEAL_LAB_DIRECTIONS; i++)
        delay->way[i].memory = delay->way[i].channel = -1;
    injection->state = delay;
    for (enum heal_lab_direction i = HEAL_LAB_A_TO_B; r == 0 && i < HEAL_LAB_DIRECTIONS; i++)
        if (heal_fault_suffers(&injection->fault, i))
            r = make_share(&delay->way[i], injection, i);
    if (r < 0)
        (void)heal_error_set(error, r, 0, 0, "memory for the relay: %s", strerror(-r));
    if (r == 0)
        r = make_pairs(faults, delay, error);
    if (r == 0)
        r = start_relays(faults, delay, error);
    if (r == 0)
        r = lead_through(faults, injection, delay, error);
    if (r < 0) {
        (void)heal_injection_rules_clear(faults, injection);
        drain(faults, injection, HEAL_NEVER);
    }
    return r;
}

/* The middle one of the delays given in the ways from @p first to @p last. */
static heal_us median(const struct delay *delay, enum heal_lab_direction first,
                      enum heal_lab_direction last) {
    heal_us step = 1;
    uint64_t all = 0, below = 0;

    for (enum heal_lab_direction i = first; i <= last; i++)
        all += delay->way[i].share ? delay->way[i].share->passed : 0;
    for (unsigned index = 0; index < HEAL_RELAY_COUNTS; index++) {
        for (enum heal_lab_direction i = first; i <= last; i++) {
            if (!delay->way[i].share)
                continue;
            below += delay->way[i].share->count[index];
            step = delay->way[i].share->step;
        }
        if (2 * below >= all)
            return index * step + step / 2;
    }
    return HEAL_RELAY_COUNTS * step;
}

/* Within a millisecond or a tenth; and two standard deviations of the median of as many draws. */
static bool is_as_wanted(const struct delay *delay, enum heal_lab_direction number) {
    const struct heal_relay_share *share = delay->way[number].share;
    double wanted = (double)share->time + (double)share->spread / 2, passed = (double)share->passed;
    double off = fabs((double)median(delay, number, number) - wanted);
    double tolerance = wanted / 10 > HEAL_US_PER_MS ? wanted / 10 : (double)HEAL_US_PER_MS;

    return passed > 0 && off <= tolerance + (double)share->spread / sqrt(passed);
}

static void measure(struct heal_faults *faults, const struct heal_injection *injection,
                    struct heal_fault_measured *ret_measured) {
    const struct delay *delay = injection->state;
    heal_us least = HEAL_NEVER, most = 0;
    uint64_t passed = 0, dropped = 0;
    bool ended = false, wanted = true;
    struct heal_text what;

    (void)faults;
    for (enum heal_lab_direction i = HEAL_LAB_A_TO_B; i < HEAL_LAB_DIRECTIONS; i++) {
        const struct heal_relay_share *share = delay->way[i].share;

        if (!share)
            continue;
        ended = ended || has_ended(&delay->way[i]);
        wanted = wanted && is_as_wanted(delay, i);
        passed += share->passed;
        dropped += share->dropped;
        least = share->passed > 0 && share->least < least ? share->least : least;
        most = share->most > most ? share->most : most;
    }
    ret_measured->verified = wanted && !ended;
    heal_text_init(&what, ret_measured->what, sizeof ret_measured->what);
    if (ended)
        heal_text_add(&what, "the relay has ended: nothing passes; ");
    if (passed == 0)
        heal_text_add(&what, "no packets have come to be held");
    else
        heal_text_add(&what, "held %" PRIu64 " packets for %.1f ms (median; %.1f to %.1f)", passed,
                      (double)median(delay, HEAL_LAB_A_TO_B, HEAL_LAB_B_TO_A) / 1000, (double)least / 1000,
                      (double)most / 1000);
    if (dropped > 0)
        heal_text_add(&what, ", dropped %" PRIu64, dropped);
}

const struct heal_injector heal_injector_delay = {
    .apply = apply, .measure = measure, .undo = undo, .drain = drain};
