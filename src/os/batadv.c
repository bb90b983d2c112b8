/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/batadv.h"

#include "base/text.h"
#include "os/batadv_parts.h"
#include "os/link_local.h"
#include "wire/batadv.h"

#include <errno.h>
#include <linux/batman_adv.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

/* A dead neighbour stays listed for half a minute and more. */
enum { ALIVE_MS = 10000, HEARD_MS = 3000 /* of a gateway: it announces itself once a second */ };
/* What a link costs at its best, as babeld counts for a wireless one; and with BATMAN V at 1 Mbit/s. */
enum { COST_BEST = 256, TQ_BEST = 255, COST_OF_1_MBIT = 2560 };

struct nlmsghdr *heal_batadv_request(struct heal_batadv *batadv, uint8_t command, uint16_t flags) {
    batadv->ifindex = if_nametoindex(batadv->ifname);
    if (batadv->ifindex == 0) {
        return NULL;
    }
    struct nlmsghdr *head = heal_genetlink_request(&batadv->family, command, flags);
    mnl_attr_put_u32(head, BATADV_ATTR_MESH_IFINDEX, batadv->ifindex);
    return head;
}

static void hand_on(const struct heal_batadv *batadv, const struct heal_reading *reading) {
    batadv->sink->take(batadv->sink->context, reading);
}

static void take_mesh(void *context, const struct heal_netlink_frame *frame) {
    struct heal_batadv *batadv = context;
    struct heal_reading *reading = &batadv->mesh;
    struct heal_batadv_mesh mesh;
    if (heal_batadv_mesh_decode(frame, &mesh) < 0 || mesh.ifindex != batadv->ifindex) {
        return;
    }
    batadv->found = true;
    *reading = (struct heal_reading){.kind = HEAL_READING_MESH};
    memcpy(reading->mesh.ifname, batadv->ifname, sizeof(reading->mesh.ifname));
    reading->mesh.by_throughput = strcmp(mesh.algorithm, "BATMAN_V") == 0;
    reading->mesh.gateway = mesh.gateway_mode <= HEAL_GATEWAY_SERVER ? mesh.gateway_mode : HEAL_GATEWAY_OFF;
    reading->mesh.originator_ms = mesh.originator_interval_ms;
    reading->mesh.chosen_ms = UINT32_MAX;
}

static void take_hard(void *context, const struct heal_netlink_frame *frame) {
    const struct heal_batadv *batadv = context;
    struct heal_reading reading = {.kind = HEAL_READING_HARD};
    struct heal_batadv_hard hard;
    if (heal_batadv_hard_decode(frame, &hard) < 0 || !hard.ifname[0]) {
        return;
    }
    memcpy(reading.hard.ifname, hard.ifname, sizeof(reading.hard.ifname));
    reading.hard.has_penalty = hard.has_hop_penalty;
    reading.hard.penalty = hard.hop_penalty;
    reading.hard.elp_ms = hard.elp_interval_ms;
    reading.hard.has_override = hard.has_throughput_override;
    reading.hard.override_kbit = hard.throughput_override_kbit;
    hand_on(batadv, &reading);
}

static struct heal_batadv_known *find(struct heal_batadv *batadv, uint32_t ifindex, const uint8_t mac[6]) {
    for (size_t i = 0; i < batadv->neighbours; i++) {
        struct heal_batadv_known *known = &batadv->known[i];
        if (known->ifindex == ifindex && memcmp(known->mac, mac, sizeof(known->mac)) == 0) {
            return known;
        }
    }
    return NULL;
}

