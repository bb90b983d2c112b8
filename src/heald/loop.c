/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The daemon's timers and signals. */
#include "base/clock.h"
#include "heald/daemon_state.h"
#include "heald/supervisor.h"
#include "os/config_files.h"
#include "os/executor.h"
#include "os/resident.h"

#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* However short the engine's deadlines get, the loop breathes so long between two rounds. */
static const heal_us BREATH_US = 5 * HEAL_US_PER_MS;
enum { STOP_LIMIT_S = 5 };

static struct timeval span_of(heal_us span) {
    return (struct timeval){.tv_sec = (time_t)(span / HEAL_US_PER_S),
                            .tv_usec = (suseconds_t)(span % HEAL_US_PER_S)};
}

void heald_loop_arm(struct heald *daemon) {
    heal_us now = heald_now(), deadline = heal_engine_next_deadline(daemon->engine);

    if (daemon->stopping || !daemon->round)
        return;
    if (deadline == HEAL_NEVER)
        deadline = now + HEAL_US_PER_S;
    if (deadline < now + BREATH_US)
        deadline = now + BREATH_US;
    /* A timer that goes off earlier than wanted by less than a breath is left alone. */
    if (evtimer_pending(daemon->round, NULL) && daemon->due <= deadline + BREATH_US &&
        daemon->due + BREATH_US >= deadline)
        return;
    struct timeval wait = span_of(deadline - now);
    daemon->due = deadline;
    evtimer_add(daemon->round, &wait);
}

/* The mode in force, which an order may have made another than the file's. */
static const char *mode_name(const struct heald *daemon) {
    struct heal_engine_status status;

    heal_engine_status(daemon->engine, &status);
    return heal_mode_name(status.mode);
}

static void become_ready(struct heald *daemon) {
    daemon->view.ready = true;
    heald_log_write(&daemon->log, HEAL_CONFIG_LOG_INFO, "ready", "node=%s mode=%s", daemon->config.node,
                    mode_name(daemon));
    heald_supervisor_tell("READY=1\nSTATUS=watching\n");
    heal_resident_trim();
}

static void on_round(evutil_socket_t none, short what, void *context) {
    struct heald *daemon = context;
    struct heal_event round = {.kind = HEAL_EVENT_ROUND};
    heal_us now = heald_now();

    (void)none, (void)what;
    heald_lag_add(&daemon->lag, now > daemon->due ? now - daemon->due : 0);
    heald_sources_collect(&daemon->sources, now);
    if (daemon->sources.netlink)
        daemon->counters.netlink_overruns = heal_netlink_overruns(daemon->sources.netlink);
    heald_feed(daemon, &round);
    heald_loop_arm(daemon);
    if (heald_recorder_flush(&daemon->recorder) < 0)
        heald_parts_say(&daemon->parts, HEALD_PART_RECORD, false, "recording has stopped: %s",
                        strerror(-daemon->recorder.code));
    if (daemon->decisions)
        fflush(daemon->decisions);
    heald_network_follow(&daemon->network);
    heald_selfcheck_look(&daemon->selfcheck, now, heal_clock_wall());
    heald_serve_look(&daemon->serve, daemon->base, &daemon->view, &daemon->parts);
    heald_degraded_settle(&daemon->degraded, now);
    heald_log_settle(&daemon->log, now);
    daemon->counters.log_suppressed = daemon->log.held_total;
    if (daemon->rounds++ == 0)
        become_ready(daemon);
}

static void log_difference(void *context, const struct heal_config_difference *difference) {
    struct heald *daemon = context;

    /* Values may be commands with secrets in them: only the names are told. */
    heald_log_write(&daemon->log, difference->restart ? HEAL_CONFIG_LOG_WARNING : HEAL_CONFIG_LOG_INFO,
                    "option-changed", "option=%s takes-effect=%s", difference->name,
                    difference->restart ? "at-restart" : "now");
}

static void take_config(struct heald *daemon, const struct heal_config *config) {
    heal_config_differences(&daemon->config, config, log_difference, daemon);
    daemon->config = *config;
    daemon->log.level = config->log;
    heald_recorder_configure(&daemon->recorder, &config->settings);
    heal_engine_configure(daemon->engine, &config->settings);
    /* The executor stays: acts are under way in it, throttles in place. Readings of the new services wait. */
    heald_hold(daemon);
    heald_sources_reload(&daemon->sources);
    heal_executor_change_services(daemon->dispatch.executor, daemon->sources.services);
    heald_drain(daemon);
    heald_keep_merits(daemon);
    if (heald_network_reload(&daemon->network, config))
        heald_give_merits(daemon, HEAL_SLOT_ACTIVE);
}

