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

/* The kernel tells only those with CAP_NET_ADMIN which neighbours a batman-adv mesh has, and it wants it of
 * who asks, not only of who has opened the socket. */
static uint64_t needed(const struct heal_config *config) {
    return config->routing == HEAL_CONFIG_ROUTING_BATMAN_ADV ? HEAL_CAPABILITY(CAP_NET_ADMIN) : 0;
}

/* Who has no right to act itself looks for a helper that has, and so does who has it only to read a mesh
 * with; who has starts one, on its own network and with its own configuration. What one without rights would
 * start had none either. */
static void find_helper(const struct heald_options *options, const struct heal_config *config,
                        struct heald_privilege *privilege) {
    const char *const places[] = {options->config, options->conf_dir, options->policy_dir};
    bool has_rights = heal_capabilities() & HEAL_CAPABILITY(CAP_NET_ADMIN);

    if (!has_rights || (geteuid() != 0 && needed(config))) {
        privilege->helper = heal_helper_socket_connect(config->helper);
        if (privilege->helper < 0)
            snprintf(privilege->no_helper, sizeof privilege->no_helper, "no heald-helper answers: %s",
                     strerror(-privilege->helper));
    }
    if (privilege->helper >= 0 || !has_rights)
        return;
    privilege->helper = heal_helper_start(places, HEAL_COUNT(places), &privilege->child);
    if (privilege->helper < 0 && !privilege->no_helper[0])
        snprintf(privilege->no_helper, sizeof privilege->no_helper, "heald-helper could not be started: %s",
                 strerror(-privilege->helper));
}

/* Gives one file: what was looked at, whatever its name is of by now. A file with another name may be one
 * that somebody else has put there to have it given. */
static int give_file(int folder, const char *name, const struct heal_user *user) {
    int file = openat(folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC), r = 0;
    struct stat about;

    if (file < 0)
        return errno == ENOENT ? 0 : -errno;
    if (fstat(file, &about) < 0 || (S_ISREG(about.st_mode) && about.st_nlink == 1 &&
                                    fchownat(file, "", user->uid, user->gid, AT_EMPTY_PATH) < 0))
        r = -errno;
    close(file);
    return r;
}

/* Gives a folder, and the files in it, to the user; no link is followed. @return 0 or the first errno. */
static int give_folder(const char *path, mode_t mode, const struct heal_user *user) {
    int r = mkdir(path, mode) < 0 && errno != EEXIST ? -errno : 0;
    int folder = r < 0 ? -1 : open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *entries = folder < 0 ? NULL : fdopendir(folder);

    if (!entries) {
        r = r < 0 ? r : -errno;
        if (folder >= 0)
            close(folder);
        return r;
    }
    for (const struct dirent *entry; (entry = readdir(entries));) {
        int code = give_file(folder, entry->d_name, user);

        r = r < 0 ? r : code;
    }
    if (fchown(folder, user->uid, user->gid) < 0 && r == 0)
        r = -errno;
    closedir(entries);
    return r;
}

static int give_places(const struct heal_config *config, const struct heal_user *user, bool dry_run) {
    char folder[HEAL_CONFIG_SOCKET_MAX];

    if (dry_run)
        return 0;
    int r = give_folder(config->state, 0700, user);
    heal_name_copy(folder, sizeof folder, config->socket);
    char *slash = strrchr(folder, '/');
    if (!slash || slash == folder)
        return r;
    *slash = '\0';
    if (mkdir(folder, 0755) == 0)              /* one that is there may be for others, too, such as /tmp */
        (void)give_folder(folder, 0755, user); /* that nobody can ask is told by who opens the socket */
    return r;
}

/* @param ret_given what came of giving it the state folder. @return words for what could not be done; NULL:
 * it is the user. */
static const char *become_user(const struct heal_config *config, bool dry_run, int *ret_given) {
    struct heal_user user;

    if (geteuid() != 0 || !config->user[0])
        return NULL;
    if (heal_user_find(config->user, &user) < 0)
        return "there is no user of the name that `user` says; make one, or say another";
    *ret_given = give_places(config, &user, dry_run);
    if (needed(config) && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
        return "it cannot keep a capability";
    /* A user namespace that knows only its root has nobody else to become. */
    return heal_user_become(&user) < 0
               ? "it cannot become the user that `user` says; `user: \"\"` says that it "
                 "is not to"
               : NULL;
}

/* systemd is asked through systemctl, where a service is watched by its unit. */
static enum heal_sandbox sandbox_for(const struct heal_config *config) {
    for (size_t i = 0; i < config->settings.services; i++)
        if (config->service[i].unit[0])
            return HEAL_SANDBOX_DAEMON_SPAWNING;
    return HEAL_SANDBOX_DAEMON;
}

/* Says what has come of it, by what is there now. */
static void tell(struct heald_privilege *privilege, const struct heal_config *config, const char *no_user,
                 int given, int filter) {
    struct heal_text text;

    heal_text_init(&text, privilege->words, sizeof privilege->words);
    heal_text_add(&text, "uid %u", (unsigned)geteuid());
    if (no_user)
        heal_text_add(&text, ": %s", no_user);
    if (needed(config))
        heal_text_add(&text, "; CAP_NET_ADMIN is %s, to read the batman-adv mesh",
                      heal_capabilities() == needed(config) ? "kept" : "missing");
    if (given < 0)
        heal_text_add(&text, "; the state folder could not be given: %s", strerror(-given));
    if (filter < 0)
        heal_text_add(&text, "; no filter of system calls: %s", strerror(-filter));
}

int heald_privilege_give_up(const struct heald_options *options, const struct heal_config *config,
                            struct heald_privilege *ret_privilege) {
    struct heald_privilege privilege = {.helper = -1};
    int given = 0;

    find_helper(options, config, &privilege);
    /* While it may: as another user it cannot lower that any more. */
    int r = heal_capabilities_bound(needed(config));
    if (r < 0)
        return r;
    const char *no_user = become_user(config, options->dry_run, &given);
    r = heal_capabilities_keep(needed(config));
    if (r == 0)
        r = heal_privilege_seal();
    if (r < 0)
        return r;
    r = heal_sandbox_enter(sandbox_for(config));
    privilege.is_user = !no_user;
    privilege.is_filtered = r == 0;
    tell(&privilege, config, no_user, given, r);
    *ret_privilege = privilege;
    return 0;
}
