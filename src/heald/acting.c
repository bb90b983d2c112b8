/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/acting.h"

#include "os/executor.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>

static void log_notice(void *context, const char *text) {
    struct heald_sources *sources = context;

    heald_log_write(sources->parts->log, HEAL_CONFIG_LOG_WARNING, "notice", "what=\"%s\"", text);
}

static void log_would(void *context, const char *text) {
    struct heald_sources *sources = context;

    heald_log_write(sources->parts->log, HEAL_CONFIG_LOG_INFO, "would", "what=\"%s\"", text);
}

static int refuse(void *context, const struct heal_command *command) {
    (void)context, (void)command;
    return -ENOTSUP;
}

/* @return whether this process has a capability in effect (proc(5), CapEff). */
static bool has_capability(unsigned capability) {
    FILE *status = fopen("/proc/self/status", "re");
    uint64_t effective = 0;
    char line[256];

    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "CapEff: %" SCNx64, &effective) == 1)
            break;
    if (status)
        fclose(status);
    return effective >> capability & 1;
}

static struct heal_executor_options options_of(struct heald_sources *sources) {
    return (struct heal_executor_options){
        .base = sources->base,
        .config = sources->config,
        .netlink = sources->netlink,
        .babel = sources->babel,
        .batadv = sources->batadv,
        .services = sources->services,
        .log = log_notice,
        .context = sources,
    };
}

static void say_what_works(struct heald_sources *sources) {
    struct heald_parts *parts = sources->parts;

    if (!has_capability(CAP_NET_ADMIN))
        heald_parts_say(parts, HEALD_PART_EXECUTOR, false,
                        "CAP_NET_ADMIN is missing: routes, links and quarantine cannot be changed; services "
                        "can; heald sees, says and tells");
    else if (!has_capability(CAP_NET_RAW))
        heald_parts_say(parts, HEALD_PART_EXECUTOR, true,
                        "CAP_NET_RAW is missing: nodes beyond the neighbours are not probed");
    else
        heald_parts_say(parts, HEALD_PART_EXECUTOR, true, "%s", "");
}

struct heal_executor *heald_acting_open(struct heald_sources *sources, bool dry_run) {
    struct heal_executor_options options = options_of(sources);
    struct heal_executor *executor = NULL;

    if (dry_run) {
        heald_parts_unwanted(sources->parts, HEALD_PART_EXECUTOR, "a dry run does nothing");
        heal_executor_null_new(log_would, sources, &executor);
    } else if (!sources->netlink) {
        heald_parts_say(sources->parts, HEALD_PART_EXECUTOR, false,
                        "without rtnetlink nothing can be done; heald sees, says and tells");
        heal_executor_answering_new(refuse, NULL, &executor);
    } else {
        say_what_works(sources);
        heal_executor_real_new(&options, &executor);
    }
    return executor;
}

struct sweep {
    struct heald_dispatch *dispatch;
    const struct heal_executor_options *options;
};

static const char *leftover_words(const struct heal_executor_leftover *leftover, char *words, size_t size) {
    switch (leftover->kind) {
    case HEAL_LEFTOVER_QUARANTINE:
        snprintf(words, size, "quarantine of neighbours");
        break;
    case HEAL_LEFTOVER_THROTTLE:
        snprintf(words, size, "throttle of service %s", leftover->name);
        break;
    }
    return words;
}

static void undo_leftover(void *context, const struct heal_executor_leftover *leftover) {
    struct sweep *sweep = context;
    int code = heal_executor_undo(sweep->options, leftover);
    char words[120];

    leftover_words(leftover, words, sizeof words);
    heald_log_write(sweep->dispatch->options.parts->log,
                    code < 0 ? HEAL_CONFIG_LOG_WARNING : HEAL_CONFIG_LOG_INFO, "leftover-undone",
                    "what=\"%s\" code=%d", words, code);
    heald_dispatch_audit(sweep->dispatch, "event=start undo=\"%s\" code=%d", words, code);
}

void heald_acting_sweep(struct heald_sources *sources, struct heald_dispatch *dispatch) {
    struct heal_executor_options options = options_of(sources);
    struct sweep sweep = {.dispatch = dispatch, .options = &options};

    heal_executor_sweep(&options, undo_leftover, &sweep);
}
