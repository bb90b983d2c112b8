/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "lab/traffic.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lab/clock.h"
#include "lab/lab_state.h"
#include "lab/process.h"
#include "lab/traffic_share.h"

struct heal_traffic {
    struct heal_traffic_share *share;
    size_t size;
    int memory;
    pid_t pid; /* 0: there are no flows */
};

static int map_share(struct heal_traffic *traffic, const struct heal_lab *lab) {
    const struct heal_topology *topology = &lab->topology;
    void *memory;

    traffic->size = sizeof *traffic->share + topology->flows * sizeof traffic->share->flow[0];
    traffic->memory = memfd_create("traffic", MFD_CLOEXEC);
    if (traffic->memory < 0 || ftruncate(traffic->memory, (off_t)traffic->size) < 0)
        return -errno;
    memory = mmap(NULL, traffic->size, PROT_READ | PROT_WRITE, MAP_SHARED, traffic->memory, 0);
    if (memory == MAP_FAILED)
        return -errno;
    traffic->share = memory;
    traffic->share->flows = topology->flows;
    for (unsigned i = 0; i < topology->flows; i++) {
        struct heal_traffic_flow *flow = &traffic->share->flow[i];

        flow->wanted = topology->flow[i];
        flow->from = heal_topology_address(topology->flow[i].from);
        flow->to = heal_topology_address(topology->flow[i].to);
        flow->from_network = lab->node[topology->flow[i].from].network;
        flow->to_network = lab->node[topology->flow[i].to].network;
    }
    return 0;
}

/* Into no node's namespaces: a node that is paused or killed must not stop the count. */
static int start(struct heal_lab *lab, struct heal_traffic *traffic) {
    char memory[16];
    const char *const argv[] = {lab->worker, "traffic", memory, NULL};
    int passed[HEAL_LAB_NODES_MAX + 1];
    struct heal_lab_program program = {
        .place = HEAL_LAB_AIR, .argv = argv, .input = -1, .output = -1, .apart = true, .passed = passed};
    char path[HEAL_LAB_PATH_MAX];
    int log =
        open(heal_lab_file(lab, -1, "traffic.log", path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    int r;

    snprintf(memory, sizeof memory, "%d", traffic->memory);
    passed[program.passed_count++] = traffic->memory;
    for (unsigned i = 0; i < lab->topology.nodes; i++)
        passed[program.passed_count++] = lab->node[i].network;
    program.error = log;
    r = heal_lab_spawn(lab, &program, &traffic->pid);
    if (log >= 0)
        close(log);
    return r;
}

int heal_traffic_start(struct heal_lab *lab) {
    struct heal_traffic *traffic;
    int r;

    if (lab->traffic && lab->traffic->pid > 0)
        return -EALREADY;
    heal_traffic_free(lab);
    traffic = calloc(1, sizeof *traffic);
    if (!traffic)
        return -ENOMEM;
    lab->traffic = traffic;
    r = map_share(traffic, lab);
    if (r == 0 && lab->topology.flows > 0)
        r = start(lab, traffic);
    if (r < 0)
        heal_traffic_free(lab);
    return r;
}

void heal_traffic_free(struct heal_lab *lab) {
    struct heal_traffic *traffic = lab->traffic;

    if (!traffic)
        return;
    if (traffic->pid > 0) {
        (void)kill(traffic->pid, SIGKILL);
        (void)heal_process_wait(traffic->pid);
    }
    if (traffic->share)
        (void)munmap(traffic->share, traffic->size);
    if (traffic->memory >= 0)
        close(traffic->memory);
    free(traffic);
    lab->traffic = NULL;
}

int heal_traffic_read(const struct heal_lab *lab, unsigned flow, heal_us from, heal_us to,
                      struct heal_traffic_count *ret_count) {
    uint64_t first = from / HEAL_TRAFFIC_BUCKET_US, last = to / HEAL_TRAFFIC_BUCKET_US;
    struct heal_traffic_count count = {0};

    if (!lab->traffic)
        return -ENODATA;
    if (flow >= lab->traffic->share->flows)
        return -EINVAL;
    if (heal_lab_now() / HEAL_TRAFFIC_BUCKET_US - first >= HEAL_TRAFFIC_BUCKETS || to < from)
        return -ERANGE;
    for (uint64_t index = first; index < last; index++) {
        const struct heal_traffic_bucket *bucket =
            &lab->traffic->share->flow[flow].bucket[index % HEAL_TRAFFIC_BUCKETS];
        uint64_t received, large;

        if (bucket->index != index)
            continue;
        large = bucket->received[HEAL_TRAFFIC_LARGE];
        received = bucket->received[HEAL_TRAFFIC_SMALL] + large;
        count.large_sent += bucket->sent[HEAL_TRAFFIC_LARGE];
        count.large_lost += bucket->sent[HEAL_TRAFFIC_LARGE] - large;
        count.sent += bucket->sent[HEAL_TRAFFIC_SMALL] + bucket->sent[HEAL_TRAFFIC_LARGE];
        count.received += received;
        count.late += bucket->late;
    }
    count.lost = count.sent - count.received;
    *ret_count = count;
    return 0;
}

int heal_traffic_read_all(const struct heal_lab *lab, heal_us from, heal_us to,
                          struct heal_traffic_count *ret_count) {
    struct heal_traffic_count sum = {0};

    for (unsigned i = 0; i < lab->topology.flows; i++) {
        struct heal_traffic_count one;
        int r = heal_traffic_read(lab, i, from, to, &one);

        if (r < 0)
            return r;
        sum.sent += one.sent;
        sum.received += one.received;
        sum.lost += one.lost;
        sum.late += one.late;
        sum.large_sent += one.large_sent;
        sum.large_lost += one.large_lost;
    }
    *ret_count = sum;
    return 0;
}
