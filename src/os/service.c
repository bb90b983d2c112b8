/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/service.h"

#include "base/clock.h"
#include "base/text.h"
#include "os/service_watch.h"
#include "os/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* With more processes than these, descendants are not looked for in each round: it would cost too much. */
enum { PROCESSES_CHEAP = 128, PROCESSES_MOST = 1 << 15 };

struct service {
    struct heal_services *all;
    char name[HEAL_NAME_MAX];
    char pidfile[HEAL_CONFIG_PATH_MAX];
    bool seen;                             /* it ran, and heald saw it */
    char procs[HEAL_CONFIG_PATH_MAX + 64]; /* the configured cgroup's list of processes; empty: none */
    struct heal_unit unit;
    struct heal_service_watch watch;
    uint32_t main;  /* the process that the totals below are of; 0: none */
    uint64_t ticks; /* at the last look */
    heal_us last;
};

struct heal_services {
    struct heal_reading_sink sink;
    float capacity;
    bool listed; /* `list` is of this round */
    bool blind;  /* in the last round some could not be looked for */
    struct heal_process_list list;
    size_t count;
    struct service service[HEAL_SERVICES_MAX];
};

static void on_end(void *context);
static void on_answer(void *context);

/* Whether the one of before a new configuration had seen it run. */
static bool was_seen(const struct heal_services *before, const struct service *service) {
    for (size_t i = 0; before && i < before->count; i++) {
        const struct service *one = &before->service[i];
        if (strcmp(one->name, service->name) == 0 && strcmp(one->pidfile, service->pidfile) == 0) {
            return one->seen;
        }
    }
    return false;
}

static void set_up(struct heal_services *services, const struct heal_services_options *options, size_t i) {
    const struct heal_config_service *config = &options->config->service[i];
    struct service *service = &services->service[i];
    service->all = services;
    heal_name_copy(service->name, sizeof(service->name), options->config->settings.service[i].name);
    heal_name_copy(service->pidfile, sizeof(service->pidfile), config->pidfile);
    if (config->cgroup[0]) {
        snprintf(service->procs, sizeof(service->procs), "%s/cgroup.procs", config->cgroup);
    }
    service->seen = was_seen(options->before, service);
    heal_unit_init(&service->unit, options->base, config->unit, on_answer, service);
    heal_service_watch_init(&service->watch, options->base, on_end, service);
}

int heal_services_open(const struct heal_services_options *options, struct heal_services **ret_services) {
    if (!(options->cpu_capacity > 0)) {
        return -EINVAL;
    }
    struct heal_services *services = calloc(1, sizeof(*services));
    if (!services) {
        return -ENOMEM;
    }
    services->sink = options->sink;
    services->capacity = options->cpu_capacity;
    heal_process_list_init(&services->list);
    services->count = options->config->settings.services;
    for (size_t i = 0; i < services->count; i++) {
        set_up(services, options, i);
    }
    *ret_services = services;
    return 0;
}

struct heal_services *heal_services_close(struct heal_services *services) {
    if (services) {
        for (size_t i = 0; i < services->count; i++) {
            heal_service_watch_deinit(&services->service[i].watch);
            heal_unit_deinit(&services->service[i].unit);
        }
        heal_process_list_deinit(&services->list);
        free(services);
    }
    return NULL;
}

/* Reads the pids of a cgroup. @return how many. */
static size_t read_procs(const char *path, size_t most, pid_t *ret_pids) {
    char text[4096];
    size_t count = 0;
    ssize_t length = heal_small_file_read(path, text, sizeof(text));
    char *rest = text;
    for (char *line; length > 0 && count < most && (line = strsep(&rest, "\n"));) {
        uint64_t pid;
        if (heal_proc_number_parse(line, strlen(line), INT32_MAX, &pid) == 0 && pid > 0) {
            ret_pids[count++] = (pid_t)pid;
        }
    }
    return count;
}

/* The service's processes, its main one first. @return how many. */
static size_t find_processes(struct service *service, size_t cheap, pid_t *ret_pids) {
    struct heal_services *services = service->all;
    if (service->pidfile[0]) {
        uint32_t pid = heal_service_watch_pidfile(&service->watch, service->pidfile);
        if (!pid) {
            return 0;
        }
        if (!services->listed) {
            services->listed = true;
            if (heal_process_list_read(&services->list, cheap) < 0) {
                services->list.count = 0;
            }
        }
        ret_pids[0] = (pid_t)pid;
        size_t count =
            heal_process_list_tree(&services->list, (pid_t)pid, HEAL_SERVICE_PROCESSES_MAX, ret_pids);
        return count ? count : 1;
    }
    const char *procs = service->procs[0] ? service->procs : service->unit.procs;
    return procs[0] ? read_procs(procs, HEAL_SERVICE_PROCESSES_MAX, ret_pids) : 0;
}

