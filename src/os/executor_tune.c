/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Tuning: one setting of a mesh or of a radio, from the value that is on record to another, and back; and an
 * interface of the mesh taken out and given back. */
#include "os/batadv.h"
#include "os/executor_parts.h"
#include "os/netlink.h"
#include "os/radio_tuning.h"

#include <errno.h>
#include <net/if.h>
#include <string.h>

enum { RENEW_TRIES = 5 };

static bool is_of_radio(enum heal_tuning what) {
    return what == HEAL_TUNE_CHANNEL || what == HEAL_TUNE_POWER;
}

static int get(const struct heal_job *job, uint32_t *ret_value) {
    const struct heal_command_tune *tune = &job->command.tune;
    return is_of_radio(tune->what)
               ? heal_radio_get(tune->what, tune->ifname, ret_value)
               : heal_batadv_get(job->executor->options.batadv, tune->what, tune->ifname, ret_value);
}

static int set(const struct heal_job *job) {
    const struct heal_command_tune *tune = &job->command.tune;
    return is_of_radio(tune->what)
               ? heal_radio_set(tune->what, tune->ifname, tune->value)
               : heal_batadv_set(job->executor->options.batadv, tune->what, tune->ifname, tune->value);
}

/* Answers with the kernel's word. */
static void finish(struct heal_job *job, int code) {
    if (code == -EPERM) {
        heal_job_finish(job, code, "not permitted: CAP_NET_ADMIN is missing");
    } else {
        heal_job_finish(job, code, "%s", code < 0 ? strerror(-code) : "done");
    }
}

/* The two follow each other at once: nobody is to be killed in between. What does not go back in at once is
 * tried again here: nobody else knows that it is out. */
void heal_job_mesh_renew(struct heal_job *job) {
    const char *ifname = job->command.link.ifname;
    const char *mesh = job->executor->options.config->routing_interface;
    struct heal_netlink *netlink = job->executor->options.netlink;
    if (!job->executor->options.batadv) {
        heal_job_finish(job, -ENOTSUP, "no batman-adv mesh is configured");
        return;
    }
    int r = if_nametoindex(mesh) == 0 ? -ENODEV : heal_netlink_link_master(netlink, ifname, "");
    if (r < 0) {
        finish(job, r);
        return;
    }
    r = heal_netlink_link_master(netlink, ifname, mesh);
    for (int i = 1; r < 0 && i < RENEW_TRIES; i++) {
        r = heal_netlink_link_master(netlink, ifname, mesh);
    }
    if (r < 0) {
        heal_job_finish(job, r, "taken out of %s, and not to be put back: %s", mesh, strerror(-r));
        return;
    }
    finish(job, r);
}

void heal_job_tune(struct heal_job *job) {
    const struct heal_command_tune *tune = &job->command.tune;
    uint32_t now;
    if ((unsigned)tune->what >= HEAL_TUNINGS) {
        heal_job_finish(job, -EINVAL, "there is no such setting");
        return;
    }
    if (!is_of_radio(tune->what) && !job->executor->options.batadv) {
        heal_job_finish(job, -ENOTSUP, "no batman-adv mesh is configured");
        return;
    }
    int r = get(job, &now);
    if (r == 0 && now != tune->from) {
        /* What would be put back is on record, and must be what was there; what heald has not set stays. */
        heal_job_finish(job, tune->back ? 0 : -ESTALE, "left at %u: heald has not set that", now);
        return;
    }
    r = r < 0 ? r : set(job);
    finish(job, r);
}
