/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * heald's claim on the network that it heals: an abstract Unix socket. It is there exactly as long as its
 * process and is seen exactly where the routes are, in this network namespace, whatever configuration either
 * heald has. By it a sweep knows that what it would take back has its guardian.
 */
#ifndef HEALD_CLAIM_H
#define HEALD_CLAIM_H

/** @return a file that holds the claim until it is closed; -EADDRINUSE: another has it; or a negative errno.
 */
int heald_claim_make(void);

/** @return the process that has the claim, 0 where it cannot be told; or a negative errno: none has it. */
int heald_claim_holder(void);

#endif
