/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "helper/serving.h"

#include "helper/right.h"

#include "base/clock.h"
#include "base/text.h"
#include "net/claim.h"
#include "net/frame_socket.h"
#include "os/babel.h"
#include "os/batadv.h"
#include "os/executor.h"
#include "os/helper_socket.h"
#include "os/netlink.h"
#include "os/nftables.h"
#include "os/override.h"
#include "os/privilege.h"
#include "os/procfs.h"
#include "os/resident.h"
#include "os/service.h"

#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { UNDER_WAY_MAX = 128 };

struct serving {
    struct heal_serving_options options;
    struct event_base *base;
    struct event *readable, *stop;
    struct heal_netlink *netlink;
    struct heal_batadv *batadv;
    struct heal_services *services;
    struct heal_executor *executor;
    struct ucred daemon;
    struct heal_user user; /* the daemon's, by the configuration; root: there is none */
    bool greeted;          /* it is of this network */
    bool guards;           /* it has ordered something that may be in place */
    size_t under_way;
};

/* An act that is under way. */
struct act {
    struct serving *serving;
    uint32_t number;
    struct heal_command command;
};

static void ignore_reading(void *context, const struct heal_reading *reading) {
    (void)context, (void)reading;
}

static const struct heal_reading_sink nobody = {.take = ignore_reading};

/* @param file goes with it and is closed; -1: none. A daemon that takes no answers gets none. */
static void answer(const struct serving *serving, struct heal_helper_answer *said, int file) {
    said->version = HEAL_HELPER_VERSION;
    (void)heal_helper_socket_send(serving->options.socket, said, sizeof *said, file);
    if (file >= 0)
        close(file);
}

static void say(const struct serving *serving, uint32_t number, int code, const char *words) {
    struct heal_helper_answer said = {.number = number, .code = code};

    heal_name_copy(said.text, sizeof said.text, words);
    answer(serving, &said, -1);
}

static struct heal_executor_options executor_options(const struct serving *serving) {
    return (struct heal_executor_options){
        .base = serving->base,
        .config = serving->options.config,
        .netlink = serving->netlink,
        .batadv = serving->batadv,
        .services = serving->services,
        .hook_user = geteuid() == 0 && serving->user.uid != 0 ? &serving->user : NULL,
    };
}

static void greet(struct serving *serving, const struct heal_helper_order *order) {
    struct heal_helper_answer said = {.number = order->number, .capabilities = heal_capabilities()};
    struct stat network;

    serving->greeted = stat("/proc/self/ns/net", &network) == 0 && network.st_ino == order->network;
    if (serving->greeted)
        answer(serving, &said, -1);
    else
        say(serving, order->number, -EXDEV, "the helper works in another network namespace");
}

struct sweep {
    const struct heal_executor_options *options;
    struct heal_helper_answer *said;
};

static void undo(void *context, const struct heal_executor_leftover *found) {
    struct sweep *sweep = context;
    int code = heal_executor_undo(sweep->options, found);

    if (sweep->said->leftovers == HEAL_HELPER_LEFTOVERS_MAX)
        return;
    struct heal_helper_leftover *leftover = &sweep->said->leftover[sweep->said->leftovers++];
    *leftover = (struct heal_helper_leftover){.code = code, .kind = found->kind};
    heal_name_copy(leftover->name, sizeof leftover->name, found->name);
}

static void sweep(const struct serving *serving, const struct heal_helper_order *order) {
    struct heal_executor_options options = executor_options(serving);
    struct heal_helper_answer said = {.number = order->number};
    struct sweep sweep = {&options, &said};

    heal_executor_sweep(&options, undo, &sweep);
    answer(serving, &said, -1);
}

/* Where a unit's processes are only systemd knows, which is asked in good time. */
static void ask_for_units(struct serving *serving) {
    bool any = false;

    for (size_t i = 0; i < serving->options.config->settings.services; i++)
        any |= serving->options.config->service[i].unit[0] != '\0';
    if (any)
        heal_services_read(serving->services, heal_clock_now());
}

