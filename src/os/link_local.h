/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The link-local address that an interface gives itself from its MAC address (RFC 4291, 2.5.1 and appendix
 * A): how a neighbour that is known by its MAC becomes a port. It holds where the neighbour's kernel makes
 * its addresses so (addr_gen_mode 0, the kernel's default).
 */
#ifndef HEAL_OS_LINK_LOCAL_H
#define HEAL_OS_LINK_LOCAL_H

#include "heal/types.h"

/** Makes the key of the neighbour @p mac on @p ifname. */
struct heal_port_key heal_link_local_port(const char *ifname, const uint8_t mac[static 6]);

#endif
