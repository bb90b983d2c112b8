/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The write-ahead log beside the store's file, before SQLite opens it. SQLite takes a log up to the first
 * frame that does not add up, and says nothing of what follows: right for a transaction that was cut short,
 * but where whole ones follow they were durable, and are lost by damage.
 */
#ifndef HEAL_OS_STORE_WAL_H
#define HEAL_OS_STORE_WAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** @return whether transactions that were durable can no longer be read from a log. */
bool heal_store_wal_is_damaged(const uint8_t *log, size_t length);

#endif
