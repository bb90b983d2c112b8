/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/netlink_frame.h"

#include <errno.h>
#include <linux/netlink.h>
#include <string.h>

static int read_code(struct heal_netlink_frame *frame) {
    int32_t code = 0;
    if (frame->size >= sizeof(code)) {
        memcpy(&code, frame->body, sizeof(code));
    } else if (frame->kind == HEAL_NETLINK_FRAME_ERROR) {
        return -EBADMSG;
    }
    if (code > 0 || code < -4095) {
        return -EBADMSG;
    }
    frame->code = code;
    return 0;
}

int heal_netlink_frame_decode(const void *bytes, size_t length, struct heal_netlink_frame *ret_frame,
                              size_t *ret_used) {
    struct nlmsghdr head;
    if (length == 0) {
        return -ENODATA;
    }
    if (length < sizeof(head)) {
        return -EBADMSG;
    }
    memcpy(&head, bytes, sizeof(head));
    if (head.nlmsg_len < sizeof(head) || head.nlmsg_len > length) {
        return -EBADMSG;
    }
    struct heal_netlink_frame frame = {
        .kind = head.nlmsg_type == NLMSG_DONE    ? HEAL_NETLINK_FRAME_DONE
                : head.nlmsg_type == NLMSG_ERROR ? HEAL_NETLINK_FRAME_ERROR
                                                 : HEAL_NETLINK_FRAME_DATA,
        .type = head.nlmsg_type,
        .flags = head.nlmsg_flags,
        .sequence = head.nlmsg_seq,
        .interrupted = head.nlmsg_flags & NLM_F_DUMP_INTR,
        .body = (const uint8_t *)bytes + NLMSG_HDRLEN,
        .size = head.nlmsg_len - sizeof(head),
    };
    int r = frame.kind == HEAL_NETLINK_FRAME_DATA ? 0 : read_code(&frame);
    if (r < 0) {
        return r;
    }
    size_t used = NLMSG_ALIGN((size_t)head.nlmsg_len);
    *ret_used = used < length ? used : length;
    *ret_frame = frame;
    return 0;
}
