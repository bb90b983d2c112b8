/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/store_aside.h"

#include "base/cleanup.h"
#include "os/file.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *const SUFFIX[] = {"", "-wal", "-shm"};

static void stamp_now(char stamp[static 32]) {
    time_t now = time(NULL);
    struct tm utc;

    strftime(stamp, 32, "%Y%m%dT%H%M%SZ", gmtime_r(&now, &utc));
}

void heal_store_aside_put(const char *folder, const char *why, char path[static HEAL_STORE_ASIDE_MAX]) {
    char stamp[32], from[PATH_MAX];

    stamp_now(stamp);
    for (unsigned turn = 0; turn < 100; turn++) {
        snprintf(path, HEAL_STORE_ASIDE_MAX, turn == 0 ? "%s/heald.db.%s-%s" : "%s/heald.db.%s-%s.%u", folder,
                 why, stamp, turn);
        if (access(path, F_OK) < 0)
            break;
    }
    size_t base = strlen(path);
    for (size_t i = 0; i < HEAL_COUNT(SUFFIX); i++) {
        snprintf(from, sizeof from, "%.4000s/heald.db%s", folder, SUFFIX[i]);
        snprintf(path + base, HEAL_STORE_ASIDE_MAX - base, "%s", SUFFIX[i]);
        rename(from, path);
    }
    path[base] = '\0';
}

int heal_store_aside_copy_log(const char *folder, const uint8_t *log, size_t length,
                              char name[static HEAL_STORE_ASIDE_NAME_MAX]) {
    char path[PATH_MAX], stamp[32];

    stamp_now(stamp);
    snprintf(name, HEAL_STORE_ASIDE_NAME_MAX, "heald.db-wal.damaged-%s", stamp);
    snprintf(path, sizeof path, "%.4000s/%s", folder, name);
    return heal_file_write(path, (const char *)log, length, 0600);
}

/* @return the date in the name of a database that lies aside; NULL for its log, its history and all else. */
static const char *date_of(const char *name) {
    static const char *const WHY[] = {"heald.db.damaged-", "heald.db.newer-", "heald.db-wal.damaged-"};

    for (size_t i = 0; i < HEAL_COUNT(WHY); i++) {
        size_t length = strlen(WHY[i]), end = strlen(name);

        if (strncmp(name, WHY[i], length) == 0 && end > length &&
            (name[end - 1] == 'Z' || name[end - 2] == '.'))
            return name + length;
    }
    return NULL;
}

size_t heal_store_aside_count(const char *folder, char name[static HEAL_STORE_ASIDE_NAME_MAX]) {
    DIR *entries = opendir(folder);
    const struct dirent *entry;
    char latest[32] = "";
    size_t count = 0;

    name[0] = '\0';
    while (entries && (entry = readdir(entries))) {
        const char *date = date_of(entry->d_name);

        if (!date)
            continue;
        count++;
        if (strcmp(date, latest) <= 0)
            continue;
        snprintf(latest, sizeof latest, "%.31s", date);
        snprintf(name, HEAL_STORE_ASIDE_NAME_MAX, "%.63s", entry->d_name);
    }
    if (entries)
        closedir(entries);
    return count;
}
