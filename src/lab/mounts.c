/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "lab/mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

static int make_folders(const char *path) {
    char part[4096];

    heal_name_copy(part, sizeof part, path);
    for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(part, 0755) < 0 && errno != EEXIST)
            return -errno;
        *slash = '/';
    }
    return mkdir(part, 0755) < 0 && errno != EEXIST ? -errno : 0;
}

/* An empty /run. A lab's folder that is below it ($XDG_RUNTIME_DIR) is put back in its place, from a
 * descriptor that was opened before it was covered. */
static int mount_run(const char *folder) {
    bool below = strncmp(folder, "/run/", 5) == 0;
    int old = below ? open(folder, O_PATH | O_CLOEXEC) : -1;
    char source[64];
    int r = below && old < 0 ? -errno : 0;

    if (r == 0 && mount("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=16m") < 0)
        r = -errno;
    if (r == 0 && below)
        r = make_folders(folder);
    snprintf(source, sizeof source, "/proc/self/fd/%d", old);
    if (r == 0 && below && mount(source, folder, NULL, MS_BIND, NULL) < 0)
        r = -errno;
    if (old >= 0)
        close(old);
    return r;
}

int heal_mounts_make(const char *folder, const char **ret_failed) {
    int r;

    *ret_failed = "making all mounts private";
    if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
        return -errno;
    *ret_failed = "mounting /proc of its own (a container that covers parts of /proc forbids it)";
    if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
        return -errno;
    *ret_failed = "mounting an empty /run";
    r = mount_run(folder);
    if (r < 0)
        return r;
    /* The interfaces as sysfs shows them; only for people who look, so it may fail. */
    (void)mount("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
    return 0;
}
