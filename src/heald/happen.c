/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* One event after the other: recorded, stepped, its decisions told, its commands dispatched. */
#include "gnn/model.h"
#include "heald/daemon_state.h"
#include "heald/trace.h"
#include "net/http.h"
#include "os/store.h"

#include <errno.h>
#include <string.h>

static enum heal_config_log level_of(enum heal_decision_kind kind) {
    switch (kind) {
    case HEAL_DECISION_INCIDENT:
    case HEAL_DECISION_DIAGNOSIS:
    case HEAL_DECISION_PLAN:
    case HEAL_DECISION_OUTCOME:
        return HEAL_CONFIG_LOG_INFO;
    case HEAL_DECISION_OBSERVATION:
    case HEAL_DECISION_SYMPTOM:
    case HEAL_DECISION_SUPPRESSED:
    case HEAL_DECISION_COMMAND:
    case HEAL_DECISION_FEEDBACK:
    case HEAL_DECISION_KINDS:
        break;
    }
    return HEAL_CONFIG_LOG_DEBUG;
}

static void tell_decisions(struct heald *daemon) {
    const struct heal_output *output = &daemon->output;

    daemon->counters.decisions_dropped += output->decisions_dropped;
    for (size_t i = 0; i < output->decisions; i++) {
        const struct heal_decision *decision = &output->decision[i];

        if ((unsigned)decision->kind < HEAL_DECISION_KINDS)
            daemon->counters.decisions[decision->kind]++;
        heald_log_write(&daemon->log, level_of(decision->kind), heal_decision_name(decision->kind),
                        "incident=%llu %s", (unsigned long long)decision->incident, decision->text);
    }
    if (daemon->decisions)
        heald_trace_write(daemon->decisions, output);
}

static void say_recording(struct heald *daemon, int code) {
    daemon->counters.recorded_bytes = daemon->recorder.total_bytes;
    if (code < 0)
        heald_parts_say(&daemon->parts, HEALD_PART_RECORD, false, "recording has stopped: %s",
                        code == -EFBIG ? "the last part is full" : strerror(-code));
}

static void happen(struct heald *daemon, const struct heal_event *event) {
    heal_us now = heald_now();

    if ((unsigned)event->kind < HEAL_EVENT_KINDS)
        daemon->counters.events[event->kind]++;
    say_recording(daemon, heald_recorder_event(&daemon->recorder, now, event));
    heal_engine_step(daemon->engine, now, event, &daemon->output);
    tell_decisions(daemon);
    for (size_t i = 0; i < daemon->output.commands; i++)
        heald_dispatch_command(&daemon->dispatch, &daemon->output.command[i]);
}

void heald_hold(struct heald *daemon) {
    daemon->happening = true;
}

void heald_drain(struct heald *daemon) {
    while (heald_queue_take(&daemon->queue, &daemon->next))
        happen(daemon, &daemon->next);
    daemon->happening = false;
    heald_loop_arm(daemon);
}

int heald_feed(struct heald *daemon, const struct heal_event *event) {
    if (daemon->stopping)
        return 0; /* what is being taken back is no more the engine's business */
    if (daemon->happening) {
        int r = heald_queue_put(&daemon->queue, event);

        daemon->counters.events_dropped += r < 0;
        if (r < 0)
            heald_log_write(&daemon->log, HEAL_CONFIG_LOG_ERROR, "event-dropped",
                            "what=\"the queue is full\"");
        return r;
    }
    heald_hold(daemon);
    happen(daemon, event);
    heald_drain(daemon);
    return 0;
}

int heald_operator(struct heald *daemon, const struct heal_event_operator *order,
                   const struct heal_http_peer *by) {
    struct heal_event event = {.kind = HEAL_EVENT_OPERATOR, .operator_ = *order};

    if ((unsigned)order->verb >= HEAL_OPERATOR_VERBS ||
        !memchr(order->argument, '\0', sizeof order->argument))
        return -EINVAL;
    if (daemon->stopping)
        return -ESHUTDOWN;
    char words[sizeof order->argument + 160];
    snprintf(words, sizeof words, "verb=%s uid=%lld pid=%lld incident=%llu number=%llu argument=\"%s\"",
             heal_operator_verb_names[order->verb], (long long)by->uid, (long long)by->pid,
             (unsigned long long)order->incident, (unsigned long long)order->number, order->argument);
    heald_log_write(&daemon->log, HEAL_CONFIG_LOG_INFO, "operator", "%s", words);
    heald_dispatch_audit(&daemon->dispatch, "event=order %s", words);
    int r = heald_feed(daemon, &event);
    heald_network_follow(&daemon->network);
    if (r == 0 && order->verb == HEAL_OPERATOR_MODE)
        heald_degraded_clear(&daemon->degraded, HEALD_ORDERS_LOST);
    /* What is acknowledged is durable. */
    r = r < 0 ? r : heald_dispatch_commit(&daemon->dispatch);
    if (r == 0 && order->verb == HEAL_OPERATOR_ACTIVATE)
        heald_network_tidy(&daemon->network);
    return r;
}

void heald_keep_merits(struct heald *daemon) {
    const struct heal_event round = {.kind = HEAL_EVENT_ROUND};

    heald_feed(daemon, &round);
    (void)heald_dispatch_commit(&daemon->dispatch);
}

static bool give_merit(void *context, const struct heal_store_entry *entry) {
    struct heal_event event = {.kind = HEAL_EVENT_RESTORE, .record = entry->record};

    heald_feed(context, &event);
    return true;
}

void heald_give_merits(struct heald *daemon, enum heal_slot slot) {
    const struct heal_gnn_model *model = daemon->network.slots.model[slot];
    char prefix[24];

    if (!daemon->store || !model)
        return;
    snprintf(prefix, sizeof prefix, "%016llx/", (unsigned long long)model->id);
    (void)heal_store_records(daemon->store, HEAL_RECORD_MERIT, prefix, give_merit, daemon);
}

int heald_shadow(struct heald *daemon, const char *bytes, size_t length, const struct heal_http_peer *by,
                 struct heal_error *error) {
    if (daemon->stopping)
        return heal_error_set(error, -ESHUTDOWN, 0, 0, "heald is being stopped");
    heald_keep_merits(daemon);
    int r = heald_network_shadow(&daemon->network, bytes, length, error);
    if (r < 0)
        return r;
    char words[160];
    snprintf(words, sizeof words, "verb=shadow uid=%lld pid=%lld model=%016llx", (long long)by->uid,
             (long long)by->pid, (unsigned long long)daemon->network.chosen.id[HEAL_SLOT_SHADOW]);
    heald_log_write(&daemon->log, HEAL_CONFIG_LOG_INFO, "operator", "%s", words);
    heald_dispatch_audit(&daemon->dispatch, "event=order %s", words);
    heald_give_merits(daemon, HEAL_SLOT_SHADOW);
    r = heald_dispatch_commit(&daemon->dispatch);
    if (r < 0)
        return heal_error_set(error, r, 0, 0, "taken, but not written (%s): it is lost when heald ends",
                              strerror(-r));
    heald_network_tidy(&daemon->network);
    return 0;
}
