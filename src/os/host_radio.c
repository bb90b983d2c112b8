/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/* Looks at what a radio mesh takes: batman-adv in the kernel, the kernel's radios, or a file in their place.
 */
#include "os/batadv.h"
#include "os/host_parts.h"
#include "os/radio.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static void ignore(void *context, const struct heal_reading *reading) {
    (void)context;
    (void)reading;
}

enum heal_host_answer heal_host_look_at_batadv(const struct heal_config *config, struct heal_text *why) {
    const struct heal_reading_sink sink = {.take = ignore};
    struct heal_batadv *batadv;
    if (config->routing != HEAL_CONFIG_ROUTING_BATMAN_ADV) {
        return HEAL_HOST_UNUSED;
    }
    int r = heal_batadv_open(config->routing_interface, &batadv);
    if (r == -ENOENT) {
        heal_text_add(why, "this kernel does not have it (modprobe batman-adv)");
        return HEAL_HOST_NO;
    }
    if (r == 0) {
        r = heal_batadv_read(batadv, &sink);
        heal_batadv_close(batadv);
    }
    if (r < 0) {
        heal_text_add(why, "%s: ", config->routing_interface);
    }
    return heal_host_yes_or_why(r, why);
}

enum heal_host_answer heal_host_look_at_nl80211(const struct heal_config *config, struct heal_text *why) {
    const struct heal_reading_sink sink = {.take = ignore};
    struct heal_radio_source *source;
    if (config->radio != HEAL_CONFIG_RADIO_NL80211 || config->radio_file[0]) {
        return HEAL_HOST_UNUSED;
    }
    int r = heal_radio_nl80211_open(&source);
    if (r < 0) {
        heal_text_add(why, "%s", r == -ENOENT ? "this kernel has no wireless" : strerror(-r));
        return HEAL_HOST_NO;
    }
    r = source->read(source, &sink);
    enum heal_host_answer answer = r == 0 && !source->words[0] ? HEAL_HOST_YES : HEAL_HOST_NO;
    heal_text_add(why, "%s", source->words);
    heal_radio_close(source);
    return answer;
}

enum heal_host_answer heal_host_look_at_radio_file(const struct heal_config *config, struct heal_text *why) {
    const struct heal_reading_sink sink = {.take = ignore};
    struct heal_radio_source *source;
    enum heal_host_answer answer = HEAL_HOST_NO;
    if (!config->radio_file[0]) {
        return HEAL_HOST_UNUSED;
    }
    heal_text_add(why, "%s", config->radio_file);
    if (access(config->radio_file, R_OK) < 0) {
        heal_text_add(why, ": %s", strerror(errno));
        return HEAL_HOST_NO;
    }
    int r = heal_radio_file_open(config->radio_file, &source);
    if (r == 0) {
        r = source->read(source, &sink);
        answer = r == 0 && !source->words[0] ? HEAL_HOST_YES : HEAL_HOST_NO;
        if (answer == HEAL_HOST_NO) {
            heal_text_add(why, ": %s", source->words[0] ? source->words : strerror(-r));
        }
        heal_radio_close(source);
    } else {
        heal_text_add(why, ": %s", strerror(-r));
    }
    return answer;
}
