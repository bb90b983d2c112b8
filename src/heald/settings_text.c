/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "heald/recorder.h"

#include "base/cleanup.h"

#include <errno.h>
#include <openssl/evp.h>

int heald_settings_hash(const char *text, size_t length, char ret_hash[static HEALD_SETTINGS_HASH_TEXT]) {
    uint8_t hash[EVP_MAX_MD_SIZE];
    unsigned bytes = 0;

    if (EVP_Digest(text, length, hash, &bytes, EVP_sha256(), NULL) != 1 || bytes != 32)
        return -EIO;
    for (size_t i = 0; i < bytes; i++)
        snprintf(ret_hash + 2 * i, 3, "%02x", hash[i]);
    return 0;
}

int heald_settings_format(const struct heal_settings *settings, char **ret_text,
                          char ret_hash[static HEALD_SETTINGS_HASH_TEXT]) {
    HEAL_CLEANUP(heal_free_pointer) struct heal_config *config = malloc(sizeof *config);

    if (!config)
        return -ENOMEM;
    /* Everything but the settings stays at its default: the engine does not see it, and it may be secret. */
    heal_config_init(config);
    config->settings = *settings;
    HEAL_CLEANUP(heal_free_pointer) char *text = malloc(HEAL_CONFIG_TEXT_MAX);
    if (!text)
        return -ENOMEM;
    int length = heal_config_write(config, HEAL_CONFIG_PLAIN, text, HEAL_CONFIG_TEXT_MAX);
    if (length < 0)
        return length;
    int r = heald_settings_hash(text, (size_t)length, ret_hash);
    if (r < 0)
        return r;
    *ret_text = text;
    text = NULL;
    return 0;
}

int heald_settings_parse(const char *text, size_t length, struct heal_settings *ret_settings,
                         struct heal_config_error *error) {
    HEAL_CLEANUP(heal_free_pointer) struct heal_config *config = malloc(sizeof *config);

    if (!config)
        return -ENOMEM;
    heal_config_init(config);
    int r = heal_config_read_text(config, text, length, "settings", error);
    if (r == 0)
        *ret_settings = config->settings;
    return r;
}
