/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/executor.h"
#include "os/helper.h"

#include "base/clock.h"
#include "base/text.h"

#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What the helper may take: a command of the operator's has 30 s there. And how long an order waits for one
 * that may come back, which takes about a second. */
enum { LIMIT_S = 40, PATIENCE_S = 5, LOOK_MS = 100 };

struct helper_executor {
    struct heal_executor base; /* first */
    struct heal_executor_options options;
    struct heal_helper *helper;
    struct heal_executor *routing; /* carries out what is said to the routing daemon */
    struct order *held;            /* that wait for a helper */
};

/* An order that the helper has not answered yet. */
struct order {
    uint32_t ticket;
    heal_on_result *done;
    void *context;
    struct helper_executor *executor;
    struct heal_helper_order wanted;
    heal_us until; /* when it waits for a helper no more */
    struct event *look;
    struct order *next, **place; /* while it is held */
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
    if (order->look)
        event_free(order->look);
    free(order);
}

static void let_go(struct order *order) {
    if (!order->place)
        return;
    *order->place = order->next;
    if (order->next)
        order->next->place = order->place;
    order->place = NULL;
}

static void hold(struct order *order) {
    struct helper_executor *executor = order->executor;

    if (order->place)
        return;
    struct order **end = &executor->held;
    while (*end)
        end = &(*end)->next;
    order->next = NULL;
    order->place = end;
    *end = order;
}

static void begin(struct order *order);

static void on_look(evutil_socket_t none, short what, void *context) {
    (void)none, (void)what;
    begin(context);
}

/* One that has just ended is followed by another in a moment: that is no reason for an act to fail. */
static void begin(struct order *order) {
    struct helper_executor *executor = order->executor;
    struct timeval look = {.tv_usec = LOOK_MS * 1000};
    bool waits = heal_helper_state(executor->helper) == HEAL_HELPER_GONE &&
                 heal_helper_may_return(executor->helper) && heal_clock_now() < order->until;
    /* What comes later may take back what is held: none overtakes another. */
    waits = waits || (executor->held && executor->held != order);

    if (waits && !order->look)
        order->look = evtimer_new(executor->options.base, on_look, order);
    if (waits && order->look && evtimer_add(order->look, &look) == 0) {
        hold(order);
        return;
    }
    let_go(order);
    heal_helper_ask(executor->helper, &order->wanted, LIMIT_S * HEAL_US_PER_S, answered, order);
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
    *order = (struct order){.ticket = command->ticket,
                            .done = done,
                            .context = context,
                            .executor = executor,
                            .wanted = wanted,
                            .until = heal_clock_now() + PATIENCE_S * HEAL_US_PER_S};
    begin(order);
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
    for (struct order *order = executor->held, *next; order; order = next) {
        next = order->next;
        answered(order, -ECANCELED, NULL, -1);
    }
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