static void take_neighbour(void *context, const struct heal_netlink_frame *frame) {
    struct heal_batadv *batadv = context;
    struct heal_batadv_neighbour neighbour;
    if (heal_batadv_neighbour_decode(frame, &neighbour) < 0 || !neighbour.ifname[0] ||
        batadv->neighbours == HEAL_BATADV_NEIGHBOURS_MAX) {
        return;
    }
    struct heal_port_key port = heal_link_local_port(neighbour.ifname, neighbour.mac);
    struct heal_batadv_known *known = &batadv->known[batadv->neighbours++];
    *known = (struct heal_batadv_known){.ifindex = neighbour.ifindex,
                                        .alive = neighbour.last_seen_ms < ALIVE_MS,
                                        .neighbour = {.port = port},
                                        .relay = {.port = port}};
    memcpy(known->mac, neighbour.mac, sizeof(known->mac));
    known->neighbour.present = known->alive;
    known->neighbour.cost = UINT16_MAX - 1;
    if (neighbour.throughput_kbit) {
        uint64_t cost = (uint64_t)COST_OF_1_MBIT * 1000 / neighbour.throughput_kbit;
        known->neighbour.cost = cost < UINT16_MAX ? (uint16_t)cost : UINT16_MAX - 1;
    }
}

/* All entries of one node have been read: counts it to the neighbour that passes it on. */
static void end_ways(struct heal_batadv *batadv) {
    struct heal_batadv_ways *ways = &batadv->ways;
    if (ways->best) {
        ways->best->relay.returned = (uint16_t)(ways->best->relay.returned +
                                                heal_hops_note(&batadv->hops, ways->mac, ways->best->mac));
    }
    if (ways->best && memcmp(ways->best->mac, ways->mac, sizeof(ways->mac)) == 0) {
        ways->best->relay.direct = ways->best->alive;
    } else if (ways->best) {
        ways->best->relay.destinations++;
        ways->best->relay.alone = (uint16_t)(ways->best->relay.alone + (ways->others == 0));
    }
    *ways = (struct heal_batadv_ways){0};
}

static void take_gateway(void *context, const struct heal_netlink_frame *frame) {
    struct heal_batadv *batadv = context;
    struct heal_batadv_gateway gateway;
    if (heal_batadv_gateway_decode(frame, &gateway) < 0 || batadv->gateways == HEAL_BATADV_GATEWAYS_MAX) {
        return;
    }
    struct heal_batadv_out *out = &batadv->gateway[batadv->gateways++];
    *out = (struct heal_batadv_out){.chosen = gateway.best, .last_seen_ms = UINT32_MAX};
    memcpy(out->mac, gateway.mac, sizeof(out->mac));
}

/* Notes when each gateway was last heard of, by the entries of its node. */
static void note_gateway(struct heal_batadv *batadv, const struct heal_batadv_originator *originator) {
    for (size_t i = 0; i < batadv->gateways; i++) {
        if (memcmp(batadv->gateway[i].mac, originator->mac, sizeof(originator->mac)) == 0) {
            batadv->gateway[i].last_seen_ms = originator->last_seen_ms;
        }
    }
}

static void report_mesh(struct heal_batadv *batadv) {
    struct heal_reading_mesh *mesh = &batadv->mesh.mesh;
    for (size_t i = 0; i < batadv->gateways; i++) {
        const struct heal_batadv_out *out = &batadv->gateway[i];
        if (out->chosen) {
            mesh->chosen = heal_link_local_port("", out->mac).peer;
            mesh->chosen_ms = out->last_seen_ms < UINT32_MAX ? out->last_seen_ms : UINT32_MAX - 1;
        } else {
            mesh->gateways = (uint8_t)(mesh->gateways + (out->last_seen_ms < HEARD_MS));
        }
    }
    hand_on(batadv, &batadv->mesh);
}

static void take_originator(void *context, const struct heal_netlink_frame *frame) {
    struct heal_batadv *batadv = context;
    struct heal_batadv_ways *ways = &batadv->ways;
    struct heal_batadv_originator originator;
    if (heal_batadv_originator_decode(frame, &originator) < 0) {
        return;
    }
    note_gateway(batadv, &originator);
    if (ways->begun && memcmp(ways->mac, originator.mac, sizeof(ways->mac)) != 0) {
        end_ways(batadv);
    }
    ways->begun = true;
    memcpy(ways->mac, originator.mac, sizeof(ways->mac));
    struct heal_batadv_known *via = find(batadv, originator.ifindex, originator.neighbour);
    if (!via) {
        return;
    }
    if (originator.best) {
        ways->best = via;
    } else {
        ways->others += via->alive;
    }
    if (originator.tq && memcmp(originator.mac, originator.neighbour, sizeof(originator.mac)) == 0) {
        via->neighbour.cost = (uint16_t)(COST_BEST * TQ_BEST / originator.tq);
    }
}

