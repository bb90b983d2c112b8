/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The system calls that this program may still make, as a seccomp filter: an allow list for the daemon and
 * one for the helper. What is never right in either (loading modules, mounting, looking into other
 * processes) kills the process; anything else that is not on the list fails with ENOSYS, as on a kernel
 * without it, so that libraries try something older. The filter is for good and for all that is executed.
 */
#ifndef HEAL_OS_SANDBOX_H
#define HEAL_OS_SANDBOX_H

#include <stdbool.h>

enum heal_sandbox {
    HEAL_SANDBOX_DAEMON,          /**< no new programs */
    HEAL_SANDBOX_DAEMON_SPAWNING, /**< it may execute programs, for systemd is asked through systemctl */
    HEAL_SANDBOX_HELPER,          /**< it may execute programs: nft, and what restarts services */
};

/**
 * Enters the sandbox, after heal_privilege_seal.
 * @return 0; -ENOTSUP where this build has none (under a sanitizer, or for a processor that it does not
 * know); or a negative errno of the kernel's: there is no filter then.
 */
int heal_sandbox_enter(enum heal_sandbox sandbox);

#endif
