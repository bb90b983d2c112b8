/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Notes between the owner of a lab, its keeper and the inits of its nodes: fixed-size packets over a
 * SOCK_SEQPACKET pair, some with descriptors. Both ends are the same program.
 */
#ifndef HEAL_LAB_NOTE_H
#define HEAL_LAB_NOTE_H

#include "heal/types.h"

enum { HEAL_NOTE_FDS_MAX = 4, HEAL_NOTE_TIMEOUT_MS = 10000 };

enum heal_note_kind {
    HEAL_NOTE_FAILED,    /**< up: it cannot be; text says why, number is the negative errno */
    HEAL_NOTE_PREPARED,  /**< init to keeper: the namespace is there; links may come */
    HEAL_NOTE_CONFIGURE, /**< keeper to init: the links are there */
    HEAL_NOTE_NODE,      /**< up: a node (number) is configured; with its descriptors */
    HEAL_NOTE_READY,     /**< keeper to owner: all of it */
    HEAL_NOTE_RESULT,    /**< init to owner: what came of a command; number */
    /* Owner to init: commands, each answered by a result. */
    HEAL_NOTE_START,        /**< daemons and services */
    HEAL_NOTE_KILL,         /**< all but init, and start nothing again */
    HEAL_NOTE_SIGNAL,       /**< all but init; number */
    HEAL_NOTE_DAEMON,       /**< number; signal */
    HEAL_NOTE_SERVICE,      /**< text; signal */
    HEAL_NOTE_ASK_ROUTES,   /**< have the neighbours' routing daemons say all they know */
    HEAL_NOTE_SERVICE_LOAD, /**< text; share, bytes */
};

struct heal_note {
    enum heal_note_kind kind;
    unsigned sequence;  /**< of a command, and of its result */
    int number, signal; /**< signal 0: only ask; the result is then a process id, 0 for none */
    double share;
    uint64_t bytes;
    char text[200];
    int fds;
    int fd[HEAL_NOTE_FDS_MAX]; /**< of a note received: the receiver's to close */
};

/** Makes the two ends of a channel. @return 0 or negative errno. */
int heal_note_pair(int ret_ends[static 2]);

/** @return 0 or negative errno; -EPIPE where nobody is left. */
int heal_note_send(int channel, const struct heal_note *note);

/** @return 0; -ETIMEDOUT; -EPIPE when the other end is gone; or another negative errno. */
int heal_note_receive(int channel, int timeout_ms, struct heal_note *ret_note);

/** Sends that something failed, with the reason in words. @return @p code. */
int heal_note_fail(int channel, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
