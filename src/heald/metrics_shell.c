/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The parts of the metrics page that tell of the daemon itself: its loop, its store. */
#include "base/cleanup.h"
#include "heald/metrics_parts.h"
#include "os/store.h"

static const char *const event_names[HEAL_EVENT_KINDS] = {
    [HEAL_EVENT_READING] = "reading", [HEAL_EVENT_ROUND] = "round",       [HEAL_EVENT_MESSAGE] = "message",
    [HEAL_EVENT_RESULT] = "result",   [HEAL_EVENT_OPERATOR] = "operator", [HEAL_EVENT_RESTORE] = "restore",
};

static const char *event_name(unsigned kind) {
    return event_names[kind];
}

static const char *command_name(unsigned kind) {
    return heal_command_name((enum heal_command_kind)kind);
}

static const char *decision_name(unsigned kind) {
    return heal_decision_name((enum heal_decision_kind)kind);
}

static void by_kind(struct heal_exposition *x, const uint64_t *count, unsigned kinds,
                    const char *(*name_of)(unsigned kind)) {
    for (unsigned i = 0; i < kinds; i++) {
        const struct heal_exposition_label label[] = {
            {"kind", name_of(i)},
            {NULL,   NULL      }
        };

        if (label[0].value)
            heal_exposition_sample(x, (double)count[i], label);
    }
}

static void counter(struct heal_exposition *x, const char *name, const char *help, uint64_t count) {
    heal_exposition_family(x, name, HEAL_EXPOSITION_COUNTER, help);
    heal_exposition_sample(x, (double)count, NULL);
}

static void counters(struct heal_exposition *x, const struct heald_counters *counters) {
    heal_exposition_family(x, "heald_events_total", HEAL_EXPOSITION_COUNTER,
                           "Events that the engine was told of.");
    by_kind(x, counters->events, HEAL_EVENT_KINDS, event_name);
    heal_exposition_family(x, "heald_commands_total", HEAL_EXPOSITION_COUNTER,
                           "Commands that the engine gave.");
    by_kind(x, counters->commands, HEAL_COMMAND_KINDS, command_name);
    heal_exposition_family(x, "heald_commands_failed_total", HEAL_EXPOSITION_COUNTER,
                           "Commands that could not be carried out.");
    by_kind(x, counters->commands_failed, HEAL_COMMAND_KINDS, command_name);
    heal_exposition_family(x, "heald_decisions_total", HEAL_EXPOSITION_COUNTER,
                           "Lines of the decision trace.");
    by_kind(x, counters->decisions, HEAL_DECISION_KINDS, decision_name);
    counter(x, "heald_decisions_dropped_total", "Decisions that were made but not written down.",
            counters->decisions_dropped);
    counter(x, "heald_events_dropped_total", "Events lost because the queue was full.",
            counters->events_dropped);
    counter(x, "heald_netlink_overruns_total",
            "How often the kernel had to drop news of links and routes, so that all were read again.",
            counters->netlink_overruns);
    counter(x, "heald_reloads_total", "Configurations that were taken while running.", counters->reloads);
    counter(x, "heald_reloads_failed_total", "Configurations that were refused.", counters->reloads_failed);
}

void heald_metrics_loop(struct heal_exposition *x, const struct heald_view *view) {
    struct heal_exposition_bucket bucket[HEALD_LAG_BUCKETS];

    for (unsigned i = 0; i < HEALD_LAG_BUCKETS; i++)
        bucket[i] = (struct heal_exposition_bucket){heald_lag_bound_s(i), view->lag->bucket[i]};
    heal_exposition_family(x, "heald_loop_lag_seconds", HEAL_EXPOSITION_HISTOGRAM,
                           "How late the event loop served its timers.");
    heal_exposition_histogram(x, bucket, HEALD_LAG_BUCKETS, view->lag->count, view->lag->sum_s);
    counters(x, view->counters);
}

void heald_metrics_store(struct heal_exposition *x, const struct heald_view *view) {
    struct heal_store_status status;

    if (!view->store)
        return;
    heal_store_status(view->store, &status);
    heal_exposition_family(x, "heald_store_up", HEAL_EXPOSITION_GAUGE, "1 while the store's disk works.");
    heal_exposition_sample(x, status.code == 0, NULL);
    heal_exposition_family(x, "heald_store_queued", HEAL_EXPOSITION_GAUGE, "Records that wait to be kept.");
    heal_exposition_sample(x, (double)status.queued, NULL);
    counter(x, "heald_store_commits_total", "Commits that are durable.", status.commits);
    counter(x, "heald_store_commits_failed_total", "Commits that failed and are tried again.",
            status.commits_failed);
    counter(x, "heald_store_dropped_total", "Records lost because the queue was full.", status.dropped);
}
