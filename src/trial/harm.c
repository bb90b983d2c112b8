/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "trial/harm.h"

static const heal_us window_us = 500 * HEAL_US_PER_MS;
/* A packet may take so long to arrive, and is then still counted. */
static const heal_us settle_us = 400 * HEAL_US_PER_MS;
static const double flow_share = 0.02, cpu_share = 0.5;

static int process_of(const struct heal_harm *harm, struct heal_lab *lab) {
    int pid =
        heal_lab_service_pid(lab, harm->fault->node, heal_fault_service(harm->fault, heal_lab_topology(lab)));

    return pid > 0 ? pid : 0;
}

/* Processor time that a process of a node has used, in seconds. @return 0 or negative errno. */
static int burnt_by(struct heal_lab *lab, unsigned node, int pid, double *ret_burnt_s) {
    struct heal_lab_process process;
    int r = heal_lab_process_read(lab, node, pid, &process);

    if (r == 0)
        *ret_burnt_s = process.cpu_s;
    return r;
}

static bool traffic_suffers(const struct heal_twin *twin, heal_us from, heal_us to) {
    const struct heal_lab *lab = twin->lab[HEAL_TWIN_WITH];

    for (unsigned flow = 0; flow < heal_lab_topology(lab)->flows; flow++) {
        struct heal_traffic_count count;

        if (heal_traffic_read(lab, flow, from, to, &count) == 0 &&
            (double)(count.lost + count.late) > flow_share * (double)count.sent)
            return true;
    }
    return false;
}

static bool burns(struct heal_harm *harm, struct heal_lab *lab, heal_us span) {
    int pid = process_of(harm, lab);
    bool same = pid == harm->process;
    double burnt = 0, share;

    /* Nobody could tell: it has not been seen to stop. */
    if (pid > 0 && burnt_by(lab, harm->fault->node, pid, &burnt) < 0)
        return true;
    share = (burnt - harm->burnt_s) / ((double)span / (double)HEAL_US_PER_S);
    harm->process = pid;
    harm->burnt_s = burnt;
    return same && share > cpu_share * harm->fault->share;
}

static bool suffers(struct heal_harm *harm, const struct heal_twin *twin, heal_us from, heal_us to) {
    struct heal_lab *lab = twin->lab[HEAL_TWIN_WITH];
    int pid;

    switch (harm->kind) {
    case HEAL_HARM_TRAFFIC:
        return traffic_suffers(twin, from, to);
    case HEAL_HARM_SERVICE:
        return process_of(harm, lab) == 0;
    case HEAL_HARM_CPU:
        return burns(harm, lab, to - from);
    case HEAL_HARM_MEMORY:
        pid = process_of(harm, lab);
        return pid == 0 || pid == harm->process;
    }
    return false;
}

void heal_harm_begin(struct heal_harm *harm, enum heal_harm_kind kind, const struct heal_fault *fault,
                     const struct heal_twin *twin, heal_us now) {
    *harm = (struct heal_harm){.kind = kind, .fault = fault, .looked = now};
    if (kind == HEAL_HARM_TRAFFIC)
        return;
    harm->process = process_of(harm, twin->lab[HEAL_TWIN_WITH]);
    if (kind == HEAL_HARM_CPU && harm->process > 0 &&
        burnt_by(twin->lab[HEAL_TWIN_WITH], fault->node, harm->process, &harm->burnt_s) < 0)
        harm->process = 0; /* there is nothing to compare the first look with */
}

void heal_harm_look(struct heal_harm *harm, const struct heal_twin *twin, heal_us now) {
    heal_us wait = harm->kind == HEAL_HARM_TRAFFIC ? settle_us : 0;

    while (harm->looked + window_us + wait <= now) {
        /* A process is looked at now, whatever window has passed. */
        heal_us to = wait > 0 ? harm->looked + window_us : now;

        if (suffers(harm, twin, harm->looked, to))
            harm->last = to;
        harm->looked = to;
    }
}
