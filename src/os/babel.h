/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * babeld's local socket as a source and as a way to tell it things. It connects, says `monitor`, reports
 * neighbours and routes as they change, and connects again, ever more slowly, when the daemon goes away;
 * after that, what the daemon no longer has is reported as gone. Nothing is reported as gone merely because
 * the daemon is: the kernel still forwards.
 */
#ifndef HEAL_OS_BABEL_H
#define HEAL_OS_BABEL_H

#include "os/source.h"
#include "wire/babel_text.h"

struct event_base;
struct heal_babel;

enum heal_babel_state {
    HEAL_BABEL_ABSENT,  /**< nobody answers at the socket */
    HEAL_BABEL_SYNCING, /**< connected; the first dump is under way */
    HEAL_BABEL_READY,
    HEAL_BABEL_WEDGED, /**< connected, and it does not answer */
};

struct heal_babel_options {
    struct event_base *base;
    const char *path;   /**< of the socket; copied */
    unsigned answer_ms; /**< the daemon is wedged when it has not answered after so long; 0: 2000 */
    struct heal_reading_sink sink;
    /** Asks who may for a connection to the socket, where this process may not; it comes, or the reason why
     * not, by heal_babel_take_connection. NULL: nobody can be asked. */
    void (*connect)(void *context, struct heal_babel *babel);
    /** Told at every change of state; may be NULL. */
    void (*on_state)(void *context, enum heal_babel_state state, const char *words);
    void *context;
};

/** How a command went: 0; -EINVAL (bad), -EPERM (no), -ENOTCONN, -ETIMEDOUT. */
typedef void heal_babel_done(void *context, int code, const char *text);

/** @return 0 (also when there is no daemon yet), -ENAMETOOLONG or -ENOMEM. */
int heal_babel_open(const struct heal_babel_options *options, struct heal_babel **ret_babel);

/** Commands not yet answered are answered with -ECANCELED. Takes NULL. @return NULL. */
struct heal_babel *heal_babel_close(struct heal_babel *babel);

/** Connects to a local socket, at once: nobody waits long there. @return a socket (not blocking) or a
 * negative errno. */
int heal_babel_connect(const char *path);

/** Takes over a connected socket (not blocking), or a negative errno for which there is none. */
void heal_babel_take_connection(struct heal_babel *babel, int fd);

enum heal_babel_state heal_babel_state(const struct heal_babel *babel);
const char *heal_babel_state_name(enum heal_babel_state state);
/** @return what there is to say about the state: the reason why nobody answers, the daemon's version. */
const char *heal_babel_words(const struct heal_babel *babel);

/**
 * Sends one line, without newline; replies come in order.
 * @param done may be NULL. @return 0, and then @p done is called exactly once, later; or -ENOTCONN, -EINVAL
 * for text with a line break or too long, -EAGAIN when too many wait; then it is not called.
 */
int heal_babel_command(struct heal_babel *babel, const char *line, heal_babel_done *done, void *context);

/** @return the index-th interface that the daemon works on, or NULL past the last. */
const struct heal_babel_interface *heal_babel_interface(const struct heal_babel *babel, size_t index);

#endif
