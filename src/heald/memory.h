/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Memory for two libraries that do not stand its lack: libevent's HTTP server and libcrypto crash where an
 * allocation fails. Theirs never fails: where there is no memory the process ends in order, and says so. What
 * was half done then is found at the next start, as after a kill. All else of heald goes on without.
 */
#ifndef HEALD_MEMORY_H
#define HEALD_MEMORY_H

/** To be called first, before either library is used. */
void heald_memory_guard(void);

#endif
