/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/**
 * The insides of heal_probe_host: a look is a function that answers for one thing, and says why not. host.c
 * has the table of them and most of the looks, host_radio.c those at radio meshes.
 */
#ifndef HEAL_OS_HOST_PARTS_H
#define HEAL_OS_HOST_PARTS_H

#include "base/text.h"
#include "config/config.h"

enum heal_host_answer {
    HEAL_HOST_NO,
    HEAL_HOST_YES,
    HEAL_HOST_UNUSED, /**< with this configuration heald does not want it */
};

/** @return yes for 0; no for a negative errno, whose words are added to @p why. */
enum heal_host_answer heal_host_yes_or_why(int code, struct heal_text *why);

enum heal_host_answer heal_host_look_at_batadv(const struct heal_config *config, struct heal_text *why);
enum heal_host_answer heal_host_look_at_nl80211(const struct heal_config *config, struct heal_text *why);
enum heal_host_answer heal_host_look_at_radio_file(const struct heal_config *config, struct heal_text *why);

#endif
