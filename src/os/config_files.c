/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "os/config_files.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "config/text_value.h"
#include "os/file.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* How the texts of a folder are read: heal_config_read_text or heal_config_read_policy. */
struct format {
    int (*read)(struct heal_config *config, const char *text, size_t length, const char *file_name,
                struct heal_config_error *error);
};

static const struct format whole = {heal_config_read_text}, policy = {heal_config_read_policy};

static int file_error(struct heal_config_error *error, const char *path, int code, const char *what) {
    heal_name_copy(error->file, sizeof error->file, path);
    return heal_error_set(&error->error, code, 0, 0, "%s", what);
}

static int load_file(struct heal_config *config, const char *path, const struct format *format,
                     struct heal_config_error *error) {
    char *text HEAL_CLEANUP(heal_free_pointer) = NULL;
    size_t length;
    int r = heal_file_read(path, HEAL_CONFIG_INPUT_MAX, &text, &length);

    if (r == -EFBIG)
        return file_error(error, path, r, "larger than 1 MiB");
    if (r == -EINVAL)
        return file_error(error, path, r, "not a regular file");
    if (r < 0)
        return file_error(error, path, r, strerror(-r));
    /* Cut off, as by a full disk: it must not pass for "all as by default". */
    if (strspn(text, " \t\r\n") == length)
        return file_error(error, path, -EINVAL, "empty; `{}` says that all is to be as by default");
    return format->read(config, text, length, path, error);
}

/* As run-parts and systemd have it: what an editor or a packager leaves behind has another ending. */
static int is_ours(const struct dirent *entry) {
    size_t length = strlen(entry->d_name);

    return entry->d_name[0] != '.' && length > 5 && strcmp(entry->d_name + length - 5, ".yaml") == 0;
}

/* By bytes: the same order whatever the locale is. */
static int by_name(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int load_folder(struct heal_config *config, const char *folder, const struct format *format,
                       struct heal_config_error *error) {
    struct dirent **entry = NULL;
    int entries = scandir(folder, &entry, is_ours, by_name);
    int r = 0;

    if (entries < 0)
        return errno == ENOENT ? 0 : file_error(error, folder, -errno, strerror(errno));
    for (int i = 0; i < entries; i++) {
        char path[PATH_MAX];

        if (r == 0 && snprintf(path, sizeof path, "%s/%s", folder, entry[i]->d_name) >= (int)sizeof path)
            r = file_error(error, folder, -ENAMETOOLONG, "a path in it is too long");
        if (r == 0)
            r = load_file(config, path, format, error);
        free(entry[i]);
    }
    free(entry);
    return r;
}

static int fill_in_node(struct heal_config *config, struct heal_config_error *error) {
    char host[256] = "";

    if (config->node[0])
        return 0;
    if (gethostname(host, sizeof host - 1) < 0)
        return file_error(error, "", -errno, "node: not given, and the host has no name");
    host[strcspn(host, ".")] = '\0';
    if (strlen(host) >= sizeof config->node || !heal_text_value_is_name(host))
        return file_error(error, "", -EINVAL,
                          "node: not given, and the host's name is none that a node can have");
    heal_name_copy(config->node, sizeof config->node, host);
    return 0;
}

static int load(const struct heal_config_places *places, struct heal_config *config,
                struct heal_config_error *error) {
    int r = 0;

    heal_config_init(config);
    if (places->file)
        r = load_file(config, places->file, &whole, error);
    if (r == 0 && places->conf_folder)
        r = load_folder(config, places->conf_folder, &whole, error);
    if (r == 0 && places->policy_folder)
        r = load_folder(config, places->policy_folder, &policy, error);
    if (r == 0 && places->environment)
        r = heal_config_read_environment(config, places->environment, error);
    if (r == 0)
        r = heal_config_check(config, error);
    if (r == 0)
        r = fill_in_node(config, error);
    return r;
}

int heal_config_load(const struct heal_config_places *places, struct heal_config *ret_config,
                     struct heal_config_error *error) {
    struct heal_config_error unwanted;
    struct heal_config *config HEAL_CLEANUP(heal_free_pointer) = malloc(sizeof *config);

    if (!error)
        error = &unwanted;
    *error = (struct heal_config_error){0};
    if (!config)
        return file_error(error, "", -ENOMEM, "out of memory");
    int r = load(places, config, error);
    if (r == 0)
        *ret_config = *config;
    return r;
}

struct heal_config_places heal_config_places_beside(const char *file, struct heal_config_beside *ret_beside) {
    const char *beside = file ? file : HEAL_CONFIG_FILE, *slash = strrchr(beside, '/');
    int folder = slash ? (int)(slash - beside) + 1 : 0;

    snprintf(ret_beside->conf_folder, sizeof ret_beside->conf_folder, "%.*sconf.d", folder, beside);
    snprintf(ret_beside->policy_folder, sizeof ret_beside->policy_folder, "%.*spolicy.d", folder, beside);
    if (!file && access(HEAL_CONFIG_FILE, F_OK) == 0)
        file = HEAL_CONFIG_FILE;
    return (struct heal_config_places){file, ret_beside->conf_folder, ret_beside->policy_folder,
                                       (const char *const *)environ};
}

/* @return NULL, or words for what is wrong with it. */
static const char *judge(const char *path, bool is_folder) {
    struct stat about;

    if (stat(path, &about) < 0)
        return strerror(errno);
    if (about.st_uid != 0 && about.st_uid != geteuid())
        return "it is another user's (chown root)";
    if (about.st_mode & (S_IWGRP | S_IWOTH) && !(is_folder && about.st_mode & S_ISVTX))
        return "others may write to it (chmod go-w)";
    return NULL;
}

int heal_config_check_owner(const struct heal_config *config, char *ret_words, size_t size) {
    for (size_t i = 0; i < config->origins.files; i++) {
        const char *path = config->origins.file[i], *slash = strrchr(path, '/');
        const char *wrong = judge(path, false);
        char folder[HEAL_CONFIG_PATH_MAX] = ".";

        if (!wrong) {
            if (slash)
                snprintf(folder, sizeof folder, "%.*s", slash == path ? 1 : (int)(slash - path), path);
            wrong = judge(folder, true);
            path = folder;
        }
        if (!wrong)
            continue;
        snprintf(ret_words, size, "%s: %s", path, wrong);
        return -EPERM;
    }
    return 0;
}
