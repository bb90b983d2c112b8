/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/genetlink.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <string.h>

int heal_genetlink_command(const struct heal_netlink_frame *frame) {
    struct genlmsghdr head;
    if (frame->kind != HEAL_NETLINK_FRAME_DATA || frame->size < GENL_HDRLEN) {
        return -EBADMSG;
    }
    memcpy(&head, frame->body, sizeof(head));
    return head.cmd;
}

int heal_genetlink_read(const struct heal_netlink_frame *frame, const struct heal_attribute *table,
                        void *into) {
    if (frame->size < GENL_HDRLEN) {
        return -EBADMSG;
    }
    return heal_attributes_read(frame->body + GENL_HDRLEN, frame->size - GENL_HDRLEN, table, into);
}

struct family {
    uint16_t id;
};

static const struct heal_attribute family_table[] = {
    HEAL_ATTRIBUTE_OF(NUMBER, CTRL_ATTR_FAMILY_ID, struct family, id),
    {0},
};

int heal_genetlink_family(const struct heal_netlink_frame *frame) {
    struct family family = {0};
    int r = heal_genetlink_command(frame);
    if (r >= 0) {
        r = heal_genetlink_read(frame, family_table, &family);
    }
    if (r < 0) {
        return r;
    }
    return family.id ? family.id : -ENOENT;
}
