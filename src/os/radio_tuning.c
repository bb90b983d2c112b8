/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/radio_tuning.h"

#include "os/genetlink.h"
#include "wire/nl80211.h"

#include <errno.h>
#include <linux/nl80211.h>
#include <net/if.h>

/* So many beacons announce a switch before it happens: at a second each the mesh has time to hear one. */
enum { BEACONS_BEFORE = 5 };

static void take_interface(void *context, const struct heal_netlink_frame *frame) {
    heal_nl80211_interface_decode(frame, context);
}

static int ask_interface(struct heal_genetlink *nl80211, uint32_t ifindex,
                         struct heal_nl80211_interface *ret_interface) {
    struct nlmsghdr *head = heal_genetlink_request(nl80211, NL80211_CMD_GET_INTERFACE, NLM_F_ACK);
    *ret_interface = (struct heal_nl80211_interface){0};
    mnl_attr_put_u32(head, NL80211_ATTR_IFINDEX, ifindex);
    int r = heal_genetlink_ask(nl80211, take_interface, ret_interface);
    return r < 0 ? r : ret_interface->ifindex == ifindex ? 0 : -ENODEV;
}

static int switch_channel(struct heal_genetlink *nl80211, const struct heal_nl80211_interface *interface,
                          uint32_t frequency_mhz) {
    if (interface->width != NL80211_CHAN_WIDTH_20_NOHT && interface->width != NL80211_CHAN_WIDTH_20) {
        return -ENOTSUP; /* the centres of a wider one are not known for the new channel */
    }
    struct nlmsghdr *head = heal_genetlink_request(nl80211, NL80211_CMD_CHANNEL_SWITCH, NLM_F_ACK);
    mnl_attr_put_u32(head, NL80211_ATTR_IFINDEX, interface->ifindex);
    mnl_attr_put_u32(head, NL80211_ATTR_WIPHY_FREQ, frequency_mhz);
    mnl_attr_put_u32(head, NL80211_ATTR_CHANNEL_WIDTH, interface->width);
    mnl_attr_put_u32(head, NL80211_ATTR_CH_SWITCH_COUNT, BEACONS_BEFORE);
    return heal_genetlink_ask(nl80211, NULL, NULL);
}

static int set_power(struct heal_genetlink *nl80211, uint32_t ifindex, uint32_t mbm) {
    struct nlmsghdr *head = heal_genetlink_request(nl80211, NL80211_CMD_SET_WIPHY, NLM_F_ACK);
    mnl_attr_put_u32(head, NL80211_ATTR_IFINDEX, ifindex);
    mnl_attr_put_u32(head, NL80211_ATTR_WIPHY_TX_POWER_SETTING, NL80211_TX_POWER_FIXED);
    mnl_attr_put_u32(head, NL80211_ATTR_WIPHY_TX_POWER_LEVEL, mbm);
    return heal_genetlink_ask(nl80211, NULL, NULL);
}

/* @param value NULL: only reads. */
static int tune(enum heal_tuning what, const char *ifname, const uint32_t *value,
                struct heal_nl80211_interface *interface) {
    struct heal_genetlink nl80211;
    uint32_t ifindex = if_nametoindex(ifname);
    if (ifindex == 0) {
        return -ENODEV;
    }
    int r = heal_genetlink_init(&nl80211, NL80211_GENL_NAME);
    if (r < 0) {
        return r == -ENOENT ? -ENOTSUP : r;
    }
    r = ask_interface(&nl80211, ifindex, interface);
    if (r == 0 && value) {
        r = what == HEAL_TUNE_CHANNEL ? switch_channel(&nl80211, interface, *value)
                                      : set_power(&nl80211, ifindex, *value);
    }
    heal_genetlink_deinit(&nl80211);
    return r;
}

int heal_radio_get(enum heal_tuning what, const char *ifname, uint32_t *ret_value) {
    struct heal_nl80211_interface interface;
    int r = tune(what, ifname, NULL, &interface);
    if (r < 0) {
        return r;
    }
    if (what == HEAL_TUNE_CHANNEL ? interface.frequency_mhz == 0 : !interface.has_tx_power) {
        return -ENOTSUP;
    }
    *ret_value = what == HEAL_TUNE_CHANNEL ? interface.frequency_mhz : interface.tx_power_mbm;
    return 0;
}

int heal_radio_set(enum heal_tuning what, const char *ifname, uint32_t value) {
    struct heal_nl80211_interface interface;
    return tune(what, ifname, &value, &interface);
}
