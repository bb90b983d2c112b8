/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "model/output.h"

#include "base/pairs.h"
#include "base/text.h"
#include "heal/status.h"

#include <string.h>

/* The paths of a message are most of a command, and nearly all commands have none. */
static size_t bytes_to_clear(enum heal_command_kind kind) {
    _Static_assert(offsetof(struct heal_command, message.paths.path) <=
                           offsetof(struct heal_command, message.link) + sizeof(struct heal_message_link) &&
                       sizeof(struct heal_message_incident) <= sizeof(struct heal_message_link),
                   "what is cleared of a message covers all kinds of it but for the paths themselves");
    return kind == HEAL_COMMAND_SEND
               ? offsetof(struct heal_command, message.link) + sizeof(struct heal_message_link)
               : sizeof(struct heal_command);
}

struct heal_command *heal_output_command(struct heal_world *world, enum heal_command_kind kind,
                                         uint64_t incident) {
    struct heal_output *output = world->output;
    if (output->commands == HEAL_OUTPUT_COMMANDS)
        return NULL;
    struct heal_command *command = &output->command[output->commands++];
    memset(command, 0, bytes_to_clear(kind));
    command->kind = kind;
    command->incident = incident;
    return command;
}

struct heal_command *heal_output_order(struct heal_world *world, enum heal_command_kind kind,
                                       uint64_t incident) {
    struct heal_command *command = heal_output_command(world, kind, incident);
    if (!command)
        return NULL;
    if (world->next_ticket == 0)
        world->next_ticket = 1;
    command->ticket = world->next_ticket++;
    return command;
}

struct heal_command *heal_output_act(struct heal_world *world, enum heal_command_kind kind, uint64_t incident,
                                     struct heal_step *step) {
    struct heal_command *command = heal_output_order(world, kind, incident);
    if (!command)
        return NULL;
    world->pending[command->ticket % HEAL_PENDING_MAX] =
        (struct heal_pending){.ticket = command->ticket, .incident = incident, .step = step};
    step->pending++;
    heal_output_decide(world, HEAL_DECISION_COMMAND, incident, "do=%s ticket=%u", heal_command_name(kind),
                       command->ticket);
    return command;
}

bool heal_output_transit(struct heal_world *world, const struct heal_port *port,
                         const struct heal_transit *transit, uint16_t interval_ms) {
    struct heal_command *command = heal_output_command(world, HEAL_COMMAND_TRANSIT, 0);
    if (!command)
        return false;
    command->transit = (struct heal_command_transit){.via = port->key,
                                                     .target = transit->address,
                                                     .target_node = transit->target,
                                                     .interval_ms = interval_ms};
    return true;
}

void heal_output_decide(struct heal_world *world, enum heal_decision_kind kind, uint64_t incident,
                        const char *format, ...) {
    struct heal_output *output = world->output;
    if (output->decisions == HEAL_OUTPUT_DECISIONS) {
        output->decisions_dropped++;
        return;
    }
    struct heal_decision *decision = &output->decision[output->decisions++];
    decision->time = world->now;
    decision->kind = kind;
    decision->incident = incident;
    struct heal_text text;
    heal_text_init(&text, decision->text, sizeof decision->text);
    va_list arguments;
    va_start(arguments, format);
    heal_text_add_v(&text, format, arguments);
    va_end(arguments);
}

void heal_output_suppress(struct heal_world *world, struct heal_incident *incident,
                          enum heal_suppression reason) {
    if (incident->view.suppressed == reason)
        return;
    incident->view.suppressed = reason;
    world->count.suppressed[reason]++;
    heal_output_decide(world, HEAL_DECISION_SUPPRESSED, incident->view.id, "reason=%s",
                       heal_suppression_name(reason));
}

uint32_t heal_output_store(struct heal_world *world, enum heal_record_kind kind, uint64_t incident,
                           const char *key, const char *value) {
    struct heal_command *command = heal_output_order(world, HEAL_COMMAND_STORE, incident);
    if (!command)
        return 0;
    command->record.kind = kind;
    heal_name_copy(command->record.key, sizeof command->record.key, key);
    heal_name_copy(command->record.value, sizeof command->record.value, value);
    return command->ticket;
}

void heal_output_others(struct heal_world *world, struct heal_incident *incident, const char *words) {
    struct heal_incident_status *view = &incident->view;
    char value[256];
    struct heal_text text;
    if (strcmp(view->others, words) == 0)
        return;
    heal_name_copy(view->others, sizeof view->others, words);
    heal_output_decide(world, HEAL_DECISION_OUTCOME, view->id, "others=\"%s\"", view->others);
    heal_text_init(&text, value, sizeof value);
    heal_text_pair_text(&text, "event", "others", HEAL_NAME_MAX);
    heal_text_pair_u64(&text, "incident", view->id);
    heal_text_pair_text(&text, "what", view->others, sizeof view->others);
    heal_output_store(world, HEAL_RECORD_AUDIT, view->id, "", value);
}
