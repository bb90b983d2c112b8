/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The audit: a hash chain of what was done. Each record's hash is SHA-256 over the hash before it, its
 * sequence number, its time and its text, so that no record can be changed, taken out or put in without all
 * later ones showing it. The newest hash is kept beside the chain, so that a cut end shows, too; whoever
 * wants proof against one who can rewrite the whole file keeps that hash elsewhere.
 */
#ifndef HEAL_OS_AUDIT_H
#define HEAL_OS_AUDIT_H

#include "heal/error.h"

#include <stddef.h>
#include <stdint.h>

enum { HEAL_AUDIT_HASH_BYTES = 32 };

/** A record's place in the chain. */
struct heal_audit_link {
    uint8_t before[HEAL_AUDIT_HASH_BYTES]; /**< the hash of the record before; zero for the first */
    uint64_t sequence;                     /**< from 1 */
    uint64_t time_us;                      /**< of the wall clock, since 1970 */
};

/** Computes a record's hash. @return 0, or -EIO where the library has no SHA-256. */
int heal_audit_hash(const struct heal_audit_link *link, const char *text, size_t length,
                    uint8_t ret_hash[static HEAL_AUDIT_HASH_BYTES]);

/** Writes a hash as hexadecimal digits. */
void heal_audit_hash_format(const uint8_t hash[static HEAL_AUDIT_HASH_BYTES], char text[static 65]);

struct heal_audit_report {
    uint64_t records;     /**< that were checked, up to and without the first broken one */
    uint64_t first, last; /**< sequence numbers of these; 0: there are none */
    uint64_t broken;      /**< the sequence number of the first broken record; 0: the chain is whole */
    char head[65];        /**< the hash of the last one checked, hexadecimal */
    char words[200];      /**< the verdict in words */
};

/**
 * Checks the chain of a store's file (heald.db), which another process may be writing.
 * @return 0: whole; 1: broken, the report names the first broken record; or a negative errno: could not be
 * determined (the report's words say why).
 */
int heal_audit_verify(const char *path, struct heal_audit_report *ret_report);

#endif
