/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* A datagram to the helper, and one from it: as they come; and as orders of the right size and version, of
 * which the verb, the act and the arguments come from the input. What is taken must be safe to use. */
#include "wire/helper_order.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds) {
    if (!holds)
        abort();
}

static void check_port(const struct heal_port_key *port) {
    check(memchr(port->ifname, '\0', sizeof port->ifname) != NULL && port->ifname[0]);
    check(!strchr(port->ifname, '/') && strcmp(port->ifname, "..") != 0);
    check(port->peer.byte[0] == 0xfe);
}

static void check_order(const struct heal_helper_order *order) {
    struct heal_command command;
    struct heal_helper_order again;

    if (order->verb != HEAL_HELPER_ACT)
        return;
    heal_helper_order_command(order, &command);
    check(heal_helper_order_of(&command, &again) == 0 && again.act == order->act);
    const char *ifname = heal_helper_order_ifname(order);
    check(!ifname || heal_ifname_is_valid(ifname));
    if (command.kind == HEAL_COMMAND_ROUTE_ADD) {
        check_port(&command.route.via);
        check(command.route.prefix.length <= 128);
    } else if (command.kind == HEAL_COMMAND_QUARANTINE) {
        check_port(&command.quarantine.port);
    } else if (command.kind == HEAL_COMMAND_LINK_MTU) {
        check(command.link.value >= HEAL_MTU_MIN);
    } else if (command.kind == HEAL_COMMAND_SERVICE_SHED) {
        check(isfinite(command.service.share) && !strchr(command.service.name, '/'));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct heal_helper_order order, made = {.version = HEAL_HELPER_VERSION};
    struct heal_helper_answer answer;

    if (heal_helper_order_decode(data, size, &order) == 0)
        check_order(&order);
    if (heal_helper_answer_decode(data, size, &answer) == 0)
        check(strlen(answer.text) < sizeof answer.text);
    if (size < 2)
        return 0;
    made.verb = data[0] % (HEAL_HELPER_VERBS + 1U);
    made.act = made.verb == HEAL_HELPER_ACT ? data[1] % (HEAL_COMMAND_KINDS + 1U) : 0;
    size_t most = sizeof made - offsetof(struct heal_helper_order, route);
    memcpy(&made.route, data + 2, size - 2 < most ? size - 2 : most);
    if (heal_helper_order_decode(&made, sizeof made, &order) == 0)
        check_order(&order);
    return 0;
}
