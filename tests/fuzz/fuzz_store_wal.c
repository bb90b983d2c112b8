/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* The write-ahead log of a store, whatever is in it. */
#include "os/store_wal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    (void)heal_store_wal_is_damaged(data, size);
    return 0;
}
