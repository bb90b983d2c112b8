/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/dispatch.h"

#include "base/text.h"
#include "net/channel.h"
#include "net/probe.h"
#include "os/executor.h"
#include "os/store.h"

#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What was learnt, and nobody waits for, is kept together with the next that someone does, or after this
 * time. */
enum { LAZY_S = 5, RETRY_S = 10 };

static void answer(struct heald_dispatch *dispatch, uint32_t ticket, int code, const char *text) {
    struct heal_event event = {.kind = HEAL_EVENT_RESULT};

    if (ticket == 0)
        return;
    event.result.ticket = ticket;
    event.result.code = code;
    heal_name_copy(event.result.text, sizeof event.result.text, text);
    dispatch->options.answer(dispatch->options.context, &event);
}

/* For what is done, or has failed, at once. */
static void settle(struct heald_dispatch *dispatch, const struct heal_command *command, int code) {
    dispatch->options.counters->commands_failed[command->kind] += code < 0;
    if (code < 0)
        heald_log_write(dispatch->options.parts->log, HEAL_CONFIG_LOG_DEBUG, "command-failed",
                        "command=%s error=\"%s\"", heal_command_name(command->kind), strerror(-code));
    answer(dispatch, command->ticket, code, code < 0 ? strerror(-code) : "");
}

static void say_store(struct heald_dispatch *dispatch) {
    struct heal_store_status status;

    heal_store_status(dispatch->options.store, &status);
    heald_parts_say(dispatch->options.parts, HEALD_PART_STORE, status.code == 0, "%s", status.words);
}

static void stored(void *context, uint32_t ticket, int code) {
    answer(context, ticket, code, code < 0 ? strerror(-code) : "");
}

static void on_commit(evutil_socket_t none, short what, void *context) {
    struct heald_dispatch *dispatch = context;
    struct timeval retry = {.tv_sec = RETRY_S};

    (void)none, (void)what;
    if (heal_store_commit(dispatch->options.store, stored, dispatch) < 0)
        evtimer_add(dispatch->commit, &retry);
    say_store(dispatch);
}

/* What tells of acts is kept at once, also where nobody waits: after kill -9 it is all that tells of them. */
static bool is_urgent(const struct heal_record *record, uint32_t ticket) {
    return ticket != 0 || record->kind == HEAL_RECORD_STEP || record->kind == HEAL_RECORD_INCIDENT ||
           record->kind == HEAL_RECORD_AUDIT || record->kind == HEAL_RECORD_LABEL ||
           record->kind == HEAL_RECORD_ORDER;
}

static void keep(struct heald_dispatch *dispatch, const struct heal_record *record, uint32_t ticket) {
    struct timeval lazy = {.tv_sec = LAZY_S};

    if (!dispatch->options.store) {
        answer(dispatch, ticket, 0, "");
        return;
    }
    int r = heal_store_put(dispatch->options.store, record, ticket);
    if (r == -ENOBUFS) {
        heal_store_commit(dispatch->options.store, stored, dispatch);
        r = heal_store_put(dispatch->options.store, record, ticket);
    }
    if (r < 0) {
        dispatch->options.counters->commands_failed[HEAL_COMMAND_STORE]++;
        answer(dispatch, ticket, r, "the store's queue is full");
    } else if (is_urgent(record, ticket)) {
        /* From the loop, after this round of events: what they all want kept becomes durable together. */
        event_active(dispatch->commit, EV_TIMEOUT, 0);
    } else if (!evtimer_pending(dispatch->commit, NULL)) {
        evtimer_add(dispatch->commit, &lazy);
    }
}

static void acted(void *context, const struct heal_event_result *result) {
    struct heald_pending *pending = context;
    struct heald_dispatch *dispatch = pending->dispatch;
    enum heal_config_log level = result->code < 0 ? HEAL_CONFIG_LOG_WARNING : HEAL_CONFIG_LOG_INFO;

    dispatch->lifts_failed += pending->effect == HEALD_EFFECT_LIFTS && result->code < 0;
    if (pending->effect == HEALD_EFFECT_LIFTS && result->code == 0)
        heald_ledger_lift(&dispatch->ledger, &pending->undo);
    dispatch->options.counters->commands_failed[pending->kind] += result->code < 0;
    heald_log_write(dispatch->options.parts->log, level, "acted", "command=%s code=%d result=\"%s\"",
                    heal_command_name(pending->kind), result->code,
                    result->text[0] == '\0' && result->code < 0 ? strerror(-result->code) : result->text);
    uint32_t ticket = pending->ticket;
    pending->used = false;
    dispatch->pending_count--;
    answer(dispatch, ticket, result->code, result->text);
}

