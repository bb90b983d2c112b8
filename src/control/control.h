/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * How others speak with who holds a lab: over FOLDER/lab.sock, a Unix socket of whole packets. A connection
 * is for one request, a list of words that each end with a zero byte; the first says what is wanted. The
 * answer is one packet too, a JSON object whose "code" is an exit code (0 fine, 1 failed, 2 not known, 64 bad
 * request) and whose "error" says in words what is wrong. Here is what both sides share; the server
 * (server.h) trusts no request, and requests come only from its own user and root.
 */
#ifndef HEAL_CONTROL_CONTROL_H
#define HEAL_CONTROL_CONTROL_H

#include "lab/lab.h"

enum {
    HEAL_CONTROL_REQUEST_MAX = 64 << 10, /**< bytes */
    HEAL_CONTROL_REPLY_MAX = 1 << 20,
    HEAL_CONTROL_WORDS_MAX = 512,
    HEAL_CONTROL_FDS = 3, /**< a program's input, output, error */
};

/** The exit codes of answers, which are healctl's. */
enum { HEAL_CONTROL_OK = 0, HEAL_CONTROL_FAILED = 1, HEAL_CONTROL_UNKNOWN = 2, HEAL_CONTROL_BAD = 64 };

enum heal_control_verb {
    HEAL_CONTROL_HELLO,  /**< who is there */
    HEAL_CONTROL_STATUS, /**< nodes, links, flows, faults */
    HEAL_CONTROL_EXEC,   /**< NODE PROGRAM ARGUMENT…, with descriptors; answered when it ends */
    HEAL_CONTROL_SIGNAL, /**< NUMBER: for the program that this connection had run */
    HEAL_CONTROL_FAULT,  /**< MICROSECONDS WORDS: 0 until cleared; answered when it was measured */
    HEAL_CONTROL_FAULTS, /**< those in force */
    HEAL_CONTROL_CLEAR,  /**< HANDLE or "all" */
    HEAL_CONTROL_DOWN,   /**< answered when all is gone */
    HEAL_CONTROL_VERBS,
};

struct heal_control_request {
    enum heal_control_verb verb;
    size_t words;                                 /**< without the verb */
    const char *word[HEAL_CONTROL_WORDS_MAX + 1]; /**< into what was decoded; then NULL */
};

/** @return the length, or -E2BIG. @param words ends with NULL. */
int heal_control_encode(enum heal_control_verb verb, const char *const *words,
                        char buffer[static HEAL_CONTROL_REQUEST_MAX]);
/** @return 0, or -EINVAL: no such verb, or not its words. */
int heal_control_decode(const char *bytes, size_t length, struct heal_control_request *ret_request);
/** Reads a number written in digits. @return 0 or -EINVAL. */
int heal_control_number(const char *text, uint64_t most, uint64_t *ret_number);

#endif
