/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wireless/way.h"

#include <errno.h>
#include <linux/batman_adv.h>
#include <net/if.h>
#include <string.h>

#include "wire/batadv.h"
#include "wireless/netns.h"

int way_init(struct way *way, const char *netns, unsigned to) {
    int back = netns_enter(netns), r;

    *way = (struct way){
        .to = {2, [4] = (uint8_t)to}
    };
    if (back < 0)
        return back;
    r = heal_genetlink_init(&way->family, BATADV_NL_NAME);
    way->ifindex = if_nametoindex("bat0");
    int returned = netns_return(back);
    if (r == 0 && way->ifindex == 0)
        r = -ENODEV;
    return r < 0 ? r : returned;
}

void way_deinit(struct way *way) {
    heal_genetlink_deinit(&way->family);
}

void way_count(struct way *way) {
    way->returns = 0;
}

static void take(void *context, const struct heal_netlink_frame *frame) {
    struct way *way = context;
    struct heal_batadv_originator originator;

    if (heal_batadv_originator_decode(frame, &originator) < 0 || !originator.best ||
        memcmp(originator.mac, way->to, sizeof way->to) != 0 ||
        memcmp(originator.neighbour, way->via, sizeof way->via) == 0)
        return;
    way->returns += memcmp(way->before, originator.neighbour, sizeof way->before) == 0;
    memcpy(way->before, way->via, sizeof way->before);
    memcpy(way->via, originator.neighbour, sizeof way->via);
}

void way_look(struct way *way) {
    struct nlmsghdr *head = heal_genetlink_request(&way->family, BATADV_CMD_GET_ORIGINATORS, NLM_F_DUMP);

    mnl_attr_put_u32(head, BATADV_ATTR_MESH_IFINDEX, way->ifindex);
    (void)heal_genetlink_ask(&way->family, take, way); /* what was missed comes with the next look */
}
