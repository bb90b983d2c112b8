/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* A delay: a direction's packets are sent into a veth pair of the air instead of on to the receiver; a relay
 * process (worker_relay.h) takes them out at its other end, and sends them on when their time has come. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <poll.h>
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
#include "lab/injector.h"
#include "lab/process.h"
#include "lab/worker_relay.h"

enum {
    READY_TIMEOUT_MS = 8000,
    DRAIN_MARGIN_MS = 200,
    DRAIN_MOST_MS = 3000, /* what is held for longer is lost at the end */
};

/** A direction that is relayed. */
struct way {
    bool made; /* the pair of interfaces is there */
    struct heal_relay_share *share;
    int memory, channel;
    pid_t pid; /* 0: does not run */
};

struct delay {
    struct way way[HEAL_LAB_DIRECTIONS]; /* by direction */
};

static int make_share(struct way *way, const struct heal_injection *injection,
                      enum heal_lab_direction number) {
    const struct heal_fault *fault = &injection->fault;
    char device[HEAL_IFNAME_MAX];
    void *memory;

    way->memory = memfd_create("relay", MFD_CLOEXEC);
    if (way->memory < 0 || ftruncate(way->memory, sizeof *way->share) < 0)
        return -errno;
    memory = mmap(NULL, sizeof *way->share, PROT_READ | PROT_WRITE, MAP_SHARED, way->memory, 0);
    if (memory == MAP_FAILED)
        return -errno;
    way->share = memory;
    /* By the interface where the direction comes in: one delay a direction, whose second would never get a
     * packet. */
    heal_lab_air_device(fault->link, number, device);
    snprintf(way->share->entrance, HEAL_IFNAME_MAX, "d%.8s-0", device + 1);
    snprintf(way->share->from, HEAL_IFNAME_MAX, "d%.8s-1", device + 1);
    heal_lab_air_device(fault->link, heal_lab_opposite(number), way->share->to);
    way->share->time = fault->time;
    way->share->spread = fault->spread;
    way->share->step = (fault->time + fault->spread) / HEAL_RELAY_STEPS + 1;
    way->share->seed = injection->since ^ (uint64_t)number;
    return 0;
}

static int make_pair(struct heal_lab *lab, struct way *way, struct heal_error *error) {
    static const char *const ip[] = {"ip", "-batch", "-", NULL};
    char wanted[256], said[120] = "";
    struct heal_lab_capture capture = {.input = wanted, .output = said, .size = sizeof said};
    int r;

    snprintf(wanted, sizeof wanted,
             "link add name %s type veth peer name %s\nlink set dev %s up\nlink set dev %s up\n",
             way->share->entrance, way->share->from, way->share->entrance, way->share->from);
    r = heal_lab_exec(lab, HEAL_LAB_AIR, ip, &capture);
    way->made = r == 0;
    if (r == 0)
        return 0;
    if (strstr(said, "exists"))
        return heal_error_set(error, -EBUSY, 0, 0, "this direction of the link already has a delay");
    said[strcspn(said, "\n")] = '\0';
    return heal_error_set(error, r < 0 ? r : -EIO, 0, 0, "making a pair of interfaces in the air: %s",
                          r < 0 ? strerror(-r) : said);
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
    if (r < 0)
        return r;
    /* On a busy machine packets are up to 64 ms late without. Only root outside may, and only from there. */
    (void)sched_setscheduler(way->pid, SCHED_FIFO, &priority);
    return 0;
}

static int start_relay(struct heal_lab *lab, struct way *way) {
    struct pollfd ready = {.events = POLLIN};
    int ends[2];
    int r, said = -EIO;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return -errno;
    way->channel = ready.fd = ends[0];
    r = spawn(lab, way, ends[1]);
    close(ends[1]);
    if (r < 0)
        return r;
    if (poll(&ready, 1, READY_TIMEOUT_MS) <= 0)
        return -ETIMEDOUT;
    return read(way->channel, &said, sizeof said) == (ssize_t)sizeof said ? said : -EIO;
}