/* Adds up what the processes use. The totals are of ticks since they began. */
static void add_up(const pid_t *pids, size_t count, struct heal_proc_process *ret_main, uint64_t *ret_ticks,
                   uint64_t *ret_rss_bytes) {
    struct heal_proc_process process;
    for (size_t i = 0; i < count; i++) {
        if (heal_process_read(pids[i], &process) < 0) {
            continue;
        }
        if (ret_main->pid == 0) {
            *ret_main = process;
        }
        *ret_ticks += process.ticks + process.children_ticks;
        *ret_rss_bytes += process.rss_pages * (uint64_t)sysconf(_SC_PAGESIZE);
    }
}

/* Who stops a service in order takes its pid file away; who crashes, or is killed, leaves it. */
static bool pidfile_is_gone(const struct service *service) {
    return service->pidfile[0] && access(service->pidfile, F_OK) < 0 && errno == ENOENT;
}

/* What a service without processes is. @return false where that is not known yet, or not any more. */
static bool judge(struct service *service, heal_us now, struct heal_reading_service *reading) {
    if (!service->unit.name[0]) {
        reading->stopped = service->seen && pidfile_is_gone(service);
        return true;
    }
    heal_unit_ask(&service->unit, now);
    reading->running = service->unit.standing == HEAL_STANDING_RUNS;
    reading->stopped = service->unit.standing == HEAL_STANDING_STOPPED;
    return reading->running || reading->stopped || service->unit.standing == HEAL_STANDING_DOWN;
}

/* Where no file can be opened nobody can tell who runs: what is not found may well be there. */
static bool can_look(struct heal_services *services) {
    int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
    services->blind = file < 0;
    if (file >= 0) {
        close(file);
    }
    return file >= 0;
}

static void report(struct service *service, heal_us now) {
    pid_t pids[HEAL_SERVICE_PROCESSES_MAX];
    struct heal_proc_process process = {0};
    struct heal_reading reading = {.kind = HEAL_READING_SERVICE};
    uint64_t ticks = 0;
    size_t count = find_processes(service, PROCESSES_CHEAP, pids);
    memcpy(reading.service.name, service->name, sizeof(service->name));
    add_up(pids, count, &process, &ticks, &reading.service.rss_bytes);
    bool known = true;
    if (process.pid == 0 && !can_look(service->all)) {
        known = false;
    } else if (process.pid == 0) {
        heal_service_watch_end(&service->watch, service->pidfile);
        known = judge(service, now, &reading.service);
    } else {
        service->seen = true;
        heal_unit_forget(&service->unit);
        reading.service.running = true;
        reading.service.pid = process.pid;
        heal_service_watch_set(&service->watch, &process);
        /* Less than before: a child that nobody waited for has ended; there is no telling what was used. */
        if (service->main == process.pid && now > service->last && ticks >= service->ticks) {
            float seconds = (float)(ticks - service->ticks) / (float)sysconf(_SC_CLK_TCK);
            reading.service.cpu =
                seconds / ((float)(now - service->last) / (float)HEAL_US_PER_S) / service->all->capacity;
        }
    }
    service->main = process.pid;
    service->ticks = ticks;
    service->last = now;
    if (known) {
        service->all->sink.take(service->all->sink.context, &reading);
    }
}

/* The main process has ended: says so at once, unless the service goes on with another. */
static void on_end(void *context) {
    struct service *service = context;
    heal_service_watch_end(&service->watch, service->pidfile);
    service->all->listed = false;
    report(service, heal_clock_now());
}

static void on_answer(void *context) {
    struct service *service = context;
    service->all->listed = false;
    report(service, heal_clock_now());
}

void heal_services_read(struct heal_services *services, heal_us now) {
    services->listed = false;
    services->blind = false;
    for (size_t i = 0; i < services->count; i++) {
        report(&services->service[i], now);
    }
}

const char *heal_services_trouble(const struct heal_services *services) {
    if (services->blind) {
        return "no file can be opened";
    }
    for (size_t i = 0; i < services->count; i++) {
        if (services->service[i].unit.trouble[0]) {
            return services->service[i].unit.trouble;
        }
    }
    return NULL;
}

int heal_services_processes(struct heal_services *services, const char *name,
                            pid_t ret_pids[static HEAL_SERVICE_PROCESSES_MAX]) {
    for (size_t i = 0; i < services->count; i++) {
        if (strcmp(services->service[i].name, name) == 0) {
            services->listed = false;
            return (int)find_processes(&services->service[i], PROCESSES_MOST, ret_pids);
        }
    }
    return -ENOENT;
}
