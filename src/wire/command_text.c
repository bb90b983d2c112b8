/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/command_text.h"

#include "wire/fields.h"

#include <errno.h>

#define COMMAND(type, name, member) HEAL_FIELD_OF(type, name, struct heal_command, member)

static const struct heal_field pace_fields[] = {
    COMMAND(PORT, "port", pace.port),
    COMMAND(U16, "small-interval", pace.small_interval_ms),
    COMMAND(U16, "full-interval", pace.full_interval_ms),
    {0},
};

static const struct heal_field transit_fields[] = {
    COMMAND(PORT, "via", transit.via),
    COMMAND(ADDRESS, "target", transit.target),
    COMMAND(NODE, "target-node", transit.target_node),
    COMMAND(U16, "interval", transit.interval_ms),
    {0},
};

static const struct heal_field route_fields[] = {
    COMMAND(PREFIX, "prefix", route.prefix),
    COMMAND(PORT, "via", route.via),
    COMMAND(U32, "metric", route.metric),
    {0},
};

static const struct heal_field link_fields[] = {
    HEAL_FIELD_TEXT_OF("ifname", struct heal_command, link.ifname),
    COMMAND(U32, "value", link.value),
    {0},
};

static const struct heal_field mtu_fields[] = {
    HEAL_FIELD_TEXT_OF("ifname", struct heal_command, link.ifname),
    COMMAND(U32, "value", link.value),
    COMMAND(U32, "only-from", link.only_from),
    {0},
};

static const struct heal_field service_fields[] = {
    HEAL_FIELD_TEXT_OF("name", struct heal_command, service.name),
    COMMAND(FLOAT, "share", service.share),
    {0},
};

static const struct heal_field quarantine_fields[] = {
    COMMAND(PORT, "port", quarantine.port),
    COMMAND(BOOL, "on", quarantine.on),
    {0},
};

static const struct heal_field tune_fields[] = {
    HEAL_FIELD_CHOICE_OF("what", struct heal_command, tune.what, heal_tuning_names),
    HEAL_FIELD_TEXT_OF("ifname", struct heal_command, tune.ifname),
    COMMAND(U32, "from", tune.from),
    COMMAND(U32, "value", tune.value),
    COMMAND(BOOL, "back", tune.back),
    {0},
};

static const struct heal_field notify_fields[] = {
    COMMAND(U64, "about", notify.incident),
    HEAL_FIELD_TEXT_OF("text", struct heal_command, notify.text),
    {0},
};

static const struct heal_field no_fields[] = {{0}};

static int format_message(struct heal_text *text, const struct heal_message *message) {
    if (message->kind >= HEAL_MESSAGE_KINDS)
        return -EINVAL;
    heal_text_add(text, " message=%s", heal_wire_messages[message->kind].word + sizeof "message-" - 1);
    return heal_fields_format(text, heal_wire_messages[message->kind].fields, message);
}

static const struct heal_field *fields_of(enum heal_command_kind kind) {
    switch (kind) {
    case HEAL_COMMAND_PACE:
        return pace_fields;
    case HEAL_COMMAND_TRANSIT:
        return transit_fields;
    case HEAL_COMMAND_ROUTE_ADD:
    case HEAL_COMMAND_ROUTE_DELETE:
        return route_fields;
    case HEAL_COMMAND_LINK_COST:
    case HEAL_COMMAND_LINK_BOUNCE:
    case HEAL_COMMAND_MESH_RENEW:
        return link_fields;
    case HEAL_COMMAND_LINK_MTU:
        return mtu_fields;
    case HEAL_COMMAND_SERVICE_RESTART:
    case HEAL_COMMAND_SERVICE_SHED:
        return service_fields;
    case HEAL_COMMAND_QUARANTINE:
        return quarantine_fields;
    case HEAL_COMMAND_TUNE:
        return tune_fields;
    case HEAL_COMMAND_NOTIFY:
        return notify_fields;
    case HEAL_COMMAND_SEND:
    case HEAL_COMMAND_STORE:
    case HEAL_COMMAND_FORWARDING:
    case HEAL_COMMAND_ROUTES_REFRESH:
    case HEAL_COMMAND_KINDS:
        break;
    }
    return no_fields;
}

int heal_command_format(const struct heal_command *command, char *buffer, size_t size) {
    struct heal_text text;
    int r;

    if (command->kind >= HEAL_COMMAND_KINDS)
        return -EINVAL;
    heal_text_init(&text, buffer, size);
    heal_text_add(&text, "%s", heal_command_name(command->kind));
    heal_text_pair_u64(&text, "ticket", command->ticket);
    heal_text_pair_u64(&text, "incident", command->incident);
    if (command->kind == HEAL_COMMAND_SEND)
        r = format_message(&text, &command->message);
    else if (command->kind == HEAL_COMMAND_STORE)
        r = heal_fields_format(&text, heal_wire_record, &command->record);
    else
        r = heal_fields_format(&text, fields_of(command->kind), command);
    if (r < 0)
        return r;
    return text.cut ? -ENOSPC : (int)text.length;
}
