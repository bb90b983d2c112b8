/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/executor.h"
#include "os/helper.h"

#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What the helper may take: a command of the operator's has 30 s there. */
enum { LIMIT_S = 40 };

struct helper_executor {
    struct heal_executor base; /* first */
    struct heal_executor_options options;
    struct heal_helper *helper;
    struct heal_executor *routing; /* carries out what is said to the routing daemon */
};

/* An order that the helper has not answered yet. */
struct order {
    uint32_t ticket;
    heal_on_result *done;
    void *context;
};

static void answered(void *context, int code, const struct heal_helper_answer *answer, int file) {
    struct order *order = context;
    struct heal_event_result result = {.ticket = order->ticket, .code = code};
    const char *words = answer               ? answer->text
                        : code == -ENOTCONN  ? "there is no helper to do it"
                        : code == -ETIMEDOUT ? "the helper does not answer"
                        : code == -ECANCELED ? "heald ended before it was done"
                                             : strerror(-code);

    if (file >= 0)
        close(file);
    heal_name_copy(result.text, sizeof result.text, words);
    order->done(order->context, &result);
    free(order);
}

/* People are told in the log in any case; with a hook, by the helper, too. @return whether that is all. */
static bool is_told(struct helper_executor *executor, const struct heal_command *command,
                    struct heal_event_result *ret_result) {
    const struct heal_executor_options *options = &executor->options;

    if (command->kind != HEAL_COMMAND_NOTIFY)
        return false;
    if (options->log)
        options->log(options->context, command->notify.text);
    if (options->config->notify_hook.arguments > 0)
        return false;
    heal_name_copy(ret_result->text, sizeof ret_result->text,
                   "only in the log: no hook is configured (notify.hook)");
    return true;
}

static void helper_execute(struct heal_executor *self, const struct heal_command *command,
                           heal_on_result *done, void *context) {
    struct helper_executor *executor = (struct helper_executor *)self;
    struct heal_event_result result = {.ticket = command->ticket};
    struct heal_helper_order wanted;

    if (heal_helper_order_of(command, &wanted) < 0) {
        heal_executor_execute(executor->routing, command, done, context);
        return;
    }
    if (is_told(executor, command, &result)) {
        done(context, &result);
        return;
    }
    struct order *order = calloc(1, sizeof *order);
    if (!order) {
        result.code = -ENOMEM;
        done(context, &result);
        return;
    }
    *order = (struct order){command->ticket, done, context};
    heal_helper_ask(executor->helper, &wanted, LIMIT_S * HEAL_US_PER_S, answered, order);
}

static void on_reloaded(void *context, int code, const struct heal_helper_answer *answer, int file) {
    const struct helper_executor *executor = context;
    char words[160];

    if (file >= 0)
        close(file);
    if (code == 0 || code == -ECANCELED || !executor->options.log)
        return;
    snprintf(words, sizeof words, "the helper goes on with the services of before: %s",
             answer ? answer->text : strerror(-code));
    executor->options.log(executor->options.context, words);
}

static void helper_change_services(struct heal_executor *self, struct heal_services *services) {
    struct helper_executor *executor = (struct helper_executor *)self;
    struct heal_helper_order reload = {.verb = HEAL_HELPER_RELOAD};

    (void)services; /* the helper has its own */
    heal_helper_ask(executor->helper, &reload, LIMIT_S * HEAL_US_PER_S, on_reloaded, executor);
}

static void helper_close(struct heal_executor *self) {
    struct helper_executor *executor = (struct helper_executor *)self;

    executor->routing = heal_executor_close(executor->routing);
    free(executor);
}

int heal_executor_helper_new(const struct heal_executor_options *options, struct heal_helper *helper,
                             struct heal_executor **ret_executor) {
    struct helper_executor *executor = calloc(1, sizeof *executor);
    int r = executor ? heal_executor_real_new(options, &executor->routing) : -ENOMEM;

    if (r < 0) {
        free(executor);
        return r;
    }
    executor->base = (struct heal_executor){
        .execute = helper_execute, .change_services = helper_change_services, .close = helper_close};
    executor->options = *options;
    executor->helper = helper;
    *ret_executor = &executor->base;
    return 0;
}
