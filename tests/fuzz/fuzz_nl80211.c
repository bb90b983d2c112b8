/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wire/nl80211.h"

#include "wire/genetlink.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Each frame as the answer to each question: what the kernel would answer to another one must not hurt. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct heal_netlink_frame frame;
    size_t at = 0, used;
    while (heal_netlink_frame_decode(data + at, size - at, &frame, &used) == 0) {
        struct heal_nl80211_interface interface;
        struct heal_nl80211_station station;
        struct heal_nl80211_survey survey;
        if (used == 0 || used > size - at)
            __builtin_trap();
        if (heal_nl80211_interface_decode(&frame, &interface) == 0 &&
            !memchr(interface.ifname, '\0', sizeof(interface.ifname)))
            __builtin_trap();
        heal_nl80211_station_decode(&frame, &station);
        heal_nl80211_survey_decode(&frame, &survey);
        heal_genetlink_family(&frame);
        at += used;
    }
    return 0;
}
