/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * A neighbour's quarantine as nftables rules (table netdev heald, one chain a port), and a look at what of it
 * is in the kernel. Rules are written as text for nft(8); looking and deleting speak nfnetlink directly, so
 * that they work without that program.
 */
#ifndef HEAL_OS_NFTABLES_H
#define HEAL_OS_NFTABLES_H

#include "heal/types.h"

struct heal_nftables_quarantine {
    const struct heal_port_key *port;
    const uint8_t *mac;       /**< 6 bytes; NULL: lift the quarantine */
    uint16_t allowed_port[2]; /**< UDP: heald's own */
};

/**
 * Writes the rules that drop all that comes from a neighbour, but for heald's own ports and neighbour
 * discovery, without which those would not work for long; or the rules that lift this.
 * @return the length; -ENOSPC; -EINVAL for an interface's name that rules cannot hold.
 */
int heal_nftables_write(const struct heal_nftables_quarantine *quarantine, char *buffer, size_t size);

/** @return 1 or 0: whether table netdev heald is there; or a negative errno, e.g. -EPERM. */
int heal_nftables_is_there(void);

/** Deletes table netdev heald with all that is in it. @return 0 (also when it is not there) or a negative
 * errno. */
int heal_nftables_delete(void);

#endif
