/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * Giving up privileges: another user, fewer capabilities, none ever again. Each step is for good, and each
 * that fails says so: a program that could not give up what it should must not go on as if it had.
 */
#ifndef HEAL_OS_PRIVILEGE_H
#define HEAL_OS_PRIVILEGE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct heal_user {
    char name[32];
    uid_t uid;
    gid_t gid;
};

/** Looks a user up in /etc/passwd. @return 0, -ENOENT: there is none; or a negative errno. */
int heal_user_find(const char *name, struct heal_user *ret_user);

/** Looks a group up in /etc/group. @return 0, -ENOENT or a negative errno. */
int heal_group_find(const char *name, gid_t *ret_gid);

/** Becomes a user, with all its groups. @return 0; -EINVAL where this user namespace does not know it; or
 * another negative errno. */
int heal_user_become(const struct heal_user *user);

#define HEAL_CAPABILITY(number) (UINT64_C(1) << (number))

/** @return the capabilities in effect, a bit each (CAP_… of linux/capability.h). */
uint64_t heal_capabilities(void);

/**
 * Bounds what is executed later to @p kept, where CAP_SETPCAP is in effect: so before heal_user_become().
 * @return 0 or a negative errno.
 */
int heal_capabilities_bound(uint64_t kept);

/** Gives up all capabilities but those of @p kept, also for what is executed later; those are in effect then,
 * if they were permitted. @return 0 or a negative errno. */
int heal_capabilities_keep(uint64_t kept);

/** No program that is executed gives privileges back; and nobody may look into this process's memory (no
 * core, no debugger but root's). @return 0 or a negative errno. */
int heal_privilege_seal(void);

#endif
