/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/helper_order.h"

#include "base/cleanup.h"

#include <errno.h>
#include <string.h>

enum { MTU_MAX = 65535, METRIC_MAX = INT32_MAX };

static bool is_terminated(const char *text, size_t size) {
    return memchr(text, '\0', size) != NULL;
}

bool heal_ifname_is_valid(const char ifname[static HEAL_IFNAME_MAX]) {
    /* Names of folders in /proc/sys/net/…/conf that are no interface's. */
    static const char *const others[] = {"", ".", "..", "all", "default"};

    if (!is_terminated(ifname, HEAL_IFNAME_MAX))
        return false;
    for (size_t i = 0; i < HEAL_COUNT(others); i++)
        if (strcmp(ifname, others[i]) == 0)
            return false;
    for (const char *at = ifname; *at; at++)
        if (*at <= ' ' || *at > '~' || strchr("/\"\\;{}", *at))
            return false;
    return true;
}

static bool is_port(const struct heal_port_key *port) {
    return heal_ifname_is_valid(port->ifname) && heal_address_is_link_local(&port->peer);
}

static bool is_route(const struct heal_helper_order *order) {
    const struct heal_command_route *route = &order->route;

    return route->prefix.length <= 128 && route->prefix.address.byte[0] != 0xff && is_port(&route->via) &&
           route->metric >= 1 && route->metric <= METRIC_MAX;
}

static bool is_mtu(const struct heal_helper_order *order) {
    return heal_ifname_is_valid(order->link.ifname) && order->link.value >= HEAL_MTU_MIN &&
           order->link.value <= MTU_MAX;
}

static bool is_link(const struct heal_helper_order *order) {
    return heal_ifname_is_valid(order->link.ifname);
}

/* As the configuration spells names; the comparison is false for what is no number, too. */
static bool is_service(const struct heal_helper_order *order) {
    const char *name = order->service.name;

    if (!is_terminated(name, HEAL_NAME_MAX) || !name[0] || name[0] == '.')
        return false;
    for (const char *at = name; *at; at++)
        if (!(*at >= 'a' && *at <= 'z') && !(*at >= 'A' && *at <= 'Z') && !(*at >= '0' && *at <= '9') &&
            !strchr("._-", *at))
            return false;
    return order->service.share >= 0 && order->service.share <= 1;
}

/* As a byte: any other value than 0 and 1 in a bool may mean anything to the compiler. */
static bool is_bool(const bool *value) {
    uint8_t byte;

    memcpy(&byte, value, sizeof byte);
    return byte <= 1;
}

static bool is_quarantine(const struct heal_helper_order *order) {
    return is_bool(&order->quarantine.on) && is_port(&order->quarantine.port);
}

static bool is_tune(const struct heal_helper_order *order) {
    /* As the kernel counts: of 255; kbit/s; ms, at least twice batman-adv's jitter; enum heal_gateway_mode;
     * MHz; 1/100 dBm. */
    static const struct {
        uint32_t least, most;
    } range[HEAL_TUNINGS] = {
        [HEAL_TUNE_PENALTY] = {0,   UINT8_MAX},
          [HEAL_TUNE_OVERRIDE] = {0,   INT32_MAX},
        [HEAL_TUNE_ELP] = {40,  INT32_MAX},
          [HEAL_TUNE_ORIGINATOR] = {40,  INT32_MAX},
        [HEAL_TUNE_GATEWAY] = {0,   2        },
          [HEAL_TUNE_CHANNEL] = {700, 7125     },
        [HEAL_TUNE_POWER] = {0,   4000     },
    };
    const struct heal_command_tune *tune = &order->tune;

    return (unsigned)tune->what < HEAL_TUNINGS && is_bool(&tune->back) &&
           heal_ifname_is_valid(tune->ifname) && tune->value >= range[tune->what].least &&
           tune->value <= range[tune->what].most;
}

