/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
/** The cases of bench/wifi: what happens, under which of batman-adv's algorithms. */
#ifndef BENCH_WIRELESS_CASE_H
#define BENCH_WIRELESS_CASE_H

#include "wireless/scene.h"

#include <stddef.h>

struct wifi_case {
    const char *kind;
    const char *algorithm; /**< BATMAN_IV or BATMAN_V */
    bool through_gateway;  /**< nodes 1 and 2 offer a way out of the mesh, and 0 pings what lies there */
    unsigned seconds;      /**< of pings, ten a second, from the fault on */
    struct scene_change change[SCENE_CHANGES_MAX];
};

extern const struct wifi_case wifi_cases[];
extern const size_t wifi_cases_count;

#endif
