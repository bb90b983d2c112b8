/* SPDX-License-Identifier: Apache-2.0
 * Copyright the heald authors */
#include "wireless/case.h"

#include "base/cleanup.h"

#define IV "BATMAN_IV"
#define V "BATMAN_V"

const struct wifi_case wifi_cases[] = {
    {"bad-link",         IV, false, 30, {{0, SCENE_LOSS, 0, 1, 0.8, 0}}                                 },
    {"flapping",         IV, false, 30, {{0, SCENE_FLAP, 0, 1, 0.95, 4}}                                },
    {"two-ways",         IV, false, 40, {{0, SCENE_FLAP, 0, 1, 0.95, 10}}                               },
    {"two-ways",         V,  false, 30, {{0, SCENE_FLAP, 0, 1, 0.95, 6}}                                },
    {"next-hop-dies",    IV, false, 15, {{0, SCENE_SILENT, 1, 0, 0, 0}}                                 },
    {"next-hop-dies",    V,  false, 15, {{0, SCENE_SILENT, 1, 0, 0, 0}}                                 },
    {"hidden-loss",      IV, false, 30, {{0, SCENE_LOSS, 0, 1, 0.5, 0}, {12, SCENE_LOSS, 0, 1, 0.85, 0}}},
    {"gateway-vanishes", IV, true,  30, {{0, SCENE_UPLINK, 1, 0, 0, 0}}                                 },
    {"rssi-falls",       IV, false, 35, {{0, SCENE_LEAVE, 1, 0, 15, 0}}                                 },
};

const size_t wifi_cases_count = HEAL_COUNT(wifi_cases);