static bool is_notify(const struct heal_helper_order *order) {
    const char *text = order->notify.text;

    if (!is_terminated(text, sizeof order->notify.text))
        return false;
    for (const char *at = text; *at; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            return false;
    return true;
}

static bool is_nothing(const struct heal_helper_order *order) {
    (void)order;
    return true;
}

#define NONE 0
#define AT(member) offsetof(struct heal_helper_order, member)

/* The acts that are the helper's: whether their arguments can be, how many bytes these have, and where the
 * interface is that they are about. The others the daemon carries out itself, over the routing daemon's
 * socket. */
static const struct {
    bool (*can_be)(const struct heal_helper_order *order);
    size_t size, ifname;
} ACTS[HEAL_COMMAND_KINDS] = {
    [HEAL_COMMAND_ROUTE_ADD] = {is_route,      sizeof(struct heal_command_route),      AT(route.via.ifname)},
    [HEAL_COMMAND_ROUTE_DELETE] = {is_route,      sizeof(struct heal_command_route),      AT(route.via.ifname)},
    [HEAL_COMMAND_LINK_MTU] = {is_mtu,        sizeof(struct heal_command_link),       AT(link.ifname)     },
    [HEAL_COMMAND_LINK_BOUNCE] = {is_link,       sizeof(struct heal_command_link),       AT(link.ifname)     },
    [HEAL_COMMAND_SERVICE_RESTART] = {is_service,    sizeof(struct heal_command_service),    NONE                },
    [HEAL_COMMAND_SERVICE_SHED] = {is_service,    sizeof(struct heal_command_service),    NONE                },
    [HEAL_COMMAND_QUARANTINE] = {is_quarantine, sizeof(struct heal_command_quarantine),
                                AT(quarantine.port.ifname)                                                 },
    [HEAL_COMMAND_MESH_RENEW] = {is_link,       sizeof(struct heal_command_link),       AT(link.ifname)     },
    [HEAL_COMMAND_TUNE] = {is_tune,       sizeof(struct heal_command_tune),       AT(tune.ifname)     },
    [HEAL_COMMAND_FORWARDING] = {is_nothing,    0,                                      NONE                },
    [HEAL_COMMAND_NOTIFY] = {is_notify,     sizeof(struct heal_command_notify),     NONE                },
};

static bool has_row(uint32_t act) {
    return act < HEAL_COMMAND_KINDS && ACTS[act].can_be;
}

/* The arguments of a command, and of an order, begin at one place each, whichever they are. */
#define COMMAND_ARGUMENTS offsetof(struct heal_command, route)
#define ORDER_ARGUMENTS offsetof(struct heal_helper_order, route)

int heal_helper_order_of(const struct heal_command *command, struct heal_helper_order *ret_order) {
    if (!has_row(command->kind))
        return -ENOTSUP;
    memset(ret_order, 0, sizeof *ret_order);
    ret_order->version = HEAL_HELPER_VERSION;
    ret_order->verb = HEAL_HELPER_ACT;
    ret_order->act = command->kind;
    memcpy((char *)ret_order + ORDER_ARGUMENTS, (const char *)command + COMMAND_ARGUMENTS,
           ACTS[command->kind].size);
    return 0;
}

const char *heal_helper_order_ifname(const struct heal_helper_order *order) {
    size_t at = ACTS[order->act].ifname;

    return at == NONE ? NULL : (const char *)order + at;
}

void heal_helper_order_command(const struct heal_helper_order *order, struct heal_command *ret_command) {
    *ret_command = (struct heal_command){.kind = (enum heal_command_kind)order->act};
    memcpy((char *)ret_command + COMMAND_ARGUMENTS, (const char *)order + ORDER_ARGUMENTS,
           ACTS[order->act].size);
}

int heal_helper_order_decode(const void *bytes, size_t length, struct heal_helper_order *ret_order) {
    struct heal_helper_order order;

    if (length != sizeof order)
        return -EBADMSG;
    memcpy(&order, bytes, sizeof order);
    if (order.version != HEAL_HELPER_VERSION)
        return -EPROTO;
    bool can_be = order.verb == HEAL_HELPER_ACT ? has_row(order.act) && ACTS[order.act].can_be(&order)
                                                : order.verb < HEAL_HELPER_VERBS && order.act == 0;
    if (can_be)
        *ret_order = order;
    else
        ret_order->number = order.number;
    return can_be ? 0 : -EINVAL;
}

/* 0 or an errno of the kernel's, which end at 4095. */
static bool is_code(int32_t code) {
    return code <= 0 && code >= -4095;
}

int heal_helper_answer_decode(const void *bytes, size_t length, struct heal_helper_answer *ret_answer) {
    struct heal_helper_answer answer;

    if (length != sizeof answer)
        return -EBADMSG;
    memcpy(&answer, bytes, sizeof answer);
    if (answer.version != HEAL_HELPER_VERSION)
        return -EPROTO;
    if (!is_code(answer.code) || answer.leftovers > HEAL_HELPER_LEFTOVERS_MAX ||
        !is_terminated(answer.text, sizeof answer.text))
        return -EINVAL;
    for (size_t i = 0; i < answer.leftovers; i++) {
        const struct heal_helper_leftover *leftover = &answer.leftover[i];

        if (!is_code(leftover->code) || leftover->kind >= HEAL_LEFTOVER_KINDS ||
            !is_terminated(leftover->name, sizeof leftover->name))
            return -EINVAL;
    }
    *ret_answer = answer;
    return 0;
}
