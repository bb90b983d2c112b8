/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * heald's claim on the network that it heals: an abstract Unix socket. It is there exactly as long as its
 * process and is seen exactly where the routes are, in this network namespace, whatever configuration either
 * heald has. By it a sweep knows that what it would take back has its guardian.
 */
#ifndef HEAL_NET_CLAIM_H
#define HEAL_NET_CLAIM_H

#include <sys/types.h>

/** @return a file that holds the claim until it is closed; -EADDRINUSE: another has it; or a negative errno.
 */
int heal_claim_make(void);

/** Answers those who ask who has the claim, when it is readable: unanswered they would fill its queue. A few
 * at a time: anybody may ask, and as often as he likes. */
void heal_claim_answer(int claim);

/**
 * @param user whom to believe that it is a heald, besides root and this process's user.
 * @return the process that has the claim, 0: one of another PID namespace; or a negative errno: none has it,
 * -EPERM: somebody who is none of these has the name, or it does not answer.
 */
int heal_claim_holder(uid_t user);

#endif