/* Reads the configuration anew; a bad one leaves the old one as it is. */
static void reload(struct heald *daemon) {
    const struct heald_options *options = daemon->options;
    struct heal_config_places places = heald_options_places(options);
    struct heal_config *config = calloc(1, sizeof *config);
    struct heal_config_error error = {0};

    heald_supervisor_tell("RELOADING=1\n");
    int r = config ? heal_config_load(&places, config, &error) : -ENOMEM;
    if (r < 0) {
        heal_config_error_format(&error, daemon->reload_error, sizeof daemon->reload_error);
        daemon->counters.reloads_failed++;
        heald_degraded_raise(&daemon->degraded, HEALD_CONFIG_REFUSED, "%s", daemon->reload_error);
        heald_log_write(&daemon->log, HEAL_CONFIG_LOG_ERROR, "reload-refused",
                        "error=\"%s\" what=\"the old configuration goes on\"", daemon->reload_error);
    } else {
        daemon->reload_error[0] = '\0';
        daemon->counters.reloads++;
        heald_degraded_clear(&daemon->degraded, HEALD_CONFIG_REFUSED);
        take_config(daemon, config);
        heald_log_write(&daemon->log, HEAL_CONFIG_LOG_INFO, "reloaded", "mode=%s", mode_name(daemon));
    }
    heald_supervisor_tell("READY=1\n");
    free(config);
}

static void on_reload(evutil_socket_t number, short what, void *context) {
    (void)number, (void)what;
    reload(context);
}

/* Everything is taken back: that is written down, durably. */
static void write_down_the_end(struct heald *daemon) {
    for (bool all = false; !all;) {
        all = heal_engine_retire(daemon->engine, heald_now(), &daemon->output);
        for (size_t i = 0; i < daemon->output.commands; i++)
            heald_dispatch_command(&daemon->dispatch, &daemon->output.command[i]);
        heald_dispatch_commit(&daemon->dispatch);
    }
}

static void on_stop_limit(evutil_socket_t none, short what, void *context) {
    struct heald *daemon = context;

    (void)none, (void)what;
    heald_dispatch_retire(&daemon->dispatch); /* what was too much at once */
    if (daemon->dispatch.pending_count > 0 && heald_now() < daemon->stop_by) {
        struct timeval soon = span_of(20 * HEAL_US_PER_MS);
        evtimer_add(daemon->stop_limit, &soon);
        return;
    }
    if (daemon->dispatch.pending_count > 0)
        heald_log_write(&daemon->log, HEAL_CONFIG_LOG_ERROR, "stop-incomplete", "acts=%zu",
                        daemon->dispatch.pending_count);
    else if (daemon->dispatch.lifts_failed == 0 && daemon->dispatch.ledger.lost == 0)
        write_down_the_end(daemon);
    event_base_loopbreak(daemon->base);
}

static void on_stop(evutil_socket_t number, short what, void *context) {
    struct heald *daemon = context;
    struct timeval now = {0};

    (void)what;
    if (daemon->stopping) {
        event_base_loopbreak(daemon->base); /* asked twice: at once */
        return;
    }
    daemon->stopping = true;
    heald_supervisor_tell("STOPPING=1\n");
    event_del(daemon->round);
    daemon->dispatch.lifts_failed = 0;
    heald_log_write(&daemon->log, HEAL_CONFIG_LOG_INFO, "stopping", "signal=%d taken-back=%zu", (int)number,
                    daemon->dispatch.ledger.count);
    heald_dispatch_retire(&daemon->dispatch);
    daemon->stop_by = heald_now() + STOP_LIMIT_S * HEAL_US_PER_S;
    evtimer_add(daemon->stop_limit, &now);
}

static void on_watchdog(evutil_socket_t none, short what, void *context) {
    (void)none, (void)what, (void)context;
    heald_supervisor_tell("WATCHDOG=1\n");
}

static int open_watchdog(struct heald *daemon) {
    heal_us every = heald_supervisor_watchdog_us();

    if (every == 0)
        return 0;
    struct timeval wait = span_of(every);
    daemon->watchdog = event_new(daemon->base, -1, EV_PERSIST, on_watchdog, daemon);
    return daemon->watchdog && event_add(daemon->watchdog, &wait) == 0 ? 0 : -ENOMEM;
}

int heald_loop_open(struct heald *daemon) {
    static const struct {
        int number;
        event_callback_fn handle;
    } SIGNAL[HEALD_SIGNALS] = {
        {SIGHUP,  on_reload},
        {SIGTERM, on_stop  },
        {SIGINT,  on_stop  },
    };

    signal(SIGPIPE, SIG_IGN);
    daemon->round = evtimer_new(daemon->base, on_round, daemon);
    daemon->stop_limit = evtimer_new(daemon->base, on_stop_limit, daemon);
    if (!daemon->round || !daemon->stop_limit)
        return -ENOMEM;
    for (size_t i = 0; i < HEALD_SIGNALS; i++) {
        daemon->signal[i] = evsignal_new(daemon->base, SIGNAL[i].number, SIGNAL[i].handle, daemon);
        if (!daemon->signal[i] || event_add(daemon->signal[i], NULL) < 0)
            return -ENOMEM;
    }
    return open_watchdog(daemon);
}

static void free_event(struct event **event) {
    if (*event)
        event_free(*event);
    *event = NULL;
}

void heald_loop_close(struct heald *daemon) {
    free_event(&daemon->round);
    free_event(&daemon->stop_limit);
    free_event(&daemon->watchdog);
    for (size_t i = 0; i < HEALD_SIGNALS; i++)
        free_event(&daemon->signal[i]);
}