static int start(struct heal_faults *faults, const struct heal_injection *injection, struct way *way,
                 enum heal_lab_direction number, struct heal_error *error) {
    struct heal_lab *lab = heal_faults_lab(faults);
    char rule[64];
    int r = make_share(way, injection, number);

    if (r < 0)
        return heal_error_set(error, r, 0, 0, "memory for the relay: %s", strerror(-r));
    r = make_pair(lab, way, error);
    if (r < 0)
        return r;
    r = start_relay(lab, way);
    if (r < 0)
        return heal_error_set(error, r, 0, 0, "starting the relay: %s", strerror(-r));
    snprintf(rule, sizeof rule, "counter fwd to \"%s\"", way->share->entrance);
    r = heal_injection_rules(faults, injection, injection->fault.link, number, rule);
    return r == 0 ? 0 : heal_error_set(error, r, 0, 0, "setting the rule in the air: %s", strerror(-r));
}

static void end_relay(struct way *way) {
    heal_us longest = way->share->time + way->share->spread;
    int64_t timeout = (int64_t)(longest / HEAL_US_PER_MS) + DRAIN_MARGIN_MS;
    struct pollfd end = {.fd = heal_process_open(way->pid), .events = POLLIN};

    (void)shutdown(way->channel, SHUT_RDWR);
    if (end.fd >= 0) {
        (void)poll(&end, 1, (int)(timeout < DRAIN_MOST_MS ? timeout : DRAIN_MOST_MS));
        close(end.fd);
    }
    (void)kill(way->pid, SIGKILL);
    (void)heal_process_wait(way->pid);
    way->pid = 0;
}

/* The relay goes on until the last packet that it holds; the rule is away by then. */
static int stop(struct heal_lab *lab, struct way *way) {
    int r = 0;

    if (way->pid > 0)
        end_relay(way);
    if (way->made) {
        const char *const ip[] = {"ip", "link", "del", "dev", way->share->entrance, NULL};

        r = heal_lab_exec(lab, HEAL_LAB_AIR, ip, NULL);
    }
    if (way->share)
        (void)munmap(way->share, sizeof *way->share);
    if (way->memory >= 0)
        close(way->memory);
    if (way->channel >= 0)
        close(way->channel);
    return r > 0 ? -EIO : r;
}

static int undo(struct heal_faults *faults, struct heal_injection *injection) {
    struct delay *delay = injection->state;
    int r = 0;

    for (enum heal_lab_direction i = HEAL_LAB_A_TO_B; i < HEAL_LAB_DIRECTIONS; i++) {
        int rule =
            delay->way[i].pid > 0 ? heal_injection_rules(faults, injection, injection->fault.link, i, "") : 0;
        int result = stop(heal_faults_lab(faults), &delay->way[i]);

        r = r < 0 ? r : rule < 0 ? rule : result;
    }
    free(delay);
    injection->state = NULL;
    return r;
}

static int apply(struct heal_faults *faults, struct heal_injection *injection, struct heal_error *error) {
    struct delay *delay = calloc(1, sizeof *delay);
    int r = 0;

    if (!delay)
        return heal_error_set(error, -ENOMEM, 0, 0, "out of memory");
    for (enum heal_lab_direction i = HEAL_LAB_A_TO_B; i < HEAL_LAB_DIRECTIONS; i++)
        delay->way[i].memory = delay->way[i].channel = -1;
    injection->state = delay;
    for (enum heal_lab_direction i = HEAL_LAB_A_TO_B; r == 0 && i < HEAL_LAB_DIRECTIONS; i++)
        if (heal_fault_suffers(&injection->fault, i))
            r = start(faults, injection, &delay->way[i], i, error);
    if (r < 0)
        (void)undo(faults, injection);
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

static bool has_ended(const struct way *way) {
    siginfo_t info = {0};

    return waitid(P_PID, (id_t)way->pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0 || info.si_pid != 0;
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

const struct heal_injector heal_injector_delay = {.apply = apply, .measure = measure, .undo = undo};
