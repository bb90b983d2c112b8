/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* What concerns more than one value. Each check is a function that returns 0 or has failed; the error goes to
 * the place where the value at fault was set, which is why origins are kept. */
#include "base/cleanup.h"
#include "config/config.h"
#include "config/option.h"
#include "config/parameters.h"
#include "config/quantity.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct check {
    const struct heal_config *config;
    struct heal_config_error *error;
};

__attribute__((format(printf, 3, 4))) static int fail(const struct check *check, struct heal_option_slot slot,
                                                      const char *format, ...) {
    struct heal_config_error *error = check->error;
    struct heal_config_origin origin = check->config->origins.value[heal_option_number(&slot)];
    char name[HEAL_CONFIG_NAME_MAX], what[160];
    va_list arguments;

    if (!error)
        return -EINVAL;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    error->file[0] = '\0';
    if (origin.file == 1)
        strcpy(error->file, "environment");
    else if (origin.file >= 2)
        memcpy(error->file, check->config->origins.file[origin.file - 2], sizeof error->file);
    return heal_error_set(&error->error, -EINVAL, (int)origin.line, origin.column, "%s: %s",
                          heal_option_name(&slot, check->config, name), what);
}

static struct heal_option_slot slot_of(const char *section, const char *key, unsigned index) {
    return (struct heal_option_slot){heal_option_find(section, key), index};
}

static int check_times(const struct check *check) {
    const struct heal_settings *settings = &check->config->settings;
    char text[HEAL_QUANTITY_MAX];

    if (settings->round_fast_us > settings->round_us)
        return fail(check, slot_of("", "round-fast", 0), "must not be longer than round (%s)",
                    heal_duration_format(settings->round_us, text));
    if (settings->probe_fast_ms > settings->probe_small_ms)
        return fail(check, slot_of("probe", "fast", 0), "must not be longer than probe.small (%u ms)",
                    settings->probe_small_ms);
    if (settings->probe_fast_ms > settings->probe_full_ms)
        return fail(check, slot_of("probe", "fast", 0), "must not be longer than probe.full (%u ms)",
                    settings->probe_full_ms);
    return 0;
}

static int check_ports(const struct check *check) {
    if (check->config->mesh_port == check->config->mesh_probe_port)
        return fail(check, slot_of("mesh", "probe-port", 0), "must differ from mesh.port");
    return 0;
}

static int check_routing(const struct check *check) {
    if (check->config->routing == HEAL_CONFIG_ROUTING_BABELD && !check->config->routing_socket[0])
        return fail(check, slot_of("routing", "socket", 0), "routing.daemon needs it");
    char why[120];
    if (heal_parameters_check(check->config->settings.interface_parameters, why, sizeof why) < 0)
        return fail(check, slot_of("routing", "interface-parameters", 0), "%s", why);
    return 0;
}

static int check_sources(const struct check *check) {
    const struct heal_config *config = check->config;

    if (config->node_source != HEAL_CONFIG_NODE_PROCESSES)
        return 0;
    if (config->cpu_capacity <= 0)
        return fail(check, slot_of("sources", "node", 0), "'processes' needs sources.cpu-capacity");
    if (config->memory_bytes == 0)
        return fail(check, slot_of("sources", "node", 0), "'processes' needs sources.memory");
    return 0;
}

static int check_threshold(const struct check *check, unsigned index) {
    const struct heal_threshold_setting *threshold = &check->config->settings.threshold[index];
    const char *unit = heal_metric_unit((enum heal_metric)index);
    char start[HEAL_QUANTITY_MAX], bound[HEAL_QUANTITY_MAX];

    heal_number_format(threshold->start, start);
    if (strncmp(unit, "share", 5) == 0 && threshold->max > 1)
        return fail(check, slot_of("thresholds", "max", index), "a share is at most 1");
    if (threshold->start < threshold->min)
        return fail(check, slot_of("thresholds", "start", index), "%s is less than its min (%s)", start,
                    heal_number_format(threshold->min, bound));
    if (threshold->start > threshold->max)
        return fail(check, slot_of("thresholds", "start", index), "%s is more than its max (%s)", start,
                    heal_number_format(threshold->max, bound));
    return 0;
}

static int check_thresholds(const struct check *check) {
    int r = 0;

    for (unsigned i = 0; r == 0 && i < HEAL_METRICS; i++)
        r = check_threshold(check, i);
    return r;
}

static int check_services(const struct check *check) {
    const struct heal_config *config = check->config;

    for (unsigned i = 0; i < config->settings.services; i++) {
        const struct heal_config_service *service = &config->service[i];

        if (!service->pidfile[0] && !service->unit[0] && !service->cgroup[0])
            return fail(check, slot_of("services", "name", i),
                        "this service needs pidfile, unit or cgroup to be watched by");
        if (config->settings.service[i].restartable && !service->unit[0] && service->restart.arguments == 0)
            return fail(check, slot_of("services", "name", i),
                        "restartable, but there is neither restart nor unit to do it by");
    }
    return 0;
}

int heal_config_check(const struct heal_config *config, struct heal_config_error *error) {
    static int (*const checks[])(const struct check *) = {
        check_times, check_ports, check_routing, check_sources, check_thresholds, check_services,
    };
    struct check check = {config, error};
    int r = 0;

    for (size_t i = 0; r == 0 && i < HEAL_COUNT(checks); i++)
        r = checks[i](&check);
    return r;
}
