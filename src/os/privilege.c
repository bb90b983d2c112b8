/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/privilege.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The files themselves: no module of the name service switch is loaded into a program that has privileges. */
int heal_user_find(const char *name, struct heal_user *ret_user) {
    FILE *users = fopen("/etc/passwd", "re");
    const struct passwd *entry;

    if (!users)
        return -errno;
    while ((entry = fgetpwent(users)) && strcmp(entry->pw_name, name) != 0)
        continue;
    if (entry) {
        heal_name_copy(ret_user->name, sizeof ret_user->name, name);
        ret_user->uid = entry->pw_uid;
        ret_user->gid = entry->pw_gid;
    }
    fclose(users);
    return entry ? 0 : -ENOENT;
}

int heal_group_find(const char *name, gid_t *ret_gid) {
    FILE *groups = fopen("/etc/group", "re");
    const struct group *entry;

    if (!groups)
        return -errno;
    while ((entry = fgetgrent(groups)) && strcmp(entry->gr_name, name) != 0)
        continue;
    if (entry)
        *ret_gid = entry->gr_gid;
    fclose(groups);
    return entry ? 0 : -ENOENT;
}

int heal_user_become(const struct heal_user *user) {
    if (initgroups(user->name, user->gid) < 0 || setresgid(user->gid, user->gid, user->gid) < 0 ||
        setresuid(user->uid, user->uid, user->uid) < 0)
        return -errno;
    return 0;
}

struct sets {
    struct __user_cap_header_struct header;
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
};

static int read_sets(struct sets *ret_sets) {
    *ret_sets = (struct sets){.header = {.version = _LINUX_CAPABILITY_VERSION_3}};
    return syscall(SYS_capget, &ret_sets->header, ret_sets->data) < 0 ? -errno : 0;
}

uint64_t heal_capabilities(void) {
    struct sets sets;

    return read_sets(&sets) < 0 ? 0 : (uint64_t)sets.data[1].effective << 32 | sets.data[0].effective;
}

/* To lower it takes CAP_SETPCAP, and who does not have that has no more to lose by executing something than
 * what it has. */
int heal_capabilities_bound(uint64_t kept) {
    if (!(heal_capabilities() & HEAL_CAPABILITY(CAP_SETPCAP)))
        return 0;
    for (int i = 0; i < 64 && prctl(PR_CAPBSET_READ, i, 0, 0, 0) >= 0; i++)
        if (!(kept & HEAL_CAPABILITY(i)) && prctl(PR_CAPBSET_DROP, i, 0, 0, 0) < 0)
            return -errno;
    return 0;
}

int heal_capabilities_keep(uint64_t kept) {
    struct sets sets;

    /* There may be nothing to give up, and a sandbox that does not let anybody try. */
    if (read_sets(&sets) == 0 && (sets.data[0].permitted | sets.data[1].permitted) == 0)
        return 0;
    int r = heal_capabilities_bound(kept);
    if (r < 0)
        return r;
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
        return -errno;
    /* What is permitted counts: of who has become another user nothing is in effect any more. */
    for (size_t i = 0; i < HEAL_COUNT(sets.data); i++) {
        sets.data[i].permitted &= (uint32_t)(kept >> (32 * i));
        sets.data[i].effective = sets.data[i].permitted;
        sets.data[i].inheritable = 0;
    }
    return syscall(SYS_capset, &sets.header, sets.data) < 0 ? -errno : 0;
}

int heal_privilege_seal(void) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
        return -errno;
    return 0;
}
