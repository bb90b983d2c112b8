/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* readings stations|originators|neighbours|gateways IFNAME: what heald's own decoders read from this kernel,
 * a line a thing, to be compared with what iw and batctl say (mesh_of_four). IFNAME: the radio's for
 * stations, else the mesh's. */
#include <linux/batman_adv.h>
#include <linux/nl80211.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "os/genetlink.h"
#include "wire/batadv.h"
#include "wire/nl80211.h"

static void print_mac(const uint8_t mac[static 6], char behind) {
    printf("%02x:%02x:%02x:%02x:%02x:%02x%c", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5], behind);
}

static void take_station(void *context, const struct heal_netlink_frame *frame) {
    struct heal_nl80211_station station;

    (void)context;
    if (heal_nl80211_station_decode(frame, &station) < 0)
        return;
    /* iw has 1024 kbit to the Mbit, and does not pad what is behind the point. */
    unsigned expected = station.expected_kbit * 1000 / 1024;
    print_mac(station.mac, ' ');
    printf("signal=%d packets=%u retries=%u failed=%u expected=%u.%u airtime=%u\n", station.signal_dbm,
           station.tx_packets, station.tx_retries, station.tx_failed, expected / 1000, expected % 1000,
           station.airtime);
}

static void take_originator(void *context, const struct heal_netlink_frame *frame) {
    struct heal_batadv_originator originator;

    (void)context;
    if (heal_batadv_originator_decode(frame, &originator) < 0)
        return;
    printf("%s ", originator.best ? "*" : "-");
    print_mac(originator.mac, ' ');
    print_mac(originator.neighbour, ' ');
    printf("tq=%u %s\n", originator.tq, originator.ifname);
}

static void take_neighbour(void *context, const struct heal_netlink_frame *frame) {
    struct heal_batadv_neighbour neighbour;

    (void)context;
    if (heal_batadv_neighbour_decode(frame, &neighbour) < 0)
        return;
    print_mac(neighbour.mac, ' ');
    printf("%s\n", neighbour.ifname);
}

static void take_gateway(void *context, const struct heal_netlink_frame *frame) {
    struct heal_batadv_gateway gateway;

    (void)context;
    if (heal_batadv_gateway_decode(frame, &gateway) < 0)
        return;
    printf("%s ", gateway.best ? "*" : "-");
    print_mac(gateway.mac, ' ');
    printf("down=%u.%u up=%u.%u\n", gateway.down_100kbit / 10, gateway.down_100kbit % 10,
           gateway.up_100kbit / 10, gateway.up_100kbit % 10);
}

struct question {
    const char *name, *family;
    uint8_t command;
    uint16_t ifindex_attr;
    heal_netlink_take_frame *take;
};

static const struct question questions[] = {
    {"stations",    NL80211_GENL_NAME, NL80211_CMD_GET_STATION,    NL80211_ATTR_IFINDEX,     take_station   },
    {"originators", BATADV_NL_NAME,    BATADV_CMD_GET_ORIGINATORS, BATADV_ATTR_MESH_IFINDEX, take_originator},
    {"neighbours",  BATADV_NL_NAME,    BATADV_CMD_GET_NEIGHBORS,   BATADV_ATTR_MESH_IFINDEX, take_neighbour },
    {"gateways",    BATADV_NL_NAME,    BATADV_CMD_GET_GATEWAYS,    BATADV_ATTR_MESH_IFINDEX, take_gateway   },
};

static int ask(const struct question *question, unsigned ifindex) {
    struct heal_genetlink genetlink = {0};
    int r = heal_genetlink_init(&genetlink, question->family);

    if (r == 0) {
        struct nlmsghdr *head = heal_genetlink_request(&genetlink, question->command, NLM_F_DUMP);

        mnl_attr_put_u32(head, question->ifindex_attr, ifindex);
        r = heal_genetlink_ask(&genetlink, question->take, NULL);
    }
    heal_genetlink_deinit(&genetlink);
    return r;
}

int main(int argc, char **argv) {
    unsigned ifindex = argc == 3 ? if_nametoindex(argv[2]) : 0;

    for (size_t i = 0; ifindex != 0 && i < HEAL_COUNT(questions); i++) {
        if (strcmp(questions[i].name, argv[1]) != 0)
            continue;
        int r = ask(&questions[i], ifindex);
        if (r < 0)
            fprintf(stderr, "readings: %s: %s\n", argv[1], strerror(-r));
        return r < 0;
    }
    fprintf(stderr, "usage: readings stations|originators|neighbours|gateways IFNAME\n");
    return 64;
}
