/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** A socket that hands frames to an interface past the kernel's routes, for probes through a neighbour. To
 * open one takes CAP_NET_RAW; who has it can send with it on every interface, and hear nothing. */
#ifndef HEAL_NET_FRAME_SOCKET_H
#define HEAL_NET_FRAME_SOCKET_H

/** @return a descriptor (not blocking) whose filter drops all that comes in, for good; or a negative errno.
 */
int heal_frame_socket_open(void);

#endif
