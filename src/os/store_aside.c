/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/store_aside.h"

#include "base/cleanup.h"
#include "os/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LOG_COPY "heald.db-wal.damaged-"

static const char *const SUFFIX[] = {"", "-wal", "-shm"};

static void stamp_now(char stamp[static 32]) {
    time_t now = time(NULL);
    struct tm utc;

    strftime(stamp, 32, "%Y%m%dT%H%M%SZ", gmtime_r(&now, &utc));
}

void heal_store_aside_name(const char *folder, const char *why, char path[static HEAL_STORE_ASIDE_MAX]) {
    char stamp[32];

    stamp_now(stamp);
    for (unsigned turn = 0; turn < 100; turn++) {
        snprintf(path, HEAL_STORE_ASIDE_MAX, turn == 0 ? "%s/heald.db.%s-%s" : "%s/heald.db.%s-%s.%u", folder,
                 why, stamp, turn);
        if (access(path, F_OK) < 0)
            return;
    }
}

int heal_store_aside_put(const char *folder, const char *path) {
    char from[PATH_MAX], to[HEAL_STORE_ASIDE_MAX + 8];

    for (size_t i = 0; i < HEAL_COUNT(SUFFIX); i++) {
        snprintf(from, sizeof from, "%.4000s/heald.db%s", folder, SUFFIX[i]);
        snprintf(to, sizeof to, "%s%s", path, SUFFIX[i]);
        if (rename(from, to) < 0 && errno != ENOENT)
            return -errno;
    }
    return 0;
}

static bool has_bytes(const char *path, const uint8_t *bytes, size_t length) {
    HEAL_CLEANUP(heal_free_pointer) char *there = NULL;
    struct stat about;
    size_t size = 0;

    return stat(path, &about) == 0 && (size_t)about.st_size == length &&
           heal_file_read(path, length, &there, &size) == 0 && size == length &&
           memcmp(there, bytes, length) == 0;
}

/* A log that is looked at again and again, as the database beside it cannot be opened, is copied once. */
static bool has_copy(const char *folder, const uint8_t *log, size_t length,
                     char name[static HEAL_STORE_ASIDE_NAME_MAX]) {
    DIR *entries = opendir(folder);
    const struct dirent *entry;
    char path[PATH_MAX];
    bool found = false;

    while (!found && entries && (entry = readdir(entries))) {
        if (strncmp(entry->d_name, LOG_COPY, strlen(LOG_COPY)) != 0)
            continue;
        snprintf(path, sizeof path, "%.3800s/%s", folder, entry->d_name);
        found = has_bytes(path, log, length);
        snprintf(name, HEAL_STORE_ASIDE_NAME_MAX, "%.63s", entry->d_name);
    }
    if (entries)
        closedir(entries);
    return found;
}

int heal_store_aside_copy_log(const char *folder, const uint8_t *log, size_t length,
                              char name[static HEAL_STORE_ASIDE_NAME_MAX]) {
    char path[PATH_MAX], stamp[32];

    if (has_copy(folder, log, length, name))
        return 0;
    stamp_now(stamp);
    snprintf(name, HEAL_STORE_ASIDE_NAME_MAX, LOG_COPY "%s", stamp);
    snprintf(path, sizeof path, "%.4000s/%s", folder, name);
    return heal_file_write(path, (const char *)log, length, 0600);
}

/* @return the date in the name of a database that lies aside; NULL for its log, its history and all else. */
static const char *date_of(const char *name) {
    static const char *const WHY[] = {"heald.db.damaged-", "heald.db.newer-", LOG_COPY};

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
