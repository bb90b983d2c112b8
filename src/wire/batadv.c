/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/batadv.h"

#include "wire/genetlink.h"

#include <errno.h>
#include <linux/batman_adv.h>

enum { KBIT_PER_UNIT = 100 }; /* of the override */

#define ROW(kind_, type_, struct_, member_)                                                                  \
    HEAL_ATTRIBUTE_OF(kind_, BATADV_ATTR_##type_, struct heal_batadv_##struct_, member_)
#define ROW_SEEN(type_, struct_, member_)                                                                    \
    HEAL_ATTRIBUTE_SEEN_OF(NUMBER, BATADV_ATTR_##type_, struct heal_batadv_##struct_, member_, has_##member_)

static const struct heal_attribute mesh_table[] = {
    ROW(NUMBER, MESH_IFINDEX, mesh, ifindex), ROW(NAME, MESH_IFNAME, mesh, ifname),
    ROW(NAME, ALGO_NAME, mesh, algorithm),    ROW(NUMBER, ORIG_INTERVAL, mesh, originator_interval_ms),
    ROW_SEEN(GW_MODE, mesh, gateway_mode),    {0},
};

static const struct heal_attribute hard_table[] = {
    ROW(NAME, HARD_IFNAME, hard, ifname),
    ROW_SEEN(HOP_PENALTY, hard, hop_penalty),
    HEAL_ATTRIBUTE_SEEN_OF(NUMBER, BATADV_ATTR_ELP_INTERVAL, struct heal_batadv_hard, elp_interval_ms,
                           has_elp_interval),
    HEAL_ATTRIBUTE_SEEN_OF(NUMBER, BATADV_ATTR_THROUGHPUT_OVERRIDE, struct heal_batadv_hard,
                           throughput_override_kbit, has_throughput_override),
    {0},
};

static const struct heal_attribute originator_table[] = {
    ROW(NUMBER, HARD_IFINDEX, originator, ifindex),
    ROW(NAME, HARD_IFNAME, originator, ifname),
    ROW(BYTES, ORIG_ADDRESS, originator, mac),
    ROW(BYTES, NEIGH_ADDRESS, originator, neighbour),
    ROW(FLAG, FLAG_BEST, originator, best),
    ROW(NUMBER, LAST_SEEN_MSECS, originator, last_seen_ms),
    ROW(NUMBER, TQ, originator, tq),
    {0},
};

static const struct heal_attribute neighbour_table[] = {
    ROW(NUMBER, HARD_IFINDEX, neighbour, ifindex),
    ROW(NAME, HARD_IFNAME, neighbour, ifname),
    ROW(BYTES, NEIGH_ADDRESS, neighbour, mac),
    ROW(NUMBER, LAST_SEEN_MSECS, neighbour, last_seen_ms),
    ROW(NUMBER, THROUGHPUT, neighbour, throughput_kbit),
    {0},
};

static const struct heal_attribute gateway_table[] = {
    ROW(BYTES, ORIG_ADDRESS, gateway, mac),
    ROW(FLAG, FLAG_BEST, gateway, best),
    ROW(NUMBER, BANDWIDTH_DOWN, gateway, down_100kbit),
    ROW(NUMBER, BANDWIDTH_UP, gateway, up_100kbit),
    {0},
};

/* @return 0 or -EBADMSG: it is no answer of this family, or contradicts itself. */
static int read_answer(const struct heal_netlink_frame *frame, const struct heal_attribute *table,
                       void *into) {
    int r = heal_genetlink_command(frame);
    return r < 0 ? r : heal_genetlink_read(frame, table, into);
}

static uint32_t in_kbit(uint32_t units) {
    return units < UINT32_MAX / KBIT_PER_UNIT ? units * KBIT_PER_UNIT : UINT32_MAX;
}

int heal_batadv_mesh_decode(const struct heal_netlink_frame *frame, struct heal_batadv_mesh *ret_mesh) {
    struct heal_batadv_mesh mesh = {0};
    int r = read_answer(frame, mesh_table, &mesh);
    if (r == 0) {
        *ret_mesh = mesh;
    }
    return r;
}

int heal_batadv_hard_decode(const struct heal_netlink_frame *frame, struct heal_batadv_hard *ret_hard) {
    struct heal_batadv_hard hard = {0};
    int r = read_answer(frame, hard_table, &hard);
    if (r == 0) {
        hard.throughput_override_kbit = in_kbit(hard.throughput_override_kbit);
        *ret_hard = hard;
    }
    return r;
}

int heal_batadv_originator_decode(const struct heal_netlink_frame *frame,
                                  struct heal_batadv_originator *ret_originator) {
    struct heal_batadv_originator originator = {0};
    int r = read_answer(frame, originator_table, &originator);
    if (r == 0) {
        *ret_originator = originator;
    }
    return r;
}

int heal_batadv_neighbour_decode(const struct heal_netlink_frame *frame,
                                 struct heal_batadv_neighbour *ret_neighbour) {
    struct heal_batadv_neighbour neighbour = {0};
    int r = read_answer(frame, neighbour_table, &neighbour);
    if (r == 0) {
        *ret_neighbour = neighbour;
    }
    return r;
}

int heal_batadv_gateway_decode(const struct heal_netlink_frame *frame,
                               struct heal_batadv_gateway *ret_gateway) {
    struct heal_batadv_gateway gateway = {0};
    int r = read_answer(frame, gateway_table, &gateway);
    if (r == 0) {
        *ret_gateway = gateway;
    }
    return r;
}
