/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The daemon's life: what is made in which order, and unmade. */
#include "heald/daemon_state.h"
#include "net/claim.h"
#include "net/socket_holder.h"
#include "os/executor.h"
#include "os/store.h"

#include <errno.h>
#include <event2/event.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

/* Two ages of a record that differ by more are of two boots, or of a clock that was set. */
enum { SAME_BOOT_S = 10 };

static bool is_open(const struct heal_record *record) {
    struct heal_incident_status incident;

    if (record->kind == HEAL_RECORD_STEP)
        return heal_step_record_is_open(record->value);
    return heal_incident_parse(record->value, &incident, NULL) == 0 && incident.closed == 0;
}

static void take_event(void *context, const struct heal_event *event) {
    heald_feed(context, event);
}

static void take_from_source(void *context, const struct heal_event *event) {
    struct heald *daemon = context;

    if (event->kind == HEAL_EVENT_READING)
        heald_dispatch_reading(&daemon->dispatch, &event->reading);
    heald_feed(daemon, event);
}

/* The times of an incident are those of the boot's clock. Of this boot's? Then it is as long over by that
 * clock as its record is old by the wall clock. */
static bool is_of_this_boot(const struct heal_incident_status *incident,
                            const struct heal_store_entry *entry) {
    double now_s = (double)heald_now() / 1e6, closed_s = (double)incident->closed / 1e6;
    double age_s = heald_unix_now() - (double)entry->updated_us / 1e6;

    return closed_s <= now_s && fabs(now_s - closed_s - age_s) < SAME_BOOT_S;
}

/* An incident that was over in an earlier boot is told as over at no time of this one. */
static void hide_other_boot(const struct heal_store_entry *entry, struct heal_record *record) {
    struct heal_incident_status incident;

    if (record->kind != HEAL_RECORD_INCIDENT || heal_incident_parse(record->value, &incident, NULL) < 0 ||
        incident.closed == 0 || is_of_this_boot(&incident, entry))
        return;
    incident.closed = HEAL_NEVER;
    (void)heal_incident_format(&incident, record->value, sizeof record->value);
}

static bool give_back(void *context, const struct heal_store_entry *entry) {
    struct heal_event event = {.kind = HEAL_EVENT_RESTORE, .record = entry->record};

    struct heald *daemon = context;

    hide_other_boot(entry, &event.record);
    if (entry->record.kind == HEAL_RECORD_ORDER && strcmp(entry->record.value, HEAL_STORE_STAND_IN) == 0)
        heald_degraded_raise(&daemon->degraded, HEALD_ORDERS_LOST, "in mode observe until a mode is ordered");
    heald_feed(daemon, &event);
    return true;
}

static int fail(struct heald *daemon, const char *what, int code) {
    heald_log_write(&daemon->log, HEAL_CONFIG_LOG_ERROR, "cannot-start", "what=\"%s\" error=\"%s\"", what,
                    strerror(-code));
    return code;
}

static int open_store(struct heald *daemon) {
    struct heal_store_options options = {.folder = daemon->config.state, .is_open = is_open};

    if (daemon->options->dry_run)
        return 0;
    int r = heal_store_open(&options, &daemon->store);
    if (r == -EBUSY)
        heald_log_write(&daemon->log, HEAL_CONFIG_LOG_ERROR, "cannot-start",
                        "what=\"another heald has the state of %s\"", daemon->config.state);
    else if (r < 0)
        fail(daemon, "store", r);
    daemon->selfcheck.store = daemon->store;
    return r;
}

static int open_record(struct heald *daemon, uint64_t seed) {
    struct heald_recorder_options options = {
        .path = daemon->options->record,
        .node = daemon->config.node,
        .seed = seed,
        .settings = &daemon->config.settings,
    };

    if (!options.path) {
        heald_parts_unwanted(&daemon->parts, HEALD_PART_RECORD, "no --record was given");
        return 0;
    }
    int r = heald_recorder_init(&daemon->recorder, &options);
    if (r < 0)
        return fail(daemon, options.path, r);
    heald_parts_say(&daemon->parts, HEALD_PART_RECORD, true, "%.150s", options.path);
    return 0;
}

static int open_decisions(struct heald *daemon) {
    const char *path = daemon->options->decisions;

    if (!path)
        return 0;
    daemon->decisions = fopen(path, "we");
    return daemon->decisions ? 0 : fail(daemon, path, -errno);
}

