/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/ledger.h"

#include "base/text.h"

#include <string.h>

static bool same_name(const char *a, const char *b) {
    return strncmp(a, b, HEAL_IFNAME_MAX) == 0;
}

static bool same_thing(const struct heald_ledger_entry *a, const struct heald_ledger_entry *b) {
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case HEAL_COMMAND_ROUTE_DELETE:
        return a->route.metric == b->route.metric && heal_prefix_equal(&a->route.prefix, &b->route.prefix) &&
               heal_port_key_equal(&a->route.via, &b->route.via);
    case HEAL_COMMAND_LINK_COST:
    case HEAL_COMMAND_LINK_MTU:
        return same_name(a->link.ifname, b->link.ifname);
    case HEAL_COMMAND_TUNE:
        return a->tune.what == b->tune.what && same_name(a->tune.ifname, b->tune.ifname);
    case HEAL_COMMAND_SERVICE_SHED:
        return strncmp(a->service.name, b->service.name, HEAL_NAME_MAX) == 0;
    case HEAL_COMMAND_QUARANTINE:
        return heal_port_key_equal(&a->quarantine.port, &b->quarantine.port);
    case HEAL_COMMAND_SEND:
    case HEAL_COMMAND_PACE:
    case HEAL_COMMAND_TRANSIT:
    case HEAL_COMMAND_STORE:
    case HEAL_COMMAND_ROUTE_ADD:
    case HEAL_COMMAND_LINK_BOUNCE:
    case HEAL_COMMAND_SERVICE_RESTART:
    case HEAL_COMMAND_FORWARDING:
    case HEAL_COMMAND_ROUTES_REFRESH:
    case HEAL_COMMAND_MESH_RENEW:
    case HEAL_COMMAND_NOTIFY:
    case HEAL_COMMAND_KINDS:
        break;
    }
    return false;
}

static const struct heald_ledger_link *link_of(const struct heald_ledger *ledger, const char *ifname) {
    for (size_t i = 0; i < ledger->links; i++)
        if (same_name(ledger->link[i].ifname, ifname))
            return &ledger->link[i];
    return NULL;
}

enum heald_effect heald_ledger_effect(const struct heald_ledger *ledger, const struct heal_command *command,
                                      struct heald_ledger_entry *undo) {
    const struct heald_ledger_link *before;

    memset(undo, 0, sizeof *undo);
    undo->kind = command->kind;
    switch (command->kind) {
    case HEAL_COMMAND_ROUTE_ADD:
    case HEAL_COMMAND_ROUTE_DELETE:
        undo->kind = HEAL_COMMAND_ROUTE_DELETE;
        undo->route = command->route;
        return command->kind == HEAL_COMMAND_ROUTE_ADD ? HEALD_EFFECT_PLACES : HEALD_EFFECT_LIFTS;
    case HEAL_COMMAND_LINK_COST:
        undo->link = command->link;
        undo->link.value = 0;
        return command->link.value != 0 ? HEALD_EFFECT_PLACES : HEALD_EFFECT_LIFTS;
    case HEAL_COMMAND_LINK_MTU:
        before = link_of(ledger, command->link.ifname);
        undo->link = command->link;
        undo->link.value = before ? before->mtu : 0;
        undo->link.only_from = command->link.value;
        /* heald only ever makes an MTU smaller: one that grows is taken back, perhaps an earlier run's. */
        return before && command->link.value < before->mtu ? HEALD_EFFECT_PLACES : HEALD_EFFECT_LIFTS;
    case HEAL_COMMAND_SERVICE_SHED:
        undo->service = command->service;
        undo->service.share = 0;
        return command->service.share > 0 ? HEALD_EFFECT_PLACES : HEALD_EFFECT_LIFTS;
    case HEAL_COMMAND_QUARANTINE:
        undo->quarantine = command->quarantine;
        undo->quarantine.on = false;
        return command->quarantine.on ? HEALD_EFFECT_PLACES : HEALD_EFFECT_LIFTS;
    case HEAL_COMMAND_TUNE:
        undo->tune = command->tune;
        undo->tune.from = command->tune.value;
        undo->tune.value = command->tune.from;
        undo->tune.back = true;
        /* A mesh that has moved to another channel stays there. */
        return command->tune.what == HEAL_TUNE_CHANNEL ? HEALD_EFFECT_NONE
               : command->tune.back                    ? HEALD_EFFECT_LIFTS
                                                       : HEALD_EFFECT_PLACES;
    case HEAL_COMMAND_LINK_BOUNCE:
    case HEAL_COMMAND_SERVICE_RESTART:
    case HEAL_COMMAND_FORWARDING: /* how it should be: it stays */
    case HEAL_COMMAND_ROUTES_REFRESH:
    case HEAL_COMMAND_MESH_RENEW:
    case HEAL_COMMAND_NOTIFY:
    case HEAL_COMMAND_SEND:
    case HEAL_COMMAND_PACE:
    case HEAL_COMMAND_TRANSIT:
    case HEAL_COMMAND_STORE:
    case HEAL_COMMAND_KINDS:
        break;
    }
    return HEALD_EFFECT_NONE;
}

void heald_ledger_lift(struct heald_ledger *ledger, const struct heald_ledger_entry *undo) {
    size_t place = 0;

    while (place < ledger->count && !same_thing(&ledger->entry[place], undo))
        place++;
    if (place == ledger->count)
        return;
    ledger->count--;
    memmove(&ledger->entry[place], &ledger->entry[place + 1],
            (ledger->count - place) * sizeof *ledger->entry);
}

void heald_ledger_place(struct heald_ledger *ledger, const struct heald_ledger_entry *undo) {
    heald_ledger_lift(ledger, undo);
    if (ledger->count == HEALD_LEDGER_MAX)
        ledger->lost++;
    else
        ledger->entry[ledger->count++] = *undo;
}

void heald_ledger_mtu(struct heald_ledger *ledger, const char *ifname, uint32_t mtu) {
    struct heald_ledger_entry changed = {.kind = HEAL_COMMAND_LINK_MTU};

    heal_name_copy(changed.link.ifname, sizeof changed.link.ifname, ifname);
    for (size_t i = 0; i < ledger->count; i++)
        if (same_thing(&ledger->entry[i], &changed))
            return;
    for (size_t i = 0; i < ledger->links; i++) {
        if (same_name(ledger->link[i].ifname, ifname)) {
            ledger->link[i].mtu = mtu;
            return;
        }
    }
    if (ledger->links == HEALD_LEDGER_LINKS)
        return;
    heal_name_copy(ledger->link[ledger->links].ifname, HEAL_IFNAME_MAX, ifname);
    ledger->link[ledger->links++].mtu = mtu;
}

bool heald_ledger_take(struct heald_ledger *ledger, struct heal_command *ret_command) {
    if (ledger->count == 0)
        return false;
    const struct heald_ledger_entry *entry = &ledger->entry[--ledger->count];
    memset(ret_command, 0, sizeof *ret_command);
    ret_command->kind = entry->kind;
    if (entry->kind == HEAL_COMMAND_ROUTE_DELETE)
        ret_command->route = entry->route;
    else if (entry->kind == HEAL_COMMAND_SERVICE_SHED)
        ret_command->service = entry->service;
    else if (entry->kind == HEAL_COMMAND_TUNE)
        ret_command->tune = entry->tune;
    else if (entry->kind == HEAL_COMMAND_QUARANTINE)
        ret_command->quarantine = entry->quarantine;
    else
        ret_command->link = entry->link;
    return true;
}
