/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * What heald reads of batman-adv (linux/batman_adv.h): the mesh, its hard interfaces, originators, neighbours
 * and gateways. Pure: one decoded frame in, plain data out. Throughputs (BATMAN V) are in kbit/s throughout,
 * whatever unit the kernel has for them where; 0: not told, as with BATMAN IV, which has TQ instead.
 */
#ifndef HEAL_WIRE_BATADV_H
#define HEAL_WIRE_BATADV_H

#include "heal/types.h"
#include "wire/netlink_frame.h"

/** A mesh interface, such as bat0. */
struct heal_batadv_mesh {
    uint32_t ifindex;
    char ifname[HEAL_IFNAME_MAX];
    char algorithm[32];   /**< BATMAN_IV or BATMAN_V */
    uint8_t gateway_mode; /**< enum batadv_gw_modes */
    uint32_t originator_interval_ms;
    bool has_gateway_mode;
};

/** An interface that the mesh runs over. */
struct heal_batadv_hard {
    char ifname[HEAL_IFNAME_MAX];
    uint8_t hop_penalty;               /**< of 255, besides the mesh's */
    uint32_t elp_interval_ms;          /**< BATMAN V; 0: not told */
    uint32_t throughput_override_kbit; /**< 0: none, the measured one counts */
    bool has_hop_penalty, has_elp_interval, has_throughput_override;
};

/** One way to a node of the mesh; that which is taken is marked. */
struct heal_batadv_originator {
    uint32_t ifindex;
    char ifname[HEAL_IFNAME_MAX];
    uint8_t mac[6], neighbour[6]; /**< of the node; of the next hop */
    bool best;
    uint32_t last_seen_ms;
    uint8_t tq; /**< of 255 */
};

/** A neighbour. One that is dead stays listed for half a minute and more: judge by last_seen_ms. */
struct heal_batadv_neighbour {
    uint32_t ifindex;
    char ifname[HEAL_IFNAME_MAX];
    uint8_t mac[6];
    uint32_t last_seen_ms;
    uint32_t throughput_kbit;
};

/** A node that offers a way out of the mesh; that which this node has chosen is marked. */
struct heal_batadv_gateway {
    uint8_t mac[6];
    bool best;
    uint32_t down_100kbit, up_100kbit; /**< as it announces them */
};

/** Each reads one frame of the answer that it is called after. @return 0 or -EBADMSG, with nothing written.
 */
int heal_batadv_mesh_decode(const struct heal_netlink_frame *frame, struct heal_batadv_mesh *ret_mesh);
int heal_batadv_hard_decode(const struct heal_netlink_frame *frame, struct heal_batadv_hard *ret_hard);
int heal_batadv_originator_decode(const struct heal_netlink_frame *frame,
                                  struct heal_batadv_originator *ret_originator);
int heal_batadv_neighbour_decode(const struct heal_netlink_frame *frame,
                                 struct heal_batadv_neighbour *ret_neighbour);
int heal_batadv_gateway_decode(const struct heal_netlink_frame *frame,
                               struct heal_batadv_gateway *ret_gateway);

#endif