static void act(struct heald_dispatch *dispatch, const struct heal_command *command) {
    struct heald_pending *pending = dispatch->pending;
    char words[160];

    while (pending < dispatch->pending + HEALD_PENDING_MAX && pending->used)
        pending++;
    if (pending == dispatch->pending + HEALD_PENDING_MAX || !dispatch->executor) {
        settle(dispatch, command, dispatch->executor ? -EBUSY : -ENOTCONN);
        return;
    }
    *pending = (struct heald_pending){.dispatch = dispatch, .used = true};
    pending->kind = command->kind;
    pending->ticket = command->ticket;
    pending->effect = heald_ledger_effect(&dispatch->ledger, command, &pending->undo);
    if (pending->effect == HEALD_EFFECT_PLACES)
        heald_ledger_place(&dispatch->ledger, &pending->undo);
    dispatch->pending_count++;
    heald_log_write(dispatch->options.parts->log, HEAL_CONFIG_LOG_INFO, "act", "incident=%llu what=\"%s\"",
                    (unsigned long long)command->incident, heal_command_words(command, words, sizeof words));
    heal_executor_execute(dispatch->executor, command, acted, pending);
}

static int transit(struct heald_dispatch *dispatch, const struct heal_command_transit *transit) {
    struct heal_prober *prober = dispatch->options.ports->prober;
    int r = prober ? heal_prober_transit(prober, transit) : -ENOTCONN;

    if (r == -EPERM)
        heald_parts_say(dispatch->options.parts, HEALD_PART_PROBES, true,
                        "the helper has given no frame socket: nodes beyond the neighbours are not probed");
    return r;
}

void heald_dispatch_command(struct heald_dispatch *dispatch, const struct heal_command *command) {
    const struct heald_ports *ports = dispatch->options.ports;

    if ((unsigned)command->kind >= HEAL_COMMAND_KINDS)
        return;
    dispatch->options.counters->commands[command->kind]++;
    switch (command->kind) {
    case HEAL_COMMAND_SEND:
        settle(dispatch, command,
               ports->channel ? heal_channel_send(ports->channel, &command->message) : -ENOTCONN);
        return;
    case HEAL_COMMAND_PACE:
        settle(dispatch, command,
               ports->prober ? heal_prober_pace(ports->prober, &command->pace) : -ENOTCONN);
        return;
    case HEAL_COMMAND_TRANSIT:
        settle(dispatch, command, transit(dispatch, &command->transit));
        return;
    case HEAL_COMMAND_STORE:
        keep(dispatch, &command->record, command->ticket);
        return;
    case HEAL_COMMAND_ROUTE_ADD:
    case HEAL_COMMAND_ROUTE_DELETE:
    case HEAL_COMMAND_LINK_COST:
    case HEAL_COMMAND_LINK_MTU:
    case HEAL_COMMAND_LINK_BOUNCE:
    case HEAL_COMMAND_SERVICE_RESTART:
    case HEAL_COMMAND_SERVICE_SHED:
    case HEAL_COMMAND_QUARANTINE:
    case HEAL_COMMAND_FORWARDING:
    case HEAL_COMMAND_ROUTES_REFRESH:
    case HEAL_COMMAND_MESH_RENEW:
    case HEAL_COMMAND_TUNE:
    case HEAL_COMMAND_NOTIFY:
        act(dispatch, command);
        return;
    case HEAL_COMMAND_KINDS:
        return;
    }
}

void heald_dispatch_reading(struct heald_dispatch *dispatch, const struct heal_reading *reading) {
    if (reading->kind == HEAL_READING_LINK && reading->link.present)
        heald_ledger_mtu(&dispatch->ledger, reading->link.ifname, reading->link.mtu);
}

void heald_dispatch_audit(struct heald_dispatch *dispatch, const char *format, ...) {
    struct heal_record record = {.kind = HEAL_RECORD_AUDIT};
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(record.value, sizeof record.value, format, arguments);
    va_end(arguments);
    keep(dispatch, &record, 0);
}

size_t heald_dispatch_retire(struct heald_dispatch *dispatch) {
    struct heal_command *command = calloc(1, sizeof *command);
    char words[160];
    size_t count = 0;

    /* No more than may be under way at a time; the rest when these are done. */
    while (command && dispatch->pending_count < HEALD_PENDING_MAX &&
           heald_ledger_take(&dispatch->ledger, command)) {
        heald_dispatch_audit(dispatch, "event=stop undo=\"%s\"",
                             heal_command_words(command, words, sizeof words));
        act(dispatch, command);
        count++;
    }
    free(command);
    return count;
}

int heald_dispatch_commit(struct heald_dispatch *dispatch) {
    return dispatch->options.store ? heal_store_commit(dispatch->options.store, stored, dispatch) : 0;
}

int heald_dispatch_init(struct heald_dispatch *dispatch, const struct heald_dispatch_options *options) {
    dispatch->options = *options;
    dispatch->commit = evtimer_new(options->base, on_commit, dispatch);
    if (!dispatch->commit)
        return -ENOMEM;
    if (!options->store) {
        heald_parts_unwanted(options->parts, HEALD_PART_STORE, "a dry run keeps nothing");
        return 0;
    }
    say_store(dispatch);
    struct timeval retry = {.tv_sec = RETRY_S};
    if (!options->parts->status[HEALD_PART_STORE].works)
        evtimer_add(dispatch->commit, &retry);
    return 0;
}

void heald_dispatch_deinit(struct heald_dispatch *dispatch) {
    if (dispatch->commit)
        event_free(dispatch->commit);
    dispatch->commit = NULL;
}
