/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/privilege.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "os/helper.h"
#include "os/helper_socket.h"
#include "os/privilege.h"
#include "os/sandbox.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Who has no right to act itself looks for a helper that has; who has starts one, on its own network and with
 * its own configuration. */
static void find_helper(const struct heald_options *options, const struct heal_config *config,
                        struct heald_privilege *privilege) {
    const char *const places[] = {options->config, options->conf_dir, options->policy_dir};

    if (!(heal_capabilities() & HEAL_CAPABILITY(CAP_NET_ADMIN))) {
        privilege->helper = heal_helper_socket_connect(config->helper);
        if (privilege->helper >= 0)
            return;
    }
    privilege->helper = heal_helper_start(places, HEAL_COUNT(places), &privilege->child);
    if (privilege->helper < 0)
        snprintf(privilege->no_helper, sizeof privilege->no_helper, "heald-helper: %s",
                 strerror(-privilege->helper));
}

/* Gives a folder, and the files in it, to the user; no link is followed. What cannot be given is told by who
 * needs it. */
static void give_folder(const char *path, mode_t mode, const struct heal_user *user) {
    (void)mkdir(path, mode);
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *entries = folder < 0 ? NULL : fdopendir(folder);
    struct stat about;

    if (!entries) {
        if (folder >= 0)
            close(folder);
        return;
    }
    for (const struct dirent *entry; (entry = readdir(entries));)
        if (fstatat(folder, entry->d_name, &about, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(about.st_mode) &&
            about.st_nlink == 1)
            (void)fchownat(folder, entry->d_name, user->uid, user->gid, AT_SYMLINK_NOFOLLOW);
    (void)fchown(folder, user->uid, user->gid);
    closedir(entries);
}

static void give_places(const struct heal_config *config, const struct heal_user *user, bool dry_run) {
    char folder[HEAL_CONFIG_SOCKET_MAX];

    if (dry_run)
        return;
    give_folder(config->state, 0700, user);
    heal_name_copy(folder, sizeof folder, config->socket);
    char *slash = strrchr(folder, '/');
    if (!slash || slash == folder)
        return;
    *slash = '\0';
    if (mkdir(folder, 0755) == 0) /* one that is there may be for others, too, such as /tmp */
        give_folder(folder, 0755, user);
}

/* The kernel tells only those with CAP_NET_ADMIN which neighbours a batman-adv mesh has, and it wants it of
 * who asks, not only of who has opened the socket. */
static uint64_t needed(const struct heal_config *config) {
    return config->routing == HEAL_CONFIG_ROUTING_BATMAN_ADV ? HEAL_CAPABILITY(CAP_NET_ADMIN) : 0;
}

/* @return words for what could not be done; "": it has become the user. */
static const char *become_user(const struct heal_config *config, bool dry_run) {
    struct heal_user user;

    if (geteuid() != 0 || !config->user[0])
        return "";
    if (heal_user_find(config->user, &user) < 0)
        return ": there is no user of the name that `user` says";
    give_places(config, &user, dry_run);
    if (needed(config) && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
        return ": it cannot keep a capability";
    /* A user namespace that knows only its root has nobody else to become. */
    return heal_user_become(&user) < 0 ? ": it cannot become the user that `user` says" : "";
}

/* systemd is asked through systemctl, where a service is watched by its unit. */
static enum heal_sandbox sandbox_for(const struct heal_config *config) {
    for (size_t i = 0; i < config->settings.services; i++)
        if (config->service[i].unit[0])
            return HEAL_SANDBOX_DAEMON_SPAWNING;
    return HEAL_SANDBOX_DAEMON;
}

int heald_privilege_give_up(const struct heald_options *options, const struct heal_config *config,
                            struct heald_privilege *ret_privilege) {
    struct heald_privilege privilege = {.helper = -1};

    find_helper(options, config, &privilege);
    const char *user = become_user(config, options->dry_run);
    int r = heal_capabilities_keep(needed(config));
    if (r == 0)
        r = heal_privilege_seal();
    if (r < 0)
        return r;
    r = heal_sandbox_enter(sandbox_for(config));
    privilege.confined = r == 0;
    snprintf(privilege.words, sizeof privilege.words, "uid %u%s%s%s%s", (unsigned)geteuid(), user,
             needed(config) ? "; CAP_NET_ADMIN is kept, to read the batman-adv mesh" : "",
             r < 0 ? "; no filter of system calls: " : "", r < 0 ? strerror(-r) : "");
    *ret_privilege = privilege;
    return 0;
}