static int open_services(struct serving *serving) {
    struct heal_services_options options = {
        .base = serving->base,
        .config = serving->options.config,
        .cpu_capacity = heal_cpu_capacity(serving->options.config->cpu_capacity),
        .sink = nobody,
        .before = serving->services,
    };
    struct heal_services *before = serving->services;
    int r = heal_services_open(&options, &serving->services);

    if (r < 0)
        return r;
    if (serving->executor)
        heal_executor_change_services(serving->executor, serving->services);
    heal_services_close(before);
    ask_for_units(serving);
    return 0;
}

/* All of it or nothing: what cannot be opened anew leaves configuration and services as they were. */
static void reload(struct serving *serving, const struct heal_helper_order *order) {
    struct heal_config *config = serving->options.config;
    struct heal_config *fresh = calloc(2, sizeof *fresh), *before = fresh ? fresh + 1 : NULL;
    char words[HEAL_RESULT_TEXT] = "";
    int r = fresh ? heal_serving_configure(serving->options.places, fresh, words, sizeof words) : -ENOMEM;

    if (r == 0) {
        *before = *config;
        *config = *fresh;
        r = open_services(serving);
        *config = r < 0 ? *before : *config;
    }
    free(fresh);
    say(serving, order->number, r, words[0] || r == 0 ? words : strerror(-r));
}

static void give(const struct serving *serving, const struct heal_helper_order *order, int file) {
    struct heal_helper_answer said = {.number = order->number, .code = file < 0 ? file : 0};

    heal_name_copy(said.text, sizeof said.text, file < 0 ? strerror(-file) : "");
    answer(serving, &said, file);
}

static void acted(void *context, const struct heal_event_result *result) {
    struct act *act = context;

    say(act->serving, act->number, result->code, result->text);
    if (--act->serving->under_way == 0)
        heal_resident_trim();
    free(act);
}

static void carry_out(struct serving *serving, const struct heal_helper_order *order) {
    const char *words = "too much is under way";
    struct act *act = serving->under_way < UNDER_WAY_MAX ? calloc(1, sizeof *act) : NULL;
    int r = act ? heal_helper_right(serving->options.config, order, &words) : -EBUSY;

    if (r < 0) {
        free(act);
        say(serving, order->number, r, words);
        return;
    }
    act->serving = serving;
    act->number = order->number;
    serving->guards = true;
    serving->under_way++;
    heal_helper_order_command(order, &act->command);
    heal_executor_execute(serving->executor, &act->command, acted, act);
}

static void obey(struct serving *serving, const struct heal_helper_order *order) {
    if (!serving->greeted && order->verb != HEAL_HELPER_HELLO) {
        say(serving, order->number, -EACCES, "it was not greeted first");
        return;
    }
    switch ((enum heal_helper_verb)order->verb) {
    case HEAL_HELPER_HELLO:
        greet(serving, order);
        break;
    case HEAL_HELPER_SWEEP:
        sweep(serving, order);
        break;
    case HEAL_HELPER_RELOAD:
        reload(serving, order);
        break;
    case HEAL_HELPER_FRAME_SOCKET:
        give(serving, order, heal_frame_socket_open());
        break;
    case HEAL_HELPER_ROUTING_SOCKET:
        give(serving, order, heal_babel_connect(serving->options.config->routing_socket));
        break;
    case HEAL_HELPER_ACT:
        carry_out(serving, order);
        break;
    case HEAL_HELPER_VERBS:
        break;
    }
}

static void on_readable(evutil_socket_t fd, short what, void *context) {
    struct serving *serving = context;
    struct heal_helper_order order = {0};
    uint8_t bytes[sizeof order + 1];
    int file = -1;

    (void)what;
    ssize_t length = heal_helper_socket_receive(fd, bytes, sizeof bytes, &file);
    if (length == -EAGAIN)
        return;
    if (file >= 0)
        close(file); /* nobody asked for it */
    int r = length > 0 ? heal_helper_order_decode(bytes, (size_t)length, &order) : (int)length;
    if (r == 0)
        obey(serving, &order);
    else if (r == -EINVAL)
        say(serving, order.number, r, "no such order, or with arguments that cannot be");
    else
        event_base_loopbreak(serving->base); /* it has ended, or is no heald of this version */
}