/* Where the kernel's answer was interrupted, what is not in it may be there all the same: nobody is gone. */
static void report_neighbours(struct heal_batadv *batadv) {
    if (!batadv->interrupted) {
        heal_seen_begin(&batadv->seen);
    }
    for (size_t i = 0; i < batadv->neighbours; i++) {
        const struct heal_batadv_known *known = &batadv->known[i];
        struct heal_reading reading = {.kind = HEAL_READING_NEIGHBOUR, .neighbour = known->neighbour};
        heal_seen_report(&batadv->seen, &reading, batadv->sink);
        reading = (struct heal_reading){.kind = HEAL_READING_RELAY, .relay = known->relay};
        if (!batadv->interrupted) {
            hand_on(batadv, &reading);
        }
    }
    if (!batadv->interrupted) {
        heal_seen_end(&batadv->seen, batadv->sink);
    }
}

static int ask(struct heal_batadv *batadv, uint8_t command, uint16_t flags, heal_netlink_take_frame *take) {
    if (!heal_batadv_request(batadv, command, flags)) {
        return -ENODEV;
    }
    int r = heal_genetlink_ask(&batadv->family, take, batadv);
    batadv->interrupted |= r == -EAGAIN;
    return r == -EAGAIN ? 0 : r; /* what was missed comes with the next round */
}

int heal_batadv_read(struct heal_batadv *batadv, const struct heal_reading_sink *sink) {
    batadv->sink = sink;
    batadv->neighbours = batadv->gateways = 0;
    batadv->found = batadv->interrupted = false;
    batadv->ways = (struct heal_batadv_ways){0};
    int r = ask(batadv, BATADV_CMD_GET_MESH, NLM_F_ACK, take_mesh);
    if (r == 0 && !batadv->found) {
        r = -ENODEV;
    }
    r = r < 0 ? r : ask(batadv, BATADV_CMD_GET_HARDIF, NLM_F_DUMP, take_hard);
    r = r < 0 ? r : ask(batadv, BATADV_CMD_GET_NEIGHBORS, NLM_F_DUMP, take_neighbour);
    r = r < 0 ? r : ask(batadv, BATADV_CMD_GET_GATEWAYS, NLM_F_DUMP, take_gateway);
    r = r < 0 ? r : ask(batadv, BATADV_CMD_GET_ORIGINATORS, NLM_F_DUMP, take_originator);
    if (r < 0) {
        return r; /* half an answer says nothing about who is gone */
    }
    end_ways(batadv);
    if (!batadv->interrupted) {
        report_mesh(batadv); /* it counts gateways, of which some may be missing */
    }
    report_neighbours(batadv);
    return 0;
}

int heal_batadv_open(const char *ifname, struct heal_batadv **ret_batadv) {
    struct heal_batadv *batadv = calloc(1, sizeof(*batadv));
    if (!batadv) {
        return -ENOMEM;
    }
    int r = heal_genetlink_init(&batadv->family, BATADV_NL_NAME);
    if (r < 0) {
        free(batadv);
        return r;
    }
    heal_name_copy(batadv->ifname, sizeof(batadv->ifname), ifname);
    heal_seen_init(&batadv->seen);
    *ret_batadv = batadv;
    return 0;
}

struct heal_batadv *heal_batadv_close(struct heal_batadv *batadv) {
    if (batadv) {
        heal_seen_deinit(&batadv->seen);
        heal_genetlink_deinit(&batadv->family);
        free(batadv);
    }
    return NULL;
}
