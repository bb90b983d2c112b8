/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The daemon's end of the connection to its helper (wire/helper_order.h): orders go out, answers come from
 * the event loop, each exactly once. A helper that does not answer in time is said to be silent; one that has
 * ended is looked for again every second, where it has a socket that can be found. Nothing here acts.
 */
#ifndef HEAL_OS_HELPER_H
#define HEAL_OS_HELPER_H

#include "wire/helper_order.h"

#include <stdbool.h>
#include <sys/types.h>

struct event_base;
struct heal_helper;

enum heal_helper_state {
    HEAL_HELPER_GONE, /**< there is no connection */
    HEAL_HELPER_READY,
    HEAL_HELPER_SILENT, /**< connected; it has let an order wait for too long */
};

struct heal_helper_options {
    struct event_base *base;
    int socket;         /**< taken over: a connection to a helper; -1: none */
    pid_t child;        /**< the helper at the other end, if it is a child that is to be reaped; 0: none */
    const char *folder; /**< where one listens, in helper.sock; copied. Empty: none does */
    /** Told at every change of state, and of heal_helper_words; may be NULL. */
    void (*on_state)(void *context, enum heal_helper_state state);
    void *context;
};

/**
 * Takes an answer. @param code 0, or a negative errno: of the helper; -ENOTCONN: there is none; -ETIMEDOUT;
 * -ECANCELED: heald ends. @param answer NULL unless it came from the helper. @param file a descriptor that
 * came with it, which is now the callee's; -1: none.
 */
typedef void heal_helper_done(void *context, int code, const struct heal_helper_answer *answer, int file);

/** @return 0 (also where no helper answers yet) or -ENOMEM. The socket is taken over in any case. */
int heal_helper_open(const struct heal_helper_options *options, struct heal_helper **ret_helper);

/** Who waits is answered with -ECANCELED; a child is waited for, which takes back what it must. Takes NULL.
 * @return NULL. */
struct heal_helper *heal_helper_close(struct heal_helper *helper);

/**
 * Gives an order; its version and number are filled in.
 * @param limit how long the answer may take. @param done called exactly once, perhaps before this returns.
 */
void heal_helper_ask(struct heal_helper *helper, const struct heal_helper_order *order, heal_us limit,
                     heal_helper_done *done, void *context);

/** Waits outside the event loop until all orders are answered, at most for @p limit; for the start. */
void heal_helper_settle(struct heal_helper *helper, heal_us limit);

enum heal_helper_state heal_helper_state(const struct heal_helper *helper);
/** @return whether another is looked for where there is none. */
bool heal_helper_may_return(const struct heal_helper *helper);
/** @return why it is not ready, in words; "": nobody has said. */
const char *heal_helper_words(const struct heal_helper *helper);
/** @return the capabilities of the helper, a bit each; 0 while there is none. */
uint64_t heal_helper_capabilities(const struct heal_helper *helper);

/**
 * Starts heald-helper, which is looked for beside this program.
 * @param places where it reads its configuration: file and folders, NULL for one that is not given.
 * @param ret_child its process. @return a connected socket or a negative errno.
 */
int heal_helper_start(const char *const *places, size_t count, pid_t *ret_child);

#endif
