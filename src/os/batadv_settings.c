/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What heald reads and changes of a mesh's settings: SET_MESH and SET_HARDIF, one attribute at a time. */
#include "os/batadv_parts.h"
#include "wire/batadv.h"

#include <errno.h>
#include <linux/batman_adv.h>
#include <net/if.h>

enum { KBIT_PER_UNIT = 100 };

static const struct {
    uint16_t attribute;
    bool is_byte, of_mesh;
    uint32_t unit; /* of the kernel, in ours */
} settings[HEAL_TUNINGS] = {
    [HEAL_TUNE_PENALTY] = {BATADV_ATTR_HOP_PENALTY,         true,  false, 1            },
    [HEAL_TUNE_OVERRIDE] = {BATADV_ATTR_THROUGHPUT_OVERRIDE, false, false, KBIT_PER_UNIT},
    [HEAL_TUNE_ELP] = {BATADV_ATTR_ELP_INTERVAL,        false, false, 1            },
    [HEAL_TUNE_ORIGINATOR] = {BATADV_ATTR_ORIG_INTERVAL,       false, true,  1            },
    [HEAL_TUNE_GATEWAY] = {BATADV_ATTR_GW_MODE,             true,  true,  1            },
};

struct answer {
    struct heal_batadv_mesh mesh;
    struct heal_batadv_hard hard;
};

static void take_mesh(void *context, const struct heal_netlink_frame *frame) {
    struct answer *answer = context;
    heal_batadv_mesh_decode(frame, &answer->mesh);
}

static void take_hard(void *context, const struct heal_netlink_frame *frame) {
    struct answer *answer = context;
    heal_batadv_hard_decode(frame, &answer->hard);
}

/* @return whether the answer has it. */
static bool value_in(enum heal_tuning what, const struct answer *answer, uint32_t *ret_value) {
    switch (what) {
    case HEAL_TUNE_PENALTY:
        *ret_value = answer->hard.hop_penalty;
        return answer->hard.has_hop_penalty;
    case HEAL_TUNE_OVERRIDE:
        *ret_value = answer->hard.throughput_override_kbit;
        return answer->hard.has_throughput_override;
    case HEAL_TUNE_ELP:
        *ret_value = answer->hard.elp_interval_ms;
        return answer->hard.has_elp_interval;
    case HEAL_TUNE_ORIGINATOR:
        *ret_value = answer->mesh.originator_interval_ms;
        return answer->mesh.originator_interval_ms != 0;
    case HEAL_TUNE_GATEWAY:
        *ret_value = answer->mesh.gateway_mode;
        return answer->mesh.has_gateway_mode;
    case HEAL_TUNE_CHANNEL:
    case HEAL_TUNE_POWER:
    case HEAL_TUNINGS:
        break;
    }
    return false;
}

/* Begins a question or an order about what a setting is of. @return its head, or NULL: it is not there. */
static struct nlmsghdr *begin(struct heal_batadv *batadv, enum heal_tuning what, const char *ifname,
                              bool set) {
    bool of_mesh = settings[what].of_mesh;
    uint8_t command = set ? (of_mesh ? BATADV_CMD_SET_MESH : BATADV_CMD_SET_HARDIF)
                          : (of_mesh ? BATADV_CMD_GET_MESH : BATADV_CMD_GET_HARDIF);
    uint32_t ifindex = of_mesh ? 0 : if_nametoindex(ifname);
    if (!of_mesh && ifindex == 0) {
        return NULL;
    }
    struct nlmsghdr *head = heal_batadv_request(batadv, command, NLM_F_ACK);
    if (head && !of_mesh) {
        mnl_attr_put_u32(head, BATADV_ATTR_HARD_IFINDEX, ifindex);
    }
    return head;
}

int heal_batadv_get(struct heal_batadv *batadv, enum heal_tuning what, const char *ifname,
                    uint32_t *ret_value) {
    struct answer answer = {0};
    if (settings[what].attribute == 0) {
        return -ENOTSUP;
    }
    if (!begin(batadv, what, ifname, false)) {
        return -ENODEV;
    }
    int r = heal_genetlink_ask(&batadv->family, settings[what].of_mesh ? take_mesh : take_hard, &answer);
    if (r < 0) {
        return r;
    }
    uint32_t value;
    if (!value_in(what, &answer, &value)) {
        return -ENOTSUP;
    }
    *ret_value = value;
    return 0;
}

int heal_batadv_set(struct heal_batadv *batadv, enum heal_tuning what, const char *ifname, uint32_t value) {
    if (settings[what].attribute == 0 || (settings[what].is_byte && value > UINT8_MAX)) {
        return -EINVAL;
    }
    struct nlmsghdr *head = begin(batadv, what, ifname, true);
    if (!head) {
        return -ENODEV;
    }
    if (settings[what].is_byte) {
        mnl_attr_put_u8(head, settings[what].attribute, (uint8_t)value);
    } else {
        mnl_attr_put_u32(head, settings[what].attribute, value / settings[what].unit);
    }
    return heal_genetlink_ask(&batadv->family, NULL, NULL);
}
