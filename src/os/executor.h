/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Executors: they carry out the commands that act on the world (ROUTE_ADD up to NOTIFY). One table of
 * functions, four kinds: the real one, which is the helper's; the daemon's, which has the helper do it; the
 * null one, which only says what it would do; and the answering one, which does nothing and answers as it was
 * told. What an earlier run left behind is found by a sweep.
 */
#ifndef HEAL_OS_EXECUTOR_H
#define HEAL_OS_EXECUTOR_H

#include "config/config.h"
#include "heal/event.h"
#include "os/source.h"
#include "wire/helper_order.h"

struct event_base;
struct heal_babel;
struct heal_batadv;
struct heal_helper;
struct heal_netlink;
struct heal_services;
struct heal_user;

/** Takes the result of one command. */
typedef void heal_on_result(void *context, const struct heal_event_result *result);

/**
 * What an earlier run left in the system, and bears heald's mark there. Override routes are not here: the
 * engine sees the kernel's routes all the time and knows which of them it wants, so it removes the rest
 * (plan/detour.h). Nor is what bears no mark, such as an MTU: the engine undoes that by its records.
 */
struct heal_executor_leftover {
    enum heal_leftover_kind kind;
    char name[HEAL_NAME_MAX];
};

struct heal_executor {
    /** Carries out @p command; @p done is called exactly once, perhaps before this returns. */
    void (*execute)(struct heal_executor *self, const struct heal_command *command, heal_on_result *done,
                    void *context);
    /** The services are others from now on; may be NULL. */
    void (*change_services)(struct heal_executor *self, struct heal_services *services);
    /** Frees. What is under way is finished or undone first, where that matters (a link comes up again), and
     * answered with -ECANCELED. */
    void (*close)(struct heal_executor *self);
};

/** Calls the executor. @p command must be one of the kinds above; others are answered with -EINVAL. */
void heal_executor_execute(struct heal_executor *executor, const struct heal_command *command,
                           heal_on_result *done, void *context);

/** After the configuration has changed: @p services as they are now (NULL: none). What is under way, and what
 * is in place, stays. */
void heal_executor_change_services(struct heal_executor *executor, struct heal_services *services);

/** Takes NULL. @return NULL. */
struct heal_executor *heal_executor_close(struct heal_executor *executor);

/** Says in words what a command does, e.g. "add route fd00::3/128 via fe80::1 dev toB metric 512". */
const char *heal_command_words(const struct heal_command *command, char *buffer, size_t size);

struct heal_executor_options {
    struct event_base *base;
    const struct heal_config *config; /**< must outlive the executor; may change between commands */
    struct heal_netlink *netlink;
    struct heal_babel *babel;          /**< NULL: there is no routing daemon */
    struct heal_batadv *batadv;        /**< NULL: there is no such mesh */
    struct heal_services *services;    /**< NULL: none */
    const struct heal_user *hook_user; /**< who the hook runs as; NULL: this process's user */
    heal_us command_limit;             /**< what a restart or a hook may take; 0: 30 s */
    /** Writes a line to the log (NOTIFY); may be NULL. */
    void (*log)(void *context, const char *text);
    void *context;
};

/** @return 0 or -ENOMEM. */
int heal_executor_real_new(const struct heal_executor_options *options, struct heal_executor **ret_executor);

/**
 * Has the helper carry out what takes privileges; only what is said to the routing daemon is said here.
 * @param options netlink and services are not used. @param helper must outlive the executor, or be closed
 * first. @return 0 or -ENOMEM.
 */
int heal_executor_helper_new(const struct heal_executor_options *options, struct heal_helper *helper,
                             struct heal_executor **ret_executor);

/** @param say told what would be done; may be NULL. @return 0 or -ENOMEM. */
int heal_executor_null_new(void (*say)(void *context, const char *text), void *context,
                           struct heal_executor **ret_executor);

/** Answers each command with the code that @p answer gives for it (NULL: 0), at once. @return 0 or -ENOMEM.
 */
int heal_executor_answering_new(int (*answer)(void *context, const struct heal_command *command),
                                void *context, struct heal_executor **ret_executor);

/**
 * Looks for what an earlier run left, and calls @p each for it; nothing is changed.
 * @return how many.
 */
size_t heal_executor_sweep(const struct heal_executor_options *options,
                           void (*each)(void *context, const struct heal_executor_leftover *leftover),
                           void *context);

/** Undoes one leftover. @return 0 or a negative errno. */
int heal_executor_undo(const struct heal_executor_options *options,
                       const struct heal_executor_leftover *leftover);

#endif
