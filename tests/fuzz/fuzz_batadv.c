/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/batadv.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_name(int r, const char *name, size_t size) {
    if (r == 0 && !memchr(name, '\0', size))
        __builtin_trap();
}

/* Each frame as the answer to each question. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct heal_netlink_frame frame;
    size_t at = 0, used;
    while (heal_netlink_frame_decode(data + at, size - at, &frame, &used) == 0) {
        struct heal_batadv_mesh mesh;
        struct heal_batadv_hard hard;
        struct heal_batadv_originator originator;
        struct heal_batadv_neighbour neighbour;
        struct heal_batadv_gateway gateway;
        int r = heal_batadv_mesh_decode(&frame, &mesh);
        check_name(r, mesh.ifname, sizeof(mesh.ifname));
        check_name(r, mesh.algorithm, sizeof(mesh.algorithm));
        check_name(heal_batadv_hard_decode(&frame, &hard), hard.ifname, sizeof(hard.ifname));
        check_name(heal_batadv_originator_decode(&frame, &originator), originator.ifname,
                   sizeof(originator.ifname));
        check_name(heal_batadv_neighbour_decode(&frame, &neighbour), neighbour.ifname,
                   sizeof(neighbour.ifname));
        heal_batadv_gateway_decode(&frame, &gateway);
        at += used;
    }
    return 0;
}
