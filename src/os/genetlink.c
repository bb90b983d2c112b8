/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/genetlink.h"

#include "wire/genetlink.h"

#include <errno.h>
#include <linux/genetlink.h>

static struct nlmsghdr *begin(struct heal_netlink_socket *socket, uint16_t family, uint8_t command,
                              uint16_t flags) {
    struct nlmsghdr *head = heal_netlink_request(socket, family, flags);
    struct genlmsghdr *inner = mnl_nlmsg_put_extra_header(head, sizeof(*inner));
    inner->cmd = command;
    inner->version = 1;
    return head;
}

static void take_family(void *context, const struct heal_netlink_frame *frame) {
    int *family = context;
    *family = heal_genetlink_family(frame);
}

int heal_genetlink_init(struct heal_genetlink *genetlink, const char *name) {
    int family = -ENOENT, r = heal_netlink_socket_init(&genetlink->asking, NETLINK_GENERIC);
    if (r < 0) {
        return r;
    }
    struct nlmsghdr *head = begin(&genetlink->asking, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, NLM_F_ACK);
    mnl_attr_put_strz(head, CTRL_ATTR_FAMILY_NAME, name);
    r = heal_netlink_ask_frames(&genetlink->asking, take_family, &family);
    r = r < 0 ? r : family < 0 ? family : 0;
    if (r < 0) {
        heal_genetlink_deinit(genetlink);
        return r;
    }
    genetlink->family = (uint16_t)family;
    return 0;
}

void heal_genetlink_deinit(struct heal_genetlink *genetlink) {
    heal_netlink_socket_deinit(&genetlink->asking);
}

struct nlmsghdr *heal_genetlink_request(struct heal_genetlink *genetlink, uint8_t command, uint16_t flags) {
    return begin(&genetlink->asking, genetlink->family, command, flags);
}

int heal_genetlink_ask(struct heal_genetlink *genetlink, heal_netlink_take_frame *take, void *context) {
    return heal_netlink_ask_frames(&genetlink->asking, take, context);
}