static int open_engine(struct heald *daemon) {
    uint64_t seed = 0;

    if (getrandom(&seed, sizeof seed, 0) != sizeof seed)
        return fail(daemon, "getrandom", -errno);
    int r = heal_engine_new(daemon->config.node, &daemon->config.settings, seed, &daemon->engine);
    if (r < 0)
        return fail(daemon, "engine", r);
    daemon->selfcheck.engine = daemon->engine;
    r = open_record(daemon, seed);
    if (r < 0)
        return r;
    daemon->network.slots.engine = daemon->engine;
    daemon->network.parts = &daemon->parts;
    daemon->network.recorder = &daemon->recorder;
    daemon->network.store = daemon->store;
    heald_network_open(&daemon->network, &daemon->config);
    return open_decisions(daemon);
}

static void fill_view(struct heald *daemon) {
    heald_access_init(&daemon->access, &daemon->config);
    daemon->view = (struct heald_view){
        .daemon = daemon,
        .access = &daemon->access,
        .engine = daemon->engine,
        .config = &daemon->config,
        .network = &daemon->network,
        .store = daemon->store,
        .counters = &daemon->counters,
        .lag = &daemon->lag,
        .part = daemon->parts.status,
        .condition = daemon->degraded.status,
        .reload_error = daemon->reload_error,
        .started_unix_s = (uint64_t)time(NULL),
        .started = heald_now(),
        .dry_run = daemon->options->dry_run,
    };
}

static int open_dispatch(struct heald *daemon) {
    struct heald_dispatch_options options = {
        .base = daemon->base,
        .ports = &daemon->sources.ports,
        .store = daemon->store,
        .parts = &daemon->parts,
        .counters = &daemon->counters,
        .answer = take_event,
        .context = daemon,
    };
    int r = heald_dispatch_init(&daemon->dispatch, &options);
    return r < 0 ? fail(daemon, "dispatch", r) : 0;
}

static void restore(struct heald *daemon) {
    int r = daemon->store ? heal_store_restore(daemon->store, give_back, daemon) : 0;

    if (r < 0)
        heald_log_write(&daemon->log, HEAL_CONFIG_LOG_WARNING, "nothing-restored", "error=\"%s\"",
                        strerror(-r));
}

static void say_sandbox(struct heald *daemon) {
    const struct heald_privilege *privilege = daemon->privilege;

    heald_parts_say(&daemon->parts, HEALD_PART_SANDBOX, privilege->is_user && privilege->is_filtered, "%s",
                    privilege->words);
}

/* What an earlier run kept comes first, then what is there now: the sources report as soon as they open. */
static int open_world(struct heald *daemon) {
    struct heald_sources *sources = &daemon->sources;
    struct heald_dispatch *dispatch = &daemon->dispatch;

    restore(daemon);
    say_sandbox(daemon);
    sources->base = daemon->base;
    sources->config = &daemon->config;
    sources->parts = &daemon->parts;
    sources->take = take_from_source;
    sources->context = daemon;
    int r = heald_acting_open(&daemon->acting, sources, daemon->privilege);
    if (r < 0)
        return fail(daemon, "helper", r);
    sources->helper = daemon->acting.helper;
    heald_sources_open(sources);
    dispatch->executor = heald_acting_executor(&daemon->acting, daemon->options->dry_run);
    if (!dispatch->executor)
        return fail(daemon, "executor", -ENOMEM);
    if (!daemon->options->dry_run)
        heald_acting_sweep(&daemon->acting, dispatch);
    return 0;
}

/* Before anything is done: a second heald with the same socket would be one that nobody can ask or stop. A
 * dry run does nothing, and may go beside. */
static int open_serve(struct heald *daemon) {
    const char *path = daemon->config.socket;

    fill_view(daemon);
    int r = heald_serve_open(&daemon->serve, daemon->base, &daemon->view, &daemon->parts);
    if (r == 0 || daemon->options->dry_run)
        return 0;
    heald_log_write(&daemon->log, HEAL_CONFIG_LOG_ERROR, "cannot-start",
                    "what=\"another heald answers at %s\" process=%d", path, heal_socket_holder(path, NULL));
    return r;
}

static void listen_again(evutil_socket_t none, short what, void *context) {
    const struct heald *daemon = context;
    (void)none, (void)what;
    if (daemon->asked)
        event_add(daemon->asked, NULL);
}

