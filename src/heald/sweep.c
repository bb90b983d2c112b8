/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/sweep.h"

#include "heald/options.h"
#include "net/claim.h"
#include "net/socket_holder.h"
#include "os/nftables.h"
#include "os/override.h"
#include "os/privilege.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct sweep {
    FILE *out;
    unsigned taken_back;
    bool failed;
};

static void tell(struct sweep *sweep, const char *what, int code) {
    if (code < 0) {
        sweep->failed = true;
        fprintf(stderr, "heald: not taken back: %s: %s%s\n", what, strerror(-code),
                code == -EPERM ? " (CAP_NET_ADMIN is missing)" : "");
    } else {
        sweep->taken_back++;
        fprintf(sweep->out, "taken back: %s\n", what);
    }
}

static void tell_route(void *context, const struct heal_command_route *route, int code) {
    char prefix[HEAL_ADDRESS_TEXT], peer[HEAL_ADDRESS_TEXT], words[160];

    snprintf(words, sizeof words, "override route %s via %s dev %s metric %u",
             heal_prefix_format(&route->prefix, prefix), heal_address_format(&route->via.peer, peer),
             route->via.ifname, (unsigned)route->metric);
    tell(context, words, code);
}

static void sweep_routes(struct sweep *sweep) {
    int r = heal_overrides_remove(tell_route, sweep);

    /* Of a route that stays it was told; else it could not even look. */
    if (r < 0 && !sweep->failed)
        tell(sweep, "override routes", r);
}

static void sweep_quarantines(struct sweep *sweep) {
    static const char WORDS[] = "quarantine of neighbours (nftables: table netdev heald)";
    int r = heal_nftables_is_there();

    if (r > 0)
        tell(sweep, WORDS, heal_nftables_delete());
    else if (r == -EPERM || r == -EACCES)
        tell(sweep, WORDS, r);
    /* Else there is no nftables in the kernel, so no table either. */
}

/* @return the process that is a heald at work here (0: it cannot be told which), or a negative number. */
static int guardian(const char *socket, const char *user) {
    struct heal_user known = {.uid = geteuid()};
    (void)heal_user_find(user, &known);
    int r = heal_claim_holder(known.uid);

    return r < 0 && socket[0] ? heal_socket_holder(socket, NULL) : r;
}

int heald_sweep(const char *socket, const char *user, FILE *out) {
    struct sweep sweep = {.out = out};
    int process = guardian(socket, user);

    if (process >= 0) {
        fprintf(stderr, "heald: nothing is taken back: a heald is running here%s", process > 0 ? "" : "\n");
        if (process > 0)
            fprintf(stderr, ": process %d\n", process);
        return HEALD_EXIT_FAILED;
    }
    sweep_routes(&sweep);
    sweep_quarantines(&sweep);
    if (sweep.taken_back == 0 && !sweep.failed)
        fprintf(out, "nothing was left to be taken back\n");
    return sweep.failed ? HEALD_EXIT_UNKNOWN : HEALD_EXIT_OK;
}
