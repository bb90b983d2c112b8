/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The files of the configuration: one main file, then conf.d and policy.d in the order of their names, then
 * the environment. All of it is read and checked before the caller's configuration is touched, so that a bad
 * file leaves the old one running.
 */
#ifndef HEAL_OS_CONFIG_FILES_H
#define HEAL_OS_CONFIG_FILES_H

#include "config/config.h"

#define HEAL_CONFIG_FILE "/etc/heald/heald.yaml"

/** Where to look; a NULL is passed over. */
struct heal_config_places {
    const char *file;          /**< must be there */
    const char *conf_folder;   /**< *.yaml in it; need not be there */
    const char *policy_folder; /**< *.yaml in it; need not be there */
    const char *const *environment;
};

/** Room for the names of the folders beside a file. */
struct heal_config_beside {
    char conf_folder[HEAL_CONFIG_PATH_MAX], policy_folder[HEAL_CONFIG_PATH_MAX];
};

/**
 * Where a heald looks that was told of a file, and of nothing else: the file, conf.d and policy.d beside it,
 * and the environment.
 * @param file NULL: HEAL_CONFIG_FILE if it is there, and in any case the folders beside it.
 * @param ret_beside holds the folders' names; must outlive the places.
 */
struct heal_config_places heal_config_places_beside(const char *file, struct heal_config_beside *ret_beside);

/**
 * Builds a configuration from the defaults and @p places, checks it, and fills in the host's name if it names
 * no node.
 * @param ret_config untouched on failure. @param error may be NULL. @return 0 or a negative errno.
 */
int heal_config_load(const struct heal_config_places *places, struct heal_config *ret_config,
                     struct heal_config_error *error);

/**
 * Judges whose a configuration is: each file, and the folder that it is in, must be root's or this process's
 * user's, and for nobody else to write; a sticky folder keeps its files from others (sticky(7)). So the
 * helper judges before it believes it.
 * @param ret_words which is not, and why; may be cut. @return 0, or -EPERM, or another negative errno.
 */
int heal_config_check_owner(const struct heal_config *config, char *ret_words, size_t size);

#endif
