/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/acting.h"

#include "base/text.h"
#include "net/probe.h"
#include "os/executor.h"
#include "os/helper.h"
#include "os/privilege.h"

#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* At the start: a helper that was just started reads its configuration first. */
static const heal_us START_LIMIT_US = 5 * HEAL_US_PER_S;

static void log_notice(void *context, const char *text) {
    struct heald_sources *sources = context;

    heald_log_write(sources->parts->log, HEAL_CONFIG_LOG_WARNING, "notice", "what=\"%s\"", text);
}

static void log_would(void *context, const char *text) {
    struct heald_sources *sources = context;

    heald_log_write(sources->parts->log, HEAL_CONFIG_LOG_INFO, "would", "what=\"%s\"", text);
}

static void say_what_works(const struct heald_acting *acting) {
    struct heald_parts *parts = acting->sources->parts;
    uint64_t may = heal_helper_capabilities(acting->helper);
    const char *words = heal_helper_words(acting->helper);

    if (!words[0])
        words = acting->no_helper[0] ? acting->no_helper : "there is no helper";

    if (acting->dry_run)
        heald_parts_unwanted(parts, HEALD_PART_EXECUTOR, "a dry run does nothing");
    else if (heal_helper_state(acting->helper) != HEAL_HELPER_READY)
        heald_parts_say(parts, HEALD_PART_EXECUTOR, false, "%s; nothing is done, and no hook is run%s", words,
                        acting->alone ? "; start heald again to have one" : "");
    else if (!(may & HEAL_CAPABILITY(CAP_NET_ADMIN)))
        heald_parts_say(parts, HEALD_PART_EXECUTOR, false,
                        "CAP_NET_ADMIN is missing: routes, links and quarantine cannot be changed; services "
                        "can be restarted");
    else if (!(may & HEAL_CAPABILITY(CAP_NET_RAW)))
        heald_parts_say(parts, HEALD_PART_EXECUTOR, true,
                        "CAP_NET_RAW is missing: nodes beyond the neighbours are not probed");
    else
        heald_parts_say(parts, HEALD_PART_EXECUTOR, true, "%s", "");
}

static void take_frame_socket(void *context, int code, const struct heal_helper_answer *answer, int file) {
    const struct heald_acting *acting = context;
    struct heal_prober *prober = acting->sources->ports.prober;

    (void)code, (void)answer;
    if (file >= 0 && prober)
        heal_prober_give_frame_socket(prober, file);
    else if (file >= 0)
        close(file);
}

static void on_state(void *context, enum heal_helper_state state) {
    struct heald_acting *acting = context;
    const struct heal_prober *prober = acting->sources->ports.prober;
    const struct heal_helper_order order = {.verb = HEAL_HELPER_FRAME_SOCKET};

    say_what_works(acting);
    if (state == HEAL_HELPER_READY && prober && !heal_prober_has_frame_socket(prober))
        heal_helper_ask(acting->helper, &order, START_LIMIT_US, take_frame_socket, acting);
}

int heald_acting_open(struct heald_acting *acting, struct heald_sources *sources,
                      const struct heald_privilege *privilege) {
    struct heal_helper_options options = {
        .base = sources->base,
        .socket = privilege->helper,
        .child = privilege->child,
        .folder = privilege->child ? "" : sources->config->helper,
        .on_state = on_state,
        .context = acting,
    };

    acting->sources = sources;
    acting->alone = privilege->child != 0;
    heal_name_copy(acting->no_helper, sizeof acting->no_helper, privilege->no_helper);
    return heal_helper_open(&options, &acting->helper);
}

void heald_acting_close(struct heald_acting *acting) {
    acting->helper = heal_helper_close(acting->helper);
}

struct heal_executor *heald_acting_executor(struct heald_acting *acting, bool dry_run) {
    struct heald_sources *sources = acting->sources;
    struct heal_executor_options options = {
        .base = sources->base,
        .config = sources->config,
        .babel = sources->babel,
        .log = log_notice,
        .context = sources,
    };
    struct heal_executor *executor = NULL;

    acting->dry_run = dry_run;
    heal_helper_settle(acting->helper, START_LIMIT_US);
    on_state(acting, heal_helper_state(acting->helper));
    if (dry_run)
        heal_executor_null_new(log_would, sources, &executor);
    else
        heal_executor_helper_new(&options, acting->helper, &executor);
    return executor;
}

static const char *leftover_words(const struct heal_helper_leftover *leftover, char *words, size_t size) {
    switch ((enum heal_leftover_kind)leftover->kind) {
    case HEAL_LEFTOVER_QUARANTINE:
        snprintf(words, size, "quarantine of neighbours");
        break;
    case HEAL_LEFTOVER_THROTTLE:
        snprintf(words, size, "throttle of service %s", leftover->name);
        break;
    }
    return words;
}

static void take_sweep(void *context, int code, const struct heal_helper_answer *answer, int file) {
    struct heald_dispatch *dispatch = context;

    (void)code;
    if (file >= 0)
        close(file);
    for (size_t i = 0; answer && i < answer->leftovers; i++) {
        const struct heal_helper_leftover *leftover = &answer->leftover[i];
        char words[120] = "";

        leftover_words(leftover, words, sizeof words);
        heald_log_write(dispatch->options.parts->log,
                        leftover->code < 0 ? HEAL_CONFIG_LOG_WARNING : HEAL_CONFIG_LOG_INFO,
                        "leftover-undone", "what=\"%s\" code=%d", words, leftover->code);
        heald_dispatch_audit(dispatch, "event=start undo=\"%s\" code=%d", words, leftover->code);
    }
}

void heald_acting_sweep(struct heald_acting *acting, struct heald_dispatch *dispatch) {
    const struct heal_helper_order order = {.verb = HEAL_HELPER_SWEEP};

    heal_helper_ask(acting->helper, &order, START_LIMIT_US, take_sweep, dispatch);
    heal_helper_settle(acting->helper, START_LIMIT_US);
}
