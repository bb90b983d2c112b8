/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Generic netlink: families share one protocol, and each has a number that only the kernel knows. Here are
 * its head inside a netlink frame and the controller's answer that names a family's number. Pure.
 */
#ifndef HEAL_WIRE_GENETLINK_H
#define HEAL_WIRE_GENETLINK_H

#include "wire/netlink_attribute.h"
#include "wire/netlink_frame.h"

/** @return the command of a frame of generic netlink; -EBADMSG where there is no room for its head. */
int heal_genetlink_command(const struct heal_netlink_frame *frame);

/** Reads the attributes behind the head, as heal_attributes_read does. @return 0 or -EBADMSG. */
int heal_genetlink_read(const struct heal_netlink_frame *frame, const struct heal_attribute *table,
                        void *into);

/**
 * Reads the controller's answer (CTRL_CMD_NEWFAMILY).
 * @return the family's number; -ENOENT where it names none; -EBADMSG.
 */
int heal_genetlink_family(const struct heal_netlink_frame *frame);

#endif
