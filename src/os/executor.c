/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/executor.h"

#include "base/text.h"

#include <errno.h>

static void words_route(struct heal_text *text, const char *verb, const struct heal_command_route *route) {
    char prefix[HEAL_ADDRESS_TEXT], peer[HEAL_ADDRESS_TEXT];
    heal_text_add(text, "%s route %s via %s dev %.15s metric %u", verb,
                  heal_prefix_format(&route->prefix, prefix), heal_address_format(&route->via.peer, peer),
                  route->via.ifname, route->metric);
}

static void words_link_cost(struct heal_text *text, const struct heal_command_link *link) {
    if (link->value == HEAL_COST_FORGET) {
        heal_text_add(text, "forget that %.15s was given another cost", link->ifname);
    } else if (link->value) {
        heal_text_add(text, "set the routing daemon's cost of %.15s to %u", link->ifname, link->value);
    } else {
        heal_text_add(text, "give %.15s its normal cost again", link->ifname);
    }
}

static void words_shed(struct heal_text *text, const struct heal_command_service *service) {
    if (service->share > 0) {
        heal_text_add(text, "throttle service %.31s to %.3g %% of the node's CPU", service->name,
                      100 * (double)service->share);
    } else {
        heal_text_add(text, "lift the throttle of service %.31s", service->name);
    }
}

static void words_quarantine(struct heal_text *text, const struct heal_command_quarantine *quarantine) {
    char peer[HEAL_ADDRESS_TEXT];
    heal_text_add(text, quarantine->on ? "drop all from %s on %.15s" : "let in again %s on %.15s",
                  heal_address_format(&quarantine->port.peer, peer), quarantine->port.ifname);
}

static void words_tune(struct heal_text *text, const struct heal_command_tune *tune) {
    static const char *const what[HEAL_TUNINGS] = {
        [HEAL_TUNE_PENALTY] = "hop penalty",
        [HEAL_TUNE_OVERRIDE] = "throughput (kbit/s)",
        [HEAL_TUNE_ELP] = "ELP interval (ms)",
        [HEAL_TUNE_ORIGINATOR] = "originator interval (ms)",
        [HEAL_TUNE_GATEWAY] = "gateway mode (0 off, 1 client, 2 server)",
        [HEAL_TUNE_CHANNEL] = "channel (MHz)",
        [HEAL_TUNE_POWER] = "transmit power (1/100 dBm)",
    };
    heal_text_add(text, "set the %s of %.15s from %u to %u",
                  (unsigned)tune->what < HEAL_TUNINGS ? what[tune->what] : "unknown setting", tune->ifname,
                  tune->from, tune->value);
}

const char *heal_command_words(const struct heal_command *command, char *buffer, size_t size) {
    struct heal_text text;
    heal_text_init(&text, buffer, size);
    switch (command->kind) {
    case HEAL_COMMAND_ROUTE_ADD:
        words_route(&text, "add", &command->route);
        break;
    case HEAL_COMMAND_ROUTE_DELETE:
        words_route(&text, "delete", &command->route);
        break;
    case HEAL_COMMAND_LINK_COST:
        words_link_cost(&text, &command->link);
        break;
    case HEAL_COMMAND_LINK_MTU:
        heal_text_add(&text, "set the MTU of %.15s to %u", command->link.ifname, command->link.value);
        break;
    case HEAL_COMMAND_LINK_BOUNCE:
        heal_text_add(&text, "take %.15s down for a second", command->link.ifname);
        break;
    case HEAL_COMMAND_SERVICE_RESTART:
        heal_text_add(&text, "restart service %.31s", command->service.name);
        break;
    case HEAL_COMMAND_SERVICE_SHED:
        words_shed(&text, &command->service);
        break;
    case HEAL_COMMAND_QUARANTINE:
        words_quarantine(&text, &command->quarantine);
        break;
    case HEAL_COMMAND_FORWARDING:
        heal_text_add(&text, "switch forwarding on");
        break;
    case HEAL_COMMAND_ROUTES_REFRESH:
        heal_text_add(&text, "have the routing daemon install its routes again");
        break;
    case HEAL_COMMAND_MESH_RENEW:
        heal_text_add(&text, "take %.15s out of the mesh and give it back", command->link.ifname);
        break;
    case HEAL_COMMAND_TUNE:
        words_tune(&text, &command->tune);
        break;
    case HEAL_COMMAND_NOTIFY:
        heal_text_add(&text, "notify: %.159s", command->notify.text);
        break;
    case HEAL_COMMAND_SEND:
    case HEAL_COMMAND_PACE:
    case HEAL_COMMAND_TRANSIT:
    case HEAL_COMMAND_STORE:
    case HEAL_COMMAND_KINDS:
        heal_text_add(&text, "nothing that an executor does");
        break;
    }
    return buffer;
}

void heal_executor_execute(struct heal_executor *executor, const struct heal_command *command,
                           heal_on_result *done, void *context) {
    if (!heal_command_is_act(command->kind) && command->kind != HEAL_COMMAND_NOTIFY) {
        struct heal_event_result result = {.ticket = command->ticket, .code = -EINVAL};
        heal_command_words(command, result.text, sizeof(result.text));
        done(context, &result);
        return;
    }
    executor->execute(executor, command, done, context);
}

void heal_executor_change_services(struct heal_executor *executor, struct heal_services *services) {
    if (executor->change_services) {
        executor->change_services(executor, services);
    }
}

struct heal_executor *heal_executor_close(struct heal_executor *executor) {
    if (executor) {
        executor->close(executor);
    }
    return NULL;
}