static void on_stop(evutil_socket_t number, short what, void *context) {
    struct serving *serving = context;

    (void)number, (void)what;
    event_base_loopbreak(serving->base);
}

static void tell_route(void *context, const struct heal_command_route *route, int code) {
    char prefix[HEAL_ADDRESS_TEXT];

    (void)context;
    fprintf(stderr, "heald-helper: override route %s: %s\n", heal_prefix_format(&route->prefix, prefix),
            code < 0 ? strerror(-code) : "taken back");
}

/* What must not stay without its guardian, unless another heald is one. */
static int take_back(const struct serving *serving) {
    int holder = heal_claim_holder(serving->daemon.uid);

    if (!serving->guards || (holder >= 0 && holder != serving->daemon.pid))
        return 0;
    int r = heal_overrides_remove(tell_route, NULL);
    if (heal_nftables_is_there() > 0) {
        int code = heal_nftables_delete();

        fprintf(stderr, "heald-helper: quarantine of neighbours: %s\n",
                code < 0 ? strerror(-code) : "taken back");
        r = r < 0 ? r : code;
    }
    return r;
}

static int begin(struct serving *serving) {
    struct heal_netlink_options links = {.base = serving->base, .sink = nobody};
    struct heal_executor_options options;
    int r = heal_netlink_open(&links, &serving->netlink);

    if (serving->options.config->routing == HEAL_CONFIG_ROUTING_BATMAN_ADV)
        (void)heal_batadv_open(serving->options.config->routing_interface, &serving->batadv);
    if (r == 0)
        r = open_services(serving);
    (void)heal_user_find(serving->options.config->user, &serving->user);
    options = executor_options(serving);
    if (r == 0)
        r = heal_executor_real_new(&options, &serving->executor);
    serving->readable =
        event_new(serving->base, serving->options.socket, EV_READ | EV_PERSIST, on_readable, serving);
    serving->stop = evsignal_new(serving->base, SIGTERM, on_stop, serving);
    if (r == 0 && (!serving->readable || !serving->stop || event_add(serving->readable, NULL) < 0 ||
                   event_add(serving->stop, NULL) < 0))
        r = -ENOMEM;
    return r;
}

int heal_serving_run(const struct heal_serving_options *options) {
    struct serving serving = {.options = *options, .base = event_base_new()};
    socklen_t size = sizeof serving.daemon;

    if (!serving.base)
        return -ENOMEM;
    (void)getsockopt(options->socket, SOL_SOCKET, SO_PEERCRED, &serving.daemon, &size);
    int r = begin(&serving);
    heal_resident_trim();
    if (r == 0)
        event_base_dispatch(serving.base);
    serving.executor = heal_executor_close(serving.executor);
    if (r == 0)
        r = take_back(&serving);
    heal_services_close(serving.services);
    heal_batadv_close(serving.batadv);
    heal_netlink_close(serving.netlink);
    if (serving.readable)
        event_free(serving.readable);
    if (serving.stop)
        event_free(serving.stop);
    event_base_free(serving.base);
    close(options->socket);
    return r;
}

int heal_serving_configure(const struct heal_config_places *places, struct heal_config *ret_config,
                           char *ret_words, size_t size) {
    struct heal_config_error error = {0};
    int r = heal_config_load(places, ret_config, &error);

    if (r < 0) {
        heal_config_error_format(&error, ret_words, size);
        return r;
    }
    /* What the executor notes of earlier quotas is for the helper's folder: the daemon's is the daemon's. */
    heal_name_copy(ret_config->state, sizeof ret_config->state, ret_config->helper);
    return heal_config_check_owner(ret_config, ret_words, size);
}
