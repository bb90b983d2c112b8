/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "healctl/lab_holder.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "lab/clock.h"
#include "lab/traffic.h"

/* A ring of eight takes a few seconds; sixty-four nodes on a busy machine take longer. */
static const heal_us converge_time = 90 * HEAL_US_PER_S;

static int converge(const struct heal_holder_plan *plan, struct heal_holder *holder,
                    struct heal_error *error) {
    const char *name = plan->topology->name;
    int r;

    fprintf(plan->progress, "%s: waiting for routes\n", name);
    r = heal_lab_wait_converged(holder->lab, converge_time, &holder->took);
    if (r == -ETIMEDOUT)
        return heal_error_set(
            error, r, 0, 0,
            "after %d s there still are nodes without a route to each other (%s/*/babeld.log)",
            (int)(converge_time / HEAL_US_PER_S), holder->folder);
    if (r < 0)
        return heal_error_set(error, r, 0, 0, "waiting for routes: %s", strerror(-r));
    fprintf(plan->progress, "%s: routes lead everywhere; that took %.1f s\n", name,
            (double)holder->took / 1e6);
    return 0;
}

static int make(const struct heal_holder_plan *plan, struct heal_holder *holder, struct heal_error *error) {
    const struct heal_topology *topology = plan->topology;
    struct heal_lab_options options = plan->options;
    int r;

    fprintf(plan->progress, "%s: making namespaces for %u nodes, and %u links\n", topology->name,
            topology->nodes, topology->links);
    options.folder = holder->folder;
    r = heal_lab_open(topology, &options, &holder->lab, error);
    if (r == 0)
        r = converge(plan, holder, error);
    if (r < 0)
        return r;
    r = heal_faults_new(holder->lab, (uint64_t)heal_lab_now(), &holder->faults);
    if (r < 0)
        return heal_error_set(error, r, 0, 0, "preparing the faults: %s", strerror(-r));
    r = plan->with_traffic ? heal_traffic_start(holder->lab) : 0;
    return r < 0 ? heal_error_set(error, r, 0, 0, "starting the traffic: %s", strerror(-r)) : 0;
}

int heal_holder_start(const struct heal_holder_plan *plan, struct heal_holder *holder,
                      struct heal_error *error) {
    struct heal_control_lab lab = {.mode = plan->options.mode,
                                   .has_traffic = plan->with_traffic && plan->topology->flows > 0};
    int r;

    *holder = (struct heal_holder){.mode = plan->options.mode};
    r = heal_lab_make_folder(plan->topology->name, plan->options.folder, holder->folder, error);
    if (r == 0)
        r = heal_control_claim(holder->folder, &holder->server, error);
    if (r == 0)
        r = make(plan, holder, error);
    if (r == 0) {
        lab.lab = holder->lab;
        lab.faults = holder->faults;
        r = heal_control_listen(holder->server, &lab);
        if (r < 0)
            heal_error_set(error, r, 0, 0, "%s/lab.sock: %s", holder->folder, strerror(-r));
    }
    if (r < 0)
        heal_holder_end(holder);
    return r;
}

int heal_holder_serve(struct heal_holder *holder) {
    sigset_t ends;
    int stop, r;

    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &ends, NULL) < 0 || (stop = signalfd(-1, &ends, SFD_CLOEXEC)) < 0)
        return -errno;
    r = heal_control_serve(holder->server, stop);
    close(stop);
    return r;
}

void heal_holder_end(struct heal_holder *holder) {
    if (holder->server)
        heal_control_stop(holder->server);
    holder->faults = heal_faults_free(holder->faults);
    if (holder->lab && heal_lab_end(holder->lab) < 0 && holder->server)
        heal_control_ended(holder->server, "not all that ran in it has ended");
    holder->lab = heal_lab_close(holder->lab);
    holder->server = heal_control_free(holder->server);
}