/* Not again at once: neither who asks without end nor a lack of descriptors is to keep heald from its rounds.
 */
static void on_asked(evutil_socket_t claim, short what, void *context) {
    const struct heald *daemon = context;
    struct timeval moment = {.tv_usec = 50000};
    (void)what;
    heal_claim_answer(claim);
    event_base_once(daemon->base, -1, EV_TIMEOUT, listen_again, context, &moment);
}

/* Two on one network are told, not forbidden: while one of them only observes there is no harm in it. */
static void make_claim(struct heald *daemon) {
    if (daemon->options->dry_run)
        return;
    daemon->claim = heal_claim_make();
    if (daemon->claim == -EADDRINUSE)
        heald_log_write(
            &daemon->log, HEAL_CONFIG_LOG_WARNING, "not-alone",
            "what=\"another heald works on this network, too: in mode act each would take back the "
            "other's routes\" process=%d",
            heal_claim_holder(geteuid()));
    daemon->asked =
        daemon->claim < 0 ? NULL : event_new(daemon->base, daemon->claim, EV_READ, on_asked, daemon);
    if (daemon->asked)
        event_add(daemon->asked, NULL);
}

static int open_all(struct heald *daemon) {
    daemon->base = event_base_new();
    if (!daemon->base)
        return fail(daemon, "event loop", -ENOMEM);
    int r = open_store(daemon);
    if (r == 0)
        r = open_engine(daemon);
    if (r == 0)
        r = open_dispatch(daemon);
    if (r == 0)
        r = heald_loop_open(daemon);
    if (r == 0)
        r = open_serve(daemon);
    if (r < 0)
        return r;
    make_claim(daemon);
    return open_world(daemon);
}

struct heald *heald_new(const struct heald_options *options, const struct heal_config *config,
                        const struct heald_privilege *privilege, int *ret_exit) {
    struct heald *daemon = calloc(1, sizeof *daemon);

    *ret_exit = HEALD_EXIT_INTERNAL;
    if (!daemon)
        return NULL;
    daemon->options = options;
    daemon->privilege = privilege;
    daemon->config = *config;
    daemon->degraded.log = &daemon->log;
    daemon->parts.log = &daemon->log;
    daemon->parts.degraded = &daemon->degraded;
    daemon->selfcheck.degraded = &daemon->degraded;
    daemon->selfcheck.settings = &daemon->config.settings;
    daemon->claim = -1;
    heald_log_init(&daemon->log, config->log, STDERR_FILENO);
    heald_log_write(&daemon->log, HEAL_CONFIG_LOG_INFO, "start", "version=%s node=%s mode=%s%s", HEAL_VERSION,
                    config->node, heal_mode_name(config->settings.mode), options->dry_run ? " dry-run" : "");
    int r = open_all(daemon);
    if (r == 0)
        return daemon;
    *ret_exit = r == -ENOMEM ? HEALD_EXIT_INTERNAL : HEALD_EXIT_FAILED;
    return heald_free(daemon);
}

struct heald *heald_free(struct heald *daemon) {
    if (!daemon)
        return NULL;
    daemon->stopping = true;
    heald_serve_close(&daemon->serve);
    heald_acting_close(&daemon->acting);
    daemon->dispatch.executor = heal_executor_close(daemon->dispatch.executor);
    heald_sources_close(&daemon->sources);
    heald_dispatch_deinit(&daemon->dispatch);
    heal_store_close(daemon->store);
    heald_recorder_deinit(&daemon->recorder);
    if (daemon->decisions)
        fclose(daemon->decisions);
    heald_loop_close(daemon);
    heal_engine_free(daemon->engine);
    heald_network_close(&daemon->network);
    if (daemon->asked)
        event_free(daemon->asked);
    if (daemon->base)
        event_base_free(daemon->base);
    if (daemon->claim >= 0)
        close(daemon->claim);
    free(daemon);
    return NULL;
}

int heald_run(struct heald *daemon) {
    heald_loop_arm(daemon);
    int r = event_base_dispatch(daemon->base);
    heald_log_write(&daemon->log, HEAL_CONFIG_LOG_INFO, "stopped", "rounds=%llu",
                    (unsigned long long)daemon->rounds);
    return r < 0 ? HEALD_EXIT_INTERNAL : HEALD_EXIT_OK;
}
