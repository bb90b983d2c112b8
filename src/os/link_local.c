/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/link_local.h"

#include "base/text.h"

#include <string.h>

struct heal_port_key heal_link_local_port(const char *ifname, const uint8_t mac[static 6]) {
    struct heal_port_key key = {.peer = {{0xfe, 0x80}}};
    uint8_t *id = key.peer.byte + 8;
    heal_name_copy(key.ifname, sizeof(key.ifname), ifname);
    memcpy(id, mac, 3);
    id[0] ^= 0x02; /* the universal/local bit, inverted */
    id[3] = 0xff;
    id[4] = 0xfe;
    memcpy(id + 5, mac + 3, 3);
    return key;
}
